//! `mavi sandbox`: its arguments. Faults and limits are parsed by the sandbox.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};
use url::Url;

use super::address;
use super::values::number;
use crate::duration;
use crate::sandbox::{Faults, RateLimits};

/// `mavi sandbox`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
With a command, runs it with MAVI_BASE_URL, MAVI_TOKEN and MAVI_STATE_DIR (a
temporary directory) set and this mavi first on PATH, and exits with its status.
Without one, prints export lines for a shell and runs until it is interrupted.
MAVI_SANDBOX_CLIENT_ID, MAVI_SANDBOX_CODE and MAVI_API_KEY are also set, to try
`mavi auth login`; unset MAVI_TOKEN first, as it takes precedence over a login.

Examples:
  mavi sandbox -- mavi submit mavi_video_demo --wait
  mavi sandbox --delay 200ms --transcripts tests/films -- make captions
  mavi sandbox --fault http-500:0.1,reset:0.1 -- ./nightly.sh
  mavi sandbox --fault upload-cut:once,upload-throttle:20s:1 -- ./nightly.sh

Faults:
  P is a probability from 0 to 1, or `once`; several are separated by commas.
  of requests   http-500:P http-503:P reset:P slow:DUR:P html:P truncate:P
                rate-limit:P (refused with 0429)
                drop-after-accept:P (a submit, upload, deletion, login or
                refresh that is done, but not answered)
                submit-, get-, upload-, list-, delete-, login- or refresh-
                before a name limits it to that call: upload-reset:0.1
  of uploads    upload-cut:P (reset halfway) upload-http-413:P (too large)
                upload-throttle:DUR:P (the file is read evenly over DUR)
                parse-fail:P (the video cannot be parsed)
  of listings   list-odd:P (a duplicate, another order, other field names)
                list-empty:P (a page without its videos)
  of tasks      fail:P
  of callbacks  callback-lose:P callback-duplicate:P callback-delay:DUR:P
                callback-reorder:P")]
pub struct SandboxArgs {
    /// Listen on this address; port 0 takes a free one
    #[arg(long, value_name = "ADDR", value_hint = ValueHint::Other, default_value = "127.0.0.1:0",
          value_parser = address::parse)]
    pub addr: SocketAddr,
    /// Duration of a task
    #[arg(long, value_name = "DUR", default_value = "3s", value_hint = ValueHint::Other,
          value_parser = duration::parse, allow_negative_numbers = true)]
    pub delay: Duration,
    /// Time until an upload is parsed
    #[arg(long, value_name = "DUR", default_value = "3s", value_hint = ValueHint::Other,
          value_parser = duration::parse, allow_negative_numbers = true)]
    pub parse_delay: Duration,
    /// Lifetime of the tokens of `mavi auth login`
    #[arg(long, value_name = "DUR", default_value = "2h", value_hint = ValueHint::Other,
          value_parser = duration::parse, allow_negative_numbers = true)]
    pub token_lifetime: Duration,
    /// Call this URL with a code for `mavi auth login --listen`
    ///
    /// The sandbox calls it at once and every 10 minutes, as the service calls the callback URL of an
    /// account. Each new code invalidates the previous one.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, hide_short_help = true)]
    pub auth_callback: Option<Url>,
    /// Directory of transcriptions to serve (VIDEO_NO.json)
    #[arg(long, allow_hyphen_values = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub transcripts: Option<PathBuf>,
    /// Rate limits: `documented`, `off`, or numbers
    ///
    /// `documented` are those of the service. Numbers, such as 500,200,500, are requests per minute:
    /// audio submits, video submits and gets.
    #[arg(long, value_name = "LIMITS", value_hint = ValueHint::Other, default_value = "off")]
    pub rate_limits: RateLimits,
    /// Inject faults, such as http-500:0.1,slow:2s:0.1
    #[arg(long, value_name = "SPEC", value_hint = ValueHint::Other, default_value_t, hide_default_value = true)]
    pub fault: Faults,
    /// Seed of the random faults, to repeat a run
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<u64>)]
    pub seed: Option<u64>,
    /// Also send callbacks to other machines
    #[arg(long)]
    pub callbacks_anywhere: bool,
    /// Command to run against the sandbox, with its arguments
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
}
