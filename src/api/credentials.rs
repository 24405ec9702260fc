//! The token of a run: fetched when it is first needed, and again after the service has refused it,
//! where its source can give a fresh one.

use std::sync::{Mutex, PoisonError};

use crate::error::Error;
use crate::secret::Secret;

type Fetch = Box<dyn Fn() -> Result<Secret, Error> + Send + Sync>;

/// The source of the token, shared by all workers.
pub struct Credentials {
    fetch: Fetch,
    can_renew: bool,
    current: Mutex<Option<Secret>>,
}

impl Credentials {
    /// Creates credentials whose token `fetch` gets; `can_renew` says whether fetching again can give
    /// another one.
    pub fn new(
        fetch: impl Fn() -> Result<Secret, Error> + Send + Sync + 'static,
        can_renew: bool,
    ) -> Self {
        Self {
            fetch: Box::new(fetch),
            can_renew,
            current: Mutex::new(None),
        }
    }

    /// Returns `true` if fetching the token again can give another one.
    pub(super) const fn can_renew(&self) -> bool {
        self.can_renew
    }

    /// Fetches the token now, so that a missing one fails before anything else is done.
    pub fn prepare(&self) -> Result<(), Error> {
        self.token().map(drop)
    }

    /// Returns the token, fetched if there is none.
    pub(super) fn token(&self) -> Result<Secret, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(token) => Ok(token.clone()),
            None => Ok(current.insert((self.fetch)()?).clone()),
        }
    }

    /// Drops a token that the service has refused, unless it cannot be renewed or another worker has
    /// replaced it meanwhile.
    pub(super) fn discard(&self, refused: &Secret) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if self.can_renew && current.as_ref() == Some(refused) {
            *current = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    fn counting(can_renew: bool) -> (Credentials, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let fetched = Arc::clone(&count);
        let fetch = move || {
            let number = fetched.fetch_add(1, Ordering::SeqCst);
            Ok(Secret::new(format!("t{number}")))
        };
        (Credentials::new(fetch, can_renew), count)
    }

    #[test]
    fn refused_token_is_renewed_once_for_all_workers() {
        let (credentials, count) = counting(true);
        let first = credentials.token().unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    credentials.discard(&first);
                    assert_eq!(credentials.token().unwrap().expose(), "t1");
                });
            }
        });
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn fixed_token_is_not_fetched_again() {
        let (credentials, count) = counting(false);
        let first = credentials.token().unwrap();
        credentials.discard(&first);
        assert_eq!(credentials.token().unwrap().expose(), "t0");
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}
