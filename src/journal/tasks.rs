//! The tasks on record, and what commands ask about them. One reading of the journal serves a batch
//! of any size: each question costs one pass over the tasks, or one look-up in an index made by one.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::{normalized, record::utc};
use crate::task::{TaskNo, TranscriptionType, VideoNo};

/// A task, as far as the journal knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number; none exactly where the status is [`Status::Unknown`].
    pub task_no: Option<TaskNo>,
    /// Its video; none where only its end was learned, and that without naming the video.
    pub video_no: Option<VideoNo>,
    /// Its type; none as with the video.
    pub kind: Option<TranscriptionType>,
    /// What became of it.
    pub status: Status,
    /// When the service accepted it, or the request left where the outcome is unknown; none where
    /// the journal did not see its submission (it was made on another machine).
    pub submitted_at: Option<Timestamp>,
    /// When its end was learned.
    pub ended_at: Option<Timestamp>,
    /// Where it lives, without a trailing slash.
    pub base_url: Arc<str>,
    /// The callback address that was given.
    pub callback: Option<String>,
    /// Whether a receiver took its result and told the sender so.
    pub by_callback: bool,
    /// Names the attempt to submit it in the journal, where a record tells; see
    /// [`Journal::found`](super::Journal::found).
    pub(super) attempt: Option<String>,
}

/// What became of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Submitted; its end has not been seen.
    Pending,
    /// It ended with a transcription.
    Finished,
    /// It ended without one.
    Failed,
    /// A request left and no answer is on record: it got none, or its process was killed, or it is
    /// under way in another process at this moment. It may have been accepted, and paid for.
    Unknown,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Finished, Self::Failed, Self::Unknown];

    /// Its name on the command line and in output: lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Always the same keys; what is not known is null.
impl Serialize for Task {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Utc(Timestamp);
        impl Serialize for Utc {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                utc::serialize(&self.0, serializer)
            }
        }
        let mut object = serializer.serialize_struct("Task", 8)?;
        object.serialize_field("taskNo", &self.task_no.as_ref().map(TaskNo::as_str))?;
        object.serialize_field("videoNo", &self.video_no.as_ref().map(VideoNo::as_str))?;
        object.serialize_field("type", &self.kind.map(TranscriptionType::name))?;
        object.serialize_field("status", self.status.name())?;
        object.serialize_field("submittedAt", &self.submitted_at.map(Utc))?;
        object.serialize_field("endedAt", &self.ended_at.map(Utc))?;
        object.serialize_field("baseUrl", &*self.base_url)?;
        object.serialize_field("callback", &self.callback)?;
        object.end()
    }
}

/// The tasks of a journal in the order of submission.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tasks: Vec<Task>,
    unreadable: usize,
}

impl Tasks {
    pub(super) const fn new(tasks: Vec<Task>, unreadable: usize) -> Self {
        Self { tasks, unreadable }
    }

    /// All of them, whatever their base URL.
    #[must_use]
    pub fn as_slice(&self) -> &[Task] {
        &self.tasks
    }

    /// How many lines of the journal could not be read and were skipped. One now and then is the
    /// mark of a process that was killed while it wrote.
    #[must_use]
    pub const fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// The tasks at a base URL that have not ended, oldest first.
    pub fn pending(&self, base_url: &str) -> impl Iterator<Item = &Task> {
        self.at(base_url)
            .filter(|task| task.status == Status::Pending)
    }

    /// The submissions at a base URL whose outcome is unknown, oldest first.
    pub fn unknown(&self, base_url: &str) -> impl Iterator<Item = &Task> {
        self.at(base_url)
            .filter(|task| task.status == Status::Unknown)
    }

    /// The newest submission at a base URL. It has no number where its outcome is unknown: an older
    /// task would not be the one that is meant.
    #[must_use]
    pub fn newest(&self, base_url: &str) -> Option<&Task> {
        self.at(base_url).rfind(|task| task.submitted_at.is_some())
    }

    /// An index of the tasks at a base URL by their numbers, for their age and state.
    #[must_use]
    pub fn by_number(&self, base_url: &str) -> HashMap<&TaskNo, &Task> {
        self.at(base_url)
            .filter_map(|task| Some((task.task_no.as_ref()?, task)))
            .collect()
    }

    /// An index of what `--reuse` may use at a base URL.
    #[must_use]
    pub fn reusable(&self, base_url: &str) -> Reusable<'_> {
        let newest = self
            .at(base_url)
            .filter(|task| task.status != Status::Failed)
            .filter_map(|task| Some(((task.video_no.as_ref()?, task.kind?), task)))
            .collect();
        Reusable { newest }
    }

    fn at(&self, base_url: &str) -> impl DoubleEndedIterator<Item = &Task> {
        let base_url = normalized(base_url);
        self.tasks
            .iter()
            .filter(move |task| *task.base_url == *base_url)
    }
}

/// The newest task that did not fail, for each video and type.
#[derive(Clone, Debug)]
pub struct Reusable<'a> {
    newest: HashMap<(&'a VideoNo, TranscriptionType), &'a Task>,
}

/// What is on record for a video and a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse<'a> {
    /// This task will do.
    Task(&'a TaskNo),
    /// The newest submission has an unknown outcome: submitting again might pay twice.
    Unknown(&'a Task),
    /// Nothing, or only failures.
    Nothing,
}

impl<'a> Reusable<'a> {
    /// What is on record for this video and type.
    #[must_use]
    pub fn get(&self, video_no: &VideoNo, kind: TranscriptionType) -> Reuse<'a> {
        self.newest
            .get(&(video_no, kind))
            .map_or(Reuse::Nothing, |task| {
                task.task_no
                    .as_ref()
                    .map_or(Reuse::Unknown(task), Reuse::Task)
            })
    }
}
