//! The `mavi` command: parses the arguments, runs the command, and exits with its status.

use std::mem::ManuallyDrop;
use std::process::ExitCode;

use clap::{Command, CommandFactory as _, FromArgMatches as _};
use mavi::cli::Cli;
use mavi::commands;
use mavi::config::env;
use mavi::ui::{ColorChoice, Terminal};

/// The width of help texts where none is known, in columns: clap's.
const DEFAULT_WIDTH: usize = 100;

fn main() -> ExitCode {
    match parse() {
        Ok(cli) => commands::run(cli).into(),
        Err(error) => commands::report_parse_error(&error).into(),
    }
}

/// Parses the arguments as `Cli::try_parse` does, but faster.
fn parse() -> Result<Cli, clap::Error> {
    let arguments = env::raw_args();
    // Scripts often ask for the version first. That needs no subcommand and no flag, and building them
    // all takes longer than the rest of such a run.
    if let [_, only] = &arguments[..]
        && (only == "--version" || only == "-V")
    {
        let bare = Command::new(env!("CARGO_PKG_NAME")).version(env!("CARGO_PKG_VERSION"));
        bare.try_get_matches_from(&arguments)?;
    }
    let mut command = Cli::command();
    if env::has_zero_columns()
        && Terminal::detect(ColorChoice::default())
            .stdout
            .width
            .is_none()
    {
        // As without the variable; clap would wrap after each word.
        command = command.term_width(DEFAULT_WIDTH);
    }
    // Never dropped: the end of the program frees the tree of commands faster.
    let mut command = ManuallyDrop::new(command);
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}
