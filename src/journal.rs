//! The journal: a record of every task that was submitted, because the API cannot list tasks and a
//! lost task ID is lost money; and of every upload with the hash of its content, because a second one
//! costs money too. It is a file of JSON lines, flushed to disk before a request is sent and again
//! before an ID is printed. Any number of processes may append to it at once; a process killed at any
//! instant can tear only its own last line, which readers skip.

mod attempt;
mod attempt_lock;
mod prune;
mod record;
mod replay;
mod reuse;
mod store;
mod tasks;
mod upload;
mod upload_attempt;
mod upload_replay;
mod uploads;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::SystemTime;

use jiff::Timestamp;

use crate::error::Error;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
pub use attempt::SubmitAttempt;
pub use prune::PruneFilter;
use record::{Record, RecordEvent};
use replay::Replay;
use reuse::ReuseIndex;
pub use reuse::{BeginSubmit, BeginUpload};
use store::Store;
pub use tasks::{Reusable, Reuse, Task, TaskStatus, Tasks};
pub use upload::{Upload, UploadStatus};
pub use upload_attempt::UploadAttempt;
pub use uploads::Uploads;

/// The journal in one directory. Several processes may have it at once, and moving or replacing the
/// file meanwhile does no harm: each record is written to the file that is there.
///
/// Every error is of kind `io` and names the file. None of them is a reason to drop a result.
pub struct Journal {
    store: Store,
    reuse: RefCell<ReuseIndex>,
}

/// The end of a task, with what the last reply says about the task.
#[derive(Clone, Copy, Debug)]
pub struct TaskEnd<'a> {
    /// The service's base URL.
    pub base_url: &'a str,
    /// The task that ended.
    pub task_no: &'a TaskNo,
    /// The task's video, where the reply named it.
    pub video_no: Option<&'a VideoNo>,
    /// The task's type, where the reply named it.
    pub transcription_type: Option<TranscriptionType>,
    /// The outcome.
    pub outcome: Outcome,
    /// `true` if a receiver stored the result and acknowledged it to the sender. A later receiver
    /// then ignores further deliveries of it.
    pub by_callback: bool,
}

/// The outcome of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a transcription.
    Finished,
    /// The service reports that there will be none.
    Failed,
}

/// A revision of the journal, to detect changes by comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision((u64, SystemTime));

impl Journal {
    /// Creates a handle to the journal in `directory` without touching the file system. The directory
    /// (mode 0700) and the file (mode 0600) are created when the first record is written; an absent
    /// journal reads as empty.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            store: Store::new(directory.into()),
            reuse: RefCell::default(),
        }
    }

    /// Makes a wait for the lock that takes a while call `on_delay`, the first time alone.
    #[must_use]
    pub fn with_on_delay(mut self, on_delay: impl FnOnce() + 'static) -> Self {
        self.store.set_on_delay(on_delay);
        self
    }

    /// Records that a request is about to be sent, and flushes the record to disk. From here on the
    /// outcome of the attempt is unknown until [`Self::submitted`] or [`Self::rejected`] is recorded, so
    /// a request that got no answer needs no further record.
    pub fn submitting(&self, attempt: &SubmitAttempt) -> Result<(), Error> {
        reuse::submitting(&self.store, attempt)
            .and_then(|file| file.sync_data())
            .map_err(|error| self.store.write_error(&error))
    }

    /// Looks up a task to reuse for the attempt and, where there is none, records that its request is
    /// about to be sent: both under one lock, so that of any number of processes that begin to submit
    /// the same video and type at once, exactly one may proceed. The record is on disk on return. A task is
    /// found, too, where the journal can be read and not written.
    ///
    /// Only records added since the last call are read, so a batch takes time linear in its size.
    pub fn begin_submit(&self, attempt: &SubmitAttempt) -> Result<BeginSubmit, Error> {
        reuse::begin_submit(&self.store, &mut self.reuse.borrow_mut(), attempt)
            .and_then(|(begin, file)| {
                file.map_or(Ok(()), |file| file.sync_data())?;
                Ok(begin)
            })
            .map_err(|error| self.store.write_error(&error))
    }

    /// Records the task ID that the service returned, and flushes the record to disk. Must be called
    /// before the ID is printed. The record repeats everything about the attempt, so that it is
    /// complete where the one before the request could not be written.
    pub fn submitted(&self, attempt: &SubmitAttempt, task_no: &TaskNo) -> Result<(), Error> {
        self.append(&attempt.record(RecordEvent::Submitted, Some(task_no)))
    }

    /// Records the task ID of an attempt whose outcome was unknown and whose result has revealed it.
    /// The process that made the attempt may still receive its answer and record the same ID.
    pub fn resolve_unknown(&self, unknown: &Task, task_no: &TaskNo) -> Result<(), Error> {
        self.append(&Record {
            time: unknown.submitted_at.unwrap_or_else(Timestamp::now),
            id: unknown.attempt.as_deref().map(Into::into),
            video_no: unknown.video_no.as_ref().map(|video| video.as_str().into()),
            transcription_type: unknown.transcription_type.map(|it| it.name().into()),
            callback: unknown.callback.as_deref().map(Into::into),
            task_no: Some(task_no.as_str().into()),
            ..Record::now(RecordEvent::Submitted, &unknown.base_url)
        })
    }

    /// Records that the request certainly was not accepted, which ends the attempt.
    pub fn rejected(&self, attempt: &SubmitAttempt) -> Result<(), Error> {
        self.append(&attempt.record(RecordEvent::Rejected, None))
    }

    /// Records how a task ended, even if this journal has no record of its submission.
    pub fn ended(&self, end: &TaskEnd<'_>) -> Result<(), Error> {
        let event = match end.outcome {
            Outcome::Finished => RecordEvent::Finished,
            Outcome::Failed => RecordEvent::Failed,
        };
        self.append(&Record {
            video_no: end.video_no.map(|video| video.as_str().into()),
            transcription_type: end.transcription_type.map(|it| it.name().into()),
            task_no: Some(end.task_no.as_str().into()),
            by_callback: end.by_callback,
            ..Record::now(event, end.base_url)
        })
    }

    /// Records that a task is not to be listed, waited for or reused any more, such as one that the
    /// service has lost. It is listed again if it is submitted again or its end is recorded.
    pub fn forget(&self, base_url: &str, task_no: &TaskNo) -> Result<(), Error> {
        self.append(&Record {
            task_no: Some(task_no.as_str().into()),
            ..Record::now(RecordEvent::Forgotten, base_url)
        })
    }

    /// Records that videos were deleted from the service: their tasks are not reused any more. The
    /// records are on disk on return.
    pub fn deleted(&self, base_url: &str, videos: &[VideoNo]) -> Result<(), Error> {
        let record = |video: &VideoNo| {
            let record = Record {
                video_no: Some(video.as_str().into()),
                ..Record::now(RecordEvent::Deleted, base_url)
            };
            record.to_line()
        };
        let lines: Result<Vec<Vec<u8>>, _> = videos.iter().map(record).collect();
        lines
            .and_then(|lines| self.store.append(lines.concat()))
            .map_err(|error| self.store.write_error(&error))
    }

    /// Records that an upload is about to begin, and takes the lock file by which others see that it is
    /// under way until the attempt is dropped. With `reuse`, looks for an upload of the same content
    /// first, under the same lock, so that of any number of attempts exactly one may proceed. The
    /// record is on disk on return.
    ///
    /// Only records added since the last call are read, so a batch takes time linear in its size.
    pub fn begin_upload(
        &self,
        attempt: &mut UploadAttempt,
        reuse: bool,
    ) -> Result<BeginUpload, Error> {
        reuse::begin_upload(&self.store, &mut self.reuse.borrow_mut(), attempt, reuse)
            .and_then(|(begin, file)| {
                file.map_or(Ok(()), |file| file.sync_data())?;
                Ok(begin)
            })
            .map_err(|error| self.store.write_error(&error))
    }

    /// Looks for an upload of the attempt's content, and records nothing. The answer may be out of date
    /// when the upload begins: [`Self::begin_upload`] looks again.
    pub fn find_upload(&self, attempt: &UploadAttempt) -> Result<BeginUpload, Error> {
        reuse::find_upload(&self.store, &mut self.reuse.borrow_mut(), attempt)
            .map_err(|error| self.store.read_error(&error))
    }

    /// Records that the last bytes of an upload are about to be handed over, and flushes the record to
    /// disk. Without this record an upload of a process that has died was not accepted; from here on
    /// its outcome is unknown until [`Self::uploaded`] or [`Self::upload_rejected`] is recorded.
    pub fn upload_sent(&self, attempt: &UploadAttempt) -> Result<(), Error> {
        self.append(&attempt.record(RecordEvent::UploadSent))
    }

    /// Records the video ID that the service returned and the SHA-256 of the content that was sent,
    /// and flushes the record to disk. Must be called before the ID is printed.
    pub fn uploaded(
        &self,
        attempt: &UploadAttempt,
        video: &VideoNo,
        sha256: Option<&str>,
    ) -> Result<(), Error> {
        self.append(&attempt.uploaded(video, sha256))
    }

    /// Records that the upload certainly was not accepted. The attempt may begin again.
    pub fn upload_rejected(&self, attempt: &UploadAttempt) -> Result<(), Error> {
        self.append(&attempt.record(RecordEvent::UploadRejected))
    }

    /// Records the video of an upload whose outcome was unknown.
    pub fn resolve_upload(&self, unknown: &Upload, video: &VideoNo) -> Result<(), Error> {
        self.append(&Record {
            id: Some(unknown.attempt.as_str().into()),
            video_no: Some(video.as_str().into()),
            path: Some(unknown.path.to_string_lossy().into_owned().into()),
            name: Some(unknown.name.as_str().into()),
            size: Some(unknown.size),
            modified: unknown.modified.map(|time| time.to_string().into()),
            sha256: unknown.sha256.as_deref().map(Into::into),
            ..Record::now(RecordEvent::Uploaded, &unknown.base_url)
        })
    }

    /// Records that the service has parsed a video, or that it cannot.
    pub fn parsed(&self, base_url: &str, video: &VideoNo, is_parsed: bool) -> Result<(), Error> {
        let event = if is_parsed {
            RecordEvent::Parsed
        } else {
            RecordEvent::ParseFailed
        };
        self.append(&Record {
            video_no: Some(video.as_str().into()),
            ..Record::now(event, base_url)
        })
    }

    /// Returns all recorded uploads. Takes no lock, as [`Self::tasks`].
    pub fn uploads(&self) -> Result<Uploads, Error> {
        // Before the journal is read: an upload that ends meanwhile then has its last record.
        let held = attempt_lock::all_held(&self.store);
        Ok(self.replay()?.into_uploads(held))
    }

    /// Returns all recorded tasks in the order of submission. Takes no lock, so a journal in a
    /// read-only directory is readable. Unreadable lines are skipped and counted.
    pub fn tasks(&self) -> Result<Tasks, Error> {
        Ok(self.replay()?.into_tasks())
    }

    fn replay(&self) -> Result<Replay, Error> {
        let mut replay = Replay::default();
        self.store
            .read(|line| {
                replay.line(line);
                Ok(())
            })
            .map_err(|error| self.store.read_error(&error))?;
        Ok(replay)
    }

    /// Returns the current revision of the journal, which differs after every record, whichever
    /// process writes it; `None` where it cannot be determined.
    #[must_use]
    pub fn revision(&self) -> Option<Revision> {
        self.store.revision().map(Revision)
    }

    /// Removes the records of the tasks that the filter selects, of rejected submits and forgotten
    /// tasks of that age, and lines that cannot be read. Returns the number of tasks removed. Unknown
    /// submits are kept for an hour, since the request may still be in flight. Records that other
    /// processes add meanwhile are kept.
    ///
    /// Of uploads, only those of that age go that are of no use: rejected, not sent whole, or of a video
    /// that was deleted. The others are what keeps a later run from paying again, whatever their age.
    pub fn prune(&self, filter: &PruneFilter<'_>, now: Timestamp) -> Result<usize, Error> {
        prune::prune(&self.store, filter, now).map_err(|error| self.store.write_error(&error))
    }

    /// Returns a warning to show to the user, once, if the file system of the journal has no file
    /// locks: records are written all the same.
    #[must_use]
    pub fn take_warning(&self) -> Option<String> {
        self.store.take_lock_warning().then(|| {
            "the file system of the journal has no file locks: runs at the same time could submit \
             or upload the same video twice with --reuse"
                .to_owned()
        })
    }

    fn append(&self, record: &Record<'_>) -> Result<(), Error> {
        record
            .to_line()
            .and_then(|line| self.store.append(line))
            .map_err(|error| self.store.write_error(&error))
    }
}
