//! Removes records of ended tasks. The journal is replayed, then copied without the records to be
//! removed, all under the lock, so that no other process can add a record that the copy would miss.

use std::io;
use std::time::Duration;

use jiff::Timestamp;

use super::replay::{EntryView, Line, Replay};
use super::store::Store;
use super::tasks::TaskStatus;

/// Minimum age at which a submit of unknown outcome may be removed. A live process may still be
/// waiting for its answer until then: longer than all retries of one request take.
const IN_FLIGHT_GRACE: Duration = Duration::from_hours(1);

/// See [`super::Journal::prune`].
pub(super) fn prune(store: &Store, older_than: Duration, now: Timestamp) -> io::Result<usize> {
    let lock = store.lock()?;
    store.remove_stale_copies(&lock)?;
    let mut replay = Replay::default();
    let mut lines = Vec::new();
    store.read(|line| {
        lines.push(replay.line(line));
        Ok(())
    })?;

    let ended = before(now, older_than);
    let unknown = before(now, older_than.max(IN_FLIGHT_GRACE));
    let is_expired = |subject: EntryView<'_>| match subject {
        EntryView::Rejected(time) => time <= ended,
        EntryView::Task(task) => match task.status {
            TaskStatus::Pending => false,
            TaskStatus::Finished | TaskStatus::Failed => {
                task.ended_at.is_some_and(|time| time <= ended)
            }
            TaskStatus::Unknown => task.submitted_at.is_some_and(|time| time <= unknown),
        },
    };
    let is_removed = |line: Line| match line {
        Line::Known(entry) => is_expired(replay.view(entry)),
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
    Ok(replay
        .into_tasks()
        .as_slice()
        .iter()
        .filter(|task| is_expired(EntryView::Task(task)))
        .count())
}

/// Returns the time `span` before `now`, or the earliest time there is.
fn before(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}
