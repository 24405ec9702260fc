//! The HTTP side of the stand-in: paths, methods, the bearer check, and pages for whatever a
//! gateway would answer by itself. Every answer of the service goes out with HTTP 200, as theirs.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::oneshot;

use super::callbacks::{Pace, Postman};
use super::connection::{Cutter, Listener};
use super::dice::{Mishap, Page, Trouble};
use super::lock;
use super::service::{Refusal, Service};
use crate::error::{Error, Kind};

/// What every request is answered from.
#[derive(Clone)]
struct App {
    service: Arc<Mutex<Service>>,
    postman: Arc<Postman>,
}

/// Serves from a thread of its own until the other end of `stopped` is dropped; then everything
/// still open is cut off.
pub(super) fn spawn(
    listener: TcpListener,
    service: Arc<Mutex<Service>>,
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
            let postman = Arc::new(Postman::new(Arc::clone(&service), Pace::default()));
            let app = router(App { service, postman });
            let app = app.into_make_service_with_connect_info::<Cutter>();
            runtime.spawn(async move { axum::serve(Listener(listener), app).await });
            // An error means that the sender is gone, which is the signal.
            let _ = runtime.block_on(stopped);
            // A look-up of a callback's host may hang; nobody should wait for it.
            runtime.shutdown_timeout(Duration::from_secs(1));
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

async fn submit(
    State(app): State<App>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (reply, trouble) = {
        let mut service = lock(&app.service);
        service.counts.submits += 1;
        let trouble = service.dice.submit();
        let reply = before(&mut service, trouble, |service| {
            service.authorize(authorization(&headers))?;
            service.submit(&body, Instant::now())
        });
        let is_refused = match &reply {
            Reply::Refused(_) => true,
            Reply::Instead(page) => page.headers().contains_key(RETRY_AFTER),
            Reply::Done(_) | Reply::Never => false,
        };
        service.counts.submits_refused += u64::from(is_refused);
        for errand in service.errands.drain(..) {
            tokio::spawn(Arc::clone(&app.postman).deliver(errand));
        }
        (reply, trouble)
    };
    send(reply, trouble, &cutter).await
}

async fn get_transcription(
    State(app): State<App>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let task_no = url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "taskNo")
        .map(|(_, value)| value);
    let (reply, trouble) = {
        let mut service = lock(&app.service);
        service.counts.gets += 1;
        let trouble = service.dice.get();
        let reply = before(&mut service, trouble, |service| {
            service.authorize(authorization(&headers))?;
            service.get(task_no.as_deref(), Instant::now())
        });
        (reply, trouble)
    };
    send(reply, trouble, &cutter).await
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()
}

/// What becomes of a request.
enum Reply {
    /// The service did it, and says this.
    Done(String),
    /// The service refused.
    Refused(Refusal),
    /// It never reached the service: something in between answered.
    Instead(Response),
    /// It never reached the service, and nobody answers.
    Never,
}

/// Lets the service do its work, unless something goes wrong before that.
fn before(
    service: &mut Service,
    trouble: Trouble,
    work: impl FnOnce(&mut Service) -> Result<String, Refusal>,
) -> Reply {
    let reply = match trouble.mishap {
        Some(Mishap::Reset) => Reply::Never,
        Some(Mishap::Http500(body)) => Reply::Instead(internal_error(body)),
        Some(Mishap::Http503) => {
            let page = page(StatusCode::SERVICE_UNAVAILABLE);
            Reply::Instead(([(RETRY_AFTER, "1")], page).into_response())
        }
        Some(Mishap::Html) => Reply::Instead(page(StatusCode::OK)),
        Some(Mishap::Truncate | Mishap::Drop) | None => match work(service) {
            Ok(envelope) => Reply::Done(envelope),
            Err(refusal) => Reply::Refused(refusal),
        },
    };
    let is_struck = trouble.mishap.is_some() && !matches!(reply, Reply::Refused(_));
    service.counts.faults += u64::from(is_struck);
    reply
}

/// Sends the answer, or as much of it as the trouble lets through. What goes wrong after the work
/// befalls successes only, so that a caller knows of each refusal that was counted.
async fn send(reply: Reply, trouble: Trouble, cutter: &Cutter) -> Response {
    if !trouble.delay.is_zero() {
        tokio::time::sleep(trouble.delay).await;
    }
    match reply {
        Reply::Never => {
            cutter.reset();
            StatusCode::OK.into_response()
        }
        Reply::Instead(page) => page,
        Reply::Refused(refusal) => json(refusal.envelope()),
        Reply::Done(envelope) => {
            match trouble.mishap {
                Some(Mishap::Drop) => cutter.close(),
                Some(Mishap::Truncate) => cutter.truncate(),
                _ => {}
            }
            json(envelope)
        }
    }
}

fn json(envelope: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], envelope).into_response()
}

fn internal_error(body: Page) -> Response {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    match body {
        Page::Html => page(status),
        Page::Empty => status.into_response(),
        Page::Envelope => {
            let envelope = r#"{"code":"9999","msg":"System error.","data":null}"#;
            (status, json(envelope.to_owned())).into_response()
        }
    }
}

/// What a gateway in front of a service answers.
fn page(status: StatusCode) -> Response {
    let html = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>sandbox</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, Html(html)).into_response()
}
