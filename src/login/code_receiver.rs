//! Receives the code that the service sends by GET to the callback address of the account. Only a request
//! that proves that its sender knows the API key is taken; all others learn nothing and change nothing.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, StatusCode, Uri};
use md5::{Digest as _, Md5};
use subtle::ConstantTimeEq as _;
use url::{Url, form_urlencoded};

use crate::error::{Error, ErrorKind};
use crate::http_server::{
    self, Connection, ConnectionFault, Handler, HttpServer, Request, Response, ServerLimits,
    UnreadableHead, response,
};
use crate::secret::Secret;
use crate::text;

/// Maximum length of a code or client ID, in bytes.
const MAX_VALUE: usize = 4096;

const LIMITS: ServerLimits = ServerLimits {
    max_connections: 64,
    head_timeout: Duration::from_secs(10),
    body_timeout: Duration::from_secs(10),
    max_body: 0,
    linger_timeout: Duration::from_secs(2),
    keep_alive: false,
};

const ADDRESS_IN_USE_HINT: &str =
    "another program uses this address; end it, or choose another port and change the callback URL";

/// The page for who opens the callback address in a browser. It needs nothing from anywhere.
const PAGE: &str = include_str!("code_page.html");

/// A code, and the account that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The account's ID.
    pub client_id: Secret,
    /// The code.
    pub code: Secret,
}

/// The options of a receiver of codes.
#[derive(Debug)]
pub struct CodeReceiverOptions {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The address by which the service reaches it.
    pub public_url: Option<Url>,
    /// The account's API key, which is not kept.
    pub api_key: Secret,
    /// The only account whose codes are taken, if one is named.
    pub client_id: Option<Secret>,
}

/// A running receiver. It ends when it is dropped.
pub struct CodeReceiver {
    server: HttpServer,
    codes: Receiver<Code>,
    url: String,
}

/// A reason to refuse a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum CodeRefusal {
    Path,
    Method,
    State,
    Client,
    Parameters,
    Taken,
    Unreadable,
}

impl CodeReceiver {
    /// Starts to listen. `on_refusal` is told the first refusal of each kind, from another thread.
    pub fn start(
        options: CodeReceiverOptions,
        on_refusal: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, Error> {
        let (sender, codes) = mpsc::channel();
        let path = options.public_url.as_ref().map(|url| url.path().to_owned());
        let handler = CodeHandler {
            path: path.unwrap_or_else(|| "/".to_owned()),
            state: Secret::new(text::hex(&Md5::digest(options.api_key.expose()))),
            client_id: options.client_id,
            sender,
            is_taken: Cell::new(false),
            reported: RefCell::default(),
            on_refusal: Box::new(on_refusal),
        };
        let server = HttpServer::start("receiver", options.addr, LIMITS, handler);
        let server = server.map_err(|error| match error.hint.as_deref() {
            // The account has the port in its callback URL.
            Some(http_server::ADDRESS_IN_USE_HINT) => error.with_hint(ADDRESS_IN_USE_HINT),
            _ => error,
        })?;
        let url = options.public_url.map_or_else(
            || format!("http://{}/", server.addr()),
            |url| url.to_string(),
        );
        Ok(Self { server, codes, url })
    }

    /// Returns the address that it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// Returns the address that the account must have as its callback URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for a code, and stops to listen once its sender has been answered.
    pub fn wait(self) -> Result<Code, Error> {
        let code = self.codes.recv();
        drop(self.server);
        code.map_err(|_| Error::new(ErrorKind::Internal, "the receiver of codes has ended"))
    }
}

/// Handles every request.
struct CodeHandler {
    path: String,
    /// The `state` that the service sends: the MD5 of the API key, in hexadecimal digits.
    state: Secret,
    client_id: Option<Secret>,
    sender: Sender<Code>,
    is_taken: Cell<bool>,
    reported: RefCell<HashSet<CodeRefusal>>,
    on_refusal: Box<dyn Fn(&str) + Send>,
}

impl CodeHandler {
    fn take(&self, method: &Method, uri: &Uri) -> Result<(), CodeRefusal> {
        // A proxy may have removed the path of the public URL.
        if uri.path() != self.path && uri.path() != "/" {
            return Err(CodeRefusal::Path);
        }
        if method != Method::GET {
            return Err(CodeRefusal::Method);
        }
        let query = uri.query().unwrap_or_default();
        let state = parameter(query, "state").ok_or(CodeRefusal::State)?;
        let state = state.expose().to_ascii_lowercase();
        if !bool::from(state.as_bytes().ct_eq(self.state.expose().as_bytes())) {
            return Err(CodeRefusal::State);
        }
        let value = |name| parameter(query, name).ok_or(CodeRefusal::Parameters);
        let (code, client_id) = (value("code")?, value("clientId")?);
        if self
            .client_id
            .as_ref()
            .is_some_and(|only| *only != client_id)
        {
            return Err(CodeRefusal::Client);
        }
        if self.is_taken.replace(true) {
            return Err(CodeRefusal::Taken);
        }
        // Fails only if nobody waits any more.
        let _ = self.sender.send(Code { client_id, code });
        Ok(())
    }

    /// Reports a refusal, unless one of its kind has been reported: no flood of requests makes a flood of
    /// messages.
    fn report(&self, refusal: CodeRefusal) {
        if self.reported.borrow_mut().insert(refusal) {
            (self.on_refusal)(refusal.reason());
        }
    }
}

impl Handler for CodeHandler {
    async fn respond(
        &self,
        request: Request,
        connection: &Connection,
    ) -> Result<Response, ConnectionFault> {
        Ok(match self.take(request.method(), request.uri()) {
            Ok(()) => {
                connection.complete();
                page()
            }
            Err(refusal) => {
                self.report(refusal);
                refusal.response()
            }
        })
    }

    fn refused(&self, _head: UnreadableHead) {
        self.report(CodeRefusal::Unreadable);
    }
}

impl CodeRefusal {
    const fn reason(self) -> &'static str {
        match self {
            Self::Path => "its path is not that of the callback address",
            Self::Method => "it is not a GET",
            Self::State => "its `state` is not the MD5 of the API key",
            Self::Client => "it is for another client ID",
            Self::Parameters => "`code` or `clientId` is missing, given twice or not usable",
            Self::Taken => "a code has been received already",
            Self::Unreadable => {
                "it is no valid request of plain HTTP; for https, a proxy must be in front"
            }
        }
    }

    fn response(self) -> Response {
        let allow = || Some((ALLOW, HeaderValue::from_static("GET")));
        let (status, header) = match self {
            Self::Path => (StatusCode::NOT_FOUND, None),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, allow()),
            Self::State | Self::Client => (StatusCode::FORBIDDEN, None),
            Self::Parameters | Self::Unreadable => (StatusCode::BAD_REQUEST, None),
            Self::Taken => (StatusCode::SERVICE_UNAVAILABLE, None),
        };
        response(status, header, "")
    }
}

/// Returns the value of a parameter that is given once, is not empty, and has visible ASCII characters only.
fn parameter(query: &str, name: &str) -> Option<Secret> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    let is_plain = value.bytes().all(|byte| byte.is_ascii_graphic());
    let is_usable = is_plain && (1..=MAX_VALUE).contains(&value.len());
    (is_usable && values.next().is_none()).then(|| Secret::new(value))
}

fn page() -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let mut page = response(StatusCode::OK, Some((CONTENT_TYPE, html)), PAGE);
    let policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let headers: [(HeaderName, &str); 4] = [
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        page.headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    page
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// MD5 of `key`.
    const STATE: &str = "3c6e0b8a9c15224a8228b9a98ca1531d";

    type Reports = Arc<Mutex<Vec<String>>>;

    fn handler(path: &str, client_id: Option<&str>) -> (CodeHandler, Receiver<Code>, Reports) {
        let (sender, codes) = mpsc::channel();
        let reports = Reports::default();
        let seen = Arc::clone(&reports);
        let handler = CodeHandler {
            path: path.to_owned(),
            state: Secret::new(STATE),
            client_id: client_id.map(Secret::new),
            sender,
            is_taken: Cell::new(false),
            reported: RefCell::default(),
            on_refusal: Box::new(move |why| seen.lock().unwrap().push(why.to_owned())),
        };
        (handler, codes, reports)
    }

    fn get(handler: &CodeHandler, target: &str) -> Result<(), CodeRefusal> {
        handler.take(&Method::GET, &target.parse().unwrap())
    }

    #[test]
    fn state_is_the_md5_of_the_key() {
        assert_eq!(text::hex(&Md5::digest("key")), STATE);
    }

    #[test]
    fn code_with_the_right_state_is_taken_once() {
        let target = format!("/cb?code=c%2B1&clientId=ada&state={}", STATE.to_uppercase());
        let (handler, codes, _) = handler("/cb", None);
        assert_eq!(get(&handler, &target), Ok(()));
        let expected = Code {
            client_id: Secret::new("ada"),
            code: Secret::new("c+1"),
        };
        assert_eq!(codes.try_recv(), Ok(expected));
        assert_eq!(get(&handler, &target), Err(CodeRefusal::Taken));
        assert!(codes.try_recv().is_err());
    }

    #[test]
    fn everything_else_is_refused_and_changes_nothing() {
        use CodeRefusal::{Client, Method as NotGet, Parameters, Path, State};
        let (handler, codes, _) = handler("/cb", Some("ada"));
        let wrong = STATE.replace('3', "4");
        let long = "x".repeat(MAX_VALUE + 1);
        for (target, refusal) in [
            (format!("/other?code=c&clientId=ada&state={STATE}"), Path),
            (format!("/cb/?code=c&clientId=ada&state={STATE}"), Path),
            (format!("/cb?code=c&clientId=ada&state={wrong}"), State),
            ("/cb?code=c&clientId=ada".to_owned(), State),
            ("/cb?code=c&clientId=ada&state=".to_owned(), State),
            (
                format!("/cb?code=c&clientId=ada&state={STATE}&state={wrong}"),
                State,
            ),
            (format!("/cb?clientId=ada&state={STATE}"), Parameters),
            (format!("/cb?code=&clientId=ada&state={STATE}"), Parameters),
            (
                format!("/cb?code=c&code=d&clientId=ada&state={STATE}"),
                Parameters,
            ),
            (
                format!("/cb?code=a%0Ab&clientId=ada&state={STATE}"),
                Parameters,
            ),
            (
                format!("/cb?code={long}&clientId=ada&state={STATE}"),
                Parameters,
            ),
            (format!("/cb?code=c&clientId=eve&state={STATE}"), Client),
            ("/".to_owned(), State),
        ] {
            assert_eq!(get(&handler, &target), Err(refusal), "{target}");
        }
        let target = format!("/cb?code=c&clientId=ada&state={STATE}")
            .parse()
            .unwrap();
        for method in [Method::POST, Method::HEAD, Method::OPTIONS] {
            assert_eq!(handler.take(&method, &target), Err(NotGet));
        }
        assert!(codes.try_recv().is_err());
        // A proxy has removed the path.
        let target = format!("/?code=c&clientId=ada&state={STATE}");
        assert_eq!(get(&handler, &target), Ok(()));
    }

    #[test]
    fn refusal_is_reported_once_a_kind() {
        let (handler, _codes, reports) = handler("/", None);
        for refusal in [CodeRefusal::State, CodeRefusal::State, CodeRefusal::Path] {
            handler.report(refusal);
        }
        assert_eq!(reports.lock().unwrap().len(), 2);
    }

    #[test]
    fn page_needs_nothing_from_anywhere() {
        for part in ["src=", "href=", "url(", "<script", "<style", "http"] {
            assert!(!PAGE.contains(part), "{part}");
        }
        let page = page();
        assert!(
            page.headers()[CONTENT_SECURITY_POLICY]
                .as_bytes()
                .starts_with(b"default-src 'none'")
        );
    }
}
