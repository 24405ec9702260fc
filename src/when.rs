//! Points in time as people write them: a duration (ago), a date, or an RFC 3339 time.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::duration;
use crate::text::count;

/// Reads a point in time: `2h` is two hours ago, `2026-01-31` is the start of that day in UTC, and
/// `2026-01-31T12:00:00+01:00` is itself.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    parse_at(text, Timestamp::now())
}

fn parse_at(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(ago) = duration::parse(text) {
        return Ok(before(now, ago));
    }
    let start_of_day = |date: Date| date.to_zoned(TimeZone::UTC).ok();
    let time = || text.parse::<Timestamp>().ok();
    let day = || Some(start_of_day(text.parse().ok()?)?.timestamp());
    let parsed = has_valid_offset(text).then(|| time().or_else(day));
    parsed.flatten().ok_or_else(|| {
        format!("{text:?} is not a time such as 2h (ago), 2026-01-31 or 2026-01-31T12:00:00Z")
    })
}

/// Returns `true` for a time whose offset from UTC, if it has one, is less than a day (RFC 3339, section
/// 5.6).
fn has_valid_offset(text: &str) -> bool {
    let time = text.split_once(['T', 't', ' ']);
    let offset = time.and_then(|(_, time)| Some(time.split_once(['+', '-'])?.1));
    let hours = offset.and_then(|offset| offset.get(..2)?.parse::<u8>().ok());
    hours.is_none_or(|hours| hours < 24)
}

/// Returns the time `span` before `now`, or the earliest time there is.
#[must_use]
pub fn before(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

/// Returns the age of a point in time, such as `3 hours ago`. One in the future is `just now`: clocks
/// differ.
#[must_use]
pub fn ago(time: Timestamp, now: Timestamp) -> String {
    let age = Duration::try_from(now.duration_since(time)).unwrap_or_default();
    in_largest_unit(age).map_or_else(|| "just now".to_owned(), |age| format!("{age} ago"))
}

/// Returns the age of a point in time in at most three characters, such as `3h`: for columns. One in the
/// future is `0s`: clocks differ.
#[must_use]
pub fn age(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(time).as_secs().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (minutes, hours, days) {
        (0, ..) => format!("{seconds}s"),
        (..60, ..) => format!("{minutes}m"),
        (_, ..24, _) => format!("{hours}h"),
        (.., ..100) => format!("{days}d"),
        (.., ..365) => format!("{}w", days / 7),
        _ => format!("{}y", days / 365),
    }
}

/// Returns a point in time with its distance: `in 2 hours (2026-01-31T12:00:00Z)`. What is left of a minute
/// counts as one.
#[must_use]
pub fn with_distance(time: Timestamp, now: Timestamp) -> String {
    let distance = match Duration::try_from(time.duration_since(now)) {
        Ok(left) => in_largest_unit(left.saturating_add(Duration::from_secs(59))).map_or_else(
            || "in less than a minute".to_owned(),
            |left| format!("in {left}"),
        ),
        Err(_) => ago(time, now),
    };
    format!("{distance} ({time:.0})")
}

/// Returns a duration in the largest unit that it has one of, such as `3 hours`; `None` for less than a minute.
fn in_largest_unit(span: Duration) -> Option<String> {
    const UNITS: [(u64, &str); 5] = [
        (365 * 24 * 3_600, "year"),
        (30 * 24 * 3_600, "month"),
        (24 * 3_600, "day"),
        (3_600, "hour"),
        (60, "minute"),
    ];
    let mut units = UNITS.iter();
    let (seconds, name) = units.find(|(seconds, _)| span.as_secs() >= *seconds)?;
    let number = usize::try_from(span.as_secs() / seconds).unwrap_or(usize::MAX);
    Some(count(number, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_dates_and_times_are_read() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        for (text, time) in [
            ("2h", "2026-03-01T10:00:00Z"),
            ("90", "2026-03-01T11:58:30Z"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
            (" 2026-01-31T12:00:00+01:00 ", "2026-01-31T11:00:00Z"),
            ("2026-01-31T12:00:00-23:59", "2026-02-01T11:59:00Z"),
        ] {
            assert_eq!(parse_at(text, now), Ok(time.parse().unwrap()), "{text}");
        }
        for bad in [
            "",
            "yesterday",
            "2026-02-30",
            "2026-01-31T25:00:00Z",
            "2026-01-31T12:00:00+25:00",
            "2026-01-31T12:00:00-24:00",
            "-2h",
        ] {
            assert!(parse_at(bad, now).is_err(), "{bad:?}");
        }
        assert_eq!(before(now, Duration::MAX), Timestamp::MIN);
    }

    #[test]
    fn age_has_its_largest_unit() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        for (time, expected) in [
            ("2026-03-01T12:00:01Z", "just now"),
            ("2026-03-01T11:59:01Z", "just now"),
            ("2026-03-01T11:59:00Z", "1 minute ago"),
            ("2026-03-01T10:00:01Z", "1 hour ago"),
            ("2026-02-27T12:00:00Z", "2 days ago"),
            ("2025-12-01T12:00:00Z", "3 months ago"),
            ("1970-01-01T00:00:00Z", "56 years ago"),
        ] {
            assert_eq!(ago(time.parse().unwrap(), now), expected, "{time}");
        }
    }

    #[test]
    fn age_takes_three_characters() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        for (time, expected) in [
            ("2026-03-01T12:00:01Z", "0s"),
            ("2026-03-01T11:59:01Z", "59s"),
            ("2026-03-01T11:00:01Z", "59m"),
            ("2026-02-28T12:00:01Z", "23h"),
            ("2025-11-21T12:00:01Z", "99d"),
            ("2025-11-21T12:00:00Z", "14w"),
            ("2025-03-02T12:00:00Z", "52w"),
            ("1970-01-01T00:00:00Z", "56y"),
        ] {
            assert_eq!(age(time.parse().unwrap(), now), expected, "{time}");
        }
    }

    #[test]
    fn distance_is_in_the_future_or_the_past() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        for (time, expected) in [
            ("2026-03-01T12:00:59Z", "in 1 minute (2026-03-01T12:00:59Z)"),
            (
                "2026-03-01T13:59:59.9Z",
                "in 2 hours (2026-03-01T13:59:59Z)",
            ),
            ("2026-04-30T12:00:00Z", "in 2 months (2026-04-30T12:00:00Z)"),
            ("2026-03-01T10:00:00Z", "2 hours ago (2026-03-01T10:00:00Z)"),
        ] {
            assert_eq!(
                with_distance(time.parse().unwrap(), now),
                expected,
                "{time}"
            );
        }
    }
}
