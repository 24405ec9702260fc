//! Turns segments into cues: text cleaned, times repaired, in order. Pure and lazy: a cue is built on
//! demand and borrows its text from the transcript; only where starts are missing or out of order is a
//! table of all of them built. No text is lost, and every cue ends after it starts.

mod cue;
mod paragraphs;
mod reflow;
mod text;

pub use cue::Cue;
pub use paragraphs::{Paragraph, Paragraphs};
pub use reflow::{Language, OverLimits, Preset, Reflow, ReflowLimits, ReflowOptions};
pub use text::cue_text;
pub(crate) use text::{is_number, may_hold_two_timestamps, timestamps};

use cue::DEFAULT_CUE_MS;

use crate::transcript::{Millis, Segment, Transcript};

/// An iterator over the cues of a transcript, by start; those that start together as received. Segments without
/// text make no cue.
///
/// A negative start becomes 0. A missing start takes the end of the segment received before it,
/// else its start, else 0; a missing end takes the start of the segment received after it. A cue
/// that then does not end after it starts ends when a later one starts, and 2 s later at most.
#[derive(Debug)]
pub struct Cues<'t, 'a> {
    segments: &'t [Segment<'a>],
    /// Start and index of every segment, by start; `None` if the segments are in order.
    order: Option<Vec<(Millis, usize)>>,
    /// Number of segments processed.
    position: usize,
    /// A start and the end found for it: cues that start together share the search.
    cached_end: Option<(Millis, Millis)>,
    estimated_times: usize,
}

impl<'t, 'a> Cues<'t, 'a> {
    /// Creates an iterator over the cues of `transcript`.
    #[must_use]
    pub fn new(transcript: &'t Transcript<'a>) -> Self {
        let segments = &*transcript.segments;
        Self {
            segments,
            order: order(segments),
            position: 0,
            cached_end: None,
            estimated_times: 0,
        }
    }

    /// Returns the number of times in the cues so far that were estimated, because they were missing or
    /// did not lie after their start.
    #[must_use]
    pub fn estimated_times(&self) -> usize {
        self.estimated_times
    }

    /// Returns start and index of the segment at `position` in the order of starts.
    fn at(&self, position: usize) -> Option<(Millis, usize)> {
        match &self.order {
            Some(order) => order.get(position).copied(),
            None => Some((start_or_zero(self.segments.get(position)?), position)),
        }
    }

    fn end(&mut self, index: usize, start: Millis) -> Millis {
        let received = self.segments[index]
            .end()
            .or_else(|| self.segments.get(index + 1)?.start());
        match received {
            Some(end) if end > start => end,
            _ => self.end_for(start),
        }
    }

    /// Returns the start of the next cue that starts later, at most [`DEFAULT_CUE_MS`] after `start`.
    fn end_for(&mut self, start: Millis) -> Millis {
        if let Some((same, end)) = self.cached_end
            && same == start
        {
            return end;
        }
        let latest = start.plus(DEFAULT_CUE_MS);
        let end = (self.position..)
            .map_while(|position| self.at(position))
            .take_while(|(later, _)| *later < latest)
            .find(|(later, index)| {
                *later > start && !cue_text(self.segments[*index].text()).is_empty()
            })
            .map_or(latest, |(later, _)| later);
        self.cached_end = Some((start, end));
        end
    }
}

impl<'a> Iterator for Cues<'_, 'a> {
    type Item = Cue<'a>;

    fn next(&mut self) -> Option<Cue<'a>> {
        loop {
            let (start, index) = self.at(self.position)?;
            self.position += 1;
            let segment = &self.segments[index];
            let text = cue_text(segment.text());
            if text.is_empty() {
                continue;
            }
            self.estimated_times += usize::from(segment.start().is_none())
                + usize::from(segment.end().is_none_or(|end| end <= start));
            let end = self.end(index, start);
            return Some(Cue { start, end, text });
        }
    }
}

fn start_or_zero(segment: &Segment<'_>) -> Millis {
    segment.start().unwrap_or(Millis::ZERO).max(Millis::ZERO)
}

/// See [`Cues::order`].
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
        .map(|(index, segment)| {
            let start = segment.start().unwrap_or(neighbour).max(Millis::ZERO);
            neighbour = segment.end().filter(|end| *end > start).unwrap_or(start);
            (start, index)
        })
        .collect();
    order.sort_unstable();
    Some(order)
}

#[cfg(test)]
mod tests;
