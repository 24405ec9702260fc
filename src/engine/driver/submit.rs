//! Submits: recorded before they are sent and after their answer, and not sent where the record has a task
//! already.

use super::super::age;
use super::super::calls::WorkerCall;
use super::super::event::{Event, ItemId, RecordedSubmit, RecordedTask};
use super::super::rate_limit::Permit;
use super::super::receive::CallbackReceiver;
use super::super::retry::is_possibly_accepted;
use super::Driver;
use crate::api::{ApiError, Submission};
use crate::ids::TaskNo;
use crate::journal::{BeginSubmit, SubmitAttempt, Task};

impl Driver {
    /// Records an attempt and sends it, unless the record has a task for it.
    pub(super) fn submit(&mut self, item: ItemId, permit: Permit) {
        let state = self.job.item(item);
        let (Some(video_no), Some(transcription_type)) =
            (state.video.clone(), state.transcription_type)
        else {
            return;
        };
        let callback = self.parts.callback.clone();
        let base_url = self.parts.journal.base_url();
        let attempt =
            SubmitAttempt::new(base_url, &video_no, transcription_type, callback.as_deref());
        let submit = match self.parts.journal.begin_submit(&attempt, self.parts.reuse) {
            Ok(BeginSubmit::Proceed) => {
                self.attempts.insert(item, attempt);
                self.call(WorkerCall::Submit {
                    item,
                    permit,
                    submission: Submission {
                        video_no,
                        transcription_type,
                        callback,
                    },
                });
                return;
            }
            Ok(BeginSubmit::Existing(task)) => Ok(self.recorded(&task)),
            Ok(BeginSubmit::InProgress) => Ok(RecordedSubmit::InProgress),
            Ok(BeginSubmit::Unknown(_)) => Ok(RecordedSubmit::Unanswered),
            Err(error) => Err(error),
        };
        self.hear_signal();
        self.pending.push_back(Event::Recorded {
            item,
            permit,
            submit,
        });
    }

    /// Records the outcome of a submit: what was paid for is on record before the job hears of it.
    pub(super) fn record_submit(&mut self, item: ItemId, result: &Result<TaskNo, ApiError>) {
        let Some(attempt) = self.attempts.remove(&item) else {
            return;
        };
        let journal = &self.parts.journal;
        let named = match result {
            Ok(task) => Some(task),
            Err(error) => error.named_task.as_ref(),
        };
        match (named, result) {
            (Some(task), _) => journal.submitted(&attempt, task, &self.job.item(item).label()),
            (None, Err(error)) if !is_possibly_accepted(error) => journal.rejected(&attempt),
            (None, _) => {}
        }
    }

    fn recorded(&self, task: &Task) -> RecordedSubmit {
        let calls_here = |receiver: &CallbackReceiver| {
            let callback = task.callback.as_deref();
            callback.is_some_and(|callback| receiver.matches_callback_url(callback))
        };
        let Some(task_no) = task.task_no.clone() else {
            return RecordedSubmit::Unanswered;
        };
        RecordedSubmit::Task(RecordedTask {
            task: task_no,
            age: task.submitted_at.map(age),
            calls_here: self.parts.receiver.as_ref().is_some_and(calls_here),
        })
    }
}
