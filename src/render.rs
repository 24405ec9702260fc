//! The output formats, one file each: from a transcript to bytes. Pure: [`crate::output`] decides where
//! the bytes go, and facts about the terminal are arguments.

mod bidi;
pub mod columns;
mod csv;
mod digits;
mod html;
mod json;
mod md;
mod srt;
mod style;
mod subtitle;
mod summary;
mod table;
mod tsv;
mod txt;
mod vtt;

use std::io::{self, Write};

use crate::captions::{Cue, Cues, Language, OverLimits, Reflow};
use crate::names::named;
use crate::transcript::{Segment, Transcript};
pub use style::Style;

/// The output formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// A header line, then one row per segment; for people.
    #[default]
    Table,
    /// The API's `data` object, indented.
    Json,
    /// The API's `data` object on one line.
    Jsonl,
    /// SubRip subtitles.
    Srt,
    /// WebVTT subtitles.
    Vtt,
    /// The text alone, one line per segment.
    Txt,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Tab-separated values.
    Tsv,
    /// Paragraphs with their times, in Markdown.
    Md,
    /// A web page of the captions, to read, search and print, or to watch with the video.
    Html,
}

// The file extensions are the names.
named!(Format {
    Table => "table",
    Json => "json",
    Jsonl => "jsonl",
    Srt => "srt",
    Vtt => "vtt",
    Txt => "txt",
    Csv => "csv",
    Tsv => "tsv",
    Md => "md",
    Html => "html",
});

impl Format {
    /// Returns the format of files with this extension.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            it if it.eq_ignore_ascii_case("htm") => Some(Self::Html),
            it => Self::from_name(it),
        }
    }

    /// Returns `true` if a file of this format holds one transcription alone.
    #[must_use]
    pub const fn holds_one(self) -> bool {
        matches!(self, Self::Srt | Self::Vtt | Self::Html)
    }
}

/// Counts of a rendered transcription, for messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RenderReport {
    /// The number of cues; `None` in formats without cues.
    pub cues: Option<usize>,
    /// The number of cue times that were missing and estimated from their neighbours.
    pub estimated_times: usize,
    /// The numbers of reflowed cues that exceed the limits.
    pub over_limits: OverLimits,
}

impl RenderReport {
    /// Combines the reports of one transcription in two formats.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            cues: self.cues.or(other.cues),
            estimated_times: self.estimated_times.max(other.estimated_times),
            over_limits: if self.over_limits == OverLimits::default() {
                other.over_limits
            } else {
                self.over_limits
            },
        }
    }
}

/// Writes `transcript` in one format to `out`, which should be buffered. `first` means that nothing
/// precedes it there: `csv` and `tsv` write their header only then; `table`, `txt` and `md` write a blank
/// line before them otherwise. Every error is one of `out`.
pub fn write(
    format: Format,
    transcript: &Transcript<'_>,
    style: &Style<'_>,
    first: bool,
    out: &mut dyn Write,
) -> io::Result<RenderReport> {
    if !first && matches!(format, Format::Table | Format::Txt | Format::Md) {
        out.write_all(b"\n")?;
    }
    match format {
        Format::Table => table::write(transcript, style, out)?,
        Format::Json => {
            json::write(
                transcript.json(),
                json::JsonLayout::Indented,
                style.is_terminal,
                out,
            )?;
        }
        Format::Jsonl => {
            json::write(
                transcript.json(),
                json::JsonLayout::OneLine,
                style.is_terminal,
                out,
            )?;
        }
        Format::Srt => return cues(transcript, style, |cues| srt::write(cues, out)),
        Format::Vtt => return cues(transcript, style, |cues| vtt::write(cues, out)),
        Format::Txt => txt::write(transcript, out)?,
        Format::Csv => csv::write(transcript, first, out)?,
        Format::Tsv => tsv::write(transcript, first, out)?,
        Format::Md => return md::write(transcript, style, out),
        Format::Html => {
            return cues(transcript, style, |cues| {
                html::write(transcript, style, cues, out)
            });
        }
    }
    Ok(RenderReport::default())
}

/// Returns the language of the transcription: the one that is set, or the one that its text is in.
fn language(transcript: &Transcript<'_>, style: &Style<'_>) -> Language {
    let set = style.reflow.and_then(|options| options.language);
    set.unwrap_or_else(|| Language::of(transcript.segments.iter().map(Segment::text)))
}

/// Passes the cues of `transcript` to `write` and counts them.
fn cues<'a>(
    transcript: &Transcript<'a>,
    style: &Style<'_>,
    write: impl FnOnce(&mut dyn Iterator<Item = Cue<'a>>) -> io::Result<()>,
) -> io::Result<RenderReport> {
    let mut captions = Cues::new(transcript);
    let mut report = RenderReport::default();
    let mut cues = 0;
    let mut count = |_: &Cue<'_>| cues += 1;
    if let Some(options) = &style.reflow {
        let language = language(transcript, style);
        let limits = options.limits(language);
        let mut reflow = Reflow::new(&mut captions, &limits).in_language(language);
        write(&mut reflow.by_ref().inspect(&mut count))?;
        report.over_limits = reflow.over_limits();
    } else {
        write(&mut captions.by_ref().inspect(&mut count))?;
    }
    report.cues = Some(cues);
    report.estimated_times = captions.estimated_times();
    Ok(report)
}
