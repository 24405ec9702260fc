//! The one loop of a run. It owns the job, does what the job says, and waits for the next event:
//! from the workers, the receiver, the signal thread, or the clock. Results and journal entries are
//! written here, in the order in which the job asks for them, so there is nothing to lock.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver as Inputs, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use super::callback::{self, CallbackTarget};
use super::closing::{Closing, finished_line};
use super::event::{Action, Delivery, Event, ItemId, Message, RecordedTask, RequestId, TaskReply};
use super::item::State;
use super::job::{Job, Polls};
use super::journal_writer::JournalWriter;
use super::progress_line::{StatusLine, status_line};
use super::rate_limit::{Endpoint, Permit, Reservation, SharedRateLimiter};
use super::receive::CallbackReceiver;
use super::result_writer::ResultWriter;
use super::resume::ResumeCommands;
use super::submit_output::SubmitOutput;
use super::task_index::{Refresh, TaskIndex};
use super::task_result::TaskResult;
use super::workers::{Answer, WorkerCall, WorkerMessage, Workers};
use crate::api::{ApiClient, Submission};
use crate::error::{self, Error, ErrorKind, ExitStatus};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::journal::{BeginSubmit, Outcome, SubmitAttempt, TaskEnd};
use crate::output::{ItemNames, WriteReport};
use crate::receiver::{CallbackResponse, ReceiverEvent, Responder};
use crate::signals;
use crate::transcript::{TimeUnit, Transcript};
use crate::ui::Reporter;

/// The parts that a run works with.
pub struct RunParts {
    /// The service; `None` where nothing is called.
    pub api: Option<Arc<ApiClient>>,
    /// The rate limits of the account; `None` where nothing is called.
    pub limits: Option<SharedRateLimiter>,
    /// The journal.
    pub journal: JournalWriter,
    /// The place for results, where results are written.
    pub results: Option<ResultWriter>,
    /// The form in which tasks are printed, where they are all that was asked for.
    pub submit_output: Option<SubmitOutput>,
    /// The callback receiver, where there is one.
    pub receiver: Option<CallbackReceiver>,
    /// The callback address that submits tell the service.
    pub callback: Option<String>,
    /// Use tasks on record in place of submitting again.
    pub reuse: bool,
    /// The unit of times in callbacks.
    pub time_unit: TimeUnit,
    /// The most calls at one time.
    pub workers: usize,
    /// The timeout, for the last message.
    pub timeout: Option<Duration>,
    /// The number of results that were asked for, for the last message.
    pub count: Option<usize>,
    /// The commands that go on.
    pub resume: ResumeCommands,
    /// The submits of a minute, for the time that the rest takes.
    pub submits_per_minute: u32,
    /// stderr.
    pub reporter: Reporter,
    /// The events of other threads.
    pub queue: EventQueue,
}

/// The queue by which other threads reach the loop.
pub struct EventQueue {
    sender: Sender<DriverInput>,
    inputs: Inputs<DriverInput>,
}

impl Default for EventQueue {
    fn default() -> Self {
        Self::new()
    }
}

impl EventQueue {
    /// Creates an empty queue.
    #[must_use]
    pub fn new() -> Self {
        let (sender, inputs) = mpsc::channel();
        Self { sender, inputs }
    }

    /// Returns the way for a receiver's events.
    pub(super) fn receiver_events(&self) -> impl Fn(ReceiverEvent) + Send + 'static {
        let sender = self.sender.clone();
        move |event| drop(sender.send(DriverInput::Receiver(event)))
    }
}

/// Something that reaches the loop from another thread.
enum DriverInput {
    Worker(WorkerMessage),
    Receiver(ReceiverEvent),
    Signal(ErrorKind),
}

/// Runs the job to its end and reports what came of it. Returns the exit status; a closed pipe is an
/// error, which is no failure.
pub fn run(job: Job<TaskResult>, parts: RunParts) -> anyhow::Result<ExitStatus> {
    let sender = parts.queue.sender.clone();
    let signals = sender.clone();
    signals::listen(move |kind| drop(signals.send(DriverInput::Signal(kind))));
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
            let send = move |message| drop(sender.send(DriverInput::Worker(message)));
            Workers::new(api, parts.workers, send)
        }),
        pending: VecDeque::from([Event::Tick]),
        attempts: HashMap::new(),
        responders: HashMap::new(),
        next_request: 0,
        collected: Vec::new(),
        has_warned_of_status: false,
        closed_pipe: None,
        job,
        parts,
    };
    let ended = driver.run();
    driver.finish(ended)
}

struct Driver<S> {
    job: Job<TaskResult>,
    parts: RunParts,
    started: Instant,
    workers: Option<Workers<S>>,
    index: TaskIndex,
    /// Events that the loop itself has for the job.
    pending: VecDeque<Event<TaskResult>>,
    /// The journal's view of submits under way.
    attempts: HashMap<ItemId, SubmitAttempt>,
    /// The senders of callbacks that wait for a response.
    responders: HashMap<RequestId, Responder>,
    next_request: RequestId,
    /// Results that are not recorded yet, because they are written together at the end.
    collected: Vec<(ItemId, ResultNames, bool)>,
    has_warned_of_status: bool,
    closed_pipe: Option<anyhow::Error>,
}

impl<S: Fn(WorkerMessage) + Clone + Send + 'static> Driver<S> {
    /// Hands every event to the job and does what it says, until the run is over.
    fn run(&mut self) -> anyhow::Result<()> {
        let mut wake = None;
        loop {
            let Some(event) = self.next_event(wake)? else {
                continue;
            };
            let (actions, next) = self.job.on(self.started.elapsed(), event);
            wake = next;
            for action in actions {
                if matches!(action, Action::Stop) {
                    return Ok(());
                }
                self.perform(action);
            }
            if !self.pending.is_empty() {
                continue;
            }
            match status_line(&self.job, self.parts.submits_per_minute) {
                Some(StatusLine::State(text)) => self.parts.reporter.status(&text),
                Some(StatusLine::Detail(text)) => self.parts.reporter.status_quiet(&text),
                None => {}
            }
        }
    }

    /// Waits for the next event, at most until `wake`. Returns `None` where what came is not for the
    /// job.
    fn next_event(&mut self, wake: Option<Duration>) -> anyhow::Result<Option<Event<TaskResult>>> {
        if let Some(event) = self.pending.pop_front() {
            return Ok(Some(event));
        }
        let wait = wake.map(|wake| wake.saturating_sub(self.started.elapsed()));
        let wait = wait.into_iter().chain(self.parts.reporter.tick()).min();
        let input = match wait {
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
            Ok(DriverInput::Worker(WorkerMessage::Answered(answer))) => {
                Ok(Some(self.answered(*answer)))
            }
            Ok(DriverInput::Worker(WorkerMessage::Panicked)) => {
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
    fn answered(&mut self, answer: Answer) -> Event<TaskResult> {
        if let (Some(workers), Some(worker)) = (&mut self.workers, answer.worker) {
            workers.release(worker);
        }
        if let Event::Submitted { item, result, .. } = &answer.event
            && let Some(attempt) = self.attempts.remove(item)
        {
            let named = match result {
                Ok(task) => Some(task),
                Err(error) => error.named_task.as_ref(),
            };
            let journal = &self.parts.journal;
            match (named, result) {
                (Some(task), _) => {
                    journal.submitted(&attempt, task, &self.job.item(*item).label());
                }
                (None, Err(error)) if !super::retry::is_possibly_accepted(error) => {
                    journal.rejected(&attempt);
                }
                (None, _) => {}
            }
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

    /// Takes in a callback: the job hears of those that are results.
    fn callback(&mut self, event: ReceiverEvent) -> Option<Event<TaskResult>> {
        let (body, responder) = match event {
            ReceiverEvent::Callback { body, responder } => (body, responder),
            ReceiverEvent::Refused(refusal) => {
                self.parts.reporter.warn(&refusal.to_string());
                return None;
            }
        };
        let parsed = callback::parse_target(&body).and_then(|(target, state)| {
            let result = TaskResult::of_callback(body, &target, self.parts.time_unit)?;
            let reply = TaskReply {
                state,
                other_task: None,
                result,
            };
            Ok((target, reply))
        });
        match parsed {
            Ok((target, reply)) => {
                let request = self.next_request;
                self.next_request += 1;
                self.responders.insert(request, responder);
                Some(Event::Callback {
                    request,
                    target,
                    reply,
                })
            }
            Err(why) => {
                responder.respond(CallbackResponse::Rejected);
                Some(Event::NotAResult(why))
            }
        }
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
            Action::DeliverUnfinished(item, result) => self.deliver_unfinished(item, &result),
            Action::RecordFailed {
                item,
                result,
                by_callback,
            } => {
                let names = ResultNames::of(result.transcript().ok().as_ref());
                self.record_end(item, &names, Outcome::Failed, by_callback);
            }
            Action::Respond(request, response) => {
                if let Some(responder) = self.responders.remove(&request) {
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
        let answer = self.workers.as_mut().and_then(|workers| workers.run(call));
        if let Some(answer) = answer {
            let event = self.answered(answer);
            self.pending.push_back(event);
        }
    }

    /// Records an attempt and sends it, unless the record has a task for it.
    fn submit(&mut self, item: ItemId, permit: Permit) {
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
        let task = match self.parts.journal.begin_submit(&attempt, self.parts.reuse) {
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
            Ok(BeginSubmit::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        };
        self.pending
            .push_back(Event::Recorded { item, permit, task });
    }

    fn recorded(&self, task: &crate::journal::Task) -> Option<RecordedTask> {
        let calls_here = |receiver: &CallbackReceiver| {
            let callback = task.callback.as_deref();
            callback.is_some_and(|callback| receiver.matches_callback_url(callback))
        };
        Some(RecordedTask {
            task: task.task_no.clone()?,
            age: task.submitted_at.map(super::age),
            calls_here: self.parts.receiver.as_ref().is_some_and(calls_here),
        })
    }

    fn look_up(&mut self, request: RequestId, target: &CallbackTarget, refresh: Refresh) {
        let origin = self.index.look_up(&self.parts.journal, target, refresh);
        self.pending.push_back(Event::LookedUp { request, origin });
    }

    /// Writes a result. It is recorded as finished only once it is written: until then it has to be
    /// fetched again.
    fn deliver(&mut self, item: ItemId, result: &TaskResult, by_callback: bool) {
        let Some(results) = &self.parts.results else {
            return;
        };
        let state = self.job.item(item);
        let asked = ItemNames {
            task_no: state.task.as_ref().map(TaskNo::as_str),
            video_no: state.video.as_ref().map(VideoNo::as_str),
            transcription_type: state.transcription_type.map(TranscriptionType::name),
            stem: None,
        };
        let mut names = ResultNames::default();
        let transcript = result.transcript().map_err(anyhow::Error::from);
        let written = transcript.and_then(|transcript| {
            names = ResultNames::of(Some(&transcript));
            results.write_paid(&transcript, &asked)
        });
        let outcome = match written {
            Ok(report) => {
                self.announce_result(item, &report);
                if results.is_collected() {
                    self.collected.push((item, names, by_callback));
                } else {
                    self.record_end(item, &names, Outcome::Finished, by_callback);
                }
                Delivery::Written
            }
            Err(chain) if error::is_closed_pipe(&chain) => {
                self.closed_pipe = Some(chain);
                self.pending.push_back(Event::OutputClosed);
                return;
            }
            Err(chain) if error::is_interrupted(&chain) => Delivery::Interrupted,
            Err(chain) => Delivery::Failed(Error::from_anyhow(&chain)),
        };
        self.pending.push_front(Event::Delivered { item, outcome });
    }

    /// Tells what came of an item, where it was waited for or written to a file.
    fn announce_result(&self, item: ItemId, report: &WriteReport) {
        let state = self.job.item(item);
        let age = state.submitted_at.and_then(|submitted_at| {
            let now = SignedDuration::try_from(self.started.elapsed()).ok()?;
            Duration::try_from(now.saturating_sub(submitted_at)).ok()
        });
        if self.job.polls() != Polls::Once || !report.written.is_empty() {
            self.parts.reporter.info(&finished_line(state, age, report));
        }
    }

    fn deliver_unfinished(&mut self, _item: ItemId, result: &TaskResult) {
        let Some(results) = &self.parts.results else {
            return;
        };
        let written = result
            .transcript()
            .map_err(Into::into)
            .and_then(|transcript| results.write_unfinished(&transcript));
        self.check_output(written);
    }

    fn print_task(&mut self, item: ItemId) {
        let (Some(output), item) = (&self.parts.submit_output, self.job.item(item)) else {
            return;
        };
        let printed = if self.closed_pipe.is_some() {
            Err(anyhow::anyhow!("stdout is closed"))
        } else {
            self.parts.reporter.suspend(|| output.print(item))
        };
        if printed.is_err()
            && let Some(task) = &item.task
        {
            // It is paid for: somebody has to hear of it.
            self.parts
                .reporter
                .always(&format!("{}: task {task}", item.label()));
        }
        if self.closed_pipe.is_none() {
            self.check_output(printed);
        }
    }

    /// Takes note of stdout that could not be written.
    fn check_output(&mut self, written: anyhow::Result<()>) {
        if let Err(chain) = written
            && self.closed_pipe.is_none()
        {
            self.closed_pipe = Some(chain);
            self.pending.push_back(Event::OutputClosed);
        }
    }

    /// Records how a task ended, and what its last reply says of it.
    fn record_end(&self, item: ItemId, names: &ResultNames, outcome: Outcome, by_callback: bool) {
        let Some(task_no) = &self.job.item(item).task else {
            return;
        };
        self.parts.journal.ended(&TaskEnd {
            base_url: self.parts.journal.base_url(),
            task_no,
            video_no: names.video.as_ref(),
            transcription_type: names.transcription_type,
            outcome,
            by_callback,
        });
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
            Message::Note(text) => self.parts.reporter.info(text),
        }
    }

    /// The end of the run: what was collected is written, and the last words are said.
    fn finish(mut self, ended: anyhow::Result<()>) -> anyhow::Result<ExitStatus> {
        self.responders.clear();
        if let Some(receiver) = self.parts.receiver.take() {
            receiver.stop();
        }
        self.parts.reporter.finish();
        ended?;
        let outcome = self.job.outcome();
        let collected = self.finish_collected();
        let closing = Closing {
            timeout: self.parts.timeout,
            outage: self.job.outage(),
            count: self.parts.count,
            waits: self.job.polls() == Polls::UntilEnd,
            resume: &self.parts.resume,
        };
        for message in closing.messages(self.job.items(), &outcome, self.started.elapsed()) {
            self.tell(&message);
        }
        // The client's threads may be at a look-up that does not end: the program does not wait.
        std::mem::forget(self.parts.api.take());
        std::mem::forget(self.workers.take());
        match self.closed_pipe {
            Some(chain) => Err(chain),
            None => collected.map(|()| outcome.exit),
        }
    }

    /// Writes the one file of all results, if that is where they go, and records their tasks.
    fn finish_collected(&mut self) -> anyhow::Result<()> {
        let Some(results) = &self.parts.results else {
            return Ok(());
        };
        let report = results.finish().map_err(|chain| self.not_written(chain))?;
        for path in &report.written {
            self.parts
                .reporter
                .info(&format!("wrote {}", path.display()));
        }
        for (item, names, by_callback) in std::mem::take(&mut self.collected) {
            self.record_end(item, &names, Outcome::Finished, by_callback);
        }
        Ok(())
    }

    /// The one file of all results could not be written: the same tasks can be waited for again.
    fn not_written(&self, chain: anyhow::Error) -> anyhow::Error {
        let error = Error::from_anyhow(&chain);
        if error::is_closed_pipe(&chain) || error.hint.is_some() {
            return chain;
        }
        let mut outcome = self.job.outcome();
        let has_task = |id: &ItemId| self.job.item(*id).state == State::Done;
        outcome.running = (0..self.job.items().len()).filter(has_task).collect();
        match self.parts.resume.hint(self.job.items(), &outcome) {
            Some(hint) => error.with_hint(hint).into(),
            None => error.into(),
        }
    }
}

/// The names that a result gives its video and type.
#[derive(Default)]
struct ResultNames {
    video: Option<VideoNo>,
    transcription_type: Option<TranscriptionType>,
}

impl ResultNames {
    fn of(transcript: Option<&Transcript<'_>>) -> Self {
        transcript.map_or_else(Self::default, |transcript| Self {
            video: VideoNo::new(&transcript.video_no).ok(),
            transcription_type: TranscriptionType::from_name(&transcript.transcription_type),
        })
    }
}
