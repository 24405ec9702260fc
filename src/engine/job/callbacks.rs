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
        now: Duration,
        request: RequestId,
        target: CallbackTarget,
        reply: TaskReply<R>,
        actions: &mut Vec<Action<R>>,
    ) {
        if self.ending.is_some() || self.is_stopped {
            actions.push(Action::Respond(request, CallbackResponse::NotStored));
            return;
        }
        if let Some(id) = self.by_task.get(&target.task).copied() {
            self.on_own_callback(now, id, request, reply, actions);
            return;
        }
        if self.options.polls == Polls::UntilEnd && self.has_unanswered_submits() {
            // The answer to its submit may still be on the way.
            actions.push(Action::Respond(request, CallbackResponse::NotStored));
            return;
        }
        let refresh = match self.options.callbacks {
            // What this run does not wait for, another run may have taken meanwhile.
            Some(callbacks) if !callbacks.takes_all => Refresh::Always,
            // Each task that it takes changes the journal, which is no reason to read all of it again.
            Some(callbacks) if callbacks.accepts_unknown_tasks => Refresh::Once,
            _ => Refresh::IfUnknown,
        };
        actions.push(Action::LookUp(request, target.clone(), refresh));
        self.held_callbacks.insert(request, (target, reply));
    }

    fn has_unanswered_submits(&self) -> bool {
        self.counts.submitting > 0
    }

    /// Reports, once all tasks are known, how many of them will call, where that is not all.
    pub(super) fn report_callback_coverage(&mut self, actions: &mut Vec<Action<R>>) {
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
        actions.push(Action::Tell(Message::Info(format!(
            "{} of {} will call here; the others are polled as usual{}",
            self.calling,
            count(tasks, "task"),
            callbacks.advice
        ))));
    }

    /// A callback of a task that is an item.
    fn on_own_callback(
        &mut self,
        now: Duration,
        id: ItemId,
        request: RequestId,
        reply: TaskReply<R>,
        actions: &mut Vec<Action<R>>,
    ) {
        match &self.items[id].state {
            State::Done if self.options.collects_results => {
                actions.push(Action::Respond(request, CallbackResponse::NotStored));
            }
            State::Done => actions.push(Action::Respond(request, CallbackResponse::Stored)),
            State::Delivering => self.items[id].senders.push(request),
            State::Failed(exit) if *exit == ErrorKind::TaskFailed.exit() => {
                actions.push(Action::Respond(request, CallbackResponse::Stored));
            }
            _ if self.options.polls == Polls::Verify => {
                self.verify(now, id, request, actions);
            }
            // A poll that failed says nothing against a result that comes all the same.
            State::Polling | State::Undelivered(_) | State::Failed(_) => {
                self.take(id, request, reply, actions);
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
                actions.push(Action::Respond(request, CallbackResponse::NotStored));
            }
        }
    }

    /// Takes a callback's result as it is: nobody else knows the address.
    fn take(
        &mut self,
        id: ItemId,
        request: RequestId,
        reply: TaskReply<R>,
        actions: &mut Vec<Action<R>>,
    ) {
        match reply.state {
            TaskState::Finished => {
                self.items[id].senders.push(request);
                self.deliver(id, reply.result, true, actions);
            }
            TaskState::Failed => {
                self.items[id].senders.push(request);
                self.task_failed(id, reply.result, true, actions);
            }
            TaskState::Unfinished => {
                let warning = format!(
                    "ignored a callback for {} that came before it finished",
                    self.items[id].label()
                );
                self.warn(warning, actions);
                actions.push(Action::Respond(request, CallbackResponse::Rejected));
            }
        }
    }

    pub(super) fn on_looked_up(
        &mut self,
        now: Duration,
        request: RequestId,
        origin: Result<TaskOrigin, Error>,
        actions: &mut Vec<Action<R>>,
    ) {
        let Some((target, reply)) = self.held_callbacks.remove(&request) else {
            return;
        };
        if self.takes_all() {
            self.on_foreign_result(now, request, target, reply, origin, actions);
        } else {
            self.on_other_runs_result(request, &target, origin, actions);
        }
    }

    /// `listen`: a result of a task that is no item yet.
    fn on_foreign_result(
        &mut self,
        now: Duration,
        request: RequestId,
        target: CallbackTarget,
        reply: TaskReply<R>,
        origin: Result<TaskOrigin, Error>,
        actions: &mut Vec<Action<R>>,
    ) {
        let accepts_unknown =
            (self.options.callbacks).is_some_and(|callbacks| callbacks.accepts_unknown_tasks);
        let is_recovered = matches!(origin, Ok(TaskOrigin::Recovered));
        match origin {
            Ok(TaskOrigin::Completed) => {
                actions.push(Action::Respond(request, CallbackResponse::Stored));
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
                    actions,
                );
                actions.push(Action::Respond(request, CallbackResponse::Rejected));
                return;
            }
            // Journal trouble is no reason to lose a result that would be taken anyway.
            Err(error) if accepts_unknown => self.warn(error.message, actions),
            Err(error) => {
                self.warn_lookup_failed(&target, &error, actions);
                actions.push(Action::Respond(request, CallbackResponse::NotStored));
                return;
            }
        }
        if is_recovered {
            actions.push(Action::ResolveUnknown(target.clone()));
        }
        let is_verified = self.options.polls == Polls::Verify;
        if is_verified && self.counts.open() >= MAX_UNVERIFIED {
            actions.push(Action::Respond(request, CallbackResponse::NotStored));
            return;
        }
        if !is_verified && reply.state == TaskState::Unfinished {
            let warning = format!(
                "ignored a callback for task {} that came before it finished",
                target.task
            );
            self.warn(warning, actions);
            actions.push(Action::Respond(request, CallbackResponse::Rejected));
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
            self.verify(now, id, request, actions);
        } else {
            self.take(id, request, reply, actions);
        }
    }

    /// Asks the service about a task that a callback named: what came says no more than that.
    fn verify(
        &mut self,
        now: Duration,
        id: ItemId,
        request: RequestId,
        actions: &mut Vec<Action<R>>,
    ) {
        if self.items[id].is_deferred {
            // It is in line already.
            let wait = CallbackResponse::RetryAfter(Duration::from_secs(10));
            actions.push(Action::Respond(request, wait));
            return;
        }
        self.items[id].senders.push(request);
        if self.items[id].state != State::Polling {
            self.set_state(id, State::Polling);
            let interval = self.options.intervals.default;
            self.schedule.add(id, interval, None, now);
        }
    }

    /// `wait --listen`: a result of a task that this run does not wait for.
    fn on_other_runs_result(
        &mut self,
        request: RequestId,
        target: &CallbackTarget,
        origin: Result<TaskOrigin, Error>,
        actions: &mut Vec<Action<R>>,
    ) {
        let task = &target.task;
        let response = match origin {
            Ok(TaskOrigin::Completed) => CallbackResponse::Stored,
            Ok(TaskOrigin::Recorded { calls_here: true }) => {
                self.note_once("recorded", actions, || {
                    format!(
                        "task {task} called back; it is recorded, but this run does not wait for it. \
                         Its sender, and others like it, are told to retry later"
                    )
                });
                CallbackResponse::NotStored
            }
            Ok(TaskOrigin::Recovered) => {
                self.note_once("recovered", actions, || {
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
                self.warn(warning, actions);
                CallbackResponse::Rejected
            }
            Err(error) => {
                self.warn_lookup_failed(target, &error, actions);
                CallbackResponse::NotStored
            }
        };
        actions.push(Action::Respond(request, response));
    }

    fn warn_lookup_failed(
        &mut self,
        target: &CallbackTarget,
        error: &Error,
        actions: &mut Vec<Action<R>>,
    ) {
        let warning = format!(
            "could not look up task {} in the journal: {error}",
            target.task
        );
        self.warn_with_advice(warning, "its sender is told to retry later", actions);
    }

    /// Warns about a callback, unless there were too many warnings already.
    pub(super) fn warn(&mut self, text: String, actions: &mut Vec<Action<R>>) {
        let warnings = self.warnings.warn(text).into_iter();
        actions.extend(warnings.map(|text| Action::Tell(Message::Warning(text))));
    }

    /// Warns, with advice that is given once.
    fn warn_with_advice(
        &mut self,
        text: String,
        advice: &'static str,
        actions: &mut Vec<Action<R>>,
    ) {
        let text = if self.warnings.is_first(advice) {
            format!("{text}; {advice}")
        } else {
            text
        };
        self.warn(text, actions);
    }

    /// Tells the user something the first time that it happens.
    pub(super) fn note_once(
        &mut self,
        what: &'static str,
        actions: &mut Vec<Action<R>>,
        text: impl FnOnce() -> String,
    ) {
        if self.warnings.is_first(what) {
            actions.push(Action::Tell(Message::Info(text())));
        }
    }
}
