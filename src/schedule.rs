//! Which task is asked about next, and when. The one that has been due longest goes first, so no
//! task is asked about twice while another is overdue; of those due at one instant, the oldest,
//! which is the likeliest to have ended. Pure: it is told the time and owns no clock or thread.
//!
//! Times are durations since one fixed instant, such as the start of the run.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use fastrand::Rng;
use jiff::SignedDuration;

/// How long to leave a task alone between two questions: a share of its age at the first of them,
/// within bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    share: f64,
    floor: Duration,
    ceiling: Duration,
    jitter: f64,
}

impl Pace {
    /// How much a gap may be shortened at random, so that tasks submitted together do not stay in
    /// step. Gaps are never lengthened: "within 5 % of its length" is a promise. And at 4 %, even
    /// a task whose every gap is cut by all of it stays within 80 questions in 10 minutes.
    const JITTER: f64 = 0.04;

    /// For polling: 5 % of the task's age, from 2 s to 30 s.
    #[must_use]
    pub const fn adaptive() -> Self {
        Self {
            share: 0.05,
            floor: Duration::from_secs(2),
            ceiling: Duration::from_secs(30),
            jitter: Self::JITTER,
        }
    }

    /// For when results arrive by callback and polling is the safety net: first after 2 minutes,
    /// then at half the task's age, at the latest every 15 minutes.
    #[must_use]
    pub const fn rare() -> Self {
        Self {
            share: 0.5,
            floor: Duration::from_mins(2),
            ceiling: Duration::from_mins(15),
            jitter: Self::JITTER,
        }
    }

    /// The same gap always, to the letter.
    #[must_use]
    pub const fn fixed(gap: Duration) -> Self {
        Self {
            share: 0.0,
            floor: gap,
            ceiling: gap,
            jitter: 0.0,
        }
    }

    fn gap(&self, age: Duration, rng: &mut Rng) -> Duration {
        // Bounded before it is scaled: an age of centuries must not overflow.
        let longest = self.ceiling.as_secs_f64();
        let grown = Duration::from_secs_f64((age.as_secs_f64() * self.share).min(longest));
        let gap = grown.max(self.floor);
        gap.mul_f64(self.jitter.mul_add(-rng.f64(), 1.0))
    }
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask about this task.
    Ask(usize),
    /// Nothing is due before this time, unless a task is added or a question answered.
    Wait(Duration),
    /// All open tasks are being asked about; an answer decides what is next.
    Busy,
    /// No task is open.
    Done,
}

/// A task's place in the queue. The order of the fields is the order of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    due: Duration,
    /// When the task was submitted; before the run's start it is negative.
    born: SignedDuration,
    id: usize,
}

#[derive(Debug)]
struct Task {
    pace: Pace,
    place: Place,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Waiting(Turn),
    /// Asked about at this time, not answered yet.
    InFlight {
        born: SignedDuration,
        asked: Duration,
    },
}

/// The open tasks and when each is due. Every operation takes logarithmic time.
///
/// A task given out by [`next`](Self::next) is in flight: it is not given out again until
/// [`pending`](Self::pending) or [`postpone`](Self::postpone), so several workers can share one
/// schedule.
#[derive(Debug)]
pub struct Schedule {
    pace: Pace,
    rng: Rng,
    tasks: HashMap<usize, Task>,
    queue: BTreeSet<Turn>,
}

impl Schedule {
    /// An empty schedule with this pace, where a task has none of its own; `seed` decides the jitter.
    #[must_use]
    pub fn new(pace: Pace, seed: u64) -> Self {
        Self {
            pace,
            rng: Rng::with_seed(seed),
            tasks: HashMap::new(),
            queue: BTreeSet::new(),
        }
    }

    /// Opens the task `id`, submitted `age` ago. It is due when the gap that a new task is left
    /// alone for has passed; if its age is not known it may have ended long ago, so at once. A task
    /// that is open already stays as it is.
    pub fn add(&mut self, id: usize, age: Option<Duration>, now: Duration) {
        self.add_at(self.pace, id, age, now);
    }

    /// The same for a task with a pace of its own.
    pub fn add_at(&mut self, pace: Pace, id: usize, age: Option<Duration>, now: Duration) {
        if self.tasks.contains_key(&id) {
            return;
        }
        let first = pace.gap(Duration::ZERO, &mut self.rng);
        let rest = age.map_or(Duration::ZERO, |age| first.saturating_sub(age));
        let born = signed(now).saturating_sub(signed(age.unwrap_or_default()));
        self.enqueue(id, pace, born, now.saturating_add(rest));
    }

    /// What to do at `now`; a task to ask about is in flight from then on.
    pub fn next(&mut self, now: Duration) -> Next {
        let next = self.peek(now);
        if let Next::Ask(id) = next
            && let Some(turn) = self.queue.pop_first()
            && let Some(task) = self.tasks.get_mut(&id)
        {
            let born = turn.born;
            task.place = Place::InFlight { born, asked: now };
        }
        next
    }

    /// What [`next`](Self::next) would say, changing nothing: for a caller who needs leave to send
    /// before it takes a task.
    #[must_use]
    pub fn peek(&self, now: Duration) -> Next {
        match self.queue.first() {
            Some(turn) if turn.due <= now => Next::Ask(turn.id),
            Some(turn) => Next::Wait(turn.due),
            None if self.tasks.is_empty() => Next::Done,
            None => Next::Busy,
        }
    }

    /// The task in flight has not ended. Its gap counts from the question, not from the answer: a
    /// slow answer does not make the notice later still. Nothing happens if it is not in flight.
    pub fn pending(&mut self, id: usize) {
        if let Some(task) = self.tasks.get(&id)
            && let Place::InFlight { born, asked } = task.place
        {
            let age = Duration::try_from(signed(asked).saturating_sub(born)).unwrap_or_default();
            let pace = task.pace;
            let gap = pace.gap(age, &mut self.rng);
            self.enqueue(id, pace, born, asked.saturating_add(gap));
        }
    }

    /// Asks about the task not before `until`: the question failed, and trying again has its own
    /// delay. Nothing happens if the task is not open.
    pub fn postpone(&mut self, id: usize, until: Duration) {
        let Some(&Task { pace, place }) = self.tasks.get(&id) else {
            return;
        };
        let born = match place {
            Place::Waiting(turn) => {
                self.queue.remove(&turn);
                turn.born
            }
            Place::InFlight { born, .. } => born,
        };
        self.enqueue(id, pace, born, until);
    }

    /// The task has ended, whoever said so: an answer, or a callback while it was waiting for its
    /// turn or in flight. Says whether it was open, so that it is reported once.
    pub fn ended(&mut self, id: usize) -> bool {
        let task = self.tasks.remove(&id);
        if let Some(Place::Waiting(turn)) = task.as_ref().map(|task| task.place) {
            self.queue.remove(&turn);
        }
        task.is_some()
    }

    /// How many tasks are open, those in flight included.
    #[must_use]
    pub fn open(&self) -> usize {
        self.tasks.len()
    }

    fn enqueue(&mut self, id: usize, pace: Pace, born: SignedDuration, due: Duration) {
        let turn = Turn { due, born, id };
        self.queue.insert(turn);
        let task = Task {
            pace,
            place: Place::Waiting(turn),
        };
        self.tasks.insert(id, task);
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests;
