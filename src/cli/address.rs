//! Addresses to listen on: an IP address or a host name, with a port. Names are resolved here, so that
//! the rest of the program handles socket addresses only.

use std::net::{SocketAddr, ToSocketAddrs as _};

/// Parses an address. For a name with several addresses, returns an IPv4 one if there is one: that is
/// what most senders and proxies mean by `localhost`.
pub(super) fn parse(text: &str) -> Result<SocketAddr, String> {
    if let Ok(addr) = text.parse() {
        return Ok(addr);
    }
    let is_host = |host: &str| !host.is_empty() && !host.contains('/');
    let is_whole = text
        .rsplit_once(':')
        .is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok());
    if !is_whole {
        return Err(format!(
            "{text:?} is not an address with a port, such as 127.0.0.1:8787 or localhost:8787"
        ));
    }
    let found: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map_err(|error| format!("{error}; use an IP address, such as 127.0.0.1:8787"))?
        .collect();
    let first_of_v4 = found.iter().find(|addr| addr.is_ipv4());
    first_of_v4
        .or(found.first())
        .copied()
        .ok_or_else(|| "the name has no address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn parses_ip_addresses_and_names_with_port() {
        for (text, addr) in [
            ("127.0.0.1:8787", "127.0.0.1:8787"),
            ("[::1]:0", "[::1]:0"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("localhost:8787", "127.0.0.1:8787"),
        ] {
            assert_eq!(parse(text), Ok(addr.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn error_shows_an_example() {
        for text in [
            "",
            "8787",
            ":8787",
            "localhost",
            "127.0.0.1",
            "127.0.0.1:99999",
            "http://127.0.0.1:8787",
            "http://127.0.0.1:8787/",
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains("127.0.0.1:8787"), "{text}: {error}");
        }
    }
}
