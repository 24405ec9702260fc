//! Durations as people write them: `90`, `90s`, `15m`, `1h30m`, `30d`, `2w`, `83ms`.

use std::time::Duration;

use jiff::SignedDuration;

/// About ten years: far beyond any use, and far below where adding to a point in time overflows.
pub const MAX: Duration = Duration::from_hours(87840);

const HOURS_PER_DAY: u64 = 24;
const DAYS_PER_WEEK: u64 = 7;

/// Parses a duration; a bare number is seconds. Days have 24 hours, and weeks and days come before
/// hours. Fails with the reason, which holds the text, also for a duration longer than [`MAX`].
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let invalid = || format!("{text:?} is not a duration such as 90, 90s, 15m, 1h30m, 30d or 2w");
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let duration = if is_number {
        text.parse().map_or(Duration::MAX, Duration::from_secs)
    } else {
        let (weeks, rest) = leading(text, 'w');
        let (days, rest) = leading(rest, 'd');
        let hours = weeks
            .unwrap_or(0)
            .saturating_mul(DAYS_PER_WEEK)
            .saturating_add(days.unwrap_or(0))
            .saturating_mul(HOURS_PER_DAY);
        let whole = Duration::from_secs(hours.saturating_mul(60 * 60));
        match rest.trim_start() {
            "" if weeks.or(days).is_some() => whole,
            rest => whole.saturating_add(short(rest).ok_or_else(invalid)?),
        }
    };
    if duration > MAX {
        return Err(format!("{text:?} is longer than 10 years"));
    }
    Ok(duration)
}

/// The number before the unit at the start of the text, and the rest; all of it where there is none.
fn leading(text: &str, unit: char) -> (Option<u64>, &str) {
    let text = text.trim_start();
    let parsed = text.split_once(unit).and_then(|(number, rest)| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| (Some(number.parse().unwrap_or(u64::MAX)), rest))
    });
    parsed.unwrap_or((None, text))
}

/// A duration in hours and smaller units.
fn short(text: &str) -> Option<Duration> {
    Duration::try_from(text.parse::<SignedDuration>().ok()?).ok()
}

/// Returns the shortest text that [`parse`] reads as this duration, such as `1h30m`; in days from two on.
#[must_use]
pub fn format(duration: Duration) -> String {
    const DAY: u64 = 86_400;
    let days = duration.as_secs() / DAY;
    if days >= 2 {
        let rest = Duration::new(duration.as_secs() % DAY, duration.subsec_nanos());
        let rest = if rest.is_zero() {
            String::new()
        } else {
            format(rest)
        };
        return format!("{days}d{rest}");
    }
    SignedDuration::try_from(duration).map_or_else(
        |_| format!("{}s", duration.as_secs()),
        |duration| format!("{duration:#}").replace(' ', ""),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_people_write() {
        for (text, millis) in [
            ("90", 90_000),
            ("90s", 90_000),
            ("15m", 900_000),
            ("1h30m", 5_400_000),
            ("1h 30m", 5_400_000),
            ("83ms", 83),
            ("1.5s", 1500),
            ("0", 0),
            ("0s", 0),
            ("1d", 86_400_000),
            ("30d", 30 * 86_400_000),
            ("2w", 14 * 86_400_000),
            ("1w2d", 9 * 86_400_000),
            ("1d12h", 36 * 3_600_000),
            ("1w 2d 3h", 219 * 3_600_000),
            ("3660d", 3660 * 86_400_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn refuses_anything_else() {
        for bad in [
            "", "-5", "-5s", "-1d", "soon", "5 apples", "1e3", "30x", "d", "1.5d", "1d2w", "+5",
        ] {
            let error = parse(bad).unwrap_err();
            assert!(error.contains("is not a duration such as"), "{error}");
        }
    }

    #[test]
    fn refuses_what_no_clock_can_hold() {
        for long in [
            "3661d",
            "88000h",
            "5000000000s",
            "9223372036854775807s",
            "18446744073709551615",
            "99999999999999999999",
            "99999999999999999999w",
        ] {
            let error = parse(long).unwrap_err();
            assert!(error.ends_with("is longer than 10 years"), "{error}");
        }
    }

    #[test]
    fn format_is_read_back() {
        for (millis, text) in [
            (5_400_000, "1h30m"),
            (83, "83ms"),
            (0, "0s"),
            (3_600_000, "1h"),
            (61_000, "1m1s"),
            (86_400_000, "24h"),
            (30 * 86_400_000, "30d"),
            (2 * 86_400_000 + 10_800_083, "2d3h83ms"),
        ] {
            let duration = Duration::from_millis(millis);
            assert_eq!(format(duration), text);
            assert_eq!(parse(text), Ok(duration));
        }
    }
}
