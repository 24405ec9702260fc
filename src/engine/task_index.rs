//! Looks up a callback's task in the journal, which decides on the response. The journal is read again
//! only if it has changed, so that callbacks for unknown tasks, however many, cause no more reading.

use std::collections::HashMap;

use url::Url;

use super::callback_target::{CallbackTarget, Refresh, TaskOrigin};
use super::journal_writer::JournalWriter;
use crate::error::Error;
use crate::ids::TaskNo;
use crate::journal::{self, Revision};

/// The recorded tasks, for the receiver at one callback address.
pub(super) struct TaskIndex {
    callback_url: Option<Url>,
    tasks: HashMap<TaskNo, TaskOrigin>,
    /// Submits that were told this address and got no answer, oldest first.
    unknown: Vec<journal::Task>,
    has_read: bool,
    revision: Option<Revision>,
}

impl TaskIndex {
    /// Creates an index for the receiver with this callback address; nothing is read yet.
    pub(super) fn new(callback_url: &str) -> Self {
        Self {
            callback_url: Url::parse(callback_url).ok(),
            tasks: HashMap::new(),
            unknown: Vec::new(),
            has_read: false,
            revision: None,
        }
    }

    /// Looks up a callback's task. Fails if the journal has to be read and cannot be.
    pub(super) fn look_up(
        &mut self,
        journal: &JournalWriter,
        target: &CallbackTarget,
        refresh: Refresh,
    ) -> Result<TaskOrigin, Error> {
        let is_read = match refresh {
            Refresh::Always => false,
            Refresh::Once => self.has_read,
            Refresh::IfUnknown => matches!(
                self.origin(target),
                TaskOrigin::Recorded { .. } | TaskOrigin::Completed
            ),
        };
        if !is_read {
            self.read(journal)?;
        }
        Ok(self.origin(target))
    }

    /// Records the task of a submit without an answer, if the look-up returned
    /// [`TaskOrigin::Recovered`].
    pub(super) fn resolve_unknown(&mut self, journal: &JournalWriter, target: &CallbackTarget) {
        if let Some(at) = self.unknown_submit(target) {
            journal.resolve_unknown(&self.unknown.remove(at), &target.task);
            let origin = TaskOrigin::Recorded { calls_here: true };
            self.tasks.insert(target.task.clone(), origin);
        }
    }

    fn origin(&self, target: &CallbackTarget) -> TaskOrigin {
        let recorded = self.tasks.get(&target.task).copied();
        recorded.unwrap_or_else(|| match self.unknown_submit(target) {
            Some(_) => TaskOrigin::Recovered,
            None => TaskOrigin::Unknown,
        })
    }

    fn unknown_submit(&self, target: &CallbackTarget) -> Option<usize> {
        let (video, transcription_type) = target.video.as_ref()?;
        self.unknown.iter().position(|task| {
            task.video_no.as_ref() == Some(video)
                && task.transcription_type == Some(*transcription_type)
        })
    }

    fn read(&mut self, journal: &JournalWriter) -> Result<(), Error> {
        // Before the reading: what is added meanwhile counts as a change.
        let revision = journal.revision();
        if revision.is_some() && revision == self.revision {
            return Ok(());
        }
        let tasks = journal.require_tasks()?;
        self.tasks = tasks
            .by_number(journal.base_url())
            .into_iter()
            .map(|(number, task)| (number.clone(), self.origin_of(task)))
            .collect();
        self.unknown = tasks
            .unknown(journal.base_url())
            .filter(|task| self.calls_here(task))
            .cloned()
            .collect();
        // Only now: what could not be read is tried again.
        (self.revision, self.has_read) = (revision, true);
        Ok(())
    }

    fn origin_of(&self, task: &journal::Task) -> TaskOrigin {
        if task.by_callback {
            TaskOrigin::Completed
        } else {
            TaskOrigin::Recorded {
                calls_here: self.calls_here(task),
            }
        }
    }

    fn calls_here(&self, task: &journal::Task) -> bool {
        let callback = task.callback.as_deref().map(Url::parse);
        callback.is_some_and(|url| url.is_ok_and(|url| Some(url) == self.callback_url))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use super::*;
    use crate::error::ErrorFormat;
    use crate::ids::TranscriptionType::{Audio, Video};
    use crate::ids::VideoNo;
    use crate::journal::{Journal, SubmitAttempt};
    use crate::ui::{ColorChoice, Reporter, Terminal};

    const HERE: &str = "http://callbacks.test/secret";
    const RECORDED: TaskOrigin = TaskOrigin::Recorded { calls_here: false };

    fn submit(journal: &Journal, task: &TaskNo) {
        let video = VideoNo::new("V").unwrap();
        let attempt = SubmitAttempt::new("http://here", &video, Audio, None);
        journal.submitting(&attempt).unwrap();
        journal.submitted(&attempt, task).unwrap();
    }

    fn target(task: &TaskNo) -> CallbackTarget {
        CallbackTarget {
            task: task.clone(),
            video: None,
        }
    }

    fn writer(directory: &Path) -> JournalWriter {
        let stderr = Terminal::detect(ColorChoice::Never).stderr;
        let reporter = Reporter::new(stderr, true, ErrorFormat::Human);
        JournalWriter::new(Some(directory.to_owned()), "http://here/", reporter)
    }

    #[test]
    fn journal_is_read_again_only_when_it_has_changed() {
        let directory = tempfile::tempdir().unwrap();
        let writer = writer(directory.path());
        let [one, two, other] = ["T-1", "T-2", "X-9"].map(|task| TaskNo::new(task).unwrap());
        let journal = Journal::new(directory.path());
        let mut index = TaskIndex::new(HERE);
        let mut is_recorded = |task: &TaskNo| {
            let origin = index.look_up(&writer, &target(task), Refresh::IfUnknown);
            origin.unwrap() == RECORDED
        };
        assert!(!is_recorded(&one), "there is no journal yet");
        submit(&journal, &one);
        assert!(is_recorded(&one) && !is_recorded(&other));

        // Changed behind its back, in a way that leaves no trace: had it looked, it would know.
        let file = directory.path().join("journal.jsonl");
        let (text, modified) = (
            fs::read_to_string(&file).unwrap(),
            fs::metadata(&file).unwrap().modified().unwrap(),
        );
        fs::write(&file, text.replace("T-1", "X-9")).unwrap();
        let handle = File::options().append(true).open(&file).unwrap();
        handle.set_modified(modified).unwrap();
        assert!(!is_recorded(&other));

        submit(&journal, &two);
        assert!(is_recorded(&two) && is_recorded(&other));
    }

    #[test]
    fn task_is_this_receivers_where_its_submit_had_this_address() {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::new(directory.path());
        let video = VideoNo::new("V").unwrap();
        for (number, address) in [("T-1", HERE), ("T-2", "http://callbacks.test/other")] {
            let address = Some(address);
            let attempt = SubmitAttempt::new("http://here", &video, Audio, address);
            journal.submitting(&attempt).unwrap();
            journal
                .submitted(&attempt, &TaskNo::new(number).unwrap())
                .unwrap();
        }
        let mut index = TaskIndex::new(HERE);
        let writer = writer(directory.path());
        for (number, calls_here) in [("T-1", true), ("T-2", false)] {
            let target = target(&TaskNo::new(number).unwrap());
            let origin = index.look_up(&writer, &target, Refresh::Always);
            assert_eq!(origin, Ok(TaskOrigin::Recorded { calls_here }));
        }
    }

    #[test]
    fn task_of_a_submit_without_an_answer_is_known_by_video_type_and_address() {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::new(directory.path());
        let submitting = |video: &str, kind, address| {
            let video = VideoNo::new(video).unwrap();
            let attempt = SubmitAttempt::new("http://here", &video, kind, Some(address));
            journal.submitting(&attempt).unwrap();
        };
        submitting("V0", Audio, "http://callbacks.test/other");
        submitting("V1", Audio, HERE);
        submitting("V2", Audio, HERE);
        let writer = writer(directory.path());
        let mut index = TaskIndex::new(HERE);
        let named = |video: &str, kind| CallbackTarget {
            task: TaskNo::new("T-1").unwrap(),
            video: Some((VideoNo::new(video).unwrap(), kind)),
        };
        for target in [named("V0", Audio), named("V1", Video), named("V3", Audio)] {
            let origin = index.look_up(&writer, &target, Refresh::Always);
            assert_eq!(origin, Ok(TaskOrigin::Unknown), "{target:?}");
        }
        let own = named("V2", Audio);
        let mut look_up = |target| index.look_up(&writer, target, Refresh::Always);
        assert_eq!(look_up(&own), Ok(TaskOrigin::Recovered));
        assert_eq!(look_up(&named("V1", Audio)), Ok(TaskOrigin::Recovered));

        index.resolve_unknown(&writer, &own);
        let recorded = TaskOrigin::Recorded { calls_here: true };
        let origin = index.look_up(&writer, &own, Refresh::Once);
        assert_eq!(origin, Ok(recorded), "without reading the journal again");
        let mut later = TaskIndex::new(HERE);
        let origin = later.look_up(&writer, &own, Refresh::Always);
        assert_eq!(origin, Ok(recorded), "it is on record");
        let origin = later.look_up(&writer, &named("V1", Audio), Refresh::Always);
        assert_eq!(origin, Ok(recorded), "a task of that number is known");
    }

    #[test]
    fn unreadable_journal_is_an_error_until_it_can_be_read() {
        let directory = tempfile::tempdir().unwrap();
        let writer = writer(directory.path());
        let one = TaskNo::new("T-1").unwrap();
        submit(&Journal::new(directory.path()), &one);
        let file = directory.path().join("journal.jsonl");
        let aside = directory.path().join("aside");
        fs::rename(&file, &aside).unwrap();
        fs::create_dir(&file).unwrap();

        let mut index = TaskIndex::new(HERE);
        for _ in 0..2 {
            for refresh in [Refresh::IfUnknown, Refresh::Once, Refresh::Always] {
                assert!(index.look_up(&writer, &target(&one), refresh).is_err());
            }
        }
        fs::remove_dir(&file).unwrap();
        fs::rename(&aside, &file).unwrap();
        let origin = index.look_up(&writer, &target(&one), Refresh::Once);
        assert_eq!(origin, Ok(RECORDED));
    }
}
