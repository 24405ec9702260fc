//! Callbacks: whose result is taken, who has to come again, and who is told that nothing was wanted.

use std::time::Duration;

use super::super::callback_target::{CallbackTarget, Refresh, TaskOrigin};
use super::super::event::{Action, ItemId, Message, RequestId, TaskReply, TaskState};
use super::super::item::{Item, State};
use super::{Job, Polls};
use crate::error::{Error, ErrorKind};
use crate::receiver::CallbackResponse;
use crate::text::count;

/// Maximum number of tasks that wait to be verified: whoever knows the path can name any number.
const MAX_UNVERIFIED: usize = 1_000;

impl<R> Job<R> {
    pub(super) fn on_callback(
        &mut self,
        request: RequestId,
        target: CallbackTarget,
        reply: TaskReply<R>,
    ) {
        if self.ending.is_some() || self.is_stopped {
            self.actions
                .push(Action::Respond(request, CallbackResponse::NotStored));
            return;
        }
        if let Some(id) = self.by_task.get(&target.task).copied() {
            self.on_own_callback(id, request, reply);
            return;
        }
        if self.options.polls == Polls::UntilEnd && self.has_unanswered_submits() {
            // The answer to its submit may still be on the way.
            self.actions
                .push(Action::Respond(request, CallbackResponse::NotStored));
            return;
        }
        let refresh = match self.options.callbacks {
            // What this run does not wait for, another run may have taken meanwhile.
            Some(callbacks) if !callbacks.takes_all => Refresh::Always,
            // Each task that it takes changes the journal, which is no reason to read all of it again.
            Some(callbacks) if callbacks.accepts_unknown_tasks => Refresh::Once,
            _ => Refresh::IfUnknown,
        };
        self.actions
            .push(Action::LookUp(request, target.clone(), refresh));
        self.held_callbacks.insert(request, (target, reply));
    }

    fn has_unanswered_submits(&self) -> bool {
        self.counts.submitting > 0
    }

    /// Reports, once all tasks are known, how many of them will call, where that is not all.
    pub(super) fn report_callback_coverage(&mut self) {
        let Some(callbacks) = self
            .options
            .callbacks
            .filter(|callbacks| !callbacks.takes_all)
        else {
            return;
        };
        let counts = self.counts;
        if self.has_reported_calling || counts.uploading + counts.parsing + counts.submitting > 0 {
            return;
        }
        self.has_reported_calling = true;
        let tasks = self.items.iter().filter(|item| item.task.is_some()).count();
        if self.calling == tasks {
            return;
        }
        let others = match tasks.abs_diff(self.calling) {
            1 => "the other is",
            _ => "the others are",
        };
        self.tell(Message::Info(format!(
            "{} of {} will call here; {others} polled as usual{}",
            self.calling,
            count(tasks, "task"),
            callbacks.advice
        )));
    }

    /// A callback of a task that is an item.
    fn on_own_callback(&mut self, id: ItemId, request: RequestId, reply: TaskReply<R>) {
        match &self.items[id].state {
            State::Done if self.options.collects_results => {
                self.actions
                    .push(Action::Respond(request, CallbackResponse::NotStored));
            }
            State::Done => self
                .actions
                .push(Action::Respond(request, CallbackResponse::Stored)),
            State::Delivering => self.items[id].senders.push(request),
            State::Failed(exit) if *exit == ErrorKind::TaskFailed.exit() => {
                self.actions
                    .push(Action::Respond(request, CallbackResponse::Stored));
            }
            _ if self.options.polls == Polls::Verify => {
                self.verify(id, request);
            }
            // A poll that failed says nothing against a result that comes all the same.
            State::Polling | State::Undelivered(_) | State::Failed(_) => {
                self.take(id, request, reply);
            }
            State::Hashing { .. }
            | State::Uploading(_)
            | State::LookingUp
            | State::AwaitingUpload
            | State::Parsing
            | State::Submitting { .. }
            | State::TimedOut
            | State::Unknown(_)
            | State::NotStarted => {
                self.actions
                    .push(Action::Respond(request, CallbackResponse::NotStored));
            }
        }
    }

    /// Takes a callback's result as it is: nobody else knows the address.
    fn take(&mut self, id: ItemId, request: RequestId, reply: TaskReply<R>) {
        match reply.state {
            TaskState::Finished => {
                self.items[id].senders.push(request);
                self.deliver(id, reply.result, true);
            }
            TaskState::Failed => {
                self.items[id].senders.push(request);
                self.task_failed(id, reply.result, true);
            }
            TaskState::Unfinished => {
                let warning = format!(
                    "ignored a callback for {} that came before it finished",
                    self.items[id].label()
                );
                self.warn(warning);
                self.actions
                    .push(Action::Respond(request, CallbackResponse::Rejected));
            }
        }
    }

    pub(super) fn on_looked_up(&mut self, request: RequestId, origin: Result<TaskOrigin, Error>) {
        let Some((target, reply)) = self.held_callbacks.remove(&request) else {
            return;
        };
        if self.takes_all() {
            self.on_foreign_result(request, target, reply, origin);
        } else {
            self.on_other_runs_result(request, &target, origin);
        }
    }

    /// `listen`: a result of a task that is no item yet.
    fn on_foreign_result(
        &mut self,
        request: RequestId,
        target: CallbackTarget,
        reply: TaskReply<R>,
        origin: Result<TaskOrigin, Error>,
    ) {
        let accepts_unknown =
            (self.options.callbacks).is_some_and(|callbacks| callbacks.accepts_unknown_tasks);
        let is_recovered = matches!(origin, Ok(TaskOrigin::Recovered));
        match origin {
            Ok(TaskOrigin::Completed) => {
                self.actions
                    .push(Action::Respond(request, CallbackResponse::Stored));
                return;
            }
            Ok(TaskOrigin::Recovered | TaskOrigin::Recorded { .. }) => {}
            Ok(TaskOrigin::Unknown) if accepts_unknown => {}
            Ok(TaskOrigin::Unknown) => {
                let warning = format!(
                    "ignored a result for task {}, which is not recorded here",
                    target.task
                );
                self.warn_with_advice(
                    warning,
                    "--verify asks the service about such tasks, --any takes them as they are; \
                     only tasks of the base URL of this run are looked up",
                );
                self.actions
                    .push(Action::Respond(request, CallbackResponse::Rejected));
                return;
            }
            // Journal trouble is no reason to lose a result that would be taken anyway.
            Err(error) if accepts_unknown => self.warn(error.message),
            Err(error) => {
                self.warn_lookup_failed(&target, &error);
                self.actions
                    .push(Action::Respond(request, CallbackResponse::NotStored));
                return;
            }
        }
        if is_recovered {
            self.actions.push(Action::ResolveUnknown(target.clone()));
        }
        let is_verified = self.options.polls == Polls::Verify;
        if is_verified && self.counts.open() >= MAX_UNVERIFIED {
            self.actions
                .push(Action::Respond(request, CallbackResponse::NotStored));
            return;
        }
        if !is_verified && reply.state == TaskState::Unfinished {
            let warning = format!(
                "ignored a callback for task {} that came before it finished",
                target.task
            );
            self.warn(warning);
            self.actions
                .push(Action::Respond(request, CallbackResponse::Rejected));
            return;
        }
        let id = self.items.len();
        let (video, transcription_type) = target.video.unzip();
        self.items.push(Item {
            video,
            transcription_type,
            task: Some(target.task.clone()),
            ..Item::new(State::NotStarted)
        });
        *self.counts.of(&State::NotStarted) += 1;
        self.by_task.insert(target.task, id);
        if is_verified {
            self.verify(id, request);
        } else {
            self.take(id, request, reply);
        }
    }

    /// Asks the service about a task that a callback named: what came says no more than that.
    fn verify(&mut self, id: ItemId, request: RequestId) {
        if self.items[id].is_deferred {
            // It is in line already.
            let wait = CallbackResponse::RetryAfter(Duration::from_secs(10));
            self.actions.push(Action::Respond(request, wait));
            return;
        }
        self.items[id].senders.push(request);
        if self.items[id].state != State::Polling {
            self.set_state(id, State::Polling);
            let interval = self.options.intervals.default;
            self.schedule.add(id, interval, None, self.now);
        }
    }

    /// `wait --listen`: a result of a task that this run does not wait for.
    fn on_other_runs_result(
        &mut self,
        request: RequestId,
        target: &CallbackTarget,
        origin: Result<TaskOrigin, Error>,
    ) {
        let task = &target.task;
        let response = match origin {
            Ok(TaskOrigin::Completed) => CallbackResponse::Stored,
            Ok(TaskOrigin::Recorded { calls_here: true }) => {
                self.note_once("recorded", || {
                    format!(
                        "task {task} called back; it is recorded, but this run does not wait for it. \
                         Its sender, and others like it, are told to retry later"
                    )
                });
                CallbackResponse::NotStored
            }
            Ok(TaskOrigin::Recovered) => {
                self.note_once("recovered", || {
                    let video = target.video.as_ref().map(|(video, _)| video.as_str());
                    format!(
                        "task {task} called back; it may belong to a submit of video {} that got no \
                         answer. Its sender is told to retry later: mavi listen would take its result",
                        video.unwrap_or_default()
                    )
                });
                CallbackResponse::NotStored
            }
            Ok(TaskOrigin::Recorded { calls_here: false } | TaskOrigin::Unknown) => {
                let warning =
                    format!("ignored a result for task {task}, which this run does not wait for");
                self.warn(warning);
                CallbackResponse::Rejected
            }
            Err(error) => {
                self.warn_lookup_failed(target, &error);
                CallbackResponse::NotStored
            }
        };
        self.actions.push(Action::Respond(request, response));
    }

    fn warn_lookup_failed(&mut self, target: &CallbackTarget, error: &Error) {
        let warning = format!(
            "could not look up task {} in the journal: {error}",
            target.task
        );
        self.warn_with_advice(warning, "its sender is told to retry later");
    }
}
