//! The journal's files: their location, permissions and locking. Writers hold an exclusive lock on
//! `journal.lock`, a file that is never replaced; the journal itself is opened anew for each record,
//! so that no record goes to a file that pruning has replaced.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::error::{Error, Kind};

/// Maximum time to wait for the lock. Others hold it to append a line or to prune the journal.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// The directory that holds the journal.
#[derive(Debug)]
pub(super) struct Store {
    directory: PathBuf,
    journal: PathBuf,
}

/// The exclusive lock on the journal, released on drop.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

impl Store {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self {
            journal: directory.join("journal.jsonl"),
            directory,
        }
    }

    /// Acquires the exclusive lock, waiting at most [`LOCK_TIMEOUT`], so that a stopped process that
    /// holds it cannot block all others for good. Creates the directory where it is missing.
    pub(super) fn lock(&self) -> io::Result<Lock> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.recursive(true).create(&self.directory);
        made.map_err(|error| blocking_file(&self.directory).unwrap_or(error))?;
        let file = open(
            &self.directory.join("journal.lock"),
            OpenOptions::new().append(true).create(true),
        )?;
        lock_within(&file, LOCK_TIMEOUT)?;
        Ok(Lock(file))
    }

    /// Appends one line in a single write, and flushes it to disk.
    pub(super) fn append(&self, mut line: Vec<u8>) -> io::Result<()> {
        let file = {
            let _lock = self.lock()?;
            let mut file = open(
                &self.journal,
                OpenOptions::new().read(true).append(true).create(true),
            )?;
            let length = file.metadata()?.len();
            if length == 0 {
                sync_directory(&self.directory)?;
            } else if !ends_a_line(&mut file)? {
                // A writer was killed while it wrote its record, or the disk was full.
                line.insert(0, b'\n');
            }
            file.write_all(&line)?;
            file
        };
        // After releasing the lock, so that the system can combine the flushes of several writers.
        // If pruning replaces the file before this, it has copied and flushed this line.
        file.sync_data()
    }

    /// Returns length and modification time, which differ between revisions: the file only grows or
    /// is replaced.
    pub(super) fn revision(&self) -> Option<(u64, SystemTime)> {
        let found = fs::metadata(&self.journal).ok()?;
        Some((found.len(), found.modified().ok()?))
    }

    /// Passes every line, without its line end, to `each`. An absent journal has no lines.
    pub(super) fn read(&self, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let file = match open(&self.journal, OpenOptions::new().read(true)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            file => file?,
        };
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            each(line.trim_ascii())?;
            line.clear();
        }
        Ok(())
    }

    /// Replaces the journal atomically with what `write` writes.
    pub(super) fn replace(
        &self,
        _lock: &Lock,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        // The temporary file has mode 0600, and is removed if anything fails.
        let mut writer = BufWriter::new(tempfile::NamedTempFile::new_in(&self.directory)?);
        write(&mut writer)?;
        let file = writer.into_inner()?;
        file.as_file().sync_all()?;
        file.persist(&self.journal)?;
        sync_directory(&self.directory)
    }

    pub(super) fn write_error(&self, error: &io::Error) -> Error {
        Error::new(
            Kind::Io,
            format!(
                "could not write the journal {}: {error}",
                self.journal.display()
            ),
        )
        .with_hint(
            "make its directory writable and see that the disk is not full; until then keep the task \
             numbers yourself, for nothing else remembers them",
        )
    }

    pub(super) fn read_error(&self, error: &io::Error) -> Error {
        Error::new(
            Kind::Io,
            format!(
                "could not read the journal {}: {error}",
                self.journal.display()
            ),
        )
        .with_hint("make it readable, or move it away to start a new one")
    }
}

fn lock_within(file: &File, timeout: Duration) -> io::Result<()> {
    let end = Instant::now() + timeout;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => {
                let why = "another process has kept its lock for too long";
                return Err(io::Error::new(io::ErrorKind::TimedOut, why));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// Opens a file, created with mode 0600. Anything but a regular file is an error: a pipe would block
/// for ever, and replacing a symbolic link would detach it from its target. (The directory may be a
/// symbolic link: that is how to keep the journal elsewhere.)
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other(format!(
            "{} is not a regular file",
            path.display()
        )));
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Returns the error that names the ancestor of `directory` that is a file, if there is one: the system
/// reports "file exists" without saying which.
fn blocking_file(directory: &Path) -> Option<io::Error> {
    let file = directory.ancestors().find(|part| part.is_file())?;
    let why = format!("{} is a file, not a directory", file.display());
    Some(io::Error::new(io::ErrorKind::NotADirectory, why))
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Flushes a directory, so that a file created or renamed in it survives a power failure.
#[cfg_attr(
    not(unix),
    expect(clippy::unnecessary_wraps, reason = "only Unix opens directorys")
)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(directory)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = directory;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_held_by_another_times_out() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let open = || File::options().append(true).create(true).open(&path);
        let (held, wanted) = (open().unwrap(), open().unwrap());
        held.lock().unwrap();
        let error = lock_within(&wanted, Duration::from_millis(5)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(held);
        lock_within(&wanted, Duration::from_mins(1)).unwrap();
    }
}
