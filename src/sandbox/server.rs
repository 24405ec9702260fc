//! The HTTP side of the sandbox: paths, methods, and the pages that a gateway in front of the
//! service would send. Every reply of the service goes out with HTTP 200, as theirs do.

mod tokens;
mod videos;

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{HeaderMap, Method, StatusCode};

use super::callbacks::{CallbackSender, CallbackTiming};
use super::fault_injection::{ErrorBody, RequestFaults, ResponseFault};
use super::faults::SandboxCall;
use super::service::{Service, SharedService};
use super::service_error::ServiceError;
use crate::http_server::{
    BodyError, BodyLimits, Connection, ConnectionFault, Handler, Request, Response, ServerLimits,
    response,
};

const SUBMIT: &str = "/api/serve/video/subTranscription";
const GET: &str = "/api/serve/video/getTranscription";
const UPLOAD: &str = "/api/serve/video/upload";
const LIST: &str = "/api/serve/video/searchDB";
const DELETE: &str = "/api/serve/video/delete";
const LOGIN: &str = "/auth/api/token/getAccessToken";
const REFRESH: &str = "/auth/api/token/refreshAccessToken";

/// Limits that no honest client meets; a connection may be idle for as long as clients keep one.
pub(super) const LIMITS: ServerLimits = ServerLimits {
    max_connections: 1024,
    head_timeout: Duration::from_mins(10),
    body_timeout: Duration::from_mins(1),
    max_body: 2 << 20,
    linger_timeout: Duration::from_secs(1),
    keep_alive: true,
};

/// Responds to every request to the sandbox.
pub(super) struct SandboxHandler {
    service: SharedService,
    callbacks: Arc<CallbackSender>,
    body_limits: BodyLimits,
}

/// The outcome of a request.
enum SandboxReply {
    /// The service did it; its envelope.
    Ok(String),
    /// The service refused.
    Refused(ServiceError),
    /// It did not reach the service; the response of a gateway.
    Gateway(Response),
    /// It did not reach the service, and there is no response.
    NoResponse,
}

impl SandboxReply {
    /// Returns `true` if the client can be certain that nothing was done.
    fn is_refusal(&self) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Gateway(page) => {
                page.status() == StatusCode::PAYLOAD_TOO_LARGE
                    || page.headers().contains_key(RETRY_AFTER)
            }
            Self::Ok(_) | Self::NoResponse => false,
        }
    }
}

impl SandboxHandler {
    pub(super) fn new(service: SharedService) -> Self {
        let shared = service.clone();
        let on_end = move |is_delivered| shared.lock().count_callback(is_delivered);
        Self {
            service,
            callbacks: Arc::new(CallbackSender::new(CallbackTiming::default(), on_end)),
            body_limits: BodyLimits::new(&LIMITS),
        }
    }

    /// Handles a submit, and schedules the callbacks that it causes.
    fn submit(&self, headers: &HeaderMap, body: &[u8]) -> (SandboxReply, RequestFaults) {
        let mut service = self.service.lock();
        service.stats.submits += 1;
        let faults = service.fault_injector.request(SandboxCall::Submit);
        let reply = with_faults(&mut service, faults, |service| {
            service.authorize(authorization(headers), Instant::now())?;
            service.submit(body, Instant::now())
        });
        service.stats.submits_refused += u64::from(reply.is_refusal());
        self.send_callbacks(&mut service);
        (reply, faults)
    }

    /// Lets the callbacks wait for their time.
    fn send_callbacks(&self, service: &mut Service) {
        for job in service.pending_callbacks.drain(..) {
            tokio::spawn(Arc::clone(&self.callbacks).deliver(job));
        }
    }

    fn get(&self, headers: &HeaderMap, query: &str) -> (SandboxReply, RequestFaults) {
        let task_no = url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == "taskNo")
            .map(|(_, value)| value);
        let mut service = self.service.lock();
        service.stats.gets += 1;
        let faults = service.fault_injector.request(SandboxCall::Get);
        let reply = with_faults(&mut service, faults, |service| {
            service.authorize(authorization(headers), Instant::now())?;
            service.get(task_no.as_deref(), Instant::now())
        });
        (reply, faults)
    }
}

impl Handler for SandboxHandler {
    async fn respond(
        &self,
        request: Request,
        connection: &Connection,
    ) -> Result<Response, ConnectionFault> {
        let (head, body) = request.into_parts();
        let (reply, faults) = match (&head.method, head.uri.path()) {
            (method, path @ (SUBMIT | DELETE | LOGIN | REFRESH)) if *method == method_of(path) => {
                match self.body_limits.read(body, connection).await {
                    Ok(body) => match path {
                        DELETE => self.delete(&head.headers, &body.bytes),
                        LOGIN => self.log_in(&body.bytes),
                        REFRESH => self.refresh(&body.bytes),
                        _ => self.submit(&head.headers, &body.bytes),
                    },
                    Err(error) => return Ok(page(status_of(error))),
                }
            }
            (&Method::POST, UPLOAD) => return self.upload(&head, body, connection).await,
            (&Method::GET, LIST) => self.list(&head.headers, head.uri.query().unwrap_or_default()),
            (&Method::GET, GET) => self.get(&head.headers, head.uri.query().unwrap_or_default()),
            (_, SUBMIT | GET | UPLOAD | LIST | DELETE | LOGIN | REFRESH) => {
                return Ok(page(StatusCode::METHOD_NOT_ALLOWED));
            }
            _ => return Ok(page(StatusCode::NOT_FOUND)),
        };
        connection.complete();
        send(reply, faults).await
    }
}

/// Returns the status of the page for a body that was not read to its end.
const fn status_of(error: BodyError) -> StatusCode {
    match error {
        BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        BodyError::Incomplete => StatusCode::BAD_REQUEST,
    }
}

/// Returns the method of a call that has a body.
fn method_of(path: &str) -> Method {
    if path == DELETE {
        Method::DELETE
    } else {
        Method::POST
    }
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()
}

/// Lets the service do its work, unless a fault prevents it.
fn with_faults(
    service: &mut Service,
    faults: RequestFaults,
    work: impl FnOnce(&mut Service) -> Result<String, ServiceError>,
) -> SandboxReply {
    let reply = match faults.response {
        Some(ResponseFault::Reset | ResponseFault::Cut) => SandboxReply::NoResponse,
        Some(ResponseFault::Http413) => SandboxReply::Gateway(page(StatusCode::PAYLOAD_TOO_LARGE)),
        Some(ResponseFault::RateLimit) => {
            service.stats.rate_limited += 1;
            SandboxReply::Refused(ServiceError::RateLimited)
        }
        Some(ResponseFault::Http500(body)) => SandboxReply::Gateway(internal_error(body)),
        Some(ResponseFault::Http503) => {
            let mut page = page(StatusCode::SERVICE_UNAVAILABLE);
            let retry_after = HeaderValue::from_static("1");
            page.headers_mut().insert(RETRY_AFTER, retry_after);
            SandboxReply::Gateway(page)
        }
        Some(ResponseFault::Html) => SandboxReply::Gateway(page(StatusCode::OK)),
        Some(ResponseFault::Truncate | ResponseFault::Drop) | None => match work(service) {
            Ok(envelope) => SandboxReply::Ok(envelope),
            Err(error) => SandboxReply::Refused(error),
        },
    };
    let is_faulty = match faults.response {
        Some(fault) if fault.is_after_work() => !matches!(reply, SandboxReply::Refused(_)),
        fault => fault.is_some(),
    };
    service.stats.faults += u64::from(is_faulty);
    reply
}

/// Sends the reply as the faults demand. Faults after the work happen to successes only, so that a
/// client knows of each refusal that was counted.
async fn send(reply: SandboxReply, faults: RequestFaults) -> Result<Response, ConnectionFault> {
    if !faults.delay.is_zero() {
        tokio::time::sleep(faults.delay).await;
    }
    match (reply, faults.response) {
        (SandboxReply::NoResponse, _) => Err(ConnectionFault::Reset),
        (SandboxReply::Gateway(page), _) => Ok(page),
        (SandboxReply::Refused(error), _) => Ok(json(StatusCode::OK, error.envelope())),
        (SandboxReply::Ok(_), Some(ResponseFault::Drop)) => Err(ConnectionFault::Close),
        (SandboxReply::Ok(envelope), Some(ResponseFault::Truncate)) => {
            Err(ConnectionFault::SendRaw(truncated(&envelope)))
        }
        (SandboxReply::Ok(envelope), _) => Ok(json(StatusCode::OK, envelope)),
    }
}

fn json(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let content_type = HeaderValue::from_static("application/json");
    response(status, Some((CONTENT_TYPE, content_type)), body)
}

/// Returns the bytes of a response that ends halfway through its body.
fn truncated(body: &str) -> Bytes {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (half, _) = body.as_bytes().split_at(body.len() / 2);
    [head.as_bytes(), half].concat().into()
}

fn internal_error(body: ErrorBody) -> Response {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    match body {
        ErrorBody::Html => page(status),
        ErrorBody::Empty => response(status, None, ""),
        ErrorBody::Envelope => json(
            status,
            r#"{"code":"9999","msg":"System error.","data":null}"#,
        ),
    }
}

/// Creates the page that a gateway in front of a service sends with this status.
fn page(status: StatusCode) -> Response {
    let html = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>sandbox</center>\r\n</body>\r\n</html>\r\n"
    );
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    response(status, Some((CONTENT_TYPE, content_type)), html)
}
