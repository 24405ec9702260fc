//! One budget for one documented limit, shared by all workers. It promises that however the calls
//! come, no 60 s hold more of them than allowed, by the service's clock too; that a few calls go at
//! once; and that a long run uses the whole budget, evenly spread.
//!
//! Times are durations since one fixed instant, such as the start of the run.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The sliding window: the documented minute and a little, so that a service that counts a little
/// differently is not offended.
pub const WINDOW: Duration = Duration::from_millis(60_500);

/// Leave for one call, counted when it was given. [`Limiter::answered`] takes it back; a call whose
/// permit is lost, or that is under way for a whole window, counts as of its sending.
#[derive(Debug)]
pub struct Permit(u64);

/// The state of one budget. Pure: it is told the time.
///
/// Half of the budget may go at once; past that, calls keep `WINDOW / calls` apart. So asking about
/// a dozen tasks is instant, and a long run neither bursts nor falls silent, except once, for at most
/// half a window, after a burst at its start.
#[derive(Debug)]
pub struct Budget {
    calls: usize,
    /// Between two calls of a long run.
    gap: Duration,
    /// The calls of the last window, in the order they were sent: when each was sent, or, once it
    /// is answered, when that was.
    recent: VecDeque<Duration>,
    /// The permit of the first of `recent`.
    first: u64,
    /// Even spacing allows the next call from here.
    spaced: Duration,
    /// Nothing is sent before this time.
    paused: Duration,
    /// The latest time told: threads that read the clock may come here in another order.
    clock: Duration,
}

impl Budget {
    /// A budget of this many calls a minute, none of them used.
    #[must_use]
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self {
            calls: usize::try_from(per_minute.get()).unwrap_or(usize::MAX),
            gap: WINDOW / per_minute.get(),
            recent: VecDeque::new(),
            first: 0,
            spaced: Duration::ZERO,
            paused: Duration::ZERO,
            clock: Duration::ZERO,
        }
    }

    /// Leave to send one call now, which counts from now on; or how long to wait before asking
    /// again, which counts nothing. Ask right before sending.
    pub fn reserve(&mut self, now: Duration) -> Result<Permit, Duration> {
        self.advance(now);
        let is_spaced = self.recent.len() >= self.calls.div_ceil(2);
        let from = if is_spaced {
            self.spaced
        } else {
            Duration::ZERO
        };
        self.reserve_from(from, now)
    }

    /// The same for a call that somebody waits for: it need not keep its distance from others, as
    /// long as the window has room for it.
    pub fn reserve_at_once(&mut self, now: Duration) -> Result<Permit, Duration> {
        self.reserve_from(Duration::ZERO, now)
    }

    fn reserve_from(&mut self, from: Duration, now: Duration) -> Result<Permit, Duration> {
        let now = self.advance(now);
        let mut from = from.max(self.paused);
        if let Some(oldest) = self.recent.front()
            && self.recent.len() >= self.calls
        {
            from = from.max(*oldest + WINDOW);
        }
        let wait = from.saturating_sub(now);
        if !wait.is_zero() {
            return Err(wait);
        }
        // Spaced by the plan rather than by the clock: a worker that woke up late is made up for,
        // by one gap at the most.
        self.spaced = self.spaced.max(now.saturating_sub(self.gap)) + self.gap;
        self.recent.push_back(now);
        Ok(Permit(self.first + self.recent.len() as u64 - 1))
    }

    /// The call is over, however it went. The service counted it some time between its sending and
    /// now, nobody knows when; so its window starts now. This is what makes slow connections and
    /// stalled threads harmless.
    pub fn answered(&mut self, Permit(number): Permit, now: Duration) {
        let now = self.advance(now);
        let place = number.checked_sub(self.first);
        let place = place.and_then(|place| usize::try_from(place).ok());
        if let Some(call) = place.and_then(|place| self.recent.get_mut(place)) {
            *call = now;
        }
    }

    /// Nobody sends before `until`: the service said that it is too much.
    pub fn pause_until(&mut self, until: Duration) {
        self.paused = self.paused.max(until);
    }

    /// Moves the clock and forgets calls that no window can hold any more. A call behind one that
    /// was answered late stays as long as that one: a little too careful, and simple.
    fn advance(&mut self, now: Duration) -> Duration {
        self.clock = self.clock.max(now);
        while self
            .recent
            .front()
            .is_some_and(|call| *call + WINDOW <= self.clock)
        {
            self.recent.pop_front();
            self.first += 1;
        }
        self.clock
    }
}

/// A [`Budget`] that workers share.
#[derive(Debug)]
pub struct Limiter(Mutex<Budget>);

impl Limiter {
    /// A budget of this many calls a minute, none of them used.
    #[must_use]
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self(Mutex::new(Budget::new(per_minute)))
    }

    /// See [`Budget::reserve`].
    pub fn reserve(&self, now: Duration) -> Result<Permit, Duration> {
        self.budget().reserve(now)
    }

    /// See [`Budget::reserve_at_once`].
    pub fn reserve_at_once(&self, now: Duration) -> Result<Permit, Duration> {
        self.budget().reserve_at_once(now)
    }

    /// See [`Budget::answered`].
    pub fn answered(&self, permit: Permit, now: Duration) {
        self.budget().answered(permit, now);
    }

    /// See [`Budget::pause_until`].
    pub fn pause_until(&self, until: Duration) {
        self.budget().pause_until(until);
    }

    fn budget(&self) -> MutexGuard<'_, Budget> {
        // Each change is a few assignments that cannot fail half-way, so a panic elsewhere while
        // the lock was held left the budget whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
