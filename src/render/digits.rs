//! Formats numbers and times as ASCII into a buffer on the stack: a million cues need no allocation and no
//! formatting machinery.

use crate::transcript::Millis;

/// A buffer filled from its end towards its start, in the order in which the digits of a number come.
pub(super) struct ReverseBuffer {
    bytes: [u8; Self::SIZE],
    at: usize,
}

impl ReverseBuffer {
    /// Enough for a number of 20 digits and two of the longest times.
    const SIZE: usize = 96;

    pub(super) fn new() -> Self {
        Self {
            bytes: [0; Self::SIZE],
            at: Self::SIZE,
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    pub(super) fn len(&self) -> usize {
        Self::SIZE - self.at
    }

    /// Empties the buffer.
    pub(super) fn clear(&mut self) {
        self.at = Self::SIZE;
    }

    /// Prepends ASCII characters.
    #[expect(
        clippy::inline_always,
        reason = "built for size, it would be a call for every digit"
    )]
    #[inline(always)]
    pub(super) fn put<const N: usize>(&mut self, characters: &[u8; N]) {
        self.at -= N;
        self.bytes[self.at..][..N].copy_from_slice(characters);
    }

    /// Prepends `value` with at least `least` digits.
    pub(super) fn digits(&mut self, mut value: u64, least: usize) {
        let end = self.at;
        let mut value = loop {
            match u32::try_from(value) {
                Ok(value) => break value,
                Err(_) => self.put(&pair((value % 100) as u32)),
            }
            value /= 100;
        };
        while value >= 10 {
            let rest = quotient::<100>(value);
            self.put(&pair(value - rest * 100));
            value = rest;
        }
        if value > 0 {
            self.put(&[ascii(value)]);
        }
        while end - self.at < least {
            self.put(b"0");
        }
    }

    /// Prepends hours of at least `hour_digits` digits, minutes, seconds, `separator`, milliseconds.
    pub(super) fn clock(&mut self, time: Millis, separator: u8, hour_digits: usize) {
        let millis = time.get().unsigned_abs();
        let (hours, rest) = match u32::try_from(millis) {
            Ok(millis) => {
                let hours = quotient::<3_600_000>(millis);
                (u64::from(hours), millis - hours * 3_600_000)
            }
            Err(_) => (millis / 3_600_000, (millis % 3_600_000) as u32),
        };
        let minutes = quotient::<60_000>(rest);
        let rest = rest - minutes * 60_000;
        let seconds = quotient::<1000>(rest);
        let rest = rest - seconds * 1000;
        let hundreds = quotient::<100>(rest);
        let [m1, m2] = pair(minutes);
        let [s1, s2] = pair(seconds);
        let [tens, ones] = pair(rest - hundreds * 100);
        let hundreds = ascii(hundreds);
        self.put(&[b':', m1, m2, b':', s1, s2, separator, hundreds, tens, ones]);
        match u32::try_from(hours) {
            Ok(hours @ ..100) if hour_digits == 2 => self.put(&pair(hours)),
            _ => self.digits(hours, hour_digits),
        }
        self.sign(time);
    }

    /// Prepends seconds with 3 decimals.
    pub(super) fn seconds(&mut self, time: Millis) {
        let millis = time.get().unsigned_abs();
        self.digits(millis % 1000, 3);
        self.put(b".");
        self.digits(millis / 1000, 1);
        self.sign(time);
    }

    fn sign(&mut self, time: Millis) {
        if time < Millis::ZERO {
            self.put(b"-");
        }
    }
}

/// Returns `value / BY` by a multiplication: optimized for size, a program has the processor divide, which
/// takes ten times as long. Exact for every value (Lemire, Kaser, Kurz: Faster remainder by direct
/// computation, 2019).
#[expect(
    clippy::cast_possible_truncation,
    reason = "a quotient is no larger than what was divided"
)]
fn quotient<const BY: u32>(value: u32) -> u32 {
    let reciprocal = const { u64::MAX / BY as u64 + 1 };
    ((u128::from(value) * u128::from(reciprocal)) >> 64) as u32
}

/// Returns the two digits of a number below 100. Multiplying by 103/1024 divides such a number by ten.
fn pair(value: u32) -> [u8; 2] {
    let tens = (value * 103) >> 10;
    [ascii(tens), ascii(value - tens * 10)]
}

#[expect(clippy::cast_possible_truncation, reason = "a digit is below 10")]
fn ascii(digit: u32) -> u8 {
    b'0' + digit as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut ReverseBuffer)) -> String {
        let mut text = ReverseBuffer::new();
        write(&mut text);
        String::from_utf8(text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn times_carry_over_and_hours_grow() {
        for (millis, clock) in [
            (0, "00:00:00,000"),
            (59_999, "00:00:59,999"),
            (60_000, "00:01:00,000"),
            (3_599_999, "00:59:59,999"),
            (3_600_000, "01:00:00,000"),
            (359_999_999, "99:59:59,999"),
            (360_000_000, "100:00:00,000"),
            (-1_500, "-00:00:01,500"),
        ] {
            let text = written(|text| text.clock(Millis::new(millis), b',', 2));
            assert_eq!(text, clock);
        }
    }

    #[test]
    fn quotient_by_multiplication_is_exact() {
        fn check<const BY: u32>() {
            let places = (0..1000).chain([u32::MAX / BY - 1, u32::MAX / BY]);
            for value in places.map(|index| index * BY) {
                for value in [value, value.saturating_sub(1), value.saturating_add(BY - 1)] {
                    assert_eq!(quotient::<BY>(value), value / BY, "{value} / {BY}");
                }
            }
        }
        check::<10>();
        check::<100>();
        check::<1000>();
        check::<60_000>();
        check::<3_600_000>();
    }

    #[test]
    fn pairs_are_exact() {
        for value in 0..100 {
            assert_eq!(pair(value).as_slice(), format!("{value:02}").as_bytes());
        }
    }

    #[test]
    fn seconds_have_three_decimals() {
        for (millis, seconds) in [(0, "0.000"), (-500, "-0.500"), (61_005, "61.005")] {
            assert_eq!(written(|text| text.seconds(Millis::new(millis))), seconds);
        }
    }

    #[test]
    fn longest_line_fits() {
        let line = written(|text| {
            text.clock(Millis::new(i64::MIN), b',', 2);
            text.put(b" --> ");
            text.clock(Millis::new(i64::MAX), b',', 2);
            text.put(b"\n");
            text.digits(u64::MAX, 1);
        });
        assert_eq!(
            line,
            "18446744073709551615\n2562047788015:12:55,807 --> -2562047788015:12:55,808"
        );
    }
}
