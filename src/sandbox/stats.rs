//! Counters and tasks of the sandbox, for tests to compare with the client's view.

use crate::ids::TranscriptionType;

/// Numbers of events since the start. For a client that tells the truth, `submits` less
/// `submits_refused` is the number of tasks that it knows, plus those that it calls unknown (with a
/// late response, as long as it waits for it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Submits that arrived, whatever became of them.
    pub submits: u64,
    /// Submits that became a task, whether or not the response arrived.
    pub submits_accepted: u64,
    /// Submits whose response says for certain that there is no task: a code of the service, or
    /// HTTP 503 with `Retry-After`.
    pub submits_refused: u64,
    /// Gets that arrived, whatever became of them.
    pub gets: u64,
    /// Gets that were answered with a task's `data`, whether or not the response arrived.
    pub gets_answered: u64,
    /// Uploads that arrived, whatever became of them.
    pub uploads: u64,
    /// Uploads that became a video, whether or not the response arrived.
    pub uploads_accepted: u64,
    /// Uploads whose response says for certain that there is no video: a code of the service, HTTP 413,
    /// or HTTP 503 with `Retry-After`.
    pub uploads_refused: u64,
    /// Bytes of the bodies of uploads that were read, whatever became of them. Counted as they arrive.
    pub upload_bytes: u64,
    /// Requests for a page of the listing that arrived, whatever became of them.
    pub lists: u64,
    /// Deletions that arrived, whatever became of them.
    pub deletes: u64,
    /// Videos that were deleted.
    pub videos_deleted: u64,
    /// Logins that gave tokens, whether or not the response arrived.
    pub logins: u64,
    /// Requests for a refresh that arrived, whatever became of them.
    pub refreshes: u64,
    /// Refreshes that gave a token, whether or not the response arrived.
    pub refreshes_accepted: u64,
    /// Requests refused with 0401.
    pub unauthorized: u64,
    /// Requests refused with 0429.
    pub rate_limited: u64,
    /// Requests with an injected fault, other than a late response or a slow upload.
    pub faults: u64,
    /// Callbacks that were answered with a 2xx status, duplicates included.
    pub callbacks_delivered: u64,
    /// Callbacks that were given up after several tries.
    pub callbacks_given_up: u64,
    /// Callbacks that the fault `callback-lose` dropped.
    pub callbacks_lost: u64,
    /// Callbacks not sent because of their address: not loopback, or not http.
    pub callbacks_skipped: u64,
}

/// A task of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRecord {
    /// The task ID, whether or not the client was told.
    pub task_no: String,
    /// The video.
    pub video_no: String,
    /// The type of transcription.
    pub transcription_type: TranscriptionType,
    /// `true` if the fault `fail`, or a video that cannot be parsed, makes it fail.
    pub fails: bool,
}

/// An upload that the sandbox accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRecord {
    /// The number of the new video, whether or not the client was told.
    pub video_no: String,
    /// The name of the file.
    pub name: String,
    /// The size of the file, in bytes.
    pub size: u64,
    /// The SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// `true` if the fault `parse-fail` makes its parse fail.
    pub parse_fails: bool,
}
