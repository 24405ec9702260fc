//! The order of polls. The task that has been due longest goes first, so none is polled twice while
//! another is overdue; of those due at one instant the oldest goes first, which is the likeliest to have
//! ended. Pure: it is told the time.
//!
//! Times are durations since one fixed instant, such as the start of the run.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use fastrand::Rng;
use jiff::SignedDuration;

/// The gap between two polls of one task: a ratio of its age at the first of them, within bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollInterval {
    ratio: f64,
    min: Duration,
    max: Duration,
    jitter: f64,
}

impl PollInterval {
    /// The part of a gap by which it may be shortened at random, so that tasks submitted together do
    /// not stay in step. Gaps are never lengthened: "within 5 % of its length" is a promise. And at
    /// 4 %, even a task whose every gap is cut by all of it stays within 80 polls in 10 minutes.
    const JITTER: f64 = 0.04;

    /// Returns the interval for polling: 5 % of the task's age, from 2 s to 30 s.
    #[must_use]
    pub const fn adaptive() -> Self {
        Self {
            ratio: 0.05,
            min: Duration::from_secs(2),
            max: Duration::from_secs(30),
            jitter: Self::JITTER,
        }
    }

    /// Returns the interval for tasks whose results arrive by callback, where polling is the safety
    /// net: 2 minutes at first, then half of the task's age, at most 15 minutes.
    #[must_use]
    pub const fn rare() -> Self {
        Self {
            ratio: 0.5,
            min: Duration::from_mins(2),
            max: Duration::from_mins(15),
            jitter: Self::JITTER,
        }
    }

    /// Returns an interval that is always the same, without jitter.
    #[must_use]
    pub const fn fixed(gap: Duration) -> Self {
        Self {
            ratio: 0.0,
            min: gap,
            max: gap,
            jitter: 0.0,
        }
    }

    /// Returns the age at which a new task is polled first: not before `expected`, the age at which others
    /// like it have ended, as far as the interval adapts at all.
    fn first(&self, expected: Duration, rng: &mut Rng) -> Duration {
        let expected = if self.ratio > 0.0 {
            expected.min(self.max)
        } else {
            Duration::ZERO
        };
        let shortened = expected.mul_f64(self.jitter.mul_add(-rng.f64(), 1.0));
        self.gap(Duration::ZERO, rng).max(shortened)
    }

    fn gap(&self, age: Duration, rng: &mut Rng) -> Duration {
        // Bounded before it is scaled: an age of centuries must not overflow.
        let max = self.max.as_secs_f64();
        let grown = Duration::from_secs_f64((age.as_secs_f64() * self.ratio).min(max));
        let gap = grown.max(self.min);
        gap.mul_f64(self.jitter.mul_add(-rng.f64(), 1.0))
    }
}

/// A task in the queue. The order of the fields is the order of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct QueueEntry {
    due: Duration,
    /// The time when the task was submitted; negative before the run's start.
    submitted_at: SignedDuration,
    id: usize,
}

#[derive(Debug)]
struct ScheduledTask {
    interval: PollInterval,
    state: EntryState,
}

#[derive(Clone, Copy, Debug)]
enum EntryState {
    Waiting(QueueEntry),
    /// Polled at this time, not answered yet.
    InFlight {
        submitted_at: SignedDuration,
        polled_at: Duration,
    },
}

/// The tasks that are polled and when each is due. Every operation takes logarithmic time.
///
/// A task that was [taken](Self::take) is in flight: it is not due again until
/// [`reschedule`](Self::reschedule) or [`postpone`](Self::postpone).
#[derive(Debug)]
pub struct Schedule {
    rng: Rng,
    tasks: HashMap<usize, ScheduledTask>,
    queue: BTreeSet<QueueEntry>,
    /// The least age at which a task has been seen to end; zero if none has.
    expected: Duration,
}

impl Schedule {
    /// Creates an empty schedule; `seed` decides the jitter.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            tasks: HashMap::new(),
            queue: BTreeSet::new(),
            expected: Duration::ZERO,
        }
    }

    /// Adds the task `id`, submitted `age` ago. It is due when the gap for a new task has passed, and the
    /// [expected](Self::expect) time; where its age is not known it may have ended long ago, so it is
    /// due at once. Does nothing if the task is scheduled already.
    pub fn add(&mut self, id: usize, interval: PollInterval, age: Option<Duration>, now: Duration) {
        if self.tasks.contains_key(&id) {
            return;
        }
        let first = interval.first(self.expected, &mut self.rng);
        let rest = age.map_or(Duration::ZERO, |age| first.saturating_sub(age));
        let submitted_at = signed(now).saturating_sub(signed(age.unwrap_or_default()));
        self.enqueue(id, interval, submitted_at, now.saturating_add(rest));
    }

    /// Notes that a task has been seen to end at this age. Tasks that are added later are polled first at
    /// the least such age: of a batch that is submitted little by little, the first ones tell how long
    /// the others take.
    pub fn expect(&mut self, age: Duration) {
        self.expected = if self.expected.is_zero() {
            age
        } else {
            self.expected.min(age)
        };
    }

    /// Returns the task to poll at `now`, if one is due.
    #[must_use]
    pub fn due(&self, now: Duration) -> Option<usize> {
        let first = self.queue.first().filter(|entry| entry.due <= now);
        first.map(|entry| entry.id)
    }

    /// Returns when the next task is due, if any is waiting.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        self.queue.first().map(|entry| entry.due)
    }

    /// Marks a waiting task as polled at `now`.
    pub fn take(&mut self, id: usize, now: Duration) {
        if let Some(task) = self.tasks.get_mut(&id)
            && let EntryState::Waiting(entry) = task.state
        {
            self.queue.remove(&entry);
            task.state = EntryState::InFlight {
                submitted_at: entry.submitted_at,
                polled_at: now,
            };
        }
    }

    /// Schedules the next poll of a task in flight that has not ended. The gap counts from the poll, not
    /// from its answer: a slow answer does not delay the notice further. Does nothing if the task is not
    /// in flight.
    pub fn reschedule(&mut self, id: usize) {
        if let Some(task) = self.tasks.get(&id)
            && let EntryState::InFlight {
                submitted_at,
                polled_at,
            } = task.state
        {
            let age = signed(polled_at).saturating_sub(submitted_at);
            let age = Duration::try_from(age).unwrap_or_default();
            let interval = task.interval;
            let gap = interval.gap(age, &mut self.rng);
            self.enqueue(id, interval, submitted_at, polled_at.saturating_add(gap));
        }
    }

    /// Schedules the task not before `until`: its poll failed, and retries have their own delay. Does
    /// nothing if the task is not scheduled.
    pub fn postpone(&mut self, id: usize, until: Duration) {
        let Some(&ScheduledTask { interval, state }) = self.tasks.get(&id) else {
            return;
        };
        let submitted_at = match state {
            EntryState::Waiting(entry) => {
                self.queue.remove(&entry);
                entry.submitted_at
            }
            EntryState::InFlight { submitted_at, .. } => submitted_at,
        };
        self.enqueue(id, interval, submitted_at, until);
    }

    /// Removes a task that is not polled any more. Returns `true` if it was scheduled.
    pub fn remove(&mut self, id: usize) -> bool {
        let task = self.tasks.remove(&id);
        if let Some(EntryState::Waiting(entry)) = task.as_ref().map(|task| task.state) {
            self.queue.remove(&entry);
        }
        task.is_some()
    }

    /// Returns `true` if the task was polled and has not been answered.
    #[must_use]
    pub fn is_in_flight(&self, id: usize) -> bool {
        let state = self.tasks.get(&id).map(|task| task.state);
        matches!(state, Some(EntryState::InFlight { .. }))
    }

    fn enqueue(
        &mut self,
        id: usize,
        interval: PollInterval,
        submitted_at: SignedDuration,
        due: Duration,
    ) {
        let entry = QueueEntry {
            due,
            submitted_at,
            id,
        };
        self.queue.insert(entry);
        let task = ScheduledTask {
            interval,
            state: EntryState::Waiting(entry),
        };
        self.tasks.insert(id, task);
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests;
