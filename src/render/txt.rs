//! The text alone: one line per segment, in the order received.

use std::io::{self, Write};

use crate::captions::cue_text;
use crate::transcript::Transcript;

/// Writes the text of every segment that has any.
pub(super) fn write(transcript: &Transcript<'_>, out: &mut dyn Write) -> io::Result<()> {
    for segment in &transcript.segments {
        let text = cue_text(segment.text());
        for (line, part) in text.lines().enumerate() {
            if line > 0 {
                out.write_all(b" ")?;
            }
            out.write_all(part.as_bytes())?;
        }
        if !text.is_empty() {
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    #[test]
    fn segment_with_text_is_one_line() {
        let json = r#"[{"startTime":5,"content":" a \r\n\r\n b"},{"content":" "},{"content":"\u001b[1mc\t"}]"#;
        let mut out = Vec::new();
        write(
            &Transcript::parse(json, TimeUnit::Seconds).unwrap(),
            &mut out,
        )
        .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a b\nc\n");
    }
}
