//! `mavi completions`: scripts for shells, made from the argument types.

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
