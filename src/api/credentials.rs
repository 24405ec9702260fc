//! The token of a run: fetched when it is first needed, again when it is about to end, and again after
//! the service has refused it, where its source can give a fresh one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::api_error::ApiError;
use crate::error::Error;
use crate::secret::Secret;

/// A token, and when to fetch another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedToken {
    /// The token.
    pub token: Secret,
    /// The time from which the source can give a better one; `None` if only a refusal tells.
    pub renew_at: Option<SystemTime>,
    /// It was issued for this fetch: if the service refuses it, so it does all others.
    pub is_new: bool,
}

/// Maximum number of refused tokens in a row that are replaced: each was of another process, or had ended
/// when it was used.
const MAX_REFUSALS: u32 = 3;

type Fetch = Box<dyn Fn(Option<&Secret>) -> Result<FetchedToken, ApiError> + Send + Sync>;

/// The source of the token, shared by all workers.
pub struct Credentials {
    fetch: Fetch,
    can_renew: bool,
    refusal_hint: String,
    state: Mutex<CredentialState>,
}

#[derive(Default)]
struct CredentialState {
    current: Option<FetchedToken>,
    /// The token that the service has refused, until there is another one.
    refused: Option<Secret>,
    /// The number of refused tokens since the service has accepted one.
    refusals: u32,
}

impl Credentials {
    /// Creates credentials whose token `fetch` gets: it is told the token that the service has refused.
    /// `can_renew` says whether fetching again can give another one, and `refusal_hint` what to do if the
    /// service refuses them.
    pub fn new(
        fetch: impl Fn(Option<&Secret>) -> Result<FetchedToken, ApiError> + Send + Sync + 'static,
        can_renew: bool,
        refusal_hint: String,
    ) -> Self {
        Self {
            fetch: Box::new(fetch),
            can_renew,
            refusal_hint,
            state: Mutex::default(),
        }
    }

    /// Returns what to do if the service refuses the token for good.
    pub(super) fn refusal_hint(&self) -> String {
        self.refusal_hint.clone()
    }

    /// Fetches the token now, so that a missing one fails before anything else is done.
    pub fn prepare(&self) -> Result<(), Error> {
        self.token().map(drop).map_err(|failure| failure.error)
    }

    /// Returns the token, fetched if there is none or its time has come.
    pub(super) fn token(&self) -> Result<Secret, ApiError> {
        let mut state = self.state();
        if let Some(FetchedToken {
            token, renew_at, ..
        }) = &state.current
            && renew_at.is_none_or(|time| SystemTime::now() < time)
        {
            return Ok(token.clone());
        }
        let fetched = (self.fetch)(state.refused.as_ref())?;
        state.refused = None;
        Ok(state.current.insert(fetched).token.clone())
    }

    /// Drops a token that the service has refused, unless it cannot be renewed or another worker has
    /// replaced it meanwhile. Returns `true` if a repeated call may help: not if the token was new.
    pub(super) fn discard(&self, refused: &Secret) -> bool {
        if !self.can_renew {
            return false;
        }
        let mut state = self.state();
        let Some(token) = state.current.take_if(|it| it.token == *refused) else {
            // Of several calls with a token, the first one has dropped it.
            return state.refusals <= MAX_REFUSALS;
        };
        let has_ended = token.renew_at.is_some_and(|it| SystemTime::now() >= it);
        state.refused = Some(token.token);
        state.refusals += 1;
        (!token.is_new || has_ended) && state.refusals <= MAX_REFUSALS
    }

    /// Records that the service has accepted a token: it is not new any more.
    pub(super) fn accepted(&self, token: &Secret) {
        let mut state = self.state();
        if let Some(current) = &mut state.current
            && current.token == *token
        {
            current.is_new = false;
            state.refusals = 0;
        }
    }

    fn state(&self) -> MutexGuard<'_, CredentialState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::api::FailureClass;

    fn token(number: usize, renew_at: Option<SystemTime>) -> FetchedToken {
        let token = Secret::new(format!("t{number}"));
        FetchedToken {
            token,
            renew_at,
            is_new: number > 0,
        }
    }

    fn counting(can_renew: bool) -> (Credentials, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let fetched = Arc::clone(&count);
        let fetch = move |refused: Option<&Secret>| {
            let number = fetched.fetch_add(1, Ordering::SeqCst);
            let before = number.checked_sub(1).map(|number| format!("t{number}"));
            assert_eq!(refused.map(Secret::expose), before.as_deref());
            Ok(token(number, None))
        };
        (Credentials::new(fetch, can_renew, String::new()), count)
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
    fn refusal_is_final_for_a_new_token_alone() {
        let fetch_with = |renew_at: Option<SystemTime>, is_new: bool| {
            let count = AtomicUsize::new(0);
            let fetch = move |_: Option<&Secret>| {
                let number = count.fetch_add(1, Ordering::SeqCst);
                Ok(FetchedToken {
                    is_new,
                    ..token(number, renew_at)
                })
            };
            Credentials::new(fetch, true, String::new())
        };
        let refuse = |credentials: &Credentials| {
            let token = credentials.token().unwrap();
            (credentials.discard(&token), token)
        };
        let past = SystemTime::now() - Duration::from_secs(1);
        for (renew_at, is_new, may_help) in [
            (None, false, true),
            (None, true, false),
            (Some(past), true, true),
        ] {
            let credentials = fetch_with(renew_at, is_new);
            assert_eq!(refuse(&credentials).0, may_help);
        }
        let credentials = fetch_with(None, true);
        credentials.accepted(&credentials.token().unwrap());
        let (may_help, token) = refuse(&credentials);
        assert!(may_help, "it was good, and has ended");
        assert!(credentials.discard(&token), "of another worker");
        assert!(!refuse(&credentials).0);
        let others = fetch_with(None, false);
        let helped = [(); 5].map(|()| refuse(&others).0);
        assert_eq!(helped, [true, true, true, false, false]);
    }

    #[test]
    fn fixed_token_is_not_fetched_again() {
        let (credentials, count) = counting(false);
        let first = credentials.token().unwrap();
        assert!(!credentials.discard(&first));
        assert_eq!(credentials.token().unwrap().expose(), "t0");
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn token_is_fetched_again_when_its_time_has_come() {
        let past = SystemTime::now() - Duration::from_secs(1);
        let future = SystemTime::now() + Duration::from_hours(1);
        for (renew_at, fetches) in [(Some(past), 2), (Some(future), 1), (None, 1)] {
            let count = AtomicUsize::new(0);
            let fetch = move |refused: Option<&Secret>| {
                assert_eq!(refused, None);
                Ok(token(count.fetch_add(1, Ordering::SeqCst), renew_at))
            };
            let credentials = Credentials::new(fetch, true, String::new());
            credentials.prepare().unwrap();
            let second = credentials.token().unwrap();
            assert_eq!(second, token(fetches - 1, None).token);
        }
    }

    #[test]
    fn refused_token_is_named_until_there_is_another() {
        let count = AtomicUsize::new(0);
        let fetch = move |refused: Option<&Secret>| match count.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(token(0, None)),
            number => {
                assert_eq!(refused.map(Secret::expose), Some("t0"));
                let error = Error::new(crate::error::ErrorKind::Network, "down");
                let failed = ApiError::new(error, FailureClass::NotConnected);
                (number > 1).then(|| token(number, None)).ok_or(failed)
            }
        };
        let credentials = Credentials::new(fetch, true, String::new());
        credentials.discard(&credentials.token().unwrap());
        assert!(credentials.token().is_err());
        assert_eq!(credentials.token().unwrap().expose(), "t2");
    }
}
