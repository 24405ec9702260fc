//! The content of a file on its way into a request: read and hashed by a thread of its own, handed over
//! in chunks through a bounded channel. The last chunk is only handed over after all checks.

use std::fs::File;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};
use ring::digest::{self, SHA256};
use tokio::sync::{mpsc, oneshot};

use crate::api::http_client::time_limit::Tick;
use crate::api::upload::{UploadObserver, UploadRequest};
use crate::error::{Error, ErrorKind};
use crate::video_file::{READ_SIZE, hex};

/// Maximum number of chunks that are read ahead.
const MAX_CHUNKS_AHEAD: usize = 4;

/// What the reader sends to the body.
enum ReaderMessage {
    Chunk(Bytes),
    LastChunk(Bytes),
    /// Answered once everything before it has been handed over.
    Flush(oneshot::Sender<()>),
}

/// The state of the hand-over, shared by the thread that reads, the connection and the time limit.
pub(super) struct HandOver {
    observer: Arc<dyn UploadObserver>,
    /// The number of times that the connection has asked for more.
    requests: AtomicU64,
    /// The connection waits for the reader.
    is_waiting: AtomicBool,
    is_complete: AtomicBool,
}

impl HandOver {
    pub(super) fn new(observer: Arc<dyn UploadObserver>) -> Self {
        Self {
            observer,
            requests: AtomicU64::new(0),
            is_waiting: AtomicBool::new(false),
            is_complete: AtomicBool::new(false),
        }
    }

    /// Returns `true` once the last bytes have been handed over.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Acquire)
    }

    /// Returns `true` once the upload is to be aborted.
    pub(super) fn is_cancelled(&self) -> bool {
        self.observer.is_cancelled()
    }

    /// Returns a closure that tells the state of the call at each tick.
    pub(super) fn watch(&self) -> impl FnMut() -> Tick {
        let mut seen = 0;
        move || {
            let requests = self.requests.load(Ordering::Relaxed);
            let is_active = requests != seen || self.is_waiting.load(Ordering::Relaxed);
            seen = requests;
            if self.is_cancelled() {
                Tick::Cancelled
            } else if is_active {
                Tick::Active
            } else if self.is_complete() {
                Tick::Unanswered
            } else {
                Tick::Stalled
            }
        }
    }
}

/// Reads the file, in a thread of its own.
pub(super) struct FileReader<'r> {
    file: File,
    request: &'r UploadRequest,
    observer: Arc<dyn UploadObserver>,
    chunks: mpsc::Sender<ReaderMessage>,
    /// Buffers that have been sent.
    free: (Sender<Vec<u8>>, Receiver<Vec<u8>>),
}

/// A buffer that returns to the reader once it has been sent: fresh memory costs as much as sending.
struct Buffer {
    bytes: Vec<u8>,
    free: Sender<Vec<u8>>,
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // A reader that has ended needs none.
        let _ = self.free.send(std::mem::take(&mut self.bytes));
    }
}

/// The body of the file's part. It fails if the reader ends early.
pub(super) struct FileBody {
    chunks: mpsc::Receiver<ReaderMessage>,
    hand_over: Arc<HandOver>,
    sent: u64,
}

impl FileBody {
    /// Creates a body, and the reader that feeds it. The file has just been opened.
    pub(super) fn new<'r>(
        file: File,
        request: &'r UploadRequest,
        hand_over: &Arc<HandOver>,
    ) -> (FileReader<'r>, Self) {
        let (sender, chunks) = mpsc::channel(MAX_CHUNKS_AHEAD);
        let reader = FileReader {
            file,
            request,
            observer: Arc::clone(&hand_over.observer),
            chunks: sender,
            free: channel(),
        };
        let body = Self {
            chunks,
            hand_over: Arc::clone(hand_over),
            sent: 0,
        };
        (reader, body)
    }
}

impl FileReader<'_> {
    /// Hands the file over. Returns its SHA-256, in lower-case hexadecimal digits; `None` if the body is
    /// gone or the upload is cancelled. Fails if the file must not be sent whole.
    pub(super) fn run(mut self) -> Result<Option<String>, Error> {
        let file = &self.request.file;
        let mut hash = digest::Context::new(&SHA256);
        let mut left = file.size;
        let last = loop {
            if self.observer.is_cancelled() {
                return Ok(None);
            }
            let chunk = self.read(left)?;
            hash.update(&chunk);
            left -= chunk.len() as u64;
            if left == 0 {
                break chunk;
            }
            if self
                .chunks
                .blocking_send(ReaderMessage::Chunk(chunk))
                .is_err()
            {
                return Ok(None);
            }
        };
        file.check(&self.file)?;
        let sha256 = hex(hash);
        if self.request.sha256.as_ref().is_some_and(|it| *it != sha256) {
            return Err(file.changed());
        }
        let (flushed, is_flushed) = oneshot::channel();
        let sent = self.chunks.blocking_send(ReaderMessage::Flush(flushed));
        if sent.is_err() || is_flushed.blocking_recv().is_err() || self.observer.is_cancelled() {
            return Ok(None);
        }
        self.observer.before_last_bytes()?;
        let sent = self.chunks.blocking_send(ReaderMessage::LastChunk(last));
        Ok(sent.is_ok().then_some(sha256))
    }

    /// Reads the next chunk. Fails if the file ends before.
    fn read(&mut self, left: u64) -> Result<Bytes, Error> {
        let length = usize::try_from(left).map_or(READ_SIZE, |left| left.min(READ_SIZE));
        let mut bytes = self.free.1.try_recv().unwrap_or_default();
        bytes.resize(length, 0);
        self.file
            .read_exact(&mut bytes)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => self.request.file.changed(),
                _ => self.request.file.not_readable(&error),
            })?;
        let free = self.free.0.clone();
        Ok(Bytes::from_owner(Buffer { bytes, free }))
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let body = self.get_mut();
        let hand_over = &*body.hand_over;
        hand_over.requests.fetch_add(1, Ordering::Relaxed);
        loop {
            let received = body.chunks.poll_recv(context);
            let is_waiting = received.is_pending();
            hand_over.is_waiting.store(is_waiting, Ordering::Relaxed);
            let (chunk, is_last) = match std::task::ready!(received) {
                Some(ReaderMessage::Chunk(chunk)) => (chunk, false),
                Some(ReaderMessage::LastChunk(chunk)) => (chunk, true),
                Some(ReaderMessage::Flush(flushed)) => {
                    let _ = flushed.send(());
                    continue;
                }
                None if hand_over.is_complete() => return Poll::Ready(None),
                None => {
                    let why = "the file was not sent whole";
                    return Poll::Ready(Some(Err(Error::new(ErrorKind::Io, why))));
                }
            };
            if is_last {
                hand_over.is_complete.store(true, Ordering::Release);
            }
            body.sent += chunk.len() as u64;
            hand_over.observer.on_sent(body.sent);
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Idle;

    impl UploadObserver for Idle {
        fn on_sent(&self, _: u64) {}

        fn before_last_bytes(&self) -> Result<(), Error> {
            Ok(())
        }

        fn is_cancelled(&self) -> bool {
            false
        }
    }

    #[test]
    fn only_the_connection_can_be_silent() {
        let hand_over = Arc::new(HandOver::new(Arc::new(Idle)));
        let mut look = hand_over.watch();
        let (sender, chunks) = mpsc::channel(1);
        let mut body = FileBody {
            chunks,
            hand_over: Arc::clone(&hand_over),
            sent: 0,
        };
        let mut poll = || {
            let mut context = Context::from_waker(std::task::Waker::noop());
            Pin::new(&mut body).poll_frame(&mut context)
        };
        assert_eq!(look(), Tick::Stalled, "it does not connect");
        assert!(poll().is_pending());
        assert_eq!([look(), look()], [Tick::Active; 2], "the disk is slow");
        let chunk = ReaderMessage::Chunk(Bytes::from_static(b"a"));
        sender.blocking_send(chunk).unwrap();
        assert!(poll().is_ready());
        assert_eq!([look(), look()], [Tick::Active, Tick::Stalled]);
        let last = ReaderMessage::LastChunk(Bytes::from_static(b"b"));
        sender.blocking_send(last).unwrap();
        assert!(poll().is_ready());
        assert_eq!([look(), look()], [Tick::Active, Tick::Unanswered]);
    }
}
