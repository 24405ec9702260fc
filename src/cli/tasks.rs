//! `mavi tasks`: its arguments and their values.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use jiff::Timestamp;

use super::values::number;
use crate::{duration, when};

/// `mavi tasks`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
The service has no list of tasks, so mavi records every submit on this machine.
A submit that got no reply is `unknown`: it may have been accepted and paid for.

Examples:
  mavi tasks --status unknown --since 2h
  mavi tasks --status pending --format ids | mavi wait - -o '{videoNo}.srt'
  mavi tasks --prune 30d")]
pub struct TasksArgs {
    /// Show only tasks of this status
    #[arg(long, value_name = "STATUS", value_enum, default_value = "all")]
    pub status: StatusFilter,
    /// Show only tasks submitted since then
    ///
    /// WHEN is a duration (ago) such as 2h, a date, or a time such as 2026-01-31T12:00:00Z.
    #[arg(long, value_name = "WHEN", value_hint = ValueHint::Other, value_parser = when::parse)]
    pub since: Option<Timestamp>,
    /// Show only the newest N
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<usize>)]
    pub limit: Option<usize>,
    /// Include the tasks of other services (base URLs)
    #[arg(long)]
    pub all_services: bool,
    /// Print in this format
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "table"
    )]
    pub format: TasksFormat,
    /// Remove the records of tasks that finished or failed longer ago than this
    ///
    /// With --status, only of that status: `--status pending` removes tasks that were submitted
    /// longer ago and have not finished.
    #[arg(long, value_name = "DUR", value_hint = ValueHint::Other, value_parser = duration::parse,
          conflicts_with_all = ["since", "limit"])]
    pub prune: Option<Duration>,
    /// Remove these tasks from the list, such as ones that the service has lost; `-` reads them from stdin
    #[arg(long, value_name = "TASK_NO", num_args = 1.., value_hint = ValueHint::Other,
          conflicts_with_all = ["since", "limit", "prune"])]
    pub forget: Vec<OsString>,
}

/// The statuses that `mavi tasks` selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum StatusFilter {
    Pending,
    Finished,
    Failed,
    Unknown,
    All,
}

/// The output formats of `mavi tasks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum TasksFormat {
    Table,
    Json,
    Jsonl,
    Ids,
}
