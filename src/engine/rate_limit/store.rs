//! The files of the shared rate limits, which only their owner may see: the state of each account, and
//! a key that makes their names.
//!
//! A name is a keyed hash of the service and of what identifies the account, so that neither a token
//! nor anything to test guesses against is on disk. A file is overwritten in place under its own lock:
//! file systems flush a file that is renamed over another, which takes seconds on a busy disk, while
//! all others wait. A process that is killed half-way leaves a damaged file, which counts as absent.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use ring::hmac;

/// Maximum time to wait for other processes, each of which takes a fraction of a millisecond. One that
/// hangs while it holds the lock must not make all others hang.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// Length of the key, in bytes.
const KEY_LENGTH: usize = 32;

/// Age after which the state of another account is of no use: each count in it is over.
const MAX_AGE: Duration = Duration::from_hours(48);

/// Maximum size that a file has, in bytes, even where the configured limits are very high. A larger one
/// is damaged.
const MAX_SIZE: u64 = 16 << 20;

/// Version of the files' content: versions of `mavi` that differ in it do not share.
const VERSION: &str = "1";

/// The file of one account.
#[derive(Debug)]
pub(super) struct LimitStore {
    path: PathBuf,
}

/// A file that nobody else may use meanwhile. Closing it gives the lock back.
#[derive(Debug)]
pub(super) struct LockedFile {
    file: File,
    /// The content when it was opened.
    pub(super) content: Vec<u8>,
}

impl LimitStore {
    /// Finds the file of an account in the folder, which is created if missing.
    pub(super) fn open(folder: &Path, base_url: &str, account: &[u8]) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
        let key = key(folder)?;
        let path = folder.join(file_name(&key, base_url, account));
        if !path.exists() {
            remove_old(folder);
        }
        Ok(Self { path })
    }

    /// Reads the file of an account, and creates nothing.
    pub(super) fn peek(folder: &Path, base_url: &str, account: &[u8]) -> io::Result<Vec<u8>> {
        let key = read(&folder.join("limits.key"))?;
        read(&folder.join(file_name(&key, base_url, account)))
    }

    /// Opens and reads the file, created if missing, under its lock.
    pub(super) fn lock(&self) -> io::Result<LockedFile> {
        LockedFile::open(&self.path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl LockedFile {
    fn open(path: &Path) -> io::Result<Self> {
        // A pipe would block for ever.
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(io::Error::other("not a regular file"));
        }
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path)?;
        lock_within(&file, LOCK_TIMEOUT)?;
        let mut content = Vec::new();
        if file.metadata()?.len() > MAX_SIZE {
            file.set_len(0)?;
        }
        file.read_to_end(&mut content)?;
        Ok(Self { file, content })
    }

    /// Overwrites the file. It is not flushed to disk: after a power cut the minute is over. It does
    /// not shrink either, for that is slower; spaces after the content make up for it.
    pub(super) fn write(mut self, mut content: Vec<u8>) -> io::Result<()> {
        content.resize(content.len().max(self.content.len()), b' ');
        self.file.rewind()?;
        self.file.write_all(&content)
    }
}

/// Reads a file that exists, under its lock.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe would block for ever.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let file = File::open(path)?;
    lock_within(&file, LOCK_TIMEOUT)?;
    let mut content = Vec::new();
    (&file).take(MAX_SIZE).read_to_end(&mut content)?;
    Ok(content)
}

/// Returns the key of this folder's file names; the first process makes it.
fn key(folder: &Path) -> io::Result<Vec<u8>> {
    let mut file = LockedFile::open(&folder.join("limits.key"))?;
    if file.content.len() != KEY_LENGTH {
        file.content = vec![0; KEY_LENGTH];
        getrandom::fill(&mut file.content).map_err(io::Error::other)?;
        file.file.set_len(0)?;
        file.file.rewind()?;
        file.file.write_all(&file.content)?;
    }
    Ok(file.content)
}

/// Removes the files of accounts that have not been used for days, such as those of tokens that have
/// expired. A file that cannot be removed is left alone.
fn remove_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_state = name.starts_with("limits-") && name.ends_with(".json");
        let modified = entry.metadata().and_then(|found| found.modified());
        let age = modified.map(|time| SystemTime::now().duration_since(time));
        if is_state && matches!(age, Ok(Ok(age)) if age > MAX_AGE) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn file_name(key: &[u8], base_url: &str, account: &[u8]) -> String {
    let mut hash = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in [VERSION, "\0", base_url, "\0"] {
        hash.update(part.as_bytes());
    }
    hash.update(account);
    let hash = hash.sign();
    let hex = hash.as_ref().iter().take(16);
    let hex = hex.fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    format!("limits-{hex}.json")
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
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_held_for_too_long_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let store = LimitStore::open(folder.path(), "https://example.com", b"token").unwrap();
        let lock = store.lock().unwrap();
        let file = File::open(store.path()).unwrap();
        let error = lock_within(&file, Duration::from_millis(5)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(lock);
        lock_within(&file, Duration::from_mins(1)).unwrap();
    }

    #[test]
    fn lock_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let store = LimitStore::open(folder.path(), "https://example.com", b"token").unwrap();
        let lock = store.lock().unwrap();
        let file = File::open(store.path()).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(10));
                drop(lock);
            });
            lock_within(&file, Duration::from_mins(1)).unwrap();
        });
    }

    #[test]
    fn name_depends_on_key_service_and_account() {
        let names = [
            file_name(&[1; 32], "https://a.example", b"token"),
            file_name(&[2; 32], "https://a.example", b"token"),
            file_name(&[1; 32], "https://b.example", b"token"),
            file_name(&[1; 32], "https://a.example", b"other"),
        ];
        for (index, name) in names.iter().enumerate() {
            assert_eq!(name.len(), "limits-.json".len() + 32);
            assert!(!names[..index].contains(name));
        }
    }

    #[test]
    fn damaged_key_is_replaced_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("limits.key"), "short").unwrap();
        let open = || LimitStore::open(folder.path(), "https://example.com", b"token").unwrap();
        assert_eq!(open().path, open().path);
        assert_eq!(
            fs::read(folder.path().join("limits.key")).unwrap().len(),
            32
        );
    }

    #[test]
    fn huge_file_counts_as_absent() {
        let folder = tempfile::tempdir().unwrap();
        let store = LimitStore::open(folder.path(), "https://example.com", b"token").unwrap();
        drop(store.lock().unwrap());
        let file = File::options().write(true).open(store.path()).unwrap();
        file.set_len(MAX_SIZE).unwrap();
        assert!(!store.lock().unwrap().content.is_empty());
        file.set_len(MAX_SIZE + 1).unwrap();
        assert!(store.lock().unwrap().content.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn special_file_is_an_error_and_blocks_nobody() {
        // rustix has no call for it on macOS.
        let mkfifo = |path: &Path| {
            let status = std::process::Command::new("mkfifo").arg(path).status();
            assert!(status.unwrap().success());
        };
        let folder = tempfile::tempdir().unwrap();
        let open = || LimitStore::open(folder.path(), "https://example.com", b"token");
        let path = open().unwrap().path;
        mkfifo(&path);
        assert!(open().unwrap().lock().is_err());
        let key = folder.path().join("limits.key");
        fs::remove_file(&key).unwrap();
        mkfifo(&key);
        assert!(open().is_err());
    }

    #[test]
    fn unused_accounts_are_removed_after_days() {
        let folder = tempfile::tempdir().unwrap();
        for (name, hours) in [
            ("limits-01.json", 49),
            ("limits-02.json", 47),
            ("journal.jsonl", 99),
            ("limits-03.txt", 99),
            ("other.json", 99),
        ] {
            let file = File::create(folder.path().join(name)).unwrap();
            let time = SystemTime::now() - Duration::from_hours(hours);
            file.set_modified(time).unwrap();
        }
        LimitStore::open(folder.path(), "https://example.com", b"token").unwrap();
        let exists = |name| folder.path().join(name).exists();
        assert!(!exists("limits-01.json"));
        for name in [
            "limits-02.json",
            "journal.jsonl",
            "limits-03.txt",
            "other.json",
        ] {
            assert!(exists(name), "{name}");
        }
    }
}
