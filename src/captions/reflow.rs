//! Long segments into cues that people can read, from segment times alone: split where sentences,
//! clauses and words end, laid out in balanced lines, and timed. No word is lost, repeated or moved,
//! and no cue reaches into another segment, unless the segments did so themselves.

mod balance;
mod breaks;
mod graphemes;
mod join;
mod kinds;
mod pairs;
mod sentences;
mod split;
#[cfg(test)]
mod tests;
mod timing;
mod turns;
mod words;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::time::Duration;

use self::balance::Balancer;
use self::join::{Placed, Segments};
use self::split::Splitter;
use self::timing::{Pace, Timed};
use self::words::Word;
use super::Cue;
use crate::transcript::Millis;

/// What cues must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Columns in a line; a character of double width (UAX #11) counts two. At least 1.
    pub max_line_width: usize,
    /// Lines in a cue. At least 1.
    pub max_lines: usize,
    /// The reading speed in characters (grapheme clusters, white space included) a second. At
    /// least 1.
    pub max_cps: u32,
    /// The shortest time that a cue stays.
    pub min_duration: Duration,
    /// The longest time that a cue stays; not less than `min_duration`.
    pub max_duration: Duration,
    /// The shortest time between the end of a cue and the start of the next.
    pub min_gap: Duration,
}

/// What Netflix asks of English subtitles: 5/6 s at least, 2 frames at 24 frames a second apart.
impl Default for Limits {
    fn default() -> Self {
        Self {
            max_line_width: 42,
            max_lines: 2,
            max_cps: 20,
            min_duration: Duration::from_millis(833),
            max_duration: Duration::from_secs(7),
            min_gap: Duration::from_millis(83),
        }
    }
}

/// How much fits into a cue.
#[derive(Clone, Copy, Debug)]
struct Size {
    width: usize,
    lines: usize,
}

impl Size {
    /// More columns, and more lines, than anyone's cue has: keeps sums of squares within bounds.
    const MOST: usize = 1 << 20;

    fn of(limits: &Limits) -> Self {
        Self {
            width: limits.max_line_width.clamp(1, Self::MOST),
            lines: limits.max_lines.clamp(1, Self::MOST),
        }
    }
}

/// The cues of an iterator, each the text of one segment and by start, as cues that keep to
/// [`Limits`] where they can; by start too.
///
/// A segment's time is shared in proportion to the characters of its text. Where that is too fast to
/// read, its cues take free time after it, but none starts after it has ended, unless its end is made
/// up, or leaves one of them too little time to stay for `min_duration`. Pauses shorter than
/// half a second shrink to the least gap. Segments too short to stay for `min_duration` are joined
/// with a neighbour where the result keeps to the limits. Segments that overlap keep their times.
/// A segment with less than a millisecond for each of its cues is one cue, of however many lines.
#[derive(Debug)]
pub struct Reflow<'a, I: Iterator<Item = Cue<'a>>> {
    segments: Segments<'a, I>,
    size: Size,
    pace: Pace,
    /// Cues that are made; those of overlapping segments may have to wait for others.
    made: BinaryHeap<Made<'a>>,
    /// No cue that is still to be made starts before this.
    horizon: Millis,
    count: usize,
    over_limits: usize,
    words: Vec<Word>,
    /// Which of the words are in each cue.
    parts: Vec<Range<usize>>,
    /// The text of each cue, and whether it keeps to the lines.
    texts: Vec<(Cow<'a, str>, bool)>,
    characters: Vec<usize>,
    times: Vec<Timed>,
    splitter: Splitter,
    balancer: Balancer,
}

impl<'a, I: Iterator<Item = Cue<'a>>> Reflow<'a, I> {
    /// Reflows `cues`.
    pub fn new(cues: I, limits: &Limits) -> Self {
        let (size, pace) = (Size::of(limits), Pace::of(limits));
        Self {
            segments: Segments::new(cues, size, pace),
            size,
            pace,
            made: BinaryHeap::new(),
            horizon: Millis::ZERO,
            count: 0,
            over_limits: 0,
            words: Vec::new(),
            parts: Vec::new(),
            texts: Vec::new(),
            characters: Vec::new(),
            times: Vec::new(),
            splitter: Splitter::new(size),
            balancer: Balancer::new(size),
        }
    }

    /// How many of the cues made so far do not keep to the limits, because their segments have too
    /// much text for their time, or a word too long for a line.
    #[must_use]
    pub fn over_limits(&self) -> usize {
        self.over_limits
    }

    fn reflow(
        &mut self,
        Placed {
            mut text,
            room,
            segments,
        }: Placed<'a>,
    ) {
        self.times.clear();
        if room.span() <= self.pace.most
            && let Some(characters) = balance::laid_out(&text, self.size)
        {
            let unbroken = text.contains('\n').then(|| balance::unbroken(&text));
            if unbroken.as_ref().is_none_or(|one| {
                self.read(&one.0);
                self.balancer.would_choose(&text, one, &self.words)
            }) {
                self.pace.share(&room, &[characters], &mut self.times);
                return self.push(self.times[0], text, true);
            }
            text = unbroken.map_or(text, |(unbroken, _)| Cow::Owned(unbroken));
        }

        self.read(&text);
        let full = self.size.width * self.size.lines;
        let columns = words::columns(&self.words);
        let reading = self.pace.reading(&room, columns, full);
        let is_joined = segments > 1;
        if !is_joined {
            self.splitter.cues(&self.words, &reading, &mut self.parts);
        }
        if is_joined || !self.pace.has_time(&room, self.parts.len()) {
            self.parts.clear();
            self.parts.push(0..self.words.len());
        }

        self.texts.clear();
        self.characters.clear();
        for part in &self.parts {
            let (text, fits) = self.balancer.lines(&text, &self.words[part.clone()]);
            self.characters.push(graphemes::characters(&text));
            self.texts.push((text, fits));
        }
        self.pace.share(&room, &self.characters, &mut self.times);
        let mut texts = std::mem::take(&mut self.texts);
        for (place, (text, fits)) in texts.drain(..).enumerate() {
            self.push(self.times[place], text, fits);
        }
        self.texts = texts;
    }

    fn read(&mut self, text: &str) {
        self.words.clear();
        words::read(text, self.size.width, &mut self.words);
        breaks::weigh(text, &mut self.words);
    }

    fn push(&mut self, times: Timed, text: Cow<'a, str>, fits: bool) {
        self.over_limits += usize::from(!(fits && times.within_limits));
        let Timed { start, end, .. } = times;
        let [start, end] = [start, end].map(Millis::new);
        self.made.push(Made {
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
            .made
            .peek()
            .is_none_or(|first| first.cue.start > self.horizon)
        {
            let Some(segment) = self.segments.next() else {
                break;
            };
            self.horizon = Millis::new(segment.room.next.unwrap_or(i64::MAX));
            self.reflow(segment);
        }
        self.made.pop().map(|first| first.cue)
    }
}

/// A cue, and how many were made before it: those that start together stay in order.
#[derive(Debug)]
struct Made<'a> {
    cue: Cue<'a>,
    number: usize,
}

impl Ord for Made<'_> {
    /// The one to be shown first is the greatest: a heap has that on top.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.cue.start, other.number).cmp(&(self.cue.start, self.number))
    }
}

impl PartialOrd for Made<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Made<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Made<'_> {}
