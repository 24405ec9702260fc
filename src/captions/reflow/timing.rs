//! Assigns times to the cues of a segment, in whole milliseconds: the segment's time in proportion to
//! the text, with the minimum gap between cues, and free time after it only where it is needed.

use std::time::Duration;

use super::super::cue::DEFAULT_CUE_MS;
use super::limits::ReflowLimits;
use super::speech::{CueText, bounded};
use super::split::{AMPLE_MS, ColumnRange};

/// Minimum pause in milliseconds: 12 frames at 24 frames a second. Shorter ones, which would flicker, are
/// closed to the minimum gap.
pub(super) const MIN_PAUSE: i64 = 500;

/// Maximum rounds in which time is taken from long cues for short ones; more change next to nothing.
const MAX_ROUNDS: usize = 16;

/// Percentage of the time of a segment too fast to read that its cues share by what there is to read, the rest
/// by speech. With less, more cues exceed 20 characters a second in languages whose limit is 17; with all, they
/// start later or earlier than their words.
const EVEN_PERCENT: i64 = 92;

/// The limits that concern time, in milliseconds and characters a second. See `ReflowLimits`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimingLimits {
    cps: i64,
    min_duration: i64,
    pub max_duration: i64,
    min_gap: i64,
}

/// The time slot of a segment, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeSlot {
    pub start: i64,
    pub end: i64,
    /// The start of the next segment, if there is one.
    pub next: Option<i64>,
    /// `true` if it overlaps another segment; it then takes no free time.
    pub is_overlapping: bool,
}

impl TimeSlot {
    pub(super) fn span(&self) -> i64 {
        self.end - self.start
    }
}

/// The times of a cue, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CueTiming {
    pub start: i64,
    pub end: i64,
    /// `true` if its reading speed exceeds the limit.
    pub is_too_fast: bool,
    /// The time that it has to stay after the end of the last segment to be read; 0 if that is less than
    /// [`MIN_PAUSE`], or not enough.
    pub overrun: i64,
    /// `true` if it is shown for less than the minimum, or the gap after it is shorter than that.
    pub is_too_short: bool,
}

impl TimingLimits {
    pub(super) fn of(limits: &ReflowLimits) -> Self {
        // A thousand years are as good as any longer time, and sums of them stay within bounds.
        let millis = |time: Duration| {
            i64::try_from(time.as_millis()).map_or(1 << 45, |time| time.min(1 << 45))
        };
        Self {
            cps: i64::from(limits.max_cps.max(1)),
            min_duration: millis(limits.min_duration),
            max_duration: millis(limits.max_duration).max(1),
            min_gap: millis(limits.min_gap),
        }
    }

    /// Returns `true` if there is free time after the segment and it overlaps none.
    fn can_extend(&self, slot: &TimeSlot) -> bool {
        !slot.is_overlapping && self.latest_end(slot) > slot.end
    }

    /// Returns `true` if the segment's cues take free time as if it had no end: its end is estimated, or
    /// too early for so many cues of the minimum duration.
    fn extends(&self, slot: &TimeSlot, cues: usize) -> bool {
        self.can_extend(slot)
            && (may_be_estimated(slot)
                || slot.span() < bounded(cues).saturating_mul(self.min_duration))
    }

    /// Returns `true` if a segment of so many cues ends when they have been said, as far as is known.
    pub(super) fn ends_with_speech(&self, slot: &TimeSlot, cues: usize) -> bool {
        !may_be_estimated(slot) && !self.extends(slot, cues)
    }

    /// Returns the end of the segment's last cue without free time. The gap before the next segment
    /// takes at most half of the time.
    fn end(&self, slot: &TimeSlot) -> i64 {
        match slot.next {
            Some(next) if !slot.is_overlapping => slot
                .end
                .min(next - self.min_gap.min((next - slot.start) / 2)),
            _ => slot.end,
        }
    }

    /// Returns the end of the segment's last cue with all free time.
    fn latest_end(&self, slot: &TimeSlot) -> i64 {
        match slot.next {
            _ if slot.is_overlapping => slot.end,
            Some(next) => (next - self.min_gap).max(self.end(slot)),
            None => slot.end.saturating_add(1 << 50),
        }
    }

    /// Returns `true` if even a single cue could not have the minimum duration.
    pub(super) fn is_too_short(&self, slot: &TimeSlot) -> bool {
        self.latest_end(slot) - slot.start < self.min_duration
    }

    /// Returns the time that so many cues have, gaps included.
    fn time(&self, slot: &TimeSlot, cues: usize) -> i64 {
        let end = if self.extends(slot, cues) {
            self.latest_end(slot)
        } else {
            self.end(slot)
        };
        end - slot.start
    }

    /// Returns `true` if there is a millisecond for each of so many cues.
    pub(super) fn has_time(&self, slot: &TimeSlot, cues: usize) -> bool {
        bounded(cues) <= self.time(slot, cues)
    }

    /// Returns `true` if a single cue with so many characters keeps to all limits but the minimum
    /// duration.
    pub(super) fn is_readable(&self, slot: &TimeSlot, characters: usize) -> bool {
        let longest = self.max_duration.min(self.latest_end(slot) - slot.start);
        slot.span() <= self.max_duration && self.reading_time(bounded(characters)) <= longest
    }

    /// Returns `true` if there is time for cues with so many characters each: with all limits kept, or with the
    /// minimum duration where there is too little to read them, however they are divided.
    pub(super) fn has_time_for(
        &self,
        slot: &TimeSlot,
        characters: impl Iterator<Item = usize>,
    ) -> bool {
        // A line break may be one more character.
        let least = |one| self.reading_time(bounded(one + 1)).max(self.min_duration);
        let (mut needed, mut shortest, mut read) = (-self.min_gap, -self.min_gap, 0);
        let mut cues = 0;
        for one in characters {
            needed += least(one) + self.min_gap;
            shortest += self.min_duration + self.min_gap;
            read += self.reading_time(bounded(one));
            cues += 1;
        }
        let time = self.time(slot, cues);
        needed <= time || read > time && shortest <= time
    }

    /// Returns the columns of text shown for the minimum and for the maximum duration, of `columns` in
    /// all, where a cue has at most `full` of them.
    pub(super) fn column_range(&self, slot: &TimeSlot, columns: usize, full: usize) -> ColumnRange {
        let all = bounded(columns);
        let mut span = (self.end(slot) - slot.start).max(1);
        if self.extends(slot, columns.div_ceil(full)) {
            let free = self.latest_end(slot) - slot.start;
            span = span.max(self.reading_time(all).min(free));
        }
        let part = |time: i64| usize::try_from(scaled(all, time, span)).unwrap_or(usize::MAX);
        ColumnRange {
            // The gap after the cue is taken from its share.
            min: part(self.min_duration + self.min_gap).min(columns).max(1),
            max: part(self.max_duration).min(columns).max(1),
            ample: part(AMPLE_MS).min(columns).max(1),
            is_strict: false,
        }
    }

    /// Returns the time it takes to read so many characters, in milliseconds.
    fn reading_time(&self, characters: i64) -> i64 {
        (characters * 1000 + self.cps - 1) / self.cps
    }

    /// Appends the times of cues that have these texts and share `slot`, which has at least a millisecond
    /// for each.
    pub(super) fn assign_times(
        &self,
        slot: &TimeSlot,
        texts: &[CueText],
        times: &mut Vec<CueTiming>,
    ) {
        let (start, count) = (slot.start, bounded(texts.len()));
        let own = self.end(slot) - start;
        let mut gap = self.min_gap.min(own / (2 * count));
        let mut gaps = gap * (count - 1);

        let free = |gaps| self.latest_end(slot) - start - gaps;
        let sum = |of: fn(&CueText) -> i64, texts: &[CueText]| texts.iter().map(of).sum::<i64>();
        let spoken = sum(|text| text.speech, texts);
        // No cue starts after its segment has ended.
        let others = texts.split_last().map_or(texts, |(_, others)| others);
        let in_time = match sum(|text| text.speech, others) {
            0 => i64::MAX,
            before => count + scaled(slot.span() - gaps - count, spoken, before),
        };
        // Rounding takes less than a millisecond from one of several.
        let needed = |time: i64| time + if count > 1 { count } else { 0 };
        let least = texts.iter().map(|text| self.least(text)).sum();
        let read: i64 = texts
            .iter()
            .map(|text| self.reading_time(text.characters))
            .sum();
        let mut shown = own - gaps;
        if read <= own + gaps {
            // Only gaps and the minimum duration leave too little: free time makes up for them.
            shown = shown.max(needed(least).min(free(gaps)).min(in_time));
        }
        let is_extended = self.can_extend(slot)
            && count > 1
            && (may_be_estimated(slot) || shown < self.min_duration.saturating_mul(count));
        if is_extended {
            gap = self.min_gap.min(free(0) / (2 * count));
            gaps = gap * (count - 1);
            shown = (own - gaps).max(needed(least).min(free(gaps)));
        }

        let mut shares = self.shares(shown + gaps, gap, least, texts);
        if !is_extended && shares[..others.len()].iter().sum::<i64>() >= slot.span() {
            shares = self.shares(shown + gaps, gap, i64::MAX, texts);
        }
        let first = times.len();
        let mut from = start;
        for (share, text) in shares.into_iter().zip(texts) {
            let place = times.len() + 1 - first;
            let is_last = place == texts.len();
            let to = if is_last {
                from + share
            } else {
                from + share - gap
            };
            let next = if is_last {
                slot.next.filter(|_| !slot.is_overlapping)
            } else {
                Some(to + gap)
            };
            let mut end = to.max(from + 1);
            if is_last {
                end = self.last_end(slot, text.characters, from, end);
            }
            end = end.min(from + self.max_duration);
            if let Some(next) = next
                && !is_last
                && next - end < MIN_PAUSE
                && next - end > self.min_gap
            {
                // A pause too short to be one: the cue ends a little earlier, if there is time.
                let earlier = next - MIN_PAUSE;
                if earlier - from >= self.least(text) {
                    end = earlier;
                }
            }
            let read = from + self.reading_time(text.characters);
            times.push(CueTiming {
                start: from,
                end,
                is_too_fast: read > end,
                overrun: if slot.next.is_none() && !may_be_estimated(slot) && read <= end {
                    Some(read - slot.end)
                        .filter(|it| *it >= MIN_PAUSE)
                        .unwrap_or(0)
                } else {
                    0
                },
                is_too_short: end - from < self.min_duration
                    || next.is_some_and(|next| next - end < self.min_gap),
            });
            from = to + gap;
        }
    }

    /// Returns the least time in which `text` keeps to the limits.
    fn least(&self, text: &CueText) -> i64 {
        self.reading_time(text.characters).max(self.min_duration)
    }

    /// Returns the shares of `time`, which include the `gap` after all cues but the last: in proportion to
    /// speech, but none less than its cue needs to keep to the limits, which is `least` for all, where
    /// there is time for that.
    fn shares(&self, time: i64, gap: i64, least: i64, texts: &[CueText]) -> Vec<i64> {
        if let [_] = texts {
            return vec![time.max(1)];
        }
        let count = bounded(texts.len());
        let shown = time - gap * (count - 1);
        let min = self.min_duration.saturating_mul(count);
        let floor = |place: usize| {
            let gap = if place + 1 < texts.len() { gap } else { 0 };
            let own = self.least(&texts[place]);
            gap + if least <= shown {
                own
            } else if least < i64::MAX && min <= shown {
                // All are too fast to read, none much more so than others.
                let rest = (shown - min) * EVEN_PERCENT / 100;
                (self.min_duration + scaled(own - self.min_duration, rest, least - min)).max(1)
            } else {
                1
            }
        };
        // Raises the shortest to what they need, as long as that makes others too short.
        let mut shares = vec![0; texts.len()];
        let (mut rest, mut spoken) = (time, texts.iter().map(|text| text.speech).sum::<i64>());
        for _ in 0..MAX_ROUNDS {
            let before = rest;
            for (place, share) in shares.iter_mut().enumerate() {
                let speech = texts[place].speech;
                if *share == 0 && scaled(rest, speech, spoken) < floor(place) {
                    *share = floor(place);
                    rest -= *share;
                    spoken -= speech;
                }
            }
            if rest == before {
                break;
            }
        }
        // The others share the rest; rounding is made up for by the next.
        let (mut given, mut said) = (0, 0);
        for (place, share) in shares.iter_mut().enumerate() {
            if *share == 0 {
                said += texts[place].speech;
                let until = scaled(rest, said, spoken.max(1));
                *share = (until - given).max(floor(place).min(gap + 1));
                given = until;
            }
        }
        shares
    }

    /// Returns the end of the last cue: later than `end` if it takes longer to read, or if the pause after
    /// it is shorter than [`MIN_PAUSE`].
    fn last_end(&self, slot: &TimeSlot, characters: i64, start: i64, end: i64) -> i64 {
        let latest = self.latest_end(slot);
        let wanted = start + self.min_duration.max(self.reading_time(characters));
        let end = end.max(wanted.min(latest));
        match slot.next {
            Some(next) if next - end < MIN_PAUSE => end.max(latest),
            _ => end,
        }
    }
}

/// Returns `true` if the segment's end may have been estimated.
fn may_be_estimated(slot: &TimeSlot) -> bool {
    slot.span() == DEFAULT_CUE_MS
}

/// Returns `value` × `times` / `by`, rounded down, without overflow on the way.
pub(super) fn scaled(value: i64, times: i64, by: i64) -> i64 {
    // Division of 128 bits takes ten times as long.
    if let Some(product) = value.checked_mul(times) {
        return product / by;
    }
    let scaled = i128::from(value) * i128::from(times) / i128::from(by);
    i64::try_from(scaled).unwrap_or(i64::MAX)
}
