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

/// Limits on what clients may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerLimits {
    /// Maximum number of connections at one time, or fewer where the system lets the process have
    /// fewer open files.
    pub(crate) max_connections: usize,
    /// Maximum time from the start of a connection to the end of a request's head, and from one
    /// request of a connection to the next.
    pub(crate) head_timeout: Duration,
    /// Maximum time to wait for a client to close a connection after its last response.
    pub(crate) linger_timeout: Duration,
    /// Allows more than one request per connection.
    pub(crate) keep_alive: bool,
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
pub(crate) fn response<const N: usize>(
    status: StatusCode,
    headers: [(HeaderName, HeaderValue); N],
    body: impl Into<Bytes>,
) -> Response {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().extend(headers);
    response
}
