//! A transcription as received: [`Transcript`] and its [`Segment`]s, borrowed from the reply. Parsing is
//! liberal about the variations that real replies show (times as strings, `id`
//! missing or called `index`, unknown fields) and strict about everything else. Nothing is changed
//! here: [`crate::captions`] repairs, [`crate::render`] writes.

mod fast_path;
mod json_cursor;
mod model;
mod parse;
mod scalar;
mod segment;
mod time;

pub use json_cursor::{ParseError, ParseErrorKind};
pub use model::{Segment, Status, Transcript};
pub use parse::TOO_MANY_EMPTY_SEGMENTS;
pub use time::{Millis, TimeUnit};
