//! Sizes, rates and times as short texts of a bounded width.

use std::time::Duration;

const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/// Returns the done part of a size in the size's unit: `12.4/84.2 MB`. At most 12 columns.
pub(super) fn transferred(done: u64, size: u64) -> String {
    let unit = unit_of(to_f64(size));
    let (done, size) = (number(to_f64(done), unit), number(to_f64(size), unit));
    format!("{done}/{size} {}", UNITS[unit])
}

/// Returns a rate in bytes per second: `5.2 MB/s`. At most 9 columns.
pub(super) fn rate_of(rate: f64) -> String {
    let unit = unit_of(rate);
    format!("{} {}/s", number(rate, unit), UNITS[unit])
}

/// Returns the done part in percent, rounded down. All of nothing is done.
pub(super) fn percent(done: u64, size: u64) -> usize {
    let percent = u128::from(done.min(size)) * 100 / u128::from(size.max(1));
    match size {
        0 => 100,
        _ => usize::try_from(percent).unwrap_or(100),
    }
}

/// Returns a time of at most two units: `42s`, `3m12s`, `1h05m`.
pub(super) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{:02}s", seconds % 60),
        _ => format!("{hours}h{:02}m", minutes % 60),
    }
}

/// Returns the unit in which a size has at most three digits before the point.
fn unit_of(mut size: f64) -> usize {
    let mut unit = 0;
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    unit
}

fn number(size: f64, unit: usize) -> String {
    let size = UNITS[..unit].iter().fold(size, |size, _| size / 1000.0);
    let has_point = unit > 0 && size < 99.95;
    format!("{size:.*}", usize::from(has_point))
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn to_f64(bytes: u64) -> f64 {
    bytes as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_share_a_unit() {
        for (done, size, text) in [
            (0, 0, "0/0 B"),
            (7, 999, "7/999 B"),
            (0, 1000, "0.0/1.0 kB"),
            (12_400_000, 84_200_000, "12.4/84.2 MB"),
            (99_949_999, 312_000_000, "99.9/312 MB"),
            (99_950_000, 99_950_000, "100/100 MB"),
            (999_499_999, 999_499_999, "999/999 MB"),
            (1, 999_500_000, "0.0/1.0 GB"),
            (1_200_000_000_000, 5_000_000_000_000, "1.2/5.0 TB"),
            (u64::MAX, u64::MAX, "18.4/18.4 EB"),
        ] {
            assert_eq!(transferred(done, size), text);
            assert!(text.len() <= 12);
        }
    }

    #[test]
    fn rates_have_three_digits() {
        for (rate, text) in [
            (0.0, "0 B/s"),
            (0.4, "0 B/s"),
            (5_230_000.0, "5.2 MB/s"),
            (312_000_000.0, "312 MB/s"),
            (99_900_000.0, "99.9 MB/s"),
        ] {
            assert_eq!(rate_of(rate), text);
        }
    }

    #[test]
    fn percentage_reaches_100_at_the_end_only() {
        for (done, size, share) in [
            (0, 0, 100),
            (0, 5, 0),
            (999, 1000, 99),
            (1000, 1000, 100),
            (2000, 1000, 100),
            (u64::MAX - 1, u64::MAX, 99),
        ] {
            assert_eq!(percent(done, size), share);
        }
    }

    #[test]
    fn times_have_two_units() {
        for (seconds, text) in [
            (0, "0s"),
            (59, "59s"),
            (61, "1m01s"),
            (3599, "59m59s"),
            (3900, "1h05m"),
            (90 * 3600, "90h00m"),
        ] {
            assert_eq!(clock(Duration::from_secs(seconds)), text);
        }
    }
}
