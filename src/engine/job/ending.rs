//! The end of a run: when it is over, and what came of it.

use std::time::Duration;

use super::super::event::Action;
use super::super::item::State;
use super::lanes::is_day_spent;
use super::outcome::{Ending, JobOutcome};
use super::{END_GRACE, Job, Polls, unfinished};
use crate::error::{Error, ErrorKind, ExitStatus};

impl<R> Job<R> {
    /// Ends the run, once submits under way have been answered. The first reason counts.
    pub(super) fn end(&mut self, ending: Ending) {
        self.ending.get_or_insert((ending, self.now));
    }

    /// Gives up what has run out of time.
    pub(super) fn expire(&mut self) {
        while let Some((_, id)) = self
            .deadlines
            .first()
            .copied()
            .filter(|(end, _)| *end <= self.now)
        {
            self.deadlines.pop_first();
            for member in self.members(id) {
                if self.items[member].state == State::AwaitingUpload {
                    self.set_state(member, State::TimedOut);
                }
            }
            // Its submit may wait for that of another run.
            if let Some(transcription_type) = self.items[id].transcription_type {
                self.queue(transcription_type).remove(id);
            }
            self.set_state(id, State::TimedOut);
        }
        if self.run_deadline().is_some_and(|end| self.now >= end) {
            self.end(Ending::TimedOut);
        }
        let count = self.options.callbacks.and_then(|callbacks| callbacks.count);
        if count.is_some_and(|count| self.results() >= count) {
            self.end(Ending::CountReached);
        }
    }

    /// Returns the end of a run that has no items of its own.
    pub(super) fn run_deadline(&self) -> Option<Duration> {
        self.takes_all().then_some(self.options.timeout).flatten()
    }

    /// Returns `true` if results of tasks that are no items are taken.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.options
            .callbacks
            .is_some_and(|callbacks| callbacks.takes_all)
    }

    /// Returns `true` if answers to polls are not waited for any more.
    pub(super) fn is_cut_short(&self) -> bool {
        let ending = self.ending.as_ref().map(|(ending, _)| ending);
        ending.is_some_and(|ending| !matches!(ending, Ending::AuthFailed(_)))
    }

    pub(super) fn is_over(&self) -> bool {
        let Some((ending, since)) = &self.ending else {
            return self.counts.open() == 0 && !self.takes_all();
        };
        let is_past = |time: Duration| self.now >= time + END_GRACE;
        let waits_for_polls = matches!(ending, Ending::AuthFailed(_)) && !is_past(*since);
        let waits_for_submits = !self.signalled_at.is_some_and(is_past);
        let is_waiting = waits_for_polls && self.in_flight > self.files.in_flight
            || waits_for_submits && self.submits_in_flight + self.uploads_in_flight() > 0;
        !is_waiting
    }

    /// Returns when a run that is ending has to be looked at again, whatever happens until then.
    pub(super) fn end_of_grace(&self) -> Option<Duration> {
        let since = self.ending.as_ref().map(|(_, since)| *since);
        let ends = since.into_iter().chain(self.signalled_at);
        ends.map(|time| time + END_GRACE)
            .find(|end| *end > self.now)
    }

    /// The last act: permits go back, tasks that are known are printed, senders are told that nothing
    /// was stored.
    pub(super) fn stop(&mut self) {
        self.is_stopped = true;
        self.cancel_permits();
        if self.options.polls == Polls::Never && !self.takes_all() {
            let left = self.next_printed..self.items.len();
            let known = left.filter(|id| self.items[*id].state == State::Done);
            self.actions.extend(known.map(Action::PrintTask));
        }
        self.next_printed = self.items.len();
        self.actions.push(Action::Stop);
    }

    /// Returns the number of tasks whose end was learned.
    fn results(&self) -> usize {
        let failed = |state: &State| *state == State::Failed(ErrorKind::TaskFailed.exit());
        let failed = self.items.iter().filter(|item| failed(&item.state));
        self.counts.done + if self.takes_all() { failed.count() } else { 0 }
    }

    /// Returns what came of the run, at its end.
    #[must_use]
    pub fn outcome(&self) -> JobOutcome {
        let ending = self.ending.as_ref().map(|(ending, _)| ending.clone());
        let (mut not_started, mut failed) = (0, 0);
        let (mut running, mut exits) = (Vec::new(), Vec::new());
        for (id, item) in self.items.iter().enumerate() {
            match item.state {
                State::NotStarted if self.options.polls == Polls::Verify => {}
                ref state if state.is_unpaid() => not_started += 1,
                ref state if state.is_unanswered() => {
                    failed += 1;
                    exits.push(ErrorKind::Network.exit());
                }
                State::Parsing | State::Polling | State::Delivering | State::TimedOut => {
                    running.push(id);
                }
                State::Failed(exit) | State::Unknown(exit) | State::Undelivered(exit) => {
                    failed += 1;
                    exits.push(exit);
                }
                _ => {}
            }
        }
        exits.extend((!running.is_empty()).then(unfinished));
        let stop = self.submit_stop.as_ref().or(self.files.stop.as_ref());
        // A day that is spent would have been waited out: where the timeout has passed, that is the cause.
        let is_cause = |error: &&Error| running.is_empty() || !is_day_spent(error);
        exits.extend(stop.filter(is_cause).map(|error| error.kind.exit()));
        let count = self.options.callbacks.and_then(|callbacks| callbacks.count);
        if count.is_some_and(|count| self.results() < count) {
            exits.push(unfinished());
        }
        let exit = match &ending {
            Some(Ending::Signal(kind)) => kind.exit(),
            Some(Ending::OutputClosed) => ExitStatus::SUCCESS,
            Some(Ending::AuthFailed(error)) => {
                let failed = exits.into_iter().filter(|exit| *exit != unfinished());
                ExitStatus::combine(failed.chain([error.kind.exit()]))
            }
            Some(Ending::CountReached | Ending::TimedOut) | None => ExitStatus::combine(exits),
        };
        JobOutcome {
            ending,
            submit_stop: stop.cloned(),
            not_started,
            running,
            done: self.counts.done,
            failed,
            exit,
        }
    }
}
