//! The output formats: one file each, from a transcript to bytes. Pure: where the bytes go is the
//! business of [`crate::output`], and what a terminal can show comes in as an argument.

use std::fmt;

/// The formats in which a transcription is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// A header line, then a row a segment; for people.
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
    /// The text alone, a line a segment.
    Txt,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Tab-separated values.
    Tsv,
}

impl Format {
    /// Every format, in the order of the help text.
    pub const ALL: [Self; 8] = [
        Self::Table,
        Self::Json,
        Self::Jsonl,
        Self::Srt,
        Self::Vtt,
        Self::Txt,
        Self::Csv,
        Self::Tsv,
    ];

    /// The name on the command line and in configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Txt => "txt",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
        }
    }

    /// The format with this name; also, as the file extensions are the names, with this extension.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
