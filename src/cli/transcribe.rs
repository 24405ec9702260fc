//! `mavi transcribe`: its arguments.

use std::ffi::OsString;

use clap::{Args, ValueHint};

use super::{OutputArgs, TypeKeys, Waiting};
use crate::config::Layer;

/// `mavi transcribe`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Uploads each file, waits until the service has parsed it, submits it, waits for
the transcription, and prints it. Nothing that is recorded is paid for again: a
video that was uploaded (found by its content) and a task that was submitted are
used as they are. To resume a run that was stopped, run the same command again.

Examples:
  mavi transcribe talk.mp4 -o talk.srt
  mavi transcribe *.mp4 -o '{stem}.srt' --no-clobber
  mavi transcribe --dry-run *.mp4
  find films -name '*.mkv' | mavi transcribe -f vtt -o 'captions/{stem}.vtt' -")]
pub struct Transcribe {
    /// Video files or IDs; `-` reads stdin, one per line
    ///
    /// A name that exists as a file, contains a path separator, or ends in the extension of a video is a
    /// file; anything else is a video ID.
    #[arg(required = true, value_name = "FILE|VIDEO_NO", value_hint = ValueHint::FilePath)]
    pub inputs: Vec<OsString>,
    /// The types of transcription.
    #[command(flatten)]
    pub types: TypeKeys,
    /// Upload and submit anew, and pay again
    #[arg(long)]
    pub again: bool,
    /// Print what would be done; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Options for waiting.
    #[command(flatten)]
    pub waiting: Waiting,
    /// Options for output.
    #[command(flatten)]
    pub output: OutputArgs,
}

impl Transcribe {
    /// Returns the values of keys that these flags give.
    #[must_use]
    pub fn layer(&self) -> Layer {
        let waiting = self.types.layer().or(self.waiting.layer());
        waiting.or(self.output.layer())
    }
}
