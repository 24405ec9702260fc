//! Whether a failed call is tried again, and after how long. A submit costs money, so it is tried
//! again only when it certainly was not accepted. Pure: it decides, the caller sleeps.

use std::time::Duration;

use fastrand::Rng;
use jiff::Timestamp;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

/// What was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A new task: paid for, and never to be sent twice.
    Submit,
    /// A question, which may be asked any number of times.
    Get,
}

/// How a call failed, as far as trying again goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing was sent: connection refused, no such host, no TLS.
    NotConnected,
    /// Timed out or cut off after something was sent: whether it was accepted is not known.
    Cut,
    /// HTTP 5xx.
    ServerError {
        /// The HTTP status.
        status: u16,
        /// What its `Retry-After` asked for, if it could be read.
        retry_after: Option<Duration>,
    },
    /// Code 0429 or HTTP 429: not accepted.
    RateLimited {
        /// What its `Retry-After` asked for, if it could be read.
        retry_after: Option<Duration>,
    },
    /// HTTP 200 with something else than the API's JSON, such as a captive portal's page.
    Unreadable,
    /// The service understood and said no, or anything else that stays as it is.
    Final,
}

/// How long trying goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// This many further tries of one call.
    Tries(u32),
    /// Until it works, and [`Trouble::Unreadable`] is waited out too: inside a wait, which has its
    /// own timeout.
    Unlimited,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Try again after this long.
    Retry(Duration),
    /// Report the failure.
    GiveUp,
}

/// A delay that doubles from `base` with each failure up to `cap`; drawn from all of it ("full
/// jitter"), so that those who failed together do not come back together.
struct Backoff {
    base: Duration,
    cap: Duration,
}

impl Backoff {
    /// A blip is over soon.
    const TROUBLE: Self = Self {
        base: Duration::from_millis(500),
        cap: Duration::from_secs(30),
    };
    /// The limits are counted by the minute, so there is no use in coming back at once.
    const LIMIT: Self = Self {
        base: Duration::from_secs(10),
        cap: Duration::from_mins(1),
    };

    fn draw(&self, failed: u32, rng: &mut Rng) -> Duration {
        let doubled = 2u32.saturating_pow(failed.saturating_sub(1));
        self.base
            .saturating_mul(doubled)
            .min(self.cap)
            .mul_f64(rng.f64())
    }
}

/// The longest that a `Retry-After` is obeyed: a service that says "tomorrow" does not hang a script.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(2);

/// Decides about the failures of calls.
#[derive(Debug)]
pub struct Policy {
    patience: Patience,
    rng: Rng,
}

impl Policy {
    /// A policy with this patience; `seed` decides the jitter.
    #[must_use]
    pub fn new(patience: Patience, seed: u64) -> Self {
        Self {
            patience,
            rng: Rng::with_seed(seed),
        }
    }

    /// What to do after `failure` of `call`, which has failed `failed` times now (1 after its
    /// first try).
    pub fn decide(&mut self, call: Call, failure: Trouble, failed: u32) -> Decision {
        let patient = match self.patience {
            Patience::Tries(further) => failed <= further,
            Patience::Unlimited => true,
        };
        if !patient || !self.may_repeat(call, failure) {
            return Decision::GiveUp;
        }
        let retry_after = match failure {
            Trouble::ServerError { retry_after, .. } | Trouble::RateLimited { retry_after } => {
                retry_after
            }
            _ => None,
        };
        let backoff = match (failure, retry_after) {
            // The service knows how long its limit lasts; what is added only parts the callers.
            (Trouble::RateLimited { .. }, None) => Backoff::LIMIT,
            _ => Backoff::TROUBLE,
        };
        let asked = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
        Decision::Retry(asked + backoff.draw(failed, &mut self.rng))
    }

    fn may_repeat(&self, call: Call, failure: Trouble) -> bool {
        match (call, failure) {
            (_, Trouble::NotConnected | Trouble::RateLimited { .. })
            | (Call::Get, Trouble::Cut | Trouble::ServerError { .. }) => true,
            // "Service unavailable, come back later" is the one 5xx that says it did nothing.
            (
                Call::Submit,
                Trouble::ServerError {
                    status,
                    retry_after,
                },
            ) => status == 503 && retry_after.is_some(),
            (Call::Get, Trouble::Unreadable) => self.patience == Patience::Unlimited,
            (_, Trouble::Final) | (Call::Submit, Trouble::Cut | Trouble::Unreadable) => false,
        }
    }
}

/// How long the `Retry-After` header asks to wait from `now` (RFC 9110, section 10.2.3): seconds, or
/// an HTTP date in any of its three forms (section 5.6.7), zero if that has passed. `None` if it is
/// neither. Not capped; [`Policy::decide`] does that.
#[must_use]
pub fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only digits, so all that can be wrong is that there are too many.
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::MAX)));
    }
    let wait = http_date(header)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// A date as HTTP writes it, in any of its three forms (RFC 9110, section 5.6.7).
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    let obsolete = |format| {
        let date = strtime::parse(format, text).ok()?.to_datetime().ok()?;
        TimeZone::UTC.to_timestamp(date).ok()
    };
    (rfc2822::DateTimeParser::new().parse_timestamp(text).ok())
        .or_else(|| obsolete("%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|| obsolete("%a %b %e %H:%M:%S %Y"))
}

#[cfg(test)]
mod tests;
