//! `mavi tasks`: its arguments, and what they can be.

use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use crate::duration;

/// `mavi tasks`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
The service has no list of tasks; this one is kept on this machine, for every
submit. A submit whose answer never came is `unknown`: it may have been
accepted, and paid for.

Examples:
  mavi tasks --status unknown
  mavi tasks --status pending --format ids | mavi wait - -o '{videoNo}.srt'
  mavi tasks --prune 30d")]
pub struct Tasks {
    /// Show only tasks of this status
    #[arg(
        long,
        value_name = "STATUS",
        value_enum,
        default_value = "all",
        hide_default_value = true
    )]
    pub status: StatusFilter,
    /// Print in this format
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "table",
        hide_default_value = true
    )]
    pub format: TasksFormat,
    /// Forget the tasks that ended longer ago than this
    #[arg(long, value_name = "DUR", value_hint = ValueHint::Other, value_parser = duration::parse)]
    pub prune: Option<Duration>,
}

/// Which tasks `mavi tasks` shows.
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

/// How `mavi tasks` prints.
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
