//! Callbacks in a wait: which tasks will call, and what becomes of what comes.

use std::sync::PoisonError;
use std::time::Duration;

use jiff::Timestamp;

use crate::cli::Waiting;
use crate::journal;
use crate::receiver::CallbackResponse;
use crate::schedule::Pace;
use crate::task::TaskNo;
use crate::transcript::Status;

use super::super::inbox::Inbox;
use super::super::inbox::letter::{self, Subject};
use super::super::known::Standing;
use super::super::record::End;
use super::Watch;

/// How often a task is asked about that will not call here, and one that will.
#[derive(Clone, Copy)]
pub(super) struct Paces {
    pub(super) usual: Pace,
    pub(super) calling: Pace,
}

impl Paces {
    /// As given, or as fits.
    pub(super) fn of(interval: Option<Duration>) -> Self {
        let fixed = interval.map(Pace::fixed);
        Self {
            usual: fixed.unwrap_or(Pace::adaptive()),
            calling: fixed.unwrap_or(Pace::rare()),
        }
    }
}

/// The flags of the command that goes on. A receiver is only worth having again where the tasks know
/// its address, secret path and port included.
pub(super) fn to_go_on(waiting: &Waiting, inbox: Option<&Inbox>) -> Waiting {
    let mut again = waiting.clone();
    if again.path_secret_file.is_some() {
        again.listen = inbox.map(Inbox::addr);
    } else {
        (again.listen, again.public_url) = (None, None);
    }
    again
}

impl Watch<'_> {
    /// Adds a task that was submitted this moment, and told to call here if anybody can.
    pub(in super::super) fn add_new(&self, task: TaskNo) {
        let callback = self.callback_url().map(str::to_owned);
        self.add(task, Some(Duration::ZERO), callback.as_deref());
    }

    /// Adds a task of an earlier run, with what is on record about it.
    pub(in super::super) fn add_known(&self, task: TaskNo, known: Option<&journal::Task>) {
        let age = known.and_then(|task| task.submitted_at).map(age);
        let callback = known.and_then(|task| task.callback.as_deref());
        if callback.is_some_and(|callback| self.will_call(callback)) {
            // It may have called while nobody was here: it is asked about at once, like a task of
            // unknown age, and rarely after that.
            self.add(task, None, callback);
        } else {
            self.add(task, age, callback);
        }
    }

    fn add(&self, task: TaskNo, age: Option<Duration>, callback: Option<&str>) {
        if self.delivery.is_settled(&task) {
            return;
        }
        let calls = callback.is_some_and(|callback| self.will_call(callback));
        let pace = if calls {
            self.paces.calling
        } else {
            self.paces.usual
        };
        let mut state = self.state();
        state.calling += usize::from(calls);
        state.add(task, age, pace, self.now());
        drop(state);
        self.changed.notify_one();
    }

    fn will_call(&self, callback: &str) -> bool {
        let inbox = self.inbox.as_ref();
        inbox.is_some_and(|inbox| inbox.is_told_by(callback))
    }

    /// Says how many of the tasks will call here, where that is not all of them.
    pub(super) fn say_who_calls(&self) {
        let Some(inbox) = &self.inbox else {
            return;
        };
        let (calling, all) = {
            let state = self.state();
            (state.calling, state.count())
        };
        if calling < all {
            let is_new = self.flags.0.path_secret_file.is_none();
            let advice = if is_new && inbox.is_told_by(inbox.callback_url()) {
                " (--path-secret-file keeps the address from run to run)"
            } else {
                ""
            };
            self.context.progress.note(&format!(
                "{calling} of {all} tasks will call here; the others are asked about as usual{advice}"
            ));
        }
    }

    /// What a callback brought. Nobody else knows the address, so it is used as it is.
    pub(super) fn arrived(&self, body: &str) -> CallbackResponse {
        let subject = letter::subject_of(body).inspect_err(|why| self.complaints.say(why));
        let Ok(subject) = subject else {
            return CallbackResponse::Rejected;
        };
        let task = &subject.task;
        let (id, more) = {
            let state = self.state();
            (state.id(task), state.more)
        };
        let Some(id) = id else {
            if more {
                // The answer to its submit may still be on the way.
                return CallbackResponse::NotStored;
            }
            return self.not_waited_for(&subject);
        };
        let Some(result) = letter::result_in(body, task, self.unit) else {
            self.complaints.say(letter::NO_RESULT);
            return CallbackResponse::Rejected;
        };
        let end = End::of(task, &result).by_callback();
        let is_safe = match result.status {
            // What is gathered for one file is on no disk before the end.
            Some(Status::Finished) => {
                self.finished(id, end, &result) && !self.delivery.output.is_combined()
            }
            Some(Status::Failed) => {
                self.failed_there(id, &end);
                true
            }
            _ => return CallbackResponse::Rejected,
        };
        self.changed.notify_all();
        if is_safe {
            CallbackResponse::Stored
        } else {
            CallbackResponse::NotStored
        }
    }

    /// A result of a task that this run does not wait for: known already, for another run to take,
    /// or nobody's.
    fn not_waited_for(&self, subject: &Subject) -> CallbackResponse {
        let task = &subject.task;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match known.present_standing(self.record, subject) {
            Ok(Standing::Taken) => CallbackResponse::Stored,
            Ok(Standing::Ours { calls_here: true }) => {
                self.complaints.note_once("ours", &format!(
                    "task {task} called, which is on record and not waited for in this run; its \
                     sender, and others like it, are told to come again"
                ));
                CallbackResponse::NotStored
            }
            Ok(Standing::Found) => {
                let video = subject.video.as_ref().map(|(video, _)| video.as_str());
                self.complaints.note_once("found", &format!(
                    "task {task} called, which may be the one of a submit of video {} that had no \
                     answer; its sender is told to come again: mavi listen would take it",
                    video.unwrap_or_default()
                ));
                CallbackResponse::NotStored
            }
            Ok(Standing::Ours { calls_here: false } | Standing::Stranger) => {
                self.complaints.say(&format!(
                    "a result for task {task}, which is not waited for, was ignored"
                ));
                CallbackResponse::Rejected
            }
            Err(error) => {
                self.complaints.no_look_up(task, &error);
                CallbackResponse::NotStored
            }
        }
    }
}

/// How long ago that was; nothing where the clock was set back since.
fn age(submitted: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().duration_since(submitted)).unwrap_or_default()
}
