//! Handles one request: checks that it is a callback, reads its body, hands it over, and waits for
//! the response. A client that does not know the path learns nothing but that: its body is not read,
//! and every response is empty.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use hyper::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, HeaderValue, RETRY_AFTER};
use hyper::{HeaderMap, Method, StatusCode, Uri};
use tokio::sync::{Semaphore, oneshot};

use super::event::{CallbackResponse, ReceiverEvent, Refusal, Responder};
use super::options::ReceiverOptions;
use super::secret_path::SecretPath;
use crate::http_server::{
    BodyError, BodyLimits, Connection, ConnectionFault, Handler, Request, Response, UnreadableHead,
    response,
};

/// Maximum number of callbacks that are handed over and not answered. The connection of such a
/// callback may be gone, so that nothing else bounds the memory for their bodies.
const MAX_UNANSWERED: usize = 1;

/// Handles every request to the receiver.
pub(super) struct CallbackHandler<F> {
    path: SecretPath,
    /// The path of the public URL, without a slash at its end.
    prefix: String,
    body_limits: BodyLimits,
    unanswered: Arc<Semaphore>,
    on_event: F,
    /// The kinds of refusal that have been reported.
    reported: RefCell<HashSet<Refusal>>,
}

impl<F: Fn(ReceiverEvent)> CallbackHandler<F> {
    pub(super) fn new(options: ReceiverOptions, on_event: F) -> Self {
        let prefix = options.public_url.as_ref();
        let prefix = prefix.map(|url| url.path().trim_end_matches('/').to_owned());
        Self {
            path: options.path,
            prefix: prefix.unwrap_or_default(),
            body_limits: BodyLimits::new(&options.limits),
            unanswered: Arc::new(Semaphore::new(MAX_UNANSWERED)),
            on_event,
            reported: RefCell::default(),
        }
    }

    async fn receive(
        &self,
        request: Request,
        connection: &Connection,
    ) -> Result<CallbackResponse, Refusal> {
        self.check_path(request.uri())?;
        connection.touch();
        if request.method() != Method::POST {
            return Err(Refusal::Method);
        }
        if is_encoded(request.headers()) {
            return Err(Refusal::ContentEncoding);
        }
        let reading = self.body_limits.read(request.into_body(), connection);
        let buffered = reading.await.map_err(|error| match error {
            BodyError::TooLarge => Refusal::TooLarge,
            BodyError::TooSlow => Refusal::TooSlow,
            BodyError::Incomplete => Refusal::Incomplete,
        })?;
        let body = String::from_utf8(buffered.bytes).map_err(|_| Refusal::NotUtf8)?;
        // Fails only if the semaphore is closed, which nobody does.
        let turn = Arc::clone(&self.unanswered).acquire_owned().await.ok();
        let (sender, response) = oneshot::channel();
        let responder = Responder {
            response: sender,
            _permits: [turn, buffered.permit],
        };
        (self.on_event)(ReceiverEvent::Callback { body, responder });
        Ok(response.await.unwrap_or(CallbackResponse::NotStored))
    }

    /// Compares the path with the callback address as it was given out, and without the part that a
    /// proxy may have removed.
    fn check_path(&self, uri: &Uri) -> Result<(), Refusal> {
        let is_secret = |path: Option<&str>| {
            path.and_then(|path| path.strip_prefix('/'))
                .is_some_and(|guess| self.path.is(guess))
        };
        let is_callback =
            |path: &str| is_secret(Some(path)) | is_secret(path.strip_prefix(self.prefix.as_str()));
        match (uri.path(), uri.query()) {
            (path, None) if is_callback(path) => Ok(()),
            (path, Some(_)) if is_callback(path) => Err(Refusal::Query),
            (path, _) if path.strip_suffix('/').is_some_and(is_callback) => {
                Err(Refusal::TrailingSlash)
            }
            _ => Err(Refusal::UnknownPath),
        }
    }

    /// Reports a refusal, unless one of its kind has been reported: so no flood of requests makes a
    /// flood of events.
    fn report(&self, refusal: Refusal) {
        if self.reported.borrow_mut().insert(refusal) {
            (self.on_event)(ReceiverEvent::Refused(refusal));
        }
    }
}

impl<F: Fn(ReceiverEvent) + Send + 'static> Handler for CallbackHandler<F> {
    async fn respond(
        &self,
        request: Request,
        connection: &Connection,
    ) -> Result<Response, ConnectionFault> {
        Ok(match self.receive(request, connection).await {
            Ok(answer) => answer.to_http(),
            Err(refusal) => {
                self.report(refusal);
                refusal.to_http()
            }
        })
    }

    fn refused(&self, head: UnreadableHead) {
        self.report(match head {
            UnreadableHead::Tls => Refusal::Tls,
            UnreadableHead::TooLarge => Refusal::HeadTooLarge,
            UnreadableHead::Malformed => Refusal::Malformed,
        });
    }
}

impl CallbackResponse {
    fn to_http(self) -> Response {
        let (status, wait) = match self {
            Self::Stored => (StatusCode::OK, None),
            Self::Rejected => (StatusCode::BAD_REQUEST, None),
            Self::NotStored => (StatusCode::SERVICE_UNAVAILABLE, None),
            Self::RetryAfter(wait) => (StatusCode::SERVICE_UNAVAILABLE, Some(wait)),
        };
        // In whole seconds (RFC 9110, section 10.2.3): rather one too many.
        let seconds = wait.map(|wait| HeaderValue::from(wait.as_secs().saturating_add(1)));
        response(status, seconds.map(|seconds| (RETRY_AFTER, seconds)), "")
    }
}

impl Refusal {
    fn to_http(self) -> Response {
        let header = match self {
            Self::Method => Some((ALLOW, HeaderValue::from_static("POST"))),
            Self::ContentEncoding => Some((ACCEPT_ENCODING, HeaderValue::from_static("identity"))),
            _ => None,
        };
        response(self.status_and_reason().0, header, "")
    }
}

/// Returns `true` if the body is compressed, or encoded in any other way. A small body that unpacks
/// to a large one is not worth the bytes that an honest sender would save.
fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}
