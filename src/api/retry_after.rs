//! The `Retry-After` header and the dates of HTTP (RFC 9110, sections 10.2.3 and 5.6.7).

use std::time::Duration;

use jiff::Timestamp;

/// Returns the wait from `now` that a `Retry-After` header asks for (RFC 9110, section 10.2.3): seconds, or
/// an HTTP date in any of its three forms (section 5.6.7), zero if that has passed. `None` if it is
/// neither. Not capped: the engine caps it.
#[must_use]
pub(super) fn parse(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only digits, so all that can be wrong is that there are too many.
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::MAX)));
    }
    let wait = http_date(header)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// Parses an HTTP date in any of its three forms (RFC 9110, section 5.6.7).
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses_seconds_and_every_date_form() {
        let now: Timestamp = "1994-11-06T08:49:00Z".parse().unwrap();
        for (header, expected) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 5 ", Some(5)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(37)),
            ("Sun Nov  6 08:49:37 1994", Some(37)),
            ("Sun, 06 Nov 1994 08:48:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1e3", None),
            ("soon", None),
            ("٣", None),
            ("Sun, 32 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994", None),
        ] {
            assert_eq!(
                parse(header, now),
                expected.map(Duration::from_secs),
                "{header:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn parse_never_panics(header in "\\PC{0,40}", seconds in -1_000_000_000i64..10_000_000_000) {
            let _ = parse(&header, Timestamp::from_second(seconds).unwrap());
        }
    }
}
