//! Checks of values that depend on other values. Errors name flag, variable or key; addresses are not
//! shown, because they can hold a password or a key.

use super::keys::Values;
use super::origin::Origin;
use crate::error::Error;
use crate::urls::is_loopback;

/// Refuses plain http to other machines, unless it is allowed.
pub(super) fn base_url(values: &Values) -> Result<(), Error> {
    let url = &values.base_url;
    if url.scheme() != "http" || *values.allow_http || is_loopback(url) {
        return Ok(());
    }
    let named = url.origin.describe("base_url");
    let host = url.host_str().unwrap_or_default();
    Err(Error::config(format!(
        "plain http refused: {named} would send the token unencrypted to {host}"
    ))
    .with_hint(
        "use https, or set `allow_http = true` in the configuration file if you trust the network",
    ))
}

/// Refuses a minimum duration of cues above the maximum.
pub(super) fn cue_durations(values: &Values) -> Result<(), Error> {
    let (min, max) = (&values.captions.min_duration, &values.captions.max_duration);
    if **min <= **max {
        return Ok(());
    }
    // The flag is at fault where one was given: the file alone may have been right.
    let at_fault = if min.origin == Origin::Flag { min } else { max };
    Err(at_fault.origin.error(format!(
        "{} is shorter than {}",
        max.origin.describe("captions.max_duration"),
        min.origin.describe("captions.min_duration")
    )))
}

#[cfg(test)]
mod tests {
    use crate::config::{Env, Layer, Selection, Settings};
    use crate::error::ErrorKind;

    #[test]
    fn plain_http_is_for_this_machine_unless_allowed() {
        let check = |url: &str, allow_http| {
            let flags = Layer {
                base_url: Some(url.parse().unwrap()),
                allow_http: Some(allow_http),
                ..Layer::default()
            };
            Settings::load(&Selection::default(), flags, &Env::default())
        };
        for elsewhere in [
            "http://example.com",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://[::2]",
        ] {
            let error = check(elsewhere, false).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Config, "{elsewhere}");
            assert!(error.message.starts_with("plain http refused: "), "{error}");
            assert!(error.hint.unwrap().contains("allow_http = true"));
            assert!(check(elsewhere, true).is_ok(), "{elsewhere}");
        }
        for here in ["http://localhost", "http://127.8.9.1", "http://[::1]:9"] {
            assert!(check(here, false).is_ok(), "{here}");
        }
    }
}
