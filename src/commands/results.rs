//! Builds the writer of results from the output options and the settings.

use crate::captions::ReflowOptions;
use crate::cli::OutputArgs;
use crate::config::{CaptionSettings, Origin, Setting, Settings};
use crate::engine::ResultWriter;
use crate::error::Error;
use crate::ids::TaskNo;
use crate::journal::Task;
use crate::output::{ItemNames, Output, OutputOptions};
use crate::render::{Format, Style};

use super::Context;

impl Context {
    /// Returns the place for results; `several` says that more than one may come. What cannot work is
    /// a usage error, before any request.
    pub(super) fn results(
        &self,
        args: &OutputArgs,
        settings: &Settings,
        several: bool,
    ) -> Result<ResultWriter, Error> {
        let output = Output::new(&OutputOptions {
            formats: args.formats.clone(),
            path: args.output.clone(),
            no_clobber: args.no_clobber,
            configured: configured(settings),
            several,
            media: args.media.clone(),
            stdout: Style {
                reflow: args.reflow.then(|| reflow_options(&settings.captions)),
                ..self.stdout_style()
            },
        })?;
        Ok(ResultWriter::new(
            output,
            self.reporter.clone(),
            self.hint_commands(),
        ))
    }

    /// Returns the rendering options for stdout, without reflow.
    pub(super) fn stdout_style(&self) -> Style<'static> {
        let stdout = self.terminal.stdout;
        Style {
            width: stdout.width,
            colour: stdout.colour,
            is_terminal: stdout.is_terminal,
            ..Style::default()
        }
    }
}

/// Returns `true` for a task whose files exist and must not be replaced; `known` is its record.
pub(super) fn has_output(results: &ResultWriter, task: &TaskNo, known: Option<&Task>) -> bool {
    let names = ItemNames {
        task_no: Some(task.as_str()),
        ..ItemNames::default()
    };
    let video = known.and_then(|known| known.video_no.as_ref().zip(known.transcription_type));
    let label = match video {
        Some((video, transcription_type)) => format!("{video} ({transcription_type}), task {task}"),
        None => format!("task {task}"),
    };
    results.output_exists(&label, &names)
}

/// Returns the format set by the environment or the configuration file.
fn configured(settings: &Settings) -> Option<Format> {
    let is_configured = settings.output.format.origin != Origin::Default;
    is_configured.then_some(*settings.output.format)
}

/// Returns the options of `--reflow` as the captions room takes them: a default gives way to the language.
fn reflow_options(captions: &CaptionSettings) -> ReflowOptions {
    fn set<T: Copy>(setting: &Setting<T>) -> Option<T> {
        (setting.origin != Origin::Default).then_some(**setting)
    }
    ReflowOptions {
        language: *captions.language,
        preset: *captions.preset,
        max_line_width: set(&captions.max_line_width),
        max_lines: set(&captions.max_lines),
        max_cps: set(&captions.max_cps),
        min_duration: set(&captions.min_duration),
        max_duration: set(&captions.max_duration),
        min_gap: set(&captions.min_gap),
    }
}
