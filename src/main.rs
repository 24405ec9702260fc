//! The `mavi` command: parses, runs, and ends with the exit status that the failure's kind has.

use std::process::ExitCode;

use clap::Parser as _;
use mavi::cli::Cli;
use mavi::commands;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => commands::run(cli).into(),
        Err(error) => commands::unparsed(&error).into(),
    }
}
