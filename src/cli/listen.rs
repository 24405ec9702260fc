//! `mavi listen`: its arguments.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::values::number;
use super::{OutputArgs, address};
use crate::duration;

/// `mavi listen`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints the URL to pass as --callback, with an unguessable path, and prints or
writes each result that the service POSTs there. Accepts only results of tasks
recorded on this machine, unless --any or --verify is given.

Examples:
  mavi listen --public-url https://ci.example.com/mavi -o '{taskNo}.srt'
  mavi listen --count 1 --timeout 1h -o talk.json")]
pub struct Listen {
    /// Listen on this address
    #[arg(long, value_name = "ADDR", value_hint = ValueHint::Other, default_value = "127.0.0.1:8787",
          value_parser = address::parse)]
    pub addr: SocketAddr,
    /// URL at which the service reaches that address
    ///
    /// The URL of a tunnel or a reverse proxy that leads here; a path prefix is kept.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,
    /// File that stores the secret path
    ///
    /// Created if missing. With it, a restart does not change the address.
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub path_secret_file: Option<PathBuf>,
    /// Stop after N results
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<usize>)]
    pub count: Option<usize>,
    /// Stop after this time; 0 runs without limit
    #[arg(long, value_name = "DUR", value_hint = ValueHint::Other, value_parser = duration::parse, allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
    /// Fetch each result from the service again, and use that
    #[arg(long)]
    pub verify: bool,
    /// Also accept results of tasks that are not recorded here
    #[arg(long)]
    pub any: bool,
    /// Options for output.
    #[command(flatten)]
    pub output: OutputArgs,
}
