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
mod items;
mod lane;
mod lanes;
mod listings;
mod look_ups;
mod messages;
mod options;
mod outcome;
mod parses;
mod polls;
mod submits;
mod uploads;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::callback_target::CallbackTarget;
use super::event::{Action, Event, ItemId, Message, RequestId, TaskReply};
use super::item::{Item, NewItem};
use super::retry::RetryPolicy;
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
            // Once for each reason, as all refusals are told.
            Event::NotAResult(why) => {
                if self.warnings.is_first(why) {
                    self.warn(why.to_owned());
                }
            }
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
}

/// Returns the exit status of an item that has not ended.
const fn unfinished() -> ExitStatus {
    ErrorKind::Unfinished.exit()
}

#[cfg(test)]
mod tests;
