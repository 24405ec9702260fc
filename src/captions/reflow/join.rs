//! Pairs each segment with its time slot. Segments too short to be read are joined with a neighbour,
//! but only over a short pause and where the result keeps to every limit.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::iter::Peekable;

use super::super::cue::Cue;
use super::balance::Balancer;
use super::breaks;
use super::dialogue::opens_turn;
use super::language::Language;
use super::limits::CueSize;
use super::speech::counted;
use super::timing::{MIN_PAUSE, TimeSlot, TimingLimits};
use super::words::{self, Word};

/// Maximum number of segments joined into one cue; bounds how often a segment is read.
const MAX_JOINED_SEGMENTS: usize = 64;

/// The text of one segment, or of several joined, and its time slot.
#[derive(Debug)]
pub(super) struct TimedText<'a> {
    pub text: Cow<'a, str>,
    pub slot: TimeSlot,
    /// The number of segments; several fit into one cue together.
    pub segments: usize,
}

/// An iterator adapter that gives each cue the time slot between its neighbours.
#[derive(Debug)]
struct WithNeighbours<'a, I: Iterator<Item = Cue<'a>>> {
    cues: Peekable<I>,
    latest_end: i64,
}

impl<'a, I: Iterator<Item = Cue<'a>>> Iterator for WithNeighbours<'a, I> {
    type Item = TimedText<'a>;

    fn next(&mut self) -> Option<TimedText<'a>> {
        let cue = self.cues.next()?;
        let (start, end) = (cue.start.get(), cue.end.get());
        let next = self.cues.peek().map(|next| next.start.get());
        let is_overlapping = start < self.latest_end || next.is_some_and(|next| next < end);
        self.latest_end = self.latest_end.max(end);
        Some(TimedText {
            text: cue.text,
            slot: TimeSlot {
                start,
                end,
                next,
                is_overlapping,
            },
            segments: 1,
        })
    }
}

/// An iterator over segments, joined where one is too short.
#[derive(Debug)]
pub(super) struct Segments<'a, I: Iterator<Item = Cue<'a>>> {
    with_neighbours: Peekable<WithNeighbours<'a, I>>,
    size: CueSize,
    timing: TimingLimits,
    /// Segments that were joined in vain, to be returned one by one.
    unjoined: VecDeque<TimedText<'a>>,
    words: Vec<Word>,
    balancer: Balancer,
    /// The language of all segments; `None` if each is to be looked at.
    pub language: Option<Language>,
    counts_spaces: bool,
}

impl<'a, I: Iterator<Item = Cue<'a>>> Segments<'a, I> {
    pub(super) fn new(cues: I, size: CueSize, timing: TimingLimits, counts_spaces: bool) -> Self {
        let with_neighbours = WithNeighbours {
            cues: cues.peekable(),
            latest_end: 0,
        };
        Self {
            with_neighbours: with_neighbours.peekable(),
            size,
            timing,
            unjoined: VecDeque::new(),
            words: Vec::new(),
            balancer: Balancer::new(size),
            language: None,
            counts_spaces,
        }
    }

    /// Joins `first` and the segment after it, if one of them is too short and the result keeps to the
    /// limits.
    fn joined(&mut self, first: &TimedText<'a>) -> Option<TimedText<'a>> {
        let second = self.with_neighbours.peek()?;
        let slot = TimeSlot {
            start: first.slot.start,
            ..second.slot
        };
        let is_needed =
            self.timing.is_too_short(&first.slot) || self.timing.is_too_short(&second.slot);
        if !is_needed
            || first.segments == MAX_JOINED_SEGMENTS
            || first.slot.is_overlapping
            || second.slot.is_overlapping
            || second.slot.start - first.slot.end >= MIN_PAUSE
            || slot.span() > self.timing.max_duration
            || [first, second].iter().any(|one| opens_turn(&one.text))
        {
            return None;
        }
        let gap = words::gap_between(&first.text, &second.text);
        let text = [&first.text, gap, &second.text].concat();
        self.words.clear();
        let language = Language::of_text(self.language, &text);
        words::read_words(&text, self.size.width, language.phrases(), &mut self.words);
        breaks::classify_breaks(language.0, &text, &mut self.words);
        // A line break between characters without spaces is one more character.
        let lines = self.balancer.lines_needed(&self.words);
        let fits = lines <= self.size.lines
            && self
                .words
                .iter()
                .all(|word| word.columns() <= self.size.width)
            && !self.balancer.has_lone_number(&self.words)
            && self
                .timing
                .is_readable(&slot, counted(&text, self.counts_spaces) + lines - 1);
        fits.then_some(TimedText {
            text: Cow::Owned(text),
            slot,
            segments: first.segments + 1,
        })
    }
}

impl<'a, I: Iterator<Item = Cue<'a>>> Iterator for Segments<'a, I> {
    type Item = TimedText<'a>;

    fn next(&mut self) -> Option<TimedText<'a>> {
        if let Some(segment) = self.unjoined.pop_front() {
            return Some(segment);
        }
        let mut segment = self.with_neighbours.next()?;
        while let Some(joined) = self.joined(&segment) {
            let first = std::mem::replace(&mut segment, joined);
            if self.unjoined.is_empty() {
                self.unjoined.push_back(first);
            }
            self.unjoined.extend(self.with_neighbours.next());
        }
        if self.timing.is_too_short(&segment.slot)
            && let Some(first) = self.unjoined.pop_front()
        {
            return Some(first);
        }
        self.unjoined.clear();
        Some(segment)
    }
}
