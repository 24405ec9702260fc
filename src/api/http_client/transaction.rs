//! One request and its reply. Only an envelope that says success, with HTTP 2xx, is a [`Reply`]; every
//! other outcome is an [`ApiError`].

use std::fmt;
use std::io::Read;
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode, blocking};

use super::super::api_error::{ApiError, FailureClass};
use super::super::code;
use super::super::retry_after;
use super::super::wire;
use super::HttpClient;
use super::content_coding::ContentCoding;
use super::paid;
use super::reply::{
    MAX_EXCERPT, Reply, body_excerpt, range_of, redacted_excerpt, unexpected_shape,
};
use super::time_limit::Tick;
use crate::envelope::Envelope;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::text;

/// The hint for an HTTP 403 that does not come from the service.
const FORBIDDEN_HINT: &str = "a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account";

/// A request under way, with the token, which is redacted in every message about it.
pub(super) struct Transaction<'c> {
    client: &'c HttpClient,
    token: &'c Secret,
    is_upload: bool,
    hides_body: bool,
}

impl<'c> Transaction<'c> {
    pub(super) const fn new(client: &'c HttpClient, token: &'c Secret) -> Self {
        Self {
            client,
            token,
            is_upload: false,
            hides_body: false,
        }
    }

    /// Creates a transaction whose bodies carry secrets: nothing of a reply is shown but its code, its
    /// message and the title of a web page. `given` is the secret that the request carries.
    pub(super) const fn secret(client: &'c HttpClient, given: &'c Secret) -> Self {
        Self {
            hides_body: true,
            ..Self::new(client, given)
        }
    }

    pub(super) const fn upload(client: &'c HttpClient, token: &'c Secret) -> Self {
        Self {
            is_upload: true,
            ..Self::new(client, token)
        }
    }

    /// Sends the request and reads the reply. Fails on anything but a success.
    pub(super) fn run(
        &self,
        request: blocking::RequestBuilder,
        timeout: Duration,
    ) -> Result<Reply, ApiError> {
        let sent = Instant::now();
        let response = request.timeout(timeout).send();
        let response = response
            .map_err(|error| ApiError::from_transport(&error))
            .inspect_err(|failure| self.observe_failure(failure))?;
        let head = Head {
            status: response.status(),
            headers: response.headers().clone(),
            length: response.content_length().unwrap_or(0),
        };
        self.judge(&head, response, sent)
    }

    /// Sends the request of a paid call and reads the reply, within `limit` without progress. Fails on
    /// anything but a success, with the task or the video that the reply names all the same.
    pub(super) fn run_paid(
        &self,
        request: RequestBuilder,
        limit: Duration,
        look: impl FnMut() -> Tick,
    ) -> Result<Reply, ApiError> {
        let sent = Instant::now();
        let max_size = self.client.options.max_reply_size;
        let received = paid::send(request, max_size, limit, look)
            .inspect_err(|failure| self.observe_failure(failure))?;
        let head = Head {
            status: received.status,
            headers: received.headers,
            length: received.body.len() as u64,
        };
        let body = &*received.body;
        let outcome = match received.failure {
            // A redirect is clear without its body.
            Some(failure) if !head.status.is_redirection() => {
                self.observe_failure(&failure);
                Err(failure)
            }
            _ => self.judge(&head, body, sent),
        };
        outcome.map_err(|error| self.with_named(error, &head, body))
    }

    /// Adds the task or the video that a body names, as far as it was received and can be read.
    fn with_named(&self, error: ApiError, head: &Head, body: &[u8]) -> ApiError {
        let mut bytes = Vec::new();
        // What came before an error of the coding is enough.
        let _ = ContentCoding::of(&head.headers).read(
            body,
            self.client.options.max_reply_size,
            &mut bytes,
        );
        let body = String::from_utf8_lossy(&bytes);
        let is_upload = self.is_upload;
        ApiError {
            // The video of a submit is the one that was asked for.
            named_task: (!is_upload).then(|| wire::named_task(&body)).flatten(),
            named_video: is_upload.then(|| wire::named_video(&body)).flatten(),
            ..error
        }
    }

    fn observe_failure(&self, failure: &ApiError) {
        self.client.observe(format_args!("< {}", failure.error));
    }

    /// Reads a body, and returns the reply if it says success.
    fn judge(&self, head: &Head, body: impl Read, sent: Instant) -> Result<Reply, ApiError> {
        let status = head.status.as_u16();
        let retry_after = header(&head.headers, &RETRY_AFTER)
            .and_then(|value| retry_after::parse(&value, jiff::Timestamp::now()));
        if head.status.is_redirection() {
            self.client.observe(format_args!("< {status}"));
            return Err(self.redirected(head));
        }
        let body = self.read(head, body)?;
        let envelope = Envelope::parse(&body);
        let said = match &envelope {
            Ok(Envelope {
                code: Some(code), ..
            }) => format!("code {}", self.clean(code)),
            _ => "no envelope".to_owned(),
        };
        let milliseconds = sent.elapsed().as_millis();
        self.client.observe(format_args!(
            "< {status} {} in {milliseconds} ms, {said}",
            text::count(body.len(), "byte")
        ));
        if wire::is_too_deep(&body) {
            return Err(self.unexpected_shape(&"it is nested too deep", &body, status));
        }
        match envelope {
            Ok(envelope) if envelope.is_success() && (200..300).contains(&status) => {
                let data = envelope
                    .data
                    .map_or(0..0, |data| range_of(&body, data.get()));
                Ok(Reply {
                    data,
                    body,
                    status,
                    time_unit: self.client.options.time_unit,
                    token: self.token.clone(),
                })
            }
            Ok(Envelope { code: None, .. }) => {
                let why = "`code` is missing";
                Err(self.status_error(&why, &body, status, retry_after))
            }
            Ok(envelope) => Err(self.envelope_error(&envelope, status, retry_after)),
            Err(error) => Err(self.status_error(&error, &body, status, retry_after)),
        }
    }

    /// Reads the body, up to the limit in decompressed bytes.
    fn read(&self, head: &Head, body: impl Read) -> Result<String, ApiError> {
        let limit = self.client.options.max_reply_size;
        let status = head.status.as_u16();
        let declared = head.length.min(limit).min(MAX_RESERVED);
        let coding = ContentCoding::of(&head.headers);
        if let ContentCoding::Unsupported(name) = &coding {
            let why = format!("its content coding is {name:?}");
            // Another status speaks for itself.
            return if status == 200 {
                Err(self.invalid_body(&why, "", status))
            } else {
                Ok(why)
            };
        }
        let mut bytes = Vec::with_capacity(usize::try_from(declared).unwrap_or(0));
        coding
            .read(body, limit.saturating_add(1), &mut bytes)
            .map_err(|error| ApiError::from_body(&error))?;
        if bytes.len() as u64 > limit {
            let error = Error::new(
                ErrorKind::Api,
                format!("the reply is larger than {limit} bytes"),
            );
            return Err(ApiError::permanent(
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
                Err(self.invalid_body(&error.utf8_error(), &lossy, status))
            } else {
                Ok(lossy.into_owned())
            }
        })
    }

    /// Returns the error for a reply with an envelope that does not say success.
    fn envelope_error(
        &self,
        envelope: &Envelope<'_>,
        status: u16,
        retry_after: Option<Duration>,
    ) -> ApiError {
        let is_success = envelope.is_success();
        let code = self.clean(envelope.code.as_deref().unwrap_or_default());
        let info = code::info(if is_success { "" } else { &code });
        let said = match self.clean(&envelope.message()) {
            said if said.is_empty() => String::new(),
            said => format!(": {said}"),
        };
        let (kind, class) = match status {
            _ if info.kind == ErrorKind::RateLimit || status == 429 => (
                ErrorKind::RateLimit,
                FailureClass::RateLimited { retry_after },
            ),
            500.. => (
                ErrorKind::Network,
                FailureClass::ServerError {
                    status,
                    retry_after,
                },
            ),
            _ => (info.kind, FailureClass::Permanent),
        };
        let mut details = Vec::new();
        if !code.is_empty() {
            details.push(format!("code {code}"));
        }
        if status != 200 {
            details.push(format!("HTTP {status}"));
        }
        let details = match &*details.join(", ") {
            "" => String::new(),
            details => format!(" ({details})"),
        };
        let text = if is_success {
            "the reply says success, which its HTTP status does not"
        } else if code.is_empty() {
            "the service's reply has an empty code"
        } else if self.hides_body && kind != ErrorKind::RateLimit {
            // The texts of the codes are about tokens and videos that there are.
            "the service refused"
        } else {
            info.text
        };
        let mut error = Error::new(kind, format!("{text}{details}{said}"));
        error.hint = if code.is_empty() {
            Some("check base_url, or ask the service's support".to_owned())
        } else {
            info.hint.map(str::to_owned)
        };
        // A success code in a failed reply is not a refusal: whether it was accepted is not known.
        error.api_code = (!is_success).then_some(code);
        error.http_status = Some(status);
        ApiError {
            says_success: is_success,
            ..ApiError::new(error, class)
        }
    }

    /// Returns the error for a reply without an envelope, such as a gateway's, by its HTTP status.
    fn status_error(
        &self,
        why: &dyn fmt::Display,
        body: &str,
        status: u16,
        retry_after: Option<Duration>,
    ) -> ApiError {
        let shown = self.body_excerpt(body);
        let with_status = |kind, message| Error {
            http_status: Some(status),
            ..Error::new(kind, message)
        };
        match status {
            200..=299 => self.invalid_body(why, body, status),
            // By these a gateway says that it gave up, and does not know what became of the request
            // (RFC 9110, section 15.5.9; RFC 8470; 460 and 499 are load balancers').
            408 | 425 | 460 | 499 => ApiError::new(
                with_status(
                    ErrorKind::Network,
                    format!("a gateway gave up on the request (HTTP {status}): {shown}"),
                )
                .with_hint("try again later"),
                FailureClass::ConnectionLost,
            ),
            500.. => ApiError::new(
                with_status(
                    ErrorKind::Network,
                    format!("the server failed (HTTP {status}): {shown}"),
                )
                .with_hint("try again later"),
                FailureClass::ServerError {
                    status,
                    retry_after,
                },
            ),
            _ => {
                let info = code::of_http_status(status).map(code::info);
                let kind = info.map_or(ErrorKind::Api, |info| info.kind);
                // Who refuses with a bare 403 is not known: it need not be the service.
                let (text, hint) = match info {
                    Some(info) if status != 403 => (info.text, info.hint),
                    Some(_) => ("access is refused", Some(FORBIDDEN_HINT)),
                    None => ("the server refused", None),
                };
                let hint = hint.unwrap_or("check base_url and the proxy settings");
                let error =
                    with_status(kind, format!("{text} (HTTP {status}): {shown}")).with_hint(hint);
                let class = if kind == ErrorKind::RateLimit {
                    FailureClass::RateLimited { retry_after }
                } else {
                    FailureClass::Permanent
                };
                ApiError::new(error, class)
            }
        }
    }

    fn redirected(&self, head: &Head) -> ApiError {
        let status = head.status.as_u16();
        let to = header(&head.headers, &LOCATION).map(|to| body_excerpt(self.token, &to));
        let (message, hint) = match to {
            Some(to) => (
                format!("the server redirects (HTTP {status}) to {to}"),
                "if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs",
            ),
            None => (
                format!("the server answered HTTP {status}, with neither a reply nor an address"),
                "check base_url and the proxy settings",
            ),
        };
        let error = Error::new(ErrorKind::Api, message).with_hint(hint);
        ApiError::permanent(Error {
            http_status: Some(status),
            ..error
        })
    }

    /// Returns the error for a 200 that is not JSON of the API: it came from somewhere on the way.
    fn invalid_body(&self, why: &dyn fmt::Display, body: &str, status: u16) -> ApiError {
        ApiError {
            class: FailureClass::InvalidBody,
            ..self.unexpected_shape(why, body, status)
        }
    }

    /// Returns the error for a reply that the API page does not describe.
    pub(super) fn unexpected_shape(
        &self,
        why: &dyn fmt::Display,
        body: &str,
        status: u16,
    ) -> ApiError {
        if !self.hides_body {
            return unexpected_shape(self.token, why, body, status);
        }
        // Not even the reason is shown: it can quote the body.
        let error = Error {
            http_status: Some(status),
            ..Error::new(
                ErrorKind::Api,
                format!(
                    "the reply is not what the API describes: {}",
                    self.body_excerpt(body)
                ),
            )
        };
        ApiError::permanent(error.with_hint("check base_url"))
    }

    fn clean(&self, foreign: &str) -> String {
        redacted_excerpt(self.token, foreign, 4 * MAX_EXCERPT)
    }

    fn body_excerpt(&self, body: &str) -> String {
        if self.hides_body && text::html_title(body).is_none() {
            return "its body is not shown, for it can hold tokens".to_owned();
        }
        body_excerpt(self.token, body)
    }
}

/// Maximum bytes reserved for a body before it arrives: its declared length is the sender's word.
const MAX_RESERVED: u64 = 1 << 20;

/// The head of a response.
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    /// The number of bytes in the body, as far as it is known.
    length: u64,
}

pub(super) fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}
