//! The account's rate limits, by the minute and by the day, shared by all processes of a user.
//!
//! [`RateLimiter`] is pure: it is told the time, and holds the calls of the last minute, counters of
//! the last day, and the slots in which calls are about to go out. It promises that no 60 s hold more
//! calls than allowed, by the service's clock too, and no 24 h either; that whoever comes later waits
//! longer, so that nobody starves; and that a long run uses the whole budget, evenly spread.
//! [`SharedRateLimiter`] keeps one of them in a file.
//!
//! A call takes this way: [`reserve`](RateLimiter::reserve), wait, [`start`](RateLimiter::start),
//! perhaps wait again, send, and [`complete`](RateLimiter::complete). A permit that gets lost on the
//! way, because its process was killed, costs its slot and nothing else.
//!
//! Times are durations since the Unix epoch.

mod day;
mod endpoint;
mod shared;
mod store;
mod throttle;
mod window;

#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::json;
use endpoint::{EndpointBudget, Turn};
pub use shared::SharedRateLimiter;

/// Length of the sliding window, in milliseconds: the documented minute and a little, so that a
/// service that counts a little differently is not offended.
const WINDOW: u64 = 60_500;

/// A kind of call that has limits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A submit of type AUDIO.
    SubmitAudio,
    /// A submit of type VIDEO.
    SubmitVideo,
    /// A poll of one task.
    Get,
    /// An upload of one video.
    Upload,
    /// One page of the listing of videos.
    List,
}

impl Endpoint {
    /// Every endpoint, in the order of its number.
    const ALL: [Self; 5] = [
        Self::SubmitAudio,
        Self::SubmitVideo,
        Self::Get,
        Self::Upload,
        Self::List,
    ];
}

/// The limits of one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointLimit {
    /// Maximum number of calls in any minute.
    pub per_minute: NonZeroU32,
    /// Maximum number of calls in any 24 hours.
    pub per_day: NonZeroU32,
}

impl EndpointLimit {
    /// Creates a limit; zero counts as one.
    #[must_use]
    pub const fn new(per_minute: u32, per_day: u32) -> Self {
        const fn at_least_one(calls: u32) -> NonZeroU32 {
            match NonZeroU32::new(calls) {
                Some(calls) => calls,
                None => NonZeroU32::MIN,
            }
        }
        Self {
            per_minute: at_least_one(per_minute),
            per_day: at_least_one(per_day),
        }
    }
}

/// The limits of an account. The default is what the service documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountLimits {
    /// Submits of type AUDIO.
    pub submit_audio: EndpointLimit,
    /// Submits of type VIDEO.
    pub submit_video: EndpointLimit,
    /// Polls.
    pub get: EndpointLimit,
    /// Uploads.
    pub upload: EndpointLimit,
    /// Listings of videos.
    pub list: EndpointLimit,
}

impl Default for AccountLimits {
    fn default() -> Self {
        Self {
            submit_audio: EndpointLimit::new(50, 4_000),
            submit_video: EndpointLimit::new(20, 2_000),
            get: EndpointLimit::new(50, 10_000),
            upload: EndpointLimit::new(10, 1_000),
            list: EndpointLimit::new(200, 1_000),
        }
    }
}

impl AccountLimits {
    pub(super) const fn of(&self, endpoint: Endpoint) -> EndpointLimit {
        match endpoint {
            Endpoint::SubmitAudio => self.submit_audio,
            Endpoint::SubmitVideo => self.submit_video,
            Endpoint::Get => self.get,
            Endpoint::Upload => self.upload,
            Endpoint::List => self.list,
        }
    }
}

/// The priority of a call among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// As soon as the minute has room: for a call that somebody waits for.
    Immediate,
    /// At once while half of the minute's budget is unused; then the rest is spread over the minute, and
    /// after that calls are evenly spaced.
    Even,
    /// Like [`Even`](Self::Even); and once half of the day's budget is used, at the pace that can be
    /// kept up for a day with what is left: for the polls of a long wait.
    EvenOverDay,
}

/// A slot for one call. It becomes a call with [`RateLimiter::start`], and has to be handed back with
/// [`RateLimiter::complete`], [`RateLimiter::rate_limited`] or [`RateLimiter::cancel`]. If it is
/// lost, an unused slot expires a few seconds after its time, and a used one counts as of its start.
#[derive(Debug)]
#[must_use = "a permit that is dropped still takes its slot"]
pub struct Permit {
    endpoint: Endpoint,
    pacing: Pacing,
    id: u64,
}

/// The outcome of asking for a slot.
#[derive(Debug)]
#[must_use]
pub enum Reservation {
    /// A slot.
    Slot {
        /// Names the slot.
        permit: Permit,
        /// Time until the slot. Zero means that the call has been started and counts from now on;
        /// otherwise [`RateLimiter::start`] is due after this time.
        wait: Duration,
    },
    /// The day's budget is spent, and there is no slot.
    DaySpent {
        /// Time until there is a budget again.
        wait: Duration,
    },
}

/// The state of an account's rate limits: the content of the shared file.
///
/// A call counts as of its start until it is completed, and from then on as of its completion, for
/// nobody knows when in between the service counted it. This is what makes slow connections and
/// stalled processes harmless. A call that takes longer than the window counts as of its start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RateLimiter {
    #[serde(skip)]
    limits: AccountLimits,
    /// The latest time told.
    clock: u64,
    /// The latest slot's number. Numbers follow the clock, so that those of a file that was deleted
    /// meanwhile are not given out again.
    last_id: u64,
    endpoints: [EndpointBudget; 5],
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a permit is used up by handing it back"
)]
impl RateLimiter {
    /// Creates a state without any calls.
    #[must_use]
    pub fn new(limits: AccountLimits) -> Self {
        Self {
            limits,
            clock: 0,
            last_id: 0,
            endpoints: Default::default(),
        }
    }

    /// Replaces what is counted by what `json` says, if that is a state of rate limits.
    fn load(&mut self, json: &[u8]) {
        if let Ok(loaded) = json::object_in_bytes::<Self>(json) {
            *self = Self {
                limits: self.limits,
                ..loaded
            };
        }
    }

    /// Reserves the next slot of `endpoint` that fits `pacing` and disturbs no earlier reservation.
    pub fn reserve(&mut self, endpoint: Endpoint, pacing: Pacing, now: Duration) -> Reservation {
        let now = self.advance(now);
        self.last_id = now.max(self.last_id.saturating_add(1));
        let id = self.last_id;
        let (budget, limit) = self.budget(endpoint);
        let turn = budget.reserve(id, pacing, limit, now);
        let permit = Permit {
            endpoint,
            pacing,
            id,
        };
        reservation(permit, turn)
    }

    /// Starts the call of a slot whose time has come, or says how much longer it has to wait: calls
    /// in flight took longer than assumed, or the service asked for a pause. A slot that expired
    /// unused is reserved anew.
    pub fn start(&mut self, permit: Permit, now: Duration) -> Reservation {
        let now = self.advance(now);
        let (budget, limit) = self.budget(permit.endpoint);
        let turn = budget.start(permit.id, permit.pacing, limit, now);
        reservation(permit, turn)
    }

    /// Ends a call, whatever became of it, except for a refusal because of the rate limit.
    pub fn complete(&mut self, permit: Permit, now: Duration) {
        let now = self.advance(now);
        self.budget(permit.endpoint).0.complete(permit.id, now);
    }

    /// Gives back a slot that was not used: nothing was sent.
    pub fn cancel(&mut self, permit: Permit, now: Duration) {
        let now = self.advance(now);
        let (budget, limit) = self.budget(permit.endpoint);
        budget.cancel(permit.id, permit.pacing, limit, now);
    }

    /// Ends a call that the service refused because of its rate limit, and makes all callers of the
    /// endpoint wait: for `retry_after`, of which two minutes are honoured, and until there is room
    /// within the limit that the service seems to have.
    pub fn rate_limited(&mut self, permit: Permit, retry_after: Option<Duration>, now: Duration) {
        let now = self.advance(now);
        let (budget, limit) = self.budget(permit.endpoint);
        budget.rate_limited(permit.id, retry_after.map(millis), limit, now);
    }

    /// Returns the least time until the last of so many calls can be made, by what is counted; zero for
    /// none.
    #[must_use]
    pub fn least_wait(&self, endpoint: Endpoint, calls: usize) -> Duration {
        let calls = u64::try_from(calls).unwrap_or(u64::MAX);
        if calls == 0 {
            return Duration::ZERO;
        }
        let budget = &self.endpoints[endpoint as usize];
        let wait = budget.least_wait(self.limits.of(endpoint), calls, self.clock);
        Duration::from_secs(wait / 1_000)
    }

    fn budget(&mut self, endpoint: Endpoint) -> (&mut EndpointBudget, EndpointLimit) {
        let limit = self.limits.of(endpoint);
        (&mut self.endpoints[endpoint as usize], limit)
    }

    /// Moves the clock and forgets what is over. If the clock was set back, all times move with it,
    /// as if no time had passed since it was last looked at: nothing is counted too short, and nobody
    /// waits for a time that was the present before.
    fn advance(&mut self, now: Duration) -> u64 {
        let now = millis(now);
        let back = self.clock.saturating_sub(now);
        self.clock = now;
        for endpoint in Endpoint::ALL {
            let (budget, limit) = self.budget(endpoint);
            budget.advance(back, limit, now);
        }
        now
    }
}

fn reservation(permit: Permit, turn: Turn) -> Reservation {
    match turn {
        Turn::Slot { wait } => Reservation::Slot {
            permit,
            wait: Duration::from_millis(wait),
        },
        Turn::DaySpent { wait } => Reservation::DaySpent {
            wait: Duration::from_millis(wait),
        },
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
