//! The files of a login: its tokens, in a file that is written whole and that only its owner can read, and
//! a lock file, which is never replaced. There is one pair for each profile and service, and one file for
//! each account and service that counts the calls about tokens.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::call_counts::{CallCounts, TokenCall};
use super::record::Login;
use crate::error::{Error, ErrorKind};
use crate::permissions::FileExposure;
use crate::secret::Secret;
use crate::{files, json, signals, text};

/// Maximum size of a file, in bytes. A larger one is damaged.
const MAX_SIZE: u64 = 1 << 20;

/// Maximum time to wait for another process that counts a call.
const COUNT_TIMEOUT: Duration = Duration::from_secs(1);

/// The place of one login.
#[derive(Clone, Debug)]
pub struct LoginStore {
    directory: PathBuf,
    /// The start of the files' names: `login-` and a hash of profile and service.
    name: String,
    base_url: String,
    /// The command that logs in again.
    login_command: String,
}

/// The right to change the login, given back on drop. Where the file system has no locks, it excludes
/// nobody.
#[derive(Debug)]
pub(super) struct LoginLock {
    _file: File,
    is_exclusive: bool,
}

impl LoginStore {
    /// Creates the store of the login for a profile (empty for none) and a service, in the state
    /// directory. Nothing is opened yet.
    #[must_use]
    pub fn new(directory: PathBuf, profile: &str, base_url: &str) -> Self {
        let hash = digest(&SHA256, format!("{profile}\0{base_url}").as_bytes());
        let hash = text::hex(&hash.as_ref()[..16]);
        Self {
            directory,
            name: format!("login-{hash}"),
            base_url: base_url.to_owned(),
            login_command: "mavi auth login".to_owned(),
        }
    }

    /// Names the command that logs in for this profile and service, for hints.
    #[must_use]
    pub fn with_login_command(self, login_command: String) -> Self {
        Self {
            login_command,
            ..self
        }
    }

    /// Returns the hint for a login that is of no use any more.
    pub(super) fn login_hint(&self) -> String {
        format!("to log in again, run: {}", self.login_command)
    }

    /// Returns the path of the file with the tokens.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.directory.join(format!("{}.json", self.name))
    }

    /// Reads the login; `None` if there is none. Fails with kind `auth` if it is damaged, with kind `io`
    /// if it cannot be read.
    pub fn read(&self) -> Result<Option<Login>, Error> {
        let path = self.path();
        let mut json = Zeroizing::new(Vec::new());
        let read = open_regular(&path, OpenOptions::new().read(true)).and_then(|file| {
            // Room for all, so that no smaller buffer is left behind.
            let size = file.metadata()?.len().min(MAX_SIZE);
            json.reserve_exact(usize::try_from(size).unwrap_or(0) + 1);
            file.take(MAX_SIZE).read_to_end(&mut json)
        });
        match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.error(&error)),
            Ok(_) => Login::parse(&json).map(Some).ok_or_else(|| {
                let message = format!("the stored login {} is damaged", path.display());
                Error::new(ErrorKind::Auth, message).with_hint(self.login_hint())
            }),
        }
    }

    /// Returns the warning about a file that others can read.
    #[must_use]
    pub fn exposure_warning(&self) -> Option<String> {
        let path = self.path();
        let can = match FileExposure::of(&fs::metadata(&path).ok()?)? {
            FileExposure::Read => "read",
            FileExposure::Change => "change",
        };
        let path = path.display();
        Some(format!(
            "{path} holds the tokens of a login and others can {can} it: run `chmod 600 {path}`"
        ))
    }

    /// Deletes the login. Returns `false` if there was none. `within` bounds the wait for a process that
    /// is renewing it.
    pub fn delete(&self, within: Duration) -> Result<bool, Error> {
        if !self.path().exists() {
            return Ok(false);
        }
        let removed = self
            .lock(within)
            .and_then(|_lock| fs::remove_file(self.path()));
        match removed {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Acquires the lock, waiting at most `within`. Creates the directory where it is missing.
    pub(super) fn lock(&self, within: Duration) -> io::Result<LoginLock> {
        files::create_dir_all(&self.directory, 0o700)?;
        let path = self.directory.join(format!("{}.lock", self.name));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = open_regular(&path, &mut options)?;
        let is_exclusive =
            files::lock_within(&file, File::try_lock, within, || ()).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })?;
        let lock = LoginLock {
            _file: file,
            is_exclusive,
        };
        self.remove_stale_copies(&lock);
        Ok(lock)
    }

    /// Returns the counts of the calls for an account of this service, whatever the profile.
    pub(super) fn call_log(&self, client_id: &Secret) -> CallLog {
        let account = format!("{}\0{}", client_id.expose(), self.base_url);
        let hash = digest(&SHA256, account.as_bytes());
        let hash = text::hex(&hash.as_ref()[..16]);
        CallLog(self.directory.join(format!("token-calls-{hash}.json")))
    }

    /// Replaces the login: the file is private from its first byte, and appears whole or not at all.
    pub(super) fn write(&self, lock: &LoginLock, login: &Login) -> io::Result<()> {
        let _guard = signals::write_guard();
        self.begin_write(lock, login)?.replace(self, login)
    }

    /// Creates the file that will replace the login, with `present` in it, so that there is room for another
    /// one.
    pub(super) fn begin_write(
        &self,
        _lock: &LoginLock,
        present: &Login,
    ) -> io::Result<PendingLogin> {
        // Temporary files are created with mode 0600.
        let prefix = self.copy_prefix();
        let mut builder = tempfile::Builder::new();
        let file = files::create_temporary(builder.prefix(&prefix), &self.directory)?;
        file.as_file().write_all(&present.to_json()?)?;
        Ok(PendingLogin(file))
    }

    /// Removes copies that a killed process left while it wrote: they hold tokens. Nobody else makes one
    /// while the lock is held.
    fn remove_stale_copies(&self, lock: &LoginLock) {
        let Some(entries) = fs::read_dir(&self.directory)
            .ok()
            .filter(|_| lock.is_exclusive)
        else {
            return;
        };
        let prefix = self.copy_prefix();
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn copy_prefix(&self) -> String {
        format!(".{}-", self.name)
    }

    /// Returns the error for files that cannot be used.
    pub(super) fn error(&self, error: &io::Error) -> Error {
        let path = self.path();
        let message = format!("could not use the stored login {}: {error}", path.display());
        let hint = match error.kind() {
            io::ErrorKind::TimedOut => {
                "end or continue the process that holds the lock, then try again"
            }
            _ => "check the directory of the file and free disk space",
        };
        Error::new(ErrorKind::Io, message).with_hint(hint)
    }
}

/// A file that is about to replace the login.
#[derive(Debug)]
pub(super) struct PendingLogin(NamedTempFile);

impl PendingLogin {
    /// Replaces the login with this file.
    pub(super) fn write(self, store: &LoginStore, login: &Login) -> io::Result<()> {
        let _guard = signals::write_guard();
        self.replace(store, login)
    }

    fn replace(self, store: &LoginStore, login: &Login) -> io::Result<()> {
        let (Self(temporary), json) = (self, login.to_json()?);
        let mut file = temporary.as_file();
        file.rewind()?;
        file.write_all(&json)?;
        file.set_len(json.len() as u64)?;
        file.sync_all()?;
        files::replace(temporary, &store.path())?;
        files::sync_dir(&store.directory)
    }
}

/// The file that counts the calls about tokens of an account.
#[derive(Debug)]
pub(super) struct CallLog(PathBuf);

impl CallLog {
    /// Counts a call, before it is sent. Returns the time until there can be another one, if the day's are
    /// spent, and counts nothing then.
    pub(super) fn count(&self, call: TokenCall, now: Timestamp) -> Option<Duration> {
        self.update(|counts| {
            let wait = counts.spent(call, now);
            if wait.is_none() {
                counts.add(call, now);
            }
            wait
        })
    }

    /// Takes back the last call that was counted.
    pub(super) fn take_back(&self, call: TokenCall) {
        self.update(|counts| counts.take_back(call));
    }

    /// Changes the counts. Where they cannot be read or written, they are empty or as they were: the service
    /// counts too.
    fn update<T>(&self, change: impl FnOnce(&mut CallCounts) -> T) -> T {
        let mut file = self.open().ok();
        let mut json = Vec::new();
        if let Some(file) = &mut file {
            let _ = file.take(MAX_SIZE).read_to_end(&mut json);
        }
        // A file that a process was killed in counts as empty.
        let mut counts = json::object_in_bytes(&json).unwrap_or_default();
        let value = change(&mut counts);
        if let Some(file) = &mut file {
            let _ = save(file, &counts);
        }
        value
    }

    /// Opens and locks the file.
    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = open_regular(&self.0, &mut options)?;
        files::lock_within(&file, File::try_lock, COUNT_TIMEOUT, || ())?;
        Ok(file)
    }
}

fn save(file: &mut File, counts: &CallCounts) -> io::Result<()> {
    let json = serde_json::to_vec(counts)?;
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&json)
}

/// Opens a file, created with mode 0600. Anything but a regular file is an error: a pipe would block for
/// ever.
fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("not a regular file"));
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}
