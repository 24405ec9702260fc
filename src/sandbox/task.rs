//! A task of the sandbox: a fixture that is given back once a time has passed.

use std::sync::Arc;
use std::time::Instant;

use super::fixture::{Fixture, TaskIdentity, TaskPhase};
use crate::task::TranscriptionType;

/// A task that was accepted.
#[derive(Debug)]
pub(super) struct SandboxTask {
    pub(super) task_no: String,
    pub(super) video_no: String,
    pub(super) kind: TranscriptionType,
    pub(super) fixture: Arc<Fixture>,
    pub(super) ends_at: Instant,
    /// Made to fail by a fault.
    pub(super) fails: bool,
}

impl SandboxTask {
    /// Returns the phase at this time.
    pub(super) fn phase(&self, now: Instant) -> TaskPhase {
        if now < self.ends_at {
            TaskPhase::Running
        } else {
            self.last_phase()
        }
    }

    /// Returns the phase in which the task ends.
    pub(super) fn last_phase(&self) -> TaskPhase {
        if self.fails {
            TaskPhase::Failed
        } else {
            TaskPhase::Ended
        }
    }

    /// Returns `false` for a fixture that says of itself that it is not finished.
    pub(super) fn has_end(&self) -> bool {
        self.fails || self.fixture.has_end()
    }

    /// Returns the task's `data` object in this phase.
    pub(super) fn data(&self, phase: TaskPhase) -> String {
        let identity = TaskIdentity {
            task_no: &self.task_no,
            video_no: &self.video_no,
            kind: self.kind,
        };
        self.fixture.data(identity, phase)
    }
}
