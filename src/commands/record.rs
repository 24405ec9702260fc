//! The journal as commands use it: trouble with it is a warning, said once, and never in the way of
//! a result.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::api::{self, Witness};
use crate::config::{Settings, paths};
use crate::error::Error;
use crate::journal::{self, Journal, Outcome, TaskEnd, Tasks};
use crate::progress::Progress;
use crate::task::{TaskNo, TranscriptionType, VideoNo};
use crate::transcript::Transcript;

use super::Context;

/// The journal of this run, for the service at one address.
pub(super) struct Record {
    journal: Option<Journal>,
    pub(super) base_url: String,
    progress: Progress,
    warned: AtomicBool,
}

impl Record {
    /// The journal in the user's state folder; nothing is opened yet.
    pub(super) fn open(context: &Context, settings: &Settings) -> Self {
        Self {
            journal: paths::state_dir(&context.env).map(Journal::new),
            base_url: settings.base_url.to_string(),
            progress: context.progress.clone(),
            warned: AtomicBool::new(false),
        }
    }

    /// The journal in this folder, for the service at this address.
    #[cfg(test)]
    pub(super) fn at(folder: &std::path::Path, base_url: &str, progress: Progress) -> Self {
        Self {
            journal: Some(Journal::new(folder)),
            base_url: base_url.to_owned(),
            progress,
            warned: AtomicBool::new(false),
        }
    }

    /// The record of one submission.
    pub(super) fn attempt<'a>(&'a self, submission: &'a api::Submission) -> Attempt<'a> {
        Attempt {
            record: self,
            submission,
            line: RefCell::new(None),
        }
    }

    /// Writes how a task ended.
    pub(super) fn ended(&self, end: &End, outcome: Outcome) {
        let ending = TaskEnd {
            base_url: &self.base_url,
            task_no: &end.task_no,
            video_no: end.video_no.as_ref(),
            transcription_type: end.kind,
            outcome,
            by_callback: end.by_callback,
        };
        self.write(|journal| journal.ended(&ending));
    }

    /// Writes the number of a submission whose outcome was unknown.
    pub(super) fn found(&self, unknown: &journal::Task, task: &TaskNo) {
        self.write(|journal| journal.resolve_unknown(unknown, task));
    }

    /// What is on record; none, with a warning, where it cannot be read.
    pub(super) fn tasks(&self) -> Option<Tasks> {
        match self.require_tasks() {
            Ok(tasks) => Some(tasks),
            Err(error) => {
                self.warn(&error);
                None
            }
        }
    }

    /// What is on record, for a command that cannot do without.
    pub(super) fn require_tasks(&self) -> Result<Tasks, Error> {
        self.require()?.tasks()
    }

    /// The present state of the journal, to see later whether it has changed.
    pub(super) fn version(&self) -> Option<journal::Revision> {
        self.journal.as_ref().and_then(Journal::revision)
    }

    /// The journal, for a command that cannot do without.
    pub(super) fn require(&self) -> Result<&Journal, Error> {
        self.journal.as_ref().ok_or_else(|| {
            Error::new(
                crate::error::Kind::Io,
                "there is no home folder, so there is no journal of tasks",
            )
            .with_hint("set HOME, or XDG_STATE_HOME")
        })
    }

    fn write(&self, write: impl FnOnce(&Journal) -> Result<(), Error>) {
        if let Err(error) = self.require().and_then(write) {
            self.warn(&error);
        }
        if let Some(warning) = self.journal.as_ref().and_then(Journal::take_warning) {
            self.progress.warn(&warning);
        }
    }

    fn warn(&self, error: &Error) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            let hint = error.hint.as_ref().map(|hint| format!("; {hint}"));
            self.progress.warn(&format!(
                "this run is not on record: {error}{}",
                hint.unwrap_or_default()
            ));
        }
    }
}

/// One submission, written down at each step. Every time it is sent it gets a line of its own: what
/// became of one try says nothing about the next.
pub(super) struct Attempt<'a> {
    record: &'a Record,
    submission: &'a api::Submission,
    line: RefCell<Option<journal::SubmitAttempt<'a>>>,
}

impl Attempt<'_> {
    /// The service gave it this number.
    pub(super) fn accepted(&self, task: &TaskNo) {
        if let Some(line) = &*self.line.borrow() {
            self.record.write(|journal| journal.submitted(line, task));
        }
    }
}

impl Witness for Attempt<'_> {
    fn sending(&self) {
        let Self {
            record,
            submission,
            line,
        } = self;
        let callback = submission.callback.as_deref();
        let next = journal::SubmitAttempt::new(
            &record.base_url,
            &submission.video_no,
            submission.kind,
            callback,
        );
        record.write(|journal| journal.submitting(&next));
        line.replace(Some(next));
    }

    fn refused(&self) {
        if let Some(line) = &*self.line.borrow() {
            self.record.write(|journal| journal.rejected(line));
        }
    }
}

/// A task that has ended, as far as its last reply says what it was.
pub(super) struct End {
    pub(super) task_no: TaskNo,
    pub(super) video_no: Option<VideoNo>,
    pub(super) kind: Option<TranscriptionType>,
    by_callback: bool,
}

impl End {
    /// The task, and what the reply about it says.
    pub(super) fn of(task: &TaskNo, transcript: &Transcript<'_>) -> Self {
        Self {
            task_no: task.clone(),
            video_no: VideoNo::new(&transcript.video_no).ok(),
            kind: TranscriptionType::from_name(&transcript.kind),
            by_callback: false,
        }
    }

    /// The same, of a result that a receiver took.
    pub(super) fn by_callback(mut self) -> Self {
        self.by_callback = true;
        self
    }
}
