//! A call that failed: what to tell the user, and what kind of trouble it was, which is what the
//! retry policy and the journal go by.

use std::error::Error as _;
use std::io;

use super::code;
use super::retry::Trouble;
use crate::error::{Error, Kind};

/// A failed call.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub struct Failure {
    /// What to tell the user.
    pub error: Error,
    /// What kind of trouble it was.
    pub trouble: Trouble,
}

impl Failure {
    /// A final answer.
    #[must_use]
    pub fn fatal(error: Error) -> Self {
        Self {
            error,
            trouble: Trouble::Final,
        }
    }

    /// Whether a fresh token might help.
    #[must_use]
    pub fn is_token_refused(&self) -> bool {
        self.error.api_code.as_deref() == Some(code::UNAUTHORIZED)
            || (self.error.kind == Kind::Auth && self.error.http_status == Some(401))
    }

    /// Whether the service says that there is no such task, or none of this account: 0001 or 0003.
    #[must_use]
    pub fn is_unknown_task(&self) -> bool {
        let code = self.error.api_code.as_deref();
        matches!(self.trouble, Trouble::Final) && matches!(code, Some("0001" | "0003"))
    }

    /// Whether a submit that failed like this was certainly not accepted, and so not paid for.
    #[must_use]
    pub fn is_certainly_not_accepted(&self) -> bool {
        match self.trouble {
            Trouble::NotConnected | Trouble::RateLimited { .. } => true,
            Trouble::ServerError {
                status,
                retry_after,
            } => status == 503 && retry_after.is_some(),
            Trouble::Cut | Trouble::Unreadable => false,
            // A refusal was not accepted; a success that we cannot read may well have been.
            Trouble::Final => {
                self.error.api_code.is_some()
                    || self.error.kind != Kind::Api
                    || self
                        .error
                        .http_status
                        .is_some_and(|status| (300..500).contains(&status))
            }
        }
    }

    /// The failure behind an error of the HTTP library, in one sentence.
    pub(super) fn from_transport(error: &reqwest::Error) -> Self {
        let why = innermost(error);
        let (message, hint, trouble) = if error.is_connect() && error.is_timeout() {
            (
                "the connection timed out".to_owned(),
                NETWORK_HINT,
                Trouble::NotConnected,
            )
        } else if error.is_timeout() {
            (
                "the service did not answer in time".to_owned(),
                "try again, or raise --request-timeout",
                Trouble::Cut,
            )
        } else if error.is_connect() {
            let hint = find_cause(error).map_or(NETWORK_HINT, tls_hint);
            (
                format!("could not connect: {why}"),
                hint,
                Trouble::NotConnected,
            )
        } else if error.is_builder() {
            (
                format!("the request could not be made: {why}"),
                NETWORK_HINT,
                Trouble::NotConnected,
            )
        } else {
            (
                format!("the connection was cut: {why}"),
                NETWORK_HINT,
                Trouble::Cut,
            )
        };
        Self {
            error: Error::new(Kind::Network, message).with_hint(hint),
            trouble,
        }
    }

    /// The failure behind an error while the reply's body was read.
    pub(super) fn from_body(error: &io::Error) -> Self {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
        {
            Some(error) if error.is_timeout() => Self::from_transport(error),
            Some(error) => Self::cut(&innermost(error)),
            None => Self::cut(&error.to_string()),
        }
    }

    fn cut(why: &str) -> Self {
        let error = Error::new(Kind::Network, format!("the reply was cut short: {why}"))
            .with_hint(NETWORK_HINT);
        Self {
            error,
            trouble: Trouble::Cut,
        }
    }
}

const NETWORK_HINT: &str =
    "check the network, the proxy settings and base_url; `mavi doctor` names what is wrong";

/// What to do about a certificate that is not trusted.
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

/// What is behind an error, from the outside in.
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

/// The innermost cause: the outer layers of the HTTP library repeat the URL and say little.
fn innermost(error: &reqwest::Error) -> String {
    let said = causes(error).last().map_or_else(
        || "no reason was given".to_owned(),
        std::string::ToString::to_string,
    );
    crate::text::excerpt(&said, 300)
}
