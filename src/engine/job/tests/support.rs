//! A job with a rate limiter, driven by hand. Its results are plain numbers.

use std::collections::VecDeque;
use std::time::Duration;

use super::super::super::callback_target::CallbackTarget;
use super::super::super::command_line::HintCommands;
use super::super::super::event::{
    Action, Delivery, Event, ItemId, Message, RecordedSubmit, RecordedUpload, RequestId, TaskReply,
    TaskState,
};
use super::super::super::item::{NewItem, State};
use super::super::super::rate_limit::{
    AccountLimits, Endpoint, Pacing, Permit, RateLimiter, Reservation,
};
use super::super::super::retry::RetryLimit;
use super::super::{Callbacks, Job, JobOptions, PollIntervals, Polls, UploadRules};
use crate::api::{ApiError, FailureClass, VideoFilter};
use crate::error::{Error, ErrorKind};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};

pub(super) const S: fn(u64) -> Duration = Duration::from_secs;

/// A call that is under way.
#[derive(Debug)]
pub(super) enum SentCall {
    Hash(ItemId),
    Upload(ItemId, Permit),
    List(VideoFilter, u32, Permit),
    Submit(ItemId, Permit),
    Poll(ItemId, Permit),
}

/// A job and what it asked for.
pub(super) struct Bench {
    pub(super) job: Job<u32>,
    limiter: RateLimiter,
    pub(super) now: Duration,
    pub(super) wake: Option<Duration>,
    /// Calls under way, first those sent first.
    pub(super) calls: Vec<SentCall>,
    /// The permits that were asked for.
    pub(super) reserved: Vec<(Endpoint, Pacing)>,
    /// The time that each poll was given.
    pub(super) poll_limits: Vec<Duration>,
    pub(super) delivered: Vec<(ItemId, u32)>,
    /// The deliveries of results that came by a callback.
    pub(super) by_callback: Vec<ItemId>,
    pub(super) failed: Vec<ItemId>,
    pub(super) responses: Vec<(RequestId, crate::receiver::CallbackResponse)>,
    pub(super) printed: Vec<ItemId>,
    pub(super) messages: Vec<Message>,
    pub(super) lookups: Vec<(RequestId, CallbackTarget)>,
    /// The answers to the next looks into the record; `None` where it has nothing.
    pub(super) found: VecDeque<RecordedUpload>,
    /// The uploads that were given leave to hand over their last bytes, or not.
    pub(super) handed_over: Vec<(ItemId, bool)>,
    pub(super) cancelled: Vec<ItemId>,
    pub(super) resolved: Vec<(ItemId, VideoNo)>,
    pub(super) released: Vec<ItemId>,
    pub(super) parsed: Vec<(ItemId, bool)>,
    /// What comes of the next delivery, if not that it is written.
    pub(super) delivery: Option<Delivery>,
    pub(super) is_stopped: bool,
    /// The record has another upload of the same name without an answer.
    pub(super) has_namesake: bool,
}

pub(super) fn options(polls: Polls) -> JobOptions {
    JobOptions {
        polls,
        intervals: PollIntervals::new(Some(S(1))),
        uploads: UploadRules::default(),
        retries: RetryLimit::Attempts(3),
        workers: 4,
        timeout: None,
        collects_results: false,
        callbacks: None,
        commands: HintCommands::default(),
        seed: 1,
    }
}

/// The callbacks of `wait --listen`.
pub(super) const OWN: Callbacks = Callbacks {
    takes_all: false,
    accepts_unknown_tasks: false,
    is_reachable: true,
    advice: "",
    count: None,
};

pub(super) fn video(number: usize) -> NewItem {
    NewItem::Submit {
        video: VideoNo::new(&format!("V{number}")).unwrap(),
        transcription_type: TranscriptionType::Audio,
    }
}

pub(super) fn task(number: usize) -> NewItem {
    NewItem::Task {
        task: task_no(number),
        video: None,
        age: None,
        calls_here: false,
    }
}

pub(super) fn task_no(number: usize) -> TaskNo {
    TaskNo::new(&format!("T{number}")).unwrap()
}

pub(super) fn refused(code: &str) -> ApiError {
    let kind = crate::api::code::info(code).kind;
    ApiError::permanent(Error {
        api_code: Some(code.to_owned()),
        http_status: Some(200),
        ..Error::new(kind, format!("code {code}"))
    })
}

pub(super) fn failure(class: FailureClass) -> ApiError {
    let kind = match class {
        FailureClass::RateLimited { .. } => ErrorKind::RateLimit,
        _ => ErrorKind::Network,
    };
    ApiError::new(Error::new(kind, "failed"), class)
}

pub(super) fn rate_limited(seconds: u64) -> ApiError {
    failure(FailureClass::RateLimited {
        retry_after: Some(S(seconds)),
    })
}

pub(super) fn reply(state: TaskState, result: u32) -> TaskReply<u32> {
    TaskReply {
        state,
        other_task: None,
        result,
    }
}

impl Bench {
    pub(super) fn new(options: JobOptions, items: impl IntoIterator<Item = NewItem>) -> Self {
        Self::with_limits(options, items, AccountLimits::default())
    }

    pub(super) fn with_limits(
        options: JobOptions,
        items: impl IntoIterator<Item = NewItem>,
        limits: AccountLimits,
    ) -> Self {
        let mut bench = Self {
            job: Job::new(options, items),
            limiter: RateLimiter::new(limits),
            now: S(0),
            wake: None,
            calls: Vec::new(),
            reserved: Vec::new(),
            poll_limits: Vec::new(),
            by_callback: Vec::new(),
            delivered: Vec::new(),
            failed: Vec::new(),
            responses: Vec::new(),
            printed: Vec::new(),
            messages: Vec::new(),
            lookups: Vec::new(),
            found: VecDeque::new(),
            handed_over: Vec::new(),
            cancelled: Vec::new(),
            resolved: Vec::new(),
            released: Vec::new(),
            parsed: Vec::new(),
            delivery: None,
            is_stopped: false,
            has_namesake: false,
        };
        bench.on(Event::Tick);
        bench
    }

    /// Returns the time as the rate limiter is told it.
    pub(super) fn wall(&self) -> Duration {
        S(1_700_000_000) + self.now
    }

    /// Tells the job what happened and does what it says, until it has no more to say.
    pub(super) fn on(&mut self, event: Event<u32>) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            assert!(
                !self.is_stopped || self.calls.is_empty(),
                "nothing happens after the end"
            );
            let (actions, wake) = self.job.on(self.now, event);
            self.wake = wake;
            for action in actions {
                self.perform(action, &mut events);
            }
        }
    }

    fn perform(&mut self, action: Action<u32>, events: &mut Vec<Event<u32>>) {
        let wall = self.wall();
        match action {
            Action::Reserve(endpoint, pacing) => {
                self.reserved.push((endpoint, pacing));
                events.push(Event::Reserved {
                    endpoint,
                    reservation: self.limiter.reserve(endpoint, pacing, wall),
                });
            }
            Action::Start(endpoint, permit) => events.push(Event::Reserved {
                endpoint,
                reservation: self.limiter.start(permit, wall),
            }),
            Action::Cancel(permit) => self.limiter.cancel(permit, wall),
            Action::Complete(permit) => self.limiter.complete(permit, wall),
            Action::RateLimited(permit, after) => self.limiter.rate_limited(permit, after, wall),
            Action::Hash(item) => self.calls.push(SentCall::Hash(item)),
            Action::FindUpload(item) => events.push(Event::UploadFound {
                item,
                permit: None,
                found: Ok(self.found.pop_front()),
            }),
            Action::Upload(item, permit) => self.calls.push(SentCall::Upload(item, permit)),
            Action::HandOver(item, goes_on) => self.handed_over.push((item, goes_on)),
            Action::CancelUpload(item) => self.cancelled.push(item),
            Action::ResolveUpload(item, video) => self.resolved.push((item, video)),
            Action::ReleaseUpload(item) => self.released.push(item),
            Action::RecordParsed(item, is_parsed) => self.parsed.push((item, is_parsed)),
            Action::List {
                permit,
                filter,
                page,
                ..
            } => self.calls.push(SentCall::List(filter, page, permit)),
            Action::Submit(item, permit) => self.calls.push(SentCall::Submit(item, permit)),
            Action::Poll(item, permit, within) => {
                self.poll_limits.push(within);
                self.calls.push(SentCall::Poll(item, permit));
            }
            Action::LookUp(request, target, _) => self.lookups.push((request, target)),
            Action::ResolveUnknown(_) | Action::DeliverUnfinished(..) => {}
            Action::Deliver {
                item,
                result,
                by_callback,
            } => {
                self.by_callback.extend(by_callback.then_some(item));
                let outcome = self.delivery.take().unwrap_or(Delivery::Written);
                if matches!(outcome, Delivery::Written) {
                    self.delivered.push((item, result));
                }
                events.push(Event::Delivered { item, outcome });
            }
            Action::RecordFailed { item, .. } => self.failed.push(item),
            Action::Respond(request, response) => self.responses.push((request, response)),
            Action::PrintTask(item) => self.printed.push(item),
            Action::Tell(message) => self.messages.push(message),
            Action::Stop => {
                assert!(!self.is_stopped, "it stops once");
                self.is_stopped = true;
            }
        }
    }

    /// Lets time pass, as far as the job wants to be woken on the way.
    pub(super) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end && !self.is_stopped) {
            self.now = self.now.max(wake);
            self.on(Event::Tick);
        }
        self.now = end;
    }

    /// Answers the oldest submit under way.
    pub(super) fn submitted(&mut self, result: Result<usize, ApiError>) -> ItemId {
        let at = self
            .calls
            .iter()
            .position(|call| matches!(call, SentCall::Submit(..)));
        let SentCall::Submit(item, permit) = self.calls.remove(at.expect("a submit")) else {
            unreachable!("it was looked for")
        };
        let result = result.map(task_no);
        self.on(Event::Submitted {
            item,
            permit,
            result,
        });
        item
    }

    /// Answers the look into the record that the oldest submit begins with.
    pub(super) fn recorded(&mut self, submit: Result<RecordedSubmit, Error>) {
        let SentCall::Submit(item, permit) = self.calls.remove(0) else {
            panic!("{:?}", self.calls)
        };
        self.on(Event::Recorded {
            item,
            permit,
            submit,
        });
    }

    /// Answers the oldest poll under way.
    pub(super) fn polled(&mut self, result: Result<TaskReply<u32>, ApiError>) -> ItemId {
        let at = self
            .calls
            .iter()
            .position(|call| matches!(call, SentCall::Poll(..)));
        let SentCall::Poll(item, permit) = self.calls.remove(at.expect("a poll")) else {
            unreachable!("it was looked for")
        };
        self.on(Event::Polled {
            item,
            permit,
            result,
        });
        item
    }

    pub(super) fn callback(&mut self, request: RequestId, task: usize, reply: TaskReply<u32>) {
        let target = CallbackTarget {
            task: task_no(task),
            video: None,
        };
        self.on(Event::Callback {
            request,
            target,
            reply,
        });
    }

    pub(super) fn sent(&self) -> Vec<ItemId> {
        let item = |call: &SentCall| match call {
            SentCall::Hash(item)
            | SentCall::Upload(item, _)
            | SentCall::Submit(item, _)
            | SentCall::Poll(item, _) => Some(*item),
            SentCall::List(..) => None,
        };
        self.calls.iter().filter_map(item).collect()
    }

    pub(super) fn state(&self, item: ItemId) -> &State {
        &self.job.item(item).state
    }

    pub(super) fn exit(&self) -> u8 {
        self.job.outcome().exit.code()
    }

    pub(super) fn errors(&self) -> Vec<&str> {
        let mut errors = Vec::new();
        for message in &self.messages {
            if let Message::Error(error) = message {
                errors.push(&*error.message);
            }
        }
        errors
    }

    /// Returns the hints of the errors.
    pub(super) fn hints(&self) -> Vec<&str> {
        let mut hints = Vec::new();
        for message in &self.messages {
            if let Message::Error(error) = message {
                hints.extend(error.hint.as_deref());
            }
        }
        hints
    }

    /// Returns the notes and warnings.
    pub(super) fn notes(&self) -> Vec<&str> {
        let mut notes = Vec::new();
        for message in &self.messages {
            if let Message::Info(text) | Message::Warning(text) = message {
                notes.push(&**text);
            }
        }
        notes
    }

    /// Returns the changes of items' states, as a log has them.
    pub(super) fn changes(&self) -> Vec<&str> {
        let mut changes = Vec::new();
        for message in &self.messages {
            if let Message::Change(text) = message {
                changes.push(&**text);
            }
        }
        changes
    }

    /// Returns the time that another process would wait for a permit now.
    pub(super) fn wait_elsewhere(&mut self, endpoint: Endpoint) -> Duration {
        let wall = self.wall();
        match self.limiter.reserve(endpoint, Pacing::Immediate, wall) {
            Reservation::Slot { wait, .. } | Reservation::DaySpent { wait } => wait,
        }
    }

    /// Takes the reservation that the limiter gives, as another process would.
    pub(super) fn limiter(&mut self) -> &mut RateLimiter {
        &mut self.limiter
    }

    pub(super) fn is_spent(reservation: &Reservation) -> bool {
        matches!(reservation, Reservation::DaySpent { .. })
    }
}
