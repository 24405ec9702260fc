//! Waiting for tasks: asks about each when the schedule says, delivers each result as it comes,
//! reports each failure as it happens, and ends when nothing is open or time is up.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::api::{Answer, Failure, Reply, Session};
use crate::cli::{Output, Waiting};
use crate::config::Settings;
use crate::duration;
use crate::error::{Error, Exit, Kind};
use crate::journal::Outcome;
use crate::schedule::{Next, Pace, Schedule};
use crate::task::TaskNo;
use crate::transcript::Status;

use super::Context;
use super::deliver::Delivery;
use super::get::task_failed;
use super::record::Record;
use super::resume::{self, Open};

/// One wait for any number of tasks.
pub(super) struct Watch<'a> {
    context: &'a Context,
    session: &'a Session,
    delivery: &'a Delivery<'a>,
    record: &'a Record,
    flags: (Waiting, Output),
    timeout: Option<Duration>,
    started: Instant,
    state: Arc<Mutex<State>>,
    changed: Condvar,
}

struct State {
    schedule: Schedule,
    /// Every task, with whether it is still open, in the order given.
    tasks: Vec<(TaskNo, bool)>,
    failures: Vec<Exit>,
    finished: usize,
    /// Whether an unknown status has been warned about.
    warned: bool,
    /// Whether more tasks may be added.
    more: bool,
    /// Why everything stops: a failure that the other tasks would meet too.
    stop: Option<anyhow::Error>,
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
    ) -> Self {
        let pace = settings
            .wait
            .interval
            .map_or_else(Pace::adaptive, Pace::fixed);
        let state = Arc::new(Mutex::new(State {
            schedule: Schedule::new(pace, fastrand::u64(..)),
            tasks: Vec::new(),
            failures: Vec::new(),
            finished: 0,
            warned: false,
            more: true,
            stop: None,
        }));
        let watch = Self {
            context,
            session,
            delivery,
            record,
            flags: (waiting.clone(), output.clone()),
            timeout: *settings.wait.timeout,
            started: Instant::now(),
            state,
            changed: Condvar::new(),
        };
        watch.keep_resumable();
        watch
    }

    /// Adds a task; its age is how long ago it was submitted, where that is known.
    pub(super) fn add(&self, task: TaskNo, age: Option<Duration>) {
        if self.delivery.output.is_settled(task.as_str()) {
            self.context
                .progress
                .note(&format!("task {task}: its files exist and were left alone"));
            return;
        }
        let mut state = self.state();
        let id = state.tasks.len();
        state.tasks.push((task, true));
        state.schedule.add(id, age, self.now());
        self.changed.notify_one();
    }

    /// No more tasks will be added: the wait may end.
    pub(super) fn no_more(&self) {
        self.state().more = false;
        self.changed.notify_all();
    }

    /// Waits with this many workers until every task has ended or time is up.
    pub(super) fn run(&self, workers: usize) -> anyhow::Result<Exit> {
        self.say_state();
        thread::scope(|scope| {
            for _ in 1..workers {
                scope.spawn(|| self.work());
            }
            self.work();
        });
        self.context.progress.finish();
        if let Some(chain) = self.state().stop.take() {
            return Err(chain);
        }
        let out_of_time = self.out_of_time();
        self.delivery.finish()?;
        let mut failures = std::mem::take(&mut self.state().failures);
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
            if state.stop.is_some() || self.timeout.is_some_and(|timeout| now >= timeout) {
                return None;
            }
            let until = match state.schedule.next(now) {
                Next::Ask(id) => return Some((id, state.tasks[id].0.clone())),
                Next::Done if !state.more => return None,
                Next::Wait(until) => Some(until),
                Next::Busy | Next::Done => None,
            };
            let until = until.into_iter().chain(self.timeout).min();
            state = match until {
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
                // On record as finished only once it is delivered: until then it has to be asked for.
                let delivered = self.delivery.emit(&transcript);
                if delivered.is_ok() && !self.delivery.output.is_collected() {
                    self.record.ended(task, &transcript, Outcome::Finished);
                }
                self.ended(id, delivered.err());
            }
            Some(Status::Failed) => {
                self.record.ended(task, &transcript, Outcome::Failed);
                self.ended(id, Some(task_failed(task).into()));
            }
            status => {
                let mut state = self.state();
                if let (Some(Status::Unknown(name)), false) = (status, state.warned) {
                    state.warned = true;
                    let name = crate::text::excerpt(name, 40);
                    self.context.progress.warn(&format!(
                        "task {task} has the unknown status {name:?}; still waiting"
                    ));
                }
                state.schedule.pending(id);
            }
        }
    }

    fn failed(&self, id: usize, task: &TaskNo, failure: Failure) {
        let error = failure
            .error
            .with_task(task.as_str())
            .of(format_args!("could not get task {task}"));
        if error.kind == Kind::Auth && error.api_code.as_deref() != Some("9009") {
            // Every other task would meet the same refusal.
            let command = self.resume_command();
            let hint = error
                .hint
                .clone()
                .map_or(String::new(), |hint| format!("{hint}; "));
            self.state().stop = Some(
                error
                    .with_hint(format!("{hint}{}", resume::hint(&command)))
                    .into(),
            );
            return;
        }
        self.ended(id, Some(error.into()));
    }

    fn ended(&self, id: usize, failure: Option<anyhow::Error>) {
        let outcome = failure.map(|chain| self.context.report(chain)).transpose();
        let mut state = self.state();
        state.schedule.ended(id);
        match outcome {
            Ok(None) => state.finished += 1,
            Ok(Some(exit)) => state.failures.push(exit),
            Err(closed_pipe) => {
                state.stop = Some(closed_pipe);
                return;
            }
        }
        state.tasks[id].1 = false;
        drop(state);
        self.say_state();
    }

    /// One line about where things stand, for the spinner or the log.
    fn say_state(&self) {
        let state = self.state();
        let open: Vec<&TaskNo> = state
            .tasks
            .iter()
            .filter(|(_, open)| *open)
            .map(|(task, _)| task)
            .collect();
        let failed = match state.failures.len() {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        let said = match open[..] {
            [] => return,
            [task] if state.tasks.len() == 1 => format!("waiting for task {task}"),
            _ => format!(
                "waiting for {} of {} tasks ({} done{failed})",
                open.len(),
                state.tasks.len(),
                state.finished
            ),
        };
        drop(state);
        self.context.progress.state(&said);
    }

    fn out_of_time(&self) -> Option<Error> {
        let timeout = duration::format(self.timeout?);
        let command = self.resume_command();
        let state = self.state();
        let open: Vec<&TaskNo> = state
            .tasks
            .iter()
            .filter(|(_, open)| *open)
            .map(|(task, _)| task)
            .collect();
        let error = match open[..] {
            [] => return None,
            [task] => Error::new(
                Kind::Unfinished,
                format!("task {task} has not ended after {timeout}"),
            )
            .with_task(task.as_str()),
            _ => Error::new(
                Kind::Unfinished,
                format!(
                    "{} of {} tasks have not ended after {timeout}",
                    open.len(),
                    state.tasks.len()
                ),
            ),
        };
        Some(error.with_hint(resume::hint(&command)))
    }

    /// From now on a signal prints the command that goes on.
    fn keep_resumable(&self) {
        let state = Arc::clone(&self.state);
        let (global, flags) = (self.context.global.clone(), self.flags.clone());
        let collected = self.delivery.output.is_collected();
        self.context.resume.set(move || {
            let state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let open = open_tasks(&state, collected);
            let what = match state.tasks.iter().filter(|(_, open)| *open).count() {
                _ if open.is_empty() => return None,
                1 if state.tasks.len() == 1 => format!("task {} is still open", open[0]),
                count => format!("{count} of {} tasks are still open", state.tasks.len()),
            };
            Some(Open {
                what,
                command: resume::command(&global, &flags.0, &flags.1, &open),
            })
        });
    }

    fn resume_command(&self) -> String {
        let open = open_tasks(&self.state(), self.delivery.output.is_collected());
        resume::command(&self.context.global, &self.flags.0, &self.flags.1, &open)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The tasks that a later run has to name: where all results go into one file, that is all of them,
/// since the later run writes that file anew.
fn open_tasks(state: &State, collected: bool) -> Vec<TaskNo> {
    let any_open = state.tasks.iter().any(|(_, open)| *open);
    let named = |open: bool| open || (collected && any_open);
    state
        .tasks
        .iter()
        .filter(|(_, open)| named(*open))
        .map(|(task, _)| task.clone())
        .collect()
}
