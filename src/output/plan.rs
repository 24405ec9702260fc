//! From the options to the target of the output: formats and file names, checked before any request.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::stdout::check_stdout;
use super::template::{PathTemplate, names_directory};
use crate::error::Error;
use crate::render::{Format, Style};

/// The user's output options.
#[derive(Clone, Debug, Default)]
pub struct OutputOptions {
    /// The formats of `-f`; empty if it was not given.
    pub formats: Vec<Format>,
    /// The path of `-o`.
    pub path: Option<PathBuf>,
    /// Leave existing files alone.
    pub no_clobber: bool,
    /// The format in the environment or the configuration file, for when neither `-f` nor the
    /// extension of `-o` names one.
    pub configured: Option<Format>,
    /// `true` if more than one transcription may come.
    pub several: bool,
    /// The video or audio that web pages play.
    pub media: Option<PathBuf>,
    /// The rendering options for stdout.
    pub stdout: Style<'static>,
}

/// The destination of a run's results.
#[derive(Debug)]
pub(super) enum OutputTarget {
    Stdout(Format),
    /// A file for each task and format.
    Each(Vec<(Format, PathTemplate)>),
    /// One file a format for all tasks, written at the end.
    Combined(Vec<(Format, PathBuf)>),
}

impl OutputTarget {
    pub(super) fn new(options: &OutputOptions) -> Result<Self, Error> {
        let path = options.path.as_deref();
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return to_stdout(options);
        };
        let template = PathTemplate::parse(path)?;
        let formats = formats(options, path)?;
        if formats.len() > 1 && !template.has_ext() {
            return Err(Error::usage("several formats would be written to one file")
                .with_hint("put {ext} into the name: -o '{videoNo}.{ext}'"));
        }
        let with_template = |format| (format, template.for_format(format));
        let files: Vec<_> = formats.into_iter().map(with_template).collect();
        for path in files.iter().filter_map(|(_, template)| template.fixed()) {
            if path.is_dir() {
                return Err(names_directory(&path));
            }
            #[cfg(unix)]
            check_descriptor(&path)?;
        }
        if !options.several || template.has_task_placeholder() {
            return Ok(Self::Each(files));
        }
        let with_path = |(format, template): (Format, PathTemplate)| {
            if format.holds_one() {
                return Err(needs_placeholder(format));
            }
            Ok((format, template.fixed().unwrap_or_default()))
        };
        files
            .into_iter()
            .map(with_path)
            .collect::<Result<_, _>>()
            .map(Self::Combined)
    }

    /// Returns `true` if a web page is among the results.
    pub(super) fn has_page(&self) -> bool {
        match self {
            Self::Stdout(format) => *format == Format::Html,
            Self::Each(files) => files.iter().any(|(format, _)| *format == Format::Html),
            Self::Combined(_) => false,
        }
    }

    /// Returns the files whose names are the same for all items.
    pub(super) fn fixed_paths(&self) -> Vec<PathBuf> {
        match self {
            Self::Stdout(_) => Vec::new(),
            Self::Each(files) => files
                .iter()
                .filter_map(|(_, template)| template.fixed())
                .collect(),
            Self::Combined(files) => files.iter().map(|(_, path)| path.clone()).collect(),
        }
    }
}

fn to_stdout(options: &OutputOptions) -> Result<OutputTarget, Error> {
    let format = match distinct(&options.formats)[..] {
        [] => options.configured.unwrap_or_default(),
        [format] => format,
        _ => {
            return Err(Error::usage("several formats cannot share stdout")
                .with_hint("write files: -o '{videoNo}.{ext}'"));
        }
    };
    if options.several && format.holds_one() {
        return Err(needs_placeholder(format));
    }
    check_stdout()?;
    Ok(OutputTarget::Stdout(format))
}

/// Returns the formats of a path: of `-f`, its extension, or the configuration. There is no default: a
/// table in `talk.ass` would help nobody.
fn formats(options: &OutputOptions, path: &Path) -> Result<Vec<Format>, Error> {
    if !options.formats.is_empty() {
        return Ok(distinct(&options.formats));
    }
    let extension = path.extension().and_then(|extension| extension.to_str());
    let format = extension
        .and_then(Format::from_extension)
        .or(options.configured);
    format.map(|format| vec![format]).ok_or_else(|| {
        let names = Format::ALL.map(Format::name).join(", ");
        Error::usage(format!("cannot tell the format of -o {}", path.display())).with_hint(format!(
            "name one with -f, such as -f srt; the formats are {names}"
        ))
    })
}

fn distinct(formats: &[Format]) -> Vec<Format> {
    let mut seen = HashSet::new();
    let formats = formats.iter().copied();
    formats.filter(|format| seen.insert(*format)).collect()
}

/// Checks that a path to a descriptor of this process leads to one that is open.
#[cfg(unix)]
fn check_descriptor(path: &Path) -> Result<(), Error> {
    use super::destination::{Destination, open_descriptor};
    use crate::error::ErrorKind;

    if let Ok(Destination::Descriptor(number)) = Destination::resolve(path) {
        if number == 1 {
            check_stdout()?;
        }
        open_descriptor(number).map_err(|error| {
            Error::new(
                ErrorKind::Io,
                format!("could not write {}: {error}", path.display()),
            )
        })?;
    }
    Ok(())
}

fn needs_placeholder(format: Format) -> Error {
    let article = if format == Format::Vtt { "a" } else { "an" };
    Error::usage(format!(
        "{article} {format} file holds one transcription, and several were asked for"
    ))
    .with_hint("put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'")
}
