//! Checks of URLs that more than one room makes.

use url::{Host, Url};

/// Returns `true` if the host of the URL can only be this machine: `localhost` or a loopback address.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Parses an absolute http or https URL with a host. Returns `None` for anything else, also for
/// what the URL Standard would repair: `http:host`, and line breaks and spaces around.
#[must_use]
pub fn parse_http(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !http || rest.starts_with(['/', '\\']) || text.chars().any(|c| c.is_control() || c == ' ') {
        return None;
    }
    Url::parse(text).ok().filter(Url::has_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_localhost_or_a_loopback_address() {
        for (url, loopback) in [
            ("http://localhost:1", true),
            ("http://LOCALHOST", true),
            ("http://127.8.9.1", true),
            ("https://[::1]/x", true),
            ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://0.0.0.0", false),
            ("file:///x", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), loopback, "{url}");
        }
    }
}
