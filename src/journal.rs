//! The journal: a record of every task that was paid for, because the API has no list of tasks and a
//! lost number is lost money. One JSON object a line, on disk before a request leaves and again
//! before a task number is printed; any number of processes may write it at once, and a process
//! killed at any instant spoils at most its own last line, which readers then skip.

mod prune;
mod record;
mod replay;
mod store;
mod tasks;

#[cfg(test)]
mod tests;

use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::error::Error;
use crate::task::{TaskNo, TranscriptionType, VideoNo};
use record::{Event, Record};
use replay::Replay;
use store::Store;
pub use tasks::{Reusable, Reuse, Status, Task, Tasks};

/// The journal in one folder. It holds no open file and no state, so it may be shared by threads,
/// and a file that is moved away or replaced meanwhile does no harm.
///
/// Every error is of kind `io` and names the file; none of them is a reason to drop a result.
#[derive(Debug)]
pub struct Journal {
    store: Store,
}

/// One attempt to have a video transcribed, tied together in the journal by an id of its own.
/// Tries that certainly were not accepted and are repeated belong to the same attempt.
#[derive(Debug)]
pub struct Submission<'a> {
    id: String,
    base_url: &'a str,
    video_no: &'a VideoNo,
    kind: TranscriptionType,
    callback: Option<&'a str>,
}

impl<'a> Submission<'a> {
    /// An attempt that is about to be made; `base_url` is where.
    #[must_use]
    pub fn new(
        base_url: &'a str,
        video_no: &'a VideoNo,
        kind: TranscriptionType,
        callback: Option<&'a str>,
    ) -> Self {
        Self {
            // The standard library keys its hashers from the system's randomness: 64 bits that
            // another process has with negligible probability, even at the same instant.
            id: format!("{:016x}", RandomState::new().hash_one(std::process::id())),
            base_url,
            video_no,
            kind,
            callback,
        }
    }
}

/// What became known about a task's end, and what else was learned about it on the way.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// Where the task lives.
    pub base_url: &'a str,
    /// The task that ended.
    pub task_no: &'a TaskNo,
    /// Its video, where the reply named it.
    pub video_no: Option<&'a VideoNo>,
    /// Its type, where the reply named it.
    pub kind: Option<TranscriptionType>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether a receiver took the result, which its sender was then told: what the sender says
    /// again is no news to a later receiver.
    pub by_callback: bool,
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a transcription.
    Finished,
    /// The service says that there will be none.
    Failed,
}

/// A state of the journal, to compare with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version((u64, SystemTime));

impl Journal {
    /// The journal in this folder. Nothing is touched yet: the folder (mode 0700) and the file (mode
    /// 0600) are made when the first record is written, and reading an absent journal finds no tasks.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            store: Store::new(folder.into()),
        }
    }

    /// Records that a request is about to leave. On disk when this returns: from here on the outcome
    /// of the submission is unknown until [`Self::submitted`] or [`Self::rejected`] is recorded, so
    /// a request that got no answer needs no further record.
    pub fn submitting(&self, submission: &Submission<'_>) -> Result<(), Error> {
        self.append(&Self::of_submission(Event::Submitting, submission, None))
    }

    /// Records the number that the service gave. To be called before the number is printed; it is on
    /// disk when this returns. The record says everything, so that it stands for itself where the
    /// one before the request could not be written.
    pub fn submitted(&self, submission: &Submission<'_>, task_no: &TaskNo) -> Result<(), Error> {
        self.append(&Self::of_submission(
            Event::Submitted,
            submission,
            Some(task_no),
        ))
    }

    /// Records the number of a task whose submission is on record with an unknown outcome, and whose
    /// result has told it. If its submitter is still waiting for the answer, it may record the same.
    pub fn found(&self, unknown: &Task, task_no: &TaskNo) -> Result<(), Error> {
        self.append(&Record {
            time: unknown.submitted_at.unwrap_or_else(Timestamp::now),
            event: Event::Submitted,
            id: unknown.attempt.as_deref().map(Into::into),
            base_url: (*unknown.base_url).into(),
            video_no: unknown.video_no.as_ref().map(|video| video.as_str().into()),
            kind: unknown.kind.map(|kind| kind.name().into()),
            callback: unknown.callback.as_deref().map(Into::into),
            task_no: Some(task_no.as_str().into()),
            by_callback: false,
        })
    }

    /// Records that the submission certainly was not accepted, so that it is not unknown for ever.
    pub fn rejected(&self, submission: &Submission<'_>) -> Result<(), Error> {
        self.append(&Self::of_submission(Event::Rejected, submission, None))
    }

    /// Records how a task ended, whether or not this journal saw its submission.
    pub fn ended(&self, ending: &Ending<'_>) -> Result<(), Error> {
        self.append(&Record {
            time: Timestamp::now(),
            event: match ending.outcome {
                Outcome::Finished => Event::Finished,
                Outcome::Failed => Event::Failed,
            },
            id: None,
            base_url: normalized(ending.base_url).into(),
            video_no: ending.video_no.map(|video| video.as_str().into()),
            kind: ending.kind.map(|kind| kind.name().into()),
            callback: None,
            task_no: Some(ending.task_no.as_str().into()),
            by_callback: ending.by_callback,
        })
    }

    /// Every task on record, in the order of submission. Takes no lock, so a journal in a folder
    /// that cannot be written is readable; records that cannot be read are skipped and counted.
    pub fn tasks(&self) -> Result<Tasks, Error> {
        let mut replay = Replay::default();
        self.store
            .read(|line| {
                replay.line(line);
                Ok(())
            })
            .map_err(|error| self.store.read_error(&error))?;
        Ok(replay.into_tasks())
    }

    /// Which state of the journal this is; another one after every record, whoever makes it. `None`
    /// where that cannot be told.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.store.version().map(Version)
    }

    /// Drops the records of tasks that ended at least `older_than` before `now`, of submissions of
    /// that age whose outcome is unknown, and what cannot be read; gives the number of tasks
    /// dropped. A pending task is never dropped, nor is an unknown one in its first hour: its
    /// request may still be under way. Records made meanwhile by other processes are kept.
    pub fn prune(&self, older_than: Duration, now: Timestamp) -> Result<usize, Error> {
        prune::prune(&self.store, older_than, now).map_err(|error| self.store.write_error(&error))
    }

    fn of_submission<'a>(
        event: Event,
        submission: &'a Submission<'_>,
        task_no: Option<&'a TaskNo>,
    ) -> Record<'a> {
        Record {
            time: Timestamp::now(),
            event,
            id: Some(submission.id.as_str().into()),
            base_url: normalized(submission.base_url).into(),
            video_no: Some(submission.video_no.as_str().into()),
            kind: Some(submission.kind.name().into()),
            callback: submission.callback.map(Into::into),
            task_no: task_no.map(|task_no| task_no.as_str().into()),
            by_callback: false,
        }
    }

    fn append(&self, record: &Record<'_>) -> Result<(), Error> {
        record
            .to_line()
            .and_then(|line| self.store.append(line))
            .map_err(|error| self.store.write_error(&error))
    }
}

/// The form in which base URLs are kept and compared: `https://host` and `https://host/` are one.
fn normalized(base_url: &str) -> &str {
    base_url.trim_end_matches('/')
}
