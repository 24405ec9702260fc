//! Files that appear whole or not at all: written under a temporary name in the same directory, flushed
//! to disk, then renamed. What is no regular file is written to as a stream.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::destination::Destination;
use crate::{files, signals, streams};

const TEMPORARY_PREFIX: &str = ".mavi-";
const TEMPORARY_SUFFIX: &str = ".part";

/// Minimum age at which a temporary file that no process has locked is removed.
const MIN_STALE_AGE: Duration = Duration::from_mins(5);

/// Minimum age on a file system without locks: no process writes one file for longer.
const MIN_STALE_AGE_UNLOCKED: Duration = Duration::from_hours(24);

/// Writes the files of one run.
#[derive(Debug, Default)]
pub(super) struct FileWriter {
    /// Directories in which files of killed runs have been removed.
    swept: HashSet<PathBuf>,
    /// Time until which a FIFO without a reader is waited for; `None` for ever.
    pub(super) reader_deadline: Option<Instant>,
}

impl FileWriter {
    /// Writes the file and creates missing directories. Returns `None` if it exists and `no_clobber`
    /// is set.
    ///
    /// A symbolic link stays, and the file it points to is written. A replaced file keeps its mode.
    pub(super) fn write<T>(
        &mut self,
        path: &Path,
        no_clobber: bool,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<Option<T>> {
        match Destination::resolve(path)? {
            Destination::File(_, Some(_)) if no_clobber => Ok(None),
            Destination::File(path, existing) => {
                let directory = files::parent_dir(&path);
                files::create_dir_all(directory, 0o777)?;
                if self.swept.insert(directory.to_owned()) {
                    remove_stale(directory, SystemTime::now());
                }
                replace(&path, existing.as_ref(), no_clobber, write)
            }
            #[cfg(unix)]
            Destination::Special(path, found) => {
                use std::os::unix::fs::FileTypeExt as _;
                let file = if found.file_type().is_fifo() {
                    streams::open_fifo(&path, self.reader_deadline)?
                } else {
                    File::options().write(true).open(path)?
                };
                streams::write_to(file, write).map(Some)
            }
            #[cfg(unix)]
            Destination::Descriptor(number) => {
                let fd = super::destination::open_descriptor(number)?;
                streams::write_to(fd, write).map(Some)
            }
        }
    }
}

fn replace<T>(
    path: &Path,
    existing: Option<&Metadata>,
    no_clobber: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<Option<T>> {
    let directory = files::parent_dir(path);
    let _guard = signals::write_guard();
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX).suffix(TEMPORARY_SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The default mode of new files, less the umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let temporary = files::create_temporary(&builder, directory)?;
    // Marks the file as being written by a live process. Without locks, its age does.
    let _ = temporary.as_file().try_lock();
    let value = streams::write_to(temporary.as_file().try_clone()?, write)?;
    if let Some(existing) = existing {
        keep_mode(temporary.as_file(), existing);
    }
    temporary.as_file().sync_all()?;
    let persisted = if no_clobber {
        let persisted = temporary.persist_noclobber(path);
        persisted.map(drop).map_err(|failed| failed.error)
    } else {
        files::replace(temporary, path)
    };
    match persisted {
        Err(error) if no_clobber && error.kind() == io::ErrorKind::AlreadyExists => {
            return Ok(None);
        }
        persisted => persisted?,
    }
    files::sync_dir(directory)?;
    Ok(Some(value))
}

/// Gives a new file the mode of the one it replaces, and its owner and group where that is allowed.
/// Some file systems have neither.
#[cfg(unix)]
fn keep_mode(file: &File, existing: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let owner = |found: &Metadata| (found.uid(), found.gid());
    if file
        .metadata()
        .is_ok_and(|found| owner(&found) != owner(existing))
    {
        let _ = fchown(file, Some(existing.uid()), Some(existing.gid()));
    }
    let _ = file.set_permissions(existing.permissions());
}

#[cfg(not(unix))]
fn keep_mode(_: &File, _: &Metadata) {}

/// Removes the temporary files of killed runs. Errors are ignored: the files only take up space.
fn remove_stale(directory: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_temporary = name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX);
        if is_temporary && is_stale(&entry, now).unwrap_or(false) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_stale(entry: &fs::DirEntry, now: SystemTime) -> io::Result<bool> {
    // Of the entry itself, not of what a link points to.
    let found = entry.metadata()?;
    let age = now.duration_since(found.modified()?).unwrap_or_default();
    if !found.is_file() || age < MIN_STALE_AGE {
        return Ok(false);
    }
    Ok(match File::open(entry.path())?.try_lock() {
        Ok(()) => true,
        Err(fs::TryLockError::WouldBlock) => false,
        Err(fs::TryLockError::Error(_)) => age >= MIN_STALE_AGE_UNLOCKED,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn write(path: &Path, no_clobber: bool, text: &str) -> io::Result<Option<()>> {
        FileWriter::default().write(path, no_clobber, |out| out.write_all(text.as_bytes()))
    }

    #[test]
    fn file_appears_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/er/a.srt");
        assert_eq!(write(&path, false, "one").unwrap(), Some(()));
        let failed = FileWriter::default().write(&path, false, |out| {
            out.write_all(&vec![0; 200_000])?;
            Err::<(), _>(io::Error::other("disk full"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "disk full");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(path.parent().unwrap()), ["a.srt"]);
    }

    #[test]
    fn existing_file_is_replaced_unless_no_clobber() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.srt");
        for (no_clobber, text, is_written) in [
            (true, "one", true),
            (true, "two", false),
            (false, "three", true),
        ] {
            let written = write(&path, no_clobber, text).unwrap();
            assert_eq!(written.is_some(), is_written, "{text}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(names(dir.path()), ["a.srt"]);
    }

    #[cfg(unix)]
    #[test]
    fn replaced_file_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.srt");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
        for kept in [0o600, 0o640, 0o444, 0o755] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            write(&path, false, "new").unwrap();
            assert_eq!(
                (mode(), fs::read_to_string(&path).unwrap()),
                (kept, "new".to_owned())
            );
            fs::remove_file(&path).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_devices_are_written_to() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        write(&link, false, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

        let dangling = dir.path().join("dangling");
        symlink("absent/target", &dangling).unwrap();
        write(&dangling, false, "new").unwrap();
        assert_eq!(
            fs::read_to_string(dir.path().join("absent/target")).unwrap(),
            "new"
        );
        assert!(fs::symlink_metadata(&dangling).unwrap().is_symlink());

        write(Path::new("/dev/null"), false, "new").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let full = write(Path::new("/dev/full"), false, "new");
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn directory_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let error = write(dir.path(), false, "").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn temporary_files_of_killed_runs_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in [
            ".mavi-killed.part",
            ".mavi-locked.part",
            ".mavi-notes.txt",
            "x.part",
        ] {
            fs::write(at(name), "").unwrap();
        }
        let locked = File::open(at(".mavi-locked.part")).unwrap();
        locked.lock().unwrap();
        let later = |by| remove_stale(dir.path(), SystemTime::now() + by);
        later(Duration::from_secs(10));
        assert_eq!(
            names(dir.path()).len(),
            4,
            "a live process may be about to lock it"
        );
        later(MIN_STALE_AGE * 2);
        let left = [".mavi-locked.part", ".mavi-notes.txt", "x.part"];
        assert_eq!(names(dir.path()), left);
        drop(locked);
        later(MIN_STALE_AGE * 2);
        assert_eq!(names(dir.path()), left[1..]);
    }
}
