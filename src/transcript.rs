//! A transcription as the service sent it: [`Transcript`] and its [`Segment`]s, borrowed from the
//! reply. Reading is liberal about the variations that real replies show (times as strings, `id`
//! missing or called `index`, unknown fields) and strict about everything else. Nothing is changed
//! here: [`crate::captions`] repairs, [`crate::render`] writes.

mod parse;
mod scalar;
mod segment;
mod source;
mod time;
mod usual;

use std::borrow::Cow;

pub use source::ParseError;
pub use time::{Millis, TimeUnit};

/// One transcription: the `data` object of a reply, or a bare list of segments.
#[derive(Clone, Debug)]
pub struct Transcript<'a> {
    /// The task's number; empty where the source has none.
    pub task_no: Cow<'a, str>,
    /// The video's number; empty where the source has none.
    pub video_no: Cow<'a, str>,
    /// `AUDIO`, `VIDEO`, or what the service said; empty where the source has none.
    pub kind: Cow<'a, str>,
    /// Where the task stands; `None` where the source does not say.
    pub status: Option<Status>,
    /// The segments in the order received.
    pub segments: Vec<Segment<'a>>,
    /// The JSON text that all this was read from, exactly as received.
    raw: &'a str,
    /// Whether that is a whole reply, with the object as its `data`.
    in_envelope: bool,
}

impl<'a> Transcript<'a> {
    /// The JSON text of the `data` object, or of the list, exactly as received.
    #[must_use]
    pub fn json(&self) -> &'a str {
        if self.in_envelope {
            parse::data_of(self.raw)
        } else {
            self.raw
        }
    }
}

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// `FINISH`: the transcription is complete.
    Finished,
    /// `UNFINISHED`.
    Unfinished,
    /// `FAIL`, `FAILED` or `ERROR` (seen by clients; not on the API page).
    Failed,
    /// Any other text: not finished, as far as anyone knows.
    Unknown(String),
}

impl Status {
    /// The status that the service calls `name`.
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

/// One span of a transcription, as received: small, because there may be a million.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    start: Millis,
    end: Millis,
    /// The JSON text of `id`; empty where there is none.
    id: &'a str,
    /// The JSON text of `content`, or what that says where it has no escapes, and so no quotation mark;
    /// empty where there is none.
    content: &'a str,
}

impl<'a> Segment<'a> {
    /// The one that says nothing.
    const EMPTY: Self = Self {
        start: Millis::MISSING,
        end: Millis::MISSING,
        id: "",
        content: "",
    };

    /// Whether it says nothing that a segment says: neither a time nor a text.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.start().is_none() && self.end().is_none() && self.content.is_empty()
    }

    /// When it starts, where that was said.
    #[must_use]
    pub fn start(&self) -> Option<Millis> {
        self.start.known()
    }

    /// When it ends, where that was said.
    #[must_use]
    pub fn end(&self) -> Option<Millis> {
        self.end.known()
    }

    /// Its number: the text of the number or string received, empty where there is none.
    #[must_use]
    pub fn id(&self) -> Cow<'a, str> {
        scalar::scalar_text(self.id)
    }

    /// Its text, exactly as received: it may be empty, start with a space, and hold line breaks and
    /// control characters.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        scalar::scalar_text(self.content)
    }
}
