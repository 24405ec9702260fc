//! The input files of a run, none of which an output may replace. Files are told apart by device and
//! inode or, where there are none, by their real path: one file has many names.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, ErrorKind};

#[cfg(unix)]
type FileId = (u64, u64);
#[cfg(not(unix))]
type FileId = PathBuf;

/// The input files of a run.
#[derive(Debug, Default)]
pub(super) struct Inputs(HashMap<FileId, PathBuf>);

impl Inputs {
    /// Adds files; one that cannot be looked at is ignored.
    pub(super) fn extend<'a>(&mut self, paths: impl IntoIterator<Item = &'a Path>) {
        let files = paths.into_iter();
        self.0
            .extend(files.filter_map(|path| Some((file_id(path)?, path.to_owned()))));
    }

    /// Checks, before anything is paid for, that the output is none of the files.
    pub(super) fn check_planned(&self, output: &Path) -> Result<(), Error> {
        let hint = "name another file, such as -o 'out/{stem}.{ext}'";
        self.check(output, ErrorKind::Usage)
            .map_err(|error| error.with_hint(hint))
    }

    /// Checks that the output is none of the files. The error has the given kind.
    pub(super) fn check(&self, output: &Path, kind: ErrorKind) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        let Some(input) = file_id(&without_missing(output)).and_then(|id| self.0.get(&id)) else {
            return Ok(());
        };
        let (output, input) = (output.display(), input.display());
        Err(Error::new(
            kind,
            format!("-o {output} would replace the input file {input}"),
        ))
    }
}

/// Returns the path without those directories that do not exist yet and that `..` leaves again: they
/// are created before the file is.
fn without_missing(path: &Path) -> PathBuf {
    let mut kept = PathBuf::new();
    for part in path.components() {
        if part != Component::ParentDir || kept.file_name().is_none() || kept.exists() {
            kept.push(part);
        } else {
            kept.pop();
        }
    }
    kept
}

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    let found = path.metadata().ok()?;
    // Devices are written to, not replaced.
    found.is_file().then(|| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> Option<FileId> {
    path.canonicalize().ok().filter(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_directories_that_are_left_again_do_not_count() {
        for (path, expected) in [
            ("talk.mp4", "talk.mp4"),
            ("new/../talk.mp4", "talk.mp4"),
            ("new/a/../../talk.mp4", "talk.mp4"),
            ("src/../new/../talk.mp4", "src/../talk.mp4"),
            ("src/new/../../talk.mp4", "src/../talk.mp4"),
            ("../new/../../talk.mp4", "../../talk.mp4"),
            ("/new-1/../talk.mp4", "/talk.mp4"),
            ("new/talk.mp4", "new/talk.mp4"),
        ] {
            assert_eq!(
                without_missing(Path::new(path)),
                Path::new(expected),
                "{path}"
            );
        }
    }
}
