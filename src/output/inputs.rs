//! The input files of a run, none of which an output may replace. Files are told apart by device and
//! inode or, where there are none, by their real path: one file has many names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

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
        let hint = "name another file, such as -o '{stem}.{ext}'";
        self.check(output, ErrorKind::Usage)
            .map_err(|error| error.with_hint(hint))
    }

    /// Checks that the output is none of the files. The error has the given kind.
    pub(super) fn check(&self, output: &Path, kind: ErrorKind) -> Result<(), Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        let Some(input) = file_id(output).and_then(|id| self.0.get(&id)) else {
            return Ok(());
        };
        let (output, input) = (output.display(), input.display());
        Err(Error::new(
            kind,
            format!("-o {output} would replace the input file {input}"),
        ))
    }
}

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    let found = path.metadata().ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> Option<FileId> {
    path.canonicalize().ok()
}
