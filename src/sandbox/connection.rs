//! Connections that can be cut. HTTP libraries take care to answer every request in full; to
//! leave one unanswered, the handler marks its connection, and the next write to it fails before
//! a byte has gone out.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// A handler's hold on the connection that its request came by.
#[derive(Clone, Debug, Default)]
pub(super) struct Cutter(Arc<AtomicU8>);

const WHOLE: u8 = 0;
const CLOSE: u8 = 1;
const RESET: u8 = 2;
const TRUNCATE: u8 = 3;

impl Cutter {
    /// The connection ends (FIN) in place of the answer.
    pub(super) fn close(&self) {
        self.0.store(CLOSE, Ordering::Relaxed);
    }

    /// The connection is reset (RST) in place of the answer.
    pub(super) fn reset(&self) {
        self.0.store(RESET, Ordering::Relaxed);
    }

    /// The connection ends halfway through the answer's body.
    pub(super) fn truncate(&self) {
        self.0.store(TRUNCATE, Ordering::Relaxed);
    }
}

/// Accepts TCP connections as [`Connection`]s.
pub(super) struct Listener(pub(super) TcpListener);

/// A TCP connection and the mark that cuts it.
pub(super) struct Connection {
    stream: TcpStream,
    cutter: Cutter,
    /// How many more bytes go out once a truncated answer has begun.
    left: Option<usize>,
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, addr) = axum::serve::Listener::accept(&mut self.0).await;
        // Only a delay of small answers is lost if this fails.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            stream,
            cutter: Cutter::default(),
            left: None,
        };
        (connection, addr)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Listener>> for Cutter {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().cutter.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let allowed = match self.cutter.0.load(Ordering::Relaxed) {
            WHOLE => buf.len(),
            TRUNCATE => *self.left.get_or_insert_with(|| half_of_body(buf)),
            RESET => {
                // Without this the peer would see an orderly end.
                self.stream.set_zero_linger()?;
                0
            }
            _ => 0,
        };
        if allowed == 0 && !buf.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let part = &buf[..allowed.min(buf.len())];
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, part))?;
        if let Some(left) = &mut self.left {
            *left -= written;
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The bytes of an answer's head and of the first half of what follows it here.
fn half_of_body(answer: &[u8]) -> usize {
    let end_of_head = b"\r\n\r\n";
    let head = answer
        .windows(end_of_head.len())
        .position(|bytes| bytes == end_of_head)
        .map_or(0, |place| place + end_of_head.len());
    head + (answer.len() - head) / 2
}
