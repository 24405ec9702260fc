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
