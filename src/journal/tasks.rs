//! The recorded tasks, and the queries on them. Reading the journal once serves a batch of any size:
//! each query is one pass over the tasks, or one look-up in an index built by one.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::record::{normalized, utc};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::names::named;

/// A recorded task. Fields that are not known are `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The task ID; `None` exactly if the status is [`TaskStatus::Unknown`].
    pub task_no: Option<TaskNo>,
    /// The video; `None` where only the task's end was recorded, from a reply that did not name it.
    pub video_no: Option<VideoNo>,
    /// The type; `None` as for the video.
    pub transcription_type: Option<TranscriptionType>,
    /// The last known status.
    pub status: TaskStatus,
    /// The time when the service accepted the task, or when the request was sent if the outcome is
    /// unknown; `None` if the submit was not recorded here (made on another machine).
    pub submitted_at: Option<Timestamp>,
    /// The time when the task's end was recorded.
    pub ended_at: Option<Timestamp>,
    /// The service's base URL, without a trailing slash.
    pub base_url: Arc<str>,
    /// The callback URL that was passed at the submit.
    pub callback: Option<String>,
    /// `true` if a receiver stored the result and acknowledged it to the sender.
    pub by_callback: bool,
    /// `true` if the video was deleted since: then the task is not reused.
    pub is_video_deleted: bool,
    /// The ID of the submit attempt; see [`Journal::resolve_unknown`](super::Journal::resolve_unknown).
    pub(super) attempt: Option<String>,
}

/// The last known status of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskStatus {
    /// Submitted; no end is recorded.
    Pending,
    /// Ended with a transcription.
    Finished,
    /// Ended without one.
    Failed,
    /// A request was sent and no answer is recorded: there was none, its process was killed, or it is
    /// in flight in another process right now. It may have been accepted, and paid for.
    Unknown,
}

named!(TaskStatus {
    Pending => "pending",
    Finished => "finished",
    Failed => "failed",
    Unknown => "unknown",
});

/// Serializes the same keys for every task; values that are not known are null.
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
        object.serialize_field(
            "type",
            &self.transcription_type.map(TranscriptionType::name),
        )?;
        object.serialize_field("status", self.status.name())?;
        object.serialize_field("submittedAt", &self.submitted_at.map(Utc))?;
        object.serialize_field("endedAt", &self.ended_at.map(Utc))?;
        object.serialize_field("baseUrl", &*self.base_url)?;
        object.serialize_field("callback", &self.callback)?;
        object.end()
    }
}

/// All tasks of a journal in the order of submission.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tasks: Vec<Task>,
    unreadable: usize,
}

impl Tasks {
    pub(super) const fn new(tasks: Vec<Task>, unreadable: usize) -> Self {
        Self { tasks, unreadable }
    }

    /// Returns the tasks of all services.
    #[must_use]
    pub fn as_slice(&self) -> &[Task] {
        &self.tasks
    }

    /// Returns the number of lines that could not be read and were skipped. A process that was killed
    /// while it wrote leaves one.
    #[must_use]
    pub const fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// Iterates over the tasks at a base URL that have not ended, oldest first.
    pub fn pending(&self, base_url: &str) -> impl Iterator<Item = &Task> {
        self.at(base_url)
            .filter(|task| task.status == TaskStatus::Pending)
    }

    /// Iterates over the submits at a base URL whose outcome is unknown, oldest first.
    pub fn unknown(&self, base_url: &str) -> impl Iterator<Item = &Task> {
        self.at(base_url)
            .filter(|task| task.status == TaskStatus::Unknown)
    }

    /// Returns the newest submit at a base URL. Its task ID is `None` if the outcome is unknown: an older
    /// task would not be the one that is meant.
    #[must_use]
    pub fn newest(&self, base_url: &str) -> Option<&Task> {
        self.at(base_url).rfind(|task| task.submitted_at.is_some())
    }

    /// Returns an index of the tasks at a base URL by task ID.
    #[must_use]
    pub fn by_number(&self, base_url: &str) -> HashMap<&TaskNo, &Task> {
        self.at(base_url)
            .filter_map(|task| Some((task.task_no.as_ref()?, task)))
            .collect()
    }

    /// Returns an index of the tasks at a base URL that `--reuse` may use.
    #[must_use]
    pub fn reusable(&self, base_url: &str) -> Reusable<'_> {
        let newest = self
            .at(base_url)
            .filter(|task| task.status != TaskStatus::Failed && !task.is_video_deleted)
            .filter_map(|task| Some(((task.video_no.as_ref()?, task.transcription_type?), task)))
            .collect();
        Reusable { newest }
    }

    /// Iterates over the tasks at a base URL, oldest first.
    #[must_use]
    pub fn at(&self, base_url: &str) -> impl DoubleEndedIterator<Item = &Task> {
        let base_url = normalized(base_url);
        self.tasks
            .iter()
            .filter(move |task| *task.base_url == *base_url)
    }
}

/// The newest task of each video and type that did not fail.
#[derive(Clone, Debug)]
pub struct Reusable<'a> {
    newest: HashMap<(&'a VideoNo, TranscriptionType), &'a Task>,
}

/// The result of looking up a video and a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse<'a> {
    /// This task can be reused.
    Task(&'a TaskNo),
    /// The newest submit has an unknown outcome: submitting again might pay twice.
    Unknown(&'a Task),
    /// No task, or only failed ones.
    Nothing,
}

impl<'a> Reusable<'a> {
    /// Looks up a video and type.
    #[must_use]
    pub fn get(&self, video_no: &VideoNo, transcription_type: TranscriptionType) -> Reuse<'a> {
        self.newest
            .get(&(video_no, transcription_type))
            .map_or(Reuse::Nothing, |task| {
                task.task_no
                    .as_ref()
                    .map_or(Reuse::Unknown(task), Reuse::Task)
            })
    }
}
