//! Tasks whose results have come and could not be verified at once, because the rate limit had no
//! turn left: the receiver asks about them itself as soon as there is one. Their senders were told
//! to come again, and may.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::task::TaskNo;

/// How many are remembered: whoever knows the path can name any number.
const MOST: usize = 1_000;

/// The tasks to ask about, the one that has waited longest first.
pub(super) struct Later {
    tasks: VecDeque<TaskNo>,
    /// When the next one may be asked about.
    due: Instant,
}

impl Later {
    pub(super) fn new() -> Self {
        Self {
            tasks: VecDeque::new(),
            due: Instant::now(),
        }
    }

    /// Remembers a task, if there is room, and that nothing can be asked before `due`.
    pub(super) fn add(&mut self, task: &TaskNo, due: Instant) {
        self.due = due;
        if self.tasks.len() < MOST && !self.tasks.contains(task) {
            self.tasks.push_back(task.clone());
        }
    }

    /// Puts a task behind all others, and nothing is asked before `due`: it was asked about in vain.
    pub(super) fn postpone(&mut self, task: &TaskNo, due: Instant) {
        self.remove(task);
        self.add(task, due);
    }

    /// Nothing more has to be asked about this task.
    pub(super) fn remove(&mut self, task: &TaskNo) {
        self.tasks.retain(|other| other != task);
    }

    /// The task whose turn has come. It stays until it is removed.
    pub(super) fn next(&self, now: Instant) -> Option<TaskNo> {
        let task = self.tasks.front()?;
        (self.due <= now).then(|| task.clone())
    }

    /// How long until there is a [`next`](Self::next) one; none where there is no task.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let is_empty = self.tasks.is_empty();
        (!is_empty).then(|| self.due.saturating_duration_since(now))
    }

    /// Every task, in the order in which they are asked about.
    pub(super) fn tasks(&self) -> Vec<&TaskNo> {
        self.tasks.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(number: usize) -> TaskNo {
        TaskNo::new(&format!("T{number}")).unwrap()
    }

    #[test]
    fn tasks_come_in_their_order_once_it_is_time_and_stay_until_they_are_done() {
        let (mut later, now) = (Later::new(), Instant::now());
        assert_eq!((later.next(now), later.wait(now)), (None, None));
        let soon = now + Duration::from_secs(5);
        for number in [1, 2, 1] {
            later.add(&task(number), soon);
        }
        assert_eq!(later.next(now), None);
        assert_eq!(later.wait(now), Some(Duration::from_secs(5)));
        assert_eq!(later.next(soon), Some(task(1)));
        later.postpone(&task(1), soon);
        assert_eq!(later.next(soon), Some(task(2)));
        later.remove(&task(2));
        assert_eq!(later.tasks(), [&task(1)]);
        assert_eq!(later.wait(soon), Some(Duration::ZERO));
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let (mut later, now) = (Later::new(), Instant::now());
        for number in 0..MOST + 10 {
            later.add(&task(number), now);
        }
        assert_eq!(later.tasks().len(), MOST);
        assert_eq!(later.next(now), Some(task(0)));
    }
}
