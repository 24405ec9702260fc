//! A task of the sandbox: a fixture that is given back once a time has passed.

use std::sync::Arc;
use std::time::Instant;

use super::fixture::{Fixture, TaskPhase};
use super::stats::TaskRecord;

/// A task that was accepted.
#[derive(Debug)]
pub(super) struct SandboxTask {
    pub(super) record: TaskRecord,
    pub(super) fixture: Arc<Fixture>,
    pub(super) ends_at: Instant,
}

impl SandboxTask {
    /// Returns `false` for a fixture that says of itself that it is not finished.
    pub(super) fn has_end(&self) -> bool {
        self.record.fails || self.fixture.has_end()
    }

    /// Returns the task's `data` object at this time.
    pub(super) fn data(&self, now: Instant) -> String {
        let phase = match self.record.fails {
            _ if now < self.ends_at => TaskPhase::Running,
            true => TaskPhase::Failed,
            false => TaskPhase::Ended,
        };
        self.fixture.data(&self.record, phase)
    }
}
