//! Polls: what comes of an answer.

use std::time::Duration;

use super::super::event::{Action, ItemId, TaskReply, TaskState};
use super::super::item::State;
use super::super::rate_limit::Permit;
use super::super::retry::{Call, Decision, RetryLimit};
use super::lanes::permit_action;
use super::messages::{task_failed, with_names};
use super::{Ending, Job, Polls};
use crate::api::{ApiError, FailureClass};
use crate::receiver::CallbackResponse;

/// The time after which a task is asked about again whose callback could not be verified.
const VERIFY_AGAIN: Duration = Duration::from_secs(10);

impl<R> Job<R> {
    pub(super) fn on_polled(
        &mut self,
        id: ItemId,
        permit: Permit,
        result: Result<TaskReply<R>, ApiError>,
    ) {
        self.in_flight -= 1;
        self.actions
            .push(permit_action(permit, result.as_ref().err()));
        // Otherwise a callback was quicker, its time was up, or the run is ending.
        if self.items[id].state != State::Polling || self.is_cut_short() {
            return;
        }
        match result {
            Ok(reply) => {
                self.consecutive_failures = 0;
                let item = &mut self.items[id];
                item.failures = 0;
                self.outage_ended();
                self.on_reply(id, reply);
            }
            Err(error) => self.on_poll_failed(id, error),
        }
    }

    fn on_reply(&mut self, id: ItemId, reply: TaskReply<R>) {
        let by_callback = self.options.polls == Polls::Verify;
        // A task that goes on is asked about again.
        let is_last = reply.state != TaskState::Unfinished || self.options.polls == Polls::Once;
        if let (Some(other), true) = (&reply.other_task, by_callback || is_last) {
            let taken = if by_callback {
                "ignored"
            } else {
                "taken as its own"
            };
            let warning = format!(
                "asked about {}, the service answered about task {other:?}, which was {taken}",
                self.items[id].label()
            );
            self.warn(warning);
        }
        if by_callback && reply.other_task.is_some() {
            self.not_verified(id, CallbackResponse::NotStored);
            return;
        }
        if reply.state == TaskState::Finished
            && let Some(submitted_at) = self.items[id].submitted_at
            && let Ok(submitted_at) = Duration::try_from(submitted_at)
        {
            // It was submitted in this run, so the time of its end is known well.
            self.schedule.expect(self.now.saturating_sub(submitted_at));
        }
        match (reply.state, self.options.polls) {
            (TaskState::Finished, _) => self.deliver(id, reply.result, by_callback),
            (TaskState::Failed, _) => self.task_failed(id, reply.result, by_callback),
            (TaskState::Unfinished, Polls::Once) => {
                self.actions
                    .push(Action::DeliverUnfinished(id, reply.result));
                self.unfinished(id);
            }
            (TaskState::Unfinished, Polls::Verify) => {
                let warning = format!(
                    "a callback for {} arrived, but the service reports that it has not finished",
                    self.items[id].label()
                );
                self.warn(warning);
                self.not_verified(id, CallbackResponse::NotStored);
            }
            (TaskState::Unfinished, Polls::UntilEnd | Polls::Never) => {
                self.schedule.reschedule(id);
            }
        }
    }

    /// The one poll of a task found it unfinished. Several tasks are reported at the end, with one command
    /// for all that are unfinished.
    fn unfinished(&mut self, id: ItemId) {
        let item = &self.items[id];
        match &item.task {
            Some(task) if self.items.len() == 1 => {
                let wait = self.options.commands.wait_for(task);
                let hint = format!("to wait for it, run: {wait}");
                let error = item.unfinished().with_hint(hint);
                self.fail(id, error);
            }
            _ => self.set_state(id, State::TimedOut),
        }
    }

    /// Hands a result over to be written.
    pub(super) fn deliver(&mut self, id: ItemId, result: R, by_callback: bool) {
        self.set_state(id, State::Delivering);
        self.items[id].by_callback = by_callback;
        self.actions.push(Action::Deliver {
            item: id,
            result,
            by_callback,
        });
    }

    /// The service says that there will be no transcription.
    pub(super) fn task_failed(&mut self, id: ItemId, result: R, by_callback: bool) {
        self.actions.push(Action::RecordFailed {
            item: id,
            result,
            by_callback,
        });
        let error = task_failed(&self.items[id]);
        self.fail(id, error);
        self.respond_to_senders(id, CallbackResponse::Stored);
    }

    fn on_poll_failed(&mut self, id: ItemId, error: ApiError) {
        // A poll that the deadline cut short says nothing about the service.
        if self.items[id]
            .deadline
            .is_some_and(|deadline| self.now >= deadline)
        {
            return;
        }
        if error.renews_token {
            self.schedule.postpone(id, self.now);
            return;
        }
        if self.options.polls == Polls::Verify {
            self.on_verify_failed(id, &error);
            return;
        }
        self.consecutive_failures = self.consecutive_failures.saturating_add(1);
        self.items[id].failures = self.items[id].failures.saturating_add(1);
        let limit = self.poll_limit();
        let failures = match self.options.polls {
            Polls::Once => self.items[id].failures,
            _ => self.consecutive_failures,
        };
        match self.retry.decide(Call::Poll, &error, limit, failures) {
            Decision::Retry(after) => {
                self.outage_started(&error.error);
                self.schedule.postpone(id, self.now + after);
            }
            Decision::GiveUp => {
                self.outage = None;
                let item = &self.items[id];
                let what = format!("could not get {}", item.full_label());
                let error = with_names(error.error, item).prefixed(what);
                if error.is_refused_token() {
                    // Every other task would meet the same refusal: all that is open stays open.
                    self.end(Ending::AuthFailed(error));
                } else {
                    self.fail(id, error);
                }
            }
        }
    }

    fn on_verify_failed(&mut self, id: ItemId, error: &ApiError) {
        if matches!(error.class, FailureClass::RateLimited { .. }) {
            // The permit that comes next says how long it takes.
            self.is_throttled = true;
            self.schedule.postpone(id, self.now);
            return;
        }
        let warning = format!(
            "could not verify the result of {}: {}",
            self.items[id].label(),
            error.error.message
        );
        self.warn(warning);
        let response = if error.is_unknown_task() {
            self.items[id].is_deferred = false;
            CallbackResponse::Rejected
        } else {
            CallbackResponse::NotStored
        };
        self.not_verified(id, response);
    }

    /// Answers the senders of a result that could not be verified. One that was deferred is polled
    /// again; for any other, the sender will come again.
    fn not_verified(&mut self, id: ItemId, response: CallbackResponse) {
        self.respond_to_senders(id, response);
        if self.items[id].is_deferred {
            self.schedule.postpone(id, self.now + VERIFY_AGAIN);
        } else {
            self.set_state(id, State::NotStarted);
        }
    }

    /// Tells the senders of all results that wait to be verified when there will be a permit; they
    /// are polled then, whether the senders come again or not.
    pub(super) fn defer_verifications(&mut self, wait: Duration) {
        self.is_throttled = false;
        for id in 0..self.items.len() {
            if self.items[id].senders.is_empty() || self.schedule.is_in_flight(id) {
                continue;
            }
            self.items[id].is_deferred = true;
            let label = self.items[id].label();
            self.note_once("deferred", || {
                format!(
                    "more results arrive than the rate limit lets mavi verify; the others, {label} \
                     first, are verified as soon as it does"
                )
            });
            self.respond_to_senders(id, CallbackResponse::RetryAfter(wait));
        }
    }

    /// Returns how often a failed poll is repeated: without limit where polls go on until the tasks end.
    fn poll_limit(&self) -> RetryLimit {
        match self.options.polls {
            Polls::Once => self.options.retries,
            Polls::Never | Polls::UntilEnd => RetryLimit::Unlimited,
            Polls::Verify => RetryLimit::Attempts(0),
        }
    }
}
