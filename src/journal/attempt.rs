//! An attempt to submit a video, and its records.

use std::cell::OnceCell;
use std::hash::{BuildHasher as _, RandomState};
use std::io;

use super::attempt_lock::{self, AttemptLock};
use super::record::{Record, RecordEvent};
use super::store::{Lock, Store};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};

/// One attempt to submit a video, identified in the journal by a random ID. Retries of a request that
/// certainly was not accepted may share one attempt. From its first record until it is dropped, others
/// see that it is under way.
#[derive(Debug)]
pub struct SubmitAttempt {
    pub(super) id: String,
    pub(super) base_url: String,
    pub(super) video_no: VideoNo,
    pub(super) transcription_type: TranscriptionType,
    callback: Option<String>,
    /// Held until the attempt is dropped: others see that it is under way.
    lock: OnceCell<AttemptLock>,
}

impl SubmitAttempt {
    /// Creates an attempt at the service at `base_url`.
    #[must_use]
    pub fn new(
        base_url: &str,
        video_no: &VideoNo,
        transcription_type: TranscriptionType,
        callback: Option<&str>,
    ) -> Self {
        Self {
            id: random_id(),
            base_url: base_url.to_owned(),
            video_no: video_no.clone(),
            transcription_type,
            callback: callback.map(str::to_owned),
            lock: OnceCell::new(),
        }
    }

    /// Takes the lock file of the attempt, unless it has it already.
    pub(super) fn take_lock(&self, store: &Store, lock: &Lock) -> io::Result<()> {
        if self.lock.get().is_none()
            && let Some(taken) = attempt_lock::take(store, lock, &self.id)?
        {
            let _ = self.lock.set(taken);
        }
        Ok(())
    }

    /// Returns the record of an event of this attempt, now.
    pub(super) fn record<'a>(
        &'a self,
        event: RecordEvent,
        task_no: Option<&'a TaskNo>,
    ) -> Record<'a> {
        Record {
            id: Some(self.id.as_str().into()),
            video_no: Some(self.video_no.as_str().into()),
            transcription_type: Some(self.transcription_type.name().into()),
            callback: self.callback.as_deref().map(Into::into),
            task_no: task_no.map(|task_no| task_no.as_str().into()),
            ..Record::now(event, &self.base_url)
        }
    }
}

/// Returns the ID of a new attempt. The standard library keys its hashers from the system's randomness:
/// 64 bits that another process has with negligible probability, even at the same instant.
pub(super) fn random_id() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}
