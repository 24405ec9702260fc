//! The tokens that the service issues.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::duration;
use crate::json;
use crate::secret::Secret;

/// The tokens in the reply to a login or a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedTokens {
    /// The token for the calls of the API.
    pub access_token: Secret,
    /// The life of the access token; `None` if the service did not say.
    pub expires_in: Option<Duration>,
    /// The token for refreshes. A refresh need not give a new one.
    pub refresh_token: Option<Secret>,
    /// The life of the refresh token; `None` if the service did not say.
    pub refresh_expires_in: Option<Duration>,
}

/// The `data` of the reply.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenData<'a> {
    #[serde(borrow)]
    access_token: Cow<'a, str>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<Duration>,
    #[serde(borrow, default)]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "seconds")]
    refresh_expires_in: Option<Duration>,
}

impl IssuedTokens {
    /// Parses the `data` of a reply; `None` if it holds no token that a header can carry.
    pub(super) fn parse(data: &str) -> Option<Self> {
        let data: TokenData<'_> = json::object(data).ok()?;
        let refresh_token = data.refresh_token.filter(|token| !token.trim().is_empty());
        Some(Self {
            access_token: Secret::from_token(&data.access_token).ok()?,
            expires_in: data.expires_in,
            refresh_token: match refresh_token {
                Some(token) => Some(Secret::from_token(&token).ok()?),
                None => None,
            },
            refresh_expires_in: data.refresh_expires_in,
        })
    }
}

/// Deserializes a number of seconds, which may be a text and need not be whole. Anything else is `None`:
/// the token is good all the same.
fn seconds<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Duration>, D::Error> {
    let json = <&RawValue>::deserialize(source)?.get();
    let span = json.trim_matches('"').trim().parse().ok();
    let span = span.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok(span
        .filter(|span| !span.is_zero())
        .map(|span| span.min(duration::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_of_a_login_is_parsed() {
        let data = r#"{"accessToken":" Bearer at-1 ","type":"Bearer","expiresIn":7200,
            "refreshToken":"rt-1","refreshExpiresIn":"5184000"}"#;
        let expected = IssuedTokens {
            access_token: Secret::new("at-1"),
            expires_in: Some(Duration::from_hours(2)),
            refresh_token: Some(Secret::new("rt-1")),
            refresh_expires_in: Some(Duration::from_hours(60 * 24)),
        };
        assert_eq!(IssuedTokens::parse(data), Some(expected));
    }

    #[test]
    fn odd_lives_are_unknown_and_long_ones_bounded() {
        for (life, expected) in [
            ("0.25", Some(Duration::from_millis(250))),
            ("\"90\"", Some(Duration::from_secs(90))),
            ("null", None),
            ("-1", None),
            ("0", None),
            ("\"soon\"", None),
            ("[7200]", None),
            ("1e300", None),
            ("1e15", Some(duration::MAX)),
        ] {
            let data = format!(r#"{{"accessToken":"at","expiresIn":{life},"refreshToken":""}}"#);
            let issued = IssuedTokens::parse(&data).unwrap();
            assert_eq!(
                (issued.expires_in, issued.refresh_token),
                (expected, None),
                "{life}"
            );
        }
    }

    #[test]
    fn data_without_a_usable_token_is_none() {
        for data in [
            "",
            "null",
            "{}",
            r#"["at-1",7200]"#,
            r#"{"accessToken":""}"#,
            r#"{"accessToken":7}"#,
            r#"{"accessToken":"t\u0000"}"#,
            r#"{"accessToken":"t","refreshToken":"r\n1"}"#,
        ] {
            assert_eq!(IssuedTokens::parse(data), None, "{data}");
        }
    }
}
