//! Uploads: looked up in the record, recorded before their first byte, before their last bytes, and after
//! their answer.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use jiff::Timestamp;

use super::super::calls::WorkerCall;
use super::super::event::{Event, ItemId, RecordedUpload};
use super::super::event_queue::DriverInput;
use super::super::file_progress::{FileProgress, UploadMonitor, given_up};
use super::super::rate_limit::Permit;
use super::super::retry::is_possibly_accepted;
use super::Driver;
use crate::api::{ApiError, UploadRequest, UploadedVideo, Video, VideoPage};
use crate::error::Error;
use crate::ids::VideoNo;
use crate::journal::{BeginUpload, Upload, UploadAttempt, UploadStatus};
use crate::video_file::VideoFile;

/// The files of a run that are being read or uploaded.
#[derive(Default)]
pub(super) struct FileWork {
    /// Uploads that are under way, or whose answer was lost.
    attempts: HashMap<ItemId, UploadAttempt>,
    /// Uploads of earlier runs whose answer was lost.
    unanswered: HashMap<ItemId, Upload>,
    /// Uploads that wait for leave to hand over their last bytes.
    waiting: HashMap<ItemId, SyncSender<Result<(), Error>>>,
    progress: HashMap<ItemId, Arc<FileProgress>>,
    /// The item whose lost video the listing under way looks for.
    look_up: Option<ItemId>,
}

impl FileWork {
    /// Returns the number of bytes of an item's file that were read or handed over.
    pub(super) fn bytes(&self, item: ItemId) -> u64 {
        self.progress
            .get(&item)
            .map_or(0, |progress| progress.bytes())
    }

    /// Answers an upload that waits to hand over its last bytes: it does so if it goes on, and `record` has
    /// recorded that.
    fn hand_over(
        &mut self,
        item: ItemId,
        goes_on: bool,
        record: impl FnOnce(&UploadAttempt) -> Result<(), Error>,
    ) {
        let Some(answer) = self.waiting.remove(&item) else {
            return;
        };
        let result = match self.attempts.get(&item) {
            Some(attempt) if goes_on => record(attempt),
            _ => Err(given_up()),
        };
        // An error means that the upload has ended.
        let _ = answer.send(result);
    }

    /// Asks the worker of an item's upload to give it up.
    pub(super) fn cancel(&self, item: ItemId) {
        if let Some(progress) = self.progress.get(&item) {
            progress.cancel();
        }
    }

    fn begin(&mut self, item: ItemId) -> Arc<FileProgress> {
        let progress = Arc::<FileProgress>::default();
        self.progress.insert(item, Arc::clone(&progress));
        progress
    }
}

impl Driver {
    pub(super) fn hash(&mut self, item: ItemId) {
        let Some(file) = self.job.item(item).file.clone() else {
            return;
        };
        let progress = self.files.begin(item);
        self.call(WorkerCall::Hash {
            item,
            file,
            progress,
        });
    }

    /// Looks the content of an item's file up in the record.
    pub(super) fn find_upload(&mut self, item: ItemId) {
        let Some((file, sha256)) = self.file_of(item) else {
            return;
        };
        let attempt = self.attempt(item, &file, sha256.as_deref());
        let found = (self.parts.journal)
            .find_upload(&attempt)
            .map(|found| self.recorded_upload(item, found));
        self.pending.push_back(Event::UploadFound {
            item,
            permit: None,
            found,
        });
    }

    /// Records an upload and sends it, unless the record has one of the same content.
    pub(super) fn upload(&mut self, item: ItemId, permit: Permit) {
        let Some((file, sha256)) = self.file_of(item) else {
            return;
        };
        let mut attempt = self.attempt(item, &file, sha256.as_deref());
        let begun = (self.parts.journal).begin_upload(&mut attempt, self.parts.reuse);
        let found = match begun {
            Ok(BeginUpload::Proceed) => {
                self.files.attempts.insert(item, attempt);
                let progress = self.files.begin(item);
                let queue = self.parts.queue.sender.clone();
                self.call(WorkerCall::Upload {
                    item,
                    permit,
                    request: UploadRequest {
                        file: VideoFile::clone(&file),
                        sha256,
                        callback: self.parts.upload_callback.clone(),
                    },
                    monitor: UploadMonitor {
                        progress,
                        ask: Box::new(move |answer| {
                            drop(queue.send(DriverInput::LastBytes(item, answer)));
                        }),
                    },
                });
                return;
            }
            Ok(found) => Ok(self.recorded_upload(item, found)),
            Err(error) => Err(error),
        };
        self.hear_signal();
        self.pending.push_back(Event::UploadFound {
            item,
            permit: Some(permit),
            found,
        });
    }

    /// Returns an attempt to upload an item's file. Whoever asks for the upload alone wants a video that can
    /// be used.
    fn attempt(&self, item: ItemId, file: &VideoFile, sha256: Option<&str>) -> UploadAttempt {
        let is_upload_alone = self.job.item(item).transcription_type.is_none();
        UploadAttempt::new(self.parts.journal.base_url(), file, sha256)
            .ignoring_failed_parses(is_upload_alone)
    }

    fn file_of(&self, item: ItemId) -> Option<(Arc<VideoFile>, Option<String>)> {
        let item = self.job.item(item);
        Some((item.file.clone()?, item.sha256.clone()))
    }

    /// Returns what the record has about a file, for the job.
    fn recorded_upload(&mut self, item: ItemId, found: BeginUpload) -> Option<RecordedUpload> {
        match found {
            BeginUpload::Proceed => None,
            BeginUpload::InProgress => Some(RecordedUpload::InProgress),
            BeginUpload::Existing(upload) => Some(RecordedUpload::Video(video_of(&upload)?)),
            BeginUpload::Unknown(upload) => {
                let began = upload.started_at;
                self.files.unanswered.insert(item, upload);
                Some(RecordedUpload::Unanswered(began))
            }
        }
    }

    /// An upload waits to hand over its last bytes.
    pub(super) fn last_bytes(
        &mut self,
        item: ItemId,
        answer: SyncSender<Result<(), Error>>,
    ) -> Event<super::TaskResult> {
        self.files.waiting.insert(item, answer);
        Event::LastBytes(item)
    }

    /// Lets an upload hand over its last bytes, once that is on record.
    pub(super) fn hand_over(&mut self, item: ItemId, goes_on: bool) {
        let (journal, reuse) = (&self.parts.journal, self.parts.reuse);
        let record = |attempt: &UploadAttempt| journal.upload_sent(attempt, reuse);
        self.files.hand_over(item, goes_on, record);
        self.hear_signal();
    }

    /// Records the outcome of an upload: what was paid for is on record before the job hears of it. Returns the
    /// time at which the upload began.
    pub(super) fn record_upload(
        &mut self,
        item: ItemId,
        result: &Result<UploadedVideo, ApiError>,
    ) -> Option<Timestamp> {
        let attempt = self.files.attempts.get(&item)?;
        let began = attempt.started_at();
        let label = self.job.item(item).label();
        let journal = &self.parts.journal;
        match result {
            Ok(UploadedVideo { video, sha256 }) => {
                journal.uploaded(attempt, &video.video_no, Some(sha256), &label);
            }
            Err(error) => match &error.named_video {
                Some(video) => journal.uploaded(attempt, video, None, &label),
                None if is_possibly_accepted(error) => return Some(began),
                None => journal.upload_rejected(attempt),
            },
        }
        self.files.attempts.remove(&item);
        Some(began)
    }

    /// Records the video of an upload whose answer was lost.
    pub(super) fn resolve_upload(&mut self, item: ItemId, video: &VideoNo) {
        let label = self.job.item(item).label();
        let journal = &self.parts.journal;
        if let Some(attempt) = self.files.attempts.remove(&item) {
            journal.uploaded(&attempt, video, None, &label);
        } else if let Some(upload) = self.files.unanswered.remove(&item) {
            journal.resolve_upload(&upload, video);
        }
    }

    /// Lets go of an upload whose outcome stays unknown, so that others see that nobody waits for it.
    pub(super) fn release_upload(&mut self, item: ItemId) {
        self.files.attempts.remove(&item);
    }

    pub(super) fn record_parsed(&self, item: ItemId, is_parsed: bool) {
        if let Some(video) = &self.job.item(item).video {
            self.parts.journal.parsed(video, is_parsed);
        }
    }

    /// Remembers what the listing under way is for.
    pub(super) fn list(&mut self, call: WorkerCall, look_up: Option<ItemId>) {
        self.files.look_up = look_up;
        self.call(call);
    }

    /// Takes the videos that the record knows out of a listing that looks for a lost one. Returns `true` if
    /// what is left may come from another file of that name.
    pub(super) fn exclude_recorded(&self, page: &mut VideoPage) -> bool {
        let Some(item) = self.files.look_up else {
            return false;
        };
        let Some(uploads) = self.parts.journal.uploads() else {
            return false;
        };
        let base_url = self.parts.journal.base_url();
        let is_new = |video: &Video| !uploads.knows_video(base_url, &video.video_no);
        page.videos.retain(is_new);
        let recorded = match self.files.attempts.get(&item) {
            Some(attempt) => uploads.of_attempt(attempt),
            None => self.files.unanswered.get(&item),
        };
        recorded.is_some_and(|upload| uploads.has_namesake(upload))
    }
}

/// Returns the video of a recorded upload.
fn video_of(upload: &Upload) -> Option<Video> {
    let word = match upload.status {
        UploadStatus::Parsed => "PARSE",
        UploadStatus::ParseFailed => "FAIL",
        UploadStatus::Uploading | UploadStatus::Unknown | UploadStatus::Uploaded => "UNPARSE",
    };
    Some(Video {
        video_no: upload.video_no.clone()?,
        name: Some(upload.name.clone()),
        status_word: Some(word.to_owned()),
        uploaded_at: upload.uploaded_at,
        seconds: None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::api::UploadObserver as _;
    use crate::error::ErrorKind;

    #[test]
    fn bytes_are_those_of_the_stage_that_an_item_is_in() {
        let mut files = FileWork::default();
        assert_eq!(files.bytes(0), 0);
        files.begin(0).set(7);
        files.begin(1).set(9);
        assert_eq!([files.bytes(0), files.bytes(1)], [7, 9]);
        files.begin(0);
        assert_eq!([files.bytes(0), files.bytes(1)], [0, 9]);
    }

    #[test]
    fn upload_of_one_item_is_cancelled() {
        let mut files = FileWork::default();
        let monitors = [0, 1].map(|item| UploadMonitor {
            progress: files.begin(item),
            ask: Box::new(drop),
        });
        files.cancel(1);
        assert_eq!(
            monitors.map(|monitor| monitor.is_cancelled()),
            [false, true]
        );
    }

    #[test]
    fn last_bytes_are_handed_over_if_that_is_wanted_and_on_record() {
        let file = VideoFile {
            path: "talk.mp4".into(),
            name: "talk.mp4".to_owned(),
            size: 10,
            modified: None,
        };
        let is_handed_over = |has_attempt, goes_on, is_recorded| {
            let mut files = FileWork::default();
            if has_attempt {
                let attempt = UploadAttempt::new("https://service.example", &file, None);
                files.attempts.insert(0, attempt);
            }
            let (sender, answer) = mpsc::sync_channel(1);
            files.waiting.insert(0, sender);
            let failed = || Err(Error::new(ErrorKind::Io, "the disk is full"));
            let record = |_: &UploadAttempt| if is_recorded { Ok(()) } else { failed() };
            files.hand_over(0, goes_on, record);
            answer.try_recv().expect("an answer").is_ok()
        };
        assert!(is_handed_over(true, true, true));
        assert!(!is_handed_over(true, true, false));
        assert!(!is_handed_over(true, false, true));
        assert!(!is_handed_over(false, true, true));
    }
}
