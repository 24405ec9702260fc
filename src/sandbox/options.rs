//! The options of a sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::faults::Faults;
use super::rate_limits::RateLimits;

/// Options of a sandbox.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// The address to listen on; port 0 takes any free one.
    pub addr: SocketAddr,
    /// The time from a submit to the task's end.
    pub delay: Duration,
    /// The time from an upload to the end of its parse.
    pub parse_delay: Duration,
    /// The life of the access tokens that logins and refreshes give.
    pub token_lifetime: Duration,
    /// The address to call with a new code, at once and every 10 minutes.
    pub auth_callback: Option<Url>,
    /// A directory with `<videoNo>.json` files to answer with, in place of the built-in fixtures.
    pub transcripts: Option<PathBuf>,
    /// The rate limits to enforce.
    pub rate_limits: RateLimits,
    /// The faults to inject.
    pub faults: Faults,
    /// Calls any http address, not only to loopback. Never https.
    pub callbacks_anywhere: bool,
    /// Makes the token, the task IDs and every other choice the same in each run.
    pub seed: Option<u64>,
}

impl Default for SandboxOptions {
    /// Any free loopback port, three seconds a task and a parse, tokens of two hours, the built-in fixtures,
    /// no limits, no faults.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            delay: Duration::from_secs(3),
            parse_delay: Duration::from_secs(3),
            token_lifetime: Duration::from_hours(2),
            auth_callback: None,
            transcripts: None,
            rate_limits: RateLimits::Off,
            faults: Faults::default(),
            callbacks_anywhere: false,
            seed: None,
        }
    }
}
