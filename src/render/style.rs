//! Rendering options.

use crate::captions::ReflowOptions;

/// Rendering options that depend on the destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The columns of a terminal, to which the text of a table is wrapped; `None` for one line per
    /// segment.
    pub width: Option<usize>,
    /// `true` if a table may be coloured.
    pub colour: bool,
    /// `true` if the bytes go to a terminal: JSON then escapes the control characters that it may
    /// otherwise hold verbatim.
    pub is_terminal: bool,
    /// How SubRip and WebVTT are reflowed; `None` for one cue per segment.
    pub reflow: Option<ReflowOptions>,
}

impl Style {
    /// Returns the options for a file, which is no terminal, whatever stdout is.
    #[must_use]
    pub fn for_files(&self) -> Self {
        Self {
            reflow: self.reflow,
            ..Self::default()
        }
    }
}
