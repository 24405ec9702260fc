//! Tab-separated values: the records of [`super::csv`] without quoting, so that `cut` and `awk` can
//! read them; tabs and line breaks inside a field become spaces.

use std::borrow::Cow;
use std::io::{self, Write};

use super::csv::{HEADER, seconds};
use crate::text::clean;
use crate::transcript::Transcript;

/// Writes one line per segment, after the header if `header` is set.
pub(super) fn write(
    transcript: &Transcript<'_>,
    header: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    if header {
        line(HEADER.map(str::as_bytes), out)?;
    }
    let task_no = field(&transcript.task_no);
    let video_no = field(&transcript.video_no);
    let transcription_type = field(&transcript.transcription_type).to_lowercase();
    for segment in &transcript.segments {
        line(
            [
                task_no.as_bytes(),
                field(&segment.id()).as_bytes(),
                seconds(segment.start()).as_bytes(),
                seconds(segment.end()).as_bytes(),
                field(&segment.text()).as_bytes(),
                video_no.as_bytes(),
                transcription_type.as_bytes(),
            ],
            out,
        )?;
    }
    Ok(())
}

/// Returns the text without tabs and line breaks: cleaning leaves no tab and one kind of line break.
fn field(text: &str) -> Cow<'_, str> {
    match clean(text) {
        text if text.contains('\n') => Cow::Owned(text.replace('\n', " ")),
        text => text,
    }
}

fn line(fields: [&[u8]; HEADER.len()], out: &mut dyn Write) -> io::Result<()> {
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            out.write_all(b"\t")?;
        }
        out.write_all(field)?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    #[test]
    fn segment_is_one_line_whatever_its_text() {
        let json = r#"{"taskNo":"T\n1","videoNo":"V\t2","type":"VIDEO","transcriptions":[
            {"id":0,"startTime":"0.0005","endTime":59.9996,"content":" \"a\"\tb\r\n\u2028c"}]}"#;
        let transcript = Transcript::parse(json, TimeUnit::Seconds).unwrap();
        let mut out = Vec::new();
        write(&transcript, true, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "task_no\tid\tstart\tend\tcontent\tvideo_no\ttype\nT 1\t0\t0.001\t60.000\t \"a\" b  c\tV 2\tvideo\n"
        );
    }
}
