//! Finds the cues that cannot be laid out well.

use std::ops::Range;

use super::break_quality::BreakQuality;
use super::words::Word;

/// The cues, of those that start with the same word, that cannot be laid out without a break as bad as
/// `worst` between two lines.
#[derive(Debug)]
pub(super) struct BadLayouts {
    worst: BreakQuality,
    penalty: u64,
    /// The indices of the words after them.
    ends: Vec<Range<usize>>,
}

impl BadLayouts {
    pub(super) fn new(worst: BreakQuality, penalty: u64) -> Self {
        Self {
            worst,
            penalty,
            ends: Vec::new(),
        }
    }

    /// Finds the bad layouts among the cues that start where `cue` does and end in it.
    pub(super) fn find(&mut self, words: &[Word], line_ends: &[usize], cue: Range<usize>) {
        self.ends.clear();
        // The furthest that so many lines reach, and that they reach with good breaks.
        let (mut end, mut good_end) = (line_ends[cue.start], line_ends[cue.start]);
        while end < cue.end {
            let good_break = (cue.start + 1..=good_end)
                .rev()
                .find(|place| words[*place - 1].break_after.cost() < self.worst.cost());
            end = line_ends[end];
            good_end = good_break.map_or(good_end, |place| line_ends[place]);
            if good_end < end {
                self.ends.push(good_end + 1..end + 1);
            }
        }
    }

    /// Returns the penalty if the cue's last word is before the one at `end`.
    pub(super) fn cost(&self, end: usize) -> u64 {
        let is_bad = self.ends.iter().any(|ends| ends.contains(&end));
        if is_bad { self.penalty } else { 0 }
    }
}
