//! `mavi sandbox`: its arguments. What a fault or a limit may be is the sandbox's business.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::address;
use super::values::number;
use crate::duration;
use crate::sandbox::{Faults, RateLimits};

/// `mavi sandbox`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
With a command, runs it with MAVI_BASE_URL, MAVI_TOKEN and MAVI_STATE_DIR (a
temporary directory) set and this mavi first on PATH, and exits with its status.
Without one, prints export lines and serves until it is interrupted.

Examples:
  mavi sandbox -- mavi submit mavi_video_demo --wait
  mavi sandbox --delay 200ms --transcripts tests/films -- make captions
  mavi sandbox --fault http-500:0.1,reset:0.1 -- ./nightly.sh

Faults:
  P is a probability from 0 to 1; several are separated by commas.
  of requests   http-500:P http-503:P reset:P slow:DUR:P html:P truncate:P
                drop-after-accept:P (accepted, but not answered)
  of tasks      fail:P
  of callbacks  callback-lose:P callback-duplicate:P callback-delay:DUR:P
                callback-reorder:P")]
pub struct Sandbox {
    /// Listen on this address; port 0 takes a free one
    #[arg(long, value_name = "ADDR", value_hint = ValueHint::Other, default_value = "127.0.0.1:0",
          value_parser = address::parse)]
    pub addr: SocketAddr,
    /// How long a task takes
    #[arg(long, value_name = "DUR", default_value = "3s", value_hint = ValueHint::Other,
          value_parser = duration::parse)]
    pub delay: Duration,
    /// Answer with the files of this folder, VIDEO_NO.json each
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub transcripts: Option<PathBuf>,
    /// Keep rate limits: `documented`, `off`, or numbers
    ///
    /// `documented` are the service's own. Numbers, such as 500,200,500, are calls a minute: audio
    /// submits, video submits and gets.
    #[arg(long, value_name = "LIMITS", value_hint = ValueHint::Other, default_value = "off")]
    pub rate_limits: RateLimits,
    /// Go wrong now and then, such as http-500:0.1,slow:2s:0.1
    #[arg(long, value_name = "SPEC", value_hint = ValueHint::Other, default_value_t, hide_default_value = true)]
    pub fault: Faults,
    /// Make the same choices in every run
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<u64>)]
    pub seed: Option<u64>,
    /// Send callbacks to other machines too, not only to this one
    #[arg(long)]
    pub callbacks_anywhere: bool,
    /// A command to run against the sandbox, with its arguments
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
}
