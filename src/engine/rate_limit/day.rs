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
