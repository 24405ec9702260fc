//! The calls about tokens of the last 24 hours, counted to keep within the service's limits: 50 logins and
//! 500 refreshes. Pure: the time is an argument.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::duration;
use crate::error::{Error, ErrorKind};

const DAY: Duration = Duration::from_hours(24);

/// A call about tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenCall {
    Login,
    Refresh,
}

/// The times of the calls, in seconds since 1970, oldest first.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct CallCounts {
    #[serde(default)]
    logins: Vec<i64>,
    #[serde(default)]
    refreshes: Vec<i64>,
}

impl CallCounts {
    /// Returns the time until there can be another call, if the day's are spent. Calls of the future do
    /// not count: the clock was wrong.
    pub(super) fn spent(&mut self, call: TokenCall, now: Timestamp) -> Option<Duration> {
        let max = match call {
            TokenCall::Login => 50,
            TokenCall::Refresh => 500,
        };
        let day = i64::try_from(DAY.as_secs()).unwrap_or(i64::MAX);
        let now = now.as_second();
        let times = self.times(call);
        times.retain(|time| (now - day + 1..=now).contains(time));
        let oldest = times.len().checked_sub(max).and_then(|at| times.get(at));
        let wait = oldest.map(|oldest| oldest.saturating_add(day).saturating_sub(now));
        wait.map(|wait| Duration::from_secs(wait.unsigned_abs()))
    }

    /// Counts a call.
    pub(super) fn add(&mut self, call: TokenCall, now: Timestamp) {
        self.times(call).push(now.as_second());
    }

    /// Takes back the last call that was counted: it was never sent.
    pub(super) fn take_back(&mut self, call: TokenCall) {
        self.times(call).pop();
    }

    const fn times(&mut self, call: TokenCall) -> &mut Vec<i64> {
        match call {
            TokenCall::Login => &mut self.logins,
            TokenCall::Refresh => &mut self.refreshes,
        }
    }
}

/// Returns the error for a day whose calls are spent.
pub(super) fn spent_error(call: TokenCall, wait: Duration) -> Error {
    let (message, what) = match call {
        TokenCall::Login => ("the daily limit of 50 logins is reached", "log in again"),
        TokenCall::Refresh => (
            "could not renew the login: the daily limit of 500 refreshes is reached",
            "run the command again",
        ),
    };
    let hint = format!("{what} in {}", duration::format(wait));
    Error::new(ErrorKind::RateLimit, message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_has_50_logins_and_500_refreshes() {
        let start: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let later = |minutes| start + Duration::from_mins(minutes);
        for (call, max) in [(TokenCall::Login, 50), (TokenCall::Refresh, 500)] {
            let mut counts = CallCounts::default();
            for number in 0..max {
                assert_eq!(counts.spent(call, later(number)), None);
                counts.add(call, later(number));
            }
            let wait = counts.spent(call, later(max));
            assert_eq!(wait, Some(Duration::from_mins(24 * 60 - max)));
            counts.take_back(call);
            assert_eq!(counts.spent(call, later(max)), None);
            counts.add(call, later(max));
            assert_eq!(
                counts.spent(call, later(24 * 60)),
                None,
                "the first is over"
            );
        }
    }

    #[test]
    fn calls_of_a_clock_that_was_ahead_do_not_count() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut counts = CallCounts::default();
        for _ in 0..60 {
            counts.add(TokenCall::Login, now + Duration::from_hours(9));
        }
        assert_eq!(counts.spent(TokenCall::Login, now), None);
    }
}
