//! A call that failed: the error to report, and the class of the failure, by which the engine decides
//! whether and when the call is repeated.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use rustls::{CertificateError, OtherError};

use super::code;
use crate::error::{Error, ErrorKind};
use crate::ids::{TaskNo, VideoNo};

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct ApiError {
    /// The error to report.
    pub error: Error,
    /// The class of the failure.
    pub class: FailureClass,
    /// The task that the reply to a submit named although it said that the submit failed: it may have
    /// been accepted after all.
    pub named_task: Option<TaskNo>,
    /// The video that the reply to an upload named although it said that the upload failed: it may have
    /// been accepted after all.
    pub named_video: Option<VideoNo>,
    /// The last bytes of an upload were not handed over, so that it was not accepted.
    pub is_incomplete: bool,
    /// The code of the reply says success although its HTTP status does not.
    pub says_success: bool,
    /// The token was refused, and a repeated call uses another one.
    pub renews_token: bool,
}

/// The classes of failures, as far as repeating a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// Nothing was sent: connection refused, no such host, no TLS.
    NotConnected,
    /// Nothing was sent: no token could be fetched.
    NoToken,
    /// Timed out or cut off after something was sent, or a gateway says so (HTTP 408, 425, 460, 499): the
    /// outcome is not known.
    ConnectionLost,
    /// HTTP 5xx.
    ServerError {
        /// The HTTP status.
        status: u16,
        /// The wait that its `Retry-After` asked for, if it could be read.
        retry_after: Option<Duration>,
    },
    /// Code 0429 or HTTP 429: not accepted.
    RateLimited {
        /// The wait that its `Retry-After` asked for, if it could be read.
        retry_after: Option<Duration>,
    },
    /// HTTP 2xx with something else than the API's JSON, such as a captive portal's page.
    InvalidBody,
    /// The service refused, or anything else that stays as it is.
    Permanent,
}

impl ApiError {
    /// Creates a failure of this class.
    #[must_use]
    pub const fn new(error: Error, class: FailureClass) -> Self {
        Self {
            error,
            class,
            named_task: None,
            named_video: None,
            is_incomplete: false,
            says_success: false,
            renews_token: false,
        }
    }

    /// Creates a failure that repeating the call does not mend.
    #[must_use]
    pub const fn permanent(error: Error) -> Self {
        Self::new(error, FailureClass::Permanent)
    }

    /// Returns `true` if the service refused the token (0401, or a bare HTTP 401), so that a fresh
    /// one might help. A reply with signs of success refuses nothing.
    #[must_use]
    pub fn is_token_refused(&self) -> bool {
        self.class == FailureClass::Permanent
            && self.named_task.is_none()
            && self.named_video.is_none()
            && (self.error.api_code.as_deref() == Some(code::UNAUTHORIZED)
                || (self.error.kind == ErrorKind::Auth && self.error.http_status == Some(401)))
    }

    /// Returns `true` if the service refused what a call about tokens gave it, a code or a refresh token,
    /// so that asking again does not help.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.class == FailureClass::Permanent
            && (self.error.api_code.is_some() || matches!(self.error.http_status, Some(400 | 401)))
    }

    /// Returns `true` if the service knows no such task, or none of this account: 0001 or 0003.
    #[must_use]
    pub fn is_unknown_task(&self) -> bool {
        let code = self.error.api_code.as_deref();
        self.class == FailureClass::Permanent && matches!(code, Some("0001" | "0003"))
    }

    /// Returns the failure behind an error of the HTTP library.
    pub(super) fn from_transport(error: &reqwest::Error) -> Self {
        let why = root_cause(error);
        let (message, hint, class) = if error.is_connect() && error.is_timeout() {
            (
                "the connection timed out".to_owned(),
                NETWORK_HINT,
                FailureClass::NotConnected,
            )
        } else if error.is_timeout() {
            return Self::timed_out();
        } else if error.is_connect() {
            let hint = find_cause(error).map_or(NETWORK_HINT, tls_hint);
            (
                format!("could not connect: {why}"),
                hint,
                FailureClass::NotConnected,
            )
        } else if error.is_builder() {
            // A URL of more than 64 kB, for one.
            (
                format!("the request could not be made: {why}"),
                "check base_url, and whether the ID is one",
                FailureClass::Permanent,
            )
        } else {
            (
                format!("the connection was cut: {why}"),
                NETWORK_HINT,
                FailureClass::ConnectionLost,
            )
        };
        Self::new(
            Error::new(ErrorKind::Network, message).with_hint(hint),
            class,
        )
    }

    /// Returns the failure behind an error while the body of a reply was read.
    pub(super) fn from_body(error: &io::Error) -> Self {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
        {
            Some(error) if error.is_timeout() => Self::timed_out(),
            Some(error) => Self::cut_short(error),
            None => Self::cut(&error.to_string()),
        }
    }

    /// Returns the failure behind an error of the HTTP library while the body of a reply was read.
    pub(super) fn cut_short(error: &reqwest::Error) -> Self {
        Self::cut(&root_cause(error))
    }

    /// Returns the failure of a call that took longer than its time limit.
    pub(super) fn timed_out() -> Self {
        Self::lost(
            "the service did not answer in time",
            "try again, or raise --request-timeout",
        )
    }

    /// Returns the failure of an upload whose connection has taken no more of the file for the time limit.
    pub(super) fn stalled() -> Self {
        Self::lost(
            "the upload made no progress in time",
            "check the network, or raise --request-timeout",
        )
    }

    /// Returns the failure of an upload that its observer aborted.
    pub(super) fn cancelled() -> Self {
        let error = Error::new(ErrorKind::Interrupted, "the upload was cancelled");
        Self::new(error, FailureClass::ConnectionLost)
    }

    fn lost(message: &str, hint: &str) -> Self {
        let error = Error::new(ErrorKind::Network, message).with_hint(hint);
        Self::new(error, FailureClass::ConnectionLost)
    }

    fn cut(why: &str) -> Self {
        Self::lost(&format!("the reply was cut short: {why}"), NETWORK_HINT)
    }
}

const NETWORK_HINT: &str =
    "check the network, the proxy settings and base_url; `mavi doctor` names what is wrong";

/// The hint for a certificate that is not trusted.
const CERTIFICATE_HINT: &str = "if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE";

fn tls_hint(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(_) => CERTIFICATE_HINT,
        rustls::Error::InvalidMessage(_) => {
            "the server does not speak TLS there: check the scheme and the port in base_url"
        }
        _ => NETWORK_HINT,
    }
}

type Cause = dyn std::error::Error + 'static;

/// Returns the causes of an error, from the outside in.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &Cause> {
    std::iter::successors(error.source(), |&cause| {
        // An io::Error may hide the TLS error that it carries from `source`.
        cause
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref().map(|inner| inner as &Cause))
            .or_else(|| cause.source())
    })
}

fn find_cause<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Returns the innermost cause: the outer layers of the HTTP library repeat the URL and say little.
fn root_cause(error: &reqwest::Error) -> String {
    let said = match (find_cause(error), causes(error).last()) {
        // Its own words for these are those of a debugger.
        (Some(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(why)))), _) => {
            format!("the server's certificate cannot be trusted: {why}")
        }
        (_, Some(cause)) => cause.to_string(),
        (_, None) => "no reason was given".to_owned(),
    };
    crate::text::excerpt(&said, 300)
}
