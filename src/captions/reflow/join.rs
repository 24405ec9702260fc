//! Segments as they come, each with the time that it has. Those too short to be read are joined
//! with a neighbour, but only over a small pause and where the result keeps to every limit.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::iter::Peekable;

use super::super::Cue;
use super::Size;
use super::balance::Balancer;
use super::breaks;
use super::graphemes::characters;
use super::timing::{PAUSE, Pace, Room};
use super::turns::starts_with_dash;
use super::words::{self, Word};

/// More segments than any cue is joined of: bounds how often one of them is read.
const MOST_SEGMENTS: usize = 64;

/// The text of one segment, or of several joined, and the time that it has.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub text: Cow<'a, str>,
    pub room: Room,
    /// How many segments it is of; several fit one cue together.
    pub segments: usize,
}

/// Each cue with what its neighbours leave it.
#[derive(Debug)]
struct Places<'a, I: Iterator<Item = Cue<'a>>> {
    cues: Peekable<I>,
    latest_end: i64,
}

impl<'a, I: Iterator<Item = Cue<'a>>> Iterator for Places<'a, I> {
    type Item = Placed<'a>;

    fn next(&mut self) -> Option<Placed<'a>> {
        let cue = self.cues.next()?;
        let (start, end) = (cue.start.get(), cue.end.get());
        let next = self.cues.peek().map(|next| next.start.get());
        let overlaps = start < self.latest_end || next.is_some_and(|next| next < end);
        self.latest_end = self.latest_end.max(end);
        Some(Placed {
            text: cue.text,
            room: Room {
                start,
                end,
                next,
                overlaps,
            },
            segments: 1,
        })
    }
}

/// The segments of an iterator of cues.
#[derive(Debug)]
pub(super) struct Segments<'a, I: Iterator<Item = Cue<'a>>> {
    places: Peekable<Places<'a, I>>,
    size: Size,
    pace: Pace,
    /// Segments that were joined in vain.
    parted: VecDeque<Placed<'a>>,
    words: Vec<Word>,
    balancer: Balancer,
}

impl<'a, I: Iterator<Item = Cue<'a>>> Segments<'a, I> {
    pub(super) fn new(cues: I, size: Size, pace: Pace) -> Self {
        let places = Places {
            cues: cues.peekable(),
            latest_end: 0,
        };
        Self {
            places: places.peekable(),
            size,
            pace,
            parted: VecDeque::new(),
            words: Vec::new(),
            balancer: Balancer::new(size),
        }
    }

    /// `first` and the segment after it as one, if one of them is too short and nothing speaks
    /// against it.
    fn joined(&mut self, first: &Placed<'a>) -> Option<Placed<'a>> {
        let second = self.places.peek()?;
        let room = Room {
            start: first.room.start,
            ..second.room
        };
        let is_called_for = self.pace.is_cramped(&first.room) || self.pace.is_cramped(&second.room);
        if !is_called_for
            || first.segments == MOST_SEGMENTS
            || first.room.overlaps
            || second.room.overlaps
            || second.room.start - first.room.end >= PAUSE
            || room.span() > self.pace.most
            || [first, second]
                .iter()
                .any(|one| starts_with_dash(&one.text))
        {
            return None;
        }
        let gap = words::gap_between(&first.text, &second.text);
        let text = [&first.text, gap, &second.text].concat();
        self.words.clear();
        words::read(&text, self.size.width, &mut self.words);
        breaks::weigh(&text, &mut self.words);
        // A line break between characters without spaces is one more character.
        let lines = self.balancer.lines_needed(&self.words);
        let fits = lines <= self.size.lines
            && self
                .words
                .iter()
                .all(|word| word.columns() <= self.size.width)
            && !self.balancer.leaves_number_alone(&self.words)
            && self.pace.can_be_read(&room, characters(&text) + lines - 1);
        fits.then_some(Placed {
            text: Cow::Owned(text),
            room,
            segments: first.segments + 1,
        })
    }
}

impl<'a, I: Iterator<Item = Cue<'a>>> Iterator for Segments<'a, I> {
    type Item = Placed<'a>;

    fn next(&mut self) -> Option<Placed<'a>> {
        if let Some(segment) = self.parted.pop_front() {
            return Some(segment);
        }
        let mut segment = self.places.next()?;
        while let Some(joined) = self.joined(&segment) {
            let first = std::mem::replace(&mut segment, joined);
            if self.parted.is_empty() {
                self.parted.push_back(first);
            }
            self.parted.extend(self.places.next());
        }
        if self.pace.is_cramped(&segment.room)
            && let Some(first) = self.parted.pop_front()
        {
            return Some(first);
        }
        self.parted.clear();
        Some(segment)
    }
}
