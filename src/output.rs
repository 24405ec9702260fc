//! Writes results to stdout, to one file, or to a file per task. Chooses the formats and the file names,
//! and makes files appear whole or not at all. The formats themselves are in [`crate::render`].

mod destination;
mod file;
mod inputs;
mod media;
mod plan;
mod stdout;
mod template;

use std::cell::{RefCell, RefMut};
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;

use crate::error::{Error, ErrorKind};
use crate::render::{self, Format, RenderReport, Style};
use crate::transcript::Transcript;
use file::FileWriter;
use inputs::Inputs;
use media::Media;
pub use plan::OutputOptions;
use plan::OutputTarget;
pub use stdout::{check_stdout, to_stdout};
pub use template::ItemNames;

/// The result of writing a transcription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteReport {
    /// Counts for messages.
    pub rendered: RenderReport,
    /// Files that were written.
    pub written: Vec<PathBuf>,
    /// Files that were left alone because they exist.
    pub skipped: Vec<PathBuf>,
}

/// The output of one run. One thread writes to it.
#[derive(Debug)]
pub struct Output {
    target: OutputTarget,
    no_clobber: bool,
    media: Option<Media>,
    style: Style<'static>,
    state: RefCell<OutputState>,
}

#[derive(Debug, Default)]
struct OutputState {
    printed: usize,
    /// Number of transcriptions without a task ID that were written to files.
    unnamed: usize,
    written: HashSet<PathBuf>,
    combined: Vec<Vec<u8>>,
    files: FileWriter,
    inputs: Inputs,
}

impl Output {
    /// Plans the output. What cannot work is an error here, before any request.
    pub fn new(options: &OutputOptions) -> Result<Self, Error> {
        let output = Self {
            target: OutputTarget::new(options)?,
            no_clobber: options.no_clobber,
            media: options.media.as_deref().map(Media::find).transpose()?,
            style: options.stdout,
            state: RefCell::default(),
        };
        if let Some(media) = &options.media {
            if !output.target.has_page() {
                return Err(Error::usage("--media is for web pages alone")
                    .with_hint("write one: -f html, or -o with a name that ends in .html"));
            }
            if options.several {
                return Err(Error::usage(
                    "--media is the video of one transcription, and several were asked for",
                )
                .with_hint("run the command once for each video"));
            }
            output.protect([&**media])?;
        }
        Ok(output)
    }

    /// Returns `true` if the results of all tasks are gathered and written by [`Self::finish`].
    #[must_use]
    pub fn is_combined(&self) -> bool {
        matches!(self.target, OutputTarget::Combined(_))
    }

    /// Protects the input files of the run: none is replaced. Checks those outputs whose names are the
    /// same for all items; [`Self::check_paths`] and [`Self::write`] check the others.
    pub fn protect<'a>(&self, inputs: impl IntoIterator<Item = &'a Path>) -> Result<(), Error> {
        let mut state = self.state();
        state.inputs.extend(inputs);
        let paths = self.target.fixed_paths();
        paths
            .iter()
            .try_for_each(|path| state.inputs.check_planned(path))
    }

    /// Returns the files of an item before its result has come. `None` where no file is written for
    /// each item, or where a placeholder's value is not known yet.
    #[must_use]
    pub fn paths(&self, names: &ItemNames<'_>) -> Option<Vec<PathBuf>> {
        let OutputTarget::Each(files) = &self.target else {
            return None;
        };
        files
            .iter()
            .map(|(_, template)| template.planned(names))
            .collect()
    }

    /// Checks that no item would be written to a directory or replace an input, and no two would be
    /// written to the same file, before anything is paid for. Each item comes with its label for the
    /// message.
    pub fn check_paths<'a>(
        &self,
        items: impl IntoIterator<Item = (String, ItemNames<'a>)>,
    ) -> Result<(), Error> {
        let mut owners = HashMap::new();
        for (label, names) in items {
            for path in self.paths(&names).unwrap_or_default() {
                if path.is_dir() {
                    return Err(template::names_directory(&path));
                }
                self.state().inputs.check_planned(&path)?;
                let shown = path.display().to_string();
                let Some(other) = owners.insert(path, label.clone()) else {
                    continue;
                };
                let message = format!("{other} and {label} would both be written to {shown}");
                return Err(Error::usage(message).with_hint(DISTINCT_NAMES_HINT));
            }
        }
        Ok(())
    }

    /// Returns the item's files if all of them exist already and are to be left alone, as far as its
    /// names can tell: then nothing has to be requested.
    #[must_use]
    pub fn existing_paths(&self, names: &ItemNames<'_>) -> Option<Vec<PathBuf>> {
        let exists = |path: &PathBuf| destination::Destination::is_existing_file(path);
        let paths = self.no_clobber.then(|| self.paths(names)).flatten();
        paths.filter(|paths| paths.iter().all(exists))
    }

    /// Sets the time until which a FIFO without a reader is waited for; `None` for ever.
    pub fn set_reader_deadline(&self, deadline: Option<Instant>) {
        self.state().files.reader_deadline = deadline;
    }

    /// Prints or writes a transcription. Placeholders are filled from the reply, and from the names
    /// that were asked about where the reply lacks one.
    pub fn write(
        &self,
        transcript: &Transcript<'_>,
        asked: &ItemNames<'_>,
    ) -> anyhow::Result<WriteReport> {
        let mut state = self.state();
        let mut report = WriteReport::default();
        let media_url = |page| self.media.as_ref().map(|media| media.url(page));
        let style = Style {
            title: asked.stem,
            ..self.style
        };
        match &self.target {
            OutputTarget::Stdout(format) => {
                let is_first = state.printed == 0;
                let url = media_url(None);
                let style = Style {
                    media: url.as_deref(),
                    ..style
                };
                report.rendered =
                    to_stdout(|out| render::write(*format, transcript, &style, is_first, out))?;
                state.printed += 1;
            }
            OutputTarget::Each(files) => {
                let names = ItemNames::or_from(transcript, asked);
                let position = state.unnamed + 1;
                let paths: Vec<_> = files
                    .iter()
                    .map(|(format, template)| (*format, template.path(&names, position)))
                    .collect();
                if let Some((_, path)) = paths.iter().find(|(_, it)| state.written.contains(it)) {
                    let error = Error::new(
                        ErrorKind::Io,
                        format!("{} already holds a result of this run", path.display()),
                    );
                    let hint = if files.iter().all(|(_, template)| template.has_task_no()) {
                        "the same task came twice; the first is kept"
                    } else {
                        DISTINCT_NAMES_HINT
                    };
                    return Err(error.with_hint(hint).into());
                }
                for (_, path) in &paths {
                    state.inputs.check(path, ErrorKind::Io)?;
                }
                state.unnamed += usize::from(names.task_no.is_none());
                for (format, path) in &paths {
                    let url = media_url(Some(path));
                    let style = Style {
                        media: url.as_deref(),
                        ..style.for_files()
                    };
                    let write =
                        |out: &mut dyn Write| render::write(*format, transcript, &style, true, out);
                    let rendered = self.write_file(&mut state.files, path, &mut report, write)?;
                    report.rendered = report.rendered.and(rendered.unwrap_or_default());
                }
                // Only now: what could not be written may come again.
                state
                    .written
                    .extend(paths.into_iter().map(|(_, path)| path));
            }
            OutputTarget::Combined(files) => {
                let is_first = state.printed == 0;
                let style = style.for_files();
                state.combined.resize_with(files.len(), Vec::new);
                for ((format, _), bytes) in files.iter().zip(&mut state.combined) {
                    let rendered = render::write(*format, transcript, &style, is_first, bytes)?;
                    report.rendered = report.rendered.and(rendered);
                }
                state.printed += 1;
            }
        }
        Ok(report)
    }

    /// Prints the reply about an unfinished task where a script can use it: as JSON on stdout.
    pub fn write_unfinished(&self, transcript: &Transcript<'_>) -> anyhow::Result<()> {
        if let OutputTarget::Stdout(Format::Json | Format::Jsonl) = self.target {
            self.write(transcript, &ItemNames::default())?;
        }
        Ok(())
    }

    /// Writes the combined file, if there were any results.
    pub fn finish(&self) -> anyhow::Result<WriteReport> {
        let mut report = WriteReport::default();
        let mut state = self.state();
        let OutputState {
            combined,
            files,
            inputs,
            ..
        } = &mut *state;
        if let OutputTarget::Combined(paths) = &self.target {
            for ((_, path), bytes) in paths.iter().zip(combined) {
                inputs.check(path, ErrorKind::Io)?;
                self.write_file(files, path, &mut report, |out| out.write_all(bytes))?;
            }
        }
        Ok(report)
    }

    /// Writes a file and notes it in the report.
    fn write_file<T>(
        &self,
        files: &mut FileWriter,
        path: &Path,
        report: &mut WriteReport,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> anyhow::Result<Option<T>> {
        let written = files
            .write(path, self.no_clobber, write)
            .map_err(|error| match error.kind() {
                // What `--timeout` ended is no fault of the file.
                io::ErrorKind::TimedOut => {
                    Error::new(ErrorKind::Unfinished, error.to_string()).into()
                }
                _ => anyhow::Error::from(error),
            })
            .with_context(|| format!("could not write {}", path.display()))?;
        let list = match written {
            Some(_) => &mut report.written,
            None => &mut report.skipped,
        };
        list.push(path.to_owned());
        Ok(written)
    }

    fn state(&self) -> RefMut<'_, OutputState> {
        self.state.borrow_mut()
    }
}

const DISTINCT_NAMES_HINT: &str = "put {taskNo}, {videoNo} or {type} into the file name of -o";

#[cfg(test)]
mod tests;
