//! `mavi listen`: its arguments.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::values::number;
use super::{Output, address};
use crate::duration;

/// `mavi listen`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints the address to give as --callback, with a path that nobody can guess, and
delivers each result that the service POSTs there. Only results of tasks on
record here are taken, unless --any or --verify says otherwise.

Examples:
  mavi listen --public-url https://ci.example.com/mavi -o '{taskNo}.srt'
  mavi listen --count 1 --timeout 1h -o talk.json")]
pub struct Listen {
    /// Listen on this address
    #[arg(long, value_name = "ADDR", value_hint = ValueHint::Other, default_value = "127.0.0.1:8787",
          value_parser = address::parse)]
    pub addr: SocketAddr,
    /// How the service reaches that address
    ///
    /// The address of a tunnel or a reverse proxy that leads here; a path prefix is kept.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,
    /// Keep the secret path in this file
    ///
    /// It is made where it does not exist. A restart does not change the address then.
    #[arg(long, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub path_secret_file: Option<PathBuf>,
    /// Stop after N results
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<usize>)]
    pub count: Option<usize>,
    /// Stop after this long
    #[arg(long, value_name = "DUR", value_hint = ValueHint::Other, value_parser = duration::parse)]
    pub timeout: Option<Duration>,
    /// Ask the service for each result again, and use its answer
    #[arg(long)]
    pub verify: bool,
    /// Take results of tasks that are not on record here too
    #[arg(long)]
    pub any: bool,
    /// How to print.
    #[command(flatten)]
    pub output: Output,
}
