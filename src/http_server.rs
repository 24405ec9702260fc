//! A small HTTP/1.1 server for untrusted clients, shared by the callback receiver and the sandbox.
//! All connections are served by one thread. The number of connections, the time that a request's
//! head may take, and the size and time of its body are bounded; at the limit of connections, a new
//! one replaces the one that is least likely to become a valid request (see [`connection_table`]).

mod accept;
mod body;
mod connection_table;
mod fd_limit;
mod handler;

use std::io;
use std::net::SocketAddr;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::LocalSet;

use crate::error::{Error, ErrorKind};
use accept::Shutdown;
pub(crate) use body::{BodyError, BodyLimits};
pub(crate) use connection_table::Connection;
pub(crate) use handler::{
    ConnectionFault, Handler, Request, Response, ServerLimits, UnreadableHead, response,
};

/// Maximum number of connections that wait to be accepted. The usual 128 overflow when many connect
/// at once, and a client that finds the backlog full tries again only after a second.
const BACKLOG: u32 = 1024;

/// Maximum time to wait at the end for a host name look-up, which cannot be cancelled.
const LOOKUP_GRACE: Duration = Duration::from_secs(1);

/// A running server. It stops when it is dropped.
pub(crate) struct HttpServer {
    addr: SocketAddr,
    shutdown: watch::Sender<Shutdown>,
    thread: Option<JoinHandle<()>>,
}

impl HttpServer {
    /// Starts a server on a thread with this name. When this returns the address is bound.
    ///
    /// Fails with [`ErrorKind::Io`] if the address cannot be bound, with [`ErrorKind::Internal`] if the
    /// system has no thread or event queue to give.
    pub(crate) fn start(
        name: &str,
        addr: SocketAddr,
        limits: ServerLimits,
        handler: impl Handler,
    ) -> Result<Self, Error> {
        let cannot_start = |error: io::Error| {
            Error::new(
                ErrorKind::Internal,
                format!("could not start the {name}: {error}"),
            )
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot_start)?;
        let listener = {
            let _entered = runtime.enter();
            listen(addr).map_err(|error| cannot_listen(addr, &error))?
        };
        let addr = listener
            .local_addr()
            .map_err(|error| cannot_listen(addr, &error))?;
        let (shutdown, signal) = watch::channel(Shutdown::None);
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let serving = accept::serve(listener, handler, limits, signal);
                runtime.block_on(LocalSet::new().run_until(serving));
                runtime.shutdown_timeout(LOOKUP_GRACE);
            })
            .map_err(cannot_start)?;
        Ok(Self {
            addr,
            shutdown,
            thread: Some(thread),
        })
    }

    /// Returns the address that the server listens on, with the port that was taken.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Closes the listening socket. Requests on open connections are still served.
    pub(crate) fn stop_accepting(&self) {
        self.shutdown.send_replace(Shutdown::Accepting);
    }
}

impl Drop for HttpServer {
    /// Stops the server: requests without a response get 503, then all connections are closed.
    fn drop(&mut self) {
        self.shutdown.send_replace(Shutdown::Everything);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already.
            let _ = thread.join();
        }
    }
}

/// Does what `TcpListener::bind` does, with a backlog of its own length.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = match addr {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Lets a restarted server have its address back at once; elsewhere it would mean that two may
    // have it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

/// The hint for an address that another program listens on.
pub(crate) const ADDRESS_IN_USE_HINT: &str =
    "another program uses this address; port 0 takes any free port, as in 127.0.0.1:0";

fn cannot_listen(addr: SocketAddr, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address; 0.0.0.0 takes all that it has"
        }
        io::ErrorKind::AddrInUse => ADDRESS_IN_USE_HINT,
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 need special rights; take a higher one"
        }
        _ => "port 0 takes any free port, as in 127.0.0.1:0",
    };
    Error::new(
        ErrorKind::Io,
        format!("could not listen on {addr}: {error}"),
    )
    .with_hint(hint)
}

#[cfg(test)]
mod tests;
