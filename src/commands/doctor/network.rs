//! The checks of `mavi doctor` between the settings and the service: proxy, name, TCP and TLS. Each has
//! a timeout.

use std::fmt::Display;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use url::{Host, Url};

use crate::api::{FailureClass, HttpClient, Proxy};
use crate::commands::Context;
use crate::config::Settings;
use crate::error::{Error, ErrorKind};

use super::report::CheckResult;

/// Maximum time for a connection, longer than any healthy one takes.
pub(super) const MAX_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Checks that the proxy, if there is one, can be reached.
pub(super) fn proxy(proxy: Option<&Proxy>, timeout: Duration) -> Result<(CheckResult, ()), Error> {
    let Some(proxy) = proxy else {
        return Ok((CheckResult::Ok("no proxy for this address".to_owned()), ()));
    };
    let failed = |why: String| {
        Error::new(ErrorKind::Network, format!("{proxy}: {why}")).with_hint(
            "set HTTPS_PROXY (HTTP_PROXY, ALL_PROXY) to a working proxy, or add the host to NO_PROXY",
        )
    };
    let addresses = resolve(&proxy.host, proxy.port, timeout).map_err(failed)?;
    let (address, took) = connect(&addresses, timeout).map_err(failed)?;
    let remark = format!("connected to {proxy} ({address}) in {took} ms");
    Ok((CheckResult::Ok(remark), ()))
}

/// Resolves the name of the service.
pub(super) fn name(url: &Url, timeout: Duration) -> Result<(CheckResult, Vec<SocketAddr>), Error> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = resolve(host.trim_matches(['[', ']']), port, timeout).map_err(|why| {
        Error::new(ErrorKind::Network, why).with_hint(
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
            CheckResult::Ok(format!("{host} resolves to {first}{more}"))
        }
        _ => CheckResult::Skipped(format!("{host} is an address")),
    };
    Ok((finding, addresses))
}

/// Connects to the first address that accepts a connection.
pub(super) fn tcp(addresses: &[SocketAddr], timeout: Duration) -> Result<(CheckResult, ()), Error> {
    let (address, took) = connect(addresses, timeout).map_err(|why| {
        Error::new(ErrorKind::Network, why).with_hint(
            "check the port in base_url, the network and the firewall; behind a proxy, set HTTPS_PROXY",
        )
    })?;
    let remark = format!("connected to {address} in {took} ms");
    Ok((CheckResult::Ok(remark), ()))
}

/// Sends a first request. Returns the client and the time on the service's clock, if there was a reply;
/// if there was a connection and no reply, the request of the next check tells more.
pub(super) fn tls(
    context: &Context,
    settings: &Settings,
) -> Result<(CheckResult, (HttpClient, Option<Timestamp>)), Error> {
    let plain = settings.base_url.scheme() == "http";
    let client = context.client(settings, true)?;
    let (finding, date) = match client.probe(*settings.request_timeout) {
        Ok(response) if plain => (CheckResult::Skipped("plain http".to_owned()), response.date),
        Ok(response) => {
            let trusted = "the certificate is trusted".to_owned();
            (CheckResult::Ok(trusted), response.date)
        }
        Err(failure) if failure.class == FailureClass::NotConnected && !plain => {
            return Err(failure.error);
        }
        Err(_) => (CheckResult::Skipped("no reply".to_owned()), None),
    };
    Ok((finding, (client, date)))
}

/// Resolves a name, on a thread of its own: a look-up has no timeout and cannot be cancelled.
fn resolve(host: &str, port: u16, timeout: Duration) -> Result<Vec<SocketAddr>, String> {
    let (sender, addresses) = mpsc::channel();
    let name = (host.to_owned(), port);
    let look_up = move || drop(sender.send(name.to_socket_addrs().map(Vec::from_iter)));
    let failed = |why: &dyn Display| format!("cannot resolve {host}: {why}");
    let spawned = thread::Builder::new().spawn(look_up);
    spawned.map_err(|error| failed(&error))?;
    let addresses = addresses
        .recv_timeout(timeout)
        .map_err(|_| failed(&"the name servers do not answer"))?
        .map_err(|error| failed(&error))?;
    if addresses.is_empty() {
        return Err(format!("cannot resolve {host}: it has no address"));
    }
    Ok(addresses)
}

/// Returns the first address that accepts a connection, and the time it took, in milliseconds.
fn connect(addresses: &[SocketAddr], timeout: Duration) -> Result<(SocketAddr, u128), String> {
    let mut why = String::new();
    for address in addresses {
        let started = Instant::now();
        match TcpStream::connect_timeout(address, timeout) {
            Ok(_) => return Ok((*address, started.elapsed().as_millis())),
            Err(error) => why = format!("cannot connect to {address}: {error}"),
        }
    }
    Err(why)
}
