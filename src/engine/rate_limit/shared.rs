//! The rate limits in a file, for all processes that use the account on this machine.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::store::{LimitStore, LockedFile};
use super::{AccountLimits, Endpoint, Pacing, Permit, RateLimiter, Reservation};

/// A [`RateLimiter`] in a file of the state folder. Each method reads it, changes it, and writes it
/// back, under a lock, by the wall clock.
///
/// Where that fails, the process goes on with what it knows and counts for itself, and there is one
/// warning to be printed.
#[derive(Debug)]
pub struct SharedRateLimiter {
    /// `None` once the file could not be used.
    store: Option<LimitStore>,
    /// The last content of the file, and this process's own count where there is no file.
    limiter: RateLimiter,
    warning: Option<String>,
}

impl SharedRateLimiter {
    /// Opens the rate limits of an account in the state folder. `account` is what identifies it: the
    /// token, or what produces its tokens. Never fails: see [`take_warning`](Self::take_warning).
    #[must_use]
    pub fn open(
        folder: Option<&Path>,
        base_url: &str,
        account: &[u8],
        limits: AccountLimits,
    ) -> Self {
        let mut shared = Self {
            store: None,
            limiter: RateLimiter::new(limits),
            warning: None,
        };
        let store = folder
            .ok_or_else(|| io::Error::other("there is no state directory"))
            .and_then(|folder| LimitStore::open(folder, base_url, account));
        match store {
            Ok(store) => shared.store = Some(store),
            Err(error) => shared.stop_sharing(folder, &error),
        }
        shared
    }

    /// Returns what is counted now, and changes nothing: without a file, or where it cannot be read,
    /// nothing is counted.
    #[must_use]
    pub fn peek(
        folder: Option<&Path>,
        base_url: &str,
        account: &[u8],
        limits: AccountLimits,
    ) -> RateLimiter {
        let mut limiter = RateLimiter::new(limits);
        let content = folder.and_then(|folder| LimitStore::peek(folder, base_url, account).ok());
        limiter.load(&content.unwrap_or_default());
        limiter.advance(now());
        limiter
    }

    /// See [`RateLimiter::reserve`].
    pub fn reserve(&mut self, endpoint: Endpoint, pacing: Pacing) -> Reservation {
        self.update(|limiter, now| limiter.reserve(endpoint, pacing, now))
    }

    /// See [`RateLimiter::start`].
    pub fn start(&mut self, permit: Permit) -> Reservation {
        self.update(|limiter, now| limiter.start(permit, now))
    }

    /// See [`RateLimiter::complete`].
    pub fn complete(&mut self, permit: Permit) {
        self.update(|limiter, now| limiter.complete(permit, now));
    }

    /// See [`RateLimiter::cancel`].
    pub fn cancel(&mut self, permit: Permit) {
        self.update(|limiter, now| limiter.cancel(permit, now));
    }

    /// See [`RateLimiter::rate_limited`].
    pub fn rate_limited(&mut self, permit: Permit, retry_after: Option<Duration>) {
        self.update(|limiter, now| limiter.rate_limited(permit, retry_after, now));
    }

    /// Returns, once, why the rate limits are not shared.
    pub fn take_warning(&mut self) -> Option<String> {
        self.warning.take()
    }

    fn update<T>(&mut self, change: impl FnOnce(&mut RateLimiter, Duration) -> T) -> T {
        let file = self.store.as_ref().map(LimitStore::lock);
        if let Some(Ok(file)) = &file {
            self.limiter.load(&file.content);
        }
        // The clock is read with the lock held, so that times come in order.
        let result = change(&mut self.limiter, now());
        if let Some(Err(error)) = file.map(|file| self.save(file?)) {
            let path = self.store.take().map(|store| store.path().to_owned());
            self.stop_sharing(path.as_deref(), &error);
        }
        result
    }

    fn save(&self, file: LockedFile) -> io::Result<()> {
        file.write(serde_json::to_vec(&self.limiter)?)
    }

    fn stop_sharing(&mut self, path: Option<&Path>, error: &io::Error) {
        let place = path.map(|path| format!(" in {}", path.display()));
        self.warning = Some(format!(
            "cannot use the shared rate limits{}: {error}; this process counts only its own calls",
            place.unwrap_or_default(),
        ));
    }
}

fn now() -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap_or_default()
}
