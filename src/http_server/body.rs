//! Reads a request's body within limits: of size, of time, and of memory over all clients. Short
//! bodies are read side by side; longer ones one at a time, so that any number of the largest bodies
//! costs the memory of one.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::connection_table::Connection;
use super::handler::ServerLimits;

/// Maximum size of a body that is read without waiting for the permit, in bytes. A transcription of
/// an hour is shorter.
const MAX_SHORT_BODY: usize = 256 * 1024;

/// Limits on the bodies of all requests of a server.
pub(crate) struct BodyLimits {
    max_size: u64,
    timeout: Duration,
    /// The one permit to have a long body in memory.
    long_body: Arc<Semaphore>,
}

/// A whole body, with the permit to have it in memory if it is a long one.
pub(crate) struct BufferedBody {
    pub(crate) bytes: Vec<u8>,
    pub(crate) permit: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is larger than the limit, as declared or as received.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// The client broke off.
    Incomplete,
}

impl BodyLimits {
    pub(crate) fn new(limits: &ServerLimits) -> Self {
        Self {
            max_size: limits.max_body,
            timeout: limits.body_timeout,
            long_body: Arc::new(Semaphore::new(1)),
        }
    }

    /// Reads all of the body, and marks the connection as complete.
    pub(crate) async fn read(
        &self,
        body: Incoming,
        connection: &Connection,
    ) -> Result<BufferedBody, BodyError> {
        let buffered = self.buffer(body, || connection.touch()).await?;
        connection.complete();
        Ok(buffered)
    }

    /// Reads all of the body, and calls `on_data` for each part of it.
    async fn buffer(
        &self,
        mut body: impl Body<Data = Bytes> + Unpin,
        on_data: impl Fn(),
    ) -> Result<BufferedBody, BodyError> {
        // The declared size, where one is declared. It is not a reason to set memory aside.
        if body.size_hint().lower() > self.max_size {
            return Err(BodyError::TooLarge);
        }
        let mut deadline = Instant::now() + self.timeout;
        let (mut bytes, mut permit) = (Vec::new(), None);
        loop {
            let frame = match timeout_at(deadline, body.frame()).await {
                Err(_elapsed) => return Err(BodyError::TooSlow),
                Ok(Some(Err(_broken))) => return Err(BodyError::Incomplete),
                Ok(None) => return Ok(BufferedBody { bytes, permit }),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(data) = frame.into_data() else {
                continue; // trailers
            };
            on_data();
            let length = bytes.len() + data.len();
            if length as u64 > self.max_size {
                return Err(BodyError::TooLarge);
            }
            if length > MAX_SHORT_BODY && permit.is_none() {
                // Fails only if the semaphore is closed, which nobody does.
                permit = Arc::clone(&self.long_body).acquire_owned().await.ok();
                deadline = Instant::now() + self.timeout;
            }
            bytes.extend_from_slice(&data);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::{Pin, pin};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Waker};

    use hyper::body::Frame;

    use super::*;

    /// Hands out its parts at once, counts them, and then ends or goes on for ever.
    struct Script {
        parts: VecDeque<Bytes>,
        taken: Arc<AtomicUsize>,
        ends: bool,
    }

    impl Body for Script {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.parts.pop_front() {
                Some(part) => {
                    self.taken.fetch_add(part.len(), Ordering::Relaxed);
                    Poll::Ready(Some(Ok(Frame::data(part))))
                }
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }
    }

    const PART: usize = 64 * 1024;

    fn body(parts: usize, ends: bool) -> (Script, Arc<AtomicUsize>) {
        let taken = Arc::default();
        let part = Bytes::from(vec![b'x'; PART]);
        let body = Script {
            parts: (0..parts).map(|_| part.clone()).collect(),
            taken: Arc::clone(&taken),
            ends,
        };
        (body, taken)
    }

    fn limits(size: usize, timeout: Duration) -> BodyLimits {
        BodyLimits::new(&ServerLimits {
            max_body: size as u64,
            body_timeout: timeout,
            ..ServerLimits::default()
        })
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
    }

    const TIMEOUT: Duration = Duration::from_mins(10);

    #[test]
    fn long_bodies_are_in_memory_one_at_a_time() {
        let runtime = runtime();
        let _entered = runtime.enter();
        let limits = limits(100 * PART, TIMEOUT);
        let mut cx = Context::from_waker(Waker::noop());

        let (first, _) = body(10, false);
        let mut first = Box::pin(limits.buffer(first, || {}));
        assert!(first.as_mut().poll(&mut cx).is_pending());

        let (second, taken) = body(10, true);
        let mut second = pin!(limits.buffer(second, || {}));
        assert!(second.as_mut().poll(&mut cx).is_pending());
        assert_eq!(taken.load(Ordering::Relaxed), MAX_SHORT_BODY + PART);

        let (short, _) = body(MAX_SHORT_BODY / PART, true);
        let mut short = pin!(limits.buffer(short, || {}));
        assert!(short.as_mut().poll(&mut cx).is_ready());

        drop(first);
        let Poll::Ready(Ok(received)) = second.as_mut().poll(&mut cx) else {
            panic!("the permit is free");
        };
        assert_eq!(received.bytes.len(), 10 * PART);

        // The permit is given up with the body, not when it has been read.
        let (third, _) = body(10, true);
        let mut third = pin!(limits.buffer(third, || {}));
        assert!(third.as_mut().poll(&mut cx).is_pending());
        drop(received);
        assert!(third.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn reading_stops_at_first_byte_too_many() {
        let (body, taken) = body(10, false);
        let error = runtime().block_on(async {
            let limits = limits(2 * PART, TIMEOUT);
            limits.buffer(body, || {}).await.map(|_| ()).unwrap_err()
        });
        assert_eq!(error, BodyError::TooLarge);
        assert_eq!(taken.load(Ordering::Relaxed), 3 * PART);
    }

    #[test]
    fn body_of_exactly_the_limit_is_read() {
        let (body, _) = body(2, true);
        let limits = limits(2 * PART, TIMEOUT);
        let received = runtime().block_on(limits.buffer(body, || {})).ok().unwrap();
        assert_eq!(received.bytes.len(), 2 * PART);
    }

    #[test]
    fn stalled_long_body_gives_up_its_permit() {
        let limits = limits(100 * PART, Duration::from_millis(20));
        runtime().block_on(async {
            let (stalled, _) = body(10, false);
            let error = limits.buffer(stalled, || {}).await.map(|_| ()).unwrap_err();
            assert_eq!(error, BodyError::TooSlow);
            let (next, _) = body(10, true);
            assert!(limits.buffer(next, || {}).await.is_ok());
        });
    }
}
