//! Writes the journal of a run. A journal that cannot be used is a warning, printed once, and never
//! prevents a result. A task ID that could not be recorded is printed at once.

use std::cell::Cell;
use std::path::PathBuf;

use crate::error::{Error, ErrorKind};
use crate::ids::{TaskNo, VideoNo};
use crate::journal::{
    self, BeginSubmit, BeginUpload, Journal, Revision, SubmitAttempt, TaskEnd, Tasks, Upload,
    UploadAttempt, Uploads,
};
use crate::signals;
use crate::ui::Reporter;

/// The journal of this run, for the service at one base URL.
pub struct JournalWriter {
    journal: Option<Journal>,
    base_url: String,
    reporter: Reporter,
    has_warned: Cell<bool>,
}

impl JournalWriter {
    /// Creates a writer for the journal in the state directory; nothing is opened yet. Without a
    /// directory there is no journal.
    #[must_use]
    pub fn new(state_dir: Option<PathBuf>, base_url: &str, reporter: Reporter) -> Self {
        let journal = state_dir.map(|state_dir| {
            let reporter = reporter.clone();
            let note = "waiting for another mavi that holds the lock of the journal";
            Journal::new(state_dir).with_on_delay(move || reporter.info(note))
        });
        Self {
            journal,
            base_url: base_url.to_owned(),
            reporter,
            has_warned: Cell::new(false),
        }
    }

    /// Returns the base URL whose tasks are recorded.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Records that a request is about to be sent. With `reuse`, looks for a task to use in its place
    /// first, under the same lock; then a journal that cannot be used is an error, since a video might
    /// be paid for twice. Fails once a signal has come, and then records that nothing was sent.
    pub(super) fn begin_submit(
        &self,
        attempt: &SubmitAttempt,
        reuse: bool,
    ) -> Result<BeginSubmit, Error> {
        let begun = self.require().and_then(|journal| {
            if reuse {
                return journal.begin_submit(attempt);
            }
            journal.submitting(attempt)?;
            Ok(BeginSubmit::Proceed)
        });
        let signal = signals::pending();
        if signal.is_some() && begun == Ok(BeginSubmit::Proceed) {
            self.rejected(attempt);
        }
        self.before_sending(begun, signal, reuse, BeginSubmit::Proceed)
    }

    /// Records the task of an attempt that was accepted; it is on disk on return. If that fails, prints
    /// `label` and the task.
    pub(super) fn submitted(&self, attempt: &SubmitAttempt, task: &TaskNo, label: &str) {
        if !self.write(|journal| journal.submitted(attempt, task)) {
            self.reporter
                .always(&format!("{label}: task {task} (not recorded)"));
        }
    }

    /// Records that an attempt certainly was not accepted.
    pub(super) fn rejected(&self, attempt: &SubmitAttempt) {
        self.write(|journal| journal.rejected(attempt));
    }

    /// Records the end of a task.
    pub(super) fn ended(&self, end: &TaskEnd<'_>) {
        self.write(|journal| journal.ended(end));
    }

    /// Records that videos were deleted.
    pub(super) fn deleted(&self, videos: &[VideoNo]) {
        self.write(|journal| journal.deleted(&self.base_url, videos));
    }

    /// Records the task of a submit whose outcome was unknown.
    pub(super) fn resolve_unknown(&self, unknown: &journal::Task, task: &TaskNo) {
        self.write(|journal| journal.resolve_unknown(unknown, task));
    }

    /// Records that an upload is about to begin. With `reuse`, looks for an upload of the same content to
    /// use in its place first, under the same lock; then a journal that cannot be used is an error. Fails
    /// once a signal has come.
    pub fn begin_upload(
        &self,
        attempt: &mut UploadAttempt,
        reuse: bool,
    ) -> Result<BeginUpload, Error> {
        let journal = self.require();
        let begun = journal.and_then(|journal| journal.begin_upload(attempt, reuse));
        self.before_sending(begun, signals::pending(), reuse, BeginUpload::Proceed)
    }

    /// Looks for an upload of the attempt's content, and records nothing.
    pub fn find_upload(&self, attempt: &UploadAttempt) -> Result<BeginUpload, Error> {
        self.require()?.find_upload(attempt)
    }

    /// Records that the last bytes of an upload are about to be handed over. With `reuse`, fails if that
    /// cannot be recorded: a later run could not know that the upload may have been accepted. Fails once a
    /// signal has come.
    pub fn upload_sent(&self, attempt: &UploadAttempt, reuse: bool) -> Result<(), Error> {
        let sent = self.require();
        let sent = sent.and_then(|journal| journal.upload_sent(attempt));
        self.before_sending(sent, signals::pending(), reuse, ())
    }

    /// Records the video of an upload that was accepted; it is on disk on return. If that fails, prints
    /// `label` and the video.
    pub fn uploaded(
        &self,
        attempt: &UploadAttempt,
        video: &VideoNo,
        sha256: Option<&str>,
        label: &str,
    ) {
        if !self.write(|journal| journal.uploaded(attempt, video, sha256)) {
            self.reporter
                .always(&format!("{label}: video {video} (not recorded)"));
        }
    }

    /// Records that an upload certainly was not accepted.
    pub fn upload_rejected(&self, attempt: &UploadAttempt) {
        self.write(|journal| journal.upload_rejected(attempt));
    }

    /// Records the video of an upload whose outcome was unknown.
    pub fn resolve_upload(&self, unknown: &Upload, video: &VideoNo) {
        self.write(|journal| journal.resolve_upload(unknown, video));
    }

    /// Records that the service has parsed a video, or that it cannot.
    pub fn parsed(&self, video: &VideoNo, is_parsed: bool) {
        self.write(|journal| journal.parsed(&self.base_url, video, is_parsed));
    }

    /// Returns the recorded uploads. Fails if they cannot be read.
    pub fn require_uploads(&self) -> Result<Uploads, Error> {
        self.require()?.uploads()
    }

    /// Returns the recorded uploads. If they cannot be read, prints a warning and returns `None`.
    #[must_use]
    pub fn uploads(&self) -> Option<Uploads> {
        self.require_uploads()
            .inspect_err(|error| self.warn(error))
            .ok()
    }

    /// Returns the recorded tasks. If they cannot be read, prints a warning and returns `None`.
    #[must_use]
    pub fn tasks(&self) -> Option<Tasks> {
        self.require_tasks()
            .inspect_err(|error| self.warn(error))
            .ok()
    }

    /// Returns the recorded tasks. Fails if they cannot be read.
    pub fn require_tasks(&self) -> Result<Tasks, Error> {
        self.require()?.tasks()
    }

    /// Returns the current revision of the journal, by which a change can be noticed later.
    pub(super) fn revision(&self) -> Option<Revision> {
        self.journal.as_ref().and_then(Journal::revision)
    }

    /// Returns `true` if nothing that was to be recorded failed to be.
    #[must_use]
    pub(super) fn is_recorded(&self) -> bool {
        self.journal.is_some() && !self.has_warned.get()
    }

    /// Returns the journal. Fails if there is no state directory.
    pub fn require(&self) -> Result<&Journal, Error> {
        self.journal.as_ref().ok_or_else(|| {
            let message = "there is no home directory, so there is no journal of tasks";
            Error::new(ErrorKind::Io, message)
                .with_hint("set HOME, XDG_STATE_HOME or MAVI_STATE_DIR")
        })
    }

    /// Returns `true` if it is recorded.
    fn write(&self, write: impl FnOnce(&Journal) -> Result<(), Error>) -> bool {
        let written = self.require().and_then(write);
        self.warn_of_missing_locks();
        written.inspect_err(|error| self.warn(error)).is_ok()
    }

    /// Returns what became of the record before a request: an error once a signal has come, so that
    /// nothing is sent. A journal that cannot be used is a warning, unless the record is required.
    fn before_sending<T>(
        &self,
        recorded: Result<T, Error>,
        signal: Option<ErrorKind>,
        is_required: bool,
        unrecorded: T,
    ) -> Result<T, Error> {
        self.warn_of_missing_locks();
        match (signal, recorded) {
            (Some(kind), _) => Err(Error::interrupted(kind)),
            (None, Err(error)) if !is_required => {
                self.warn(&error);
                Ok(unrecorded)
            }
            (None, recorded) => recorded,
        }
    }

    fn warn_of_missing_locks(&self) {
        if let Some(warning) = self.journal.as_ref().and_then(Journal::take_warning) {
            self.reporter.warn(&warning);
        }
    }

    fn warn(&self, error: &Error) {
        if !self.has_warned.replace(true) {
            let hint = error.hint.as_ref().map(|hint| format!("; {hint}"));
            let hint = hint.unwrap_or_default();
            self.reporter
                .warn(&format!("this run is not recorded: {error}{hint}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tempfile::TempDir;

    use super::*;
    use crate::error::ErrorFormat;
    use crate::ui::{ColorChoice, Terminal};
    use crate::video_file::VideoFile;

    const SERVICE: &str = "http://here";

    fn writer(state_dir: Option<&Path>) -> JournalWriter {
        let stderr = Terminal::detect(ColorChoice::Never).stderr;
        let reporter = Reporter::new(stderr, true, ErrorFormat::Human);
        JournalWriter::new(state_dir.map(Path::to_owned), SERVICE, reporter)
    }

    fn attempt() -> UploadAttempt {
        let file = VideoFile {
            path: "/a.mp4".into(),
            name: "a.mp4".to_owned(),
            size: 1,
            modified: None,
        };
        UploadAttempt::new(SERVICE, &file, Some("00"))
    }

    #[test]
    fn upload_that_cannot_be_recorded_is_stopped_with_reuse_alone() {
        let (journal, mut attempt) = (writer(None), attempt());
        assert!(journal.begin_upload(&mut attempt, true).is_err());
        assert!(journal.upload_sent(&attempt, true).is_err());
        let begin = journal.begin_upload(&mut attempt, false);
        assert_eq!(begin, Ok(BeginUpload::Proceed));
        assert_eq!(journal.upload_sent(&attempt, false), Ok(()));
        assert!(!journal.is_recorded());
    }

    #[test]
    fn upload_under_way_is_recorded_without_reuse_too() {
        let folder = TempDir::new().unwrap();
        let journal = writer(Some(folder.path()));
        let mut upload = attempt();
        let begin = journal.begin_upload(&mut upload, false);
        assert_eq!(begin, Ok(BeginUpload::Proceed));
        let found = journal.find_upload(&attempt());
        assert_eq!(found, Ok(BeginUpload::InProgress));
    }

    #[test]
    fn upload_whose_video_is_found_later_is_reused() {
        let folder = TempDir::new().unwrap();
        let journal = writer(Some(folder.path()));
        let mut lost = attempt();
        journal.begin_upload(&mut lost, true).unwrap();
        journal.upload_sent(&lost, true).unwrap();
        drop(lost);
        let found = journal.find_upload(&attempt());
        let Ok(BeginUpload::Unknown(unknown)) = found else {
            panic!("{found:?}");
        };
        let video = VideoNo::new("V1").unwrap();
        journal.resolve_upload(&unknown, &video);
        let found = journal.find_upload(&attempt());
        let Ok(BeginUpload::Existing(upload)) = found else {
            panic!("{found:?}");
        };
        assert_eq!(upload.video_no, Some(video));
        assert!(journal.is_recorded());
    }
}
