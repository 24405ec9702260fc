//! Replays the records of uploads, in one pass and in time and memory linear in the records.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::record::{CowStr, Record, RecordEvent};
use super::upload::{Upload, UploadStatus};
use super::upload_attempt::RecordedFile;
use crate::ids::VideoNo;

/// The uploads after the records replayed so far.
#[derive(Debug, Default)]
pub(super) struct UploadReplay {
    /// In the order in which they began.
    entries: Vec<UploadEntry>,
    by_attempt: HashMap<String, usize>,
    /// The upload that a video comes from, unless the video was deleted.
    by_video: HashMap<(Arc<str>, VideoNo), usize>,
    by_sha256: HashMap<String, Vec<usize>>,
    /// Uploads that began without a hash, by path.
    by_path: HashMap<String, Vec<usize>>,
}

/// An upload and what became of it.
#[derive(Debug)]
pub(super) struct UploadEntry {
    pub(super) upload: Upload,
    /// `false` if there is no video to use: the upload was rejected, the video was deleted, or is now
    /// that of a later upload; and where the journal has no more of a video than its status.
    pub(super) is_active: bool,
    /// The time of the last record.
    pub(super) changed_at: Timestamp,
}

/// The result of looking for an upload to reuse.
#[derive(Clone, Copy, Debug)]
pub(super) enum FoundUpload<'a> {
    Recorded(&'a Upload),
    /// Its process is alive.
    UnderWay,
}

impl UploadReplay {
    /// Applies a record and returns the index of its entry; `None` if it is no record of an upload, or
    /// lacks a field that its event requires.
    pub(super) fn record(&mut self, record: &Record<'_>, base_url: &Arc<str>) -> Option<usize> {
        let video = record.video_no.as_ref();
        let video = video.and_then(|video| VideoNo::new(video.as_str()).ok());
        let entry = match record.event {
            RecordEvent::Uploading => self.sent(record, base_url, UploadStatus::Uploading)?,
            RecordEvent::UploadSent => self.sent(record, base_url, UploadStatus::Unknown)?,
            RecordEvent::UploadRejected => {
                let entry = self.sent(record, base_url, UploadStatus::Uploading)?;
                let found = &mut self.entries[entry];
                // Another process may have found its video meanwhile.
                found.is_active &= found.upload.video_no.is_some();
                entry
            }
            RecordEvent::Uploaded => {
                let video = video?;
                let entry = self.attempt_entry(record, base_url)?;
                self.uploaded(entry, record.time, video);
                entry
            }
            RecordEvent::Parsed => self.ended(record, base_url, video?, UploadStatus::Parsed),
            RecordEvent::ParseFailed => {
                self.ended(record, base_url, video?, UploadStatus::ParseFailed)
            }
            _ => return None,
        };
        self.entries[entry].changed_at = record.time;
        Some(entry)
    }

    /// Applies the deletion of a video.
    pub(super) fn deleted(&mut self, video: &(Arc<str>, VideoNo)) {
        if let Some(entry) = self.by_video.remove(video) {
            self.entries[entry].is_active = false;
        }
    }

    pub(super) fn entries(&self) -> &[UploadEntry] {
        &self.entries
    }

    /// Returns the upload that a video comes from, unless the video was deleted.
    pub(super) fn video(&self, base_url: &str, video: &VideoNo) -> Option<&Upload> {
        let entry = self.by_video.get(&(base_url.into(), video.clone()))?;
        Some(&self.entries[*entry].upload)
    }

    /// Finds the upload of a file's content to reuse, other than the attempt `own`. `is_held` returns
    /// `true` if an attempt's process is alive.
    ///
    /// The newest video that is not known to be of no use comes first, even if a later upload of the
    /// same content failed: it is paid for, and good. Without one, the newest upload counts.
    pub(super) fn find<E>(
        &self,
        base_url: &str,
        file: &RecordedFile,
        own: Option<&str>,
        is_held: impl Fn(&str) -> Result<bool, E>,
    ) -> Result<Option<FoundUpload<'_>>, E> {
        let of_content = file
            .sha256
            .as_ref()
            .and_then(|hash| self.by_sha256.get(hash));
        let of_path = self.by_path.get(&file.path);
        let entries = of_content.into_iter().chain(of_path).flatten();
        let mut entries: Vec<usize> = entries.copied().collect();
        entries.sort_unstable();
        let found = entries.iter().rev().map(|&entry| &self.entries[entry]);
        let found = found
            .filter(|found| found.is_active)
            .map(|found| &found.upload);
        let mut newest = None;
        for upload in found {
            if *upload.base_url != *base_url
                || own == Some(&*upload.attempt)
                || !is_same_content(upload, file)
            {
                continue;
            }
            match upload.status {
                UploadStatus::Uploaded | UploadStatus::Parsed => {
                    return Ok(Some(FoundUpload::Recorded(upload)));
                }
                _ if newest.is_some() => {}
                UploadStatus::ParseFailed if file.ignores_failed_parses => {}
                UploadStatus::ParseFailed => newest = Some(FoundUpload::Recorded(upload)),
                UploadStatus::Uploading | UploadStatus::Unknown => {
                    if is_held(&upload.attempt)? {
                        newest = Some(FoundUpload::UnderWay);
                    } else if upload.status == UploadStatus::Unknown {
                        newest = Some(FoundUpload::Recorded(upload));
                    }
                }
            }
        }
        Ok(newest)
    }

    fn sent(
        &mut self,
        record: &Record<'_>,
        base_url: &Arc<str>,
        status: UploadStatus,
    ) -> Option<usize> {
        let entry = self.attempt_entry(record, base_url)?;
        let found = &mut self.entries[entry];
        if found.upload.video_no.is_none() {
            found.upload.status = status;
            // An attempt that was rejected may be made again.
            found.is_active = true;
        }
        Some(entry)
    }

    fn uploaded(&mut self, entry: usize, time: Timestamp, video: VideoNo) {
        let upload = &mut self.entries[entry].upload;
        let base_url = Arc::clone(&upload.base_url);
        if upload.video_no.as_ref() == Some(&video) {
            // Two processes found out, one by asking the service.
            return;
        }
        if let Some(wrong) = upload.video_no.replace(video.clone()) {
            // Another process had taken that video for this upload's, before the answer came.
            let key = (Arc::clone(&base_url), wrong);
            if self.by_video.get(&key) == Some(&entry) {
                self.by_video.remove(&key);
            }
        }
        let upload = &mut self.entries[entry].upload;
        upload.status = UploadStatus::Uploaded;
        upload.uploaded_at = Some(time);
        self.entries[entry].is_active = true;
        // A video has the content that was uploaded last: the service may issue an ID again.
        if let Some(earlier) = self.by_video.insert((base_url, video), entry) {
            self.entries[earlier].is_active = false;
        }
    }

    fn ended(
        &mut self,
        record: &Record<'_>,
        base_url: &Arc<str>,
        video: VideoNo,
        status: UploadStatus,
    ) -> usize {
        let key = (Arc::clone(base_url), video);
        if let Some(&entry) = self.by_video.get(&key) {
            self.entries[entry].upload.status = status;
            return entry;
        }
        // Uploaded by other means, or deleted since.
        let entry = self.push(record, base_url, "");
        let found = &mut self.entries[entry];
        found.upload.video_no = Some(key.1);
        found.upload.status = status;
        found.is_active = false;
        entry
    }

    /// Returns the entry of the record's attempt, with what the record says about its file. New where
    /// the attempt was not recorded before.
    fn attempt_entry(&mut self, record: &Record<'_>, base_url: &Arc<str>) -> Option<usize> {
        let id = record.id.as_ref()?.as_str();
        let hash = record.sha256.as_ref().map(|hash| hash.as_str().to_owned());
        let entry = if let Some(&known) = self.by_attempt.get(id) {
            known
        } else {
            let entry = self.push(record, base_url, id);
            self.by_attempt.insert(id.to_owned(), entry);
            if hash.is_none() {
                let path = text(record.path.as_ref());
                self.by_path.entry(path).or_default().push(entry);
            }
            entry
        };
        let upload = &mut self.entries[entry].upload;
        if let Some(hash) = hash.filter(|hash| upload.sha256.as_ref() != Some(hash)) {
            upload.sha256 = Some(hash.clone());
            self.by_sha256.entry(hash).or_default().push(entry);
        }
        Some(entry)
    }

    fn push(&mut self, record: &Record<'_>, base_url: &Arc<str>, attempt: &str) -> usize {
        let modified = record.modified.as_ref();
        let upload = Upload {
            video_no: None,
            status: UploadStatus::Uploading,
            path: text(record.path.as_ref()).into(),
            name: text(record.name.as_ref()),
            size: record.size.unwrap_or_default(),
            modified: modified.and_then(|time| time.as_str().parse().ok()),
            sha256: None,
            started_at: record.time,
            uploaded_at: None,
            base_url: Arc::clone(base_url),
            attempt: attempt.to_owned(),
        };
        self.entries.push(UploadEntry {
            upload,
            is_active: true,
            changed_at: record.time,
        });
        self.entries.len() - 1
    }
}

fn text(field: Option<&CowStr<'_>>) -> String {
    field.map(CowStr::as_str).unwrap_or_default().to_owned()
}

/// Returns `true` if the upload is known to be of this content. Without a hash, the file has to be the
/// same and unchanged. A path that was not UTF-8 could be that of another file.
fn is_same_content(upload: &Upload, file: &RecordedFile) -> bool {
    match &upload.sha256 {
        Some(hash) => file.sha256.as_ref() == Some(hash),
        None => {
            upload.size == file.size
                && upload.modified.is_some()
                && upload.modified == file.modified
                && !file.path.contains(char::REPLACEMENT_CHARACTER)
                && upload.path.as_os_str() == file.path.as_str()
        }
    }
}
