//! `mavi help`: the help of a command, as `--help` prints it.

use clap::CommandFactory as _;

use crate::cli::{Cli, Help};
use crate::error::ExitStatus;

use super::report_parse_error;

pub(super) fn run(args: &Help) -> ExitStatus {
    let command = args.command.iter().map(String::as_str);
    let words = ["mavi"].into_iter().chain(command).chain(["--help"]);
    match Cli::command().try_get_matches_from(words) {
        Err(error) => report_parse_error(&error),
        Ok(_) => ExitStatus::SUCCESS,
    }
}
