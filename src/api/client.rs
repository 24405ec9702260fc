//! The two calls of the API, one request each: what is sent, and what is made of a reply that is a
//! success; [`exchange`] tells it from all others. No retries and no waiting here. Source: the API page "Transcription
//! video", v1.0.

mod exchange;
mod probe;
mod reply;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::blocking::{Client as Http, RequestBuilder};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, NoProxy, redirect};
use url::Url;

use super::api_error::ApiError;
use super::tls;
use super::wire::{SubmitBody, Submitted};
use crate::error::{Error, ErrorKind};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::secret::Secret;
use crate::transcript::TimeUnit;
use crate::urls::is_loopback;

use exchange::Exchange;
pub use probe::{Greeting, Proxy};
pub use reply::Reply;

const SUBMIT_PATH: &str = "api/serve/video/subTranscription";
const GET_PATH: &str = "api/serve/video/getTranscription";
/// Longer than any healthy handshake, shorter than a user's patience.
const MAX_CONNECT_TIME: Duration = Duration::from_secs(10);
/// Shorter than servers usually keep an idle connection, so that few polls meet one that is closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// How to reach the service.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address; a path prefix is kept.
    pub base_url: Url,
    /// Send the bare token in `Authorization`, without `Bearer `.
    pub raw_token: bool,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The longest reply that is read, in bytes, after decompression.
    pub max_reply_size: u64,
    /// The unit of the times in replies.
    pub time_unit: TimeUnit,
    /// The longest that making a connection may take. Below the request's time limit, so that a
    /// connection that is never made is known as such: then nothing was sent.
    pub connect_timeout: Duration,
    /// Keeps connections open for later requests. Not for runs that submit: a server may be closing
    /// an idle connection at the moment a submit leaves on it, and its outcome is then not known.
    pub reuse_connections: bool,
    /// The proxy; `None` leaves the choice to the system's settings.
    pub proxy: Option<ProxyOptions>,
}

/// A proxy, and what is reached without it.
#[derive(Clone, Debug)]
pub struct ProxyOptions {
    /// The address, with user name and password if it takes them.
    pub url: Url,
    /// Hosts, domains and networks, as in `NO_PROXY`.
    pub no_proxy: String,
}

/// What is asked for when a video is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The video.
    pub video_no: VideoNo,
    /// What to transcribe.
    pub transcription_type: TranscriptionType,
    /// Where the service shall POST the result, if anywhere.
    pub callback: Option<String>,
}

/// A line about a request or its reply, for `--verbose`. The token is not in it.
pub type Observer = Box<dyn Fn(&str) + Send + Sync>;

/// An HTTP client for the service, shared by threads.
pub struct Client {
    http: Http,
    options: Options,
    observer: Option<Observer>,
}

impl Client {
    /// A client; nothing is sent yet.
    pub fn new(options: Options, observer: Option<Observer>) -> Result<Self, Error> {
        let loopback = is_loopback(&options.base_url);
        let plain = options.base_url.scheme() == "http";
        // A proxy for https:// is spoken to over TLS only if its own address is https.
        let tls = tls::config(!(plain && loopback), options.ca_file.as_deref())?;
        let mut builder = Http::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("mavi/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(if options.reuse_connections {
                usize::MAX
            } else {
                0
            })
            .connect_timeout(options.connect_timeout.min(MAX_CONNECT_TIME))
            .timeout(None);
        if loopback {
            // A token for this machine does not leave it through a proxy.
            builder = builder.no_proxy();
        } else if let Some(ProxyOptions { url, no_proxy }) = &options.proxy {
            let proxy = reqwest::Proxy::all(url.as_str())
                .map_err(|_| Error::config("the address of the proxy cannot be used"))?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(no_proxy)));
        }
        let http = builder.build().map_err(|error| {
            Error::new(
                ErrorKind::Internal,
                format!("the HTTP client could not be made: {error}"),
            )
        })?;
        Ok(Self {
            http,
            options,
            observer,
        })
    }

    /// Submits a video once. The error names a task that the reply named all the same.
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
            .request(Method::POST, SUBMIT_PATH, None, token)?
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let reply = Exchange {
            client: self,
            token,
        }
        .run(request, timeout)?;
        let data = reply.data()?;
        let submitted: Submitted<'_> =
            serde_json::from_str(data).map_err(|error| reply.undescribed(&error))?;
        TaskNo::new(&submitted.task_no).map_err(|error| reply.undescribed(&error))
    }

    /// Asks for a task once.
    pub fn get(
        &self,
        token: &Secret,
        task_no: &TaskNo,
        timeout: Duration,
    ) -> Result<Reply, ApiError> {
        let query = Some(("taskNo", task_no.as_str()));
        let request = self.request(Method::GET, GET_PATH, query, token)?;
        Exchange {
            client: self,
            token,
        }
        .run(request, timeout)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        query: Option<(&str, &str)>,
        token: &Secret,
    ) -> Result<RequestBuilder, ApiError> {
        let mut url = self.options.base_url.clone();
        url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
        if let Some((name, value)) = query {
            url.query_pairs_mut().append_pair(name, value);
        }
        self.observe(format_args!("> {method} {url}"));
        let scheme = if self.options.raw_token {
            ""
        } else {
            "Bearer "
        };
        let mut header =
            HeaderValue::from_str(&format!("{scheme}{}", token.expose())).map_err(|_| {
                let error = Error::new(
                    ErrorKind::Auth,
                    "the token holds characters that no token has",
                );
                ApiError::permanent(error.with_hint("copy the token again, without line breaks"))
            })?;
        header.set_sensitive(true);
        Ok(self
            .http
            .request(method, url)
            .header(AUTHORIZATION, header)
            .header(ACCEPT, "application/json"))
    }

    fn observe(&self, line: fmt::Arguments<'_>) {
        if let Some(observer) = &self.observer {
            observer(&line.to_string());
        }
    }
}

fn internal(error: &dyn fmt::Display) -> ApiError {
    ApiError::permanent(Error::new(ErrorKind::Internal, error.to_string()))
}
