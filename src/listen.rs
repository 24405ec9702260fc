//! The callback receiver: takes the results that the service POSTs when a task has ended, and
//! answers each once the rest of the program has said what became of it. It trusts nobody: one
//! secret path, one request a connection, and a bound on every size, time and number. It does not
//! know what a result is.

mod body;
mod desk;
mod files;
mod places;
mod secret_path;
mod server;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;
use url::{Host, Url};

use crate::error::Error;
use desk::Desk;
pub use secret_path::{Exposure, SecretPath};
use server::Server;

/// Where and how to receive.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes any free one.
    pub addr: SocketAddr,
    /// The path that a sender must know.
    pub path: SecretPath,
    /// The largest body that is taken, in bytes.
    pub body_limit: u64,
    /// How the receiver is reached from outside, where that is not `addr`: the address of a tunnel
    /// or a reverse proxy, absolute, http or https. It may have a path, which the proxy may take
    /// off or leave on.
    pub public_url: Option<Url>,
    /// What a sender may cost.
    pub limits: Limits,
}

/// What senders may cost. The memory for bodies is at most 256 KiB for each connection, and the
/// body limit once: longer bodies are read one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at one time, or fewer where the system lets the process have fewer files. A
    /// further one takes the place of the oldest that has not shown that it knows the path, so that
    /// idle ones keep nobody out; if all know it, of the one that has been longest without a byte of
    /// its body; if all are complete, it waits.
    pub connections: usize,
    /// From the start of a connection to the end of the request's head.
    pub head_time: Duration,
    /// From the head to the end of the body; for a longer body, it starts again when it is that
    /// body's turn.
    pub body_time: Duration,
    /// How long a sender may take to notice that it has been answered.
    pub farewell_time: Duration,
}

impl Default for Limits {
    /// 256 connections, 10 s for the head, 60 s for the body, 2 s to go.
    fn default() -> Self {
        Self {
            connections: 256,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_mins(1),
            farewell_time: Duration::from_secs(2),
        }
    }
}

/// What became of a body, and so what its sender is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// New, and safely written; or known already. The sender is told 200 and may forget it.
    Accepted,
    /// Not a result, or not one that was wanted. The sender is told 400: no use in trying again.
    NotAResult,
    /// It could not be written. The sender is told 503 and may try again.
    Unsafe,
    /// The same, and there is no use in trying before this time is over, which the sender is told.
    Later(Duration),
}

/// A running receiver. It ends when it is [stopped](Self::stop) or dropped.
pub struct Receiver {
    addr: SocketAddr,
    callback_url: String,
    /// Never sent to: that it is gone is the signal to stop.
    running: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Starts it, on a thread of its own. When this returns the address is bound: a result sent now
    /// is received.
    ///
    /// `handle` gets each body that came by the secret path and is UTF-8; it may block, and it is
    /// called for one at a time. The sender's answer waits for it. If it panics, that sender is
    /// told 500, and the receiver goes on.
    ///
    /// Fails with kind `usage` if the public URL cannot be a callback's, with kind `io` if
    /// the address cannot be bound.
    pub fn start(
        options: Options,
        handle: impl Fn(String) -> Verdict + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        if let Some(url) = &options.public_url {
            check_public(url)?;
        }
        let server = Server::bind(options.addr)?;
        let addr = server.addr;
        let callback_url = callback_url(options.public_url.as_ref(), addr, &options.path);
        let (running, stopping) = watch::channel(());
        let limits = options.limits;
        let desk = Desk::new(options, handle, stopping);
        let thread = server.spawn(desk, limits)?;
        Ok(Self {
            addr,
            callback_url,
            running: Some(running),
            thread: Some(thread),
        })
    }

    /// Where it listens: the address asked for, with the port that was taken.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address to give as the callback, secret path included: below the public URL if there is
    /// one, else below the address that is listened on.
    #[must_use]
    pub fn callback_url(&self) -> String {
        self.callback_url.clone()
    }

    /// Stops taking requests, waits for the one that `handle` has in hand and for its answer to
    /// be sent, and returns. Senders still at their bodies, or waiting for their turn, are told 503.
    ///
    /// Whatever `handle` may be waiting for must go on without the caller.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.running = None;
        if let Some(thread) = self.thread.take() {
            // It ends without a value; had it panicked, there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Receiver {
    /// Leaves out the address, which holds the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

fn check_public(url: &Url) -> Result<(), Error> {
    let refused = |why| {
        let error = Error::usage(format!("--public-url {why}"));
        Err(error.with_hint("give an address such as https://ci.example.com/mavi"))
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refused("must start with http:// or https://");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("must not have a query or a fragment");
    }
    if !is_callable(url) {
        return refused("must be an address that can be called: that one only serves to listen on");
    }
    // It is shown, and given to the service.
    if !url.username().is_empty() || url.password().is_some() {
        return refused("must not hold a user name or a password: the address is shown to others");
    }
    Ok(())
}

/// Whether the address could be somebody's at all: 0.0.0.0 is a way to listen, not to be called.
pub(crate) fn is_callable(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => !ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => !ip.is_unspecified(),
        Some(Host::Domain(_)) => true,
        None => false,
    }
}

fn callback_url(public: Option<&Url>, addr: SocketAddr, path: &SecretPath) -> String {
    let base = public.map_or_else(|| format!("http://{addr}"), Url::to_string);
    format!("{}/{}", base.trim_end_matches('/'), path.expose())
}
