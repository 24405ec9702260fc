//! Rendering options.

use crate::captions::ReflowOptions;

/// Rendering options that depend on the destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style<'a> {
    /// The name by which the user knows the transcription, such as that of its file; `None` where the
    /// IDs in it are all that is known.
    pub title: Option<&'a str>,
    /// The URL of the video or audio that a web page plays, relative to the page.
    pub media: Option<&'a str>,
    /// The columns of a terminal, to which the text of a table is wrapped; `None` for one line per
    /// segment.
    pub width: Option<usize>,
    /// `true` if a table may be coloured.
    pub colour: bool,
    /// `true` if the bytes go to a terminal: JSON then escapes the control characters that it may
    /// otherwise hold verbatim.
    pub is_terminal: bool,
    /// How the captions of SubRip, WebVTT and HTML are reflowed; `None` for one cue per segment.
    pub reflow: Option<ReflowOptions>,
}

impl Style<'_> {
    /// Returns the options for a file, which is no terminal, whatever stdout is.
    #[must_use]
    pub fn for_files(&self) -> Self {
        Self {
            width: None,
            colour: false,
            is_terminal: false,
            ..*self
        }
    }
}
