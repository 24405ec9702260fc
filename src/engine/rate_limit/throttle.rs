//! Lessons of refusals: the service's limit is smaller than the configured one, or others use the
//! same account.
//!
//! The calls that the service had accepted in the window when it refused one are its limit as far as
//! we can know. That is believed for five minutes; then one call more is tried, and after each minute
//! without a refusal twice as many more, up to the configured limit. Each time a trial is refused,
//! the belief holds for twice as long, up to an hour. So a limit that is always smaller costs few
//! refusals, and a burst of somebody else is forgotten soon.
//!
//! Where nothing of ours was accepted in the window there is nothing to learn: others use all of it.
//! Then one call at a time tries again, after pauses that double.

use std::num::NonZeroU32;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// Times in milliseconds.
const MIN_TRUST: u64 = 5 * 60_000;
const MAX_TRUST: u64 = 60 * 60_000;
const TRIAL: u64 = 60_000;
const MIN_PAUSE: u64 = 10_000;
const MAX_PAUSE: u64 = 60_000;

/// Bounds of what is honoured of a `Retry-After`, in milliseconds.
const MIN_RETRY_AFTER: u64 = 1_000;
const MAX_RETRY_AFTER: u64 = 120_000;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Throttle {
    /// Nothing is sent before this time.
    pub(super) paused_until: u64,
    /// The last refusal of a call that was sent with the knowledge of all earlier ones.
    refused_at: u64,
    /// Refusals in a row with nothing of ours in the window.
    strikes: u32,
    learned: Option<LearnedLimit>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LearnedLimit {
    per_minute: u32,
    since: u64,
    trusted_for: u64,
}

impl LearnedLimit {
    fn at(&self, now: u64) -> u32 {
        let Some(over) = now.checked_sub(self.since.saturating_add(self.trusted_for)) else {
            return self.per_minute;
        };
        let trials = u32::try_from(over / TRIAL)
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        self.per_minute
            .saturating_add(2u32.saturating_pow(trials) - 1)
    }
}

impl Throttle {
    pub(super) fn advance(&mut self, now: u64) {
        self.paused_until = self.paused_until.min(now + MAX_RETRY_AFTER);
        self.refused_at = self.refused_at.min(now);
        if let Some(learned) = &mut self.learned {
            learned.since = learned.since.min(now);
        }
    }

    pub(super) fn move_back(&mut self, by: u64) {
        let learned = self.learned.as_mut().map(|learned| &mut learned.since);
        for time in [&mut self.paused_until, &mut self.refused_at]
            .into_iter()
            .chain(learned)
        {
            *time = time.saturating_sub(by);
        }
    }

    /// Returns the limit to keep to.
    pub(super) fn per_minute(&self, configured: NonZeroU32, now: u64) -> u32 {
        let learned = self.learned.as_ref().map(|learned| learned.at(now));
        learned.map_or(configured.get(), |learned| learned.min(configured.get()))
    }

    /// Lets the first call after a pause go alone.
    pub(super) fn on_started(&mut self, now: u64) {
        if self.strikes > 0 {
            self.paused_until = now + MIN_PAUSE;
        }
    }

    /// Ends the pauses: the call that tried again was accepted.
    pub(super) fn on_accepted(&mut self, now: u64) {
        if self.strikes > 0 {
            self.strikes = 0;
            self.paused_until = now;
        }
    }

    /// Learns from a refusal of a call that was sent at `sent_at`, while `accepted` others of ours
    /// were in the window.
    pub(super) fn on_refused(
        &mut self,
        sent_at: u64,
        accepted: u32,
        retry_after: Option<u64>,
        configured: NonZeroU32,
        now: u64,
    ) {
        // Calls that were in flight together are one trial.
        let is_news = sent_at > self.refused_at;
        if is_news {
            self.refused_at = now;
            // It went out alone: what held back the others is over.
            self.paused_until = self.paused_until.min(now);
        }
        let pause = if accepted > 0 {
            // A service that says when to come again is believed.
            if retry_after.is_none() {
                self.learn(accepted, is_news, configured, now);
            }
            None
        } else {
            self.strikes = self.strikes.saturating_add(u32::from(is_news));
            Some(backoff(self.strikes, now))
        };
        let asked = retry_after.map(|asked| asked.clamp(MIN_RETRY_AFTER, MAX_RETRY_AFTER));
        if let Some(pause) = asked.or(pause) {
            self.paused_until = self.paused_until.max(now + pause);
        }
    }

    fn learn(&mut self, accepted: u32, is_news: bool, configured: NonZeroU32, now: u64) {
        let present = self.per_minute(configured, now);
        match &mut self.learned {
            Some(learned) if !is_news => learned.per_minute = learned.per_minute.min(accepted),
            learned => {
                let trusted_for = match learned {
                    Some(learned) if present < configured.get() => {
                        learned.trusted_for.saturating_mul(2)
                    }
                    _ => MIN_TRUST,
                };
                *learned = Some(LearnedLimit {
                    per_minute: accepted.min(present),
                    since: now,
                    trusted_for: trusted_for.min(MAX_TRUST),
                });
            }
        }
    }
}

/// A pause that doubles with each strike, between half and all of it so that several machines part.
fn backoff(strikes: u32, now: u64) -> u64 {
    let doubled = MIN_PAUSE.saturating_mul(2u64.saturating_pow(strikes.saturating_sub(1)));
    let pause = doubled.min(MAX_PAUSE);
    Rng::with_seed(now).u64(pause / 2..=pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIGURED: NonZeroU32 = NonZeroU32::new(50).unwrap();

    #[test]
    fn call_sent_at_the_time_of_a_refusal_is_the_same_trial() {
        let mut throttle = Throttle::default();
        throttle.on_refused(100, 0, None, CONFIGURED, 200);
        throttle.on_refused(200, 0, None, CONFIGURED, 300);
        assert_eq!(throttle.strikes, 1);
        throttle.on_refused(201, 0, None, CONFIGURED, 300);
        assert_eq!(throttle.strikes, 2);
    }

    #[test]
    fn times_of_the_future_are_brought_back() {
        let mut throttle = Throttle::default();
        let now = 10 * MAX_RETRY_AFTER;
        throttle.on_refused(1, 10, None, CONFIGURED, now);
        throttle.on_refused(1, 1, Some(MAX_RETRY_AFTER), CONFIGURED, now);
        throttle.advance(500);
        assert_eq!(throttle.paused_until, 500 + MAX_RETRY_AFTER);
        assert_eq!(throttle.refused_at, 500);
        let limit = |now| throttle.per_minute(CONFIGURED, now);
        assert_eq!((limit(499 + MIN_TRUST), limit(500 + MIN_TRUST)), (10, 11));
    }

    #[test]
    fn limit_that_was_unlearned_is_believed_for_as_long_as_a_new_one() {
        let mut throttle = Throttle::default();
        throttle.on_refused(1, 10, None, CONFIGURED, 2);
        let later = 2 + MAX_TRUST;
        assert_eq!(throttle.per_minute(CONFIGURED, later), 50);
        throttle.on_refused(later, 10, None, CONFIGURED, later);
        assert_eq!(throttle.per_minute(CONFIGURED, later + MIN_TRUST), 11);
    }
}
