//! Writes results, and reports on stderr what was estimated, exceeds limits, or was skipped.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::command_line::{CommandLine, HintCommands};
use crate::error::{self, Error};
use crate::output::{ItemNames, Output, WriteReport};
use crate::text;
use crate::transcript::Transcript;
use crate::ui::Reporter;

/// Writes the results of a run.
pub struct ResultWriter {
    output: Output,
    reporter: Reporter,
    commands: HintCommands,
}

impl ResultWriter {
    /// Creates a writer to `output`.
    #[must_use]
    pub const fn new(output: Output, reporter: Reporter, commands: HintCommands) -> Self {
        Self {
            output,
            reporter,
            commands,
        }
    }

    /// Returns `true` if all results go into one file that is written at the end.
    #[must_use]
    pub fn is_collected(&self) -> bool {
        self.output.is_combined()
    }

    /// Protects the input files of the run: no result replaces one.
    pub fn protect<'a>(&self, inputs: impl IntoIterator<Item = &'a Path>) -> Result<(), Error> {
        self.output.protect(inputs)
    }

    /// Checks that no two items would be written to the same file, and none to an input, before anything
    /// is paid for.
    pub fn check_paths<'a>(
        &self,
        items: impl IntoIterator<Item = (String, ItemNames<'a>)>,
    ) -> Result<(), Error> {
        self.output.check_paths(items)
    }

    /// Returns `true`, and prints a note with the item's label, if its files exist and must not be
    /// replaced.
    #[must_use]
    pub fn output_exists(&self, label: &str, names: &ItemNames<'_>) -> bool {
        let exists = self.existing_paths(names).is_some();
        if exists {
            let label = text::one_line(label);
            self.reporter
                .info(&format!("{label}: its files exist and were left alone"));
        }
        exists
    }

    /// Returns the item's files if they exist and must not be replaced.
    #[must_use]
    pub fn existing_paths(&self, names: &ItemNames<'_>) -> Option<Vec<PathBuf>> {
        self.output.existing_paths(names)
    }

    /// Sets the time until which a FIFO without a reader is waited for; `None` for ever.
    pub(super) fn set_reader_deadline(&self, deadline: Option<Instant>) {
        self.output.set_reader_deadline(deadline);
    }

    /// Writes the result of a task. If that fails, the error names the task and the command that gets
    /// the result again.
    pub(super) fn write_paid(
        &self,
        transcript: &Transcript<'_>,
        names: &ItemNames<'_>,
    ) -> anyhow::Result<WriteReport> {
        let task = names.task_no.unwrap_or(&transcript.task_no);
        self.write(transcript, names, None).map_err(|chain| {
            let get = self.commands.named("get");
            not_saved(&label_with_task(transcript, names), task, get, chain)
        })
    }

    /// Writes a transcription; `names` are used for the IDs that it lacks. `file` names it in warnings, where
    /// it is one of several files.
    pub fn write(
        &self,
        transcript: &Transcript<'_>,
        names: &ItemNames<'_>,
        file: Option<&str>,
    ) -> anyhow::Result<WriteReport> {
        let report = self
            .reporter
            .suspend(|| self.output.write(transcript, names))?;
        let label = file.map_or_else(
            || label(transcript, names),
            |file| text::one_line(file).into_owned(),
        );
        let rendered = report.rendered;
        if rendered.estimated_times > 0 {
            self.reporter.warn(&format!(
                "{label}: {} missing or impossible, and estimated, of {}",
                text::agree(rendered.estimated_times, "time was", "times were"),
                text::count(transcript.segments.len(), "segment"),
            ));
        }
        let over = rendered.over_limits;
        if over.cues > 0 {
            let why = [
                (over.speed, "too much text for the time"),
                (over.size, "a line too long or too many"),
                (over.time, "too short or too close to the next"),
            ];
            let why = why.iter().filter(|(count, _)| *count > 0);
            let why: Vec<_> = why.map(|(count, what)| format!("{count} {what}")).collect();
            self.reporter.warn(&format!(
                "{label}: {} the limits ({})",
                text::agree(over.cues, "cue exceeds", "cues exceed"),
                why.join(", "),
            ));
        } else if over.overrun > 0 {
            let (seconds, tenths) = (over.overrun / 1000, over.overrun % 1000 / 100);
            self.reporter.warn(&format!(
                "{label}: the last words are too fast to read: they stay for {seconds}.{tenths} s after the last segment, and are cut off if the video ends there"
            ));
        }
        self.report_skipped(&report);
        Ok(report)
    }

    /// Prints the state of an unfinished task, if the format is JSON.
    pub(super) fn write_unfinished(&self, transcript: &Transcript<'_>) -> anyhow::Result<()> {
        self.reporter
            .suspend(|| self.output.write_unfinished(transcript))
    }

    /// Writes the results that were collected for one file.
    pub fn finish(&self) -> anyhow::Result<WriteReport> {
        let report = self.output.finish()?;
        self.report_skipped(&report);
        Ok(report)
    }

    fn report_skipped(&self, report: &WriteReport) {
        for path in &report.skipped {
            self.reporter
                .info(&format!("{} exists and was left alone", path.display()));
        }
    }
}

/// Returns the error for a result that could not be saved, with the task and the command that gets it
/// again: `get` and the task, without the file that could not be written. A closed pipe stays as it is.
fn not_saved(label: &str, task: &str, get: CommandLine, chain: anyhow::Error) -> anyhow::Error {
    if error::is_closed_pipe(&chain) || error::is_interrupted(&chain) {
        return chain;
    }
    let error = Error::from_anyhow(&chain);
    let task = text::one_line(task);
    let hint = error.hint.clone().unwrap_or_else(|| {
        let command = get.with_args([&task]);
        format!("nothing is lost; to fetch it again, run: {command}")
    });
    error
        .with_task(&*task)
        .prefixed(format_args!("could not save the result of {label}"))
        .with_hint(hint)
        .into()
}

/// Returns the subject of a warning; a bare list of segments has no task.
fn label(transcript: &Transcript<'_>, names: &ItemNames<'_>) -> String {
    let video = names.video_no.unwrap_or(&transcript.video_no);
    let kind = names
        .transcription_type
        .unwrap_or(&transcript.transcription_type);
    let task = names.task_no.unwrap_or(&transcript.task_no);
    match (video, kind, task) {
        ("", _, "") => "the transcription".to_owned(),
        ("", _, task) => format!("task {}", text::one_line(task)),
        (video, "", _) => text::one_line(video).into_owned(),
        (video, kind, _) => {
            let kind = kind.to_ascii_lowercase();
            format!("{} ({})", text::one_line(video), text::one_line(&kind))
        }
    }
}

/// Returns the label, with the task if it does not name it already.
fn label_with_task(transcript: &Transcript<'_>, names: &ItemNames<'_>) -> String {
    let label = label(transcript, names);
    if names.video_no.unwrap_or(&transcript.video_no).is_empty() {
        return label;
    }
    let task = names.task_no.unwrap_or(&transcript.task_no);
    format!("{label}, task {}", text::one_line(task))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    #[test]
    fn label_names_what_is_known() {
        for (names, alone, with_task) in [
            (["", "", "T1"], "task T1", "task T1"),
            (["", "audio", "T1"], "task T1", "task T1"),
            (["V1", "", "T1"], "V1", "V1, task T1"),
            (["V1", "AUDIO", "T1"], "V1 (audio)", "V1 (audio), task T1"),
            (["", "", ""], "the transcription", "the transcription"),
        ] {
            let [video, kind, task] = names;
            let reply = format!(
                r#"{{"videoNo":"{video}","type":"{kind}","taskNo":"{task}","transcriptions":[]}}"#
            );
            let transcript = Transcript::parse(&reply, TimeUnit::Seconds).unwrap();
            let names = ItemNames::default();
            assert_eq!(label(&transcript, &names), alone);
            assert_eq!(label_with_task(&transcript, &names), with_task);
        }
    }
}
