//! The tasks on record, as a receiver needs them: what a task is whose result has come, and so what
//! its sender is told. The journal is read only where it has changed: whoever asks about any number
//! of tasks that are none of ours causes no more reading than we cause ourselves.

use std::collections::HashMap;

use url::Url;

use crate::error::Error;
use crate::journal;
use crate::task::TaskNo;

use super::inbox::letter::Subject;
use super::record::Record;

/// What is on record, for the receiver at one address.
pub(super) struct Known {
    /// The callback address of this receiver.
    address: Option<Url>,
    /// Every task that is no stranger.
    tasks: HashMap<TaskNo, Standing>,
    /// Submits that were told this address and had no answer, oldest first.
    unknown: Vec<journal::Task>,
    has_read: bool,
    read: Option<journal::Revision>,
}

/// What a task is to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not on record for the service of this run.
    Stranger,
    /// The same, but a submit that had no answer was told the address of this receiver, for the
    /// video and the type that the result names: it is likely to be its task.
    Found,
    /// On record.
    Ours {
        /// Whether it was told the address of this very receiver.
        calls_here: bool,
    },
    /// On record, and a receiver took its result and told the sender so: what comes is a duplicate.
    Taken,
}

impl Known {
    /// For the receiver with this callback address; nothing is read yet.
    pub(super) fn at(callback_url: &str) -> Self {
        Self {
            address: Url::parse(callback_url).ok(),
            tasks: HashMap::new(),
            unknown: Vec::new(),
            has_read: false,
            read: None,
        }
    }

    /// What this task is; it may have been submitted this moment.
    pub(super) fn standing(&mut self, record: &Record, task: &Subject) -> Result<Standing, Error> {
        match self.of(task) {
            Standing::Stranger | Standing::Found => self.read(record)?,
            known => return Ok(known),
        }
        Ok(self.of(task))
    }

    /// The same as of this moment, for a wait: what it does not wait for, another run may have taken.
    pub(super) fn present_standing(
        &mut self,
        record: &Record,
        task: &Subject,
    ) -> Result<Standing, Error> {
        self.read(record)?;
        Ok(self.of(task))
    }

    /// The same as of the start, for a receiver that takes strangers too: each of those it takes
    /// changes the journal, and is no reason to read all of it again.
    pub(super) fn first_standing(
        &mut self,
        record: &Record,
        task: &Subject,
    ) -> Result<Standing, Error> {
        if !self.has_read {
            self.read(record)?;
        }
        Ok(self.of(task))
    }

    /// Writes the number of the task, where it was [found](Standing::Found) so.
    pub(super) fn found(&mut self, record: &Record, found: &Subject) {
        if self.of(found) == Standing::Found
            && let Some(at) = self.unknown_submit(found)
        {
            record.found(&self.unknown.remove(at), &found.task);
            let ours = Standing::Ours { calls_here: true };
            self.tasks.insert(found.task.clone(), ours);
        }
    }

    fn of(&self, subject: &Subject) -> Standing {
        let on_record = self.tasks.get(&subject.task).copied();
        on_record.unwrap_or_else(|| match self.unknown_submit(subject) {
            Some(_) => Standing::Found,
            None => Standing::Stranger,
        })
    }

    fn unknown_submit(&self, subject: &Subject) -> Option<usize> {
        let (video, kind) = subject.video.as_ref()?;
        self.unknown.iter().position(|task| {
            task.video_no.as_ref() == Some(video) && task.transcription_type == Some(*kind)
        })
    }

    fn read(&mut self, record: &Record) -> Result<(), Error> {
        // Before the reading: what is added meanwhile counts as a change.
        let version = record.version();
        if version.is_some() && version == self.read {
            return Ok(());
        }
        let tasks = record.require_tasks()?;
        self.tasks = tasks
            .by_number(&record.base_url)
            .into_iter()
            .map(|(number, task)| (number.clone(), self.standing_of(task)))
            .collect();
        self.unknown = tasks
            .unknown(&record.base_url)
            .filter(|task| self.is_told(task))
            .cloned()
            .collect();
        // Only now: what could not be read is tried again.
        (self.read, self.has_read) = (version, true);
        Ok(())
    }

    fn standing_of(&self, task: &journal::Task) -> Standing {
        if task.by_callback {
            Standing::Taken
        } else {
            Standing::Ours {
                calls_here: self.is_told(task),
            }
        }
    }

    fn is_told(&self, task: &journal::Task) -> bool {
        let callback = task.callback.as_deref().map(Url::parse);
        callback.is_some_and(|url| url.is_ok_and(|url| Some(url) == self.address))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use super::*;
    use crate::error::ErrorFormat;
    use crate::journal::Journal;
    use crate::progress::Progress;
    use crate::task::{TranscriptionType, VideoNo};
    use crate::terminal::{ColorChoice, Terminal};

    const HERE: &str = "http://callbacks.test/secret";
    const OURS: Standing = Standing::Ours { calls_here: false };

    fn submit(journal: &Journal, task: &TaskNo) {
        let video = VideoNo::new("V").unwrap();
        let line =
            journal::SubmitAttempt::new("http://here", &video, TranscriptionType::Audio, None);
        journal.submitting(&line).unwrap();
        journal.submitted(&line, task).unwrap();
    }

    fn subject(task: &TaskNo) -> Subject {
        Subject {
            task: task.clone(),
            video: None,
        }
    }

    fn record(folder: &Path) -> Record {
        let stderr = Terminal::detect(ColorChoice::Never).stderr;
        let progress = Progress::new(stderr, true, ErrorFormat::Human);
        Record::at(folder, "http://here/", progress)
    }

    #[test]
    fn the_journal_is_read_again_only_when_it_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(folder.path());
        let [one, two, other] = ["T-1", "T-2", "X-9"].map(|task| TaskNo::new(task).unwrap());
        let journal = Journal::new(folder.path());
        let mut known = Known::at(HERE);
        let mut holds = |task: &TaskNo| known.standing(&record, &subject(task)).unwrap() == OURS;
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

        let mut known = Known::at(HERE);
        for _ in 0..2 {
            assert!(known.standing(&record, &subject(&one)).is_err());
            assert!(known.first_standing(&record, &subject(&one)).is_err());
        }
        fs::remove_dir(&file).unwrap();
        fs::rename(&aside, &file).unwrap();
        assert_eq!(known.standing(&record, &subject(&one)), Ok(OURS));
    }
}
