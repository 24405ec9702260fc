//! `mavi completions` and the hidden `mavi man`: both are made from the argument types.

use std::io::{self, Write};

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::error::Exit;
use crate::output::to_stdout;

/// Prints the completion script of a shell.
pub(super) fn script(shell: Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "mavi", &mut script);
    to_stdout(|out| out.write_all(&script))?;
    Ok(Exit::SUCCESS)
}

/// Prints all man pages, one after the other.
pub(super) fn man() -> anyhow::Result<Exit> {
    let mut command = Cli::command();
    command.build();
    to_stdout(|out| pages(&command, out))?;
    Ok(Exit::SUCCESS)
}

fn pages(command: &clap::Command, out: &mut dyn Write) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(&mut &mut *out)?;
    for subcommand in command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help")
    {
        pages(subcommand, out)?;
    }
    Ok(())
}
