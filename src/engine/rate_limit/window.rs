//! The sliding window of a minute, and the slots that are reserved ahead of it.

use serde::{Deserialize, Serialize};

use super::WINDOW;

/// Time for which a reserved slot is kept for a process that does not start in time, in milliseconds.
const START_GRACE: u64 = 5_000;

/// Maximum time of a slot from now, in milliseconds: only a file that was tampered with has others.
const MAX_AHEAD: u64 = 25 * 60 * 60 * 1_000;

/// One call, reserved, in flight, or answered. The names are short because the file is rewritten for
/// each call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Slot {
    #[serde(rename = "i")]
    id: u64,
    /// Time at which the call is to be started, was started, or was answered.
    #[serde(rename = "t")]
    pub(super) at: u64,
    #[serde(rename = "s")]
    state: SlotState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum SlotState {
    #[serde(rename = "r")]
    Reserved,
    #[serde(rename = "f")]
    InFlight,
    #[serde(rename = "a")]
    Accepted,
    #[serde(rename = "x")]
    Refused,
}

impl Slot {
    pub(super) fn is_started(&self) -> bool {
        self.state != SlotState::Reserved
    }

    const fn expires(&self) -> u64 {
        let kept = match self.state {
            SlotState::Reserved => START_GRACE,
            _ => WINDOW,
        };
        self.at.saturating_add(kept)
    }

    /// The time at which the slot counts: a reserved one is not used before `now`.
    fn counts_at(&self, now: u64) -> u64 {
        if self.is_started() {
            self.at
        } else {
            self.at.max(now)
        }
    }
}

/// Calls keep `WINDOW / per_minute` apart, but for half of an unused budget, which may go at once; after
/// that the other half is spread over the window. So polling a dozen tasks is instant, and a long run
/// neither bursts nor falls silent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SlidingWindow {
    /// In the order of their reservation.
    slots: Vec<Slot>,
    /// Even spacing allows the next call from here.
    next_even: u64,
}

impl SlidingWindow {
    /// Forgets what is over. A reserved slot that expired belonged to a process that was killed: its
    /// place in the even spacing is given back, so that the others use it.
    pub(super) fn advance(&mut self, per_minute: u32, now: u64) {
        let is_lost = |slot: &&Slot| slot.expires() <= now && slot.state == SlotState::Reserved;
        let lost = self.slots.iter().filter(is_lost).count() as u64;
        self.next_even = self
            .next_even
            .saturating_sub(lost.saturating_mul(gap(per_minute)));
        self.slots
            .retain(|slot| slot.expires() > now && slot.at <= now + MAX_AHEAD);
        self.next_even = self.next_even.min(now + MAX_AHEAD);
    }

    pub(super) fn move_back(&mut self, by: u64) {
        for slot in &mut self.slots {
            slot.at = slot.at.saturating_sub(by);
        }
        self.next_even = self.next_even.saturating_sub(by);
    }

    /// Returns the earliest time for the next call of those that are evenly spaced.
    pub(super) fn next_even(&self, per_minute: u32, now: u64) -> u64 {
        if self.slots.len() < calls(per_minute.div_ceil(2)) {
            return now;
        }
        let latest = self.slots.iter().map(|slot| slot.at).max();
        let spread = latest.map_or(now, |latest| latest + 2 * gap(per_minute));
        self.next_even.min(spread).max(now)
    }

    /// Spaces the call after one that is reserved now. By the plan rather than by the slot it gets: the
    /// plan is caught up with where there was no room because calls took long.
    pub(super) fn plan_next(&mut self, per_minute: u32, now: u64) {
        self.next_even = self.next_even.max(now) + gap(per_minute);
    }

    /// Gives back the place of one call in the even spacing.
    pub(super) fn take_back(&mut self, per_minute: u32) {
        self.next_even = self.next_even.saturating_sub(gap(per_minute));
    }

    /// Reserves the first slot from `from` on that leaves all others where they are; returns its time.
    pub(super) fn reserve(&mut self, id: u64, per_minute: u32, from: u64, now: u64) -> u64 {
        let others = self.slots.iter().map(|slot| slot.counts_at(now)).collect();
        let at = first_room(others, per_minute, from);
        let state = SlotState::Reserved;
        self.slots.push(Slot { id, at, state });
        at
    }

    /// Returns the time of a reserved slot, which is moved if its time has come but there is no room
    /// for it: calls took longer than assumed, or `from` is later. Those that were reserved earlier
    /// are left where they are, those after it have to look for themselves. `None` if it expired.
    pub(super) fn confirm(&mut self, id: u64, per_minute: u32, from: u64, now: u64) -> Option<u64> {
        let index = self.slots.iter().position(|slot| slot.id == id)?;
        if self.slots[index].at <= now {
            let (earlier, later) = (&self.slots[..index], &self.slots[index + 1..]);
            let started = later.iter().filter(|slot| slot.is_started());
            let others = earlier.iter().chain(started);
            let others = others.map(|slot| slot.counts_at(now)).collect();
            self.slots[index].at = first_room(others, per_minute, from);
        }
        Some(self.slots[index].at)
    }

    pub(super) fn is_started(&self, id: u64) -> bool {
        self.slots
            .iter()
            .any(|slot| slot.id == id && slot.is_started())
    }

    /// Makes a reserved slot a call in flight.
    pub(super) fn start(&mut self, id: u64, now: u64) {
        self.change(id, SlotState::Reserved, SlotState::InFlight, now);
    }

    /// Counts a call as of now; `false` if it is forgotten.
    pub(super) fn complete(&mut self, id: u64, now: u64) -> bool {
        self.change(id, SlotState::InFlight, SlotState::Accepted, now)
            .is_some()
    }

    /// Counts a refused call as of now, for the service may do so too; returns the time of its start.
    pub(super) fn refuse(&mut self, id: u64, now: u64) -> Option<u64> {
        self.change(id, SlotState::InFlight, SlotState::Refused, now)
    }

    /// Returns the least time until the last of so many calls can be made, at least one.
    pub(super) fn least_wait(&self, per_minute: u32, calls: u64, now: u64) -> u64 {
        let limit = u64::from(per_minute.max(1));
        let (minutes, first) = ((calls - 1) / limit, (calls - 1) % limit + 1);
        let mut used: Vec<u64> = self.slots.iter().map(|slot| slot.counts_at(now)).collect();
        used.sort_unstable();
        let missing = (used.len() as u64 + first).saturating_sub(limit);
        let missing = usize::try_from(missing).unwrap_or(usize::MAX);
        let freed = missing.checked_sub(1).and_then(|at| used.get(at));
        freed.map_or(0, |at| (at + WINDOW).saturating_sub(now)) + 60_000 * minutes
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<Slot> {
        let index = self.slots.iter().position(|slot| slot.id == id)?;
        Some(self.slots.remove(index))
    }

    /// The number of calls in the window that the service accepted, or may yet accept.
    pub(super) fn accepted(&self) -> u32 {
        let accepted =
            |slot: &&Slot| matches!(slot.state, SlotState::InFlight | SlotState::Accepted);
        u32::try_from(self.slots.iter().filter(accepted).count()).unwrap_or(u32::MAX)
    }

    fn change(&mut self, id: u64, from: SlotState, to: SlotState, now: u64) -> Option<u64> {
        let mut slots = self.slots.iter_mut();
        let slot = slots.find(|slot| slot.id == id && slot.state == from)?;
        slot.state = to;
        Some(std::mem::replace(&mut slot.at, now))
    }
}

/// Returns the first time from `from` on at which no window around it holds more than `per_minute`
/// calls, the new one included.
fn first_room(mut others: Vec<u64>, per_minute: u32, from: u64) -> u64 {
    others.sort_unstable();
    let mut at = from;
    for full in others.windows(calls(per_minute)) {
        let (first, last) = (full[0], full[full.len() - 1]);
        if last.max(at) - first.min(at) < WINDOW {
            at = first + WINDOW;
        }
    }
    at
}

fn gap(per_minute: u32) -> u64 {
    WINDOW / u64::from(per_minute.max(1))
}

fn calls(number: u32) -> usize {
    usize::try_from(number.max(1)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_found_between_calls_a_whole_window_apart() {
        assert_eq!(first_room(vec![0, WINDOW], 2, 10), 10);
        assert_eq!(first_room(vec![0, WINDOW - 1], 2, 10), WINDOW);
    }
}
