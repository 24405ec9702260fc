//! Any segments and any limits: no word is lost or moved, no cue ends before it starts or is shown for too
//! long, and none has a line too many or one too long that could have been broken.
//!
//! The input is a line of seven numbers, the limits, and a line for each segment: start, span, text. In
//! the text a carriage return is a line break.

#![no_main]

use std::borrow::Cow;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mavi::captions::{Cue, Reflow, ReflowLimits, cue_text};
use mavi::transcript::Millis;
use unicode_width::UnicodeWidthStr;

/// The latest time of a transcription, in milliseconds.
const MAX_TIME: u64 = 1_000_000_000_000;

fuzz_target!(|input: &str| {
    let (first, rest) = input.split_once('\n').unwrap_or((input, ""));
    let limits = limits(first);
    let mut segments: Vec<_> = rest.split('\n').filter_map(segment).collect();
    segments.sort_by_key(|cue| cue.start);
    let cues: Vec<_> = Reflow::new(segments.iter().cloned(), &limits).collect();

    for cue in &cues {
        let shown = cue.end.get() - cue.start.get();
        assert!(
            shown > 0 && shown as u128 <= limits.max_duration.as_millis(),
            "{cue:?}"
        );
        let lines = cue.text.split('\n').count();
        assert!(
            lines <= limits.max_lines || has_no_time(cue, &segments),
            "{cue:?}"
        );
        for line in cue.text.split('\n') {
            assert!(!line.is_empty() && line.trim() == line, "{cue:?}");
            assert!(
                line.width() <= limits.max_line_width || !may_break(line),
                "{cue:?}"
            );
        }
    }
    assert!(cues.is_sorted_by_key(|cue| cue.start));
    let overlap = segments.windows(2).any(|pair| pair[1].start < pair[0].end);
    let characters = |cues: &[Cue<'_>]| {
        let mut characters = cues
            .iter()
            .flat_map(|cue| bare(&cue.text))
            .collect::<Vec<_>>();
        if overlap {
            characters.sort_unstable();
        }
        characters
    };
    assert_eq!(characters(&cues), characters(&segments));
});

fn limits(line: &str) -> ReflowLimits {
    let mut numbers = line
        .split(' ')
        .map(|number| number.parse::<u64>().unwrap_or(1));
    let mut next = |min: u64, max: u64| numbers.next().unwrap_or(1).clamp(min, max);
    let millis = Duration::from_millis;
    let min_duration = next(0, u64::MAX);
    ReflowLimits {
        min_duration: millis(min_duration),
        max_duration: millis(next(min_duration.max(1), u64::MAX)),
        min_gap: millis(next(0, u64::MAX)),
        max_line_width: next(1, u64::MAX) as usize,
        max_lines: next(1, u64::MAX) as usize,
        max_cps: next(1, u32::MAX.into()) as u32,
        counts_spaces: next(0, 1) == 1,
    }
}

fn segment(line: &str) -> Option<Cue<'_>> {
    let (start, rest) = line.split_once(' ')?;
    let (span, text) = rest.split_once(' ')?;
    let [start, span] = [start, span].map(|number| number.parse::<u64>().ok());
    let (start, span) = (start? % MAX_TIME, span? % MAX_TIME);
    let time = |millis: u64| Millis::new(i64::try_from(millis).unwrap());
    let text = cue_text(Cow::Borrowed(text));
    (!text.is_empty()).then_some(Cue {
        start: time(start),
        end: time(start + span.max(1)),
        text,
    })
}

fn bare(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

/// Returns `true` if a cue is all of a segment with less than a millisecond for each of its characters, once the
/// gap after it has taken up to half of its time.
fn has_no_time(cue: &Cue<'_>, segments: &[Cue<'_>]) -> bool {
    segments.iter().any(|segment| {
        let span = segment.end.get() - segment.start.get();
        bare(&segment.text).eq(bare(&cue.text)) && span / 2 < bare(&segment.text).count() as i64
    })
}

/// Returns `true` if the line can certainly be broken: before a letter or a digit after a space, or between
/// two Chinese characters.
fn may_break(line: &str) -> bool {
    let is_han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    line.chars().zip(line.chars().skip(1)).any(|(one, other)| {
        is_han(one) && is_han(other) || one == ' ' && other.is_ascii_alphanumeric()
    })
}
