//! The time limit of a paid call: it bounds the time without progress. The clock goes on while this
//! process is stopped (Ctrl-Z, a frozen container), so the time is counted in ticks: a stop is one tick,
//! however long, and what has arrived meanwhile is read before the call counts as unanswered.

use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use crate::api::api_error::ApiError;

/// Maximum time between two looks at the call.
const MAX_TICK: Duration = Duration::from_millis(100);
const MIN_TICK: Duration = Duration::from_millis(1);

/// The state of a call at a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tick {
    /// Nothing has come since the last one, and the request is sent.
    Unanswered,
    /// The connection has taken nothing of the request since the last one.
    Stalled,
    /// Something has happened, or the silence is not the connection's.
    Active,
    /// The call is to be aborted.
    Cancelled,
}

/// Waits for `future` until it has been silent for `limit`; `look` tells its state at each tick.
pub(super) async fn within<T>(
    limit: Duration,
    mut look: impl FnMut() -> Tick,
    future: impl Future<Output = Result<T, ApiError>>,
) -> Result<T, ApiError> {
    let tick = (limit / 4).clamp(MIN_TICK, MAX_TICK);
    let (mut future, mut silence) = (pin!(future), Duration::ZERO);
    loop {
        if let Ok(output) = timeout(tick, future.as_mut()).await {
            return output;
        }
        // One tick more than the limit: the last one may have been a stop.
        let is_over = silence >= limit;
        match look() {
            Tick::Cancelled => return Err(ApiError::cancelled()),
            Tick::Active => silence = Duration::ZERO,
            Tick::Stalled if is_over => return Err(ApiError::stalled()),
            Tick::Unanswered if is_over => return Err(ApiError::timed_out()),
            Tick::Stalled | Tick::Unanswered => silence += tick,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::runtime::Builder;
    use tokio::time::sleep;

    use super::*;

    const LIMIT: Duration = Duration::from_millis(4);

    fn run<F: Future<Output = Result<(), ApiError>>>(
        looks: &[Tick],
        future: impl FnOnce() -> F,
    ) -> (Result<(), ApiError>, usize) {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let mut count = 0;
        let look = || {
            count += 1;
            looks[(count - 1).min(looks.len() - 1)]
        };
        let outcome = runtime.block_on(async { within(LIMIT, look, future()).await });
        (outcome, count)
    }

    #[test]
    fn progress_extends_the_limit_and_silence_ends_it() {
        use Tick::{Active, Cancelled, Stalled, Unanswered};

        // A limit is four ticks, and one more.
        let (outcome, count) = run(&[Unanswered], pending);
        assert_eq!((outcome, count), (Err(ApiError::timed_out()), 5));
        let (outcome, count) = run(&[Stalled, Stalled, Stalled, Active, Stalled], pending);
        assert_eq!((outcome, count), (Err(ApiError::stalled()), 9));
        let (outcome, count) = run(&[Active, Cancelled], pending);
        assert_eq!((outcome, count), (Err(ApiError::cancelled()), 2));
        let (outcome, _) = run(&[Active], || async {
            sleep(10 * LIMIT).await;
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
    }
}
