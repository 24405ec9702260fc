//! From records to tasks, in one pass and in time and memory linear in the records. What cannot be
//! read is skipped and counted: one bad line never hides the others.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::IgnoredAny;

use super::record::{Event, Record, Text};
use super::tasks::{Status, Task, Tasks};
use crate::task::{TaskNo, TranscriptionType, VideoNo};

/// The state after the records so far.
#[derive(Debug, Default)]
pub(super) struct Replay {
    entries: Vec<Entry>,
    /// Submissions whose outcome is not known yet, by their id.
    open: HashMap<String, usize>,
    numbered: HashMap<(Arc<str>, TaskNo), usize>,
    base_urls: HashSet<Arc<str>>,
    unreadable: usize,
}

#[derive(Debug)]
struct Entry {
    task: Task,
    fate: Fate,
}

/// Whether an entry is a task of its own.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Kept,
    Rejected(Timestamp),
    /// It turned out to be the same task as another entry.
    Merged(usize),
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// An entry, for [`Replay::subject`].
    Entry(usize),
    /// Well-formed, but not of this program's making: perhaps a newer one's.
    Foreign,
    /// Torn, or not a record at all.
    Damaged,
}

/// What an entry turned out to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    Task(&'a Task),
    Rejected(Timestamp),
}

impl Replay {
    /// Takes in one line.
    pub(super) fn line(&mut self, line: &[u8]) -> Line {
        if let Ok(record) = serde_json::from_slice::<Record<'_>>(line) {
            if record.event == Event::Other {
                return Line::Foreign;
            }
            if let Some(entry) = self.record(&record) {
                return Line::Entry(entry);
            }
        }
        self.unreadable += usize::from(!line.is_empty());
        if serde_json::from_slice::<IgnoredAny>(line).is_ok() {
            Line::Foreign
        } else {
            Line::Damaged
        }
    }

    /// What an entry that [`Self::line`] named turned out to be after all lines.
    pub(super) fn subject(&self, mut entry: usize) -> Subject<'_> {
        loop {
            match self.entries[entry].fate {
                Fate::Kept => return Subject::Task(&self.entries[entry].task),
                Fate::Rejected(time) => return Subject::Rejected(time),
                Fate::Merged(into) => entry = into,
            }
        }
    }

    pub(super) fn into_tasks(self) -> Tasks {
        let tasks = self
            .entries
            .into_iter()
            .filter(|entry| matches!(entry.fate, Fate::Kept))
            .map(|entry| entry.task)
            .collect();
        Tasks::new(tasks, self.unreadable)
    }

    /// The entry that the record is about; nothing where it lacks what its event needs.
    fn record(&mut self, record: &Record<'_>) -> Option<usize> {
        let id = record.id.as_ref().map(Text::as_str);
        match record.event {
            Event::Submitting => {
                let id = id?.to_owned();
                let entry = self.push(record);
                self.open.insert(id, entry);
                Some(entry)
            }
            Event::Submitted => {
                let task_no = TaskNo::new(record.task_no.as_ref()?.as_str()).ok()?;
                let open = id.and_then(|id| self.open.remove(id));
                Some(self.submitted(record, task_no, open))
            }
            Event::Rejected => {
                let open = self.open.remove(id?);
                let entry = open.unwrap_or_else(|| self.push(record));
                self.entries[entry].fate = Fate::Rejected(record.time);
                Some(entry)
            }
            Event::Finished => self.ended(record, Status::Finished),
            Event::Failed => self.ended(record, Status::Failed),
            Event::Other => None,
        }
    }

    fn submitted(&mut self, record: &Record<'_>, task_no: TaskNo, open: Option<usize>) -> usize {
        let key = (self.base_url(record), task_no.clone());
        let known = self.numbered.get(&key).copied();
        let entry = open.or(known).unwrap_or_else(|| self.push(record));
        let id = record.id.as_ref().map(Text::as_str);
        // The end of a task can be on record before its number (a callback was quicker than we
        // were). The end of an earlier run does not count: the service took this one too.
        let end = known
            .map(|known| &self.entries[known].task)
            // Or somebody else found out what became of this very attempt.
            .filter(|task| {
                task.submitted_at.is_none() || (id.is_some() && task.attempt.as_deref() == id)
            })
            .map(|task| (task.status, task.ended_at, task.by_callback));
        if let Some(known) = known.filter(|&known| known != entry) {
            self.entries[known].fate = Fate::Merged(entry);
        }
        let task = &mut self.entries[entry].task;
        task.task_no = Some(task_no);
        task.submitted_at = Some(record.time);
        (task.status, task.ended_at, task.by_callback) =
            end.unwrap_or((Status::Pending, None, false));
        learn(task, record);
        self.numbered.insert(key, entry);
        entry
    }

    fn ended(&mut self, record: &Record<'_>, status: Status) -> Option<usize> {
        let task_no = TaskNo::new(record.task_no.as_ref()?.as_str()).ok()?;
        let key = (self.base_url(record), task_no.clone());
        let entry = if let Some(&known) = self.numbered.get(&key) {
            known
        } else {
            let entry = self.push(record);
            let task = &mut self.entries[entry].task;
            task.submitted_at = None;
            task.task_no = Some(task_no);
            self.numbered.insert(key, entry);
            entry
        };
        let task = &mut self.entries[entry].task;
        if task.status != status {
            task.status = status;
            task.ended_at = Some(record.time);
        }
        task.by_callback |= record.by_callback;
        learn(task, record);
        Some(entry)
    }

    /// A new entry of unknown outcome.
    fn push(&mut self, record: &Record<'_>) -> usize {
        let mut task = Task {
            task_no: None,
            video_no: None,
            kind: None,
            status: Status::Unknown,
            submitted_at: Some(record.time),
            ended_at: None,
            base_url: self.base_url(record),
            callback: None,
            by_callback: false,
            attempt: record.id.as_ref().map(|id| id.as_str().to_owned()),
        };
        learn(&mut task, record);
        self.entries.push(Entry {
            task,
            fate: Fate::Kept,
        });
        self.entries.len() - 1
    }

    /// The record's base URL, kept once however many records name it.
    fn base_url(&mut self, record: &Record<'_>) -> Arc<str> {
        let base_url = super::normalized(record.base_url.as_str());
        if let Some(known) = self.base_urls.get(base_url) {
            return Arc::clone(known);
        }
        let base_url = Arc::<str>::from(base_url);
        self.base_urls.insert(Arc::clone(&base_url));
        base_url
    }
}

/// Fills in what was not known about the task.
fn learn(task: &mut Task, record: &Record<'_>) {
    let Record {
        video_no,
        kind,
        callback,
        ..
    } = record;
    if task.video_no.is_none() {
        task.video_no = video_no
            .as_ref()
            .and_then(|video| VideoNo::new(video.as_str()).ok());
    }
    if task.kind.is_none() {
        task.kind = kind
            .as_ref()
            .and_then(|kind| TranscriptionType::from_name(kind.as_str()));
    }
    if task.callback.is_none() {
        task.callback = callback
            .as_ref()
            .map(|callback| callback.as_str().to_owned());
    }
}
