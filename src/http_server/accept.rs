//! The life of the server and of each connection: accept, serve, linger, close.

use std::error::Error as _;
use std::future::{poll_fn, ready};
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::connection_table::{Connection, ConnectionTable};
use super::fd_limit;
use super::handler::{
    ConnectionFault, Handler, Request, Response, ServerLimits, UnreadableHead, response,
};

/// Size of the read buffer of each connection, in bytes; also the maximum size of a head.
const READ_BUFFER: usize = 64 * 1024;

/// Maximum time to wait for a connection to end before the next one is accepted or evicted, where
/// the limit of connections or of open files is reached.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// The parts of the server that have been told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) enum Shutdown {
    None,
    Accepting,
    Everything,
}

/// The state that all connections share.
struct Server<H> {
    handler: H,
    limits: ServerLimits,
    shutdown: watch::Receiver<Shutdown>,
}

impl<H> Server<H> {
    /// Waits until this much, or more, is to stop.
    async fn stopped(&self, what: Shutdown) {
        // An error means that the other end is gone: then everything is to stop.
        let _ = self.shutdown.clone().wait_for(|told| *told >= what).await;
    }
}

/// Serves until everything is to stop.
pub(super) async fn serve<H: Handler>(
    listener: TcpListener,
    handler: H,
    limits: ServerLimits,
    shutdown: watch::Receiver<Shutdown>,
) {
    let server = Rc::new(Server {
        handler,
        limits,
        shutdown,
    });
    let table = ConnectionTable::default();
    let mut connections = JoinSet::new();
    tokio::select! {
        biased;
        () = server.stopped(Shutdown::Accepting) => {}
        () = accept(&listener, &server, &table, &mut connections) => {}
    }
    drop(listener);
    server.stopped(Shutdown::Everything).await;
    table.evict_unauthenticated();
    // The rest are told 503 at once, if they have no response yet.
    let all_closed = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(limits.linger_timeout, all_closed).await;
}

/// Accepts connections for ever.
async fn accept<H: Handler>(
    listener: &TcpListener,
    server: &Rc<Server<H>>,
    table: &ConnectionTable,
    connections: &mut JoinSet<()>,
) {
    let max_connections = fd_limit::max_connections(server.limits.max_connections);
    loop {
        let accepted = tokio::select! {
            biased;
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) if is_client_error(&error) => continue,
            Err(_) => {
                // No files or no memory are left.
                make_room(table, connections).await;
                continue;
            }
        };
        while connections.len() >= max_connections {
            make_room(table, connections).await;
        }
        // A failure costs only a delay of small responses.
        let _ = stream.set_nodelay(true);
        let connection = table.reserve();
        let id = connection.id();
        let task = connections.spawn_local(serve_connection(stream, connection, Rc::clone(server)));
        table.insert(id, task);
    }
}

/// Evicts a connection, and waits for one to end or for the system to recover.
async fn make_room(table: &ConnectionTable, connections: &mut JoinSet<()>) {
    table.evict_one();
    tokio::select! {
        Some(_) = connections.join_next() => {}
        () = sleep(ACCEPT_RETRY_DELAY) => {}
    }
}

/// Returns `true` if a connection was over before it was accepted.
fn is_client_error(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// Serves one connection to its end.
async fn serve_connection<H: Handler>(
    stream: TcpStream,
    connection: Connection,
    server: Rc<Server<H>>,
) {
    let service = service_fn(|request| Box::pin(respond(request, &connection, &server)));
    let mut serving = http1::Builder::new()
        .keep_alive(server.limits.keep_alive)
        // A client may close its half when all is said.
        .half_close(true)
        .max_buf_size(READ_BUFFER)
        .timer(TokioTimer::new())
        .header_read_timeout(server.limits.head_timeout)
        .serve_connection(TokioIo::new(stream), service);
    let end = poll_fn(|cx| serving.poll_without_shutdown(cx)).await;
    let parts = serving.into_parts();
    let mut stream = parts.io.into_inner();
    if let Err(error) = end {
        if let Some(head) = UnreadableHead::of(&error, &parts.read_buf) {
            server.handler.refused(head);
        }
        // Any other error is the client's: it left, was too slow, or does not speak HTTP.
        match error.source().and_then(|cause| cause.downcast_ref()) {
            None | Some(ConnectionFault::Close) => return,
            Some(ConnectionFault::Reset) => {
                // Without this the client would see an orderly end.
                let _ = stream.set_zero_linger();
                return;
            }
            Some(ConnectionFault::SendRaw(bytes)) => {
                // A failure means that the client has left.
                let _ = stream.write_all(bytes).await;
            }
        }
    }
    tokio::select! {
        biased;
        () = server.stopped(Shutdown::Everything) => {}
        _ = timeout(server.limits.linger_timeout, linger(stream)) => {}
    }
}

async fn respond<H: Handler>(
    request: Request,
    connection: &Connection,
    server: &Server<H>,
) -> Result<Response, ConnectionFault> {
    let mut responding = pin!(server.handler.respond(request, connection));
    let mut result = tokio::select! {
        biased;
        result = &mut responding => result,
        () = server.stopped(Shutdown::Everything) => tokio::select! {
            biased;
            // A response that was given before the stop may have come since it was looked for.
            result = &mut responding => result,
            () = ready(()) => Ok(response(StatusCode::SERVICE_UNAVAILABLE, None, "")),
        },
    };
    if server.limits.keep_alive {
        connection.await_next_request();
    }
    if let Ok(response) = &mut result
        && *server.shutdown.borrow() != Shutdown::None
    {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    result
}

/// Closes the sending half, then discards what the client still sends until it closes too. To close
/// with bytes unread would reset the connection, and a reset can overtake the response (RFC 9112,
/// section 9.6).
async fn linger(mut stream: TcpStream) {
    let mut discarded = [0; 8 * 1024];
    if stream.shutdown().await.is_ok() {
        while matches!(stream.read(&mut discarded).await, Ok(1..)) {}
    }
}
