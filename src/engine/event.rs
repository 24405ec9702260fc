//! What the job is told and what it asks for: the only words between the decisions in `job` and the
//! deeds in `driver`. `R` is a result as the driver holds it: a reply of the service or a callback's
//! body; the job only hands it on.

use std::time::Duration;

use super::callback_target::{CallbackTarget, Refresh, TaskOrigin};
use super::rate_limit::{Endpoint, Pacing, Permit, Reservation};
use crate::api::ApiError;
use crate::error::{Error, ErrorKind};
use crate::ids::TaskNo;
use crate::receiver::CallbackResponse;
use crate::transcript::Status;

/// The number of an item in the order given, from 0.
pub type ItemId = usize;

/// A callback's request, from its arrival to its response.
pub type RequestId = u64;

/// Something that happened outside.
#[derive(Debug)]
pub enum Event<R> {
    /// Time passed.
    Tick,
    /// The answer to [`Action::Reserve`] and [`Action::Start`].
    Reserved {
        /// The call that a permit was asked for.
        endpoint: Endpoint,
        /// The permit and its time, or the end of the day's budget.
        reservation: Reservation,
    },
    /// A submit was answered, or failed.
    Submitted {
        /// The item that was submitted.
        item: ItemId,
        /// The permit that it used.
        permit: Permit,
        /// The task that the service gave it.
        result: Result<TaskNo, ApiError>,
    },
    /// A submit was not sent: the record has one of the same video and type (`--reuse`).
    Recorded {
        /// The item that was to be submitted.
        item: ItemId,
        /// The permit that was not used.
        permit: Permit,
        /// The task on record; `None` where the outcome of that submit is not known; an error where
        /// the record cannot be used.
        task: Result<Option<RecordedTask>, Error>,
    },
    /// A poll was answered, or failed.
    Polled {
        /// The item that was polled.
        item: ItemId,
        /// The permit that it used.
        permit: Permit,
        /// The state of the task.
        result: Result<TaskReply<R>, ApiError>,
    },
    /// A callback arrived; its sender waits for the response.
    Callback {
        /// Names the request in the response.
        request: RequestId,
        /// The task that it is about.
        target: CallbackTarget,
        /// The state of the task, as the callback says.
        reply: TaskReply<R>,
    },
    /// A request came by the secret path that is not a result, for this reason; it was refused.
    NotAResult(&'static str),
    /// The answer to [`Action::LookUp`].
    LookedUp {
        /// The callback's request.
        request: RequestId,
        /// How its task relates to the record.
        origin: Result<TaskOrigin, Error>,
    },
    /// The answer to [`Action::Deliver`].
    Delivered {
        /// The item whose result was written, or could not be.
        item: ItemId,
        /// The outcome.
        outcome: Delivery,
    },
    /// The reader of stdout closed its pipe: nothing is left to do.
    OutputClosed,
    /// SIGINT, SIGTERM or SIGHUP, as the kind of error that it ends the run with.
    Signal(ErrorKind),
}

/// The outcome of a delivery.
#[derive(Debug)]
pub enum Delivery {
    /// The result is written.
    Written,
    /// A signal came while stdout was not being read.
    Interrupted,
    /// It could not be written.
    Failed(Error),
}

/// A task on record that takes the place of a submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedTask {
    /// Its number.
    pub task: TaskNo,
    /// The time since it was submitted, where the record says.
    pub age: Option<Duration>,
    /// It will call the receiver of this run.
    pub calls_here: bool,
}

/// The state of a task, as a reply or a callback says.
#[derive(Debug)]
pub struct TaskReply<R> {
    /// The state.
    pub state: TaskState,
    /// The task that the reply names, as it may be shown, where that is another one.
    pub other_task: Option<String>,
    /// All that was said.
    pub result: R,
}

/// The states of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Not finished yet.
    Unfinished,
    /// There is a transcription.
    Finished,
    /// There will be none.
    Failed,
}

impl From<&Status> for TaskState {
    fn from(status: &Status) -> Self {
        match status {
            Status::Finished => Self::Finished,
            Status::Failed => Self::Failed,
            Status::Unfinished | Status::Unknown(_) => Self::Unfinished,
        }
    }
}

/// Something for the driver to do.
#[derive(Debug)]
pub enum Action<R> {
    /// Ask for a permit; the answer is [`Event::Reserved`].
    Reserve(Endpoint, Pacing),
    /// Use a reserved permit whose time has come; the answer is [`Event::Reserved`].
    Start(Endpoint, Permit),
    /// Give back a permit that was not used.
    Cancel(Permit),
    /// The call of this permit is over.
    Complete(Permit),
    /// The call of this permit was refused for the rate limit; `Retry-After` as it was sent.
    RateLimited(Permit, Option<Duration>),
    /// Look the item up in the record, record the attempt and send it; the answer is
    /// [`Event::Submitted`] or [`Event::Recorded`].
    Submit(ItemId, Permit),
    /// Ask for the state of the item's task, within this time.
    Poll(ItemId, Permit, Duration),
    /// Find out how a callback's task relates to the record; the answer is [`Event::LookedUp`].
    LookUp(RequestId, CallbackTarget, Refresh),
    /// Record the number of a submit whose outcome was unknown, and which a callback told.
    ResolveUnknown(CallbackTarget),
    /// Write a result, then record the task as finished; the answer is [`Event::Delivered`].
    Deliver {
        /// The item.
        item: ItemId,
        /// The result.
        result: R,
        /// It came by a callback.
        by_callback: bool,
    },
    /// Print the state of an unfinished task, where the format is one for scripts.
    DeliverUnfinished(ItemId, R),
    /// Record the task as failed.
    RecordFailed {
        /// The item.
        item: ItemId,
        /// The reply that says so.
        result: R,
        /// It came by a callback.
        by_callback: bool,
    },
    /// Answer a callback's sender.
    Respond(RequestId, CallbackResponse),
    /// Print the item's task on stdout.
    PrintTask(ItemId),
    /// Tell the user.
    Tell(Message),
    /// The run is over.
    Stop,
}

/// A message on stderr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A failure.
    Error(Error),
    /// Something that may be wrong, though the work goes on.
    Warning(String),
    /// Something worth knowing.
    Note(String),
}
