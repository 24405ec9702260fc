//! Where results go: stdout, one file, or a file a task. Decides the formats, fills in file names,
//! and makes sure that a file appears whole or not at all. What a format looks like inside is the
//! business of [`crate::render`].

mod file;
mod template;

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use crate::error::{Error, Kind};
use crate::render::{self, Format, Repairs, Style};
use crate::terminal;
use crate::transcript::Transcript;
use template::Template;

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The formats of `-f`; empty where it was not given.
    pub formats: Vec<Format>,
    /// The path of `-o`.
    pub path: Option<PathBuf>,
    /// Leave existing files alone.
    pub no_clobber: bool,
    /// The format where neither `-f` nor the extension of `-o` says.
    pub fallback: Format,
    /// Whether more than one transcription may come.
    pub several: bool,
    /// What stdout can show.
    pub stdout: Style,
}

/// What became of a transcription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// What had to be repaired.
    pub repairs: Repairs,
    /// Files that were left alone because they exist.
    pub left_alone: Vec<PathBuf>,
}

/// The place for the results of one run. It may be used from many threads.
#[derive(Debug)]
pub struct Output {
    target: Target,
    no_clobber: bool,
    style: Style,
    state: Mutex<State>,
}

#[derive(Debug)]
enum Target {
    Stdout(Format),
    /// A file for each task and format.
    Each(Vec<(Format, Template)>),
    /// One file a format for all tasks, written at the end.
    Collected(Vec<(Format, PathBuf)>),
}

#[derive(Debug, Default)]
struct State {
    printed: usize,
    /// How many transcriptions without a task number have had a file.
    nameless: usize,
    written: HashSet<PathBuf>,
    collected: Vec<Vec<u8>>,
}

impl Output {
    /// Settles where everything will go; what cannot work is a usage error, before any request.
    pub fn plan(request: &Request) -> Result<Self, Error> {
        let target = target(request)?;
        if matches!(target, Target::Stdout(_)) {
            check_stdout()?;
        }
        Ok(Self {
            target,
            no_clobber: request.no_clobber,
            style: request.stdout,
            state: Mutex::default(),
        })
    }

    /// Whether the results of all tasks are gathered and written at the end.
    #[must_use]
    pub fn is_collected(&self) -> bool {
        matches!(self.target, Target::Collected(_))
    }

    /// Whether this task's files exist already and are to be left alone, as far as its number
    /// alone can tell: then nothing has to be asked.
    #[must_use]
    pub fn is_settled(&self, task_no: &str) -> bool {
        let Target::Each(files) = &self.target else {
            return false;
        };
        self.no_clobber
            && files
                .iter()
                .all(|(_, template)| template.for_task(task_no).is_some_and(|path| path.exists()))
    }

    /// Prints or writes a transcription.
    pub fn emit(&self, transcript: &Transcript<'_>) -> anyhow::Result<Emitted> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut emitted = Emitted::default();
        match &self.target {
            Target::Stdout(format) => {
                let first = state.printed == 0;
                emitted.repairs =
                    to_stdout(|out| render::write(*format, transcript, &self.style, first, out))?;
                state.printed += 1;
            }
            Target::Each(files) => {
                let place = state.nameless + 1;
                let paths: Vec<_> = files
                    .iter()
                    .map(|(format, template)| (*format, template.path(transcript, place)))
                    .collect();
                if let Some((_, path)) = paths.iter().find(|(_, it)| state.written.contains(it)) {
                    let error = Error::new(
                        Kind::Io,
                        format!("{} already holds a result of this run", path.display()),
                    );
                    let hint = if files.iter().all(|(_, template)| template.names_tasks()) {
                        "the same task came twice; the first is kept"
                    } else {
                        "put {taskNo} or {type} into the file name of -o"
                    };
                    return Err(error.with_hint(hint).into());
                }
                state.nameless += usize::from(transcript.task_no.is_empty());
                for (format, path) in &paths {
                    let write = |out: &mut dyn Write| {
                        render::write(*format, transcript, &self.style.for_files(), true, out)
                    };
                    match self.write_file(path, write)? {
                        Some(repairs) => emitted.repairs = emitted.repairs.and(repairs),
                        None => emitted.left_alone.push(path.clone()),
                    }
                }
                // Only now: what could not be written may come again.
                state
                    .written
                    .extend(paths.into_iter().map(|(_, path)| path));
            }
            Target::Collected(files) => {
                let first = state.printed == 0;
                state.collected.resize_with(files.len(), Vec::new);
                for ((format, _), bytes) in files.iter().zip(&mut state.collected) {
                    let style = self.style.for_files();
                    let repairs = render::write(*format, transcript, &style, first, bytes)?;
                    emitted.repairs = emitted.repairs.and(repairs);
                }
                state.printed += 1;
            }
        }
        Ok(emitted)
    }

    /// Prints the reply about an unfinished task where a script can use it: JSON on stdout.
    pub fn emit_unfinished(&self, transcript: &Transcript<'_>) -> anyhow::Result<()> {
        if let Target::Stdout(Format::Json | Format::Jsonl) = self.target {
            self.emit(transcript)?;
        }
        Ok(())
    }

    /// Writes what was collected, if anything was.
    pub fn finish(&self) -> anyhow::Result<Emitted> {
        let mut emitted = Emitted::default();
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Target::Collected(files) = &self.target {
            for ((_, path), bytes) in files.iter().zip(&state.collected) {
                if self.write_file(path, |out| out.write_all(bytes))?.is_none() {
                    emitted.left_alone.push(path.clone());
                }
            }
        }
        Ok(emitted)
    }

    /// `None` where the file exists and is to be left alone.
    fn write_file<T>(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> anyhow::Result<Option<T>> {
        file::write(path, self.no_clobber, write)
            .with_context(|| format!("could not write {}", path.display()))
    }
}

/// Writes to stdout through one buffer and checks that it arrived.
pub fn to_stdout<T>(write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> anyhow::Result<T> {
    check_stdout()?;
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    write(&mut out)
        .and_then(|value| out.flush().map(|()| value))
        .context("could not write to stdout")
}

/// Whether stdout can take a result at all: better found out before anything is paid for.
pub fn check_stdout() -> Result<(), Error> {
    if terminal::stdout_is_closed() {
        let error = Error::new(
            Kind::Io,
            "stdout is closed, so there is no place for the result",
        );
        return Err(error.with_hint("run the command with stdout open, or redirected to a file"));
    }
    Ok(())
}

fn target(request: &Request) -> Result<Target, Error> {
    let path = request
        .path
        .as_deref()
        .filter(|path| *path != Path::new("-"));
    let formats = if request.formats.is_empty() {
        let of_extension = path
            .and_then(Path::extension)
            .and_then(|extension| Format::from_name(extension.to_str()?));
        vec![of_extension.unwrap_or(request.fallback)]
    } else {
        let mut seen = HashSet::new();
        request
            .formats
            .iter()
            .copied()
            .filter(|format| seen.insert(*format))
            .collect()
    };
    let Some(path) = path else {
        return match formats[..] {
            [format @ (Format::Srt | Format::Vtt)] if request.several => {
                Err(needs_placeholder(format))
            }
            [format] => Ok(Target::Stdout(format)),
            _ => Err(Error::usage("several formats cannot share stdout")
                .with_hint("write files: -o '{videoNo}.{ext}'")),
        };
    };
    let template = Template::parse(path)?;
    if formats.len() > 1 && !template.has_extension() {
        return Err(Error::usage("several formats would land in one file")
            .with_hint("put {ext} into the name: -o '{videoNo}.{ext}'"));
    }
    if request.several && !template.tells_tasks_apart() {
        if let Some(format) = formats
            .iter()
            .find(|format| matches!(format, Format::Srt | Format::Vtt))
        {
            return Err(needs_placeholder(*format));
        }
        return Ok(Target::Collected(
            formats
                .into_iter()
                .map(|format| (format, template.for_format(format).fixed()))
                .collect(),
        ));
    }
    Ok(Target::Each(
        formats
            .into_iter()
            .map(|format| (format, template.for_format(format)))
            .collect(),
    ))
}

fn needs_placeholder(format: Format) -> Error {
    Error::usage(format!(
        "{format} holds one transcription a file, and several were asked for"
    ))
    .with_hint("give a file name with a placeholder: -o '{taskNo}.{ext}'")
}
