//! The progress of a run with files: the items in work, and the state of the whole.

use std::time::Duration;

use super::event::ItemId;
use super::item::{Item, State, UploadStage};
use super::job::Job;
use crate::ui::{ItemProgress, Progress, Stage};

/// Minimum time between two updates of the progress.
const UPDATE_INTERVAL: Duration = Duration::from_millis(80);

/// The time at which the progress was shown last.
#[derive(Default)]
pub(super) struct ProgressTimer(Option<Duration>);

impl ProgressTimer {
    /// Returns `true` if the progress is to be shown at this time, which then counts as shown.
    pub(super) fn is_due(&mut self, now: Duration) -> bool {
        let is_due = (self.0).is_none_or(|shown| now >= shown + UPDATE_INTERVAL);
        if is_due {
            self.0 = Some(now);
        }
        is_due
    }
}

/// Returns the progress of the run; `bytes` returns how much of an item's file was read or handed over.
pub(super) fn progress<R>(job: &Job<R>, now: Duration, bytes: impl Fn(ItemId) -> u64) -> Progress {
    let items = job.items();
    let in_work = items.iter().enumerate().filter_map(|(id, item)| {
        let stage = stage(item, now, || bytes(id))?;
        let label = item.label();
        Some(ItemProgress { id, label, stage })
    });
    let counts = job.counts();
    let done = counts.done + counts.failed + counts.left;
    Progress {
        items: in_work.collect(),
        total: total(counts.done, counts.failed, items.len()),
        done,
        count: items.len(),
    }
}

fn total(done: usize, failed: usize, items: usize) -> String {
    let failed = match failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    format!("{done} of {items} finished{failed}")
}

/// Returns the stage of an item; `None` if nothing is being done about it.
fn stage(item: &Item, now: Duration, bytes: impl Fn() -> u64) -> Option<Stage> {
    let waited = now.saturating_sub(item.since);
    let size = item.file.as_ref().map_or(0, |file| file.size);
    Some(match item.state {
        State::Hashing { is_running: true } => Stage::Hashing {
            done: bytes(),
            size,
        },
        State::Uploading(UploadStage::Sending) => Stage::Uploading {
            done: bytes(),
            size,
        },
        State::Uploading(UploadStage::Sent) => Stage::Waiting("waiting for the answer".to_owned()),
        State::LookingUp => Stage::Waiting("looking for the video in the account".to_owned()),
        State::Parsing => Stage::Parsing { waited },
        State::Submitting { .. } => Stage::Submitting,
        State::Polling => Stage::Transcribing { waited },
        State::Delivering => Stage::Writing,
        State::Hashing { is_running: false }
        | State::Uploading(UploadStage::Waiting)
        | State::AwaitingUpload
        | State::Undelivered(_)
        | State::Done
        | State::Failed(_)
        | State::TimedOut
        | State::Unknown(_)
        | State::NotStarted => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_due_at_once_and_an_interval_after_it_was_shown() {
        let mut timer = ProgressTimer::default();
        let mut is_due = |millis| timer.is_due(Duration::from_millis(millis));
        let due: Vec<u64> = (5..=250).filter(|millis| is_due(*millis)).collect();
        assert_eq!(due, [5, 85, 165, 245]);
    }
}
