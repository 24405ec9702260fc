//! The checks of `mavi doctor` below the calls of the API: the proxy that a request would take, and
//! whether the address responds at all. No token is sent from here.

use std::fmt;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use reqwest::header::DATE;
use url::Url;

use super::transaction::header;
use super::{HttpClient, ProxyOptions};
use crate::api::api_error::ApiError;
use crate::api::retry_after;
use crate::urls::is_loopback;

/// The proxy that requests to an address take. `Display` omits user name and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its protocol: `http`, `https`, or a kind of `socks`.
    pub scheme: String,
    /// Its name or IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Proxy {
    /// Returns the proxy for requests to this URL, by the rules that the HTTP client itself follows:
    /// `named` if there is one, else the system's; none for this machine.
    #[must_use]
    pub fn of(url: &Url, named: Option<&ProxyOptions>) -> Option<Self> {
        if is_loopback(url) {
            return None;
        }
        let target = url.as_str().parse().ok()?;
        let matcher = match named {
            Some(ProxyOptions { url, no_proxy }) => {
                let matcher = Matcher::builder().all(url.as_str());
                matcher.no(no_proxy.as_str()).build()
            }
            None => Matcher::from_system(),
        };
        let proxy = matcher.intercept(&target)?;
        let uri = proxy.uri();
        let scheme = uri.scheme_str().unwrap_or("http");
        let usual = match scheme {
            "http" => 80,
            "https" => 443,
            _ => 1080,
        };
        Some(Self {
            host: uri.host()?.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(usual),
            scheme: scheme.to_owned(),
        })
    }

    /// Returns `true` if it gets the names of hosts, which `socks4` and `socks5` leave to this machine.
    #[must_use]
    pub fn resolves_names(&self) -> bool {
        !matches!(&*self.scheme, "socks4" | "socks5")
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port } = self;
        if host.contains(':') {
            write!(f, "{scheme}://[{host}]:{port}")
        } else {
            write!(f, "{scheme}://{host}:{port}")
        }
    }
}

/// The response to a HEAD request, whatever its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeResponse {
    /// The server's clock (RFC 9110, section 6.6.1), to the second; `None` if it sent no date.
    pub date: Option<Timestamp>,
}

impl HttpClient {
    /// Sends a HEAD request to the base URL, without a token. Any response is a success.
    pub fn probe(&self, timeout: Duration) -> Result<ProbeResponse, ApiError> {
        let url = self.options.base_url.clone();
        self.observe(format_args!("> HEAD {url}"));
        let response = self
            .client
            .head(url)
            .timeout(timeout)
            .send()
            .map_err(|error| ApiError::from_transport(&error))?;
        self.observe(format_args!("< {}", response.status().as_u16()));
        let date = header(response.headers(), &DATE);
        Ok(ProbeResponse {
            date: date.and_then(|date| retry_after::http_date(&date)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_displays_as_address() {
        let proxy = |host: &str| Proxy {
            scheme: "http".to_owned(),
            host: host.to_owned(),
            port: 3128,
        };
        assert_eq!(proxy("proxy").to_string(), "http://proxy:3128");
        assert_eq!(proxy("::1").to_string(), "http://[::1]:3128");
    }

    #[test]
    fn requests_to_loopback_take_no_proxy() {
        for url in ["http://localhost:1", "http://127.0.0.1", "https://[::1]/x"] {
            assert_eq!(Proxy::of(&Url::parse(url).unwrap(), None), None, "{url}");
        }
    }
}
