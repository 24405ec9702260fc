//! The decisions of a run, as a pure state machine: told the time and what happened, it says what to do
//! and when it wants to be woken at the latest. It owns the states of all items, the schedule of polls,
//! the queues of submits, deadlines and the exit status. No thread, no clock, no lock, no I/O.
//!
//! A call is only given out together with its permit, so nobody sleeps while holding a task: which item
//! is served is decided at the moment when the rate limit lets a call go.

mod callbacks;
mod counts;
mod deliveries;
mod ending;
mod item_queue;
mod lane;
mod lanes;
mod listings;
mod options;
mod outcome;
mod parses;
mod polls;
mod submits;
mod uploads;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::SignedDuration;

use super::callback_target::CallbackTarget;
use super::event::{Action, Event, ItemId, Message, RecordedTask, RequestId, TaskReply};
use super::item::{Item, NewItem, State};
use super::rate_limit::{Endpoint, Pacing};
use super::retry::{RetryLimit, RetryPolicy};
use super::schedule::Schedule;
use super::warnings::WarningLimiter;
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::ids::{TaskNo, TranscriptionType};
pub use counts::Counts;
use item_queue::ItemQueue;
use lane::Lane;
use listings::Listings;
pub use options::{Callbacks, JobOptions, PollIntervals, Polls, UploadRules};
pub use outcome::{Ending, JobOutcome};
use uploads::FileQueues;

/// Maximum time that the sender of a callback waits while its result is verified.
const VERIFY_TIMEOUT: Duration = Duration::from_secs(10);

/// The time that a signal leaves to submits under way, and a refused token to polls. Without a signal
/// submits are waited for until they end: their answers name what was paid for.
const END_GRACE: Duration = Duration::from_secs(1);

/// The state of a run.
#[derive(Debug)]
pub struct Job<R> {
    options: JobOptions,
    /// The time of the event that is being handled, since the start of the run.
    now: Duration,
    /// What is to be done about it.
    actions: Vec<Action<R>>,
    items: Vec<Item>,
    by_task: HashMap<TaskNo, ItemId>,
    counts: Counts,
    schedule: Schedule,
    audio: ItemQueue,
    video: ItemQueue,
    files: FileQueues,
    listings: Listings,
    lanes: [Lane; 5],
    /// Calls and hashes under way.
    in_flight: usize,
    submits_in_flight: usize,
    deadlines: BTreeSet<(Duration, ItemId)>,
    retry: RetryPolicy,
    /// Failed polls since the last answer, over all tasks.
    consecutive_failures: u32,
    /// The reason why calls fail at present, if they do.
    outage: Option<String>,
    /// The failure that ended the submits of the run, if one did.
    submit_stop: Option<Error>,
    /// Callbacks whose task is being looked up.
    held_callbacks: HashMap<RequestId, (CallbackTarget, TaskReply<R>)>,
    warnings: WarningLimiter,
    /// The next item whose task is printed: all before it have been answered.
    next_printed: ItemId,
    /// The service refused a verification for its rate limit.
    is_throttled: bool,
    /// Tasks that will call the receiver of this run.
    calling: usize,
    has_reported_calling: bool,
    /// The reason why the run is ending, and since when it is.
    ending: Option<(Ending, Duration)>,
    /// The time of the first signal.
    signalled_at: Option<Duration>,
    is_stopped: bool,
}

impl<R> Job<R> {
    /// Creates a run with these items, at time zero of its clock.
    #[must_use]
    pub fn new(options: JobOptions, items: impl IntoIterator<Item = NewItem>) -> Self {
        let seed = options.seed;
        let mut job = Self {
            now: Duration::ZERO,
            actions: Vec::new(),
            schedule: Schedule::new(seed),
            items: Vec::new(),
            by_task: HashMap::new(),
            counts: Counts::default(),
            audio: ItemQueue::default(),
            video: ItemQueue::default(),
            files: FileQueues::default(),
            listings: Listings::default(),
            lanes: Lane::all(),
            in_flight: 0,
            submits_in_flight: 0,
            deadlines: BTreeSet::new(),
            retry: RetryPolicy::new(seed),
            consecutive_failures: 0,
            outage: None,
            submit_stop: None,
            held_callbacks: HashMap::new(),
            warnings: WarningLimiter::default(),
            next_printed: 0,
            is_throttled: false,
            calling: 0,
            has_reported_calling: false,
            ending: None,
            signalled_at: None,
            is_stopped: false,
            options,
        };
        for item in items {
            job.add(item);
        }
        job
    }

    /// Takes in one event. Returns what to do about it, and when to call again at the latest.
    pub fn on(&mut self, now: Duration, event: Event<R>) -> (Vec<Action<R>>, Option<Duration>) {
        self.now = now;
        match event {
            Event::Tick => {}
            Event::Reserved {
                endpoint,
                reservation,
            } => self.on_reserved(endpoint, reservation),
            Event::Hashed { item, result } => self.on_hashed(item, result),
            Event::UploadFound {
                item,
                permit,
                found,
            } => self.on_upload_found(item, permit, found),
            Event::LastBytes(item) => self.on_last_bytes(item),
            Event::Uploaded {
                item,
                permit,
                result,
                began,
            } => self.on_uploaded(item, permit, result, began),
            Event::Listed {
                permit,
                result,
                has_namesake,
            } => self.on_listed(permit, result, has_namesake),
            Event::Submitted {
                item,
                permit,
                result,
            } => self.on_submitted(item, permit, result),
            Event::Recorded {
                item,
                permit,
                submit,
            } => self.on_recorded(item, permit, submit),
            Event::Polled {
                item,
                permit,
                result,
            } => self.on_polled(item, permit, result),
            Event::Callback {
                request,
                target,
                reply,
            } => self.on_callback(request, target, reply),
            Event::NotAResult(why) => self.warn(why.to_owned()),
            Event::UploadCallback { video, status } => {
                self.listings.hasten(now, &self.items, &video);
                let note = format!("{video}: the service reports that its upload is {status}");
                let notes = self.warnings.warn(note).into_iter();
                self.actions
                    .extend(notes.map(|note| Action::Tell(Message::Info(note))));
            }
            Event::LookedUp { request, origin } => {
                self.on_looked_up(request, origin);
            }
            Event::Delivered { item, outcome } => self.on_delivered(item, outcome),
            Event::OutputClosed => self.end(Ending::OutputClosed),
            Event::Signal(kind) => {
                self.signalled_at.get_or_insert(now);
                self.end(Ending::Signal(kind));
            }
        }
        let wake = self.advance();
        (std::mem::take(&mut self.actions), wake)
    }

    /// Returns all items, in the order given.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the item with this number.
    #[must_use]
    pub fn item(&self, id: ItemId) -> &Item {
        &self.items[id]
    }

    /// Returns the time at which an item is given up, since the start of the run.
    #[must_use]
    pub fn deadline(&self, id: ItemId) -> Option<Duration> {
        self.items[id].deadline.or(self.run_deadline())
    }

    /// Returns `true` if the run has files to upload.
    #[must_use]
    pub const fn has_files(&self) -> bool {
        self.files.has_files
    }

    /// Returns the part that polling plays in this run.
    #[must_use]
    pub const fn polls(&self) -> Polls {
        self.options.polls
    }

    /// Returns the numbers of items, by what is left to do about them.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the reason why calls fail at present, if they do.
    #[must_use]
    pub fn outage(&self) -> Option<&str> {
        self.outage.as_deref()
    }

    /// Returns the number of worker threads that the run needs at most. An upload has a second thread
    /// that reads the file, so runs with files have fewer workers.
    #[must_use]
    pub fn workers(&self) -> usize {
        let (workers, slots) = (self.options.workers.max(1), self.upload_slots());
        match workers {
            1 => 1,
            _ if self.files.has_files => (workers - slots).max(slots + 1),
            _ => workers,
        }
    }

    /// Returns the number of files that are read and uploaded at one time.
    const fn upload_slots(&self) -> usize {
        if self.options.workers < 4 { 1 } else { 2 }
    }

    fn add(&mut self, new: NewItem) {
        let id = self.items.len();
        match new {
            NewItem::Upload {
                file,
                types,
                is_hashed,
            } => self.add_upload(&file, &types, is_hashed),
            NewItem::Submit {
                video,
                transcription_type,
            } => {
                self.items.push(Item {
                    video: Some(video),
                    transcription_type: Some(transcription_type),
                    ..Item::new(State::Submitting { is_sent: false })
                });
                self.queue(transcription_type).push(id);
            }
            NewItem::Task {
                task,
                video,
                age,
                calls_here,
            } => {
                let (video, transcription_type) = video.unzip();
                self.items.push(Item {
                    video,
                    transcription_type,
                    ..Item::new(State::Polling)
                });
                let recorded = RecordedTask {
                    task,
                    age,
                    calls_here,
                };
                self.watch(id, recorded);
            }
        }
        for item in &self.items[id..] {
            *self.counts.of(&item.state) += 1;
        }
    }

    /// Begins to wait for the item's task.
    fn watch(&mut self, id: ItemId, recorded: RecordedTask) {
        let RecordedTask {
            task,
            age,
            calls_here,
        } = recorded;
        let item = &mut self.items[id];
        item.submitted_at = age.map(|age| signed(self.now).saturating_sub(signed(age)));
        item.task = Some(task.clone());
        self.by_task.insert(task, id);
        self.set_deadline(id);
        self.calling += usize::from(calls_here);
        let interval = if calls_here {
            self.options.intervals.with_callback
        } else {
            self.options.intervals.default
        };
        // A task that was polled by nobody for an unknown time may have ended long ago.
        let age = if self.options.polls == Polls::Once {
            None
        } else {
            age
        };
        self.schedule.add(id, interval, age, self.now);
    }

    /// Begins to count the timeout of an item, from now on.
    fn set_deadline(&mut self, id: ItemId) {
        let timeout = self.options.timeout;
        if let Some(deadline) = timeout.and_then(|timeout| self.now.checked_add(timeout)) {
            self.items[id].deadline = Some(deadline);
            self.deadlines.insert((deadline, id));
        }
    }

    /// Moves an item to another state and keeps the counts.
    fn set_state(&mut self, id: ItemId, state: State) {
        let item = &mut self.items[id];
        *self.counts.of(&item.state) -= 1;
        *self.counts.of(&state) += 1;
        if state != State::Polling {
            self.schedule.remove(id);
            self.listings.remove(id);
            if let Some(deadline) = item.deadline {
                self.deadlines.remove(&(deadline, id));
            }
        }
        item.state = state;
    }

    /// Does what its time has come for, and says when to look again.
    fn advance(&mut self) -> Option<Duration> {
        if self.is_stopped {
            return None;
        }
        self.expire();
        self.print_tasks();
        self.report_callback_coverage();
        if self.is_over() {
            self.stop();
            return None;
        }
        if self.ending.is_some() {
            self.cancel_uploads();
            return self.end_of_grace();
        }
        for queue in [
            &mut self.audio,
            &mut self.video,
            &mut self.files.hashes,
            &mut self.files.finds,
            &mut self.files.uploads,
        ] {
            queue.make_ready(self.now);
        }
        self.advance_files();
        let wake = self.advance_lanes();
        let deadline = self.deadlines.first().map(|(time, _)| *time);
        let run_end = self.run_deadline();
        let queues = [
            &self.audio,
            &self.video,
            &self.files.finds,
            &self.files.uploads,
        ];
        [wake, deadline, run_end]
            .into_iter()
            .chain(queues.map(ItemQueue::next))
            .flatten()
            .min()
    }

    fn queue(&mut self, transcription_type: TranscriptionType) -> &mut ItemQueue {
        match transcription_type {
            TranscriptionType::Audio => &mut self.audio,
            TranscriptionType::Video => &mut self.video,
        }
    }

    fn pacing(&self, endpoint: Endpoint) -> Pacing {
        match self.options.polls {
            Polls::UntilEnd if endpoint == Endpoint::Get => Pacing::EvenOverDay,
            _ if endpoint == Endpoint::List => Pacing::EvenOverDay,
            // An upload takes so long that its slots are far apart by themselves.
            _ if endpoint == Endpoint::Upload => Pacing::Immediate,
            Polls::Verify => Pacing::Immediate,
            _ => Pacing::Even,
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

    /// Tells the user something.
    fn tell(&mut self, message: Message) {
        self.actions.push(Action::Tell(message));
    }

    /// Reports an item's failure, unless the same was reported when the same result came before.
    fn report(&mut self, id: ItemId, error: Error) {
        let item = &mut self.items[id];
        if item.reported.as_ref() != Some(&error.message) {
            item.reported = Some(error.message.clone());
            self.tell(Message::Error(error));
        }
    }

    /// Ends an item with this failure.
    fn fail(&mut self, id: ItemId, error: Error) {
        let exit = error.kind.exit();
        self.report(id, error);
        self.set_state(id, State::Failed(exit));
    }

    fn outage_started(&mut self, error: &Error) {
        let why = error.message.trim_end_matches('.').to_owned();
        if self.outage.is_none() {
            self.tell(Message::Info(format!("retrying: {why}")));
        }
        self.outage = Some(why);
    }

    fn outage_ended(&mut self) {
        if self.outage.take().is_some() {
            let note = "the service responds again".to_owned();
            self.tell(Message::Info(note));
        }
    }
}

/// Returns the error for a task that the service reports as failed.
fn task_failed(item: &Item) -> Error {
    let message = format!(
        "{}: the service reports that the transcription failed",
        item.full_label()
    );
    let again = if item.file.is_some() {
        "running the command again submits the video again, and pays again"
    } else {
        "submit the video again"
    };
    with_names(Error::new(ErrorKind::TaskFailed, message), item).with_hint(format!(
        "{again}; if it fails again, contact the service's support"
    ))
}

/// Adds the item's video and task to the fields of an error.
fn with_names(mut error: Error, item: &Item) -> Error {
    if let Some(task) = &item.task {
        error = error.with_task(task.as_str());
    }
    if let Some(video) = &item.video {
        error = error.with_video(video.as_str());
    }
    error
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// Returns the exit status of an item that has not ended.
const fn unfinished() -> ExitStatus {
    ErrorKind::Unfinished.exit()
}

#[cfg(test)]
mod tests;
