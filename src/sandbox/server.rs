//! The HTTP side of the stand-in: paths, methods, the bearer check, and pages for whatever a
//! gateway would answer by itself. Every answer of the service goes out with HTTP 200, as theirs.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::oneshot;

use super::service::{Refusal, Service};
use crate::error::{Error, Kind};

/// What every request is answered from.
#[derive(Clone)]
pub(super) struct App {
    token: Arc<str>,
    service: Arc<Mutex<Service>>,
}

impl App {
    pub(super) fn new(token: Arc<str>, service: Arc<Mutex<Service>>) -> Self {
        Self { token, service }
    }

    fn service(&self) -> MutexGuard<'_, Service> {
        super::lock(&self.service)
    }

    fn authorize(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            // RFC 9110 §11.1: the scheme's name has no case.
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token);
        if given == Some(&*self.token) {
            return Ok(());
        }
        self.service().counts.unauthorized += 1;
        Err(Refusal::Unauthorized)
    }
}

/// Serves from a thread of its own until the other end of `stopped` is dropped; then everything
/// still open is cut off.
pub(super) fn spawn(
    listener: TcpListener,
    app: App,
    stopped: oneshot::Receiver<()>,
) -> Result<JoinHandle<()>, Error> {
    let failed = |error| {
        Error::new(
            Kind::Internal,
            format!("could not start the sandbox: {error}"),
        )
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener).map_err(failed)?
    };
    thread::Builder::new()
        .name("sandbox".to_owned())
        .spawn(move || {
            runtime.spawn(async move { axum::serve(listener, router(app)).await });
            // An error means that the sender is gone, which is the signal.
            let _ = runtime.block_on(stopped);
        })
        .map_err(failed)
}

fn router(app: App) -> Router {
    Router::new()
        .route("/api/serve/video/subTranscription", post(submit))
        .route("/api/serve/video/getTranscription", get(get_transcription))
        .method_not_allowed_fallback(async || page(StatusCode::METHOD_NOT_ALLOWED))
        .fallback(async || page(StatusCode::NOT_FOUND))
        .with_state(app)
}

async fn submit(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    app.service().counts.requests += 1;
    answer(
        app.authorize(&headers)
            .and_then(|()| app.service().submit(&body, Instant::now())),
    )
}

async fn get_transcription(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    app.service().counts.requests += 1;
    let query = query.unwrap_or_default();
    let task_no = url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "taskNo")
        .map(|(_, value)| value);
    answer(
        app.authorize(&headers)
            .and_then(|()| app.service().get(task_no.as_deref(), Instant::now())),
    )
}

fn answer(reply: Result<String, Refusal>) -> Response {
    let envelope = reply.unwrap_or_else(Refusal::envelope);
    ([(CONTENT_TYPE, "application/json")], envelope).into_response()
}

/// What a gateway in front of a service answers.
fn page(status: StatusCode) -> Response {
    let html = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>sandbox</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, Html(html)).into_response()
}
