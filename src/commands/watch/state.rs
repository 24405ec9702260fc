//! What a wait knows: its tasks, which of them are open, and what has come of the others. The
//! workers share it behind one lock.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use crate::error::Exit;
use crate::schedule::{Pace, Schedule};
use crate::task::TaskNo;

use super::super::record::End;

/// What came of a task, and what was said about it.
#[derive(Clone)]
pub(super) struct Failed {
    pub(super) said: String,
    pub(super) exit: Exit,
}

pub(super) struct State {
    pub(super) schedule: Schedule,
    /// Every task, with whether it is still open, in the order given.
    tasks: Vec<(TaskNo, bool)>,
    ids: HashMap<TaskNo, usize>,
    delivered: HashSet<usize>,
    pub(super) failures: BTreeMap<usize, Failed>,
    /// What could not be written: it is taken again if it comes again.
    pub(super) undelivered: HashSet<usize>,
    /// How many of the tasks will call here.
    pub(super) calling: usize,
    /// Results that are not on record yet, because they are written together at the end.
    pub(super) collected: Vec<End>,
    /// Whether an unknown status has been warned about.
    pub(super) warned: bool,
    /// Whether more tasks may be added.
    pub(super) more: bool,
    /// The token is refused: nothing more is asked.
    pub(super) halted: bool,
    /// The reader of stdout is gone: nothing is left to do.
    pub(super) closed_pipe: Option<anyhow::Error>,
}

impl State {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            schedule: Schedule::new(pace, fastrand::u64(..)),
            tasks: Vec::new(),
            ids: HashMap::new(),
            delivered: HashSet::new(),
            failures: BTreeMap::new(),
            undelivered: HashSet::new(),
            calling: 0,
            collected: Vec::new(),
            warned: false,
            more: true,
            halted: false,
            closed_pipe: None,
        }
    }

    pub(super) fn add(&mut self, task: TaskNo, age: Option<Duration>, pace: Pace, now: Duration) {
        self.schedule.add_at(pace, self.tasks.len(), age, now);
        self.ids.insert(task.clone(), self.tasks.len());
        self.tasks.push((task, true));
    }

    /// Takes a task that is about to end. False where another answer was first: by a callback and a
    /// question at the same time, the result comes twice and is delivered once.
    pub(super) fn claim(&mut self, id: usize) -> bool {
        self.schedule.ended(id)
    }

    /// Takes a task whose result could not be written, now that it has come again.
    pub(super) fn claim_again(&mut self, id: usize) -> bool {
        self.undelivered.remove(&id)
    }

    /// The task with this number.
    pub(super) fn id(&self, task: &TaskNo) -> Option<usize> {
        self.ids.get(task).copied()
    }

    /// Whether its result has been written.
    pub(super) fn is_delivered(&self, id: usize) -> bool {
        self.delivered.contains(&id)
    }

    /// A task has ended: delivered, failed and reported, or with nobody left to read it.
    pub(super) fn ended(&mut self, id: usize, outcome: anyhow::Result<Option<Failed>>) {
        match outcome {
            Ok(None) => {
                self.failures.remove(&id);
                self.delivered.insert(id);
            }
            Ok(Some(failed)) => drop(self.failures.insert(id, failed)),
            Err(closed_pipe) => {
                self.closed_pipe = Some(closed_pipe);
                return;
            }
        }
        self.tasks[id].1 = false;
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.halted || self.closed_pipe.is_some()
    }

    pub(super) fn task(&self, id: usize) -> &TaskNo {
        &self.tasks[id].0
    }

    pub(super) fn count(&self) -> usize {
        self.tasks.len()
    }

    /// The tasks that are open. `collected` says that all results go into one file: a later run
    /// writes that file anew, so it needs all tasks if any is open.
    pub(super) fn open_tasks(&self, collected: bool) -> Vec<&TaskNo> {
        let all = collected && self.tasks.iter().any(|(_, open)| *open);
        self.tasks
            .iter()
            .filter(|(_, open)| all || *open)
            .map(|(task, _)| task)
            .collect()
    }

    /// Where things stand, in one line; nothing where nothing is open, or waited for any more.
    pub(super) fn described(&self) -> Option<String> {
        if self.is_stopped() {
            return None;
        }
        let (all, failed, done) = (self.tasks.len(), self.failures.len(), self.delivered.len());
        let open = all.saturating_sub(done + failed);
        let failed = if failed == 0 {
            String::new()
        } else {
            format!(", {failed} failed")
        };
        match (open, all) {
            (0, _) => None,
            (1, 1) => Some(format!("waiting for task {}", self.tasks[0].0)),
            _ => Some(format!(
                "waiting for {open} of {all} tasks ({done} done{failed})"
            )),
        }
    }
}
