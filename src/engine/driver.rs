//! The one loop of a run. It owns the job, does what the job says, and waits for the next event:
//! from the workers, the receiver, the signal thread, or the clock. Results and journal entries are
//! written here, in the order in which the job asks for them, so there is nothing to lock.

mod callbacks;
mod deliver;
mod submit;
mod upload;

use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::calls::{self, CallResult, WorkerCall};
use super::closing::Closing;
use super::event::{Action, Event, ItemId, Message};
use super::event_queue::{DriverInput, send_answer};
use super::job::{Job, Polls};
use super::progress::{ProgressTimer, progress};
use super::progress_line::{StatusLine, status_line};
use super::rate_limit::{Endpoint, Reservation, SharedRateLimiter};
use super::receive::CallbackReceiver;
use super::result_names::ResultNames;
use super::run_parts::RunParts;
use super::task_index::TaskIndex;
use super::task_result::TaskResult;
use super::workers::Workers;
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::journal::{Outcome, SubmitAttempt};
use crate::signals;
use callbacks::Responders;
use upload::FileWork;

/// Runs the job to its end and reports what came of it. Returns the exit status; a closed pipe is an
/// error, which is no failure.
pub fn run(job: Job<TaskResult>, parts: RunParts) -> anyhow::Result<ExitStatus> {
    let queue = parts.queue.sender.clone();
    signals::listen(move |kind| drop(queue.send(DriverInput::Signal(kind))));
    parts.reporter.drive();
    let mut driver = Driver {
        started: Instant::now(),
        index: TaskIndex::new(
            parts
                .receiver
                .as_ref()
                .map_or("", CallbackReceiver::callback_url),
        ),
        workers: parts.api.clone().map(|api| {
            let queue = parts.queue.sender.clone();
            Workers::new(job.workers(), move |worker, call| {
                send_answer(&queue, worker, || calls::answer(&api, call));
            })
        }),
        files: FileWork::default(),
        pending: VecDeque::from([Event::Tick]),
        attempts: HashMap::new(),
        responders: Responders::default(),
        collected: Vec::new(),
        has_warned_of_status: false,
        progress: ProgressTimer::default(),
        closed_pipe: None,
        job,
        parts,
    };
    let ended = driver.run();
    driver.finish(ended)
}

struct Driver {
    job: Job<TaskResult>,
    parts: RunParts,
    started: Instant,
    workers: Option<Workers<WorkerCall>>,
    files: FileWork,
    index: TaskIndex,
    /// Events that the loop itself has for the job.
    pending: VecDeque<Event<TaskResult>>,
    /// The journal's view of submits under way.
    attempts: HashMap<ItemId, SubmitAttempt>,
    responders: Responders,
    /// Results that are not recorded yet, because they are written together at the end.
    collected: Vec<(ItemId, ResultNames, bool)>,
    has_warned_of_status: bool,
    progress: ProgressTimer,
    closed_pipe: Option<anyhow::Error>,
}

impl Driver {
    /// Hands every event to the job and does what it says, until the run is over.
    fn run(&mut self) -> anyhow::Result<()> {
        let mut wake = None;
        loop {
            let Some(event) = self.next_event(wake)? else {
                self.show_progress();
                continue;
            };
            let (actions, next) = self.job.on(self.started.elapsed(), event);
            wake = next;
            for action in actions {
                if matches!(action, Action::Stop) {
                    self.hear_last_signal();
                    return Ok(());
                }
                self.perform(action);
            }
            if !self.pending.is_empty() {
                continue;
            }
            self.show_progress();
        }
    }

    fn show_progress(&mut self) {
        let reporter = &self.parts.reporter;
        if self.job.has_files() {
            let now = self.started.elapsed();
            if self.progress.is_due(now) {
                let bytes = |item| self.files.bytes(item);
                reporter.progress(&progress(&self.job, now, bytes));
            }
            return;
        }
        match status_line(&self.job, self.parts.submits_per_minute) {
            Some(StatusLine::Status(text)) => reporter.status(&text),
            Some(StatusLine::Quiet(text)) => reporter.status_quiet(&text),
            None => {}
        }
    }

    /// Tells the job of a signal before what comes of it.
    fn hear_signal(&mut self) {
        self.pending.extend(signals::pending().map(Event::Signal));
    }

    /// Tells the job, at its end, of a signal that kept the last of the tasks from being printed.
    fn hear_last_signal(&mut self) {
        let signal = |event: &Event<TaskResult>| matches!(event, Event::Signal(_));
        if let Some(at) = self.pending.iter().position(signal)
            && let Some(event) = self.pending.remove(at)
        {
            self.job.on(self.started.elapsed(), event);
        }
    }

    /// Waits for the next event, at most until `wake`. Returns `None` where what came is not for the
    /// job.
    fn next_event(&mut self, wake: Option<Duration>) -> anyhow::Result<Option<Event<TaskResult>>> {
        if let Some(event) = self.pending.pop_front() {
            return Ok(Some(event));
        }
        let now = self.started.elapsed();
        let input = match time_to_wait(wake, now, self.parts.reporter.tick()) {
            Some(wait) => self.parts.queue.inputs.recv_timeout(wait),
            // The loop holds a sender itself, so the channel does not end.
            None => self
                .parts
                .queue
                .inputs
                .recv()
                .map_err(|_| RecvTimeoutError::Timeout),
        };
        match input {
            Ok(DriverInput::Answered(worker, answer)) => {
                if let Some(workers) = &mut self.workers {
                    workers.release(worker);
                }
                Ok(Some(self.answered(*answer)))
            }
            Ok(DriverInput::LastBytes(item, answer)) => Ok(Some(self.last_bytes(item, answer))),
            Ok(DriverInput::WorkerPanicked) => {
                let error = Error::new(ErrorKind::Internal, "a worker of the run has panicked");
                Err(error.into())
            }
            Ok(DriverInput::Receiver(event)) => Ok(self.callback(event)),
            Ok(DriverInput::Signal(kind)) => {
                if let Some(receiver) = &self.parts.receiver {
                    receiver.stop_accepting();
                }
                Ok(Some(Event::Signal(kind)))
            }
            Err(_) => {
                let is_due = wake.is_some_and(|wake| wake <= self.started.elapsed());
                Ok(is_due.then_some(Event::Tick))
            }
        }
    }

    /// Takes in a worker's answer: what was paid for is on record before the job hears of it.
    fn answered(&mut self, mut answer: CallResult) -> Event<TaskResult> {
        match &mut answer.event {
            Event::Uploaded {
                item,
                result,
                began,
                ..
            } => *began = self.record_upload(*item, result).unwrap_or(*began),
            Event::Listed {
                result: Ok(page),
                has_namesake,
                ..
            } => *has_namesake = self.exclude_recorded(page),
            Event::Submitted { item, result, .. } => self.record_submit(*item, result),
            _ => {}
        }
        if let Some(status) = answer.unknown_status
            && !std::mem::replace(&mut self.has_warned_of_status, true)
        {
            self.parts.reporter.warn(&format!(
                "the service reports the unknown status {status:?}, which counts as not finished"
            ));
        }
        answer.event
    }

    fn perform(&mut self, action: Action<TaskResult>) {
        match action {
            Action::Reserve(endpoint, pacing) => {
                self.reserve(endpoint, |limits| limits.reserve(endpoint, pacing));
            }
            Action::Start(endpoint, permit) => {
                self.reserve(endpoint, |limits| limits.start(permit));
            }
            Action::Cancel(permit) => drop(self.with_limits(|limits| limits.cancel(permit))),
            Action::Complete(permit) => drop(self.with_limits(|limits| limits.complete(permit))),
            Action::RateLimited(permit, retry_after) => {
                self.with_limits(|limits| limits.rate_limited(permit, retry_after));
            }
            Action::Hash(item) => self.hash(item),
            Action::FindUpload(item) => self.find_upload(item),
            Action::Upload(item, permit) => self.upload(item, permit),
            Action::HandOver(item, goes_on) => self.hand_over(item, goes_on),
            Action::CancelUpload(item) => self.files.cancel(item),
            Action::ResolveUpload(item, video) => self.resolve_upload(item, &video),
            Action::ReleaseUpload(item) => self.release_upload(item),
            Action::RecordParsed(item, is_parsed) => self.record_parsed(item, is_parsed),
            Action::List {
                permit,
                filter,
                page,
                look_up,
            } => {
                let call = WorkerCall::List {
                    permit,
                    filter,
                    page,
                };
                self.list(call, look_up);
            }
            Action::Submit(item, permit) => self.submit(item, permit),
            Action::Poll(item, permit, within) => {
                if let Some(task) = self.job.item(item).task.clone() {
                    self.call(WorkerCall::Poll {
                        item,
                        permit,
                        task,
                        within,
                    });
                }
            }
            Action::LookUp(request, target, refresh) => self.look_up(request, &target, refresh),
            Action::ResolveUnknown(target) => {
                self.index.resolve_unknown(&self.parts.journal, &target);
            }
            Action::Deliver {
                item,
                result,
                by_callback,
            } => self.deliver(item, &result, by_callback),
            Action::DeliverUnfinished(_, result) => self.deliver_unfinished(&result),
            Action::RecordFailed {
                item,
                result,
                by_callback,
            } => {
                let names = ResultNames::of(result.transcript().ok().as_ref());
                self.record_end(item, &names, Outcome::Failed, by_callback);
            }
            Action::Respond(request, response) => {
                if let Some(responder) = self.responders.remove(request) {
                    responder.respond(response);
                }
            }
            Action::PrintTask(item) => self.print_task(item),
            Action::Tell(message) => self.tell(&message),
            Action::Stop => {}
        }
    }

    fn reserve(
        &mut self,
        endpoint: Endpoint,
        reserve: impl FnOnce(&mut SharedRateLimiter) -> Reservation,
    ) {
        if let Some(reservation) = self.with_limits(reserve) {
            self.pending.push_back(Event::Reserved {
                endpoint,
                reservation,
            });
        }
    }

    fn call(&mut self, call: WorkerCall) {
        let (Some(workers), Some(api)) = (&mut self.workers, &self.parts.api) else {
            return;
        };
        if let Some(call) = workers.run(call) {
            let answer = calls::answer_here(api, call);
            let event = self.answered(answer);
            self.pending.push_back(event);
        }
    }

    /// Does something with the rate limits, and warns once where they cannot be shared.
    fn with_limits<T>(&mut self, run: impl FnOnce(&mut SharedRateLimiter) -> T) -> Option<T> {
        let limits = self.parts.limits.as_mut()?;
        let value = run(limits);
        if let Some(warning) = limits.take_warning() {
            self.parts.reporter.warn(&warning);
        }
        Some(value)
    }

    fn tell(&self, message: &Message) {
        match message {
            Message::Error(error) => self.parts.reporter.error(error),
            Message::Warning(text) => self.parts.reporter.warn(text),
            Message::Info(text) => self.parts.reporter.info(text),
            Message::Change(text) => self.parts.reporter.change(text),
        }
    }

    /// Ends the run: writes the results that were collected, and prints the closing messages.
    fn finish(mut self, ended: anyhow::Result<()>) -> anyhow::Result<ExitStatus> {
        drop(self.parts.receiver.take());
        self.parts.reporter.finish();
        ended?;
        let outcome = self.job.outcome();
        let collected = self.finish_collected();
        let closing = Closing {
            is_recorded: self.parts.journal.is_recorded(),
            timeout: self.parts.timeout,
            outage: self.job.outage(),
            count: self.parts.count,
            waits: self.job.polls() == Polls::UntilEnd,
            polls_once: self.job.polls() == Polls::Once,
            resume: &self.parts.resume,
            commands: &self.parts.commands,
        };
        for message in closing.messages(self.job.items(), &outcome, self.started.elapsed()) {
            self.tell(&message);
        }
        // The client's threads may be at a look-up that does not end: the program does not wait for them.
        std::mem::forget(self.parts.api.take());
        match self.closed_pipe {
            Some(chain) => Err(chain),
            None => collected.map(|()| outcome.exit),
        }
    }
}

/// Returns the time from `now` at which the loop has to go on if nothing comes: when the job is to be woken,
/// or in the time `tick`, when the run has to show that it is alive.
fn time_to_wait(wake: Option<Duration>, now: Duration, tick: Option<Duration>) -> Option<Duration> {
    let wake = wake.map(|wake| wake.saturating_sub(now));
    wake.into_iter().chain(tick).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loop_waits_for_the_job_or_for_the_progress() {
        let wait = |wake: Option<u64>, tick: Option<u64>| {
            let [wake, tick] = [wake, tick].map(|time| time.map(Duration::from_secs));
            let time = time_to_wait(wake, Duration::from_secs(10), tick);
            time.map(|time| time.as_secs())
        };
        assert_eq!(wait(None, None), None);
        assert_eq!(wait(None, Some(3)), Some(3));
        assert_eq!(wait(Some(14), None), Some(4));
        assert_eq!(wait(Some(14), Some(3)), Some(3));
        assert_eq!(wait(Some(12), Some(3)), Some(2));
        assert_eq!(wait(Some(9), Some(3)), Some(0));
    }
}
