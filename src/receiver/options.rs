//! Where and how to receive.

use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

use super::secret_path::SecretPath;
use crate::http_server::ServerLimits;

/// Options of a receiver.
#[derive(Clone, Debug)]
pub(crate) struct ReceiverOptions {
    /// The address to listen on; port 0 takes any free one.
    pub(crate) addr: SocketAddr,
    /// The path that a sender must know.
    pub(crate) path: SecretPath,
    /// Maximum size of a body, in bytes.
    pub(crate) body_limit: u64,
    /// The address of the receiver from outside, where that is not `addr`: of a tunnel or a reverse
    /// proxy, absolute, http or https. It may have a path, which the proxy may remove or keep.
    pub(crate) public_url: Option<Url>,
    /// Limits on what senders may cost.
    pub(crate) limits: ReceiverLimits,
}

/// Limits on what senders may cost. The memory for bodies is at most 256 KiB for each connection,
/// and the body limit once: longer bodies are read one at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceiverLimits {
    /// Maximum number of connections, or fewer where the system lets the process have fewer open
    /// files. A further one replaces the oldest that has not presented the secret path; if all have,
    /// the one idle longest while sending its body; if all are complete, it waits.
    pub(crate) max_connections: usize,
    /// Maximum time from the start of a connection to the end of the request's head.
    pub(crate) head_timeout: Duration,
    /// Maximum time from the head to the end of the body; for a long body, it starts again when it
    /// is that body's turn.
    pub(crate) body_timeout: Duration,
    /// Maximum time to wait for a sender to close its connection after its response.
    pub(crate) linger_timeout: Duration,
}

impl Default for ReceiverLimits {
    /// 256 connections, 10 s for the head, 60 s for the body, 2 s to close.
    fn default() -> Self {
        Self {
            max_connections: 256,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_mins(1),
            linger_timeout: Duration::from_secs(2),
        }
    }
}

impl ReceiverLimits {
    /// Returns the limits of the server. Each connection carries one request: an idle connection
    /// costs more than is gained by keeping it open.
    pub(super) fn of_server(self) -> ServerLimits {
        ServerLimits {
            max_connections: self.max_connections,
            head_timeout: self.head_timeout,
            linger_timeout: self.linger_timeout,
            keep_alive: false,
        }
    }
}
