//! Comma-separated values (RFC 4180, but with LF line ends): every segment as received, nothing
//! repaired, left out or reordered.

use std::io::{self, Write};

use super::digits::ReverseBuffer;
use crate::text::clean;
use crate::transcript::{Millis, Transcript};

/// The names of the columns, also in TSV. New ones come last: scripts count columns.
pub(super) const HEADER: [&str; 7] = [
    "task_no", "id", "start", "end", "content", "video_no", "type",
];

/// Writes one record per segment, after the header if `header` is set.
pub(super) fn write(
    transcript: &Transcript<'_>,
    header: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut records = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    if header {
        records.write_record(HEADER).map_err(io_error)?;
    }
    let task_no = clean(&transcript.task_no);
    let video_no = clean(&transcript.video_no);
    let transcription_type = clean(&transcript.transcription_type).to_lowercase();
    for segment in &transcript.segments {
        records
            .write_record([
                task_no.as_bytes(),
                clean(&segment.id()).as_bytes(),
                seconds(segment.start()).as_bytes(),
                seconds(segment.end()).as_bytes(),
                clean(&segment.text()).as_bytes(),
                video_no.as_bytes(),
                transcription_type.as_bytes(),
            ])
            .map_err(io_error)?;
    }
    records.flush()
}

/// Returns the error of the stream itself, which tells a closed pipe from a full disk.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Formats a time in seconds with 3 decimals; empty if it is missing.
pub(super) fn seconds(time: Option<Millis>) -> ReverseBuffer {
    let mut text = ReverseBuffer::new();
    if let Some(time) = time {
        text.seconds(time);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    #[test]
    fn segments_are_verbatim_and_quoted_if_needed() {
        let json = r#"{"taskNo":"T,1","videoNo":"V","type":"AUDIO","transcriptions":[
            {"id":"a","startTime":-0.5,"content":" \"x\"\r\ny\u0007"},
            {"startTime":9,"endTime":1,"content":""}]}"#;
        let transcript = Transcript::parse(json, TimeUnit::Seconds).unwrap();
        let mut out = Vec::new();
        write(&transcript, true, &mut out).unwrap();
        let header = "task_no,id,start,end,content,video_no,type\n";
        let records =
            "\"T,1\",a,-0.500,,\" \"\"x\"\"\ny\",V,audio\n\"T,1\",,9.000,1.000,,V,audio\n";
        assert_eq!(
            String::from_utf8(out).unwrap(),
            format!("{header}{records}")
        );
        let mut out = Vec::new();
        write(&transcript, false, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), records);
    }
}
