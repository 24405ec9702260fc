//! Watches the order of polls, by its own reckoning.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::batch::{START, SimTask};
use crate::world::Observer;

/// Knows when each task is due by the documented rule, without jitter, and fails when one is polled
/// twice while another is overdue.
pub(crate) struct Referee {
    tasks: Vec<SimTask>,
    /// The tasks that are not in flight, by when they are due.
    queue: BTreeSet<(Duration, usize)>,
    due: Vec<Duration>,
    last: Vec<Option<Duration>>,
}

impl Referee {
    const MIN: Duration = Duration::from_secs(2);
    const MAX: Duration = Duration::from_secs(30);

    pub(crate) fn new(tasks: &[SimTask]) -> Self {
        let due = tasks
            .iter()
            .map(|task| START.max(task.submitted + Self::MIN));
        let due: Vec<Duration> = due.collect();
        Self {
            tasks: tasks.to_vec(),
            queue: due.iter().copied().zip(0..).collect(),
            due,
            last: vec![None; tasks.len()],
        }
    }
}

impl Observer for Referee {
    fn polled(&mut self, id: usize, now: Duration) {
        assert!(self.queue.remove(&(self.due[id], id)), "{id} is in flight");
        if let (Some(last), Some((due, other))) = (self.last[id], self.queue.first()) {
            assert!(
                *due > last,
                "{id} was polled twice while {other} was overdue"
            );
        }
        self.last[id] = Some(now);
    }

    fn unfinished(&mut self, id: usize) {
        let polled = self.last[id].expect("was polled");
        let age = polled.saturating_sub(self.tasks[id].submitted);
        self.due[id] = polled + (age / 20).clamp(Self::MIN, Self::MAX);
        self.queue.insert((self.due[id], id));
    }
}
