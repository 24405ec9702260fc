//! Submits: what comes of an answer.

use std::fmt::Write as _;
use std::time::Duration;

use super::super::event::{Action, ItemId, RecordedSubmit, RecordedTask};
use super::super::item::State;
use super::super::rate_limit::Permit;
use super::super::retry::{Call, Decision, is_possibly_accepted};
use super::item_queue::ItemQueue;
use super::lanes::permit_action;
use super::messages::with_names;
use super::{Ending, Job, Polls};
use crate::api::{ApiError, FailureClass};
use crate::error::{Error, ErrorKind};
use crate::ids::TaskNo;

/// The time after which the record is looked at again for a submit that another item has under way.
const FIND_AGAIN: Duration = Duration::from_millis(500);

/// Maximum time to wait for the outcome of a submit of the same video and type that is under way.
const MAX_WAIT_FOR_OTHER: Duration = Duration::from_mins(2);

impl<R> Job<R> {
    pub(super) fn on_submitted(
        &mut self,
        id: ItemId,
        permit: Permit,
        result: Result<TaskNo, ApiError>,
    ) {
        self.in_flight -= 1;
        self.submits_in_flight -= 1;
        self.actions
            .push(permit_action(permit, result.as_ref().err()));
        match result {
            Ok(task) => {
                self.outage_ended();
                let recorded = RecordedTask {
                    task,
                    age: Some(Duration::ZERO),
                    calls_here: self
                        .options
                        .callbacks
                        .is_some_and(|callbacks| callbacks.is_reachable),
                };
                self.begin_wait(id, recorded);
            }
            Err(error) => self.on_submit_failed(id, error),
        }
    }

    /// The item's task is known: its result is waited for, or its number is all that was asked for.
    fn begin_wait(&mut self, id: ItemId, recorded: RecordedTask) {
        let item = &mut self.items[id];
        item.failures = 0;
        if self.options.polls == Polls::Never {
            item.task = Some(recorded.task);
            self.set_state(id, State::Done);
            return;
        }
        let note = format!("{}: task {}", item.label(), recorded.task);
        self.tell_change(note);
        self.begin_stage(id, State::Polling);
        self.watch(id, recorded);
    }

    fn on_submit_failed(&mut self, id: ItemId, error: ApiError) {
        let transcription_type = self.items[id].transcription_type.unwrap_or_default();
        let item = &mut self.items[id];
        item.state = State::Submitting { is_sent: false };
        let is_ending = self.ending.is_some() || self.submit_stop.is_some();
        if error.renews_token && !is_ending {
            self.queue(transcription_type).push(id);
            return;
        }
        item.failures += 1;
        let failures = item.failures;
        let decision = self
            .retry
            .decide(Call::Submit, &error, self.options.retries, failures);
        if let (Decision::Retry(after), false) = (decision, is_ending) {
            self.outage_started(&error.error);
            let again = self.now + after;
            self.queue(transcription_type).delay(id, again);
            return;
        }
        self.submit_failed_for_good(id, error);
    }

    fn submit_failed_for_good(&mut self, id: ItemId, error: ApiError) {
        if self.has_no_token_left(&error) {
            return self.set_state(id, State::NotStarted);
        }
        let is_unknown = is_possibly_accepted(&error);
        let contradicts_itself = error.named_task.is_some() || error.says_success;
        let commands = &self.options.commands;
        let item = &mut self.items[id];
        item.task = error.named_task;
        let what = format!("could not submit {}", item.label());
        let mut error = with_names(error.error, item).prefixed(what);
        if contradicts_itself {
            // Neither its code nor its HTTP status says what came of it.
            error.kind = ErrorKind::Network;
        }
        if is_unknown {
            error
                .message
                .push_str("; it is not known whether the service accepted it");
            if let Some(task) = &item.task {
                let _ = write!(error.message, " (its reply names task {task})");
            }
            error.hint = Some(match &item.task {
                Some(task) => format!("to wait for that task, run: {}", commands.wait_for(task)),
                None => format!(
                    "it was not sent again, since that could be paid for twice; `{}` lists such submits",
                    commands.unknown_submits()
                ),
            });
        } else if error.api_code.as_deref() == Some("0409") {
            let mut hint = format!("`{}` may list its task", commands.named("tasks"));
            if let (Some(video), Some(kind)) = (&item.video, item.transcription_type) {
                let submit = commands.submit(video, kind, true);
                let _ = write!(hint, "; to print it, run: {submit}");
            }
            error.hint = Some(hint);
        }
        if error.is_refused_token() {
            self.set_state(id, State::NotStarted);
            self.end(Ending::AuthFailed(error));
        } else if !is_unknown && ends_submits(&error) {
            // Counted with those that are not sent any more: it was not accepted either.
            self.set_state(id, State::NotStarted);
            self.stop_submits(error);
        } else if is_unknown {
            let exit = error.kind.exit();
            self.report(id, error);
            self.set_state(id, State::Unknown(exit));
        } else {
            self.fail(id, error);
        }
    }

    /// Returns `true` if a call was not made since the end of the run stopped the fetching of its token.
    pub(super) fn has_no_token_left(&self, error: &ApiError) -> bool {
        self.ending.is_some() && error.class == FailureClass::NoToken
    }

    /// Submits nothing more: every other submit would fail for this reason too.
    pub(super) fn stop_submits(&mut self, error: Error) {
        let queues = [
            &mut self.audio,
            &mut self.video,
            &mut self.files.hashes,
            &mut self.files.finds,
            &mut self.files.uploads,
        ];
        let left: Vec<ItemId> = queues.into_iter().flat_map(ItemQueue::clear).collect();
        for id in left {
            self.not_started(id);
        }
        self.submit_stop.get_or_insert(error);
    }

    pub(super) fn on_recorded(
        &mut self,
        id: ItemId,
        permit: Permit,
        submit: Result<RecordedSubmit, Error>,
    ) {
        self.in_flight -= 1;
        self.submits_in_flight -= 1;
        self.actions.push(Action::Cancel(permit));
        let error = match submit {
            Ok(RecordedSubmit::Task(recorded)) => {
                return self.begin_wait(id, recorded);
            }
            Ok(RecordedSubmit::InProgress) if self.may_await_other(id) => {
                let item = &mut self.items[id];
                item.state = State::Submitting { is_sent: false };
                let transcription_type = item.transcription_type.unwrap_or_default();
                let again = self.now + FIND_AGAIN;
                self.queue(transcription_type).delay(id, again);
                return;
            }
            Ok(RecordedSubmit::InProgress | RecordedSubmit::Unanswered) => {
                let why = "an earlier submit has no recorded answer and may have been accepted";
                Error::new(ErrorKind::Network, why).with_hint(self.submit_again_hint(id))
            }
            Err(_) if self.ending.is_some() => return self.set_state(id, State::NotStarted),
            Err(error) => error,
        };
        let item = &self.items[id];
        let what = format!("could not submit {}", item.label());
        let error = with_names(error, item).prefixed(what);
        self.fail(id, error);
    }

    /// Returns `true` while the outcome of a submit under way elsewhere is worth waiting for: its process
    /// may be stopped.
    fn may_await_other(&mut self, id: ItemId) -> bool {
        let Some(since) = self.items[id].awaits_other_since else {
            self.items[id].awaits_other_since = Some(self.now);
            self.set_deadline(id);
            if !self.is_in_flight_here(id) {
                let label = self.items[id].label();
                self.tell_change(format!(
                    "{label}: the same video is being submitted by another run; waiting for it"
                ));
            }
            return true;
        };
        if let Some(deadline) = self.items[id].deadline {
            self.deadlines.insert((deadline, id));
        }
        self.now.saturating_sub(since) < MAX_WAIT_FOR_OTHER
    }

    /// Returns `true` if another item of this run submits the same video and type.
    fn is_in_flight_here(&self, id: ItemId) -> bool {
        let item = &self.items[id];
        let key = (&item.video, item.transcription_type);
        let mut others = self.items.iter().enumerate();
        others.any(|(other, item)| {
            let is_sent = item.state == State::Submitting { is_sent: true };
            other != id && is_sent && (&item.video, item.transcription_type) == key
        })
    }

    /// Returns the hint for a video whose earlier submit may have been accepted.
    fn submit_again_hint(&self, id: ItemId) -> String {
        let item = &self.items[id];
        let Some(video) = item
            .video
            .as_ref()
            .filter(|_| self.options.uploads.waits_for_parse)
        else {
            return "the service has no list of tasks, so mavi cannot find out; to submit it again and \
                    risk paying twice, leave out --reuse"
                .to_owned();
        };
        let transcription_type = item.transcription_type.unwrap_or_default();
        let commands = &self.options.commands;
        format!(
            "to submit the video again and risk paying twice, before this command is run again, run: {}",
            commands.submit(video, transcription_type, false)
        )
    }

    /// Prints the tasks of all items that are answered, in input order.
    pub(super) fn print_tasks(&mut self) {
        if self.options.polls != Polls::Never || self.takes_all() {
            return;
        }
        while let Some(item) = self.items.get(self.next_printed) {
            if item.state.is_open() {
                break;
            }
            if item.state == State::Done {
                self.actions.push(Action::PrintTask(self.next_printed));
            }
            self.next_printed += 1;
        }
    }
}

/// Returns `true` if every other submit would fail for this reason too: no credit, or a rate limit that
/// outlasted the retries.
pub(super) fn ends_submits(error: &Error) -> bool {
    error.api_code.as_deref() == Some("0402") || error.kind == ErrorKind::RateLimit
}
