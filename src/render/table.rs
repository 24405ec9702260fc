//! The table for people: a line about the transcription, then one row per segment, in the order and with
//! the times received. On a terminal the text wraps beside its times, or below them if there is no space;
//! elsewhere a row is one line.

use std::borrow::Cow;
use std::io::{self, Write};

use textwrap::core::display_width;

use super::digits::ReverseBuffer;
use super::style::Style;
use super::summary::{self, time};
use crate::captions::cue_text;
use crate::transcript::{Segment, Transcript};

/// Minimum columns of text beside the times: with fewer, the text goes below them; with fewer even there,
/// the terminal breaks the lines itself.
const MIN_TEXT_WIDTH: usize = 16;

/// Writes the table.
pub(super) fn write(
    transcript: &Transcript<'_>,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = |with: anstyle::Style| {
        if style.colour {
            with
        } else {
            anstyle::Style::new()
        }
    };
    let bold = paint(anstyle::Style::new().bold());
    let dim = paint(anstyle::Style::new().dimmed());

    for line in lines(&summary::parts(transcript), style.width) {
        writeln!(out, "{bold}{line}{bold:#}")?;
    }
    if transcript.segments.is_empty() {
        return Ok(());
    }
    let numbers = number(transcript.segments.len()).len();
    let times = width_of_times(&transcript.segments);
    let (start, end) = ("start", "end");
    writeln!(
        out,
        "{dim}{:>numbers$}  {start:>times$}  {end:>times$}  text{dim:#}",
        "#"
    )?;

    let beside = numbers + 2 + times + 2 + times + 2;
    let is_narrow = |width| width < beside + MIN_TEXT_WIDTH;
    let below = style.width.is_some_and(is_narrow);
    let before = if below { numbers + 2 } else { beside };
    let room = style
        .width
        .map(|width| width.saturating_sub(before).max(MIN_TEXT_WIDTH));
    for (index, segment) in transcript.segments.iter().enumerate() {
        right(&number(index + 1), numbers, out)?;
        write!(out, "  {dim}")?;
        right(&time(segment.start()), times, out)?;
        out.write_all(b"  ")?;
        right(&time(segment.end()), times, out)?;
        write!(out, "{dim:#}")?;
        let text = on_one_line(segment);
        match room {
            _ if text.is_empty() => out.write_all(b"\n")?,
            None => writeln!(out, "  {text}")?,
            Some(room) => {
                if below {
                    writeln!(out)?;
                }
                for (line, text) in textwrap::wrap(&text, room).iter().enumerate() {
                    let indent = if line == 0 && !below { 2 } else { before };
                    writeln!(out, "{:indent$}{text}", "")?;
                }
            }
        }
    }
    Ok(())
}

/// Arranges the parts on as many lines as the terminal needs to break none.
fn lines(parts: &[String], width: Option<usize>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line)
                if width
                    .is_none_or(|width| display_width(line) + 2 + display_width(part) <= width) =>
            {
                line.push_str("  ");
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines
}

fn on_one_line<'a>(segment: &Segment<'a>) -> Cow<'a, str> {
    match cue_text(segment.text()) {
        text if text.contains('\n') => Cow::Owned(text.replace('\n', " ")),
        text => text,
    }
}

fn number(value: usize) -> ReverseBuffer {
    let mut text = ReverseBuffer::new();
    text.digits(value as u64, 1);
    text
}

fn width_of_times(segments: &[Segment<'_>]) -> usize {
    segments
        .iter()
        .flat_map(|segment| [segment.start(), segment.end()])
        .map(|at| time(at).len())
        .max()
        .unwrap_or(0)
        .max("start".len())
}

fn right(text: &ReverseBuffer, width: usize, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{:1$}", "", width.saturating_sub(text.len()))?;
    out.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    const JSON: &str = r#"{"taskNo":"T\u001b[31m1","videoNo":"V","type":"AUDIO","transcriptions":[
        {"startTime":-0.5,"endTime":7.25,"content":" one two three four five\nsix"},
        {"startTime":3600,"content":"转录一个视频需要多长时间"},{"content":" "}]}"#;

    fn written(json: &str, width: Option<usize>, colour: bool) -> String {
        let transcript = Transcript::parse(json, TimeUnit::Seconds).unwrap();
        let style = Style {
            width,
            colour,
            is_terminal: true,
            ..Style::default()
        };
        let mut out = Vec::new();
        write(&transcript, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn row_is_one_line_without_a_width() {
        assert_eq!(
            written(JSON, None, false),
            "task T1  video V  type AUDIO  3 segments  -0:00:00.500 to 1:00:00.000\n\
             #         start           end  text\n\
             1  -0:00:00.500   0:00:07.250  one two three four five six\n\
             2   1:00:00.000             -  转录一个视频需要多长时间\n\
             3             -             -\n"
        );
    }

    #[test]
    fn text_wraps_by_display_width() {
        let rows: Vec<_> = written(JSON, Some(48), false)
            .lines()
            .skip(3)
            .map(str::to_owned)
            .collect();
        assert_eq!(
            rows,
            [
                "1  -0:00:00.500   0:00:07.250  one two three",
                "                               four five six",
                "2   1:00:00.000             -  转录一个视频需要",
                "                               多长时间",
                "3             -             -",
            ]
        );
    }

    #[test]
    fn narrow_terminal_puts_text_below_times() {
        let rows = |width| {
            let table = written(JSON, Some(width), false);
            table[table.find('#').unwrap()..].to_owned()
        };
        assert_eq!(
            rows(31 + MIN_TEXT_WIDTH - 1),
            "#         start           end  text\n\
             1  -0:00:00.500   0:00:07.250\n   one two three four five six\n\
             2   1:00:00.000             -\n   转录一个视频需要多长时间\n\
             3             -             -\n"
        );
        let wanted = rows(3 + MIN_TEXT_WIDTH);
        assert!(
            wanted.contains("\n   one two three\n   four five six\n"),
            "{wanted}"
        );
        for width in 0..3 + MIN_TEXT_WIDTH {
            assert_eq!(rows(width), wanted);
        }
    }

    #[test]
    fn summary_is_broken_between_parts() {
        let head = |width| {
            let table = written(JSON, Some(width), false);
            table[..table.find('#').unwrap()].trim_end().to_owned()
        };
        let line = "task T1  video V  type AUDIO  3 segments  -0:00:00.500 to 1:00:00.000";
        assert_eq!(head(line.len()), line);
        assert_eq!(
            head(line.len() - 1),
            "task T1  video V  type AUDIO  3 segments\n-0:00:00.500 to 1:00:00.000"
        );
        assert_eq!(
            head(1),
            "task T1\nvideo V\ntype AUDIO\n3 segments\n-0:00:00.500 to 1:00:00.000"
        );
    }

    #[test]
    fn colour_is_optional_and_only_beside_the_text() {
        let json = r#"[{"startTime":1,"endTime":2,"content":"\u001b[7mx"}]"#;
        assert_eq!(
            written(json, None, true),
            "\u{1b}[1m1 segment  0:00:01.000 to 0:00:02.000\u{1b}[0m\n\
             \u{1b}[2m#        start          end  text\u{1b}[0m\n\
             1  \u{1b}[2m0:00:01.000  0:00:02.000\u{1b}[0m  x\n"
        );
        assert!(!written(json, None, false).contains('\u{1b}'));
    }

    #[test]
    fn empty_transcription_has_no_segments() {
        assert_eq!(
            written(r#"{"taskNo":"T"}"#, Some(80), false),
            "task T  no segments\n"
        );
    }
}
