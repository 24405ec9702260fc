//! The check of the clock, on which certificates and tokens depend.

use std::time::Duration;

use jiff::Timestamp;

use crate::duration;

use super::report::CheckResult;

/// Maximum difference between clocks that does not affect certificates and tokens.
const CLOCK_TOLERANCE: Duration = Duration::from_mins(5);

/// Compares this machine's clock with the service's.
pub(super) fn compare(theirs: Option<Timestamp>, ours: Timestamp) -> CheckResult {
    let Some(theirs) = theirs else {
        return CheckResult::Skipped("the service's replies have no date".to_owned());
    };
    let off = ours.duration_since(theirs);
    let by = off.unsigned_abs();
    let side = if off.is_negative() {
        "behind"
    } else {
        "ahead of"
    };
    let shown = duration::format(Duration::from_secs(by.as_secs().max(1)));
    if by <= CLOCK_TOLERANCE {
        CheckResult::Ok(format!("within {shown} of the service's clock"))
    } else {
        CheckResult::Warn(format!(
            "{shown} {side} the service's clock; set this machine's clock, certificates and tokens depend on it"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock_result(theirs: &str, ours: &str) -> (bool, String) {
        match compare(Some(theirs.parse().unwrap()), ours.parse().unwrap()) {
            CheckResult::Ok(text) => (true, text),
            CheckResult::Warn(text) => (false, text),
            CheckResult::Skipped(text) => panic!("{text}"),
        }
    }

    #[test]
    fn clock_off_by_more_than_five_minutes_is_a_warning() {
        for (ours, ok, start) in [
            ("2026-01-01T12:00:00.9Z", true, "within 1s of"),
            ("2026-01-01T11:55:00Z", true, "within 5m of"),
            ("2026-01-01T12:05:01Z", false, "5m1s ahead of"),
            ("2026-01-01T10:00:00Z", false, "2h behind the"),
        ] {
            let (is_ok, text) = clock_result("2026-01-01T12:00:00Z", ours);
            assert_eq!(is_ok, ok, "{ours}: {text}");
            assert!(text.starts_with(start), "{ours}: {text}");
        }
    }
}
