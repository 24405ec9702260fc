//! Writes results and task IDs, and records them.

use std::time::Instant;

use super::super::closing::finished_line;
use super::super::event::{Delivery, Event, ItemId};
use super::super::item::State;
use super::super::job::Polls;
use super::super::result_names::ResultNames;
use super::super::task_result::TaskResult;
use super::Driver;
use crate::error::{self, Error};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::journal::{Outcome, TaskEnd};
use crate::output::{ItemNames, WriteReport};

impl Driver {
    /// Writes a result. It is recorded as finished only once it is written: until then it has to be
    /// fetched again.
    pub(super) fn deliver(&mut self, item: ItemId, result: &TaskResult, by_callback: bool) {
        let Some(results) = &self.parts.results else {
            return;
        };
        results.set_reader_deadline(self.deadline(item));
        let state = self.job.item(item);
        let stem = state.file.as_ref().map(|file| file.stem());
        let asked = ItemNames {
            task_no: state.task.as_ref().map(TaskNo::as_str),
            video_no: state.video.as_ref().map(VideoNo::as_str),
            transcription_type: state.transcription_type.map(TranscriptionType::name),
            stem: stem.as_deref(),
        };
        let mut names = ResultNames::default();
        let transcript = result.transcript().map_err(anyhow::Error::from);
        let written = transcript.and_then(|transcript| {
            names = ResultNames::of(Some(&transcript));
            results.write_paid(&transcript, &asked)
        });
        let outcome = match written {
            Ok(report) => {
                self.announce_result(item, &report);
                if results.is_collected() {
                    self.collected.push((item, names, by_callback));
                } else {
                    self.record_end(item, &names, Outcome::Finished, by_callback);
                }
                Delivery::Written
            }
            Err(chain) if error::is_closed_pipe(&chain) => {
                self.closed_pipe = Some(chain);
                self.pending.push_back(Event::OutputClosed);
                return;
            }
            Err(chain) if error::is_interrupted(&chain) => Delivery::Interrupted,
            Err(chain) => Delivery::Failed(Error::from_anyhow(&chain)),
        };
        self.pending.push_front(Event::Delivered { item, outcome });
    }

    fn deadline(&self, item: ItemId) -> Option<Instant> {
        self.started.checked_add(self.job.deadline(item)?)
    }

    /// Reports a finished item, if the run waits for it or has written it to a file.
    fn announce_result(&self, item: ItemId, report: &WriteReport) {
        if self.job.polls() != Polls::Once || !report.written.is_empty() {
            let line = finished_line(self.job.item(item), self.started.elapsed(), report);
            self.parts.reporter.info(&line);
        }
    }

    pub(super) fn deliver_unfinished(&mut self, result: &TaskResult) {
        let Some(results) = &self.parts.results else {
            return;
        };
        let written = result
            .transcript()
            .map_err(Into::into)
            .and_then(|transcript| results.write_unfinished(&transcript));
        self.check_output(written);
    }

    /// Prints the task of an item, or the video that was all that was asked for.
    pub(super) fn print_task(&mut self, item: ItemId) {
        let (parts, item) = (&self.parts, self.job.item(item));
        let print = || match (parts.submit_output, parts.upload_output) {
            (Some(output), _) => output.print(item),
            (None, Some(output)) => output.print(item),
            (None, None) => Ok(()),
        };
        let printed = if self.closed_pipe.is_some() {
            Err(anyhow::anyhow!("stdout is closed"))
        } else {
            parts.reporter.suspend(print)
        };
        if printed.is_err() {
            // It is paid for: somebody has to hear of it.
            let paid = match (&item.task, &item.video) {
                (Some(task), _) => format!("task {task}"),
                (None, Some(video)) => format!("video {video}"),
                (None, None) => return,
            };
            let line = format!("{}: {paid}", item.label());
            parts.reporter.always(&line);
        }
        self.check_output(printed);
    }

    /// Records that stdout could not be written.
    pub(super) fn check_output(&mut self, written: anyhow::Result<()>) {
        let Err(chain) = written else { return };
        if error::is_interrupted(&chain) {
            // Told at once: the run must not end well before the signal's own event has come.
            self.hear_signal();
        } else if self.closed_pipe.is_none() {
            self.closed_pipe = Some(chain);
            self.pending.push_back(Event::OutputClosed);
        }
    }

    /// Records the end of a task, with the names in its last reply.
    pub(super) fn record_end(
        &self,
        item: ItemId,
        names: &ResultNames,
        outcome: Outcome,
        by_callback: bool,
    ) {
        let Some(task_no) = &self.job.item(item).task else {
            return;
        };
        self.parts.journal.ended(&TaskEnd {
            base_url: self.parts.journal.base_url(),
            task_no,
            video_no: names.video.as_ref(),
            transcription_type: names.transcription_type,
            outcome,
            by_callback,
        });
    }

    /// Writes the one file of all results, if there is one, and records their tasks.
    pub(super) fn finish_collected(&mut self) -> anyhow::Result<()> {
        let Some(results) = &self.parts.results else {
            return Ok(());
        };
        let report =
            (results.finish()).map_err(|chain| not_written(chain, || self.resume_collected()))?;
        for path in &report.written {
            self.parts
                .reporter
                .info(&format!("wrote {}", path.display()));
        }
        for (item, names, by_callback) in std::mem::take(&mut self.collected) {
            self.record_end(item, &names, Outcome::Finished, by_callback);
        }
        Ok(())
    }

    /// Returns the command that waits again for the tasks whose results were collected.
    fn resume_collected(&self) -> Option<String> {
        let mut outcome = self.job.outcome();
        let has_task = |id: &ItemId| self.job.item(*id).state == State::Done;
        outcome.running = (0..self.job.items().len()).filter(has_task).collect();
        let is_recorded = self.parts.journal.is_recorded();
        (self.parts.resume).hint(self.job.items(), &outcome, is_recorded)
    }
}

/// Returns the error for one file of all results that could not be written, with `hint` if it has none of its
/// own. A closed pipe is returned as it is: it is no failure.
fn not_written(chain: anyhow::Error, hint: impl FnOnce() -> Option<String>) -> anyhow::Error {
    let error = Error::from_anyhow(&chain);
    if error::is_closed_pipe(&chain) || error.hint.is_some() {
        return chain;
    }
    match hint() {
        Some(hint) => error.with_hint(hint).into(),
        None => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn error_of_the_one_file_gets_a_hint_where_it_has_none() {
        let error = || Error::new(ErrorKind::Io, "the disk is full");
        let hint_of = |error: anyhow::Error| {
            let error = not_written(error, || Some("run it again".to_owned()));
            Error::from_anyhow(&error).hint
        };
        assert_eq!(hint_of(error().into()).as_deref(), Some("run it again"));
        let own = error().with_hint("make room");
        assert_eq!(hint_of(own.into()).as_deref(), Some("make room"));
    }

    #[test]
    fn closed_pipe_of_the_one_file_stays_one() {
        let closed = io::Error::from(io::ErrorKind::BrokenPipe).into();
        let error = not_written(closed, || Some("run it again".to_owned()));
        assert!(error::is_closed_pipe(&error));
    }
}
