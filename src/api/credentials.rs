//! The token of a run: fetched when it is first needed, and once more when the service refuses it
//! and its source can give a fresh one.

use std::sync::{Mutex, PoisonError};

use super::failure::Failure;
use crate::error::Error;
use crate::secret::Secret;

type Fetch = Box<dyn Fn() -> Result<Secret, Error> + Send + Sync>;

/// Where the token comes from, shared by all workers.
pub struct Credentials {
    fetch: Fetch,
    renewable: bool,
    current: Mutex<Option<Secret>>,
}

impl Credentials {
    /// `fetch` gets the token; `renewable` says whether getting it again can give another one.
    pub fn new(
        fetch: impl Fn() -> Result<Secret, Error> + Send + Sync + 'static,
        renewable: bool,
    ) -> Self {
        Self {
            fetch: Box::new(fetch),
            renewable,
            current: Mutex::new(None),
        }
    }

    /// Fetches the token now, so that a missing one fails before anything else is done.
    pub fn prepare(&self) -> Result<(), Error> {
        self.token(None).map(drop)
    }

    /// Makes the call with the token; where the token is refused and can be renewed, once more.
    pub fn with_token<T>(
        &self,
        call: impl Fn(&Secret) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let token = self.token(None).map_err(Failure::fatal)?;
        match call(&token) {
            Err(failure) if self.renewable && failure.is_token_refused() => {
                call(&self.token(Some(&token)).map_err(Failure::fatal)?)
            }
            result => result,
        }
    }

    /// The token; a fresh one unless another worker has replaced the refused one meanwhile.
    fn token(&self, refused: Option<&Secret>) -> Result<Secret, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(token) if refused != Some(token) => Ok(token.clone()),
            _ => Ok(current.insert((self.fetch)()?).clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;
    use crate::error::Kind;

    fn counting(renewable: bool) -> (Credentials, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let fetched = Arc::clone(&count);
        let fetch = move || {
            Ok(Secret::new(format!(
                "t{}",
                fetched.fetch_add(1, Ordering::SeqCst)
            )))
        };
        (Credentials::new(fetch, renewable), count)
    }

    fn refusing(refused: &str) -> impl Fn(&Secret) -> Result<String, Failure> + '_ {
        move |token| {
            if token.expose() == refused {
                let error = Error {
                    api_code: Some("0401".into()),
                    ..Error::new(Kind::Auth, "refused")
                };
                Err(Failure::fatal(error))
            } else {
                Ok(token.expose().to_owned())
            }
        }
    }

    #[test]
    fn a_refused_token_is_renewed_once_for_all_workers() {
        let (credentials, count) = counting(true);
        credentials.prepare().unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(credentials.with_token(refusing("t0")).unwrap(), "t1"));
            }
        });
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_token_refused_twice_is_an_error() {
        let (credentials, count) = counting(true);
        let always = |_: &Secret| refusing("x")(&Secret::new("x"));
        assert_eq!(
            credentials.with_token(always).unwrap_err().error.kind,
            Kind::Auth
        );
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_fixed_token_is_not_fetched_again() {
        let (credentials, count) = counting(false);
        assert!(credentials.with_token(refusing("t0")).is_err());
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}
