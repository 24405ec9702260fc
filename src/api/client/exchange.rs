//! One request and its reply: what is accepted, and what every other reply comes to.

use std::fmt;
use std::io::Read as _;
use std::time::{Duration, Instant};

use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{LOCATION, RETRY_AFTER};

use super::super::api_error::{ApiError, FailureClass};
use super::super::code;
use super::super::retry_after;
use super::super::wire;
use super::Client;
use super::reply::{EXCERPT, Reply, body_shown, place_in, shown, undescribed};
use crate::envelope::Envelope;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// Where the refusal has no words of the service.
const FORBIDDEN_HINT: &str = "a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account";

/// One request on its way, with the token that must not appear in anything said about it.
pub(super) struct Exchange<'c> {
    pub client: &'c Client,
    pub token: &'c Secret,
}

impl Exchange<'_> {
    /// Sends the request and reads the reply; anything but a success is a failure.
    pub(super) fn run(
        &self,
        request: RequestBuilder,
        timeout: Duration,
    ) -> Result<Reply, ApiError> {
        let sent = Instant::now();
        let response = request.timeout(timeout).send().map_err(|error| {
            let failure = ApiError::from_transport(&error);
            self.client.observe(format_args!("< {}", failure.error));
            failure
        })?;
        let status = response.status().as_u16();
        let retry_after = header(&response, &RETRY_AFTER)
            .and_then(|value| retry_after::parse(&value, jiff::Timestamp::now()));
        if response.status().is_redirection() {
            self.client.observe(format_args!("< {status}"));
            return Err(self.redirected(&response));
        }
        let body = self.read(response)?;
        let envelope = Envelope::parse(&body);
        let said = match &envelope {
            Ok(Envelope {
                code: Some(code), ..
            }) => format!("code {}", self.clean(code)),
            _ => "no envelope".to_owned(),
        };
        let milliseconds = sent.elapsed().as_millis();
        self.client.observe(format_args!(
            "< {status} {} bytes in {milliseconds} ms, {said}",
            body.len()
        ));
        if wire::is_too_deep(&body) {
            return Err(self.undescribed(&"it is nested too deep", &body, status));
        }
        let reply = match envelope {
            Ok(envelope) if envelope.is_success() && (200..300).contains(&status) => {
                let data = envelope
                    .data
                    .map_or(0..0, |data| place_in(&body, data.get()));
                return Ok(Reply {
                    data,
                    body,
                    status,
                    time_unit: self.client.options.time_unit,
                    token: self.token.clone(),
                });
            }
            Ok(Envelope { code: None, .. }) => {
                let why = "`code` is missing";
                Err(self.without_envelope(&why, &body, status, retry_after))
            }
            Ok(envelope) => Err(self.refused(&envelope, status, retry_after)),
            Err(error) => Err(self.without_envelope(&error, &body, status, retry_after)),
        };
        reply.map_err(|error| ApiError {
            named_task: wire::named_task(&body),
            ..error
        })
    }

    /// Reads the body, up to the limit. The limit counts decompressed bytes.
    fn read(&self, response: Response) -> Result<String, ApiError> {
        let limit = self.client.options.max_reply_size;
        let status = response.status().as_u16();
        let declared = response
            .content_length()
            .unwrap_or(0)
            .min(limit)
            .min(MAX_RESERVED);
        let mut bytes = Vec::with_capacity(usize::try_from(declared).unwrap_or(0));
        response
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
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
    ) -> ApiError {
        let is_success = envelope.is_success();
        let code = self.clean(envelope.code.as_deref().unwrap_or_default());
        let meaning = code::meaning(if is_success { "" } else { &code });
        let said = match self.clean(&envelope.message()) {
            said if said.is_empty() => String::new(),
            said => format!(": {said}"),
        };
        let (kind, class) = match status {
            _ if meaning.kind == ErrorKind::RateLimit || status == 429 => (
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
            _ => (meaning.kind, FailureClass::Permanent),
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
        ApiError {
            says_success: is_success,
            ..ApiError::new(error, class)
        }
    }

    /// A reply that is not the API's: a proxy's, a gateway's, a broken one.
    fn without_envelope(
        &self,
        why: &dyn fmt::Display,
        body: &str,
        status: u16,
        retry_after: Option<Duration>,
    ) -> ApiError {
        let shown = self.shown(body);
        let with_status = |kind, message| Error {
            http_status: Some(status),
            ..Error::new(kind, message)
        };
        match status {
            200 => self.unreadable(why, body, status),
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
                let meaning = code::of_http_status(status).map(code::meaning);
                let kind = meaning.map_or(ErrorKind::Api, |meaning| meaning.kind);
                // Who refuses with a bare 403 is not known: it need not be the service.
                let (text, hint) = match meaning {
                    Some(meaning) if status != 403 => (meaning.text, meaning.hint),
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

    fn redirected(&self, response: &Response) -> ApiError {
        let status = response.status().as_u16();
        let to =
            header(response, &LOCATION).map_or_else(|| "nowhere".to_owned(), |to| self.shown(&to));
        let error = Error::new(
            ErrorKind::Api,
            format!("the server redirects (HTTP {status}) to {to}"),
        );
        let error = error.with_hint(
            "if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs",
        );
        ApiError::permanent(Error {
            http_status: Some(status),
            ..error
        })
    }

    /// A 200 that is not the API's JSON at all: it came from somewhere on the way.
    fn unreadable(&self, why: &dyn fmt::Display, body: &str, status: u16) -> ApiError {
        ApiError {
            class: FailureClass::InvalidBody,
            ..self.undescribed(why, body, status)
        }
    }

    /// A reply of the API that is not what its page describes.
    fn undescribed(&self, why: &dyn fmt::Display, body: &str, status: u16) -> ApiError {
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
const MAX_RESERVED: u64 = 1 << 20;

pub(super) fn header(response: &Response, name: &reqwest::header::HeaderName) -> Option<String> {
    response
        .headers()
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
