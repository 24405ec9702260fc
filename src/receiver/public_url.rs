//! The callback address as others see it.

use std::net::SocketAddr;

use url::{Host, Url};

use super::secret_path::SecretPath;
use crate::error::Error;

/// Parses the value of `--public-url`. Fails with kind `usage` if nothing can be sent to it, or if it would
/// show a secret.
pub(crate) fn parse(text: &str) -> Result<Url, Error> {
    let invalid = |why: &str| {
        Error::usage(format!("--public-url {why}"))
            .with_hint("give an address such as https://ci.example.com/mavi")
    };
    let url = Url::parse(text).map_err(|error| match error {
        _ if text.trim().is_empty() => invalid("is empty"),
        url::ParseError::RelativeUrlWithoutBase => invalid("must start with http:// or https://"),
        error => invalid(&format!("is not an address: {error}")),
    })?;
    validate(&url)?;
    Ok(url)
}

/// Fails with kind `usage` if nothing can be sent to this URL, or if it would show a secret.
fn validate(url: &Url) -> Result<(), Error> {
    let why = if !matches!(url.scheme(), "http" | "https") {
        "must start with http:// or https://"
    } else if url.query().is_some() || url.fragment().is_some() {
        "must not have a query or a fragment"
    } else if !is_callable(url) {
        "must be an address that can be called: that one only serves to listen on"
    } else if !url.username().is_empty() || url.password().is_some() {
        "must not hold a user name or a password: the address is shown to others"
    } else {
        return Ok(());
    };
    Err(Error::usage(format!("--public-url {why}"))
        .with_hint("give an address such as https://ci.example.com/mavi"))
}

/// Returns `true` if the URL's host can be connected to: 0.0.0.0 and [::] only serve to listen on.
pub(crate) fn is_callable(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => !ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => !ip.is_unspecified(),
        Some(Host::Domain(_)) => true,
        None => false,
    }
}

/// Returns warnings about the address of a receiver: one that others cannot reach, or that they can read
/// along. `is_public` says that the callback address is a public URL.
pub(crate) fn address_warnings(
    addr: SocketAddr,
    callback_url: &str,
    is_public: bool,
) -> Vec<String> {
    let (ip, mut warnings) = (addr.ip(), Vec::new());
    if ip.is_unspecified() && !is_public {
        warnings.push(format!(
            "listening on all addresses of this machine, and the service cannot reach {ip}: pass a \
             reachable address with --public-url, or listen on one that others can reach"
        ));
    }
    if !ip.is_loopback() && callback_url.starts_with("http:") {
        warnings.push(format!(
            "callbacks to {addr} are not encrypted: put a reverse proxy that speaks HTTPS in front of \
             it, and pass its address with --public-url"
        ));
    }
    warnings
}

/// Returns the callback address: the secret path below the public URL or the address listened on.
pub(super) fn callback_url(public: Option<&Url>, addr: SocketAddr, path: &SecretPath) -> String {
    let base = public.map_or_else(|| format!("http://{addr}"), Url::to_string);
    format!("{}/{}", base.trim_end_matches('/'), path.expose())
}
