//! Times in whole milliseconds, parsed exactly from decimal text: without floating point, rounding never
//! prints 60 seconds or 1000 milliseconds.

use crate::names::named;

/// A point in time of a video, or a span, in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(i64);

/// The unit in which the service's `startTime` and `endTime` are read (`time_unit`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds, fractions allowed: what later API pages and other clients use.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

named!(TimeUnit {
    Seconds => "seconds",
    Milliseconds => "milliseconds",
});

impl TimeUnit {
    const fn decimals(self) -> i64 {
        match self {
            Self::Seconds => 3,
            Self::Milliseconds => 0,
        }
    }
}

impl Millis {
    /// The start of the video.
    pub const ZERO: Self = Self(0);
    /// Marks a missing time inside `Segment`, which must stay small.
    pub(super) const MISSING: Self = Self(i64::MIN);
    /// Maximum time, about 31 years: anything beyond is no time of a video, and counts as missing.
    const MAX: i64 = 1_000_000_000_000;

    /// Creates a time of so many milliseconds.
    #[must_use]
    pub const fn new(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the number of milliseconds.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Returns the time so many milliseconds later, saturating.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Returns the time, or `None` for [`Self::MISSING`].
    pub(super) fn known(self) -> Option<Self> {
        (self != Self::MISSING).then_some(self)
    }

    /// Parses the number at the start of `text` and returns it with the text after it: the fast path for
    /// a few digits, with no more after the point than milliseconds need. There are two million in a
    /// large transcription. `None` for all others.
    pub(super) fn leading(text: &[u8], unit: TimeUnit) -> Option<(Self, &[u8])> {
        let (whole, rest) = leading_digits(0, text)?;
        if text[0] == b'0' && text.len() - rest.len() > 1 {
            // No number of JSON.
            return None;
        }
        let (digits, decimals, rest) = match rest {
            [b'.', fraction @ ..] => {
                let (digits, rest) = leading_digits(whole, fraction)?;
                (digits, fraction.len() - rest.len(), rest)
            }
            rest => (whole, 0, rest),
        };
        let factor = match (unit, decimals) {
            (TimeUnit::Milliseconds, 0) | (TimeUnit::Seconds, 3) => 1,
            (TimeUnit::Seconds, 2) => 10,
            (TimeUnit::Seconds, 1) => 100,
            (TimeUnit::Seconds, 0) => 1000,
            _ => return None,
        };
        let millis = digits * factor;
        (millis <= Self::MAX).then_some((Self(millis), rest))
    }

    /// Parses a JSON number (RFC 8259 §6; also with a leading `+`) to the nearest millisecond, halves
    /// away from zero. `None` if the text is no number; [`Self::MISSING`] if it is too large for a time.
    pub(super) fn from_decimal(text: &str, unit: TimeUnit) -> Option<Self> {
        if let Some((time, [])) = Self::leading(text.as_bytes(), unit) {
            return Some(time);
        }
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] | rest => (false, rest),
        };
        let (mantissa, exponent) = match digits.iter().position(|byte| matches!(byte, b'e' | b'E'))
        {
            Some(at) => (&digits[..at], exponent(&digits[at + 1..])?),
            None => (digits, 0),
        };
        let number = Decimal::read(mantissa)?;
        let millis = number.scaled(exponent.saturating_add(unit.decimals()));
        Some(millis.map_or(Self::MISSING, |millis| {
            Self(if negative { -millis } else { millis })
        }))
    }
}

/// Appends the digits at the start of `text` to `number`; returns it and the rest of `text`. `None` if
/// there is no digit, or more than any time has.
fn leading_digits(mut number: i64, text: &[u8]) -> Option<(i64, &[u8])> {
    let mut rest = text;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        // Wraps only after so many digits that it is not used.
        number = number
            .wrapping_mul(10)
            .wrapping_add(i64::from(digit - b'0'));
        rest = after;
    }
    matches!(text.len() - rest.len(), 1..=14).then_some((number, rest))
}

/// An unsigned decimal number: `digits` × 10^`exponent`.
struct Decimal {
    digits: i64,
    exponent: i64,
}

impl Decimal {
    /// Maximum digits: more cannot change a time in milliseconds within the limit.
    const MAX_DIGITS: i64 = 100_000_000_000_000_000;

    fn read(text: &[u8]) -> Option<Self> {
        let mut number = Self {
            digits: 0,
            exponent: 0,
        };
        let (mut any, mut in_fraction) = (false, false);
        for &byte in text {
            match byte {
                b'0'..=b'9' if number.digits < Self::MAX_DIGITS => {
                    number.digits = number.digits * 10 + i64::from(byte - b'0');
                    number.exponent -= i64::from(in_fraction);
                    any = true;
                }
                b'0'..=b'9' => number.exponent += i64::from(!in_fraction),
                b'.' if any && !in_fraction => in_fraction = true,
                _ => return None,
            }
        }
        any.then_some(number)
    }

    /// Returns the number × 10^`shift` as a whole number, halves up; `None` beyond [`Millis::MAX`].
    fn scaled(&self, shift: i64) -> Option<i64> {
        let shift = self.exponent.saturating_add(shift);
        let whole = match u32::try_from(shift.unsigned_abs())
            .ok()
            .and_then(|power| 10_i64.checked_pow(power))
        {
            _ if self.digits == 0 => 0,
            Some(factor) if shift >= 0 => self.digits.checked_mul(factor)?,
            Some(factor) => self.digits / factor + i64::from(self.digits % factor * 2 >= factor),
            None if shift >= 0 => return None,
            None => 0,
        };
        (whole <= Millis::MAX).then_some(whole)
    }
}

/// Parses an exponent, saturating: more digits than that make it no less a number.
fn exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    let exponent = digits.iter().try_fold(0_i64, |exponent, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        Some(exponent.saturating_mul(10).saturating_add(digit))
    })?;
    (!digits.is_empty()).then_some(if negative { -exponent } else { exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Millis::from_decimal(text, TimeUnit::Seconds).map(Millis::get)
    }

    #[test]
    fn decimals_are_exact() {
        for (text, millis) in [
            ("0", 0),
            ("7", 7000),
            ("7.25", 7250),
            ("-1.5", -1500),
            ("0.0005", 1),
            ("0.00049999999999999999999999", 0),
            ("59.9995", 60000),
            ("59.99949999999999999", 59999),
            ("1.0049999999999999", 1005),
            ("3599.9996", 3_600_000),
            ("1e3", 1_000_000),
            ("1.5E-2", 15),
            ("1e-400", 0),
            ("0e999", 0),
            ("0e99999999999999999999", 0),
            ("7e-99999999999999999999", 0),
            ("000123.4560000000000000000000000000", 123_456),
        ] {
            assert_eq!(seconds(text), Some(millis), "{text}");
        }
        assert_eq!(
            Millis::from_decimal("1500.5", TimeUnit::Milliseconds),
            Some(Millis(1501))
        );
    }

    #[test]
    fn fast_path_and_general_path_agree() {
        for unit in TimeUnit::ALL {
            for whole in [0, 7, 59, 3_599, 1_234_567, 999_999_999, 1_000_000_000] {
                for fraction in ["", ".", ".0", ".5", ".25", ".999", ".125000"] {
                    let text = format!("{whole}{fraction}");
                    // Leading zeros make it too long for the fast path.
                    let long = format!("{text:0>30}");
                    let read = |text| Millis::from_decimal(text, unit);
                    assert_eq!(read(&text), read(&long), "{text} {unit:?}");
                    assert!(read(&text).is_some(), "{text}");
                }
            }
        }
        let seconds = |text| Millis::leading(text, TimeUnit::Seconds);
        assert_eq!(seconds(b"7.25, "), Some((Millis(7250), &b", "[..])));
        for text in [
            &b""[..],
            b".5",
            b"7.",
            b"07",
            b"1.2345",
            b"-1",
            b"99999999999999999999",
        ] {
            assert_eq!(seconds(text), None);
        }
    }

    #[test]
    fn too_large_number_is_missing() {
        for text in [
            "1e400",
            "-1e400",
            "99999999999999999999999999",
            "1e99999999999999999999",
            "1000000001",
        ] {
            assert_eq!(seconds(text), Some(Millis::MISSING.get()), "{text}");
        }
        assert_eq!(seconds("1000000000"), Some(1_000_000_000_000));
    }

    #[test]
    fn text_that_is_no_number_is_none() {
        for text in [
            "",
            "-",
            ".",
            ".5",
            "1.2.3",
            "00:07",
            "abc",
            "1e",
            "0x10",
            "NaN",
            "1 2",
            "1e+-5",
            "1e2e3",
            "1exe5",
            "e99999999999999999999",
            "1e99999999999999999999x",
        ] {
            assert_eq!(seconds(text), None, "{text:?}");
        }
    }
}
