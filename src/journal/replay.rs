//! Replays the records into tasks and uploads, in one pass and in time and memory linear in the records. Lines
//! that cannot be read are skipped and counted: one bad line never hides the others.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::IgnoredAny;

use super::record::{CowStr, Record, RecordEvent, normalized};
use super::tasks::{Task, TaskStatus, Tasks};
use super::upload_replay::UploadReplay;
use super::uploads::Uploads;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::json;

/// The tasks and uploads after the records replayed so far.
#[derive(Debug, Default)]
pub(super) struct Replay {
    entries: Vec<Entry>,
    /// Attempts whose outcome is not known yet, by their ID.
    open: HashMap<String, usize>,
    by_number: HashMap<(Arc<str>, TaskNo), usize>,
    /// Deleted videos, with the number of entries at that moment: a video of that ID that is submitted
    /// later is another one.
    deleted: HashMap<(Arc<str>, VideoNo), usize>,
    base_urls: HashSet<Arc<str>>,
    pub(super) uploads: UploadReplay,
    unreadable: usize,
}

#[derive(Debug)]
struct Entry {
    task: Task,
    status: EntryStatus,
}

/// The contribution of an entry to the list of tasks.
#[derive(Clone, Copy, Debug)]
enum EntryStatus {
    /// The entry is a task.
    Active,
    /// The service rejected the request, or the user put the task away, at this time.
    Inactive(Timestamp),
    /// The entry is no task: it records that a video was deleted at this time.
    Deletion(Timestamp),
    /// The entry is the same task as the one at this index.
    MergedInto(usize),
}

/// The result of replaying a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A record of the entry with this index, for [`Replay::view`].
    Known(usize),
    /// A record of the upload with this index.
    Upload(usize),
    /// Well-formed JSON, but no known record: perhaps a newer version's.
    Unrecognized,
    /// Torn, or no JSON at all.
    Corrupt,
}

/// The state of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) enum EntryView<'a> {
    Task(&'a Task),
    /// No task to list; since when, and the base URL.
    Inactive(Timestamp, &'a str),
    /// The deletion of a video: when, and of which.
    Deletion(Timestamp, &'a Task),
}

impl Replay {
    /// Replays one line.
    pub(super) fn line(&mut self, line: &[u8]) -> Line {
        if let Ok(record) = json::object_in_bytes::<Record<'_>>(line) {
            if record.event == RecordEvent::Other {
                return Line::Unrecognized;
            }
            let base_url = self.base_url(&record);
            if let Some(upload) = self.uploads.record(&record, &base_url) {
                return Line::Upload(upload);
            }
            if let Some(entry) = self.record(&record) {
                return Line::Known(entry);
            }
        }
        self.unreadable += usize::from(!line.is_empty());
        if serde_json::from_slice::<IgnoredAny>(line).is_ok() {
            Line::Unrecognized
        } else {
            Line::Corrupt
        }
    }

    /// Returns the state of an entry that [`Self::line`] returned, after the lines replayed so far.
    pub(super) fn view(&self, mut entry: usize) -> EntryView<'_> {
        loop {
            let Entry { task, status } = &self.entries[entry];
            match status {
                EntryStatus::Active => return EntryView::Task(task),
                EntryStatus::Inactive(time) => return EntryView::Inactive(*time, &task.base_url),
                EntryStatus::Deletion(time) => return EntryView::Deletion(*time, task),
                EntryStatus::MergedInto(into) => entry = *into,
            }
        }
    }

    /// Returns the task of an entry, unless it is inactive or merged into another.
    pub(super) fn active(&self, entry: usize) -> Option<&Task> {
        let Entry { task, status } = &self.entries[entry];
        matches!(status, EntryStatus::Active).then_some(task)
    }

    /// Returns `true` if the video of an entry was deleted after it was submitted.
    pub(super) fn is_video_deleted(&self, entry: usize) -> bool {
        let Task {
            base_url, video_no, ..
        } = &self.entries[entry].task;
        let Some(video_no) = video_no.as_ref().filter(|_| !self.deleted.is_empty()) else {
            return false;
        };
        let deleted = self.deleted.get(&(Arc::clone(base_url), video_no.clone()));
        deleted.is_some_and(|entries| entry < *entries)
    }

    pub(super) fn into_tasks(mut self) -> Tasks {
        for entry in 0..self.entries.len() {
            self.entries[entry].task.is_video_deleted = self.is_video_deleted(entry);
        }
        let tasks = self
            .entries
            .into_iter()
            .filter(|entry| matches!(entry.status, EntryStatus::Active))
            .map(|entry| entry.task)
            .collect();
        Tasks::new(tasks, self.unreadable)
    }

    /// Returns the uploads. `held` are the attempts whose processes are alive.
    pub(super) fn into_uploads(self, held: HashSet<String>) -> Uploads {
        let of_tasks = self.entries.into_iter().filter_map(|entry| {
            let Task {
                base_url, video_no, ..
            } = entry.task;
            Some((base_url, video_no?))
        });
        let of_uploads = self.uploads.entries().iter().filter_map(|entry| {
            let upload = &entry.upload;
            Some((Arc::clone(&upload.base_url), upload.video_no.clone()?))
        });
        let videos = of_tasks.chain(of_uploads).collect();
        Uploads::new(self.uploads, held, videos)
    }

    /// Applies a record and returns its entry; `None` if it lacks a field that its event requires.
    fn record(&mut self, record: &Record<'_>) -> Option<usize> {
        let id = record.id.as_ref().map(CowStr::as_str);
        match record.event {
            RecordEvent::Submitting => {
                let id = id?.to_owned();
                let entry = self.push(record);
                self.open.insert(id, entry);
                Some(entry)
            }
            RecordEvent::Submitted => {
                let task_no = TaskNo::new(record.task_no.as_ref()?.as_str()).ok()?;
                let open = id.and_then(|id| self.open.remove(id));
                Some(self.submitted(record, task_no, open))
            }
            RecordEvent::Rejected => {
                let open = self.open.remove(id?);
                let entry = open.unwrap_or_else(|| self.push(record));
                self.entries[entry].status = EntryStatus::Inactive(record.time);
                Some(entry)
            }
            RecordEvent::Forgotten => {
                let entry = self.numbered_entry(record)?;
                self.entries[entry].status = EntryStatus::Inactive(record.time);
                Some(entry)
            }
            RecordEvent::Deleted => {
                let video_no = VideoNo::new(record.video_no.as_ref()?.as_str()).ok()?;
                let entry = self.push(record);
                self.entries[entry].status = EntryStatus::Deletion(record.time);
                let key = (self.base_url(record), video_no);
                self.uploads.deleted(&key);
                self.deleted.insert(key, entry);
                Some(entry)
            }
            RecordEvent::Finished => self.ended(record, TaskStatus::Finished),
            RecordEvent::Failed => self.ended(record, TaskStatus::Failed),
            // Records of uploads are not of tasks.
            RecordEvent::Uploading
            | RecordEvent::UploadSent
            | RecordEvent::Uploaded
            | RecordEvent::UploadRejected
            | RecordEvent::Parsed
            | RecordEvent::ParseFailed
            | RecordEvent::Other => None,
        }
    }

    fn submitted(&mut self, record: &Record<'_>, task_no: TaskNo, open: Option<usize>) -> usize {
        let key = (self.base_url(record), task_no.clone());
        let known = self.by_number.get(&key).copied();
        let entry = open.or(known).unwrap_or_else(|| self.push(record));
        let id = record.id.as_ref().map(CowStr::as_str);
        // A callback can record the end of a task before its ID is recorded. The end of an earlier
        // run does not count: the service accepted this one too.
        let end = known
            .map(|known| &self.entries[known].task)
            // Or another process resolved this very attempt.
            .filter(|task| {
                let is_same_run = id.is_some() && task.attempt.as_deref() == id;
                task.ended_at.is_some() && (task.submitted_at.is_none() || is_same_run)
            })
            .map(|task| (task.status, task.ended_at, task.by_callback));
        if let Some(known) = known.filter(|&known| known != entry) {
            self.entries[known].status = EntryStatus::MergedInto(entry);
        }
        let Entry { task, status } = &mut self.entries[entry];
        *status = EntryStatus::Active;
        task.task_no = Some(task_no);
        task.submitted_at = Some(record.time);
        (task.status, task.ended_at, task.by_callback) =
            end.unwrap_or((TaskStatus::Pending, None, false));
        fill_missing(task, record);
        self.by_number.insert(key, entry);
        entry
    }

    fn ended(&mut self, record: &Record<'_>, status: TaskStatus) -> Option<usize> {
        let entry = self.numbered_entry(record)?;
        // A task that was put away and has ended after all is listed again.
        self.entries[entry].status = EntryStatus::Active;
        let task = &mut self.entries[entry].task;
        if task.status != status {
            task.status = status;
            task.ended_at = Some(record.time);
        }
        task.by_callback |= record.by_callback;
        fill_missing(task, record);
        Some(entry)
    }

    /// Returns the entry of the task ID in the record, new where the ID was not recorded before.
    fn numbered_entry(&mut self, record: &Record<'_>) -> Option<usize> {
        let task_no = TaskNo::new(record.task_no.as_ref()?.as_str()).ok()?;
        let key = (self.base_url(record), task_no.clone());
        if let Some(&known) = self.by_number.get(&key) {
            return Some(known);
        }
        let entry = self.push(record);
        let task = &mut self.entries[entry].task;
        task.submitted_at = None;
        task.task_no = Some(task_no);
        self.by_number.insert(key, entry);
        Some(entry)
    }

    /// Adds an entry of unknown outcome.
    fn push(&mut self, record: &Record<'_>) -> usize {
        let mut task = Task {
            task_no: None,
            video_no: None,
            transcription_type: None,
            status: TaskStatus::Unknown,
            submitted_at: Some(record.time),
            ended_at: None,
            base_url: self.base_url(record),
            callback: None,
            by_callback: false,
            is_video_deleted: false,
            attempt: record.id.as_ref().map(|id| id.as_str().to_owned()),
        };
        fill_missing(&mut task, record);
        self.entries.push(Entry {
            task,
            status: EntryStatus::Active,
        });
        self.entries.len() - 1
    }

    /// Returns the record's base URL, interned.
    fn base_url(&mut self, record: &Record<'_>) -> Arc<str> {
        let base_url = normalized(record.base_url.as_str());
        if let Some(known) = self.base_urls.get(base_url) {
            return Arc::clone(known);
        }
        let base_url = Arc::<str>::from(base_url);
        self.base_urls.insert(Arc::clone(&base_url));
        base_url
    }
}

/// Fills in the fields of the task that were not known before.
fn fill_missing(task: &mut Task, record: &Record<'_>) {
    let Record {
        video_no,
        transcription_type,
        callback,
        ..
    } = record;
    if task.video_no.is_none() {
        task.video_no = video_no
            .as_ref()
            .and_then(|video| VideoNo::new(video.as_str()).ok());
    }
    if task.transcription_type.is_none() {
        task.transcription_type = transcription_type
            .as_ref()
            .and_then(|name| TranscriptionType::from_name(name.as_str()));
    }
    if task.callback.is_none() {
        task.callback = callback
            .as_ref()
            .map(|callback| callback.as_str().to_owned());
    }
}
