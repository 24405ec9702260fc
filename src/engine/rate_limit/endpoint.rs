//! The budget of one endpoint: its minute, its day, and what its refusals taught, joined.

use serde::{Deserialize, Serialize};

use super::day::DayBudget;
use super::throttle::Throttle;
use super::window::SlidingWindow;
use super::{EndpointLimit, Pacing};

/// The outcome of asking for a slot, in milliseconds from now.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    Slot { wait: u64 },
    DaySpent { wait: u64 },
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct EndpointBudget {
    window: SlidingWindow,
    day: DayBudget,
    throttle: Throttle,
}

impl EndpointBudget {
    /// Moves all times `back` by as much as the clock was set back, and forgets what is over.
    pub(super) fn advance(&mut self, back: u64, limit: EndpointLimit, now: u64) {
        if back > 0 {
            self.window.move_back(back);
            self.day.move_back(back);
            self.throttle.move_back(back);
        }
        let per_minute = self.throttle.per_minute(limit.per_minute, now);
        self.window.advance(per_minute, now);
        self.day.advance(now);
        self.throttle.advance(now);
    }

    pub(super) fn reserve(
        &mut self,
        id: u64,
        pacing: Pacing,
        limit: EndpointLimit,
        now: u64,
    ) -> Turn {
        if let Some(wait) = self.day.wait(limit.per_day, now) {
            return Turn::DaySpent { wait };
        }
        let per_minute = self.throttle.per_minute(limit.per_minute, now);
        let day_gap = self.day_gap(pacing, limit, now);
        let paced = match pacing {
            Pacing::Immediate => now,
            Pacing::Even | Pacing::EvenOverDay => self.window.next_even(per_minute, now),
        };
        let paced = paced.max(day_gap.map_or(0, |gap| self.day.last_paced + gap));
        let from = paced.max(self.throttle.paused_until);
        let at = self.window.reserve(id, per_minute, from, now);
        if day_gap.is_some() {
            self.day.last_paced = at;
        } else {
            self.window.plan_next(per_minute, now);
        }
        self.begin(id, at, now)
    }

    pub(super) fn start(
        &mut self,
        id: u64,
        pacing: Pacing,
        limit: EndpointLimit,
        now: u64,
    ) -> Turn {
        if self.window.is_started(id) {
            return Turn::Slot { wait: 0 };
        }
        if let Some(wait) = self.day.wait(limit.per_day, now) {
            self.window.remove(id);
            return Turn::DaySpent { wait };
        }
        let per_minute = self.throttle.per_minute(limit.per_minute, now);
        let from = now.max(self.throttle.paused_until);
        match self.window.confirm(id, per_minute, from, now) {
            Some(at) => self.begin(id, at, now),
            None => self.reserve(id, pacing, limit, now),
        }
    }

    /// Returns the least time until the last of so many calls can be made, at least one.
    pub(super) fn least_wait(&self, limit: EndpointLimit, calls: u64, now: u64) -> u64 {
        let per_day = u64::from(limit.per_day.get());
        let today = (calls - 1) % per_day + 1;
        let (days, day) = (
            calls - today,
            self.day.least_wait(limit.per_day, today, now),
        );
        let minutes = self.window.least_wait(limit.per_minute.get(), today, now);
        let pause = self.throttle.paused_until.saturating_sub(now);
        day.max(minutes).max(pause) + days / per_day * 24 * 60 * 60 * 1_000
    }

    pub(super) fn complete(&mut self, id: u64, now: u64) {
        if self.window.complete(id, now) {
            self.throttle.on_accepted(now);
        }
    }

    pub(super) fn cancel(&mut self, id: u64, pacing: Pacing, limit: EndpointLimit, now: u64) {
        let Some(slot) = self.window.remove(id) else {
            return;
        };
        if slot.is_started() {
            self.day.take_back(slot.at);
        }
        if let Some(gap) = self.day_gap(pacing, limit, now) {
            self.day.last_paced = self.day.last_paced.saturating_sub(gap);
        } else {
            let per_minute = self.throttle.per_minute(limit.per_minute, now);
            self.window.take_back(per_minute);
        }
    }

    pub(super) fn rate_limited(
        &mut self,
        id: u64,
        retry_after: Option<u64>,
        limit: EndpointLimit,
        now: u64,
    ) {
        let sent_at = self.window.refuse(id, now).unwrap_or(0);
        let counted = self.window.accepted();
        self.throttle
            .on_refused(sent_at, counted, retry_after, limit.per_minute, now);
    }

    /// Starts the call if its slot is now.
    fn begin(&mut self, id: u64, at: u64, now: u64) -> Turn {
        if at <= now {
            self.window.start(id, now);
            self.day.count(now);
            self.throttle.on_started(now);
        }
        Turn::Slot {
            wait: at.saturating_sub(now),
        }
    }

    /// The gap that makes the day's budget last, if `pacing` asks for it and the day is scarce.
    fn day_gap(&self, pacing: Pacing, limit: EndpointLimit, now: u64) -> Option<u64> {
        match pacing {
            Pacing::EvenOverDay => self.day.gap(limit.per_day, now),
            Pacing::Immediate | Pacing::Even => None,
        }
    }
}
