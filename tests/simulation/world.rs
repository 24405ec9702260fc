//! Virtual time: any number of runs of the real job, which share one rate limiter and one service. A
//! call takes a while to arrive and as long to be answered.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::time::Duration;

use fastrand::Rng;
use mavi::api::{ApiError, FailureClass, VideoFilter};
use mavi::engine::callback_target::CallbackTarget;
use mavi::engine::command_line::HintCommands;
use mavi::engine::event::{Action, Delivery, Event, ItemId, TaskReply, TaskState};
use mavi::engine::item::NewItem;
use mavi::engine::job::{Job, JobOptions, PollIntervals, Polls, UploadRules};
use mavi::engine::rate_limit::{AccountLimits, Endpoint, Permit, RateLimiter, Reservation};
use mavi::engine::retry::RetryLimit;
use mavi::error::{Error, ErrorKind};
use mavi::ids::{TaskNo, TranscriptionType, VideoNo};
use mavi::receiver::CallbackResponse;

use crate::files::Record;
use crate::service::SimService;

/// The chances of faults, in percent.
#[derive(Clone, Copy, Default)]
pub(crate) struct Faults {
    /// A call never arrives: no connection.
    pub(crate) no_connection: u8,
    /// The answer is lost, after the service did its work.
    pub(crate) lost_answer: u8,
    /// The service fails with 502, having done nothing.
    pub(crate) server_error: u8,
    /// A delivery fails.
    pub(crate) disk_full: u8,
    /// An upload is cut before its last bytes are handed over.
    pub(crate) cut_upload: u8,
}

/// A call under way.
pub(crate) struct Flight {
    pub(crate) process: usize,
    pub(crate) item: ItemId,
    pub(crate) permit: Permit,
    pub(crate) endpoint: Endpoint,
    /// The video, the task, or the file.
    pub(crate) name: String,
    /// The videos that a listing is about, and its page.
    pub(crate) listing: Option<(VideoFilter, u32)>,
}

/// One run.
pub(crate) struct Process {
    pub(crate) job: Job<()>,
    started: Duration,
    wake: Option<Duration>,
    /// The earliest wake that will happen.
    next_wake: Option<Duration>,
    pub(crate) ended: Option<Duration>,
    pub(crate) calls: usize,
}

pub(crate) enum Happening {
    Start(usize),
    /// All but the last bytes of an upload are handed over.
    LastBytes(usize, ItemId),
    Wake(usize),
    Arrive(Flight),
    Answer(usize, Box<Event<()>>),
    Callback(usize, u64, String),
    Kill(usize),
}

/// What is decided about a poll: for whoever watches the order of polls.
pub(crate) trait Observer {
    fn polled(&mut self, _item: ItemId, _now: Duration) {}
    fn unfinished(&mut self, _item: ItemId) {}
}

impl Observer for () {}

/// The simulated world.
pub(crate) struct World<O = ()> {
    pub(crate) now: Duration,
    limiter: RateLimiter,
    /// What the processes have on record about files and their tasks.
    pub(crate) record: Record,
    /// Uploads that wait to hand over their last bytes.
    pub(crate) uploads: HashMap<(usize, ItemId), Flight>,
    pub(crate) service: SimService,
    pub(crate) processes: Vec<Process>,
    queue: BinaryHeap<Reverse<(Duration, u64)>>,
    happenings: HashMap<u64, Happening>,
    next: u64,
    pub(crate) rng: Rng,
    pub(crate) faults: Faults,
    /// The least and the most that a call takes one way, in milliseconds.
    pub(crate) latency: (u64, u64),
    /// When each task's result was delivered.
    pub(crate) delivered: BTreeMap<String, Vec<Duration>>,
    pub(crate) responses: HashMap<u64, CallbackResponse>,
    pub(crate) observer: O,
}

/// The options of a run that waits.
pub(crate) fn waiting(seed: u64) -> JobOptions {
    JobOptions {
        polls: Polls::UntilEnd,
        intervals: PollIntervals::new(None),
        uploads: UploadRules::default(),
        retries: RetryLimit::Attempts(3),
        workers: 4,
        timeout: None,
        collects_results: false,
        callbacks: None,
        commands: HintCommands::default(),
        seed,
    }
}

pub(crate) fn video(number: usize) -> NewItem {
    NewItem::Submit {
        video: VideoNo::new(&format!("V{number}")).expect("a name"),
        transcription_type: TranscriptionType::Audio,
    }
}

impl World {
    pub(crate) fn new(limits: AccountLimits, service: SimService, seed: u64) -> Self {
        Self::observed(limits, service, seed, ())
    }
}

impl<O: Observer> World<O> {
    pub(crate) fn observed(
        limits: AccountLimits,
        service: SimService,
        seed: u64,
        observer: O,
    ) -> Self {
        Self {
            now: crate::batch::START,
            limiter: RateLimiter::new(limits),
            record: Record::default(),
            uploads: HashMap::new(),
            service,
            processes: Vec::new(),
            queue: BinaryHeap::new(),
            happenings: HashMap::new(),
            next: 0,
            rng: Rng::with_seed(seed),
            faults: Faults::default(),
            latency: (50, 150),
            delivered: BTreeMap::new(),
            responses: HashMap::new(),
            observer,
        }
    }

    /// Adds a run that starts after this time.
    pub(crate) fn start(
        &mut self,
        after: Duration,
        options: JobOptions,
        items: impl IntoIterator<Item = NewItem>,
    ) -> usize {
        let started = self.now + after;
        self.processes.push(Process {
            job: Job::new(options, items),
            started,
            wake: None,
            next_wake: None,
            ended: None,
            calls: 0,
        });
        let process = self.processes.len() - 1;
        self.at(started, Happening::Start(process));
        process
    }

    /// Kills a run after this time: what it holds is given back by nobody.
    pub(crate) fn kill(&mut self, process: usize, after: Duration) {
        self.at(self.now + after, Happening::Kill(process));
    }

    /// Sends a callback about a task to a run at this time.
    pub(crate) fn call_back(&mut self, process: usize, request: u64, task: &str, at: Duration) {
        self.at(at, Happening::Callback(process, request, task.to_owned()));
    }

    /// Lets time pass until all runs have ended, or this time is over.
    pub(crate) fn run(&mut self, limit: Duration) {
        let end = self.now + limit;
        while let Some(Reverse((time, id))) = self.queue.peek().copied() {
            if time > end {
                self.now = end;
                break;
            }
            self.queue.pop();
            self.now = time;
            if let Some(happening) = self.happenings.remove(&id) {
                self.happen(happening);
            }
            if self.processes.iter().all(|process| process.ended.is_some()) {
                break;
            }
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Start(process) => self.tell(process, Event::Tick),
            Happening::Wake(process) => {
                let this = &mut self.processes[process];
                if this.next_wake.is_some_and(|next| next <= self.now) {
                    this.next_wake = None;
                    self.tell(process, Event::Tick);
                }
            }
            Happening::LastBytes(process, item) => self.tell(process, Event::LastBytes(item)),
            Happening::Arrive(flight) => self.arrive(flight),
            Happening::Answer(process, event) => self.tell(process, *event),
            Happening::Callback(process, request, task) => {
                let target = CallbackTarget {
                    task: TaskNo::new(&task).expect("a name"),
                    video: None,
                };
                let reply = reply(TaskState::Finished);
                self.tell(
                    process,
                    Event::Callback {
                        request,
                        target,
                        reply,
                    },
                );
            }
            Happening::Kill(process) => {
                let ended = &mut self.processes[process].ended;
                ended.get_or_insert(self.now);
                self.record.release(process);
            }
        }
    }

    fn tell(&mut self, process: usize, event: Event<()>) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            if self.processes[process].ended.is_some() {
                return;
            }
            let this = &mut self.processes[process];
            let (actions, wake) = this.job.on(self.now.saturating_sub(this.started), event);
            this.wake = wake;
            for action in actions {
                self.perform(process, action, &mut events);
            }
        }
        let this = &mut self.processes[process];
        if let Some(wake) = this.wake.map(|wake| this.started + wake)
            && this.next_wake.is_none_or(|next| wake < next)
        {
            this.next_wake = Some(wake);
            self.at(wake, Happening::Wake(process));
        }
    }

    fn perform(&mut self, process: usize, action: Action<()>, events: &mut Vec<Event<()>>) {
        let wall = Duration::from_secs(1_700_000_000) + self.now;
        let reserved = |endpoint, reservation: Reservation| Event::Reserved {
            endpoint,
            reservation,
        };
        match action {
            Action::Reserve(endpoint, pacing) => {
                events.push(reserved(
                    endpoint,
                    self.limiter.reserve(endpoint, pacing, wall),
                ));
            }
            Action::Start(endpoint, permit) => {
                events.push(reserved(endpoint, self.limiter.start(permit, wall)));
            }
            Action::Cancel(permit) => self.limiter.cancel(permit, wall),
            Action::Complete(permit) => self.limiter.complete(permit, wall),
            Action::RateLimited(permit, after) => self.limiter.rate_limited(permit, after, wall),
            Action::Submit(item, permit) => {
                let job = &self.processes[process].job;
                let (video, reuse) = (job.item(item).video.clone(), job.has_files());
                let name = video.expect("a submit has a video").to_string();
                if reuse && let Some(submit) = self.record.begin_submit(&name) {
                    let submit = Ok(submit);
                    events.push(Event::Recorded {
                        item,
                        permit,
                        submit,
                    });
                    return;
                }
                self.send(process, item, permit, Endpoint::SubmitAudio, name);
            }
            Action::Poll(item, permit, _) => {
                let task = self.processes[process].job.item(item).task.clone();
                let name = task.expect("a poll has a task").to_string();
                self.observer.polled(item, self.now);
                self.send(process, item, permit, Endpoint::Get, name);
            }
            Action::Deliver { item, .. } => {
                let task = self.processes[process].job.item(item).task.clone();
                let task = task.expect("a result has a task").to_string();
                let outcome = if self.rng.u8(..100) < self.faults.disk_full {
                    Delivery::Failed(Error::new(ErrorKind::Io, "disk full"))
                } else {
                    self.delivered.entry(task).or_default().push(self.now);
                    Delivery::Written
                };
                events.push(Event::Delivered { item, outcome });
            }
            Action::Respond(request, response) => {
                let before = self.responses.insert(request, response);
                assert_eq!(before, None, "request {request} is answered once");
            }
            Action::Stop => {
                self.processes[process].ended = Some(self.now);
                self.record.release(process);
            }
            Action::Hash(_)
            | Action::FindUpload(_)
            | Action::Upload(..)
            | Action::HandOver(..)
            | Action::CancelUpload(_)
            | Action::ResolveUpload(..)
            | Action::ReleaseUpload(_)
            | Action::RecordParsed(..)
            | Action::List { .. } => self.perform_file(process, action, events),
            Action::LookUp(..)
            | Action::ResolveUnknown(_)
            | Action::DeliverUnfinished(..)
            | Action::RecordFailed { .. }
            | Action::PrintTask(_)
            | Action::Tell(_) => {}
        }
    }

    pub(crate) fn send(
        &mut self,
        process: usize,
        item: ItemId,
        permit: Permit,
        endpoint: Endpoint,
        name: String,
    ) {
        self.processes[process].calls += 1;
        let flight = Flight {
            process,
            item,
            permit,
            endpoint,
            name,
            listing: None,
        };
        let there = self.one_way();
        self.at(self.now + there, Happening::Arrive(flight));
    }

    pub(crate) fn one_way(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(self.latency.0..=self.latency.1))
    }

    fn arrive(&mut self, flight: Flight) {
        let Flight {
            process,
            item,
            permit,
            endpoint,
            name,
            listing,
        } = flight;
        let mut is_hit = |percent: u8| self.rng.u8(..100) < percent;
        let failed = |class| ApiError::new(Error::new(ErrorKind::Network, "failed"), class);
        let failure = if is_hit(self.faults.no_connection) {
            Some(failed(FailureClass::NotConnected))
        } else if is_hit(self.faults.server_error) {
            Some(failed(FailureClass::ServerError {
                status: 502,
                retry_after: None,
            }))
        } else {
            None
        };
        let is_lost = is_hit(self.faults.lost_answer);
        let error = match failure {
            Some(error) => Some(error),
            None if !self.service.allows(endpoint, self.now) => {
                let class = FailureClass::RateLimited { retry_after: None };
                Some(ApiError::new(
                    Error::new(ErrorKind::RateLimit, "limit"),
                    class,
                ))
            }
            None => None,
        };
        let event = match (endpoint, error) {
            (Endpoint::Get, Some(error)) => polled(item, permit, Err(error)),
            (Endpoint::Get, None) => {
                let state = if self.service.has_ended(&name, self.now) {
                    TaskState::Finished
                } else {
                    self.observer.unfinished(item);
                    TaskState::Unfinished
                };
                let result = if is_lost {
                    Err(failed(FailureClass::ConnectionLost))
                } else {
                    Ok(reply(state))
                };
                polled(item, permit, result)
            }
            (Endpoint::Upload, error) => {
                self.arrive_upload(process, item, permit, &name, error, is_lost)
            }
            (Endpoint::List, error) => {
                let (filter, page) = listing.expect("a listing");
                let result =
                    error.map_or_else(|| Ok(self.service.list(&filter, page, self.now)), Err);
                Event::Listed {
                    permit,
                    result,
                    has_namesake: false,
                }
            }
            (_, error) => {
                let result = if let Some(error) = error {
                    self.record.submit_failed(&name);
                    Err(error)
                } else {
                    let task = self.service.submit(&name, self.now);
                    if is_lost || self.processes[process].ended.is_some() {
                        Err(failed(FailureClass::ConnectionLost))
                    } else {
                        self.record.submitted(&name, &task);
                        Ok(TaskNo::new(&task).expect("a name"))
                    }
                };
                Event::Submitted {
                    item,
                    permit,
                    result,
                }
            }
        };
        let back = self.one_way();
        self.at(self.now + back, Happening::Answer(process, Box::new(event)));
    }

    pub(crate) fn at(&mut self, time: Duration, happening: Happening) {
        self.queue.push(Reverse((time, self.next)));
        self.happenings.insert(self.next, happening);
        self.next += 1;
    }
}

fn polled(item: ItemId, permit: Permit, result: Result<TaskReply<()>, ApiError>) -> Event<()> {
    Event::Polled {
        item,
        permit,
        result,
    }
}

fn reply(state: TaskState) -> TaskReply<()> {
    TaskReply {
        state,
        other_task: None,
        result: (),
    }
}
