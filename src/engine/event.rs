//! Events, which tell the job what happened, and actions, which it asks of the driver. `R` is a result
//! as the driver holds it (a reply of the service, or a callback's body); the job only passes it on.

use std::time::Duration;

use super::callback_target::{CallbackTarget, Refresh, TaskOrigin};
use super::rate_limit::{Endpoint, Pacing, Permit, Reservation};
use crate::api::ApiError;
use crate::error::{Error, ErrorKind};
use crate::ids::{TaskNo, VideoNo};
use crate::receiver::CallbackResponse;
use crate::transcript::Status;

/// The index of an item, in the order given.
pub type ItemId = usize;

/// Identifies a callback's request from its arrival to its response.
pub type RequestId = u64;

/// An event outside the job.
#[derive(Debug)]
pub enum Event<R> {
    /// Time passed.
    Tick,
    /// The answer to [`Action::Reserve`] and [`Action::Start`].
    Reserved {
        /// The call for which a permit was requested.
        endpoint: Endpoint,
        /// The permit and its time, or the end of the day's quota.
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
    /// A submit was not sent: one of the same video and type is recorded (`--reuse`).
    Recorded {
        /// The item that was to be submitted.
        item: ItemId,
        /// The permit that was not used.
        permit: Permit,
        /// The recorded task; `None` if the outcome of that submit is not known; an error if the
        /// journal cannot be used.
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
        /// The task concerned.
        target: CallbackTarget,
        /// The state of the task according to the callback.
        reply: TaskReply<R>,
    },
    /// A request to the secret path was rejected, for this reason, because it is not a result.
    NotAResult(&'static str),
    /// The callback of an upload arrived and was accepted.
    Upload {
        /// The video.
        video: VideoNo,
        /// Its status, in the service's words.
        status: String,
    },
    /// The answer to [`Action::LookUp`].
    LookedUp {
        /// The callback's request.
        request: RequestId,
        /// The relation of its task to the journal; an error if the journal cannot be read.
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
    /// A signal arrived while nobody read stdout.
    Interrupted,
    /// It could not be written.
    Failed(Error),
}

/// A recorded task that is used in place of a submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedTask {
    /// The ID.
    pub task: TaskNo,
    /// The time since its submit, if it is recorded.
    pub age: Option<Duration>,
    /// The service calls the receiver of this run when the task ends.
    pub calls_here: bool,
}

/// The state of a task according to a reply or a callback.
#[derive(Debug)]
pub struct TaskReply<R> {
    /// The state.
    pub state: TaskState,
    /// The task that the reply names, redacted for display, if it is another one.
    pub other_task: Option<String>,
    /// The reply or callback itself.
    pub result: R,
}

/// The state of a task at the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Not finished yet.
    Unfinished,
    /// Finished, with a transcription.
    Finished,
    /// Failed, without a transcription.
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

/// A task of the driver.
#[derive(Debug)]
pub enum Action<R> {
    /// Reserve a permit; the answer is [`Event::Reserved`].
    Reserve(Endpoint, Pacing),
    /// Use a reserved permit whose time has come; the answer is [`Event::Reserved`].
    Start(Endpoint, Permit),
    /// Return a permit that was not used.
    Cancel(Permit),
    /// Note that the call of this permit is over.
    Complete(Permit),
    /// Note that the call of this permit exceeded the rate limit; with `Retry-After` as it was sent.
    RateLimited(Permit, Option<Duration>),
    /// Look the item up in the journal, record the attempt and send it; the answer is
    /// [`Event::Submitted`] or [`Event::Recorded`].
    Submit(ItemId, Permit),
    /// Poll the item's task, within this time.
    Poll(ItemId, Permit, Duration),
    /// Look a callback's task up in the journal; the answer is [`Event::LookedUp`].
    LookUp(RequestId, CallbackTarget, Refresh),
    /// Record the task ID, known from a callback, of a submit whose outcome was unknown.
    ResolveUnknown(CallbackTarget),
    /// Write a result, then record the task as finished; the answer is [`Event::Delivered`].
    Deliver {
        /// The item.
        item: ItemId,
        /// The result.
        result: R,
        /// The result came by a callback.
        by_callback: bool,
    },
    /// Print the state of an unfinished task, if the format is JSON.
    DeliverUnfinished(ItemId, R),
    /// Record the task as failed.
    RecordFailed {
        /// The item.
        item: ItemId,
        /// The reply that reports the failure.
        result: R,
        /// The result came by a callback.
        by_callback: bool,
    },
    /// Respond to a callback.
    Respond(RequestId, CallbackResponse),
    /// Print the item's task on stdout.
    PrintTask(ItemId),
    /// Print a message on stderr.
    Tell(Message),
    /// The run is over.
    Stop,
}

/// A message on stderr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// An error.
    Error(Error),
    /// A warning: something may be wrong, but the work goes on.
    Warning(String),
    /// A note.
    Info(String),
}
