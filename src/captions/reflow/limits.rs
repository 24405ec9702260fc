//! The limits of reflowed cues.

use std::time::Duration;

/// The limits that reflowed cues keep to where possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReflowLimits {
    /// Maximum columns of a line; a character of double width (UAX #11) counts two. At least 1.
    pub max_line_width: usize,
    /// Maximum lines of a cue. At least 1.
    pub max_lines: usize,
    /// Maximum reading speed, in characters (grapheme clusters, white space included) a second. At
    /// least 1.
    pub max_cps: u32,
    /// `true` if spaces count as characters for the reading speed.
    pub counts_spaces: bool,
    /// Minimum duration of a cue.
    pub min_duration: Duration,
    /// Maximum duration of a cue; not less than `min_duration`.
    pub max_duration: Duration,
    /// Minimum time between the end of a cue and the start of the next.
    pub min_gap: Duration,
}

/// Netflix's limits for English subtitles: at least 5/6 s, 2 frames at 24 frames a second apart.
impl Default for ReflowLimits {
    fn default() -> Self {
        Self {
            max_line_width: 42,
            max_lines: 2,
            max_cps: 20,
            counts_spaces: true,
            min_duration: Duration::from_millis(833),
            max_duration: Duration::from_secs(7),
            min_gap: Duration::from_millis(83),
        }
    }
}

/// The numbers of cues that exceed the limits, by limit; a cue may exceed several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverLimits {
    /// All such cues.
    pub cues: usize,
    /// Those with a line too long or a line too many.
    pub size: usize,
    /// Those with too much text to read in their time.
    pub speed: usize,
    /// Those shown for too short, or too close to the next.
    pub time: usize,
    /// The time in milliseconds that cues have to stay after the last segment to be read, when the video may be
    /// over. Not counted in `cues`; 0 if it is hardly longer than people leave there anyway.
    pub overrun: i64,
}

/// The space for the text of a cue, in columns and lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct CueSize {
    pub width: usize,
    pub lines: usize,
}

impl CueSize {
    /// Upper bound of both, far above any real cue; keeps sums of squares from overflowing.
    const MAX: usize = 1 << 20;

    pub(super) fn of(limits: &ReflowLimits) -> Self {
        Self {
            width: limits.max_line_width.clamp(1, Self::MAX),
            lines: limits.max_lines.clamp(1, Self::MAX),
        }
    }
}
