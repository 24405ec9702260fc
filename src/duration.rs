//! Spans of time as people write them: `90`, `90s`, `15m`, `1h30m`, `83ms`.

use std::time::Duration;

use jiff::SignedDuration;

/// The duration in `text`; a bare number is seconds. The error says what would have been right.
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    text.parse::<SignedDuration>()
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| format!("{text:?} is not a duration such as 90, 90s, 15m or 1h30m"))
}

/// The shortest text that [`parse`] reads as this duration, such as `1h 30m` without its space.
#[must_use]
pub fn format(duration: Duration) -> String {
    SignedDuration::try_from(duration).map_or_else(
        |_| format!("{}s", duration.as_secs()),
        |duration| format!("{duration:#}").replace(' ', ""),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
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
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for bad in [
            "",
            "-5",
            "-5s",
            "soon",
            "5 apples",
            "1e3",
            "99999999999999999999",
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        for (millis, text) in [
            (5_400_000, "1h30m"),
            (83, "83ms"),
            (0, "0s"),
            (3_600_000, "1h"),
            (61_000, "1m1s"),
        ] {
            let duration = Duration::from_millis(millis);
            assert_eq!(format(duration), text);
            assert_eq!(parse(text), Ok(duration));
        }
    }
}
