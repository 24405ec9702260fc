//! What is known of a transcription as a whole, for the heads of formats that people read.

use std::borrow::Cow;

use super::digits::ReverseBuffer;
use super::style::Style;
use crate::text::{count, one_line};
use crate::transcript::{Millis, Transcript};

/// Returns the name of a transcription: the one that the user knows, or else the ID of its video or task.
pub(super) fn title<'a>(transcript: &'a Transcript<'_>, style: &Style<'a>) -> Cow<'a, str> {
    let names = [
        style.title.unwrap_or_default(),
        &*transcript.video_no,
        &*transcript.task_no,
    ];
    let mut names = names.into_iter().map(one_line);
    names
        .find(|name| !name.is_empty())
        .unwrap_or(Cow::Borrowed("Transcription"))
}

/// Returns task, video, type, number of segments and span, as far as they are known.
pub(super) fn parts(transcript: &Transcript<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    for (what, name) in [
        ("task", &transcript.task_no),
        ("video", &transcript.video_no),
        ("type", &transcript.transcription_type),
    ] {
        let name = one_line(name);
        if !name.is_empty() {
            parts.push(format!("{what} {name}"));
        }
    }
    parts.push(match transcript.segments.len() {
        0 => "no segments".to_owned(),
        segments => count(segments, "segment"),
    });
    let times = || {
        transcript
            .segments
            .iter()
            .flat_map(|segment| [segment.start(), segment.end()])
    };
    if let (Some(first), Some(last)) = (times().flatten().min(), times().flatten().max()) {
        let [first, last] =
            [first, last].map(|at| String::from_utf8_lossy(time(Some(at)).as_bytes()).into_owned());
        parts.push(format!("{first} to {last}"));
    }
    parts
}

/// Formats a time as hours, minutes, seconds and milliseconds; `-` if it is missing.
pub(super) fn time(time: Option<Millis>) -> ReverseBuffer {
    let mut text = ReverseBuffer::new();
    match time {
        Some(time) => text.clock(time, b'.', 1),
        None => text.put(b"-"),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    #[test]
    fn title_is_the_best_name_known() {
        for (json, name, title_of_it) in [
            (
                r#"{"taskNo":"T","videoNo":"V"}"#,
                Some("my\ntalk"),
                "my talk",
            ),
            (r#"{"taskNo":"T","videoNo":"V"}"#, None, "V"),
            (r#"{"taskNo":"T\u001b[1m"}"#, Some(" "), "T"),
            ("[]", None, "Transcription"),
        ] {
            let transcript = Transcript::parse(json, TimeUnit::Seconds).unwrap();
            let style = Style {
                title: name,
                ..Style::default()
            };
            assert_eq!(title(&transcript, &style), title_of_it);
        }
    }
}
