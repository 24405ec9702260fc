//! An attempt to upload a file, and its records.

use jiff::Timestamp;

use super::attempt::random_id;
use super::attempt_lock::AttemptLock;
use super::record::{Record, RecordEvent};
use crate::ids::VideoNo;
use crate::video_file::VideoFile;

/// One attempt to upload a file, identified in the journal by a random ID. Retries of an upload that
/// certainly was not accepted may share one attempt. From
/// [`Journal::begin_upload`](super::Journal::begin_upload) until it is dropped, other processes and
/// other attempts in this one see that it is under way.
#[derive(Debug)]
pub struct UploadAttempt {
    pub(super) id: String,
    pub(super) base_url: String,
    pub(super) file: RecordedFile,
    pub(super) lock: Option<AttemptLock>,
    started_at: Timestamp,
}

/// The facts by which a file is found in the journal.
#[derive(Clone, Debug)]
pub(super) struct RecordedFile {
    /// The absolute path; what is not UTF-8 is replaced by U+FFFD.
    pub(super) path: String,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) modified: Option<Timestamp>,
    pub(super) sha256: Option<String>,
    /// Uploads whose video could not be parsed do not count.
    pub(super) ignores_failed_parses: bool,
}

impl RecordedFile {
    pub(super) fn new(file: &VideoFile, sha256: Option<&str>) -> Self {
        // Absolute, since a later run may be in another directory. It fails without a current
        // directory, and then the path as it was given has to do.
        let path = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
        Self {
            path: path.to_string_lossy().into_owned(),
            name: file.name.clone(),
            size: file.size,
            modified: file.modified,
            sha256: sha256.map(str::to_owned),
            ignores_failed_parses: false,
        }
    }
}

impl UploadAttempt {
    /// Creates an attempt at the service at `base_url`. `sha256` is that of the file's content, in
    /// lower-case hexadecimal digits, where it is known beforehand.
    #[must_use]
    pub fn new(base_url: &str, file: &VideoFile, sha256: Option<&str>) -> Self {
        Self {
            id: random_id(),
            base_url: base_url.to_owned(),
            file: RecordedFile::new(file, sha256),
            lock: None,
            started_at: Timestamp::now(),
        }
    }

    /// Makes uploads whose video could not be parsed not count for reuse, if `true`.
    #[must_use]
    pub fn ignoring_failed_parses(mut self, ignores: bool) -> Self {
        self.file.ignores_failed_parses = ignores;
        self
    }

    /// Returns the time at which the attempt was created.
    #[must_use]
    pub const fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// Returns the record of an event of this attempt, now. Each is complete, so that one that could
    /// not be written, or was torn, is not missed.
    pub(super) fn record(&self, event: RecordEvent) -> Record<'_> {
        let file = &self.file;
        Record {
            id: Some(self.id.as_str().into()),
            path: Some(file.path.as_str().into()),
            name: Some(file.name.as_str().into()),
            size: Some(file.size),
            modified: file.modified.map(|time| time.to_string().into()),
            sha256: file.sha256.as_deref().map(Into::into),
            ..Record::now(event, &self.base_url)
        }
    }

    /// Returns the record of the video that the service returned.
    pub(super) fn uploaded<'a>(
        &'a self,
        video: &'a VideoNo,
        sha256: Option<&'a str>,
    ) -> Record<'a> {
        let record = self.record(RecordEvent::Uploaded);
        Record {
            video_no: Some(video.as_str().into()),
            sha256: sha256.map(Into::into).or(record.sha256),
            ..record
        }
    }
}
