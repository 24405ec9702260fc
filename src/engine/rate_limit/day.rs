//! The calls of the last 24 hours, counted in buckets of ten minutes: careful rather than exact.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::WINDOW;

/// Length of a bucket, in milliseconds.
const BUCKET: u64 = 10 * 60 * 1_000;

/// Time for which a bucket counts after its end, in milliseconds. The service may count a call up to a
/// window later than it was started.
const DAY: u64 = 24 * 60 * 60 * 1_000 + WINDOW;

/// The calls that were started in one span of ten minutes.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Bucket {
    /// Number of the span since the epoch.
    #[serde(rename = "b")]
    span: u64,
    #[serde(rename = "n")]
    calls: u32,
}

impl Bucket {
    const fn expires(&self) -> u64 {
        self.span
            .saturating_add(1)
            .saturating_mul(BUCKET)
            .saturating_add(DAY)
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct DayBudget {
    /// Oldest first.
    buckets: Vec<Bucket>,
    /// The slot of the last call that was spaced over the day.
    pub(super) last_paced: u64,
}

impl DayBudget {
    pub(super) fn advance(&mut self, now: u64) {
        self.buckets.retain_mut(|bucket| {
            bucket.span = bucket.span.min(now / BUCKET);
            bucket.expires() > now
        });
        self.last_paced = self.last_paced.min(now + DAY);
    }

    /// Moves the buckets by whole spans; what is left over makes them count for a little longer.
    pub(super) fn move_back(&mut self, by: u64) {
        for bucket in &mut self.buckets {
            bucket.span = bucket.span.saturating_sub(by / BUCKET);
        }
        self.last_paced = self.last_paced.saturating_sub(by);
    }

    pub(super) fn count(&mut self, now: u64) {
        let span = now / BUCKET;
        match self.buckets.last_mut() {
            Some(bucket) if bucket.span == span => bucket.calls = bucket.calls.saturating_add(1),
            _ => self.buckets.push(Bucket { span, calls: 1 }),
        }
    }

    /// Takes back a call that was counted at `at`.
    pub(super) fn take_back(&mut self, at: u64) {
        let span = at / BUCKET;
        if let Some(bucket) = self.buckets.iter_mut().find(|bucket| bucket.span == span) {
            bucket.calls = bucket.calls.saturating_sub(1);
        }
    }

    /// Returns the time until the day has room for a call, or `None` if it has.
    pub(super) fn wait(&self, per_day: NonZeroU32, now: u64) -> Option<u64> {
        let mut used = self.used();
        if used < u64::from(per_day.get()) {
            return None;
        }
        let freeing = self.buckets.iter().find(|bucket| {
            used -= u64::from(bucket.calls);
            used < u64::from(per_day.get())
        });
        freeing.map(|bucket| bucket.expires().saturating_sub(now))
    }

    /// Returns the time until the day has room for so many calls, no more than its limit.
    pub(super) fn least_wait(&self, per_day: NonZeroU32, calls: u64, now: u64) -> u64 {
        let mut used = self.used() + calls;
        let limit = u64::from(per_day.get());
        let freeing = self.buckets.iter().filter(|bucket| {
            let is_too_much = used > limit;
            used = used.saturating_sub(u64::from(bucket.calls));
            is_too_much
        });
        let last = freeing.last();
        last.map_or(0, |bucket| bucket.expires().saturating_sub(now))
    }

    /// Returns the shortest gap between calls that can be kept up for a day, with what is left and
    /// what comes back meanwhile; `None` while half of the budget is unused.
    pub(super) fn gap(&self, per_day: NonZeroU32, now: u64) -> Option<u64> {
        let (used, limit) = (self.used(), u64::from(per_day.get()));
        if used * 2 < limit {
            return None;
        }
        let mut available = limit.saturating_sub(used).max(1);
        let mut gap = DAY / limit;
        for bucket in &self.buckets {
            gap = gap.max(bucket.expires().saturating_sub(now) / available);
            available += u64::from(bucket.calls);
        }
        Some(gap)
    }

    fn used(&self) -> u64 {
        self.buckets
            .iter()
            .map(|bucket| u64::from(bucket.calls))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(calls: &[(u64, u32)]) -> DayBudget {
        let mut budget = DayBudget::default();
        for (at, calls) in calls {
            (0..*calls).for_each(|_| budget.count(*at));
        }
        budget
    }

    fn limit(per_day: u32) -> NonZeroU32 {
        NonZeroU32::new(per_day).unwrap()
    }

    #[test]
    fn calls_of_one_span_share_a_bucket() {
        let budget = budget(&[(0, 3), (BUCKET - 1, 2), (BUCKET, 1)]);
        let counted: Vec<_> = budget
            .buckets
            .iter()
            .map(|bucket| (bucket.span, bucket.calls))
            .collect();
        assert_eq!(counted, [(0, 5), (1, 1)]);
    }

    #[test]
    fn day_beyond_its_limit_waits_for_every_call_too_many() {
        // The limit was lowered meanwhile.
        let budget = budget(&[(0, 5), (BUCKET, 20)]);
        assert_eq!(budget.wait(limit(26), BUCKET), None);
        assert_eq!(budget.wait(limit(25), BUCKET), Some(DAY));
        assert_eq!(budget.wait(limit(20), BUCKET), Some(DAY + BUCKET));
    }

    #[test]
    fn gap_begins_with_half_of_the_budget_and_grows() {
        assert_eq!(budget(&[(0, 4)]).gap(limit(10), 0), None);
        assert_eq!(
            budget(&[(0, 5)]).gap(limit(10), 0),
            Some((BUCKET + DAY) / 5)
        );
        assert_eq!(
            budget(&[(0, 7)]).gap(limit(10), 0),
            Some((BUCKET + DAY) / 3)
        );
        // All that was used comes back at once.
        let gap = budget(&[(0, 5)]).gap(limit(10), BUCKET + DAY - 1_000);
        assert_eq!(gap, Some(DAY / 10));
    }
}
