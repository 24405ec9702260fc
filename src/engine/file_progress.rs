//! The progress of a file that is being read or uploaded: written by the worker, read by the loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};

use crate::api::UploadObserver;
use crate::error::{Error, ErrorKind};

/// The progress of a file.
#[derive(Debug, Default)]
pub(super) struct FileProgress {
    bytes: AtomicU64,
    is_cancelled: AtomicBool,
}

impl FileProgress {
    /// Returns the number of bytes so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Sets the number of bytes so far.
    pub(super) fn set(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    /// Asks the worker to give the upload up.
    pub(super) fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }
}

/// Asks the loop for leave to hand over the last bytes of an upload; the answer comes by the sender.
pub(super) type AskLeave = Box<dyn Fn(SyncSender<Result<(), Error>>) + Send + Sync>;

/// Observes an upload for the loop, which decides whether its last bytes are handed over.
pub(super) struct UploadMonitor {
    pub(super) progress: Arc<FileProgress>,
    pub(super) ask: AskLeave,
}

impl UploadObserver for UploadMonitor {
    fn on_sent(&self, bytes: u64) {
        self.progress.set(bytes);
    }

    fn before_last_bytes(&self) -> Result<(), Error> {
        let (sender, answer) = mpsc::sync_channel(1);
        (self.ask)(sender);
        // Without an answer the run is over.
        answer.recv().unwrap_or_else(|_| Err(given_up()))
    }

    fn is_cancelled(&self) -> bool {
        self.progress.is_cancelled.load(Ordering::Relaxed)
    }
}

/// Returns the error for an upload that is given up because the run ends.
pub(super) fn given_up() -> Error {
    Error::new(ErrorKind::Internal, "the run ended before the upload")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitor() -> UploadMonitor {
        UploadMonitor {
            progress: Arc::default(),
            ask: Box::new(drop),
        }
    }

    #[test]
    fn bytes_reach_the_loop_and_its_cancellation_the_worker() {
        let monitor = monitor();
        let progress = Arc::clone(&monitor.progress);
        assert_eq!((progress.bytes(), monitor.is_cancelled()), (0, false));
        monitor.on_sent(7);
        assert_eq!((progress.bytes(), monitor.is_cancelled()), (7, false));
        progress.cancel();
        assert_eq!((progress.bytes(), monitor.is_cancelled()), (7, true));
    }

    #[test]
    fn last_bytes_are_kept_back_if_nobody_answers() {
        assert_eq!(monitor().before_last_bytes(), Err(given_up()));
    }
}
