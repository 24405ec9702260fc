//! The one place that says whether a failed call may be repeated, and after how long. A submit costs
//! money, so it is repeated only where it certainly was not accepted. Pure: it decides, nobody sleeps.

use std::time::Duration;

use fastrand::Rng;

use crate::api::{ApiError, FailureClass, code};

/// The calls that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A new task: paid for, and never to be sent twice.
    Submit,
    /// A file that becomes a video: paid for, and never to be sent twice.
    Upload,
    /// A question about a task, which may be asked any number of times.
    Poll,
    /// A page of the listing of videos, which may be asked for any number of times.
    List,
    /// A deletion: what it did is reported, so it is sent again only where it did nothing.
    Delete,
}

/// Upper bound on the repetitions of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryLimit {
    /// So many further attempts (`--retries`).
    Attempts(u32),
    /// No bound but the timeout of the wait. Failures that only last for a while (a captive portal's
    /// page, a `token_command` that fails) are waited out too.
    Unlimited,
}

/// The decision about a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Repeat it after this long. After a 0429 this is zero, but for a deletion, which has no rate
    /// limiter that says when.
    Retry(Duration),
    /// Report the failure.
    GiveUp,
}

/// Returns `true` if a submit, an upload or a deletion that failed like this may have been accepted.
///
/// Known not to be: nothing was sent, or not all of an upload; a documented code of refusal; a status of
/// HTTP that refuses. A lost connection, a reply that names a task or a video or says success, an
/// undocumented code, and a bare 303 or 409 leave the outcome unknown.
#[must_use]
pub fn is_possibly_accepted(error: &ApiError) -> bool {
    if error.named_task.is_some() || error.named_video.is_some() {
        return true;
    }
    if error.is_incomplete {
        return false;
    }
    if error.says_success {
        return true;
    }
    match error.class {
        FailureClass::NotConnected | FailureClass::NoToken | FailureClass::RateLimited { .. } => {
            false
        }
        // "Service unavailable, come back later" is the one 5xx that says it did nothing.
        FailureClass::ServerError {
            status,
            retry_after,
        } => status != 503 || retry_after.is_none(),
        FailureClass::ConnectionLost | FailureClass::InvalidBody => true,
        FailureClass::Permanent => match (&error.error.api_code, error.error.http_status) {
            (Some(code), _) => !code::is_documented(code),
            (None, Some(status)) => !refuses(status),
            // It failed before it was sent.
            (None, None) => false,
        },
    }
}

/// Returns `true` for the statuses of HTTP that say that a request was not carried out.
const fn refuses(status: u16) -> bool {
    matches!(status, 300..=499) && !matches!(status, 303 | 409)
}

/// A delay that doubles from `base` with each failure up to `max`, drawn from all of it ("full
/// jitter"), so that calls that failed together are not repeated together.
const BASE_DELAY: Duration = Duration::from_millis(500);
const MAX_DELAY: Duration = Duration::from_secs(30);

/// The longest `Retry-After` that is obeyed: a service that says "tomorrow" does not hang a script.
pub const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);

/// The first pause after a deletion was refused with 0429 and no `Retry-After`. It doubles.
const DELETE_PAUSE: Duration = Duration::from_secs(5);

/// Decides about failed calls.
#[derive(Debug)]
pub struct RetryPolicy {
    rng: Rng,
}

impl RetryPolicy {
    /// Creates a policy; `seed` decides the jitter.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
        }
    }

    /// Decides about a call that has failed `failures` times now (1 after its first attempt).
    pub fn decide(
        &mut self,
        call: Call,
        error: &ApiError,
        limit: RetryLimit,
        failures: u32,
    ) -> Decision {
        let is_exhausted = match limit {
            RetryLimit::Attempts(further) => failures > further,
            RetryLimit::Unlimited => false,
        };
        if is_exhausted || !may_repeat(call, error, limit) {
            return Decision::GiveUp;
        }
        match error.class {
            FailureClass::RateLimited { retry_after } if call == Call::Delete => {
                let pause =
                    DELETE_PAUSE.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1)));
                let pause = retry_after.unwrap_or(pause).min(MAX_RETRY_AFTER);
                Decision::Retry(pause + self.backoff(failures))
            }
            FailureClass::RateLimited { .. } => Decision::Retry(Duration::ZERO),
            FailureClass::ServerError {
                retry_after: Some(asked),
                ..
            } => Decision::Retry(asked.min(MAX_RETRY_AFTER) + self.backoff(failures)),
            _ => Decision::Retry(self.backoff(failures)),
        }
    }

    fn backoff(&mut self, failures: u32) -> Duration {
        let doubled = 2u32.saturating_pow(failures.saturating_sub(1));
        let delay = BASE_DELAY.saturating_mul(doubled).min(MAX_DELAY);
        delay.mul_f64(self.rng.f64())
    }
}

fn may_repeat(call: Call, error: &ApiError, limit: RetryLimit) -> bool {
    if matches!(call, Call::Submit | Call::Upload | Call::Delete) && is_possibly_accepted(error) {
        return false;
    }
    match error.class {
        FailureClass::NotConnected
        | FailureClass::RateLimited { .. }
        | FailureClass::ServerError { .. }
        | FailureClass::ConnectionLost => true,
        FailureClass::InvalidBody | FailureClass::NoToken => limit == RetryLimit::Unlimited,
        FailureClass::Permanent => false,
    }
}

#[cfg(test)]
mod tests;
