//! The connections: how many, how long, and how they end. Each carries one request, since what is
//! gained by keeping it open is nothing beside what an idle one costs. axum's own `serve` sets no
//! limit to a slow head, so that hyper, which it stands on, is used directly.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::desk::Desk;
use super::places::{Place, Places};
use super::{Limits, files};
use crate::error::{Error, Kind};

/// Of each connection; also the longest head.
const READ_BUFFER: usize = 64 * 1024;

/// Connections that wait to be accepted. The usual 128 overflow when a crowd of idle ones arrives,
/// and whoever finds no place there tries again only after a second.
const QUEUE: u32 = 1024;

/// How long to wait before a connection is accepted again where the system has no room for one.
const SHORTAGE: Duration = Duration::from_millis(100);

/// Bound, and not yet serving.
pub(super) struct Server {
    runtime: Runtime,
    listener: TcpListener,
    /// Where it is bound, with the port that was taken.
    pub(super) addr: SocketAddr,
}

impl Server {
    /// Binds `addr`.
    pub(super) fn bind(addr: SocketAddr) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| cannot_start(&error))?;
        let cannot_listen = |error: io::Error| {
            let hint = match error.kind() {
                io::ErrorKind::AddrNotAvailable => {
                    "this machine has no such address; 0.0.0.0 takes all that it has"
                }
                io::ErrorKind::PermissionDenied => {
                    "ports below 1024 need special rights; take a higher one"
                }
                _ => "port 0 takes any free port, as in `--addr 127.0.0.1:0`",
            };
            Error::new(Kind::Io, format!("could not listen on {addr}: {error}")).with_hint(hint)
        };
        let listener = {
            let _entered = runtime.enter();
            listen(addr).map_err(cannot_listen)?
        };
        let addr = listener.local_addr().map_err(cannot_listen)?;
        Ok(Self {
            runtime,
            listener,
            addr,
        })
    }

    /// Serves from a thread of its own until the desk is told to stop.
    pub(super) fn spawn(self, desk: Desk, limits: Limits) -> Result<JoinHandle<()>, Error> {
        let serving = serve(self.listener, Arc::new(desk), limits);
        thread::Builder::new()
            .name("listen".to_owned())
            .spawn(move || self.runtime.block_on(serving))
            .map_err(|error| cannot_start(&error))
    }
}

/// What `TcpListener::bind` does, with a queue of its own length.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = match addr {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Lets a restarted receiver have its address back at once; elsewhere it would mean that two
    // may have it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(QUEUE)
}

fn cannot_start(error: &io::Error) -> Error {
    let message = format!("could not start the receiver: {error}");
    Error::new(Kind::Internal, message)
}

async fn serve(listener: TcpListener, desk: Arc<Desk>, limits: Limits) {
    let places = Places::default();
    let most = files::room_for(limits.connections);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = desk.stopping() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) if is_of_the_sender(&error) => continue,
            Err(_) => {
                // No files or no memory are left: somebody has to go, or it has to get better.
                places.evict();
                tokio::select! {
                    biased;
                    () = desk.stopping() => break,
                    Some(_) = connections.join_next() => continue,
                    () = sleep(SHORTAGE) => continue,
                }
            }
        };
        if connections.len() >= most {
            places.evict();
            tokio::select! {
                biased;
                () = desk.stopping() => break,
                _ = connections.join_next() => {}
            }
        }
        let place = places.next();
        let task = connections.spawn(converse(stream, Arc::clone(&desk), place, limits));
        places.enter(task);
    }
    drop(listener);
    places.evict_strangers();
    // What is left is the request in hand, and those that are told at once to come again.
    while connections.join_next().await.is_some() {}
}

/// Whether a connection was over before it was accepted.
fn is_of_the_sender(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// Receives one request and answers it.
async fn converse(stream: TcpStream, desk: Arc<Desk>, place: Place, limits: Limits) {
    let service = service_fn(|request| {
        let answer = desk.answer(request, &place);
        async { Ok::<_, Infallible>(answer.await) }
    });
    let served = http1::Builder::new()
        .keep_alive(false)
        // A sender may close its half when all is said.
        .half_close(true)
        .max_buf_size(READ_BUFFER)
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .serve_connection(TokioIo::new(stream), service)
        .without_shutdown()
        .await;
    // An error is the sender's affair: it left, was too slow, or does not speak HTTP.
    if let Ok(parts) = served {
        let farewell = timeout(limits.farewell_time, take_leave(parts.io.into_inner()));
        tokio::select! {
            biased;
            () = desk.stopping() => {}
            _ = farewell => {}
        }
    }
}

/// Waits for the sender to close, and lets what it still sends fall. To close with bytes unread
/// would reset the connection, and a reset can overtake the answer (RFC 9112, section 9.6).
async fn take_leave(mut stream: TcpStream) {
    let mut ignored = [0; 8 * 1024];
    if stream.shutdown().await.is_ok() {
        while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
    }
}
