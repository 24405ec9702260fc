//! `mavi upload`: its arguments and values.

use std::ffi::OsString;

use clap::{Args, ValueEnum, ValueHint};

use super::TimeoutKeys;

/// `mavi upload`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints one video ID per line, in the order of the files, and nothing else. -f
json, jsonl and table add the name, the status, the size and the SHA-256.

An upload costs money. It is repeated only if the service certainly did not
accept it; if that is not known, mavi looks for the video at the service.

Examples:
  V=$(mavi upload talk.mp4)
  mavi upload --reuse --wait --timeout 2h *.mp4 > videos.txt
  mavi upload cut-7.mp4 --name 'Board meeting.mp4' -f json
  find films -name '*.mkv' | mavi upload --reuse -")]
pub struct UploadArgs {
    /// Video files; `-` reads their names from stdin, one per line
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<OsString>,
    /// Name of the video at the service, in place of the file's own
    #[arg(long, value_name = "NAME", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub name: Option<String>,
    /// URL to which the service POSTs when it has parsed the video
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub callback: Option<String>,
    /// Reuse the recorded video of the same content instead of paying again
    #[arg(long)]
    pub reuse: bool,
    /// Wait until the service has parsed the videos
    #[arg(short = 'w', long)]
    pub wait: bool,
    /// The timeout.
    #[command(flatten)]
    pub timeout: TimeoutKeys,
    /// Print what would be done; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print the videos in this format
    #[arg(short = 'f', long, value_name = "FORMAT", value_enum)]
    pub format: Option<UploadFormat>,
}

/// The output formats of `mavi upload`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum UploadFormat {
    Json,
    Jsonl,
    Table,
}
