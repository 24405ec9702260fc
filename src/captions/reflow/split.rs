//! Splits a segment's text into cues at the lowest total cost. Penalties apply to a cue that ends in the
//! middle of something, has little text, or is shown for too short or too long. Takes time linear in the
//! number of words.

use std::ops::{Range, RangeInclusive};

use super::bad_layouts::BadLayouts;
use super::break_quality::BreakQuality;
use super::limits::CueSize;
use super::words::{Word, columns};

/// The columns of text with which a cue of this segment is shown neither too short nor too long.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnRange {
    pub min: usize,
    pub max: usize,
    /// Those with which it is shown for [`AMPLE_MS`].
    pub ample: usize,
    /// `true` if no cue may have less than the minimum for the sake of a sentence.
    pub is_strict: bool,
}

/// A cue shown for as long, in milliseconds, is no harder to read than a longer one: people's are hardly ever
/// shorter, where there is time.
pub(super) const AMPLE_MS: i64 = 2_000;

/// Maximum words of a cue; bounds the search where the limits do not.
const MAX_WORDS: usize = 256;

/// Maximum speakers in a cue (Netflix, Dual Speakers).
const MAX_SPEAKERS: usize = 2;

// The penalties were found as the costs of breaks were, then once more on a grid by the agreement with people's
// cues in all languages of the evaluation: their neighbours differ little, in either half of the files. Those
// of a second line and of fragments also had to agree with 53 other English captions, of volunteers.

/// The share of a full cue, of two lines, that is best, in eighths.
const BEST_EIGHTHS: usize = 5;
/// The least share, of the most columns that a cue has room or time for, of a cue of good length, in fifths.
const GOOD_FIFTHS: usize = 2;
/// Penalty of an empty cue; in proportion less, the closer it is to the best length.
const LITTLE_TEXT_PENALTY: u64 = 24;
/// Penalty of a full cue; in proportion less, the closer it is to the best length.
const FULL_PENALTY: u64 = 52;
/// Penalty of a cue that is shown for next to no time; in proportion less, up to [`AMPLE_MS`].
const BRIEF_PENALTY: u64 = 60;
/// Penalty of a cue that ends in a sentence which starts in its middle.
const UNFINISHED_SENTENCE_PENALTY: u64 = 500;
/// Penalty of each sentence of a cue but the last: ideally a cue is one sentence (BBC, Break at natural
/// points).
const SECOND_SENTENCE_PENALTY: u64 = 240;
/// Penalty of a cue of two lines: where a line is enough, there is one (Netflix, Line Treatment).
const TWO_LINES_PENALTY: u64 = 4;
/// Penalty of a cue that ends in the middle of a sentence with the first word of a clause, such as `However,`
/// or the item of a list; half of it with the second, a third with the third.
const FRAGMENT_PENALTY: u64 = 48;
/// Maximum words of such a fragment.
const MAX_FRAGMENT: usize = 3;
/// Penalty of a cue whose lines have to break after a function word or the like. Far less than that of such an
/// end of the cue: between two lines people break there a third as often as after other words (32 × ln 3).
const BAD_LINE_PENALTY: u64 = 36;
/// Penalties of a cue that is shown for too short or too long; more, the further it is off. Too short can
/// be mended, where others have time to spare.
const TOO_SHORT_PENALTY: u64 = 80;
/// More than that of all that a break may be.
const STRICT_TOO_SHORT_PENALTY: u64 = 1600;
const TOO_LONG_PENALTY: u64 = 100;

/// Searches for the cheapest split. Its buffers are reused for every segment.
#[derive(Debug)]
pub(super) struct Splitter {
    size: CueSize,
    /// The number of columns of a cue of the best length.
    best_length: usize,
    /// For each number of words from the start: the lowest cost of splitting them, and the number of
    /// words before the last cue.
    best: Vec<(u64, usize)>,
    line_ends: Vec<usize>,
    /// Indices of the words with which a sentence or a clause ends.
    marks: Vec<usize>,
    /// Indices of the words that must be the first of a cue.
    firsts: Vec<usize>,
    /// For each word, the index of the first of its sentence.
    sentences: Vec<usize>,
    /// For each word, the number of sentences that end before it.
    ended: Vec<u64>,
    /// For each word, the penalty of ending a cue with it, because only a fragment of a clause ends there.
    fragments: Vec<u64>,
    /// For each word, `true` if a turn of dialogue ends with it.
    is_turn: Vec<bool>,
    /// The cues that start with the word at `bad_layouts_from` and cannot be laid out well.
    bad_layouts: [BadLayouts; 2],
    bad_layouts_from: Option<usize>,
    /// The columns of a cue of good length.
    good: RangeInclusive<usize>,
}

impl Splitter {
    pub(super) fn new(size: CueSize) -> Self {
        let full = size.width * size.lines.min(2);
        Self {
            size,
            best_length: (full * BEST_EIGHTHS / 8).max(1),
            best: Vec::new(),
            line_ends: Vec::new(),
            marks: Vec::new(),
            firsts: Vec::new(),
            sentences: Vec::new(),
            ended: Vec::new(),
            fragments: Vec::new(),
            is_turn: Vec::new(),
            bad_layouts: [
                BadLayouts::new(BreakQuality::Forbidden, BreakQuality::Forbidden.cost()),
                BadLayouts::new(BreakQuality::Discouraged, BAD_LINE_PENALTY),
            ],
            bad_layouts_from: None,
            good: 0..=0,
        }
    }

    /// Reads the words that are split next.
    pub(super) fn read(&mut self, words: &[Word]) {
        line_ends(words, self.size.width, &mut self.line_ends);
        self.find_marks(words);
    }

    /// Iterates over the [`line_ends`] of the words in `part` of those that were read.
    pub(super) fn line_ends(&self, part: Range<usize>) -> impl Iterator<Item = usize> {
        let ends = self.line_ends[part.clone()].iter();
        ends.map(move |end| part.end.min(*end) - part.start)
    }

    /// Writes the range of words of each cue to `parts`. The words have been read.
    ///
    /// Text that fits into one cue is split to fill a long time only where that leaves no hole: else
    /// it stays whole, or is split where sentences and clauses end.
    pub(super) fn split(
        &mut self,
        words: &[Word],
        range: &ColumnRange,
        parts: &mut Vec<Range<usize>>,
    ) {
        self.find_cheapest(words, range, false, parts);
        let fits_one = || self.cue_end(0) == words.len();
        let leaves_hole = |part: &Range<usize>| columns(&words[part.clone()]) > range.max;
        if parts.len() > 1 && parts.iter().any(leaves_hole) && fits_one() {
            self.find_cheapest(words, range, true, parts);
        }
    }

    fn find_marks(&mut self, words: &[Word]) {
        self.firsts.clear();
        self.firsts.extend(lone_numbers(words, &self.line_ends));
        self.marks.clear();
        self.sentences.clear();
        self.ended.clear();
        self.fragments.clear();
        self.is_turn.clear();
        let (mut sentence, mut ended, mut clause) = (0, 0, 0);
        for (place, word) in words.iter().enumerate() {
            self.sentences.push(sentence);
            self.ended.push(ended);
            self.is_turn.push(word.break_after == BreakQuality::Turn);
            let fragment = place + 1 - clause;
            self.fragments.push(
                if word.break_after.ends_sentence() || fragment > MAX_FRAGMENT {
                    0
                } else {
                    FRAGMENT_PENALTY / fragment as u64
                },
            );
            if word.break_after.is_marked() {
                self.marks.push(place);
                clause = place + 1;
            }
            if word.break_after.ends_sentence() {
                sentence = place + 1;
                // Two speakers share a cue.
                ended += u64::from(word.break_after == BreakQuality::Sentence);
            }
        }
    }

    /// Returns the index of the first word that cannot be in a cue that starts with the one at `from`.
    fn cue_end(&self, from: usize) -> usize {
        let (mut end, mut most) = (from, from + MAX_WORDS);
        if !self.firsts.is_empty() {
            let next_first = self.firsts.partition_point(|first| *first <= from);
            let next_first = self.firsts.get(next_first).copied();
            most = most.min(next_first.unwrap_or(most));
        }
        let mut turns = 0;
        for _ in 0..self.size.lines {
            match self.line_ends.get(end) {
                Some(next) if *next < most => end = *next,
                Some(_) => return most,
                None => break,
            }
            turns += usize::from(self.is_turn[end - 1]);
            if turns == MAX_SPEAKERS {
                break;
            }
        }
        end
    }

    /// Finds the cheapest split of `words`, optionally at the ends of sentences and clauses only.
    fn find_cheapest(
        &mut self,
        words: &[Word],
        range: &ColumnRange,
        only_at_marks: bool,
        parts: &mut Vec<Range<usize>>,
    ) {
        self.best.clear();
        self.best.resize(words.len() + 1, (u64::MAX, 0));
        self.best[0] = (0, 0);
        let full = self.size.width * self.size.lines.min(2);
        let good = range.max.min(full);
        self.good = good * GOOD_FIFTHS / 5..=good;
        self.bad_layouts_from = None;
        let mut next_mark = 0;
        for from in 0..words.len() {
            if self.best[from].0 == u64::MAX {
                continue;
            }
            let end = self.cue_end(from);
            // Where a sentence or a clause ends after a good length, no other end is tried.
            let mut is_good = only_at_marks;
            while self.marks.get(next_mark).is_some_and(|mark| *mark < from) {
                next_mark += 1;
            }
            let mut place = next_mark;
            while let Some(mark) = self.marks.get(place).copied().filter(|mark| *mark < end) {
                is_good |= self.end_after(words, range, from..end, mark);
                place += 1;
            }
            if !is_good {
                // Nor a bad end where there is another.
                let mut is_last_resort = true;
                let cue = self.best[from].0;
                for (to, word) in (from..end).zip(&words[from..end]).rev() {
                    let cost = word.break_after.cost();
                    let is_bad = cost >= BreakQuality::Discouraged.cost();
                    if is_last_resort || !is_bad {
                        if cue + cost < self.best[to + 1].0 {
                            self.end_after(words, range, from..end, to);
                        }
                        is_last_resort &= is_bad;
                    }
                    if words[from].columns_to(word) < *self.good.start() {
                        break;
                    }
                }
            }
        }
        parts.clear();
        let mut end = words.len();
        while end > 0 {
            let from = self.best[end].1;
            parts.push(from..end);
            end = from;
        }
        parts.reverse();
    }

    /// Evaluates the cost of ending the cue, which may have the words in `cue`, after the one at `last`.
    /// Returns `true` if that is a good end.
    fn end_after(
        &mut self,
        words: &[Word],
        range: &ColumnRange,
        cue: Range<usize>,
        last: usize,
    ) -> bool {
        let from = cue.start;
        let columns = words[from].columns_to(&words[last]);
        let (mut cost, best) = (self.best[from].0, self.best[last + 1].0);
        let has_good_length = self.good.contains(&columns);
        // What takes longest to find out comes last, if it still matters.
        cost += SECOND_SENTENCE_PENALTY * (self.ended[last] - self.ended[from])
            + words[last].break_after.cost()
            + self.fragments[last]
            + self.length_cost(columns);
        if cost >= best && !has_good_length {
            return false;
        }
        cost += range.reading_cost(columns);
        if cost >= best && !has_good_length {
            return false;
        }
        let layout = self.layout_cost(words, cue, last);
        if cost + layout < best {
            self.best[last + 1] = (cost + layout, from);
        }
        layout == 0 && has_good_length
    }

    /// Returns the penalty of a cue of so many columns for its distance from the best length, and for its
    /// second line.
    fn length_cost(&self, columns: usize) -> u64 {
        let lines = if columns > self.size.width {
            TWO_LINES_PENALTY
        } else {
            0
        };
        let (columns, best) = (columns as u64, self.best_length as u64);
        let off = if columns < best {
            LITTLE_TEXT_PENALTY * (best - columns) / best
        } else {
            FULL_PENALTY * (columns - best) * BEST_EIGHTHS as u64
                / ((8 - BEST_EIGHTHS as u64) * best)
        };
        lines + off
    }

    /// Returns the penalty if the cue with the words in `cue`, up to the one at `last`, ends in an
    /// unfinished sentence or cannot be laid out well.
    fn layout_cost(&mut self, words: &[Word], cue: Range<usize>, last: usize) -> u64 {
        let from = cue.start;
        if self.bad_layouts_from != Some(from) {
            self.bad_layouts_from = Some(from);
            for layouts in &mut self.bad_layouts {
                layouts.find(words, &self.line_ends, cue.clone());
            }
        }
        let layout = self
            .bad_layouts
            .iter()
            .map(|layouts| layouts.cost(last + 1))
            .max();
        let is_unfinished = self.sentences[last] > from && !words[last].break_after.ends_sentence();
        layout.unwrap_or(0)
            + if is_unfinished {
                UNFINISHED_SENTENCE_PENALTY
            } else {
                0
            }
    }
}

/// Iterates over the words that are a number and do not fit on a line with the word before them: on a
/// line of their own, after the first of a cue, some parsers would take them for the number of a cue.
pub(super) fn lone_numbers(words: &[Word], line_ends: &[usize]) -> impl Iterator<Item = usize> {
    let is_lone = |place: &usize| words[*place].is_number && line_ends[*place - 1] == *place;
    (1..words.len()).filter(is_lone)
}

impl ColumnRange {
    /// Returns the range where time is short.
    pub(super) fn strict(self) -> Self {
        Self {
            is_strict: true,
            ..self
        }
    }

    /// Returns the penalty of showing so many columns for their share of the time.
    fn reading_cost(&self, columns: usize) -> u64 {
        let brief = BRIEF_PENALTY * self.ample.saturating_sub(columns) as u64 / self.ample as u64;
        brief + self.limits_cost(columns)
    }

    /// Returns the penalty if so many columns are shown for too short or too long.
    fn limits_cost(&self, columns: usize) -> u64 {
        if columns < self.min {
            let penalty = if self.is_strict {
                STRICT_TOO_SHORT_PENALTY
            } else {
                TOO_SHORT_PENALTY
            };
            penalty + penalty * (self.min - columns) as u64 / self.min as u64
        } else if columns > self.max {
            // A long hole is worse than two of half its length.
            let off = (columns - self.max).min(2 * self.max);
            let far = off.saturating_sub(self.max / 2);
            TOO_LONG_PENALTY * (off + far) as u64 / self.max as u64
        } else {
            0
        }
    }
}

/// Writes to `ends`, for each of `words`, the index of the first word that does not fit on a line that
/// starts with it: for its width, as a second timestamp, or as another turn of dialogue. A word that is
/// too long by itself is a line.
pub(super) fn line_ends(words: &[Word], width: usize, ends: &mut Vec<usize>) {
    ends.clear();
    ends.reserve(words.len());
    let (mut end, mut stamps, mut before) = (0, 0, BreakQuality::Word);
    for (from, first) in words.iter().enumerate() {
        for word in &words[end..] {
            let stamp = usize::from(word.is_timestamp);
            let is_over = || first.columns_to(word) > width || stamps + stamp > 1;
            if end > from && (before == BreakQuality::Turn || is_over()) {
                break;
            }
            (stamps, before) = (stamps + stamp, word.break_after);
            end += 1;
        }
        ends.push(end);
        stamps -= usize::from(first.is_timestamp);
    }
}
