//! What a value must be beyond its type. Errors name the flag, variable or key at fault: kind `usage`
//! for a flag, `config` for everything else. Addresses are not shown in them, because an address may
//! carry a password or a key.

use std::time::Duration;

use url::Url;

use super::settings::{Captions, Origin, Setting};
use crate::error::Error;
use crate::urls::{is_loopback, parse_http};

/// More threads than this help nobody, and some systems cannot start them.
const MOST_JOBS: usize = 1024;

/// About ten years: far beyond any use, and far below where clocks overflow.
const LONGEST: Duration = Duration::from_hours(87840);

/// The error for a value from this place.
pub(super) fn blame(origin: &Origin, message: impl Into<String>) -> Error {
    match origin {
        Origin::Flag => Error::usage(message),
        _ => Error::config(message),
    }
}

fn refuse(key: &str, origin: &Origin, why: &str) -> Error {
    blame(origin, format!("{} {why}", origin.describe(key)))
}

/// The base URL: absolute http(s), nothing in it but host, port and path; plain http only to this
/// machine or where that is allowed.
pub(super) fn base_url(text: Setting<String>, allow_http: bool) -> Result<Setting<Url>, Error> {
    let Setting { value, origin } = text;
    let refuse = |why| refuse("base_url", &origin, why);
    let mut url = parse_http(&value).ok_or_else(|| {
        refuse("is not an absolute http or https address")
            .with_hint("write it as https://host or https://host/prefix")
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not hold a user name or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("must not hold a query (?) or a fragment (#)"));
    }
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        let named = origin.describe("base_url");
        let host = url.host_str().unwrap_or_default();
        return Err(Error::config(format!(
            "plain http refused: {named} would send the token unencrypted to {host}"
        ))
        .with_hint(
            "use https, or set `allow_http = true` in the configuration file if you trust the network",
        ));
    }
    // One spelling for one place: the journal compares base URLs.
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(Setting::new(url, origin))
}

/// The callback: an absolute http(s) URL, kept as it was written.
pub(super) fn callback(
    callback: Setting<Option<String>>,
) -> Result<Setting<Option<String>>, Error> {
    match &callback.value {
        Some(text) if parse_http(text).is_none() => Err(refuse(
            "submit.callback",
            &callback.origin,
            "is not an absolute http or https address",
        )
        .with_hint("write it as https://host/path")),
        _ => Ok(callback),
    }
}

/// At least one, and not more than a system can start.
pub(super) fn jobs(jobs: Setting<usize>) -> Result<Setting<usize>, Error> {
    if (1..=MOST_JOBS).contains(&jobs) {
        return Ok(jobs);
    }
    let why = format!("must be from 1 to {MOST_JOBS}");
    Err(refuse("jobs", &jobs.origin, &why))
}

/// Longer than nothing.
pub(super) fn request_timeout(timeout: Setting<Duration>) -> Result<Setting<Duration>, Error> {
    let key = "request_timeout";
    if timeout.is_zero() {
        return Err(refuse(key, &timeout.origin, "must be longer than 0"));
    }
    span(key, *timeout, &timeout.origin)?;
    Ok(timeout)
}

/// Not so long that adding it to a point in time would overflow.
pub(super) fn span(key: &str, span: Duration, origin: &Origin) -> Result<(), Error> {
    if span <= LONGEST {
        return Ok(());
    }
    Err(refuse(key, origin, "must be at most 10 years"))
}

/// Limits that some caption can meet.
pub(super) fn captions(captions: Captions) -> Result<Captions, Error> {
    let counts = [
        (
            "max_line_width",
            *captions.max_line_width,
            &captions.max_line_width.origin,
        ),
        ("max_lines", *captions.max_lines, &captions.max_lines.origin),
        (
            "max_cps",
            *captions.max_cps as usize,
            &captions.max_cps.origin,
        ),
    ];
    for (key, count, origin) in counts {
        if count == 0 {
            return Err(refuse(
                &format!("captions.{key}"),
                origin,
                "must be at least 1",
            ));
        }
    }
    let Captions {
        min_duration,
        max_duration,
        min_gap,
        ..
    } = &captions;
    for (key, duration) in [
        ("captions.min_duration", min_duration),
        ("captions.max_duration", max_duration),
        ("captions.min_gap", min_gap),
    ] {
        span(key, **duration, &duration.origin)?;
    }
    if **max_duration < **min_duration || max_duration.is_zero() {
        // The flag is at fault where one was given: the file alone may have been right.
        let origin = match min_duration.origin {
            Origin::Flag => &min_duration.origin,
            _ => &max_duration.origin,
        };
        let message = if max_duration.is_zero() {
            format!(
                "{} must be longer than 0",
                max_duration.origin.describe("captions.max_duration")
            )
        } else {
            format!(
                "{} is shorter than {}",
                max_duration.origin.describe("captions.max_duration"),
                min_duration.origin.describe("captions.min_duration")
            )
        };
        return Err(blame(origin, message));
    }
    Ok(captions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn checked(text: &str, allow_http: bool) -> Result<String, Error> {
        base_url(Setting::new(text.to_owned(), Origin::Flag), allow_http)
            .map(|url| url.value.to_string())
    }

    #[test]
    fn a_base_url_is_a_host_and_maybe_a_prefix() {
        for (text, url) in [
            ("https://example.com", "https://example.com/"),
            ("HTTPS://Example.com:8443/", "https://example.com:8443/"),
            ("https://example.com/api/v1/", "https://example.com/api/v1"),
            ("http://localhost:80", "http://localhost/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("http://127.8.9.1", "http://127.8.9.1/"),
            ("http://[::1]:9", "http://[::1]:9/"),
        ] {
            assert_eq!(checked(text, false).as_deref(), Ok(url), "{text}");
        }
        for bad in [
            "",
            "example.com",
            "//example.com",
            "https:example.com",
            "https:///example.com",
            "https://",
            "ftp://example.com",
            "file:///etc/passwd",
            "https://exa mple.com",
            "https://example.com\n",
            "https://user@example.com",
            "https://:hunter2@example.com",
            "https://user:hunter2@example.com",
            "https://example.com?key=hunter2",
            "https://example.com/#hunter2",
        ] {
            let error = checked(bad, true).unwrap_err();
            assert_eq!(error.kind, Kind::Usage, "{bad}");
            assert!(error.message.starts_with("--base-url "), "{bad}");
            assert!(!error.for_people().contains("hunter2"), "{bad}");
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for elsewhere in [
            "http://example.com",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://[::2]",
        ] {
            let error = checked(elsewhere, false).unwrap_err();
            assert_eq!(error.kind, Kind::Config, "{elsewhere}");
            assert!(error.message.starts_with("plain http refused: "), "{error}");
            assert!(error.hint.unwrap().contains("allow_http = true"));
            assert!(checked(elsewhere, true).is_ok(), "{elsewhere}");
        }
    }

    #[test]
    fn a_callback_is_kept_as_it_was_written() {
        let check = |text: &str, origin| callback(Setting::new(Some(text.to_owned()), origin));
        let text = "https://example.com/hook?key=%7e";
        let kept = check(text, Origin::Flag).unwrap();
        assert_eq!(kept.value.as_deref(), Some(text));
        for bad in ["/hook", "example.com/hook", "ftp://example.com", "https://"] {
            assert_eq!(check(bad, Origin::Flag).unwrap_err().kind, Kind::Usage);
            assert_eq!(check(bad, Origin::File).unwrap_err().kind, Kind::Config);
        }
    }
}
