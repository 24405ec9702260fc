//! From a transcription to the place where results go, with a word on stderr about what had to be
//! repaired or was left alone.

use crate::captions::ReflowLimits;
use crate::cli;
use crate::config::{self, Origin, Settings};
use crate::error::{self, Error};
use crate::output::{ItemNames, Output, OutputOptions, WriteReport};
use crate::render::{Format, Style};
use crate::task::TaskNo;
use crate::text;
use crate::transcript::Transcript;

use super::Context;

/// Where the results of a command go.
pub(super) struct Delivery<'c> {
    context: &'c Context,
    pub(super) output: Output,
}

impl<'c> Delivery<'c> {
    /// Settles where results go; `several` says whether more than one may come.
    pub(super) fn plan(
        context: &'c Context,
        args: &cli::Output,
        settings: &Settings,
        several: bool,
    ) -> Result<Self, Error> {
        let stdout = context.terminal.stdout;
        let output = Output::new(&OutputOptions {
            formats: args.formats.clone(),
            path: args.output.clone(),
            no_clobber: args.no_clobber,
            configured: configured(settings),
            several,
            stdout: Style {
                width: stdout.width,
                colour: stdout.colour,
                terminal: stdout.is_terminal,
                reflow: args.reflow.then(|| limits(&settings.captions)),
            },
        })?;
        Ok(Self { context, output })
    }

    /// Whether this task's files exist already and are to be left alone, which is said.
    pub(super) fn is_settled(&self, task: &TaskNo) -> bool {
        let settled = self.output.output_exists(&of_task(task));
        if settled {
            self.context
                .progress
                .note(&format!("task {task}: its files exist and were left alone"));
        }
        settled
    }

    /// Prints or writes the result of a task; where that fails, the error names the task.
    pub(super) fn emit(&self, task: &TaskNo, transcript: &Transcript<'_>) -> anyhow::Result<()> {
        self.print(transcript, &of_task(task))
            .map_err(|chain| undelivered(task.as_str(), chain))
    }

    /// Prints or writes a transcription; `asked` names it where it does not do so itself.
    pub(super) fn print(
        &self,
        transcript: &Transcript<'_>,
        asked: &ItemNames<'_>,
    ) -> anyhow::Result<()> {
        let progress = &self.context.progress;
        let report = progress.suspend(|| self.output.write(transcript, asked))?;
        let rendered = report.rendered;
        if rendered.estimated_times > 0 {
            progress.warn(&format!(
                "{}: times that were missing, or no end of their segment, and were made up: {} (segments: {})",
                named(transcript),
                rendered.estimated_times,
                transcript.segments.len(),
            ));
        }
        if rendered.over_limits > 0 {
            progress.warn(&format!(
                "{}: cues that cannot keep to the limits: {} (too much text for their time, or a word too long)",
                named(transcript),
                rendered.over_limits,
            ));
        }
        self.say_left_alone(&report);
        Ok(())
    }

    /// Prints what is known of an unfinished task, where the format is one for scripts.
    pub(super) fn emit_unfinished(&self, transcript: &Transcript<'_>) -> anyhow::Result<()> {
        self.context
            .progress
            .suspend(|| self.output.write_unfinished(transcript))
    }

    /// Writes what was collected.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        self.say_left_alone(&self.output.finish()?);
        Ok(())
    }

    fn say_left_alone(&self, report: &WriteReport) {
        for path in &report.skipped {
            self.context
                .progress
                .note(&format!("{} exists and was left alone", path.display()));
        }
    }
}

/// A result that could not be delivered: the task is paid for, so the message names it and the way
/// to it. A closed pipe stays what it is.
fn undelivered(task_no: &str, chain: anyhow::Error) -> anyhow::Error {
    if error::is_closed_pipe(&chain) {
        return chain;
    }
    let error = Error::from_chain(&chain);
    let task_no = text::one_line(task_no);
    let hint = error.hint.clone().unwrap_or_else(|| {
        format!(
            "nothing is lost: mavi get {} prints it again",
            shell_words::quote(&task_no)
        )
    });
    error
        .with_task(&*task_no)
        .of(format_args!("could not deliver task {task_no}"))
        .with_hint(hint)
        .into()
}

/// What a warning is about; a bare list of segments has no task.
fn named(transcript: &Transcript<'_>) -> String {
    match &*text::one_line(&transcript.task_no) {
        "" => "the transcription".to_owned(),
        task => format!("task {task}"),
    }
}

/// The names of a task of which only the ID is known.
fn of_task(task: &TaskNo) -> ItemNames<'_> {
    ItemNames {
        task_no: Some(task.as_str()),
        ..ItemNames::default()
    }
}

/// The format that the environment or the configuration file sets.
fn configured(settings: &Settings) -> Option<Format> {
    (settings.format.origin != Origin::Default).then_some(*settings.format)
}

/// The limits of `--reflow` as the captions room takes them.
fn limits(captions: &config::Captions) -> ReflowLimits {
    ReflowLimits {
        max_line_width: *captions.max_line_width,
        max_lines: *captions.max_lines,
        max_cps: *captions.max_cps,
        min_duration: *captions.min_duration,
        max_duration: *captions.max_duration,
        min_gap: *captions.min_gap,
    }
}
