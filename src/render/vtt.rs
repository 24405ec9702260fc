//! WebVTT (W3C, 4 April 2019): a header, then cues with their text escaped, without identifiers.

use std::io::{self, Write};

use memchr::memchr3;

use super::digits::ReverseBuffer;
use super::subtitle;
use crate::captions::Cue;

/// Writes the header and `cues`.
pub(super) fn write<'a>(
    cues: impl Iterator<Item = Cue<'a>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(b"WEBVTT\n")?;
    let mut cues = cues.peekable();
    if cues.peek().is_none() {
        // The header ends with a blank line (§4.1), which otherwise each cue brings along.
        out.write_all(b"\n")?;
    }
    let mut head = ReverseBuffer::new();
    for cue in cues {
        subtitle::line(&cue, b'.', &mut head);
        head.put(b"\n");
        out.write_all(head.as_bytes())?;
        write_escaped(&subtitle::escape_cue_lookalikes(&cue.text, true), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes `text` with the special characters of WebVTT escaped (§4.2.2); without `>` it cannot hold the
/// arrow either.
fn write_escaped(mut text: &str, out: &mut dyn Write) -> io::Result<()> {
    while let Some(at) = memchr3(b'&', b'<', b'>', text.as_bytes()) {
        out.write_all(&text.as_bytes()[..at])?;
        out.write_all(match text.as_bytes()[at] {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            _ => b"&gt;",
        })?;
        text = &text[at + 1..];
    }
    out.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Millis;

    #[test]
    fn text_is_escaped_and_cues_are_separated() {
        let cue = |text| Cue {
            start: Millis::new(0),
            end: Millis::new(3_600_000),
            text,
        };
        let mut out = Vec::new();
        write(
            ["a & <b>".into(), "-->\nNOTE".into()].map(cue).into_iter(),
            &mut out,
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "WEBVTT\n\n00:00:00.000 --> 01:00:00.000\na &amp; &lt;b&gt;\n\
             \n00:00:00.000 --> 01:00:00.000\n--&gt;\nNOTE\n"
        );
    }

    #[test]
    fn empty_transcription_is_the_header() {
        let mut out = Vec::new();
        write(std::iter::empty(), &mut out).unwrap();
        assert_eq!(out, b"WEBVTT\n\n");
    }
}
