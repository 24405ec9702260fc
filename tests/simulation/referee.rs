//! Watches the order of the questions, by its own reckoning.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::batch::Task;

/// The referee: knows when each task is due by the documented rule, without jitter, and fails when
/// one is asked about twice while another is overdue.
pub(crate) struct Referee {
    /// The tasks that are not in flight, by when they are due.
    queue: BTreeSet<(Duration, usize)>,
    due: Vec<Duration>,
    last: Vec<Option<Duration>>,
}

impl Referee {
    pub(crate) const FLOOR: Duration = Duration::from_secs(2);
    pub(crate) const CEILING: Duration = Duration::from_secs(30);

    pub(crate) fn new(count: usize) -> Self {
        Self {
            queue: BTreeSet::new(),
            due: vec![Duration::ZERO; count],
            last: vec![None; count],
        }
    }

    pub(crate) fn learnt(&mut self, id: usize, task: &Task) {
        self.enqueue(id, task.known.max(task.submitted + Self::FLOOR));
    }

    pub(crate) fn enqueue(&mut self, id: usize, due: Duration) {
        self.due[id] = due;
        self.queue.insert((due, id));
    }

    pub(crate) fn asked(&mut self, id: usize, now: Duration) {
        assert!(self.queue.remove(&(self.due[id], id)), "{id} is in flight");
        if let (Some(last), Some((due, other))) = (self.last[id], self.queue.first()) {
            assert!(
                *due > last,
                "{id} was asked about twice while {other} was overdue"
            );
        }
        self.last[id] = Some(now);
    }

    pub(crate) fn unfinished(&mut self, id: usize, task: &Task) {
        let asked = self.last[id].expect("was asked about");
        let gap = (asked.saturating_sub(task.submitted) / 20).clamp(Self::FLOOR, Self::CEILING);
        self.enqueue(id, asked + gap);
    }
}
