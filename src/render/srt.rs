//! SubRip. It has no standard and no escapes: what readers would take for the start of a cue is
//! kept out of the text by the least change that loses no word.

use std::borrow::Cow;
use std::io::{self, Write};

use memchr::memchr3;

use super::bidi;
use super::digits::ReverseBuffer;
use super::subtitle;
use crate::captions::Cue;

/// Writes `cues`, numbered from 1.
pub(super) fn write<'a>(
    cues: impl Iterator<Item = Cue<'a>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut head = ReverseBuffer::new();
    let mut number = 0;
    let mut cues = cues.peekable();
    while let Some(cue) = cues.next() {
        number += 1;
        subtitle::line(&cue, b',', &mut head);
        head.put(b"\n");
        head.digits(number, 1);
        out.write_all(head.as_bytes())?;
        let text = safe(&cue.text, || cues.peek().is_none());
        out.write_all(bidi::embedded(&text).as_bytes())?;
        out.write_all(b"\n\n")?;
    }
    Ok(())
}

/// Returns `text` without anything that parsers take for the start of a cue. `is_last` is called only if
/// it matters: peeking at every next cue costs time.
fn safe(text: &str, is_last: impl FnOnce() -> bool) -> Cow<'_, str> {
    if memchr3(b'>', b':', b'\n', text.as_bytes()).is_none() {
        // Nearly every text: no arrow in it, no time, and no second line.
        return Cow::Borrowed(text);
    }
    match without_arrows(text) {
        Cow::Borrowed(text) => subtitle::escape_cue_lookalikes(text, is_last()),
        Cow::Owned(text) => {
            Cow::Owned(subtitle::escape_cue_lookalikes(&text, is_last()).into_owned())
        }
    }
}

/// Replaces timing arrows: ffmpeg takes a line with one for a new cue.
fn without_arrows(text: &str) -> Cow<'_, str> {
    if text.contains("-->") {
        Cow::Owned(text.replace("-->", "→"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Millis;

    fn cue(start: i64, end: i64, text: &str) -> Cue<'_> {
        Cue {
            start: Millis::new(start),
            end: Millis::new(end),
            text: text.into(),
        }
    }

    fn written(cues: Vec<Cue<'_>>) -> String {
        let mut out = Vec::new();
        write(cues.into_iter(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cues_are_numbered_and_end_with_a_blank_line() {
        assert_eq!(
            written(vec![
                cue(0, 1500, "a & b\n<i>c</i>"),
                cue(59_999, 360_000_000, "d")
            ]),
            "1\n00:00:00,000 --> 00:00:01,500\na & b\n<i>c</i>\n\n\
             2\n00:00:59,999 --> 100:00:00,000\nd\n\n"
        );
        assert_eq!(written(vec![]), "");
    }

    #[test]
    fn text_never_resembles_the_start_of_a_cue() {
        let text = "a --> b ---> c -> d\n2\n00:00:01,000 --> 00:00:02,000\n3";
        assert_eq!(
            written(vec![cue(0, 1, text)]),
            "1\n00:00:00,000 --> 00:00:00,001\n\
             a → b -→ c -> d 2\n00:00:01,000 →\n00:00:02,000 3\n\n"
        );
    }
}
