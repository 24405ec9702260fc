//! `mavi videos` and `mavi delete`: their arguments and values.

use std::ffi::OsString;

use clap::{Args, ValueEnum, ValueHint};
use jiff::Timestamp;

use super::values::number;
use crate::when;

/// `mavi videos`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Lists every video once, the newest first. -f json, jsonl and csv name the fields
as the API does (videoNo, videoName, videoStatus, uploadTime, duration in
seconds), with the service's own word for the status.

Examples:
  mavi videos --since 7d
  mavi videos --status failed --format csv
  mavi videos --status parsed --since 1d -f ids | mavi submit --reuse -
  mavi videos --until 30d --format ids | mavi delete --yes -")]
pub struct VideosArgs {
    /// Show only videos of this status
    ///
    /// A video is `pending` until the service has parsed it.
    #[arg(long, value_name = "STATUS", value_enum, default_value = "all")]
    pub status: VideoStatusFilter,
    /// Show only videos uploaded since then
    ///
    /// WHEN is a duration (ago) such as 2h, a date, or a time such as 2026-01-31T12:00:00Z.
    #[arg(long, value_name = "WHEN", value_hint = ValueHint::Other, value_parser = when::parse)]
    pub since: Option<Timestamp>,
    /// Show only videos uploaded until then, such as 30d for videos at least 30 days old
    #[arg(long, value_name = "WHEN", value_hint = ValueHint::Other, value_parser = when::parse)]
    pub until: Option<Timestamp>,
    /// Show only videos whose name contains this text
    #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Show only the newest N
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<usize>)]
    pub limit: Option<usize>,
    /// Print in this format
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "table"
    )]
    pub format: VideosFormat,
}

/// The statuses that `mavi videos` selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum VideoStatusFilter {
    Parsed,
    Pending,
    Failed,
    All,
}

/// The output formats of `mavi videos`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum VideosFormat {
    Table,
    Json,
    Jsonl,
    Csv,
    Ids,
}

/// `mavi delete`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Deletes the videos and all that belongs to them; there is no way back. On a
terminal, shows their names and asks first; elsewhere, --yes is required. A
video that was deleted before is not an error. `mavi submit --reuse` does not
reuse the tasks of a deleted video.

Prints what it deletes on stdout, one video per line.

Examples:
  mavi delete VI605961375402668032
  mavi delete --dry-run - < videos.txt
  mavi videos --until 30d --format ids | mavi delete --yes -")]
pub struct Delete {
    /// Video IDs; `-` reads them from stdin, one per line
    #[arg(required = true, value_name = "VIDEO_NO", value_hint = ValueHint::Other)]
    pub videos: Vec<OsString>,
    /// Delete without asking
    #[arg(short = 'y', long)]
    pub yes: bool,
    /// Print what would be deleted; send nothing
    #[arg(long)]
    pub dry_run: bool,
}
