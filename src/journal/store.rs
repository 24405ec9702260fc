//! The journal's files: their location, permissions and locking. Writers hold an exclusive lock on
//! `journal.lock`, a file that is never replaced; the journal itself is opened anew for each record,
//! so that no record goes to a file that pruning has replaced.

use std::cell::{Cell, RefCell};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use crate::error::{Error, ErrorKind};
use crate::files::{self, TryLock};

/// Maximum time to wait for the lock. Others hold it to append a line or to prune the journal.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// Maximum time to wait for the lock after a wait that was in vain, so that the next records do not take
/// as long each.
const NEXT_LOCK_TIMEOUT: Duration = Duration::from_millis(100);

/// Names of the temporary copies that pruning makes.
const COPY_PREFIX: &str = ".journal-";
const COPY_SUFFIX: &str = ".part";

/// The directory that holds the journal.
pub(super) struct Store {
    directory: PathBuf,
    journal: PathBuf,
    try_lock: TryLock,
    lock_timeout: Cell<Duration>,
    /// Called once, if a wait for the lock takes a while.
    on_delay: RefCell<Option<Box<dyn FnOnce()>>>,
    /// Set once the file system turns out to have no file locks.
    is_unlocked: AtomicBool,
    is_unlocked_reported: AtomicBool,
}

/// The exclusive lock on the journal, released on drop. It locks nothing where the file system has no
/// file locks.
#[derive(Debug)]
pub(super) struct Lock {
    is_exclusive: bool,
    #[expect(dead_code, reason = "closing the file releases the lock")]
    file: File,
}

impl Store {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self {
            journal: directory.join("journal.jsonl"),
            directory,
            try_lock: File::try_lock,
            lock_timeout: Cell::new(LOCK_TIMEOUT),
            on_delay: RefCell::default(),
            is_unlocked: AtomicBool::new(false),
            is_unlocked_reported: AtomicBool::new(false),
        }
    }

    /// Makes a wait for the lock that takes a while call `on_delay`, the first time alone.
    pub(super) fn set_on_delay(&mut self, on_delay: impl FnOnce() + 'static) {
        self.on_delay = RefCell::new(Some(Box::new(on_delay)));
    }

    /// Replaces the system call that locks, to stand for a file system without it.
    #[cfg(all(test, unix))]
    pub(super) fn set_try_lock(&mut self, try_lock: TryLock) {
        self.try_lock = try_lock;
    }

    /// Acquires the exclusive lock, waiting at most [`LOCK_TIMEOUT`], so that a stopped process that holds it
    /// cannot block all others for good, and much less after a wait in vain. Creates the directory where it is
    /// missing.
    pub(super) fn lock(&self) -> io::Result<Lock> {
        files::create_dir_all(&self.directory, 0o700)?;
        let path = self.directory.join("journal.lock");
        let named = |error| name_culprit(&path, &error);
        // Read too, since Windows does not lock a file that is open for appending alone.
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let file = open(&path, &mut options).map_err(named)?;
        let is_exclusive = self.lock_file(&file).map_err(named)?;
        Ok(Lock { is_exclusive, file })
    }

    /// Acquires the exclusive lock on a file, as [`Self::lock`] does. Returns `false` if the file system has
    /// no file locks.
    pub(super) fn lock_file(&self, file: &File) -> io::Result<bool> {
        let on_delay = || {
            if let Some(on_delay) = self.on_delay.take() {
                on_delay();
            }
        };
        let timeout = self.lock_timeout.get();
        let locked = files::lock_within(file, self.try_lock, timeout, on_delay);
        self.lock_timeout.set(match &locked {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => NEXT_LOCK_TIMEOUT,
            _ => LOCK_TIMEOUT,
        });
        let is_locked = locked?;
        if !is_locked {
            self.is_unlocked.store(true, Ordering::Relaxed);
        }
        Ok(is_locked)
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns `true` the first time it is called after the file system turned out to have no locks.
    pub(super) fn take_lock_warning(&self) -> bool {
        self.is_unlocked.load(Ordering::Relaxed)
            && !self.is_unlocked_reported.swap(true, Ordering::Relaxed)
    }

    /// Appends one or more lines and flushes them to disk.
    pub(super) fn append(&self, line: Vec<u8>) -> io::Result<()> {
        let file = {
            let lock = self.lock()?;
            self.append_locked(&lock, line)?
        };
        // After releasing the lock, so that the system can combine the flushes of several writers.
        // If pruning replaces the file before this, it has copied and flushed this line.
        file.sync_data()
    }

    /// Appends lines in a single write, so that they stay whole where the lock excludes nobody.
    /// Returns the file for the caller to flush.
    pub(super) fn append_locked(&self, _lock: &Lock, mut line: Vec<u8>) -> io::Result<File> {
        let mut file = open(
            &self.journal,
            OpenOptions::new().read(true).append(true).create(true),
        )?;
        let length = file.metadata()?.len();
        if length == 0 {
            files::sync_dir(&self.directory)?;
        } else if !ends_a_line(&mut file)? {
            // A writer was killed while it wrote its record, or the disk was full.
            line.insert(0, b'\n');
        }
        file.write_all(&line)?;
        Ok(file)
    }

    /// Returns length and modification time, which differ between revisions: the file only grows or
    /// is replaced.
    pub(super) fn revision(&self) -> Option<(u64, SystemTime)> {
        let found = fs::metadata(&self.journal).ok()?;
        Some((found.len(), found.modified().ok()?))
    }

    /// Opens the journal for reading; `None` if it does not exist.
    pub(super) fn open(&self) -> io::Result<Option<File>> {
        match open(&self.journal, OpenOptions::new().read(true)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            file => file.map(Some),
        }
    }

    /// Passes every line, without its line end, to `each`. An absent journal has no lines.
    pub(super) fn read(&self, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let Some(file) = self.open()? else {
            return Ok(());
        };
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            each(line.trim_ascii())?;
            line.clear();
        }
        Ok(())
    }

    /// Replaces the journal atomically with what `write` writes. An error where the lock excludes
    /// nobody: a record that another process adds meanwhile would be lost.
    pub(super) fn replace(
        &self,
        lock: &Lock,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        if !lock.is_exclusive {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "its file system has no file locks, so records of other processes could be lost",
            ));
        }
        // The temporary file has mode 0600, and is removed if anything fails.
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix(COPY_PREFIX).suffix(COPY_SUFFIX);
        let copy = files::create_temporary(builder, &self.directory)?;
        let mut writer = BufWriter::new(copy.as_file());
        write(&mut writer)?;
        writer.into_inner()?.sync_all()?;
        files::replace(copy, &self.journal)?;
        files::sync_dir(&self.directory)
    }

    /// Removes copies that a killed process left while it pruned. Nobody else makes one while the lock
    /// is held; where it excludes nobody, none was ever made.
    pub(super) fn remove_stale_copies(&self, _lock: &Lock) -> io::Result<()> {
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_copy = name.starts_with(COPY_PREFIX) && name.ends_with(COPY_SUFFIX);
            // Earlier builds left the name to the library: `.tmp` and six random characters.
            let is_old_copy = name.starts_with(".tmp") && name.len() == ".tmp".len() + 6;
            if (is_copy || is_old_copy) && entry.file_type()?.is_file() {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    pub(super) fn write_error(&self, error: &io::Error) -> Error {
        let mend = match error.kind() {
            io::ErrorKind::TimedOut => "end or continue the process that holds the lock",
            _ => "check the permissions of the directory and the free disk space",
        };
        Error::new(
            ErrorKind::Io,
            format!(
                "could not write the journal {}: {error}",
                self.journal.display()
            ),
        )
        .with_hint(format!(
            "{mend}; until then save task and video IDs yourself: nothing else records them"
        ))
    }

    pub(super) fn read_error(&self, error: &io::Error) -> Error {
        Error::new(
            ErrorKind::Io,
            format!(
                "could not read the journal {}: {error}",
                self.journal.display()
            ),
        )
        .with_hint("make it readable, or move it away to start a new one")
    }
}

/// Returns the error with the file it is about, which is not the journal itself.
pub(super) fn name_culprit(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Opens a file, created with mode 0600. Anything but a regular file is an error: a pipe would block
/// for ever, and replacing a symbolic link would detach it from its target. (The directory may be a
/// symbolic link: that is how to keep the journal elsewhere.)
pub(super) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("not a regular file"));
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_is_waited_for_shortly_after_a_wait_in_vain() {
        let dir = tempfile::tempdir().unwrap();
        let [holder, store] = [0; 2].map(|_| Store::new(dir.path().to_owned()));
        let held = holder.lock().unwrap();
        store.lock_timeout.set(Duration::from_millis(5));
        assert_eq!(store.lock().unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(store.lock_timeout.get(), NEXT_LOCK_TIMEOUT);
        assert_eq!(store.lock().unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(store.lock_timeout.get(), NEXT_LOCK_TIMEOUT);
        drop(held);
        drop(store.lock().unwrap());
        assert_eq!(store.lock_timeout.get(), LOCK_TIMEOUT);
    }
}
