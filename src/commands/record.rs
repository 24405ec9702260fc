//! The journal as commands use it: trouble with it is a warning, said once, and never in the way of
//! a result.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::api::{self, Witness};
use crate::config::{Settings, paths};
use crate::error::Error;
use crate::journal::{self, Ending, Journal, Outcome, Tasks};
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
        let ending = Ending {
            base_url: &self.base_url,
            task_no: &end.task_no,
            video_no: end.video_no.as_ref(),
            kind: end.kind,
            outcome,
        };
        self.write(|journal| journal.ended(&ending));
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

/// The numbers of the tasks on record. The journal is read only where it has changed: whoever asks
/// about any number of tasks that are none of ours causes no more reading than we cause ourselves.
#[derive(Default)]
pub(super) struct Known {
    numbers: HashSet<TaskNo>,
    read: Option<journal::Version>,
}

impl Known {
    /// Whether this task is on record for the service of this run.
    pub(super) fn holds(&mut self, record: &Record, task: &TaskNo) -> bool {
        if self.numbers.contains(task) {
            return true;
        }
        // Taken before the reading: what is added meanwhile counts as a change.
        let version = record.journal.as_ref().and_then(Journal::version);
        if version.is_some() && version == self.read {
            return false;
        }
        self.read = version;
        if let Some(tasks) = record.tasks() {
            let numbers = tasks.by_number(&record.base_url).into_keys().cloned();
            self.numbers = numbers.collect();
        }
        self.numbers.contains(task)
    }
}

/// One submission, written down at each step. Every time it is sent it gets a line of its own: what
/// became of one try says nothing about the next.
pub(super) struct Attempt<'a> {
    record: &'a Record,
    submission: &'a api::Submission,
    line: RefCell<Option<journal::Submission<'a>>>,
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
        let next = journal::Submission::new(
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
    task_no: TaskNo,
    video_no: Option<VideoNo>,
    kind: Option<TranscriptionType>,
}

impl End {
    /// The task, and what the reply about it says.
    pub(super) fn of(task: &TaskNo, transcript: &Transcript<'_>) -> Self {
        Self {
            task_no: task.clone(),
            video_no: VideoNo::new(&transcript.video_no).ok(),
            kind: TranscriptionType::from_name(&transcript.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;
    use crate::error::ErrorFormat;
    use crate::terminal::{ColorChoice, Terminal};

    fn submit(journal: &Journal, task: &TaskNo) {
        let video = VideoNo::new("V").unwrap();
        let line = journal::Submission::new("http://here", &video, TranscriptionType::Audio, None);
        journal.submitting(&line).unwrap();
        journal.submitted(&line, task).unwrap();
    }

    #[test]
    fn the_journal_is_read_again_only_when_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let stderr = Terminal::detect(ColorChoice::Never).stderr;
        let record = Record {
            journal: Some(Journal::new(folder.path())),
            base_url: "http://here/".to_owned(),
            progress: Progress::new(stderr, true, ErrorFormat::Human),
            warned: AtomicBool::new(false),
        };
        let [one, two, other] = ["T-1", "T-2", "X-9"].map(|task| TaskNo::new(task).unwrap());
        let journal = Journal::new(folder.path());
        let mut known = Known::default();
        assert!(!known.holds(&record, &one), "there is no journal yet");
        submit(&journal, &one);
        assert!(known.holds(&record, &one) && !known.holds(&record, &other));

        // Changed behind its back, in a way that leaves no trace: had it looked, it would know.
        let file = folder.path().join("journal.jsonl");
        let (text, modified) = (
            fs::read_to_string(&file).unwrap(),
            fs::metadata(&file).unwrap().modified().unwrap(),
        );
        fs::write(&file, text.replace("T-1", "X-9")).unwrap();
        let handle = File::options().append(true).open(&file).unwrap();
        handle.set_modified(modified).unwrap();
        assert!(!known.holds(&record, &other));

        submit(&journal, &two);
        assert!(known.holds(&record, &two) && known.holds(&record, &other));
    }
}
