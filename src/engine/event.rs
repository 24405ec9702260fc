//! Events, which tell the job what happened, and actions, which it asks of the driver. `R` is a result
//! as the driver holds it (a reply of the service, or a callback's body); the job only passes it on.

use std::time::Duration;

use jiff::Timestamp;

use super::callback_target::{CallbackTarget, Refresh, TaskOrigin};
use super::rate_limit::{Endpoint, Pacing, Permit, Reservation};
use crate::api::{ApiError, UploadedVideo, Video, VideoFilter, VideoPage};
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
    /// The answer to [`Action::Hash`].
    Hashed {
        /// The item whose file was read.
        item: ItemId,
        /// The SHA-256 of the file.
        result: Result<String, Error>,
    },
    /// The answer to [`Action::FindUpload`]; or an upload was not sent, since the record has one.
    UploadFound {
        /// The item.
        item: ItemId,
        /// The permit that was not used.
        permit: Option<Permit>,
        /// The recorded upload of the same content, if there is one; an error if the journal cannot be
        /// used.
        found: Result<Option<RecordedUpload>, Error>,
    },
    /// All but the last bytes of an upload are handed over; the answer is [`Action::HandOver`].
    LastBytes(ItemId),
    /// An upload was answered, or failed.
    Uploaded {
        /// The item that was uploaded.
        item: ItemId,
        /// The permit that it used.
        permit: Permit,
        /// The new video.
        result: Result<UploadedVideo, ApiError>,
        /// The time at which the upload began.
        began: Timestamp,
    },
    /// A page of the listing of videos was answered, or failed.
    Listed {
        /// The permit that it used.
        permit: Permit,
        /// The page.
        result: Result<VideoPage, ApiError>,
        /// The listing looks for a lost video, and the answer to the upload of another file of that name
        /// is lost too.
        has_namesake: bool,
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
        /// The recorded submit; an error if the journal cannot be used.
        submit: Result<RecordedSubmit, Error>,
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
    UploadCallback {
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

impl<R> Event<R> {
    /// Creates the event of an upload that was answered, or failed, and of which the driver says when it
    /// began.
    pub(super) fn uploaded(
        item: ItemId,
        permit: Permit,
        result: Result<UploadedVideo, ApiError>,
    ) -> Self {
        let began = Timestamp::now();
        Self::Uploaded {
            item,
            permit,
            result,
            began,
        }
    }
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

/// A recorded upload of the same content.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordedUpload {
    /// It was accepted.
    Video(Video),
    /// Another run is uploading it.
    InProgress,
    /// It was sent at this time, and no answer is recorded.
    Unanswered(Timestamp),
}

/// A recorded submit of the same video and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedSubmit {
    /// It was accepted.
    Task(RecordedTask),
    /// It is under way, in another run or for another item of this one.
    InProgress,
    /// It was sent, and no answer is recorded.
    Unanswered,
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
    /// Hash the item's file; the answer is [`Event::Hashed`].
    Hash(ItemId),
    /// Look the item's content up in the record; the answer is [`Event::UploadFound`].
    FindUpload(ItemId),
    /// Look the item's content up in the record, record the attempt and send it; the answer is
    /// [`Event::Uploaded`] or [`Event::UploadFound`].
    Upload(ItemId, Permit),
    /// Record that the last bytes of the upload are handed over, and hand them over; or, if `false`, give
    /// the upload up.
    HandOver(ItemId, bool),
    /// Give up an upload under way.
    CancelUpload(ItemId),
    /// Record the video of an upload whose answer was lost.
    ResolveUpload(ItemId, VideoNo),
    /// Let go of an upload whose outcome stays unknown.
    ReleaseUpload(ItemId),
    /// Record that the service parsed the item's video, or could not.
    RecordParsed(ItemId, bool),
    /// Fetch a page of the listing of videos; the answer is [`Event::Listed`].
    List {
        /// The permit.
        permit: Permit,
        /// The videos to list.
        filter: VideoFilter,
        /// The page, counted from 1.
        page: u32,
        /// The item whose lost video is looked for: only videos that the record does not know are wanted.
        look_up: Option<ItemId>,
    },
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
    /// A change of an item's state: a line in a log, and nothing where the progress shows it.
    Change(String),
}
