//! Shared by the two subtitle formats: the line with a cue's times, and text that real parsers do not take
//! for the start of a cue.

use std::borrow::Cow;

use memchr::memchr2;

use super::digits::ReverseBuffer;
use crate::captions::{Cue, is_number, may_hold_two_timestamps, timestamps};

/// Starts `head`, which precedes the text of `cue`, with the line of its times; `separator` precedes their
/// milliseconds.
pub(super) fn line(cue: &Cue<'_>, separator: u8, head: &mut ReverseBuffer) {
    head.clear();
    head.put(b"\n");
    head.clock(cue.end, separator, 2);
    head.put(b" --> ");
    head.clock(cue.start, separator, 2);
}

/// Returns `text` with its lines broken so that no parser takes a part of it for the start of a cue. Words
/// are unchanged. `last` means that no line with a cue's number follows it.
pub(super) fn escape_cue_lookalikes(text: &str, last: bool) -> Cow<'_, str> {
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

/// Replaces the space between two timestamps by a line break: pysubs2, for one, takes every line with two
/// timestamps for the start of a cue, arrow or not.
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

/// Appends a line that is only a number to the line before it if a parser would take it for the number of
/// the next cue: Python's srt does before a line that starts with a digit, pysubs2 at the end of a text
/// that no such number follows.
fn numbers_joined(text: &str, last: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let is_misread = match lines.peek() {
            Some(next) => next.starts_with(|c: char| c.is_ascii_digit()),
            None => last,
        };
        if !joined.is_empty() {
            joined.push(if is_misread && is_number(line) {
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
    fn timestamps_are_separated() {
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
            assert_eq!(escape_cue_lookalikes(text, true), apart);
        }
    }

    #[test]
    fn number_that_resembles_a_cue_number_is_joined() {
        for (text, last, joined) in [
            ("in\n1984", true, "in 1984"),
            ("in\n1984", false, "in\n1984"),
            ("1984", true, "1984"),
            ("1984\nin", true, "1984\nin"),
            ("a\n2\n00:00:01,000 → b", false, "a 2\n00:00:01,000 → b"),
            ("1\n2\n3\nb", false, "1 2\n3\nb"),
        ] {
            assert_eq!(escape_cue_lookalikes(text, last), joined, "{text:?}");
        }
    }
}
