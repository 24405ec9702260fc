//! The interface between the server and the rooms that use it: limits, requests and responses.

use std::time::Duration;

use http_body_util::Full;
use hyper::StatusCode;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};

use super::connection_table::Connection;

/// A request whose body is still to be read.
pub(crate) type Request = hyper::Request<Incoming>;

/// A response with its whole body.
pub(crate) type Response = hyper::Response<Full<Bytes>>;

/// Limits on what clients may cost. The memory for bodies is at most 256 KiB for each connection, and
/// `max_body` once: longer bodies are read one at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerLimits {
    /// Maximum number of connections, or fewer where the system lets the process have fewer open
    /// files. A further one replaces the oldest that has not authenticated; if all have, the one
    /// idle longest while sending its body; if all are complete, it waits.
    pub(crate) max_connections: usize,
    /// Maximum time from the start of a connection to the end of a request's head, and from one
    /// request of a connection to the next.
    pub(crate) head_timeout: Duration,
    /// Maximum time from the head to the end of the body; for a long body, it starts again when it
    /// is that body's turn.
    pub(crate) body_timeout: Duration,
    /// Maximum size of a body, in bytes.
    pub(crate) max_body: u64,
    /// Maximum time to wait for a client to close a connection after its last response.
    pub(crate) linger_timeout: Duration,
    /// Allows more than one request per connection.
    pub(crate) keep_alive: bool,
}

impl Default for ServerLimits {
    /// 256 connections of one request each, 10 s for the head, 60 s for a body of at most 2 MiB, 2 s
    /// to close.
    fn default() -> Self {
        Self {
            max_connections: 256,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_mins(1),
            max_body: 2 << 20,
            linger_timeout: Duration::from_secs(2),
            keep_alive: false,
        }
    }
}

/// Responds to requests.
pub(crate) trait Handler: Send + 'static {
    /// Responds to one request, or ends its connection in another way. The future is dropped if the
    /// connection or the server ends first.
    async fn respond(
        &self,
        request: Request,
        connection: &Connection,
    ) -> Result<Response, ConnectionFault>;

    /// Is told of a connection that was refused because what it began with is no request.
    fn refused(&self, _head: UnreadableHead) {}
}

/// The beginning of a connection that is no head of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnreadableHead {
    /// A TLS handshake.
    Tls,
    /// Larger than the read buffer, or with too many headers.
    TooLarge,
    /// Anything else that is not HTTP/1.
    Malformed,
}

impl UnreadableHead {
    /// Returns the fault of a head that could not be parsed, whose bytes are these; `None` if the connection
    /// failed for another reason.
    pub(super) fn of(error: &hyper::Error, head: &[u8]) -> Option<Self> {
        // The types of a record and the major version of all of TLS (RFC 8446, section 5.1).
        let is_tls = matches!(head, [0x14..=0x17, 3, ..]);
        match error {
            _ if !error.is_parse() => None,
            _ if is_tls => Some(Self::Tls),
            _ if error.is_parse_too_large() => Some(Self::TooLarge),
            _ => Some(Self::Malformed),
        }
    }
}

/// A way to end a connection in place of a response, to simulate a failing network.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the connection is to fail")]
pub(crate) enum ConnectionFault {
    /// Closes the connection in order (FIN).
    Close,
    /// Resets the connection (RST).
    Reset,
    /// Sends these bytes as they are, then closes the connection.
    SendRaw(Bytes),
}

/// Creates a response.
pub(crate) fn response(
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
    body: impl Into<Bytes>,
) -> Response {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().extend(header);
    response
}
