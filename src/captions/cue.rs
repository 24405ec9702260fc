//! One cue of a subtitle file.

use std::borrow::Cow;

use crate::transcript::Millis;

/// Duration of a cue without a usable end, in milliseconds.
pub(super) const DEFAULT_CUE_MS: i64 = 2_000;

/// A text that a player shows from one time to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue<'a> {
    /// The time when it appears; never negative.
    pub start: Millis,
    /// The time when it disappears; later than `start`.
    pub end: Millis,
    /// The text: clean, trimmed, at least one line, no line blank.
    pub text: Cow<'a, str>,
}
