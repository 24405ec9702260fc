//! `mavi completions`: prints the completion scripts, which ask [`super::complete`] for the words.

use clap_complete::Shell;

use crate::error::{Error, ExitStatus};
use crate::output::to_stdout;

/// Prints the completion script for a shell.
pub(super) fn run(shell: Shell) -> anyhow::Result<ExitStatus> {
    let script = match shell {
        Shell::Bash => include_str!("../../completions/mavi.bash"),
        Shell::Zsh => include_str!("../../completions/_mavi"),
        Shell::Fish => include_str!("../../completions/mavi.fish"),
        Shell::PowerShell => include_str!("../../completions/_mavi.ps1"),
        Shell::Elvish => include_str!("../../completions/mavi.elv"),
        other => return Err(Error::usage(format!("there is no script for {other}")).into()),
    };
    to_stdout(|out| out.write_all(script.as_bytes()))?;
    Ok(ExitStatus::SUCCESS)
}
