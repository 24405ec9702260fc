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
        self.at -= text.len();
        self.bytes[self.at..][..text.len()].copy_from_slice(text.as_bytes());
    }

    /// `value` with as many digits as it has, but at least `least`.
    pub(super) fn digits(&mut self, mut value: u64, least: usize) {
        let end = self.at;
        while value > 0 || end - self.at < least {
            self.at -= 1;
            self.bytes[self.at] = b"0123456789"[usize::from((value % 10) as u8)];
            value /= 10;
        }
    }

    /// Hours of at least `hour_digits` digits, minutes, seconds, `mark`, milliseconds.
    pub(super) fn clock(&mut self, time: Millis, mark: &str, hour_digits: usize) {
        let millis = time.get().unsigned_abs();
        self.digits(millis % 1000, 3);
        self.text(mark);
        self.digits(millis / 1000 % 60, 2);
        self.text(":");
        self.digits(millis / 60_000 % 60, 2);
        self.text(":");
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
            let text = written(|text| text.clock(Millis::new(millis), ",", 2));
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
            text.clock(Millis::new(i64::MIN), ",", 2);
            text.text(" --> ");
            text.clock(Millis::new(i64::MAX), ",", 2);
            text.text("\n");
            text.digits(u64::MAX, 1);
        });
        assert_eq!(
            line,
            "18446744073709551615\n2562047788015:12:55,807 --> -2562047788015:12:55,808"
        );
    }
}
