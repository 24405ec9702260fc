//! Events of the receiver, and the responses that its user gives to callbacks.

use std::fmt;
use std::time::Duration;

use hyper::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

/// Something that arrived.
#[derive(Debug)]
pub(crate) enum ReceiverEvent {
    /// A body that came by the secret path, and the means to answer its sender.
    Callback { body: String, responder: Responder },
    /// The first request that was refused for this reason.
    Refused(Refusal),
}

/// Answers the sender of one callback. If it is dropped unused, the sender is told 503.
#[derive(Debug)]
pub(crate) struct Responder {
    pub(super) response: oneshot::Sender<CallbackResponse>,
    /// Given back with the responder, whatever becomes of the connection, so that the bodies in
    /// memory stay bounded.
    pub(super) _permits: [Option<OwnedSemaphorePermit>; 2],
}

impl Responder {
    /// Answers the sender. Does nothing if it has left.
    pub(crate) fn respond(self, response: CallbackResponse) {
        // An error means that the connection has ended.
        let _ = self.response.send(response);
    }
}

/// The outcome of a callback, which decides the response to its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackResponse {
    /// New, and safely written, or known already: 200, the sender may forget it.
    Stored,
    /// Not a result, or not one that was wanted: 400, there is no use in trying again.
    Rejected,
    /// Could not be written: 503, the sender may try again.
    NotStored,
    /// Could not be written, and there is no use in trying again before this time has passed: 503
    /// with `Retry-After`.
    RetryAfter(Duration),
}

/// Why a request was refused before its body was handed over. `Display` gives a sentence for people,
/// which never holds any part of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Refusal {
    /// TLS, which is not spoken here.
    Tls,
    /// A head that is too large, or has too many headers.
    HeadTooLarge,
    /// Something that is not HTTP/1, or has a head that contradicts itself.
    Malformed,
    /// A path that has nothing to do with the secret one.
    UnknownPath,
    /// The secret path with a slash after it.
    TrailingSlash,
    /// The secret path with a query after it.
    Query,
    /// Another method than POST.
    Method,
    /// A compressed body, or one that is encoded in another way.
    ContentEncoding,
    /// A body larger than the limit.
    TooLarge,
    /// A body that did not arrive in time.
    TooSlow,
    /// A body that broke off.
    Incomplete,
    /// A body that is not UTF-8.
    NotUtf8,
}

impl Refusal {
    /// Returns the status of the response, and the reason for people.
    pub(super) fn status_and_reason(self) -> (StatusCode, &'static str) {
        match self {
            Self::Tls => (
                StatusCode::BAD_REQUEST,
                "it was TLS, and this address takes plain HTTP: let a proxy in front of it speak https",
            ),
            Self::HeadTooLarge => (
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "its headers are too large or too many",
            ),
            Self::Malformed => (StatusCode::BAD_REQUEST, "it was not a valid HTTP request"),
            Self::UnknownPath => (StatusCode::NOT_FOUND, "it was not for the callback address"),
            Self::TrailingSlash => (
                StatusCode::NOT_FOUND,
                "the callback address was followed by a slash",
            ),
            Self::Query => (
                StatusCode::NOT_FOUND,
                "the callback address was followed by a query",
            ),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "a callback is a POST"),
            Self::ContentEncoding => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "its body is compressed; callbacks must have no Content-Encoding",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "its body is larger than max_reply_size",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "its body did not arrive in time",
            ),
            Self::Incomplete => (StatusCode::BAD_REQUEST, "its body broke off"),
            Self::NotUtf8 => (StatusCode::BAD_REQUEST, "its body is not UTF-8 text"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, reason) = self.status_and_reason();
        write!(f, "refused a request ({}): {reason}", status.as_u16())
    }
}
