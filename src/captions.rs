//! From segments to cues: text cleaned, times repaired, in order. Pure and lazy: a cue is made when
//! it is asked for and borrows its text from the transcript; only where starts are missing or out
//! of order is a table of all of them built. No text is lost, and every cue ends after it starts.

mod reflow;
mod text;

use std::borrow::Cow;

pub use reflow::{Limits, Reflow};
pub use text::cue_text;
pub(crate) use text::{is_number, may_hold_two_timestamps, timestamps};

use crate::transcript::{Millis, Segment, Transcript};

/// How long a cue without a usable end stays, in milliseconds.
const STAY: i64 = 2_000;

/// What a player shows from one time to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue<'a> {
    /// When it appears; never negative.
    pub start: Millis,
    /// When it disappears; later than `start`.
    pub end: Millis,
    /// What it shows: clean, trimmed, at least one line, no line blank.
    pub text: Cow<'a, str>,
}

/// The cues of a transcript, by start; those that start together as received. Segments without
/// text make no cue.
///
/// A negative start becomes 0. A missing start takes the end of the segment received before it,
/// else its start, else 0; a missing end takes the start of the segment received after it. A cue
/// that then does not end after it starts ends when a later one starts, and 2 s later at most.
#[derive(Debug)]
pub struct Captions<'t, 'a> {
    segments: &'t [Segment<'a>],
    /// Start and place of every segment, by start; `None` where the segments are in order.
    order: Option<Vec<(Millis, usize)>>,
    /// How many segments have been looked at.
    position: usize,
    /// A start, and the end found for it: cues that start together share the search.
    found: Option<(Millis, Millis)>,
    estimated_times: usize,
}

impl<'t, 'a> Captions<'t, 'a> {
    /// The cues of `transcript`.
    #[must_use]
    pub fn new(transcript: &'t Transcript<'a>) -> Self {
        let segments = &*transcript.segments;
        Self {
            segments,
            order: order(segments),
            position: 0,
            found: None,
            estimated_times: 0,
        }
    }

    /// How many times were missing or no end of their cue, and so made up, in the cues so far.
    #[must_use]
    pub fn estimated_times(&self) -> usize {
        self.estimated_times
    }

    /// The start and the place among the segments of the one at `position` in order.
    fn at(&self, position: usize) -> Option<(Millis, usize)> {
        match &self.order {
            Some(order) => order.get(position).copied(),
            None => Some((start_or_zero(self.segments.get(position)?), position)),
        }
    }

    fn end(&mut self, place: usize, start: Millis) -> Millis {
        let received = self.segments[place]
            .end()
            .or_else(|| self.segments.get(place + 1)?.start());
        match received {
            Some(end) if end > start => end,
            _ => self.end_for(start),
        }
    }

    /// The start of the next cue that starts later, but [`STAY`] at most.
    fn end_for(&mut self, start: Millis) -> Millis {
        if let Some((same, end)) = self.found
            && same == start
        {
            return end;
        }
        let latest = start.plus(STAY);
        let end = (self.position..)
            .map_while(|position| self.at(position))
            .take_while(|(later, _)| *later < latest)
            .find(|(later, place)| {
                *later > start && !cue_text(self.segments[*place].text()).is_empty()
            })
            .map_or(latest, |(later, _)| later);
        self.found = Some((start, end));
        end
    }
}

impl<'a> Iterator for Captions<'_, 'a> {
    type Item = Cue<'a>;

    fn next(&mut self) -> Option<Cue<'a>> {
        loop {
            let (start, place) = self.at(self.position)?;
            self.position += 1;
            let segment = &self.segments[place];
            let text = cue_text(segment.text());
            if text.is_empty() {
                continue;
            }
            self.estimated_times += usize::from(segment.start().is_none())
                + usize::from(segment.end().is_none_or(|end| end <= start));
            let end = self.end(place, start);
            return Some(Cue { start, end, text });
        }
    }
}

fn start_or_zero(segment: &Segment<'_>) -> Millis {
    segment.start().unwrap_or(Millis::ZERO).max(Millis::ZERO)
}

/// See [`Captions::order`].
fn order(segments: &[Segment<'_>]) -> Option<Vec<(Millis, usize)>> {
    // A missing start comes before all others: there is none where the first is known.
    let start = |segment: &Segment<'_>| segment.start().map(|start| start.max(Millis::ZERO));
    if segments.first().is_none_or(|first| start(first).is_some())
        && segments.is_sorted_by_key(start)
    {
        return None;
    }
    let mut neighbour = Millis::ZERO;
    let mut order: Vec<_> = segments
        .iter()
        .enumerate()
        .map(|(place, segment)| {
            let start = segment.start().unwrap_or(neighbour).max(Millis::ZERO);
            neighbour = segment.end().filter(|end| *end > start).unwrap_or(start);
            (start, place)
        })
        .collect();
    order.sort_unstable();
    Some(order)
}

#[cfg(test)]
mod tests;
