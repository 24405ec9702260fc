//! What the two subtitle formats share: the line with a cue's times, and text that real readers do
//! not take for the start of a cue.

use std::borrow::Cow;

use memchr::memchr2;

use super::digits::Backwards;
use crate::captions::{Cue, is_number, may_hold_two_timestamps, timestamps};

/// Starts `head`, which comes before the text of `cue`, with the line of its times, `mark` before
/// their milliseconds.
pub(super) fn line(cue: &Cue<'_>, mark: u8, head: &mut Backwards) {
    head.clear();
    head.put(b"\n");
    head.clock(cue.end, mark, 2);
    head.put(b" --> ");
    head.clock(cue.start, mark, 2);
}

/// `text` with its lines broken so that no reader takes a part of it for the start of a cue. Words
/// stay as they are. `last` says that no line with a cue's number follows it.
pub(super) fn guarded(text: &str, last: bool) -> Cow<'_, str> {
    if memchr2(b':', b'\n', text.as_bytes()).is_none() {
        // Nearly every text: no time in it, and no second line.
        return Cow::Borrowed(text);
    }
    let apart =
        if may_hold_two_timestamps(text) && text.split('\n').any(|line| timestamps(line) > 1) {
            Cow::Owned(timestamps_apart(text))
        } else {
            Cow::Borrowed(text)
        };
    if apart.contains('\n') && apart.split('\n').skip(1).any(is_number) {
        Cow::Owned(numbers_joined(&apart, last))
    } else {
        apart
    }
}

/// `text` with a line break instead of the space between two timestamps: pysubs2, for one, takes
/// every line with two timestamps for the start of a cue, arrow or not.
fn timestamps_apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut seen = 0;
        for word in line.split_inclusive(char::is_whitespace) {
            let here = timestamps(word);
            if seen > 0 && here > 0 {
                apart.truncate(apart.trim_end().len());
                apart.push('\n');
            }
            seen += here;
            apart.push_str(word);
        }
    }
    apart
}

/// `text` with a line that is only a number put behind the line before it, where a reader would
/// take it for the number of a next cue: Python's srt does before a line that starts with a digit,
/// pysubs2 at the end of a text that no such number follows.
fn numbers_joined(text: &str, last: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let misread = match lines.peek() {
            Some(next) => next.starts_with(|c: char| c.is_ascii_digit()),
            None => last,
        };
        if !joined.is_empty() {
            joined.push(if misread && is_number(line) {
                ' '
            } else {
                '\n'
            });
        }
        joined.push_str(line);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_timestamps_never_share_a_line() {
        for (text, apart) in [
            (
                "00:00:01,000 → 00:00:02,000",
                "00:00:01,000 →\n00:00:02,000",
            ),
            (
                "from 0:00:01.5 to 0:00:02.5 or 01:02.50",
                "from 0:00:01.5 to\n0:00:02.5 or\n01:02.50",
            ),
            (
                "a\n00:00:01,000 b\n00:00:02,000 c",
                "a\n00:00:01,000 b\n00:00:02,000 c",
            ),
            ("at 10:20:30, or 10:20:31", "at 10:20:30, or 10:20:31"),
            ("John 3:16,17 and Luke 2:4.5", "John 3:16,17 and Luke 2:4.5"),
        ] {
            assert_eq!(guarded(text, true), apart);
        }
    }

    #[test]
    fn a_number_that_could_be_that_of_a_cue_stays_on_the_line_before_it() {
        for (text, last, joined) in [
            ("in\n1984", true, "in 1984"),
            ("in\n1984", false, "in\n1984"),
            ("1984", true, "1984"),
            ("1984\nin", true, "1984\nin"),
            ("a\n2\n00:00:01,000 → b", false, "a 2\n00:00:01,000 → b"),
            ("1\n2\n3\nb", false, "1 2\n3\nb"),
        ] {
            assert_eq!(guarded(text, last), joined, "{text:?}");
        }
    }
}
