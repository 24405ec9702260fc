//! The progress of a run with files: the items in work, and the state of the whole.

use std::time::Duration;

use super::event::ItemId;
use super::item::{Item, State, UploadStage};
use super::job::Job;
use crate::ui::{ItemProgress, Progress, Stage};

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
