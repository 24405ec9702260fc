//! Assigns times to the cues of a segment, in whole milliseconds: the segment's time in proportion to
//! the text, with the minimum gap between cues, and free time after it only where it is needed.

use std::time::Duration;

use super::super::cue::DEFAULT_CUE_MS;
use super::limits::ReflowLimits;
use super::split::ColumnRange;

/// Minimum pause in milliseconds: 12 frames at 24 frames a second. Shorter ones, which would flicker, are
/// closed to the minimum gap.
pub(super) const MIN_PAUSE: i64 = 500;

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
    /// `true` if its duration, reading speed and the gap after it keep to the limits.
    pub is_within_limits: bool,
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
                || slot.span() < weight(cues).saturating_mul(self.min_duration))
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

    /// Returns `true` if there is a millisecond for each of so many cues.
    pub(super) fn has_time(&self, slot: &TimeSlot, cues: usize) -> bool {
        let end = if self.extends(slot, cues) {
            self.latest_end(slot)
        } else {
            self.end(slot)
        };
        weight(cues) <= end - slot.start
    }

    /// Returns `true` if a single cue with so many characters keeps to all limits but the minimum
    /// duration.
    pub(super) fn is_readable(&self, slot: &TimeSlot, characters: usize) -> bool {
        let longest = self.max_duration.min(self.latest_end(slot) - slot.start);
        slot.span() <= self.max_duration && self.reading_time(weight(characters)) <= longest
    }

    /// Returns the columns of text shown for the minimum and for the maximum duration, of `columns` in
    /// all, where a cue has at most `full` of them.
    pub(super) fn column_range(&self, slot: &TimeSlot, columns: usize, full: usize) -> ColumnRange {
        let all = weight(columns);
        let mut span = (self.end(slot) - slot.start).max(1);
        if self.extends(slot, columns.div_ceil(full)) {
            let free = self.latest_end(slot) - slot.start;
            span = span.max(self.reading_time(all).min(free));
        }
        let part = |time: i64| usize::try_from(scaled(all, time, span)).unwrap_or(usize::MAX);
        ColumnRange {
            min: part(self.min_duration).min(columns).max(1),
            max: part(self.max_duration).min(columns).max(1),
        }
    }

    /// Returns the time it takes to read so many characters, in milliseconds.
    fn reading_time(&self, characters: i64) -> i64 {
        characters * 1000 / self.cps + i64::from(characters * 1000 % self.cps > 0)
    }

    /// Appends the times of cues that have so many characters each and share `slot`, which has at least
    /// a millisecond for each.
    ///
    /// Where they take free time, short ones count as if they took the minimum duration to read.
    pub(super) fn assign_times(
        &self,
        slot: &TimeSlot,
        characters: &[usize],
        times: &mut Vec<CueTiming>,
    ) {
        let (start, count) = (slot.start, weight(characters.len()));
        let own = self.end(slot) - start;
        let mut gap = self.min_gap.min(own / (2 * count));
        let mut gaps = gap * (count - 1);

        let sum = |least| characters.iter().map(|one| weight(*one).max(least)).sum();
        let mut least = 1;
        let mut whole: i64 = sum(least);
        let free = |gaps| self.latest_end(slot) - start - gaps;
        // No cue starts after its segment has ended.
        let (final_one, others) = characters.split_last().unwrap_or((&1, &[]));
        let in_time = match whole - weight(*final_one) {
            0 => i64::MAX,
            before => count + scaled(slot.span() - gaps - count, whole, before),
        };
        // Rounding takes less than a millisecond from one of several.
        let needed = |whole| self.reading_time(whole) + if count > 1 { count } else { 0 };
        let mut shown = (own - gaps).max(needed(whole).min(free(gaps)).min(in_time));

        let shortest = others.iter().map(|one| weight(*one)).min();
        let is_short = |one| scaled(shown, one, whole) < self.min_duration;
        if self.can_extend(slot)
            && shortest.is_some_and(|one| may_be_estimated(slot) || is_short(one))
        {
            least = scaled(self.min_duration, self.cps, 1000).min(1 << 20) + 1;
            whole = sum(least);
            gap = self.min_gap.min(free(0) / (2 * count));
            gaps = gap * (count - 1);
            shown = (own - gaps).max(needed(whole).min(free(gaps)));
        }

        // A millisecond for each, so that none is without; the rest in proportion.
        let rest = (shown - count).max(0);
        let mut from = start;
        let mut before = 0;
        for (place, characters) in (1..).zip(characters.iter().copied().map(weight)) {
            before += characters.max(least);
            let slot_end = start + place + (place - 1) * gap + scaled(rest, before, whole);
            let next = if place < count {
                Some(slot_end + gap)
            } else {
                slot.next.filter(|_| !slot.is_overlapping)
            };
            let cue_start = from.min(start + shown + gaps - 1);
            let mut end = slot_end.max(cue_start + 1);
            if place == count {
                end = self.last_end(slot, characters, cue_start, end);
            }
            let end = end.min(cue_start + self.max_duration);
            times.push(CueTiming {
                start: cue_start,
                end,
                is_within_limits: end - cue_start >= self.min_duration
                    && self.reading_time(characters) <= end - cue_start
                    && next.is_none_or(|next| next - end >= self.min_gap),
            });
            from = slot_end + gap;
        }
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

/// Returns the count as a weight of at least 1, bounded to keep products from overflowing.
fn weight(count: usize) -> i64 {
    i64::try_from(count).map_or(1 << 45, |count| count.clamp(1, 1 << 45))
}

/// Returns `value` × `times` / `by`, rounded down, without overflow on the way.
fn scaled(value: i64, times: i64, by: i64) -> i64 {
    let scaled = i128::from(value) * i128::from(times) / i128::from(by);
    i64::try_from(scaled).unwrap_or(i64::MAX)
}
