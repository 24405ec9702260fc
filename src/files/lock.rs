//! Exclusive locks on files, which end with the process that holds them.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::signals;

/// Maximum time to wait for a lock once a signal has asked the program to end.
const TIMEOUT_AFTER_SIGNAL: Duration = Duration::from_secs(1);

/// Time after which a wait for a lock is a delay that the user is told of.
const NOTICE_DELAY: Duration = Duration::from_secs(1);

/// The system call that locks a file.
pub type TryLock = fn(&File) -> Result<(), TryLockError>;

/// Acquires the exclusive lock on a file, waiting at most `timeout`, so that a stopped process that holds
/// it cannot block all others for good. `on_delay` is called if that takes a while. Returns `false` if the
/// file system has no file locks.
pub fn lock_within(
    file: &File,
    try_lock: TryLock,
    timeout: Duration,
    on_delay: impl FnOnce(),
) -> io::Result<bool> {
    let started = Instant::now();
    let mut end = started + timeout;
    let mut on_delay = Some(on_delay);
    loop {
        match try_lock(file) {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) if is_unsupported(&error) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => {
                let why = "another process has held the lock for too long";
                return Err(io::Error::new(io::ErrorKind::TimedOut, why));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(2)),
        }
        if started.elapsed() >= NOTICE_DELAY
            && let Some(on_delay) = on_delay.take()
        {
            on_delay();
        }
        if signals::is_pending() {
            end = end.min(Instant::now() + TIMEOUT_AFTER_SIGNAL);
        }
    }
}

/// Returns `true` if the file system has no file locks. ENOSYS and EOPNOTSUPP; ENOLCK, which has no
/// kind of its own, is what NFS and Lustre say.
#[must_use]
pub fn is_unsupported(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error()) {
        return true;
    }
    error.kind() == io::ErrorKind::Unsupported
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_held_by_another_times_out() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let mut options = File::options();
        options.read(true).append(true).create(true);
        let open = || options.open(&path);
        let (held, wanted) = (open().unwrap(), open().unwrap());
        held.lock().unwrap();
        let lock = |timeout| lock_within(&wanted, File::try_lock, timeout, || panic!("too short"));
        let error = lock(Duration::from_millis(5)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(held);
        assert!(lock(Duration::from_mins(1)).unwrap());
    }
}
