//! Answers one request: is it for us, is its body within bounds, and what did the rest of the
//! program make of it. Whoever does not know the path learns nothing but that: its body is not
//! read, and every answer is empty.

use std::sync::Arc;

use axum::http::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, RETRY_AFTER};
use axum::http::{HeaderMap, Method, Request, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use tokio::sync::{Mutex, watch};

use super::body::{self, Bounds, Received};
use super::places::Place;
use super::{Options, SecretPath, Verdict};

type Handle = dyn Fn(String) -> Verdict + Send + Sync;

/// What every request is answered from.
pub(super) struct Desk {
    path: SecretPath,
    /// The path of the public URL, without a slash at its end.
    prefix: String,
    bounds: Bounds,
    handle: Arc<Handle>,
    /// Held by the body that `handle` has in hand.
    turn: Arc<Mutex<()>>,
    stopping: watch::Receiver<()>,
}

impl Desk {
    /// A desk that hands bodies to `handle` until the other end of `stopping` is gone.
    pub(super) fn new(
        options: Options,
        handle: impl Fn(String) -> Verdict + Send + Sync + 'static,
        stopping: watch::Receiver<()>,
    ) -> Self {
        let prefix = options
            .public_url
            .map(|url| url.path().trim_end_matches('/').to_owned());
        Self {
            path: options.path,
            prefix: prefix.unwrap_or_default(),
            bounds: Bounds {
                size: options.body_limit,
                time: options.limits.body_time,
                long: Arc::default(),
            },
            handle: Arc::new(handle),
            turn: Arc::default(),
            stopping,
        }
    }

    /// Answers the request of the connection that has this place.
    pub(super) async fn answer(&self, request: Request<Incoming>, place: &Place) -> Response {
        if !self.is_at(request.uri()) {
            return StatusCode::NOT_FOUND.into_response();
        }
        place.advances();
        if request.method() != Method::POST {
            return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")]).into_response();
        }
        if is_encoded(request.headers()) {
            let wanted = [(ACCEPT_ENCODING, "identity")];
            return (StatusCode::UNSUPPORTED_MEDIA_TYPE, wanted).into_response();
        }
        let verdict = self.judge(request.into_body(), place).await;
        verdict.map_or_else(IntoResponse::into_response, Verdict::into_response)
    }

    /// Returns once the receiver is to stop.
    pub(super) async fn stopping(&self) {
        // An error means that the sender is gone, which is the signal.
        let _ = self.stopping.clone().changed().await;
    }

    /// Whether the path is ours, as it was given out or with the proxy's part taken off it.
    fn is_at(&self, uri: &Uri) -> bool {
        let is_ours = |path: Option<&str>| {
            path.and_then(|path| path.strip_prefix('/'))
                .is_some_and(|guess| self.path.is(guess))
        };
        let path = uri.path();
        let inner = path.strip_prefix(self.prefix.as_str());
        uri.query().is_none() && (is_ours(Some(path)) | is_ours(inner))
    }

    async fn judge(&self, body: Incoming, place: &Place) -> Result<Verdict, StatusCode> {
        let arrive = async {
            let received = body::read(body, &self.bounds, || place.advances()).await?;
            place.is_complete();
            Ok::<_, StatusCode>((received, Arc::clone(&self.turn).lock_owned().await))
        };
        let (received, turn) = tokio::select! {
            biased;
            () = self.stopping() => return Err(StatusCode::SERVICE_UNAVAILABLE),
            arrived = arrive => arrived?,
        };
        let handle = Arc::clone(&self.handle);
        let work = tokio::task::spawn_blocking(move || {
            // Both turns are the work's own: they last as long as it, whatever becomes of the
            // connection.
            let _turn = turn;
            let Received { bytes, turn: _long } = received;
            match String::from_utf8(bytes) {
                Ok(text) => handle(text),
                Err(_) => Verdict::NotAResult,
            }
        });
        work.await
            .map_err(|_panicked| StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Verdict {
    /// What the sender is told.
    fn into_response(self) -> Response {
        match self {
            Self::Accepted => StatusCode::OK.into_response(),
            Self::NotAResult => StatusCode::BAD_REQUEST.into_response(),
            Self::Unsafe => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::Later(after) => {
                // In whole seconds (RFC 9110, section 10.2.3): rather one too many.
                let after = (after.as_secs() + 1).to_string();
                (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, after)]).into_response()
            }
        }
    }
}

/// Whether the body is compressed, or anything else but itself. A small body that unpacks to a
/// large one is not worth the bytes that an honest sender would save.
fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}
