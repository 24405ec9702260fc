//! Waiting for tasks: asks about each when the schedule says, delivers each result as it comes,
//! reports each failure as it happens, and ends when nothing is open or time is up.

mod arrivals;
mod state;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::api::{Answer, Failure, Reply, Session};
use crate::cli::{Output, Waiting};
use crate::config::Settings;
use crate::duration;
use crate::error::{self, Error, Exit, Kind};
use crate::journal::Outcome;
use crate::schedule::Next;
use crate::task::TaskNo;
use crate::transcript::{Status, TimeUnit, Transcript};

use super::Context;
use super::deliver::Delivery;
use super::get::{could_not_get, task_failed, unknown_status};
use super::inbox::{Complaints, Door, Inbox, Next as More};
use super::known::Known;
use super::record::{End, Record};
use super::resume::{self, Open};
use arrivals::Paces;
use state::{Failed, State};

/// One wait for any number of tasks.
pub(super) struct Watch<'a> {
    context: &'a Context,
    session: &'a Session,
    delivery: &'a Delivery<'a>,
    record: &'a Record,
    /// As the command that goes on shall have them.
    flags: (Waiting, Output),
    inbox: Option<Inbox>,
    /// The tasks that are not waited for here, for what comes to the inbox.
    known: Mutex<Known>,
    paces: Paces,
    complaints: Complaints,
    unit: TimeUnit,
    timeout: Option<Duration>,
    started: Instant,
    state: Arc<Mutex<State>>,
    changed: Condvar,
}

impl<'a> Watch<'a> {
    /// A wait for tasks that are still to be named.
    pub(super) fn new(
        context: &'a Context,
        session: &'a Session,
        delivery: &'a Delivery<'a>,
        record: &'a Record,
        settings: &Settings,
        (waiting, output): (&Waiting, &Output),
    ) -> Result<Self, Error> {
        let door = waiting.listen.map(|addr| Door {
            addr,
            public_url: waiting.public_url.as_deref(),
            path_secret_file: waiting.path_secret_file.as_deref(),
        });
        let inbox = door.map(|door| door.open(context, settings)).transpose()?;
        let address = inbox.as_ref().map_or("", Inbox::callback_url);
        let known = Mutex::new(Known::at(address));
        let paces = Paces::of(*settings.wait.interval);
        let watch = Self {
            context,
            session,
            delivery,
            record,
            flags: (arrivals::to_go_on(waiting, inbox.as_ref()), output.clone()),
            inbox,
            known,
            paces,
            complaints: Complaints::to(&context.progress),
            unit: *settings.time_unit,
            timeout: *settings.wait.timeout,
            started: Instant::now(),
            state: Arc::new(Mutex::new(State::new(paces.usual))),
            changed: Condvar::new(),
        };
        watch.keep_resumable();
        if let Some(inbox) = &watch.inbox {
            context.resume.close_first(inbox.closer());
            context
                .progress
                .note(&format!("listening for callbacks on {}", inbox.addr()));
            if inbox.is_out_of_reach() {
                context.progress.warn(
                    "the service cannot call an address of this machine alone, so it is asked as \
                     usual: say with --public-url how the receiver is reached from outside",
                );
            }
        }
        Ok(watch)
    }

    /// The address to submit as the callback, where callbacks are received.
    pub(super) fn callback_url(&self) -> Option<&str> {
        self.inbox.as_ref().map(Inbox::callback_url)
    }

    /// No more tasks will be added: the wait may end. What is open is all that is waited for now.
    pub(super) fn no_more(&self) {
        self.say_state();
        self.state().more = false;
        self.changed.notify_all();
        self.say_who_calls();
    }

    /// Waits with this many workers until every task has ended or time is up.
    pub(super) fn run(&self, workers: usize) -> anyhow::Result<Exit> {
        self.say_state();
        thread::scope(|scope| {
            if let Some(inbox) = &self.inbox {
                scope.spawn(|| inbox.each(|body| (self.arrived(body), More::Go)));
            }
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(|| self.work())).collect();
            self.work();
            drop(
                others
                    .into_iter()
                    .map(thread::ScopedJoinHandle::join)
                    .collect::<Vec<_>>(),
            );
            if let Some(inbox) = &self.inbox {
                inbox.close();
            }
        });
        self.context.progress.finish();
        if let Some(chain) = self.state().closed_pipe.take() {
            return Err(chain);
        }
        let out_of_time = self.out_of_time();
        self.deliver_collected()?;
        let failed = std::mem::take(&mut self.state().failures).into_values();
        let mut failures: Vec<Exit> = failed.map(|failed| failed.exit).collect();
        if let Some(error) = out_of_time {
            self.context.progress.error(&error);
            failures.push(error.kind.exit());
        }
        Ok(Exit::of_failures(failures))
    }

    /// Asks about one task after the other.
    fn work(&self) {
        while let Some((id, task)) = self.next() {
            let deadline = self.timeout.map(|timeout| self.started + timeout);
            match self.session.ask(&task, deadline) {
                Answer::Reply(reply) => self.answered(id, &task, &reply),
                Answer::Later(after) => self.state().schedule.postpone(id, self.now() + after),
                Answer::Failed(failure) => self.failed(id, &task, failure),
            }
            self.changed.notify_all();
        }
    }

    /// The next task to ask about, once it is time; none when the wait is over.
    fn next(&self) -> Option<(usize, TaskNo)> {
        let mut state = self.state();
        loop {
            let now = self.now();
            if state.is_stopped() || self.timeout.is_some_and(|timeout| now >= timeout) {
                return None;
            }
            let until = match state.schedule.next(now) {
                Next::Ask(id) => return Some((id, state.task(id).clone())),
                Next::Done if !state.more => return None,
                Next::Wait(until) => Some(until),
                Next::Busy | Next::Done => None,
            };
            state = match until.into_iter().chain(self.timeout).min() {
                Some(until) => {
                    let waited = self.changed.wait_timeout(state, until.saturating_sub(now));
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn answered(&self, id: usize, task: &TaskNo, reply: &Reply) {
        let transcript = match reply.transcript() {
            Ok(transcript) => transcript,
            Err(failure) => return self.failed(id, task, failure),
        };
        match &transcript.status {
            Some(Status::Finished) => {
                self.finished(id, End::of(task, &transcript), &transcript);
            }
            Some(Status::Failed) => self.failed_there(id, &End::of(task, &transcript)),
            status => {
                let mut state = self.state();
                if let (Some(Status::Unknown(name)), false) = (status, state.warned) {
                    state.warned = true;
                    let warning = unknown_status(task, &reply.shown(name));
                    self.context.progress.warn(&warning);
                }
                state.schedule.pending(id);
            }
        }
    }

    /// The service says that the transcription failed.
    fn failed_there(&self, id: usize, end: &End) {
        if self.state().claim(id) {
            self.record.ended(end, Outcome::Failed);
            self.ended(id, Some(task_failed(&end.task_no).into()));
        }
    }

    /// Delivers a result. It is on record as finished only once it is delivered: until then it has
    /// to be asked for again. It counts as ended before that takes its time on the disk, so that a
    /// signal meanwhile offers no command that would print it twice. True where it is delivered, by
    /// this call or an earlier one. Where an earlier one is not done yet, the sender of this one must
    /// not forget it; where it could not do it, this one is the next try.
    fn finished(&self, id: usize, end: End, transcript: &Transcript<'_>) -> bool {
        {
            let mut state = self.state();
            if !state.claim(id) && !state.claim_again(id) {
                return state.is_delivered(id);
            }
        }
        let delivered = self.delivery.emit(&end.task_no, transcript);
        let is_delivered = delivered.is_ok();
        self.ended(id, delivered.err());
        let mut state = self.state();
        if !is_delivered {
            state.undelivered.insert(id);
        } else if self.delivery.output.is_combined() {
            state.collected.push(end);
        } else {
            drop(state);
            self.record.ended(&end, Outcome::Finished);
        }
        is_delivered
    }

    /// Writes the one file of all results, if that is where they go.
    fn deliver_collected(&self) -> anyhow::Result<()> {
        self.delivery
            .finish()
            .map_err(|chain| self.unwritten(chain))?;
        for end in std::mem::take(&mut self.state().collected) {
            self.record.ended(&end, Outcome::Finished);
        }
        Ok(())
    }

    /// The one file of all results is not there: the same tasks can be waited for again.
    fn unwritten(&self, chain: anyhow::Error) -> anyhow::Error {
        let error = Error::from_chain(&chain);
        if error::is_closed_pipe(&chain) || error.hint.is_some() {
            return chain;
        }
        let state = self.state();
        let tasks: Vec<_> = (0..state.count()).map(|id| state.task(id)).collect();
        let command = resume::command(&self.context.global, &self.flags.0, &self.flags.1, &tasks);
        error.with_hint(resume::hint(&command)).into()
    }

    fn failed(&self, id: usize, task: &TaskNo, failure: Failure) {
        let mut error = could_not_get(task, failure.error);
        if error.is_refused_token() {
            // Every other task would meet the same refusal: all that is open stays open.
            let mut state = self.state();
            if std::mem::replace(&mut state.halted, true) {
                return;
            }
            drop(state);
            let hint = resume::hint(&self.resume_command());
            error.hint = Some(
                error
                    .hint
                    .map_or(hint.clone(), |first| format!("{first}; {hint}")),
            );
        }
        if self.state().claim(id) {
            self.ended(id, Some(error.into()));
        }
    }

    fn ended(&self, id: usize, failure: Option<anyhow::Error>) {
        let outcome = match failure {
            None => Ok(None),
            Some(chain) => self.reported(id, chain).map(Some),
        };
        self.state().ended(id, outcome);
        self.say_state();
    }

    /// Reports the failure of a task, unless it was reported when the same result came before.
    fn reported(&self, id: usize, chain: anyhow::Error) -> anyhow::Result<Failed> {
        let said = format!("{chain:#}");
        let before = self.state().failures.get(&id).cloned();
        if let Some(before) = before.filter(|before| before.said == said) {
            return Ok(before);
        }
        let exit = self.context.report(chain)?;
        Ok(Failed { said, exit })
    }

    /// One line about where things stand, for the spinner or the log.
    fn say_state(&self) {
        let said = self.state().described();
        if let Some(said) = said {
            self.context.progress.state(&said);
        }
    }

    fn out_of_time(&self) -> Option<Error> {
        let mut after = duration::format(self.timeout?);
        if let Some(trouble) = self.session.trouble() {
            after = format!("{after}; the last try failed: {trouble}");
        }
        let command = self.resume_command();
        let state = self.state();
        let error = match state.open_tasks(false)[..] {
            [] => return None,
            _ if state.halted => return None,
            [task] => Error::new(
                Kind::Unfinished,
                format!("task {task} has not ended after {after}"),
            )
            .with_task(task.as_str()),
            ref open => {
                let (open, all) = (open.len(), state.count());
                let message = format!("{open} of {all} tasks have not ended after {after}");
                Error::new(Kind::Unfinished, message)
            }
        };
        Some(error.with_hint(resume::hint(&command)))
    }

    /// From now on a signal prints the command that goes on.
    fn keep_resumable(&self) {
        let state = Arc::clone(&self.state);
        let (global, flags) = (self.context.global.clone(), self.flags.clone());
        let collected = self.delivery.output.is_combined();
        self.context.resume.set(move || {
            let state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let what = match state.open_tasks(false)[..] {
                [] => return None,
                [task] if state.count() == 1 => format!("task {task} is still open"),
                ref open => format!("{} of {} tasks are still open", open.len(), state.count()),
            };
            let tasks = state.open_tasks(collected);
            Some(Open {
                what,
                command: resume::command(&global, &flags.0, &flags.1, &tasks),
            })
        });
    }

    fn resume_command(&self) -> String {
        let state = self.state();
        let tasks = state.open_tasks(self.delivery.output.is_combined());
        resume::command(&self.context.global, &self.flags.0, &self.flags.1, &tasks)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
