//! The journal as commands use it: trouble with it is a warning, said once, and never in the way of
//! a result.

use std::cell::RefCell;
use std::collections::HashMap;
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
            by_callback: end.by_callback,
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

/// The tasks on record, as a receiver needs them. The journal is read only where it has changed:
/// whoever asks about any number of tasks that are none of ours causes no more reading than we cause
/// ourselves.
#[derive(Default)]
pub(super) struct Known {
    /// With whether an earlier receiver took the result.
    tasks: HashMap<TaskNo, bool>,
    has_read: bool,
    read: Option<journal::Version>,
}

/// What a task is to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not on record for the service of this run.
    Stranger,
    /// On record.
    Ours,
    /// On record, and an earlier receiver took its result.
    Taken,
}

impl Known {
    /// What this task is; it may have been submitted this moment.
    pub(super) fn standing(&mut self, record: &Record, task: &TaskNo) -> Result<Standing, Error> {
        match self.at(task) {
            Standing::Stranger => self.read(record)?,
            known => return Ok(known),
        }
        Ok(self.at(task))
    }

    /// The same as of the start, for a receiver that takes strangers too: each of those it takes
    /// changes the journal, and is no reason to read all of it again.
    pub(super) fn first_standing(
        &mut self,
        record: &Record,
        task: &TaskNo,
    ) -> Result<Standing, Error> {
        if !self.has_read {
            self.read(record)?;
        }
        Ok(self.at(task))
    }

    fn at(&self, task: &TaskNo) -> Standing {
        match self.tasks.get(task) {
            None => Standing::Stranger,
            Some(false) => Standing::Ours,
            Some(true) => Standing::Taken,
        }
    }

    fn read(&mut self, record: &Record) -> Result<(), Error> {
        // Before the reading: what is added meanwhile counts as a change.
        let version = record.journal.as_ref().and_then(Journal::version);
        if version.is_some() && version == self.read {
            return Ok(());
        }
        let tasks = record.require_tasks()?;
        self.tasks = tasks
            .by_number(&record.base_url)
            .into_iter()
            .map(|(number, task)| (number.clone(), task.by_callback))
            .collect();
        // Only now: what could not be read is tried again.
        (self.read, self.has_read) = (version, true);
        Ok(())
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

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use super::*;
    use crate::error::ErrorFormat;
    use crate::terminal::{ColorChoice, Terminal};

    fn submit(journal: &Journal, task: &TaskNo) {
        let video = VideoNo::new("V").unwrap();
        let line = journal::Submission::new("http://here", &video, TranscriptionType::Audio, None);
        journal.submitting(&line).unwrap();
        journal.submitted(&line, task).unwrap();
    }

    fn record(folder: &Path) -> Record {
        let stderr = Terminal::detect(ColorChoice::Never).stderr;
        Record {
            journal: Some(Journal::new(folder)),
            base_url: "http://here/".to_owned(),
            progress: Progress::new(stderr, true, ErrorFormat::Human),
            warned: AtomicBool::new(false),
        }
    }

    #[test]
    fn the_journal_is_read_again_only_when_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(folder.path());
        let [one, two, other] = ["T-1", "T-2", "X-9"].map(|task| TaskNo::new(task).unwrap());
        let journal = Journal::new(folder.path());
        let mut known = Known::default();
        let mut holds = |task| known.standing(&record, task).unwrap() == Standing::Ours;
        assert!(!holds(&one), "there is no journal yet");
        submit(&journal, &one);
        assert!(holds(&one) && !holds(&other));

        // Changed behind its back, in a way that leaves no trace: had it looked, it would know.
        let file = folder.path().join("journal.jsonl");
        let (text, modified) = (
            fs::read_to_string(&file).unwrap(),
            fs::metadata(&file).unwrap().modified().unwrap(),
        );
        fs::write(&file, text.replace("T-1", "X-9")).unwrap();
        let handle = File::options().append(true).open(&file).unwrap();
        handle.set_modified(modified).unwrap();
        assert!(!holds(&other));

        submit(&journal, &two);
        assert!(holds(&two) && holds(&other));
    }

    #[test]
    fn a_journal_that_cannot_be_read_is_an_error_until_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(folder.path());
        let one = TaskNo::new("T-1").unwrap();
        submit(&Journal::new(folder.path()), &one);
        let file = folder.path().join("journal.jsonl");
        let aside = folder.path().join("aside");
        fs::rename(&file, &aside).unwrap();
        fs::create_dir(&file).unwrap();

        let mut known = Known::default();
        for _ in 0..2 {
            assert!(known.standing(&record, &one).is_err());
            assert!(known.first_standing(&record, &one).is_err());
        }
        fs::remove_dir(&file).unwrap();
        fs::rename(&aside, &file).unwrap();
        assert_eq!(known.standing(&record, &one), Ok(Standing::Ours));
    }
}
