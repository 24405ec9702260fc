//! Which words share a cue: the cheapest way to cut a segment's text, where it costs to end a cue
//! in the middle of something, to have a cue of little text, or one that is too short or too long
//! to be shown. Takes time in proportion to the number of words.

use std::ops::{Range, RangeInclusive};

use super::Size;
use super::breaks::Break;
use super::words::{Word, columns};

/// How many columns a cue of this segment needs to be shown long enough, and may have not to be
/// shown too long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub least: usize,
    pub most: usize,
}

/// More words than any cue has that fits on a screen: bounds the search where limits do not.
const MOST_WORDS: usize = 256;

/// Every cue costs this, so that fewer are better.
const CUE: u64 = 10;
/// A cue that ends in a sentence which starts in its middle costs this.
const BEGUN: u64 = 14;
/// A cue with next to no text costs this.
const LITTLE: u64 = 30;
/// A cue that is shown for too short or too long costs this, and more the further it is off.
const SHORT: u64 = 20;
const LONG: u64 = 45;

/// The search, with what it uses again for every segment.
#[derive(Debug)]
pub(super) struct Splitter {
    size: Size,
    /// What it costs to have so many columns in a cue, where they are not enough.
    little: Vec<u64>,
    /// For each number of words from the start: what it costs to cut them best, and how many of
    /// them are before the last cue.
    best: Vec<(u64, usize)>,
    line_ends: Vec<usize>,
    /// The words with which a sentence or a clause ends.
    marks: Vec<usize>,
    /// The words that must be the first of a cue.
    firsts: Vec<usize>,
    /// For each word, the first of its sentence.
    sentences: Vec<usize>,
    /// The cues that cannot be laid out well, of those that start with the word at `torn_from`.
    torn: [Torn; 2],
    torn_from: Option<usize>,
    /// How many columns are good for a cue.
    good: RangeInclusive<usize>,
}

impl Splitter {
    pub(super) fn new(size: Size) -> Self {
        // More than half of a cue is enough.
        let enough = (size.width * size.lines.min(2)).div_ceil(2) as u64;
        let little = |columns| LITTLE * (enough - columns) * (enough - columns) / (enough * enough);
        Self {
            size,
            little: (0..enough).map(little).collect(),
            best: Vec::new(),
            line_ends: Vec::new(),
            marks: Vec::new(),
            firsts: Vec::new(),
            sentences: Vec::new(),
            torn: [Break::Bound, Break::Tight].map(Torn::of),
            torn_from: None,
            good: 0..=0,
        }
    }

    /// Writes to `parts` which of `words` are in each cue.
    ///
    /// What fits into one cue is cut to fill a long time only where that leaves no hole: else it is
    /// whole, or cut where sentences and clauses end.
    pub(super) fn cues(
        &mut self,
        words: &[Word],
        reading: &Reading,
        parts: &mut Vec<Range<usize>>,
    ) {
        line_ends(words, self.size.width, &mut self.line_ends);
        self.look_for_marks(words);
        self.cut(words, reading, false, parts);
        let fits_one = || self.cue_end(0) == words.len();
        let leaves_hole = |part: &Range<usize>| columns(&words[part.clone()]) > reading.most;
        if parts.len() > 1 && parts.iter().any(leaves_hole) && fits_one() {
            self.cut(words, reading, true, parts);
        }
    }

    fn look_for_marks(&mut self, words: &[Word]) {
        self.firsts.clear();
        self.firsts.extend(lone_numbers(words, &self.line_ends));
        self.marks.clear();
        self.sentences.clear();
        let mut sentence = 0;
        for (place, word) in words.iter().enumerate() {
            self.sentences.push(sentence);
            if word.after.is_marked() {
                self.marks.push(place);
            }
            if word.after.ends_sentence() {
                sentence = place + 1;
            }
        }
    }

    /// The first word that cannot be in a cue that starts with the one at `from`.
    fn cue_end(&self, from: usize) -> usize {
        let (mut end, mut most) = (from, from + MOST_WORDS);
        if !self.firsts.is_empty() {
            let next_first = self.firsts.partition_point(|first| *first <= from);
            let next_first = self.firsts.get(next_first).copied();
            most = most.min(next_first.unwrap_or(most));
        }
        for _ in 0..self.size.lines {
            match self.line_ends.get(end) {
                Some(next) if *next < most => end = *next,
                Some(_) => return most,
                None => break,
            }
        }
        end
    }

    /// The cheapest way to cut `words`, maybe at marks only.
    fn cut(
        &mut self,
        words: &[Word],
        reading: &Reading,
        only_at_marks: bool,
        parts: &mut Vec<Range<usize>>,
    ) {
        self.best.clear();
        self.best.resize(words.len() + 1, (u64::MAX, 0));
        self.best[0] = (0, 0);
        let good = reading.most.min(2 * self.little.len());
        self.good = good / 2..=good;
        self.torn_from = None;
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
                is_good |= self.end_after(words, reading, from..end, mark);
                place += 1;
            }
            if !is_good {
                // Nor a bad end where there is another.
                let mut is_last_resort = true;
                let cue = self.best[from].0 + CUE;
                for (to, word) in (from..end).zip(&words[from..end]).rev() {
                    let cost = word.after.cost();
                    let is_bad = cost >= Break::Tight.cost();
                    if is_last_resort || !is_bad {
                        if cue + cost < self.best[to + 1].0 {
                            self.end_after(words, reading, from..end, to);
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

    /// Sees what it costs to end the cue that may have the words in `cue` after the one at `last`,
    /// and says whether that is a good end.
    fn end_after(
        &mut self,
        words: &[Word],
        reading: &Reading,
        cue: Range<usize>,
        last: usize,
    ) -> bool {
        let from = cue.start;
        let columns = words[from].columns_to(&words[last]);
        let little = self.little.get(columns).copied().unwrap_or(0);
        let (mut cost, best) = (self.best[from].0, self.best[last + 1].0);
        let has_good_length = self.good.contains(&columns);
        // What takes longest to find out comes last, if it still matters.
        cost += CUE + words[last].after.cost() + little;
        if cost >= best && !has_good_length {
            return false;
        }
        cost += reading.strain(columns);
        if cost >= best && !has_good_length {
            return false;
        }
        let rough = self.roughness(words, cue, last);
        if cost + rough < best {
            self.best[last + 1] = (cost + rough, from);
        }
        rough == 0 && has_good_length
    }

    /// What it costs that the cue with the words in `cue`, up to the one at `last`, has a sentence
    /// that only begins, or cannot be laid out well.
    fn roughness(&mut self, words: &[Word], cue: Range<usize>, last: usize) -> u64 {
        let from = cue.start;
        if self.torn_from != Some(from) {
            self.torn_from = Some(from);
            for torn in &mut self.torn {
                torn.find(words, &self.line_ends, cue.clone());
            }
        }
        let torn = self.torn.iter().map(|torn| torn.cost(last + 1)).max();
        let is_begun = self.sentences[last] > from && !words[last].after.ends_sentence();
        torn.unwrap_or(0) + if is_begun { BEGUN } else { 0 }
    }
}

/// Those of `words` that are a number and do not fit on a line with the word before them: on a line
/// of their own, after the first of a cue, some readers would take them for the number of a cue.
pub(super) fn lone_numbers(words: &[Word], line_ends: &[usize]) -> impl Iterator<Item = usize> {
    let is_lone = |place: &usize| words[*place].is_number && line_ends[*place - 1] == *place;
    (1..words.len()).filter(is_lone)
}

/// Which cues that start with the same word cannot be laid out without a break as bad as `worst`
/// between two lines.
#[derive(Debug)]
struct Torn {
    worst: Break,
    /// Where they end.
    ends: Vec<Range<usize>>,
}

impl Torn {
    fn of(worst: Break) -> Self {
        let ends = Vec::new();
        Self { worst, ends }
    }

    /// Looks at the cues that start where `cue` does and end in it.
    fn find(&mut self, words: &[Word], line_ends: &[usize], cue: Range<usize>) {
        self.ends.clear();
        // The furthest that so many lines reach, and that they reach with good breaks.
        let (mut end, mut good_end) = (line_ends[cue.start], line_ends[cue.start]);
        while end < cue.end {
            let good_break = (cue.start + 1..=good_end)
                .rev()
                .find(|place| words[*place - 1].after.cost() < self.worst.cost());
            end = line_ends[end];
            good_end = good_break.map_or(good_end, |place| line_ends[place]);
            if good_end < end {
                self.ends.push(good_end + 1..end + 1);
            }
        }
    }

    /// What it costs if the cue's last word is before the one at `end`.
    fn cost(&self, end: usize) -> u64 {
        let is_torn = self.ends.iter().any(|torn| torn.contains(&end));
        if is_torn { self.worst.cost() } else { 0 }
    }
}

impl Reading {
    /// What it costs to show so many columns for the time that is theirs.
    fn strain(&self, columns: usize) -> u64 {
        if columns < self.least {
            SHORT + SHORT * (self.least - columns) as u64 / self.least as u64
        } else if columns > self.most {
            // A long hole is worse than two of half its length.
            let off = (columns - self.most).min(2 * self.most);
            let far = off.saturating_sub(self.most / 2);
            LONG * (off + far) as u64 / self.most as u64
        } else {
            0
        }
    }
}

/// Writes to `ends`, for each of `words`, the first word that does not fit on a line that starts
/// with it, because of its width, as a second timestamp, or as what another person says. A word that is too long by itself is a
/// line.
pub(super) fn line_ends(words: &[Word], width: usize, ends: &mut Vec<usize>) {
    ends.clear();
    ends.reserve(words.len());
    let (mut end, mut stamps, mut before) = (0, 0, Break::Word);
    for (from, first) in words.iter().enumerate() {
        for word in &words[end..] {
            let stamp = usize::from(word.is_stamp);
            let is_over = || first.columns_to(word) > width || stamps + stamp > 1;
            if end > from && (before == Break::Turn || is_over()) {
                break;
            }
            (stamps, before) = (stamps + stamp, word.after);
            end += 1;
        }
        ends.push(end);
        stamps -= usize::from(first.is_stamp);
    }
}
