//! The content of a reply, borrowed from its text.

use std::borrow::Cow;

use super::scalar::scalar_text;
use super::time::Millis;

/// One transcription: the `data` object of a reply, or a bare list of segments.
#[derive(Clone, Debug)]
pub struct Transcript<'a> {
    /// The task ID; empty if the source has none.
    pub task_no: Cow<'a, str>,
    /// The video ID; empty if the source has none.
    pub video_no: Cow<'a, str>,
    /// The type as received: `AUDIO`, `VIDEO`, or another text; empty if the source has none.
    pub transcription_type: Cow<'a, str>,
    /// The task's status; `None` if the source has none.
    pub status: Option<Status>,
    /// The segments in the order received.
    pub segments: Vec<Segment<'a>>,
    /// The code of the reply that it was saved in, if that is not the code of success.
    pub refusal: Option<Cow<'a, str>>,
    /// The JSON text of the whole document, exactly as received.
    pub(super) raw: &'a str,
    /// `true` if that is a whole reply, with the object as its `data`.
    pub(super) in_envelope: bool,
}

/// The status of a task in a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// `FINISH`: the transcription is complete.
    Finished,
    /// `UNFINISHED`.
    Unfinished,
    /// `FAIL`, `FAILED` or `ERROR` (seen by clients; not on the API page).
    Failed,
    /// Any other text; taken for not finished.
    Unknown(String),
}

impl Status {
    /// Returns the status with this name in the API.
    #[must_use]
    pub fn from_wire(name: &str) -> Self {
        match name {
            "FINISH" => Self::Finished,
            "UNFINISHED" => Self::Unfinished,
            "FAIL" | "FAILED" | "ERROR" => Self::Failed,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

/// A segment of a transcription, as received. Small, because there may be a million.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    pub(super) start: Millis,
    pub(super) end: Millis,
    /// The JSON text of `id`; empty if there is none.
    pub(super) id: &'a str,
    /// The JSON text of `content`, or its value if it has no escapes, and so no quotation mark; empty if
    /// there is none.
    pub(super) content: &'a str,
}

impl<'a> Segment<'a> {
    /// A segment with no times and no text.
    pub(super) const EMPTY: Self = Self {
        start: Millis::MISSING,
        end: Millis::MISSING,
        id: "",
        content: "",
    };

    /// Returns `true` if it has neither a time nor a text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start().is_none() && self.end().is_none() && self.content.is_empty()
    }

    /// Returns the start, if the source has one.
    #[must_use]
    pub fn start(&self) -> Option<Millis> {
        self.start.known()
    }

    /// Returns the end, if the source has one.
    #[must_use]
    pub fn end(&self) -> Option<Millis> {
        self.end.known()
    }

    /// Returns the ID as text: of the number or string received; empty if there is none.
    #[must_use]
    pub fn id(&self) -> Cow<'a, str> {
        scalar_text(self.id)
    }

    /// Returns the text exactly as received: it may be empty, start with a space, and hold line breaks
    /// and control characters.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        scalar_text(self.content)
    }
}
