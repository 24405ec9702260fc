//! Reads a request's body within bounds: of size, of time, and of memory over all senders. Short
//! bodies are read side by side; whatever turns out longer waits for its turn, so that any number
//! of senders of the largest bodies costs the memory of one.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::StatusCode;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, timeout_at};

/// How much of a body is read before it needs its turn. A transcript of an hour has less.
pub(super) const SHORT: usize = 256 * 1024;

/// The bounds, the same for every request.
pub(super) struct Bounds {
    /// The largest body, in bytes.
    pub(super) size: u64,
    /// From the first look at it to its end; again from when a longer one has its turn.
    pub(super) time: Duration,
    /// Held by whoever has a longer body in memory.
    pub(super) long: Arc<Mutex<()>>,
}

/// A whole body, and with a longer one the right to have it in memory.
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    pub(super) turn: Option<OwnedMutexGuard<()>>,
}

/// Reads all of `body`, or fails with what to tell the sender: 413 if it is too large, which is
/// noticed at the first byte too many or before any, 408 if it is too slow, 400 if it breaks off.
/// `advances` is called for every part that comes.
pub(super) async fn read<B>(
    mut body: B,
    bounds: &Bounds,
    advances: impl Fn(),
) -> Result<Received, StatusCode>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    // The declared size, where one is declared. It is not a reason to set memory aside.
    if body.size_hint().lower() > bounds.size {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut deadline = Instant::now() + bounds.time;
    let mut bytes = Vec::new();
    let mut turn = None;
    loop {
        let next = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
        let frame = match timeout_at(deadline, next).await {
            Err(_elapsed) => return Err(StatusCode::REQUEST_TIMEOUT),
            Ok(Some(Err(_broken))) => return Err(StatusCode::BAD_REQUEST),
            Ok(None) => return Ok(Received { bytes, turn }),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else {
            continue; // trailers: nobody asked for them
        };
        advances();
        let length = bytes.len() + data.len();
        if length as u64 > bounds.size {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if length > SHORT && turn.is_none() {
            turn = Some(Arc::clone(&bounds.long).lock_owned().await);
            deadline = Instant::now() + bounds.time;
        }
        bytes.extend_from_slice(&data);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::pin;
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

    impl HttpBody for Script {
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

    fn bounds(size: usize, time: Duration) -> Bounds {
        Bounds {
            size: size as u64,
            time,
            long: Arc::default(),
        }
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
    }

    const LONG_TIME: Duration = Duration::from_mins(10);

    #[test]
    fn longer_bodies_are_in_memory_one_at_a_time() {
        let runtime = runtime();
        let _entered = runtime.enter();
        let bounds = bounds(100 * PART, LONG_TIME);
        let mut cx = Context::from_waker(Waker::noop());

        let (first, _) = body(10, false);
        let mut first = Box::pin(read(first, &bounds, || {}));
        assert!(first.as_mut().poll(&mut cx).is_pending());

        let (second, taken) = body(10, true);
        let mut second = pin!(read(second, &bounds, || {}));
        assert!(second.as_mut().poll(&mut cx).is_pending());
        assert_eq!(taken.load(Ordering::Relaxed), SHORT + PART);

        let (short, _) = body(SHORT / PART, true);
        let mut short = pin!(read(short, &bounds, || {}));
        assert!(short.as_mut().poll(&mut cx).is_ready());

        drop(first);
        let Poll::Ready(Ok(received)) = second.as_mut().poll(&mut cx) else {
            panic!("it is its turn");
        };
        assert_eq!(received.bytes.len(), 10 * PART);

        // The turn ends with the body's life, not with its reading.
        let (third, _) = body(10, true);
        let mut third = pin!(read(third, &bounds, || {}));
        assert!(third.as_mut().poll(&mut cx).is_pending());
        drop(received);
        assert!(third.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn nothing_is_read_after_the_first_byte_too_many() {
        let (body, taken) = body(10, false);
        let status = runtime().block_on(async {
            let bounds = bounds(2 * PART, LONG_TIME);
            read(body, &bounds, || {}).await.map(|_| ()).unwrap_err()
        });
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(taken.load(Ordering::Relaxed), 3 * PART);
    }

    #[test]
    fn a_body_of_just_the_limit_is_taken() {
        let (body, _) = body(2, true);
        let bounds = bounds(2 * PART, LONG_TIME);
        let received = runtime().block_on(read(body, &bounds, || {})).ok().unwrap();
        assert_eq!(received.bytes.len(), 2 * PART);
    }

    #[test]
    fn a_longer_body_that_stalls_gives_up_its_turn() {
        let bounds = bounds(100 * PART, Duration::from_millis(20));
        runtime().block_on(async {
            let (stalled, _) = body(10, false);
            let status = read(stalled, &bounds, || {}).await.map(|_| ()).unwrap_err();
            assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
            let (next, _) = body(10, true);
            assert!(read(next, &bounds, || {}).await.is_ok());
        });
    }
}
