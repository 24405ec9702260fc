//! The numbers of items, kept as they change state.

use super::super::item::State;

/// The numbers of items, by what is left to do about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Items whose file is to be uploaded.
    pub uploading: usize,
    /// Items whose video is being parsed.
    pub parsing: usize,
    /// Items to submit.
    pub submitting: usize,
    /// Items whose task is polled or whose result is being written.
    pub waiting: usize,
    /// Items that are done.
    pub done: usize,
    /// Items that failed.
    pub failed: usize,
    /// Items that were given up or not started.
    pub left: usize,
}

impl Counts {
    pub(super) const fn of(&mut self, state: &State) -> &mut usize {
        match state {
            State::Hashing { .. }
            | State::Uploading(_)
            | State::LookingUp
            | State::AwaitingUpload => &mut self.uploading,
            State::Parsing => &mut self.parsing,
            State::Submitting { .. } => &mut self.submitting,
            State::Polling | State::Delivering => &mut self.waiting,
            State::Done => &mut self.done,
            State::Failed(_) | State::Unknown(_) | State::Undelivered(_) => &mut self.failed,
            State::TimedOut | State::NotStarted => &mut self.left,
        }
    }

    /// Returns the number of items that the run has something to do about.
    pub(super) const fn open(&self) -> usize {
        self.uploading + self.parsing + self.submitting + self.waiting
    }
}
