//! The response codes of the service. Source: the API page "Code", v1.0, and for 0402, 0409 and 0429 its
//! later versions.

use crate::error::ErrorKind;

/// The code of a request beyond the rate limit; it was not accepted.
pub const RATE_LIMITED: &str = "0429";
/// The code of a token that is invalid or has expired.
pub const UNAUTHORIZED: &str = "0401";

/// The error behind a code of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The kind of the error.
    pub kind: ErrorKind,
    /// The reason, for the error message.
    pub text: &'static str,
    /// The hint, where there is something to do.
    pub hint: Option<&'static str>,
}

/// Returns the error behind a code of refusal; an undocumented code has one too.
#[must_use]
pub fn info(code: &str) -> CodeInfo {
    let (kind, text, hint) = match code {
        "0001" | "0003" => (
            ErrorKind::Api,
            "a parameter is wrong",
            Some("check the ID; it must belong to this account"),
        ),
        // The hint is that of the token's source.
        UNAUTHORIZED => (ErrorKind::Auth, "the token is invalid or has expired", None),
        "0403" => (
            ErrorKind::Auth,
            "the account is disabled",
            Some("ask the service's support"),
        ),
        "9009" => (
            ErrorKind::Auth,
            "permission denied",
            Some("use a token of the account that owns the video"),
        ),
        "0402" => (
            ErrorKind::Api,
            "not enough credit",
            Some("add credit to the account, then run the command again"),
        ),
        "0409" => (ErrorKind::Api, "duplicate request", None),
        RATE_LIMITED => (
            ErrorKind::RateLimit,
            "the rate limit is exceeded",
            Some("wait a minute, or give --retries a higher number"),
        ),
        _ => (
            ErrorKind::Api,
            "the service refused",
            Some("look the code up in the service's list of response codes, or ask its support"),
        ),
    };
    CodeInfo { kind, text, hint }
}

/// Returns `true` if the service documents the code as that of a refusal.
#[must_use]
pub fn is_documented(code: &str) -> bool {
    matches!(
        code,
        "0001" | "0003" | UNAUTHORIZED | "0402" | "0403" | "0409" | RATE_LIMITED | "9009"
    )
}

/// Returns the code that an HTTP status without an envelope stands for.
#[must_use]
pub fn of_http_status(status: u16) -> Option<&'static str> {
    match status {
        401 => Some(UNAUTHORIZED),
        403 => Some("0403"),
        429 => Some(RATE_LIMITED),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorKind::{Api, Auth, RateLimit};
    use super::info;

    #[test]
    fn every_documented_code_has_its_kind() {
        let kinds = [
            "0001", "0003", "0401", "0403", "9009", "0402", "0409", "0429", "1234",
        ]
        .map(|code| info(code).kind);
        assert_eq!(
            kinds,
            [Api, Api, Auth, Auth, Auth, Api, Api, RateLimit, Api]
        );
    }
}
