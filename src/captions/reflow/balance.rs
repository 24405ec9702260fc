//! Lays out the lines of one cue: as few as possible, of about the same length, broken where it reads
//! best. The first line has more than one word where possible.

use std::borrow::Cow;

use memchr::memchr;

use super::super::text::{is_number, may_hold_two_timestamps, timestamps};
use super::columns::width;
use super::dialogue::{contains_turn, may_hold_turn, starts_with_dash};
use super::lexicon::Lexicon;
use super::limits::CueSize;
use super::split::{line_ends, lone_numbers};
use super::words::{Word, columns, gap_between};

/// Penalty of uneven lines: a line half as long again as the others costs a quarter of it. Found with the costs
/// of breaks, by the lines of cues that people broke in two.
const UNEVEN_PENALTY: u64 = 240;
/// Penalty of a line longer than those below it: a pyramid is preferred (Netflix, Line Treatment).
const TOP_HEAVY_PENALTY: u64 = 3;
/// Penalty of a last line of one word.
const WIDOW_PENALTY: u64 = 24;
/// Penalty of a first line of one word, and of a line that is only a number, which some parsers take for
/// the number of a cue: chosen only if there is no other way.
const FORBIDDEN_PENALTY: u64 = 10_000;

/// Returns `true` if `text` fits into a cue with the lines that it has, and all parsers take them for text.
pub(super) fn fits_as_is(
    lexicon: impl Fn() -> &'static Lexicon,
    text: &str,
    size: CueSize,
) -> bool {
    let has_timestamps = may_hold_two_timestamps(text);
    let mut rest = Some(text);
    let mut lines = 0;
    while let Some(text) = rest {
        // As `split` does, which takes longer to find that there is one line.
        let (line, after) = match memchr(b'\n', text.as_bytes()) {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        rest = after;
        lines += 1;
        let columns = width(line);
        let is_misread = lines > 1 && is_number(line) || has_timestamps && timestamps(line) > 1;
        if columns > size.width
            || lines > size.lines
            || is_misread
            || may_hold_turn(line) && contains_turn(lexicon(), line)
        {
            return false;
        }
    }
    true
}

/// Joins the lines of `text`, except for those that a dash opens. Returns the text and the offsets in it
/// where the lines ended.
pub(super) fn joined_lines(text: &str) -> (String, Vec<usize>) {
    let (mut joined, mut ends) = (String::with_capacity(text.len()), Vec::new());
    for line in text.split('\n') {
        if !joined.is_empty() {
            ends.push(joined.len());
            let gap = if starts_with_dash(line) {
                "\n"
            } else {
                gap_between(&joined, line)
            };
            joined.push_str(gap);
        }
        joined.push_str(line);
    }
    (joined, ends)
}

fn is_broken(text: &str) -> bool {
    memchr(b'\n', text.as_bytes()).is_some()
}

/// Lays out cues. Its buffers are reused for every cue.
#[derive(Debug)]
pub(super) struct Balancer {
    size: CueSize,
    line_ends: Vec<usize>,
    /// For each word of a cue, the number of lines from there on; 0 at the end.
    needed: Vec<usize>,
}

impl Balancer {
    pub(super) fn new(size: CueSize) -> Self {
        Self {
            size,
            line_ends: Vec::new(),
            needed: Vec::new(),
        }
    }

    /// Returns the number of lines that `words` need.
    pub(super) fn lines_needed(&mut self, words: &[Word]) -> usize {
        line_ends(words, self.size.width, &mut self.line_ends);
        self.count_lines()
    }

    /// Counts the lines that are needed from each word on, and returns the number of all.
    fn count_lines(&mut self) -> usize {
        self.needed.clear();
        self.needed.resize(self.line_ends.len() + 1, 0);
        for (from, end) in self.line_ends.iter().enumerate().rev() {
            self.needed[from] = 1 + self.needed[*end];
        }
        self.needed[0]
    }

    /// Returns `true` if `words` cannot be a cue without a line that is only a number.
    pub(super) fn has_lone_number(&self, words: &[Word]) -> bool {
        lone_numbers(words, &self.line_ends).next().is_some()
    }

    /// Returns `words` of `text`, which have these [`line_ends`], in lines, and `true` if they keep to the size
    /// and all parsers take them for text.
    pub(super) fn lines<'a>(
        &mut self,
        text: &Cow<'a, str>,
        words: &[Word],
        ends: impl Iterator<Item = usize>,
    ) -> (Cow<'a, str>, bool) {
        self.line_ends.clear();
        self.line_ends.extend(ends);
        self.count_lines();
        self.lay_out(text, words)
    }

    fn lay_out<'a>(&self, text: &Cow<'a, str>, words: &[Word]) -> (Cow<'a, str>, bool) {
        let lines = self.needed[0];
        let mut fits =
            lines <= self.size.lines && words.iter().all(|word| word.columns() <= self.size.width);
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return (Cow::Borrowed(""), fits);
        };
        let whole = &text[first.start..last.end];
        if lines == 1 && !is_broken(whole) {
            let line = match text {
                Cow::Borrowed(text) => Cow::Borrowed(&text[first.start..last.end]),
                Cow::Owned(_) => Cow::Owned(whole.to_owned()),
            };
            return (line, fits);
        }
        let mut shown = String::with_capacity(whole.len() + 1);
        let mut from = 0;
        while from < words.len() {
            let to = from + self.next_line(&words[from..], from);
            if from > 0 {
                shown.push('\n');
            }
            let start = shown.len();
            shown.push_str(&text[words[from].start..words[to - 1].end]);
            if is_broken(&shown[start..]) {
                let line = shown.split_off(start);
                for part in line.split('\n') {
                    if shown.len() > start {
                        let gap = gap_between(&shown[start..], part);
                        shown.push_str(gap);
                    }
                    shown.push_str(part);
                }
            }
            fits &= from == 0 || !is_number(&shown[start..]);
            from = to;
        }
        (Cow::Owned(shown), fits)
    }

    /// Returns `true` if the lines of `own`, which has all of `words`, are those that would be laid out,
    /// or are more of them but each ends a sentence. `ends` are their ends in the joined `text`.
    pub(super) fn prefers_original_breaks(
        &mut self,
        own: &str,
        (text, ends): &(String, Vec<usize>),
        words: &[Word],
    ) -> bool {
        let is_sentence = |end: &usize| {
            let word = words.binary_search_by_key(end, |word| word.end);
            word.is_ok_and(|place| words[place].break_after.ends_sentence())
        };
        (self.lines_needed(words) < ends.len() + 1 && ends.iter().all(is_sentence))
            || self.lay_out(&Cow::Borrowed(text), words).0 == own
    }

    /// Returns the best number of `words` on the next line, if the rest is on as few lines as it needs;
    /// `before` words precede them.
    fn next_line(&self, words: &[Word], before: usize) -> usize {
        let needed = &self.needed[before..];
        let lines = needed[0];
        if lines == 1 {
            return words.len();
        }
        let even = (columns(words) / lines).max(1);
        let cost = |count: &usize| {
            let line = &words[..*count];
            let off = columns(line).abs_diff(even).min(even) as u64;
            let mut cost = UNEVEN_PENALTY * off * off / (even * even) as u64
                + line[count - 1].break_after.line_cost();
            if columns(line) > columns(&words[*count..]) / (lines - 1) {
                cost += TOP_HEAVY_PENALTY;
            }
            if let [word] = line
                && (before == 0 || word.is_number)
            {
                cost += FORBIDDEN_PENALTY;
            }
            if let [word] = &words[*count..] {
                // Worse than a first line of one word.
                cost += if word.is_number {
                    2 * FORBIDDEN_PENALTY
                } else {
                    WIDOW_PENALTY
                };
            }
            (cost, off)
        };
        (1..=self.line_ends[before] - before)
            .filter(|count| needed[*count] < lines)
            .min_by_key(cost)
            .unwrap_or(1)
    }
}
