//! The recorded uploads, and the queries on them. Reading the journal once serves a batch of any size.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;

use jiff::SignedDuration;

use super::record::normalized;
use super::upload::{Upload, UploadStatus};
use super::upload_attempt::{RecordedFile, UploadAttempt};
use super::upload_replay::{FoundUpload, UploadReplay};
use crate::ids::VideoNo;
use crate::video_file::VideoFile;

/// Maximum time from the last bytes of an upload to its acceptance.
const MAX_ACCEPTANCE_DELAY: SignedDuration = SignedDuration::from_mins(10);

/// All uploads of a journal.
#[derive(Debug, Default)]
pub struct Uploads {
    replay: UploadReplay,
    /// The attempts whose processes were alive when the journal was read.
    held: HashSet<String>,
    /// The sizes of the files that were sent whole.
    sizes: HashSet<(Arc<str>, u64)>,
    /// Every video that any record names.
    videos: HashSet<(Arc<str>, VideoNo)>,
}

impl Uploads {
    pub(super) fn new(
        replay: UploadReplay,
        held: HashSet<String>,
        videos: HashSet<(Arc<str>, VideoNo)>,
    ) -> Self {
        let size = |upload: &Upload| (Arc::clone(&upload.base_url), upload.size);
        let entries = replay.entries().iter();
        let sent = entries
            .filter(|entry| entry.is_active && entry.upload.status != UploadStatus::Uploading);
        let sizes = sent.map(|entry| size(&entry.upload)).collect();
        Self {
            replay,
            held,
            sizes,
            videos,
        }
    }

    /// Returns `true` if a file of this size in bytes was sent whole. Only then can [`Self::find`] find
    /// anything, so that other files need not be hashed for it.
    #[must_use]
    pub fn has_size(&self, base_url: &str, size: u64) -> bool {
        self.sizes.contains(&(normalized(base_url).into(), size))
    }

    /// Returns the upload of a file's content to reuse, if there is one: the newest video that is not
    /// known to have failed, or else the newest upload. One that is under way is none, and one that
    /// was not sent whole neither. `sha256` is that of the content.
    #[must_use]
    pub fn find(&self, base_url: &str, file: &VideoFile, sha256: &str) -> Option<&Upload> {
        let file = RecordedFile::new(file, Some(sha256));
        let is_held = |attempt: &str| Ok::<_, Infallible>(self.held.contains(attempt));
        let Ok(found) = self.replay.find(normalized(base_url), &file, None, is_held);
        match found? {
            FoundUpload::Recorded(upload) => Some(upload),
            FoundUpload::UnderWay => None,
        }
    }

    /// Returns the upload that a video comes from, unless the video was deleted.
    #[must_use]
    pub fn video(&self, base_url: &str, video: &VideoNo) -> Option<&Upload> {
        self.replay.video(normalized(base_url), video)
    }

    /// Iterates over the videos at a base URL that were uploaded and not deleted since, in the order of the
    /// uploads.
    pub fn videos(&self, base_url: &str) -> impl Iterator<Item = (&VideoNo, &Upload)> {
        let entries = self.replay.entries().iter();
        let uploads =
            entries.filter_map(|entry| Some((entry.upload.video_no.as_ref()?, &entry.upload)));
        uploads.filter(move |(video, upload)| {
            self.video(base_url, video)
                .is_some_and(|found| std::ptr::eq(found, *upload))
        })
    }

    /// Returns `true` if the answer to another upload under this one's name is not recorded either, so that
    /// a video of that name may come from it. One that was sent whole long before does not count, nor does
    /// one of the same content.
    #[must_use]
    pub fn has_namesake(&self, of: &Upload) -> bool {
        let is_same = |other: &Upload| {
            other.attempt == of.attempt || (other.sha256.is_some() && other.sha256 == of.sha256)
        };
        let since = of.started_at.checked_sub(MAX_ACCEPTANCE_DELAY);
        let entries = self.replay.entries().iter();
        entries.filter(|entry| entry.is_active).any(|entry| {
            let other = &entry.upload;
            other.status == UploadStatus::Unknown
                && (&other.base_url, &other.name) == (&of.base_url, &of.name)
                && since.as_ref().is_ok_and(|since| entry.changed_at >= *since)
                && !is_same(other)
        })
    }

    /// Returns the record of an attempt.
    #[must_use]
    pub fn of_attempt(&self, attempt: &UploadAttempt) -> Option<&Upload> {
        let mut entries = self.replay.entries().iter();
        let entry = entries.find(|entry| entry.upload.attempt == attempt.id)?;
        Some(&entry.upload)
    }

    /// Returns `true` if any record names the video, also one of a task or a deletion.
    #[must_use]
    pub fn knows_video(&self, base_url: &str, video: &VideoNo) -> bool {
        let key = (normalized(base_url).into(), video.clone());
        self.videos.contains(&key)
    }
}
