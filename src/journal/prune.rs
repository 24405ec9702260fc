//! Forgetting what is over. The journal is replayed, then copied without the records of what is to
//! go, all under the lock: no other process can add a record that the copy would miss.

use std::io;
use std::time::Duration;

use jiff::Timestamp;

use super::replay::{Line, Replay, Subject};
use super::store::Store;
use super::tasks::Status;

/// How long a submission of unknown outcome may still be under way in a live process: longer than
/// the tries of one request take.
const UNDER_WAY: Duration = Duration::from_hours(1);

/// See [`super::Journal::prune`].
pub(super) fn prune(store: &Store, older_than: Duration, now: Timestamp) -> io::Result<usize> {
    let lock = store.lock()?;
    let mut replay = Replay::default();
    let mut lines = Vec::new();
    store.read(|line| {
        lines.push(replay.line(line));
        Ok(())
    })?;

    let ended = before(now, older_than);
    let unknown = before(now, older_than.max(UNDER_WAY));
    let is_over = |subject: Subject<'_>| match subject {
        Subject::Rejected(time) => time <= ended,
        Subject::Task(task) => match task.status {
            Status::Pending => false,
            Status::Finished | Status::Failed => task.ended_at.is_some_and(|time| time <= ended),
            Status::Unknown => task.submitted_at.is_some_and(|time| time <= unknown),
        },
    };
    let goes = |line: Line| match line {
        Line::Entry(entry) => is_over(replay.subject(entry)),
        Line::Foreign => false,
        Line::Damaged => true,
    };
    if !lines.iter().any(|&line| goes(line)) {
        return Ok(0);
    }
    store.replace(&lock, |copy| {
        let mut lines = lines.iter();
        store.read(|line| {
            if lines.next().is_some_and(|&line| goes(line)) {
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
        .filter(|task| is_over(Subject::Task(task)))
        .count())
}

/// The instant that far back; the beginning of time where that is further back than time goes.
fn before(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}
