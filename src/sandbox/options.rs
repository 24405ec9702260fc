//! The options of a sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::faults::Faults;
use super::rate_limits::RateLimits;

/// Options of a sandbox.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// The address to listen on; port 0 takes any free one.
    pub addr: SocketAddr,
    /// The time from a submit to the task's end.
    pub delay: Duration,
    /// A directory with `<videoNo>.json` files to answer with, in place of the built-in fixtures.
    pub transcripts: Option<PathBuf>,
    /// The rate limits to enforce.
    pub rate_limits: RateLimits,
    /// The faults to inject.
    pub faults: Faults,
    /// Sends callbacks to any http address, not only to loopback. Never https.
    pub callbacks_anywhere: bool,
    /// Makes the token, the task IDs and every other choice the same in each run.
    pub seed: Option<u64>,
}

impl Default for SandboxOptions {
    /// Any free loopback port, three seconds a task, the built-in fixtures, no limits, no faults.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            delay: Duration::from_secs(3),
            transcripts: None,
            rate_limits: RateLimits::Off,
            faults: Faults::default(),
            callbacks_anywhere: false,
            seed: None,
        }
    }
}
