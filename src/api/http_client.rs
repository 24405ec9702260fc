//! The calls of the API, one request each. It never retries and never waits between requests; a reply
//! is judged by [`transaction`]. Source: the API page "Transcription video", v1.0.

mod content_coding;
mod paid;
mod probe;
mod reply;
mod time_limit;
mod tokens;
mod transaction;
mod upload;
mod videos;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use reqwest::{ClientBuilder, Method, NoProxy, redirect};
use rustls::ClientConfig;
use url::Url;

use super::api_error::ApiError;
use super::tls;
use super::wire::{self, SubmitBody, Submitted};
use crate::error::{Error, ErrorKind};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::json;
use crate::secret::Secret;
use crate::transcript::TimeUnit;
use crate::urls::is_loopback;

use paid::PaidClient;
pub use probe::{ProbeResponse, Proxy};
pub use reply::Reply;
use time_limit::Tick;
use transaction::Transaction;

const SUBMIT_PATH: &str = "api/serve/video/subTranscription";
const GET_PATH: &str = "api/serve/video/getTranscription";
/// Maximum time for making a connection: longer than any healthy handshake takes.
const MAX_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum idle time of a connection: shorter than servers usually allow, so that few polls meet a
/// connection that is being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// The settings of an [`HttpClient`].
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The service's address; a path prefix is kept.
    pub base_url: Url,
    /// Sends the bare token in `Authorization`, without `Bearer `.
    pub raw_token: bool,
    /// A PEM file of certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The value of `SSL_CERT_FILE`, for messages and because an empty one counts as unset.
    pub cert_file: Option<OsString>,
    /// Maximum length of a reply in bytes, after decompression.
    pub max_reply_size: u64,
    /// The unit of the times in replies.
    pub time_unit: TimeUnit,
    /// Maximum time for making a connection. Keep it well below the request's timeout: then a connection that
    /// is never made fails as such, and nothing was sent.
    pub connect_timeout: Duration,
    /// Keeps connections open for later requests. Not for calls that must not be repeated: a server may
    /// be closing an idle connection at the moment one leaves on it, and its outcome is then not known.
    /// Submits and uploads have connections of their own anyway.
    pub reuse_connections: bool,
    /// The proxy; `None` leaves the choice to the system's settings.
    pub proxy: Option<ProxyOptions>,
}

/// A proxy, and the hosts that are reached without it.
#[derive(Clone, Debug)]
pub struct ProxyOptions {
    /// The proxy's address, with user name and password if it needs them.
    pub url: Url,
    /// Hosts, domains and networks, as in `NO_PROXY`.
    pub no_proxy: String,
}

/// The parameters of a submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The video.
    pub video_no: VideoNo,
    /// The type of transcription.
    pub transcription_type: TranscriptionType,
    /// The address to which the service POSTs the result.
    pub callback: Option<String>,
}

/// Receives a line for each request and each reply, for `--verbose`. The token is redacted.
pub type Observer = Box<dyn Fn(&str) + Send + Sync>;

/// An HTTP client for the service, shared by threads.
pub struct HttpClient {
    client: Client,
    paid: PaidClient,
    tls: ClientConfig,
    options: ClientOptions,
    observer: Option<Observer>,
}

impl ClientOptions {
    /// Returns a builder of clients with these settings.
    fn builder(&self, tls: ClientConfig) -> Result<ClientBuilder, Error> {
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("mavi/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            // As browsers do: what some gateway added says nothing about the reply.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(if self.reuse_connections {
                usize::MAX
            } else {
                0
            })
            .connect_timeout(self.connect_timeout.min(MAX_CONNECT_TIMEOUT));
        if is_loopback(&self.base_url) {
            // A token for this machine does not leave it through a proxy.
            return Ok(builder.no_proxy());
        }
        let Some(ProxyOptions { url, no_proxy }) = &self.proxy else {
            return Ok(builder);
        };
        let proxy = reqwest::Proxy::all(url.as_str())
            .map_err(|_| Error::config("the address of the proxy cannot be used"))?;
        Ok(builder.proxy(proxy.no_proxy(NoProxy::from_string(no_proxy))))
    }
}

impl HttpClient {
    /// Creates a client; nothing is sent.
    pub fn new(options: ClientOptions, observer: Option<Observer>) -> Result<Self, Error> {
        let proxy_url = options.proxy.as_ref().map(|proxy| &proxy.url);
        let needs_tls = [Some(&options.base_url), proxy_url]
            .into_iter()
            .flatten()
            .any(|url| url.scheme() == "https");
        let tls = tls::config(
            needs_tls,
            options.ca_file.as_deref(),
            options.cert_file.as_deref(),
        )?;
        let builder = reqwest::blocking::ClientBuilder::from(options.builder(tls.clone())?);
        let client = builder.timeout(None).build().map_err(|error| {
            Error::new(
                ErrorKind::Internal,
                format!("could not create the HTTP client: {error}"),
            )
        })?;
        Ok(Self {
            client,
            paid: PaidClient::new(),
            tls,
            options,
            observer,
        })
    }

    /// Submits a video once. Returns the number of the new task; an error holds the task that the reply
    /// named although it says that the submit failed.
    pub fn submit(
        &self,
        token: &Secret,
        submission: &Submission,
        timeout: Duration,
    ) -> Result<TaskNo, ApiError> {
        let body = SubmitBody {
            video_no: submission.video_no.as_str(),
            transcription_type: submission.transcription_type.wire_name(),
            callback: submission.callback.as_deref(),
        };
        let body = serde_json::to_vec(&body).map_err(|error| internal(&error))?;
        let request = self
            .paid_request(SUBMIT_PATH, &[], token)?
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let reply =
            Transaction::new(self, token).run_paid(request, timeout, || Tick::Unanswered)?;
        submitted_task(&reply).map_err(|error| ApiError {
            named_task: wire::named_task(&reply.body),
            ..error
        })
    }

    /// Fetches the state of a task once.
    pub fn get(
        &self,
        token: &Secret,
        task_no: &TaskNo,
        timeout: Duration,
    ) -> Result<Reply, ApiError> {
        let query = [("taskNo", task_no.as_str())];
        let request = self.request(Method::GET, GET_PATH, &query, token)?;
        Transaction::new(self, token).run(request, timeout)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        token: &Secret,
    ) -> Result<RequestBuilder, ApiError> {
        let (url, headers) = self.address(method.as_str(), path, query, token)?;
        Ok(self.client.request(method, url).headers(headers))
    }

    /// Returns the URL and the headers of a request, which is about to be sent.
    fn address(
        &self,
        method: &str,
        path: &str,
        query: &[(&str, &str)],
        token: &Secret,
    ) -> Result<(Url, HeaderMap), ApiError> {
        let url = self.url(method, path, query);
        let scheme = if self.options.raw_token {
            ""
        } else {
            "Bearer "
        };
        let mut authorization = HeaderValue::from_str(&format!("{scheme}{}", token.expose()))
            .map_err(|_| {
                let error = Error::new(
                    ErrorKind::Auth,
                    "the token holds characters that no token has",
                );
                ApiError::permanent(error.with_hint("copy the token again, without line breaks"))
            })?;
        authorization.set_sensitive(true);
        let mut headers = HeaderMap::from_iter([(AUTHORIZATION, authorization)]);
        headers.extend(accepted());
        Ok((url, headers))
    }

    /// Returns the URL of a request, which is about to be sent.
    fn url(&self, method: &str, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.options.base_url.clone();
        url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.observe(format_args!("> {method} {url}"));
        url
    }

    fn observe(&self, line: fmt::Arguments<'_>) {
        if let Some(observer) = &self.observer {
            observer(&line.to_string());
        }
    }
}

/// Returns the task in a reply that says success.
fn submitted_task(reply: &Reply) -> Result<TaskNo, ApiError> {
    let submitted: Submitted<'_> =
        json::object(reply.data()?).map_err(|error| reply.unexpected_shape(&error))?;
    TaskNo::new(&submitted.task_no).map_err(|error| reply.unexpected_shape(&error))
}

/// Returns the headers that say what replies are understood.
fn accepted() -> HeaderMap {
    HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (ACCEPT_ENCODING, HeaderValue::from_static("gzip")),
    ])
}

fn internal(error: &dyn fmt::Display) -> ApiError {
    ApiError::permanent(Error::new(ErrorKind::Internal, error.to_string()))
}
