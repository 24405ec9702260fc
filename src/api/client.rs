//! The two calls of the API, one request each: what is sent, what is accepted, and what every
//! other reply comes to. No retries and no waiting here. Source: the API page "Transcription
//! video", v1.0.

mod probe;
mod reply;

use std::fmt;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client as Http, RequestBuilder, Response};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Method, redirect};
use url::Url;

use super::failure::Failure;
use super::retry::{self, Trouble};
use super::wire::{self, Envelope, SubmitBody, Submitted};
use super::{code, tls};
use crate::error::{Error, Kind};
use crate::secret::Secret;
use crate::task::{TaskNo, TranscriptionType, VideoNo};
use crate::transcript::TimeUnit;

pub use probe::{Greeting, Proxy};
pub use reply::Reply;
use reply::{body_shown, place_in, shown, undescribed};

const SUBMIT_PATH: &str = "api/serve/video/subTranscription";
const GET_PATH: &str = "api/serve/video/getTranscription";
/// Longer than any healthy handshake, shorter than a user's patience.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than any server keeps an idle connection: a submit on one that is being closed would end
/// with its outcome unknown.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);
/// Where the refusal has no words of the service.
const FORBIDDEN_HINT: &str = "a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account";
/// How much of a strange reply is shown.
const EXCERPT: usize = 200;

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
}

/// What is asked for when a video is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The video.
    pub video_no: VideoNo,
    /// What to transcribe.
    pub kind: TranscriptionType,
    /// Where the service shall POST the result, if anywhere.
    pub callback: Option<String>,
}

/// A line about a request or its reply, for `--verbose`. The token is not in it.
pub type Observer = Box<dyn Fn(&str) + Send + Sync>;

/// A connection to the service. Connections are kept alive and shared by threads.
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
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(None);
        if loopback {
            // A token for this machine does not leave it through a proxy.
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Error::new(
                Kind::Internal,
                format!("the HTTP client could not be made: {error}"),
            )
        })?;
        Ok(Self {
            http,
            options,
            observer,
        })
    }

    /// Submits a video once. Where it fails, [`Failure::is_certainly_not_accepted`] tells whether
    /// it may be sent again.
    pub fn submit(
        &self,
        token: &Secret,
        submission: &Submission,
        timeout: Duration,
    ) -> Result<TaskNo, Failure> {
        let body = SubmitBody {
            video_no: submission.video_no.as_str(),
            kind: submission.kind.wire_name(),
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
    ) -> Result<Reply, Failure> {
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
    ) -> Result<RequestBuilder, Failure> {
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
                let error = Error::new(Kind::Auth, "the token holds characters that no token has");
                Failure::fatal(error.with_hint("copy the token again, without line breaks"))
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

/// One request on its way, with the token that must not appear in anything said about it.
struct Exchange<'c> {
    client: &'c Client,
    token: &'c Secret,
}

impl Exchange<'_> {
    /// Sends the request and reads the reply; anything but a success is a failure.
    fn run(&self, request: RequestBuilder, timeout: Duration) -> Result<Reply, Failure> {
        let sent = Instant::now();
        let response = request.timeout(timeout).send().map_err(|error| {
            let failure = Failure::from_transport(&error);
            self.client.observe(format_args!("< {}", failure.error));
            failure
        })?;
        let status = response.status().as_u16();
        let retry_after = header(&response, &RETRY_AFTER)
            .and_then(|value| retry::retry_after(&value, jiff::Timestamp::now()));
        if response.status().is_redirection() {
            self.client.observe(format_args!("< {status}"));
            return Err(self.redirected(&response));
        }
        let body = self.read(response)?;
        let envelope = Envelope::parse(&body);
        let said = match &envelope {
            Ok(envelope) => format!("code {}", self.clean(&envelope.code)),
            Err(_) => "no envelope".to_owned(),
        };
        let milliseconds = sent.elapsed().as_millis();
        self.client.observe(format_args!(
            "< {status} {} bytes in {milliseconds} ms, {said}",
            body.len()
        ));
        if wire::is_too_deep(&body) {
            return Err(self.undescribed(&"it is nested too deep", &body, status));
        }
        match envelope {
            Ok(envelope) if envelope.code == code::SUCCESS && (200..300).contains(&status) => {
                let data = envelope
                    .data
                    .map_or(0..0, |data| place_in(&body, data.get()));
                Ok(Reply {
                    data,
                    body,
                    status,
                    time_unit: self.client.options.time_unit,
                    token: self.token.clone(),
                })
            }
            Ok(envelope) => Err(self.refused(&envelope, status, retry_after)),
            Err(error) => Err(self.without_envelope(&error, &body, status, retry_after)),
        }
    }

    /// Reads the body, up to the limit. The limit counts decompressed bytes.
    fn read(&self, response: Response) -> Result<String, Failure> {
        let limit = self.client.options.max_reply_size;
        let status = response.status().as_u16();
        let declared = response
            .content_length()
            .unwrap_or(0)
            .min(limit)
            .min(MOST_RESERVED);
        let mut bytes = Vec::with_capacity(usize::try_from(declared).unwrap_or(0));
        response
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::from_body(&error))?;
        if bytes.len() as u64 > limit {
            let error = Error::new(Kind::Api, format!("the reply is larger than {limit} bytes"));
            return Err(Failure::fatal(
                Error {
                    http_status: Some(status),
                    ..error
                }
                .with_hint("raise max_reply_size"),
            ));
        }
        String::from_utf8(bytes).or_else(|error| {
            let lossy = String::from_utf8_lossy(error.as_bytes());
            // A page that some proxy wrote in another encoding still has its status.
            if status == 200 {
                Err(self.unreadable(&error.utf8_error(), &lossy, status))
            } else {
                Ok(lossy.into_owned())
            }
        })
    }

    /// A reply with an envelope that is not a success.
    fn refused(
        &self,
        envelope: &Envelope<'_>,
        status: u16,
        retry_after: Option<Duration>,
    ) -> Failure {
        let is_success = envelope.code == code::SUCCESS;
        let code = self.clean(&envelope.code);
        let meaning = code::meaning(if is_success { "" } else { &code });
        let said = match self.clean(&envelope.message()) {
            said if said.is_empty() => String::new(),
            said => format!(": {said}"),
        };
        let (kind, trouble) = match status {
            _ if meaning.kind == Kind::RateLimit || status == 429 => {
                (Kind::RateLimit, Trouble::RateLimited { retry_after })
            }
            500.. => (
                Kind::Network,
                Trouble::ServerError {
                    status,
                    retry_after,
                },
            ),
            _ => (meaning.kind, Trouble::Final),
        };
        let http = if status == 200 {
            String::new()
        } else {
            format!(", HTTP {status}")
        };
        let mut error = Error::new(kind, format!("{} (code {code}{http}){said}", meaning.text));
        error.hint = meaning.hint.map(str::to_owned);
        // A success code in a failed reply is not a refusal: whether it was accepted is not known.
        error.api_code = (!is_success).then_some(code);
        error.http_status = Some(status);
        Failure { error, trouble }
    }

    /// A reply that is not the API's: a proxy's, a gateway's, a broken one.
    fn without_envelope(
        &self,
        why: &serde_json::Error,
        body: &str,
        status: u16,
        retry_after: Option<Duration>,
    ) -> Failure {
        let shown = self.shown(body);
        let with_status = |kind, message| Error {
            http_status: Some(status),
            ..Error::new(kind, message)
        };
        match status {
            200 => self.unreadable(why, body, status),
            500.. => Failure {
                error: with_status(
                    Kind::Network,
                    format!("the server failed (HTTP {status}): {shown}"),
                )
                .with_hint("try again later"),
                trouble: Trouble::ServerError {
                    status,
                    retry_after,
                },
            },
            _ => {
                let meaning = code::of_http_status(status).map(code::meaning);
                let kind = meaning.map_or(Kind::Api, |meaning| meaning.kind);
                // Who refuses with a bare 403 is not known: it need not be the service.
                let (text, hint) = match meaning {
                    Some(meaning) if status != 403 => (meaning.text, meaning.hint),
                    Some(_) => ("access is refused", Some(FORBIDDEN_HINT)),
                    None => ("the server refused", None),
                };
                let hint = hint.unwrap_or("check base_url and the proxy settings");
                let error =
                    with_status(kind, format!("{text} (HTTP {status}): {shown}")).with_hint(hint);
                let trouble = if kind == Kind::RateLimit {
                    Trouble::RateLimited { retry_after }
                } else {
                    Trouble::Final
                };
                Failure { error, trouble }
            }
        }
    }

    fn redirected(&self, response: &Response) -> Failure {
        let status = response.status().as_u16();
        let to =
            header(response, &LOCATION).map_or_else(|| "nowhere".to_owned(), |to| self.shown(&to));
        let error = Error::new(
            Kind::Api,
            format!("the server redirects (HTTP {status}) to {to}"),
        );
        let error = error.with_hint(
            "if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs",
        );
        Failure::fatal(Error {
            http_status: Some(status),
            ..error
        })
    }

    /// A 200 that is not the API's JSON at all: it came from somewhere on the way.
    fn unreadable(&self, why: &dyn fmt::Display, body: &str, status: u16) -> Failure {
        Failure {
            trouble: Trouble::Unreadable,
            ..self.undescribed(why, body, status)
        }
    }

    /// A reply of the API that is not what its page describes.
    fn undescribed(&self, why: &dyn fmt::Display, body: &str, status: u16) -> Failure {
        undescribed(self.token, why, body, status)
    }

    fn clean(&self, foreign: &str) -> String {
        shown(self.token, foreign, 4 * EXCERPT)
    }

    fn shown(&self, body: &str) -> String {
        body_shown(self.token, body)
    }
}

/// More than this is reserved only as it arrives: the declared length is the sender's word.
const MOST_RESERVED: u64 = 1 << 20;

fn header(response: &Response, name: &reqwest::header::HeaderName) -> Option<String> {
    response
        .headers()
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn internal(error: &dyn fmt::Display) -> Failure {
    Failure::fatal(Error::new(Kind::Internal, error.to_string()))
}

/// Whether the address can only be this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
