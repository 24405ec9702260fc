//! Numbers and times as ASCII text, written by hand into a buffer on the stack: a million cues
//! need no allocation and no formatting machinery.

use crate::transcript::Millis;

/// Text built from its end towards its start, as the digits of a number come.
pub(super) struct Backwards {
    bytes: [u8; Self::SIZE],
    at: usize,
}

impl Backwards {
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

    pub(super) fn text(&mut self, text: &str) {
        self.put(text.as_bytes());
    }

    fn put(&mut self, bytes: &[u8]) {
        self.at -= bytes.len();
        self.bytes[self.at..][..bytes.len()].copy_from_slice(bytes);
    }

    /// `value` with as many digits as it has, but at least `least`.
    pub(super) fn digits(&mut self, mut value: u64, least: usize) {
        let end = self.at;
        while value > 0 || end - self.at < least {
            self.at -= 1;
            self.bytes[self.at] = b'0' + (value % 10) as u8;
            value /= 10;
        }
    }

    /// Hours of at least `hour_digits` digits, minutes, seconds, `mark`, milliseconds.
    pub(super) fn clock(&mut self, time: Millis, mark: u8, hour_digits: usize) {
        let millis = time.get().unsigned_abs();
        // Of one hour, so that the processor divides small numbers.
        let rest = (millis % 3_600_000) as u32;
        let [minutes, seconds] = [pair(rest / 60_000), pair(rest / 1000 % 60)];
        let [tens, ones] = pair(rest % 100);
        let hundreds = b'0' + (rest / 100 % 10) as u8;
        let [m1, m2] = minutes;
        let [s1, s2] = seconds;
        self.put(&[b':', m1, m2, b':', s1, s2, mark, hundreds, tens, ones]);
        self.digits(millis / 3_600_000, hour_digits);
        self.sign(time);
    }

    /// Seconds with 3 decimals.
    pub(super) fn seconds(&mut self, time: Millis) {
        let millis = time.get().unsigned_abs();
        self.digits(millis % 1000, 3);
        self.text(".");
        self.digits(millis / 1000, 1);
        self.sign(time);
    }

    fn sign(&mut self, time: Millis) {
        if time < Millis::ZERO {
            self.text("-");
        }
    }
}

/// The digits of a number below 100.
fn pair(value: u32) -> [u8; 2] {
    [value / 10, value].map(|digit| b'0' + (digit % 10) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Backwards)) -> String {
        let mut text = Backwards::new();
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
    fn seconds_have_three_decimals() {
        for (millis, seconds) in [(0, "0.000"), (-500, "-0.500"), (61_005, "61.005")] {
            assert_eq!(written(|text| text.seconds(Millis::new(millis))), seconds);
        }
    }

    #[test]
    fn the_longest_line_fits() {
        let line = written(|text| {
            text.clock(Millis::new(i64::MIN), b',', 2);
            text.text(" --> ");
            text.clock(Millis::new(i64::MAX), b',', 2);
            text.text("\n");
            text.digits(u64::MAX, 1);
        });
        assert_eq!(
            line,
            "18446744073709551615\n2562047788015:12:55,807 --> -2562047788015:12:55,808"
        );
    }
}
