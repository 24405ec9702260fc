//! The lock files by which an upload or a submit under way is told from one whose process has died. Each
//! attempt holds an exclusive lock on a file of its own. Lock files are created under the journal's lock, and
//! a name is never used again, so one that nobody has locked can be removed safely.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::store::{Lock, Store, name_culprit, open};
use crate::files::{self, is_unsupported};

const EXTENSION: &str = "lock";

/// The lock of an attempt under way. Its file is removed on drop.
#[derive(Debug)]
pub(super) struct AttemptLock {
    path: PathBuf,
    #[expect(dead_code, reason = "closing the file releases the lock")]
    file: File,
}

impl Drop for AttemptLock {
    fn drop(&mut self) {
        // Failing that, a later run removes it.
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes the lock of an attempt; `None` where the file system has no file locks.
pub(super) fn take(store: &Store, _lock: &Lock, attempt: &str) -> io::Result<Option<AttemptLock>> {
    files::create_dir_all(&directory(store), 0o700)?;
    let path = path(store, attempt);
    let named = |error| name_culprit(&path, &error);
    // Read too, since Windows does not lock a file that is open for appending alone.
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    let file = open(&path, &mut options).map_err(named)?;
    // Somebody who looks whether the attempt is under way may hold it for an instant.
    let is_locked = store.lock_file(&file).map_err(named);
    let lock = AttemptLock { path, file };
    Ok(is_locked?.then_some(lock))
}

/// Returns `true` if an attempt holds its lock: its process is alive, and not done with it.
pub(super) fn is_held(store: &Store, attempt: &str) -> io::Result<bool> {
    // An ID that `random_id` did not make could name any file.
    if !attempt.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(false);
    }
    let path = path(store, attempt);
    is_locked(&path).map_err(|error| name_culprit(&path, &error))
}

/// Returns the IDs of all attempts that hold their lock.
pub(super) fn all_held(store: &Store) -> HashSet<String> {
    let held = lock_files(store).filter(|path| is_locked(path).unwrap_or(false));
    let id = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    held.filter_map(id).collect()
}

/// Removes the lock files of attempts whose processes have died. All that cannot be removed stays: it
/// does no harm.
pub(super) fn remove_stale(store: &Store, _lock: &Lock) {
    for path in lock_files(store) {
        if is_locked(&path).is_ok_and(|is_locked| !is_locked) {
            let _ = fs::remove_file(path);
        }
    }
}

fn directory(store: &Store) -> PathBuf {
    store.directory().join("attempts")
}

fn path(store: &Store, attempt: &str) -> PathBuf {
    directory(store).join(attempt).with_extension(EXTENSION)
}

fn lock_files(store: &Store) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(directory(store)).into_iter().flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|it| it == EXTENSION))
}

/// Returns `true` if somebody holds an exclusive lock on the file. The lock that is tried is a shared
/// one, so that two who look at once do not see each other.
fn is_locked(path: &Path) -> io::Result<bool> {
    let file = match open(path, OpenOptions::new().read(true)) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(false),
        Err(error) => return Err(error),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) if is_unsupported(&error) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn is_absent(error: &io::Error) -> bool {
    let kind = error.kind();
    kind == ErrorKind::NotFound || kind == ErrorKind::NotADirectory
}
