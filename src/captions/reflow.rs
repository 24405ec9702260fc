//! Turns long segments into readable cues, from segment times alone: split where sentences, clauses
//! and words end, laid out in balanced lines, and timed. No word is lost, repeated or moved, and no
//! cue reaches into another segment, unless the segments overlap.

mod bad_layouts;
mod balance;
mod boundaries;
mod break_quality;
mod breaks;
mod columns;
mod dialogue;
mod graphemes;
mod join;
mod language;
mod lexicon;
mod limits;
mod marks;
mod no_break_pairs;
mod options;
mod phrases;
mod sentences;
mod speech;
mod speech_rate;
mod split;
mod table;
#[cfg(test)]
mod tests;
mod timing;
mod unspaced;
mod word_class;
mod word_key;
mod word_pair;
mod words;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

use self::balance::Balancer;
pub(super) use self::dialogue::opens_turn;
pub use self::language::Language;
pub use self::limits::{OverLimits, ReflowLimits};
pub use self::options::{Preset, ReflowOptions};
pub(super) use self::words::gap_between;

use self::join::{Segments, TimedText};
use self::limits::CueSize;
use self::speech::{CueText, counted};
use self::speech_rate::SpeechRate;
use self::split::Splitter;
use self::timing::{CueTiming, TimeSlot, TimingLimits};
use self::words::Word;
use super::cue::Cue;
use crate::transcript::Millis;

/// An iterator adapter that turns cues, each the text of one segment and by start, into cues that keep
/// to [`ReflowLimits`] where possible; by start too.
///
/// A segment's time is shared by what takes time to say, so that its cues start with what they say; one that
/// is slower than usual has longer pauses. Where that is too fast to read, the last of them takes free time
/// after the segment; all do where only gaps and `min_duration` leave too little, or its end is estimated,
/// but none starts after the segment then, unless one would be shorter than `min_duration`. Pauses shorter
/// than half a second shrink to `min_gap`. Segments too short for `min_duration` are joined with a neighbour
/// where the result keeps to the limits. Segments that overlap keep their times.
/// A segment with less than a millisecond for each of its cues is one cue, of however many lines.
#[derive(Debug)]
pub struct Reflow<'a, I: Iterator<Item = Cue<'a>>> {
    segments: Segments<'a, I>,
    size: CueSize,
    timing: TimingLimits,
    /// Finished cues; those of overlapping segments may have to wait for others.
    pending: BinaryHeap<PendingCue<'a>>,
    /// No cue that is not finished yet starts before this.
    horizon: Millis,
    count: usize,
    over_limits: OverLimits,
    words: Vec<Word>,
    /// The range of words of each cue.
    parts: Vec<Range<usize>>,
    /// The text of each cue, and `true` if it keeps to the lines.
    texts: Vec<(Cow<'a, str>, bool)>,
    /// The text of each cue as its times depend on it.
    measured: Vec<CueText>,
    rate: SpeechRate,
    counts_spaces: bool,
    times: Vec<CueTiming>,
    splitter: Splitter,
    balancer: Balancer,
}

impl<'a, I: Iterator<Item = Cue<'a>>> Reflow<'a, I> {
    /// Creates an iterator that reflows `cues`.
    pub fn new(cues: I, limits: &ReflowLimits) -> Self {
        let (size, timing) = (CueSize::of(limits), TimingLimits::of(limits));
        Self {
            segments: Segments::new(cues, size, timing, limits.counts_spaces),
            size,
            timing,
            pending: BinaryHeap::new(),
            horizon: Millis::ZERO,
            count: 0,
            over_limits: OverLimits::default(),
            words: Vec::new(),
            parts: Vec::new(),
            texts: Vec::new(),
            measured: Vec::new(),
            rate: SpeechRate::default(),
            counts_spaces: limits.counts_spaces,
            times: Vec::new(),
            splitter: Splitter::new(size),
            balancer: Balancer::new(size),
        }
    }

    /// Sets the language of all segments in its script, which is otherwise that of each segment.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        self.segments.language = Some(language);
        self
    }

    /// Returns the number of cues so far that exceed the limits, because their segments have too much
    /// text for their time, or a word too long for a line.
    #[must_use]
    pub fn over_limits(&self) -> OverLimits {
        self.over_limits
    }

    fn reflow(
        &mut self,
        TimedText {
            mut text,
            slot,
            segments,
        }: TimedText<'a>,
    ) {
        self.times.clear();
        if slot.span() <= self.timing.max_duration
            && balance::fits_as_is(|| self.language(&text).0, &text, self.size)
        {
            let joined = text.contains('\n').then(|| balance::joined_lines(&text));
            if joined.as_ref().is_none_or(|one| {
                self.read(&one.0);
                self.balancer
                    .prefers_original_breaks(&text, one, &self.words)
            }) {
                let measured = CueText::whole(counted(&text, self.counts_spaces));
                self.timing
                    .assign_times(&slot, &[measured], &mut self.times);
                return self.push(self.times[0], text, true);
            }
            text = joined.map_or(text, |(joined, _)| Cow::Owned(joined));
        }

        self.read(&text);
        let full = self.size.width * self.size.lines;
        let columns = words::columns(&self.words);
        let range = self.timing.column_range(&slot, columns, full);
        let is_joined = segments > 1;
        self.splitter.read(&self.words);
        if !is_joined {
            self.splitter.split(&self.words, &range, &mut self.parts);
            if self.parts.len() > 1 && !self.has_time_for_parts(&text, &slot) {
                let range = range.strict();
                self.splitter.split(&self.words, &range, &mut self.parts);
            }
        }
        if is_joined || !self.timing.has_time(&slot, self.parts.len()) {
            self.parts.clear();
            self.parts.push(0..self.words.len());
        }

        self.texts.clear();
        self.measured.clear();
        for (place, part) in (1..).zip(&self.parts) {
            let words = &self.words[part.clone()];
            let ends = self.splitter.line_ends(part.clone());
            let (shown, fits) = self.balancer.lines(&text, words, ends);
            let characters = counted(&shown, self.counts_spaces);
            self.measured.push(if self.parts.len() == 1 {
                CueText::whole(characters)
            } else {
                CueText::of(&text, words, characters, place == self.parts.len())
            });
            self.texts.push((shown, fits));
        }
        if self.parts.len() > 1 && self.timing.ends_with_speech(&slot, self.parts.len()) {
            self.rate.record(slot.span(), &self.measured);
            self.rate.apply(slot.span(), &mut self.measured);
        }
        self.timing
            .assign_times(&slot, &self.measured, &mut self.times);
        let mut texts = std::mem::take(&mut self.texts);
        for (place, (text, fits)) in texts.drain(..).enumerate() {
            self.push(self.times[place], text, fits);
        }
        self.texts = texts;
    }

    /// Returns `true` if there is time for the parts of `text` as cues: see [`TimingLimits::has_time_for`].
    fn has_time_for_parts(&self, text: &str, slot: &TimeSlot) -> bool {
        let parts = self.parts.iter().filter_map(|part| {
            let (first, last) = (self.words.get(part.start)?, self.words.get(part.end - 1)?);
            Some(counted(&text[first.start..last.end], self.counts_spaces))
        });
        self.timing.has_time_for(slot, parts)
    }

    fn read(&mut self, text: &str) {
        self.words.clear();
        let language = self.language(text);
        words::read_words(text, self.size.width, language.phrases(), &mut self.words);
        breaks::classify_breaks(language.0, text, &mut self.words);
    }

    fn language(&self, text: &str) -> Language {
        Language::of_text(self.segments.language, text)
    }

    fn push(&mut self, times: CueTiming, text: Cow<'a, str>, fits: bool) {
        let broken = [!fits, times.is_too_fast, times.is_too_short];
        self.over_limits.cues += usize::from(broken.contains(&true));
        self.over_limits.size += usize::from(!fits);
        self.over_limits.speed += usize::from(times.is_too_fast);
        self.over_limits.time += usize::from(times.is_too_short);
        self.over_limits.overrun = self.over_limits.overrun.max(times.overrun);
        let CueTiming { start, end, .. } = times;
        let [start, end] = [start, end].map(Millis::new);
        self.pending.push(PendingCue {
            cue: Cue { start, end, text },
            number: self.count,
        });
        self.count += 1;
    }
}

impl<'a, I: Iterator<Item = Cue<'a>>> Iterator for Reflow<'a, I> {
    type Item = Cue<'a>;

    fn next(&mut self) -> Option<Cue<'a>> {
        while self
            .pending
            .peek()
            .is_none_or(|first| first.cue.start > self.horizon)
        {
            let Some(segment) = self.segments.next() else {
                break;
            };
            self.horizon = Millis::new(segment.slot.next.unwrap_or(i64::MAX));
            self.reflow(segment);
        }
        self.pending.pop().map(|first| first.cue)
    }
}

/// A finished cue and the number of cues before it: those that start together stay in order.
#[derive(Debug)]
struct PendingCue<'a> {
    cue: Cue<'a>,
    number: usize,
}

impl Ord for PendingCue<'_> {
    /// Orders the cue to be shown first as the greatest, which a heap has on top.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.cue.start, other.number).cmp(&(self.cue.start, self.number))
    }
}

impl PartialOrd for PendingCue<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for PendingCue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for PendingCue<'_> {}
