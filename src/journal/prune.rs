//! Removes records of old tasks, and of uploads that are of no use. The journal is replayed, then copied
//! without the records to be removed, all under the lock, so that no other process can add a record that
//! the copy would miss.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::attempt_lock;
use super::record::normalized;
use super::replay::{EntryView, Line, Replay};
use super::store::Store;
use super::tasks::{Task, TaskStatus};
use super::upload::UploadStatus;
use super::upload_replay::UploadEntry;
use crate::ids::VideoNo;
use crate::when::before;

/// Selects the tasks that [`Journal::prune`](super::Journal::prune) removes.
#[derive(Clone, Copy, Debug, Default)]
pub struct PruneFilter<'a> {
    /// The minimum age: since the end, or since the submit where no end is recorded.
    pub older_than: Duration,
    /// The service; `None` for all.
    pub base_url: Option<&'a str>,
    /// The status; `None` for every status but pending.
    pub status: Option<TaskStatus>,
}

/// Minimum age at which a submit of unknown outcome, or an upload that was not sent whole, may be removed.
/// A live process may still be waiting for its answer until then: longer than all retries of one request
/// take.
const IN_FLIGHT_GRACE: Duration = Duration::from_hours(1);

/// See [`super::Journal::prune`].
pub(super) fn prune(store: &Store, filter: &PruneFilter<'_>, now: Timestamp) -> io::Result<usize> {
    let lock = store.lock()?;
    store.remove_stale_copies(&lock)?;
    attempt_lock::remove_stale(store, &lock);
    let mut replay = Replay::default();
    let mut lines = Vec::new();
    store.read(|line| {
        lines.push(replay.line(line));
        Ok(())
    })?;

    let expiry = Expiry::new(filter, now);
    let mut kept_videos: HashSet<_> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Known(entry) => Some(replay.view(*entry)),
            Line::Upload(_) | Line::Unrecognized | Line::Corrupt => None,
        })
        .filter_map(|view| match view {
            EntryView::Task(task) if !expiry.is_expired_task(task) => video_of(task),
            _ => None,
        })
        .collect();
    let held = attempt_lock::all_held(store);
    let is_expired_upload: Vec<bool> = (replay.uploads.entries().iter())
        .map(|entry| !held.contains(&entry.upload.attempt) && expiry.is_expired_upload(entry))
        .collect();
    let uploads = replay.uploads.entries().iter().zip(&is_expired_upload);
    kept_videos.extend(uploads.filter(|(_, is_expired)| !**is_expired).filter_map(
        |(UploadEntry { upload, .. }, _)| {
            Some((Arc::clone(&upload.base_url), upload.video_no.clone()?))
        },
    ));

    let is_removed = |line: Line| match line {
        Line::Known(entry) => match replay.view(entry) {
            EntryView::Inactive(time, of) => expiry.is_expired(of, time),
            // As long as a task or an upload is recorded, so is the deletion of its video.
            EntryView::Deletion(time, of) => {
                let is_kept = video_of(of).is_some_and(|video| kept_videos.contains(&video));
                expiry.is_expired(&of.base_url, time) && !is_kept
            }
            EntryView::Task(task) => expiry.is_expired_task(task),
        },
        Line::Upload(entry) => is_expired_upload[entry],
        Line::Unrecognized => false,
        Line::Corrupt => true,
    };
    if !lines.iter().any(|&line| is_removed(line)) {
        return Ok(0);
    }
    store.replace(&lock, |copy| {
        let mut lines = lines.iter();
        store.read(|line| {
            if lines.next().is_some_and(|&line| is_removed(line)) {
                return Ok(());
            }
            copy.write_all(line)?;
            copy.write_all(b"\n")
        })
    })?;
    let tasks = replay.into_tasks();
    let removed = tasks.as_slice().iter();
    Ok(removed.filter(|task| expiry.is_expired_task(task)).count())
}

fn video_of(task: &Task) -> Option<(Arc<str>, VideoNo)> {
    Some((Arc::clone(&task.base_url), task.video_no.clone()?))
}

/// The age at which records are removed.
struct Expiry<'a> {
    cutoff: Timestamp,
    in_flight_cutoff: Timestamp,
    base_url: Option<&'a str>,
    status: Option<TaskStatus>,
}

impl<'a> Expiry<'a> {
    fn new(filter: &PruneFilter<'a>, now: Timestamp) -> Self {
        Self {
            cutoff: before(now, filter.older_than),
            in_flight_cutoff: before(now, filter.older_than.max(IN_FLIGHT_GRACE)),
            base_url: filter.base_url.map(normalized),
            status: filter.status,
        }
    }

    fn is_of_service(&self, base_url: &str) -> bool {
        self.base_url.is_none_or(|selected| selected == base_url)
    }

    fn is_expired(&self, base_url: &str, time: Timestamp) -> bool {
        self.is_of_service(base_url) && time <= self.cutoff
    }

    fn is_expired_task(&self, task: &Task) -> bool {
        let is_old = match task.status {
            TaskStatus::Finished | TaskStatus::Failed => {
                task.ended_at.is_some_and(|time| time <= self.cutoff)
            }
            TaskStatus::Pending => task.submitted_at.is_some_and(|time| time <= self.cutoff),
            TaskStatus::Unknown => {
                (task.submitted_at).is_some_and(|time| time <= self.in_flight_cutoff)
            }
        };
        let has_status = match self.status {
            Some(status) => task.status == status,
            None => task.status != TaskStatus::Pending,
        };
        is_old && has_status && self.is_of_service(&task.base_url)
    }

    /// Returns `true` for an old upload that is of no use. What may be used again, or may have been paid
    /// for, never expires: without it, the next run would pay again.
    fn is_expired_upload(&self, entry: &UploadEntry) -> bool {
        let cutoff = match entry.upload.status {
            _ if !entry.is_active => self.cutoff,
            UploadStatus::Uploading => self.in_flight_cutoff,
            _ => return false,
        };
        entry.changed_at <= cutoff && self.is_of_service(&entry.upload.base_url)
    }
}
