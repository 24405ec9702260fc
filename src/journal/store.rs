//! The journal's files: where they are, who may see them, and who may write when. Writers hold an
//! exclusive lock on `journal.lock`, a file that is never replaced; the journal itself is opened
//! anew for each record, so nobody writes to one that pruning has replaced.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::error::{Error, Kind};

/// How long to wait for others, each of which writes a line, or all of a journal when it is pruned.
const PATIENCE: Duration = Duration::from_secs(30);

/// The folder that holds the journal.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    journal: PathBuf,
}

/// The right to write, as long as it lives.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

impl Store {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            journal: folder.join("journal.jsonl"),
            folder,
        }
    }

    /// Waits for the right to write, but not for ever: a process that stands still with it must not
    /// make all others stand still.
    pub(super) fn lock(&self) -> io::Result<Lock> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.recursive(true).create(&self.folder);
        made.map_err(|error| in_the_way(&self.folder).unwrap_or(error))?;
        let file = open(
            &self.folder.join("journal.lock"),
            OpenOptions::new().append(true).create(true),
        )?;
        lock_within(&file, PATIENCE)?;
        Ok(Lock(file))
    }

    /// Adds one line, in one write, and waits until it is on disk.
    pub(super) fn append(&self, mut line: Vec<u8>) -> io::Result<()> {
        let file = {
            let _lock = self.lock()?;
            let mut file = open(
                &self.journal,
                OpenOptions::new().read(true).append(true).create(true),
            )?;
            let length = file.metadata()?.len();
            if length == 0 {
                sync_folder(&self.folder)?;
            } else if !ends_a_line(&mut file)? {
                // A writer was killed in the middle of its record, or the disk was full.
                line.insert(0, b'\n');
            }
            file.write_all(&line)?;
            file
        };
        // Without the lock, so that the system can make one flush of those of several writers.
        // Should pruning replace the file before this, it has copied and flushed this line.
        file.sync_data()
    }

    /// What tells one state of the journal from the next: it only grows, or is replaced.
    pub(super) fn version(&self) -> Option<(u64, SystemTime)> {
        let found = fs::metadata(&self.journal).ok()?;
        Some((found.len(), found.modified().ok()?))
    }

    /// Hands over every line, without its end. No journal is one without lines.
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

    /// Puts what `write` writes in place of the journal: whole or not at all.
    pub(super) fn replace(
        &self,
        _lock: &Lock,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        // The temporary file's mode is 0600, and it goes away where anything fails.
        let mut writer = BufWriter::new(tempfile::NamedTempFile::new_in(&self.folder)?);
        write(&mut writer)?;
        let file = writer.into_inner()?;
        file.as_file().sync_all()?;
        file.persist(&self.journal)?;
        sync_folder(&self.folder)
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
            "make its folder writable and see that the disk is not full; until then keep the task \
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

fn lock_within(file: &File, patience: Duration) -> io::Result<()> {
    let end = Instant::now() + patience;
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

/// Opens a file that only its owner may see. Anything but a regular file is refused: a pipe would
/// block for ever, and replacing a link would part it from what it links to. (The folder may be a
/// link: that is how to keep the journal elsewhere.)
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

/// What to say where a folder cannot be made because one of its parents is a file: the system says
/// "file exists", and not which.
fn in_the_way(folder: &Path) -> Option<io::Error> {
    let file = folder.ancestors().find(|part| part.is_file())?;
    let why = format!("{} is a file, not a folder", file.display());
    Some(io::Error::new(io::ErrorKind::NotADirectory, why))
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Makes a new or renamed file survive a power cut: its name is the folder's data, not its own.
#[cfg_attr(
    not(unix),
    expect(clippy::unnecessary_wraps, reason = "only Unix opens folders")
)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_never_given_back_is_waited_for_so_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let open = || File::options().append(true).create(true).open(&path);
        let (held, wanted) = (open().unwrap(), open().unwrap());
        held.lock().unwrap();
        let error = lock_within(&wanted, Duration::from_millis(5)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(held);
        lock_within(&wanted, Duration::from_mins(1)).unwrap();
    }
}
