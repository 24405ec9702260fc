//! Removes records of old tasks. The journal is replayed, then copied without the records to be
//! removed, all under the lock, so that no other process can add a record that the copy would miss.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::record::normalized;
use super::replay::{EntryView, Line, Replay};
use super::store::Store;
use super::tasks::{Task, TaskStatus};
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

/// Minimum age at which a submit of unknown outcome may be removed. A live process may still be
/// waiting for its answer until then: longer than all retries of one request take.
const IN_FLIGHT_GRACE: Duration = Duration::from_hours(1);

/// See [`super::Journal::prune`].
pub(super) fn prune(store: &Store, filter: &PruneFilter<'_>, now: Timestamp) -> io::Result<usize> {
    let lock = store.lock()?;
    store.remove_stale_copies(&lock)?;
    let mut replay = Replay::default();
    let mut lines = Vec::new();
    store.read(|line| {
        lines.push(replay.line(line));
        Ok(())
    })?;

    let cutoff = before(now, filter.older_than);
    let unknown_cutoff = before(now, filter.older_than.max(IN_FLIGHT_GRACE));
    let base_url = filter.base_url.map(normalized);
    let is_of_service = |of: &str| base_url.is_none_or(|base_url| base_url == of);
    let is_old = |task: &Task| match task.status {
        TaskStatus::Finished | TaskStatus::Failed => {
            task.ended_at.is_some_and(|time| time <= cutoff)
        }
        TaskStatus::Pending => task.submitted_at.is_some_and(|time| time <= cutoff),
        TaskStatus::Unknown => task.submitted_at.is_some_and(|time| time <= unknown_cutoff),
    };
    let has_status = |task: &Task| match filter.status {
        Some(status) => task.status == status,
        None => task.status != TaskStatus::Pending,
    };
    let is_expired_task =
        |task: &Task| is_of_service(&task.base_url) && has_status(task) && is_old(task);
    let video = |task: &Task| (Arc::clone(&task.base_url), task.video_no.clone());
    let kept_videos: HashSet<_> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Known(entry) => Some(replay.view(*entry)),
            Line::Upload(_) | Line::Unrecognized | Line::Corrupt => None,
        })
        .filter_map(|view| match view {
            EntryView::Task(task) if !is_expired_task(task) => Some(video(task)),
            _ => None,
        })
        .collect();
    let is_expired = |view: EntryView<'_>| match view {
        EntryView::Inactive(time, of) => is_of_service(of) && time <= cutoff,
        // As long as a task is recorded, so is the deletion of its video.
        EntryView::Deletion(time, of) => {
            is_of_service(&of.base_url) && time <= cutoff && !kept_videos.contains(&video(of))
        }
        EntryView::Task(task) => is_expired_task(task),
    };
    let is_removed = |line: Line| match line {
        Line::Known(entry) => is_expired(replay.view(entry)),
        Line::Upload(_) | Line::Unrecognized => false,
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
    Ok(replay
        .into_tasks()
        .as_slice()
        .iter()
        .filter(|task| is_expired(EntryView::Task(task)))
        .count())
}
