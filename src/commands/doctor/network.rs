//! The checks of `mavi doctor` between the settings and the service: proxy, name, TCP and TLS. Each
//! is bounded in time but for the look-up of a name, which keeps to the system's own limit.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use url::{Host, Url};

use crate::api::{Client, FailureClass, Proxy};
use crate::commands::Context;
use crate::config::Settings;
use crate::error::{Error, Kind};

use super::report::Finding;

/// Longer than any healthy connection takes to come about.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The proxy in force, if any, and whether it can be reached.
pub(super) fn proxy(proxy: Option<&Proxy>, patience: Duration) -> Result<(Finding, ()), Error> {
    let Some(proxy) = proxy else {
        return Ok((Finding::Fine("none is set for this address".to_owned()), ()));
    };
    let failed = |why: String| {
        Error::new(Kind::Network, format!("{proxy}: {why}")).with_hint(
            "set HTTPS_PROXY (HTTP_PROXY, ALL_PROXY) to an http proxy that works, or name the host in NO_PROXY",
        )
    };
    if !proxy.is_usable() {
        return Err(failed("mavi cannot use a SOCKS proxy".to_owned()));
    }
    let addresses = resolve(&proxy.host, proxy.port).map_err(failed)?;
    let (address, took) = connect(&addresses, patience).map_err(failed)?;
    let remark = format!("{proxy} takes connections ({address} in {took} ms)");
    Ok((Finding::Fine(remark), ()))
}

/// The addresses of the service.
pub(super) fn name(url: &Url) -> Result<(Finding, Vec<SocketAddr>), Error> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = resolve(host.trim_matches(['[', ']']), port).map_err(|why| {
        Error::new(Kind::Network, why).with_hint(
            "check the host in base_url, the network, and the name servers; behind a proxy, set HTTPS_PROXY",
        )
    })?;
    let first = addresses.first().map(SocketAddr::ip);
    let finding = match (url.host(), first) {
        (Some(Host::Domain(_)), Some(first)) => {
            let more = match addresses.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            Finding::Fine(format!("{host} is {first}{more}"))
        }
        _ => Finding::Skipped(format!("{host} needs no look-up")),
    };
    Ok((finding, addresses))
}

/// A connection to the first address that takes one.
pub(super) fn tcp(addresses: &[SocketAddr], patience: Duration) -> Result<(Finding, ()), Error> {
    let (address, took) = connect(addresses, patience).map_err(|why| {
        Error::new(Kind::Network, why).with_hint(
            "check the port in base_url, the network and the firewall; behind a proxy, set HTTPS_PROXY",
        )
    })?;
    let remark = format!("connected to {address} in {took} ms");
    Ok((Finding::Fine(remark), ()))
}

/// A client whose first request got an answer, and the time on the service's clock. Where a
/// connection was made and then no answer came, the question that follows will say more.
pub(super) fn tls(
    context: &Context,
    settings: &Settings,
) -> Result<(Finding, (Client, Option<Timestamp>)), Error> {
    let plain = settings.base_url.scheme() == "http";
    let client = context.client(settings, true)?;
    let (finding, date) = match client.greet(*settings.request_timeout) {
        Ok(greeting) if plain => (Finding::Skipped("plain http".to_owned()), greeting.date),
        Ok(greeting) => {
            let trusted = "the certificate is trusted".to_owned();
            (Finding::Fine(trusted), greeting.date)
        }
        Err(failure) if failure.class == FailureClass::NotConnected && !plain => {
            return Err(failure.error);
        }
        Err(_) => (Finding::Skipped("no answer came".to_owned()), None),
    };
    Ok((finding, (client, date)))
}

fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    let addresses: Vec<_> = (host, port)
        .to_socket_addrs()
        .map_err(|error| format!("{host} has no address: {error}"))?
        .collect();
    if addresses.is_empty() {
        return Err(format!("{host} has no address"));
    }
    Ok(addresses)
}

/// The first address that takes a connection, and the milliseconds until it did.
fn connect(addresses: &[SocketAddr], patience: Duration) -> Result<(SocketAddr, u128), String> {
    let mut why = String::new();
    for address in addresses {
        let started = Instant::now();
        match TcpStream::connect_timeout(address, patience) {
            Ok(_) => return Ok((*address, started.elapsed().as_millis())),
            Err(error) => why = format!("{address} takes no connection: {error}"),
        }
    }
    Err(why)
}
