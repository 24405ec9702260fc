//! The forms of a list of videos: table, JSON, CSV, IDs.

use std::io::{self, Write};

use anstyle::AnsiColor;
use jiff::Timestamp;

use crate::api::{Video, VideoStatus};
use crate::cli::VideosFormat;
use crate::engine::VideoRecord;
use crate::render::{Style, columns};
use crate::{text, when};

const FIELDS: [&str; 5] = [
    "videoNo",
    "videoName",
    "videoStatus",
    "uploadTime",
    "duration",
];
/// Maximum length that the table shows, in seconds: no video takes weeks, and some services report nonsense.
const MAX_SECONDS: f64 = 1_000.0 * 3_600.0;
const HEADER: [&str; 5] = ["VIDEO", "STATUS", "LENGTH", "UPLOADED", "NAME"];

/// The position of the column of statuses, and their colours.
const STATUS: (usize, fn(&str) -> anstyle::Style) = (1, |status| {
    let colour = match VideoStatus::from_name(status) {
        Some(VideoStatus::Parsed) => AnsiColor::Green,
        Some(VideoStatus::Failed) => AnsiColor::Red,
        Some(VideoStatus::Pending) | None => AnsiColor::Yellow,
    };
    colour.on_default()
});

/// Writes a list of videos. JSON for a terminal has no control characters.
pub(super) fn write(
    videos: &[Video],
    format: VideosFormat,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let json = |text: String| {
        if style.is_terminal {
            escaped(&text)
        } else {
            text
        }
    };
    match format {
        VideosFormat::Table => {
            let now = Timestamp::now();
            let rows = videos.iter().map(|video| row(video, now));
            columns::write(HEADER, rows, STATUS, style, out)
        }
        VideosFormat::Json => {
            let records: Vec<_> = videos.iter().map(VideoRecord::new).collect();
            let text = serde_json::to_string_pretty(&records)?;
            writeln!(out, "{}", json(text))
        }
        VideosFormat::Jsonl => videos.iter().try_for_each(|video| {
            let text = serde_json::to_string(&VideoRecord::new(video))?;
            writeln!(out, "{}", json(text))
        }),
        VideosFormat::Csv => write_csv(videos, out),
        VideosFormat::Ids => videos
            .iter()
            .try_for_each(|video| writeln!(out, "{}", video.video_no)),
    }
}

fn row(video: &Video, now: Timestamp) -> [String; 5] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        video.video_no.to_string(),
        video.status().to_string(),
        or_dash(video.seconds.and_then(length)),
        or_dash(video.uploaded_at.map(|time| when::ago(time, now))),
        or_dash(video.name.clone()),
    ]
}

/// Returns a length such as `4:05` or `1:02:03`; `None` for one that no video has.
fn length(seconds: f64) -> Option<String> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within bounds, and lengths are not negative"
    )]
    let whole = (seconds <= MAX_SECONDS).then(|| seconds.round() as u64)?;
    let (hours, minutes, seconds) = (whole / 3_600, whole / 60 % 60, whole % 60);
    Some(if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    })
}

fn write_csv(videos: &[Video], out: &mut dyn Write) -> io::Result<()> {
    let mut records = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    let io_error = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    };
    records.write_record(FIELDS).map_err(io_error)?;
    for video in videos {
        let record = VideoRecord::new(video);
        let clean = |text: Option<&str>| text::one_line(text.unwrap_or_default()).into_owned();
        let fields = [
            record.video_no.to_owned(),
            clean(record.video_name),
            clean(record.video_status),
            record.upload_time.unwrap_or_default(),
            record.duration.map(|it| it.to_string()).unwrap_or_default(),
        ];
        records.write_record(fields).map_err(io_error)?;
    }
    records.flush()
}

/// Returns JSON with DEL and the C1 control characters as escapes: a terminal would act on them.
fn escaped(json: &str) -> String {
    json.chars()
        .map(|c| match c {
            '\u{7f}'..='\u{9f}' => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded_and_short() {
        let lengths = [0.0, 59.6, 245.0, 3_723.2, 3.6e6, 3.7e6, 1e300].map(length);
        let lengths = lengths.each_ref().map(Option::as_deref);
        let [shown @ .., _, _] = lengths.map(|length| length.unwrap_or("-"));
        assert_eq!(shown, ["0:00", "1:00", "4:05", "1:02:03", "1000:00:00"]);
        assert_eq!(lengths[5..], [None, None]);
    }
}
