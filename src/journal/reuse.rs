//! The look-up of `--reuse` at the moment of a submit or an upload. The index follows the journal: each look-up
//! reads only the lines added since the last one.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom};

use super::attempt::SubmitAttempt;
use super::attempt_lock;
use super::record::{RecordEvent, normalized};
use super::replay::{EntryView, Line, Replay};
use super::store::{Lock, Store};
use super::tasks::{Task, TaskStatus};
use super::upload::Upload;
use super::upload_attempt::UploadAttempt;
use super::upload_replay::FoundUpload;
use crate::ids::{TranscriptionType, VideoNo};

/// The answer of [`Journal::begin_submit`](super::Journal::begin_submit).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeginSubmit {
    /// Nothing is recorded that could be reused. The attempt is recorded: send the request.
    Proceed,
    /// This task can be reused: it has a task ID, and has not failed.
    Existing(Task),
    /// The same video and type is being submitted, by another process or by another attempt of this one:
    /// its outcome will be recorded, unless its process dies.
    InProgress,
    /// The newest submit has an unknown outcome: submitting again might pay twice.
    Unknown(Task),
}

/// The answer of [`Journal::begin_upload`](super::Journal::begin_upload).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeginUpload {
    /// Nothing is recorded that could be reused. The attempt is recorded: upload the file.
    Proceed,
    /// This upload can be reused: its video is not deleted. The service may have failed to parse it.
    Existing(Upload),
    /// The same content is being uploaded, by another process or by another attempt of this one: its
    /// outcome will be recorded, unless its process dies.
    InProgress,
    /// The newest upload of the content has an unknown outcome: uploading again might pay twice.
    Unknown(Upload),
}

/// The recorded tasks by video and type, up to an offset in the journal.
#[derive(Debug, Default)]
pub(super) struct ReuseIndex {
    /// The journal that was read. It is kept open so that no other file can get its inode; only on Unix,
    /// since an open file is in the way of a prune elsewhere.
    file: Option<File>,
    offset: u64,
    replay: Replay,
    /// Entries in the order of submission.
    entries: HashMap<(VideoNo, TranscriptionType), BTreeSet<usize>>,
    /// Set once lock files of earlier runs have been removed.
    has_no_stale_locks: bool,
}

/// See [`super::Journal::begin_submit`]. Returns the file to flush if a record was appended.
pub(super) fn begin_submit(
    store: &Store,
    index: &mut ReuseIndex,
    attempt: &SubmitAttempt,
) -> io::Result<(BeginSubmit, Option<File>)> {
    begin_submit_locked(store, index, attempt).or_else(|error| {
        // A journal that cannot be written: a task in it needs no new record.
        index.catch_up(store)?;
        match index.find(store, attempt)? {
            Some(existing @ BeginSubmit::Existing(_)) => Ok((existing, None)),
            _ => Err(error),
        }
    })
}

fn begin_submit_locked(
    store: &Store,
    index: &mut ReuseIndex,
    attempt: &SubmitAttempt,
) -> io::Result<(BeginSubmit, Option<File>)> {
    let lock = store.lock()?;
    // Completes a line torn by a killed writer: it may be a whole record without its line end.
    store.append_locked(&lock, Vec::new())?;
    index.catch_up(store)?;
    if let Some(begin) = index.find(store, attempt)? {
        return Ok((begin, None));
    }
    let file = record_submitting(store, &lock, attempt)?;
    Ok((BeginSubmit::Proceed, Some(file)))
}

/// See [`super::Journal::submitting`]. Returns the file to flush.
pub(super) fn submitting(store: &Store, attempt: &SubmitAttempt) -> io::Result<File> {
    let lock = store.lock()?;
    record_submitting(store, &lock, attempt)
}

/// Records a submit, also without its lock file: the error is told afterwards.
fn record_submitting(store: &Store, lock: &Lock, attempt: &SubmitAttempt) -> io::Result<File> {
    let locked = attempt.take_lock(store, lock);
    let line = attempt.record(RecordEvent::Submitting, None).to_line()?;
    let file = store.append_locked(lock, line)?;
    locked.map(|()| file)
}

/// See [`super::Journal::begin_upload`]. Returns the file to flush if a record was appended.
pub(super) fn begin_upload(
    store: &Store,
    index: &mut ReuseIndex,
    attempt: &mut UploadAttempt,
    reuse: bool,
) -> io::Result<(BeginUpload, Option<File>)> {
    let lock = store.lock()?;
    if reuse {
        store.append_locked(&lock, Vec::new())?;
        index.catch_up(store)?;
        if let Some(begin) = index.find_upload(store, attempt)? {
            return Ok((begin, None));
        }
    }
    if !std::mem::replace(&mut index.has_no_stale_locks, true) {
        attempt_lock::remove_stale(store, &lock);
    }
    // Without its lock file an upload is recorded all the same: one that must not be made then is
    // stopped by the error, and counts for nothing.
    let locked = match attempt.lock {
        Some(_) => Ok(()),
        None => attempt_lock::take(store, &lock, &attempt.id).map(|taken| attempt.lock = taken),
    };
    let line = attempt.record(RecordEvent::Uploading).to_line()?;
    let file = store.append_locked(&lock, line)?;
    locked?;
    Ok((BeginUpload::Proceed, Some(file)))
}

/// See [`super::Journal::find_upload`].
pub(super) fn find_upload(
    store: &Store,
    index: &mut ReuseIndex,
    attempt: &UploadAttempt,
) -> io::Result<BeginUpload> {
    index.catch_up(store)?;
    let mut found = index.find_upload(store, attempt)?;
    if let Some(BeginUpload::Unknown(_)) = found {
        // Nothing is locked here: its process may have recorded the answer and let go of the upload
        // after the journal was read. All that it recorded is there now.
        index.catch_up(store)?;
        found = index.find_upload(store, attempt)?;
    }
    Ok(found.unwrap_or(BeginUpload::Proceed))
}

impl ReuseIndex {
    /// Reads what was appended since the last call; all of a journal that has been replaced.
    fn catch_up(&mut self, store: &Store) -> io::Result<()> {
        let file = store.open()?;
        let is_continued = match (&self.file, &file) {
            (Some(known), Some(found)) => is_continuation(known, found, self.offset)?,
            _ => false,
        };
        if !is_continued {
            *self = Self::default();
        }
        let Some(mut file) = file else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(self.offset))?;
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            self.add(line.trim_ascii());
            self.offset += line.len() as u64;
            line.clear();
        }
        self.file = cfg!(unix).then(|| reader.into_inner());
        Ok(())
    }

    fn add(&mut self, line: &[u8]) {
        if let Line::Known(entry) = self.replay.line(line)
            && let EntryView::Task(task) = self.replay.view(entry)
            && let (Some(video_no), Some(transcription_type)) =
                (&task.video_no, task.transcription_type)
        {
            let key = (video_no.clone(), transcription_type);
            self.entries.entry(key).or_default().insert(entry);
        }
    }

    fn find_upload(
        &self,
        store: &Store,
        attempt: &UploadAttempt,
    ) -> io::Result<Option<BeginUpload>> {
        let base_url = normalized(&attempt.base_url);
        let is_held = |attempt: &str| attempt_lock::is_held(store, attempt);
        let uploads = &self.replay.uploads;
        let found = uploads.find(base_url, &attempt.file, Some(&attempt.id), is_held)?;
        Ok(found.map(|found| match found {
            FoundUpload::UnderWay => BeginUpload::InProgress,
            FoundUpload::Recorded(upload) if upload.video_no.is_none() => {
                BeginUpload::Unknown(upload.clone())
            }
            FoundUpload::Recorded(upload) => BeginUpload::Existing(upload.clone()),
        }))
    }

    fn find(&self, store: &Store, attempt: &SubmitAttempt) -> io::Result<Option<BeginSubmit>> {
        let base_url = normalized(&attempt.base_url);
        let key = (attempt.video_no.clone(), attempt.transcription_type);
        let entries = self.entries.get(&key).into_iter().flatten().rev();
        let mut tasks = entries
            .filter(|entry| !self.replay.is_video_deleted(**entry))
            .filter_map(|&entry| self.replay.active(entry));
        let found =
            tasks.find(|task| *task.base_url == *base_url && task.status != TaskStatus::Failed);
        let Some(task) = found else { return Ok(None) };
        let is_held = |id: &String| attempt_lock::is_held(store, id);
        Ok(Some(if task.task_no.is_some() {
            BeginSubmit::Existing(task.clone())
        } else if task.attempt.as_ref().map_or(Ok(false), is_held)? {
            BeginSubmit::InProgress
        } else {
            BeginSubmit::Unknown(task.clone())
        }))
    }
}

/// Returns `true` if both are the same file and it has not been cut below `offset`.
#[cfg(unix)]
fn is_continuation(known: &File, found: &File, offset: u64) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (known, found) = (known.metadata()?, found.metadata()?);
    Ok((known.dev(), known.ino()) == (found.dev(), found.ino()) && found.len() >= offset)
}

/// Returns `false`: the standard library cannot tell files apart here, so all is read again.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "fails on Unix")]
fn is_continuation(_: &File, _: &File, _: u64) -> io::Result<bool> {
    Ok(false)
}
