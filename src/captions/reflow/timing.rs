//! When each cue of a segment is shown, in whole milliseconds: the segment's time in proportion to
//! the text, with the least gap between cues, and free time taken only where it is needed.

use std::time::Duration;

use super::super::STAY;
use super::Limits;
use super::split::Reading;

/// Shorter pauses than this, 12 frames at 24 frames a second, are closed to the least gap: they
/// would be seen as a flicker.
pub(super) const PAUSE: i64 = 500;

/// The limits that concern time, in milliseconds and characters a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    cps: i64,
    least: i64,
    pub most: i64,
    gap: i64,
}

/// The time that a segment has, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub start: i64,
    pub end: i64,
    /// When the next segment starts, if there is one.
    pub next: Option<i64>,
    /// Whether it overlaps another: then it has its own time only.
    pub overlaps: bool,
}

impl Room {
    pub(super) fn span(&self) -> i64 {
        self.end - self.start
    }
}

/// When a cue is shown, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timed {
    pub start: i64,
    pub end: i64,
    /// Whether it stays long enough, and long enough before the next.
    pub within_limits: bool,
}

impl Pace {
    pub(super) fn of(limits: &Limits) -> Self {
        // A thousand years are as good as any longer time, and sums of them stay within bounds.
        let millis = |time: Duration| {
            i64::try_from(time.as_millis()).map_or(1 << 45, |time| time.min(1 << 45))
        };
        Self {
            cps: i64::from(limits.max_cps.max(1)),
            least: millis(limits.min_duration),
            most: millis(limits.max_duration).max(1),
            gap: millis(limits.min_gap),
        }
    }

    /// Whether there is free time after the segment, which overlaps none.
    fn may_spread(&self, room: &Room) -> bool {
        !room.overlaps && self.latest_end(room) > room.end
    }

    /// Whether the cues of the segment take free time after it as if it had no end: it is made up, or
    /// too early for so many cues to stay for the shortest time each.
    fn spreads(&self, room: &Room, cues: usize) -> bool {
        self.may_spread(room)
            && (is_made_up(room) || room.span() < weight(cues).saturating_mul(self.least))
    }

    /// When the segment's last cue ends if it takes no free time. The gap before the next segment
    /// takes half of the time at most.
    fn end(&self, room: &Room) -> i64 {
        match room.next {
            Some(next) if !room.overlaps => {
                room.end.min(next - self.gap.min((next - room.start) / 2))
            }
            _ => room.end,
        }
    }

    /// When the segment's last cue ends if it takes all the free time there is.
    fn latest_end(&self, room: &Room) -> i64 {
        match room.next {
            _ if room.overlaps => room.end,
            Some(next) => (next - self.gap).max(self.end(room)),
            None => room.end.saturating_add(1 << 50),
        }
    }

    /// Whether a single cue cannot stay long enough.
    pub(super) fn is_cramped(&self, room: &Room) -> bool {
        self.latest_end(room) - room.start < self.least
    }

    /// Whether there is a millisecond for each of so many cues.
    pub(super) fn has_time(&self, room: &Room, cues: usize) -> bool {
        let end = if self.spreads(room, cues) {
            self.latest_end(room)
        } else {
            self.end(room)
        };
        weight(cues) <= end - room.start
    }

    /// Whether a single cue with so many characters keeps to the limits, but for the shortest time.
    pub(super) fn can_be_read(&self, room: &Room, characters: usize) -> bool {
        let longest = self.most.min(self.latest_end(room) - room.start);
        room.span() <= self.most && self.reading_time(weight(characters)) <= longest
    }

    /// How much of a segment's text is shown for the shortest and for the longest time, if there
    /// are so many `columns` in all, and a cue has `full` of them at most.
    pub(super) fn reading(&self, room: &Room, columns: usize, full: usize) -> Reading {
        let all = weight(columns);
        let mut span = (self.end(room) - room.start).max(1);
        if self.spreads(room, columns.div_ceil(full)) {
            let free = self.latest_end(room) - room.start;
            span = span.max(self.reading_time(all).min(free));
        }
        let part = |time: i64| usize::try_from(scaled(all, time, span)).unwrap_or(usize::MAX);
        Reading {
            least: part(self.least).min(columns).max(1),
            most: part(self.most).min(columns).max(1),
        }
    }

    /// How long it takes to read so many characters.
    fn reading_time(&self, characters: i64) -> i64 {
        characters * 1000 / self.cps + i64::from(characters * 1000 % self.cps > 0)
    }

    /// Appends the times of cues that have so many characters each and share `room`, which has a
    /// millisecond for each of them.
    ///
    /// Where they spread, short ones count as if they took the shortest time to read.
    pub(super) fn share(&self, room: &Room, characters: &[usize], times: &mut Vec<Timed>) {
        let (start, count) = (room.start, weight(characters.len()));
        let own = self.end(room) - start;
        let mut gap = self.gap.min(own / (2 * count));
        let mut gaps = gap * (count - 1);

        let sum = |least| characters.iter().map(|one| weight(*one).max(least)).sum();
        let mut least = 1;
        let mut whole: i64 = sum(least);
        let free = |gaps| self.latest_end(room) - start - gaps;
        // No cue starts after its segment has ended.
        let (final_one, others) = characters.split_last().unwrap_or((&1, &[]));
        let in_time = match whole - weight(*final_one) {
            0 => i64::MAX,
            before => count + scaled(room.span() - gaps - count, whole, before),
        };
        // Rounding takes less than a millisecond from one of several.
        let needed = |whole| self.reading_time(whole) + if count > 1 { count } else { 0 };
        let mut shown = (own - gaps).max(needed(whole).min(free(gaps)).min(in_time));

        let shortest = others.iter().map(|one| weight(*one)).min();
        let is_short = |one| scaled(shown, one, whole) < self.least;
        if self.may_spread(room) && shortest.is_some_and(|one| is_made_up(room) || is_short(one)) {
            least = scaled(self.least, self.cps, 1000).min(1 << 20) + 1;
            whole = sum(least);
            gap = self.gap.min(free(0) / (2 * count));
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
                room.next.filter(|_| !room.overlaps)
            };
            let cue_start = from.min(start + shown + gaps - 1);
            let mut end = slot_end.max(cue_start + 1);
            if place == count {
                end = self.last_end(room, characters, cue_start, end);
            }
            let end = end.min(cue_start + self.most);
            times.push(Timed {
                start: cue_start,
                end,
                within_limits: end - cue_start >= self.least
                    && self.reading_time(characters) <= end - cue_start
                    && next.is_none_or(|next| next - end >= self.gap),
            });
            from = slot_end + gap;
        }
    }

    /// The end of the last cue, later than `end` where it takes longer to read, or where the pause
    /// after it is too short to be one.
    fn last_end(&self, room: &Room, characters: i64, start: i64, end: i64) -> i64 {
        let latest = self.latest_end(room);
        let wanted = start + self.least.max(self.reading_time(characters));
        let end = end.max(wanted.min(latest));
        match room.next {
            Some(next) if next - end < PAUSE => end.max(latest),
            _ => end,
        }
    }
}

/// Whether the segment's end may be one that was made up.
fn is_made_up(room: &Room) -> bool {
    room.span() == STAY
}

/// A cue counts as one character at least.
fn weight(count: usize) -> i64 {
    i64::try_from(count).map_or(1 << 45, |count| count.clamp(1, 1 << 45))
}

/// `value` × `times` / `by`, rounded down, without overflow on the way.
fn scaled(value: i64, times: i64, by: i64) -> i64 {
    let scaled = i128::from(value) * i128::from(times) / i128::from(by);
    i64::try_from(scaled).unwrap_or(i64::MAX)
}
