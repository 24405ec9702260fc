//! The access token of a stored login, renewed where that is due. A token that the service has not
//! refused stays in use for as long as no better one can be had: clocks can be wrong, and a network can
//! be down.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;

use super::call_counts::{TokenCall, spent_error};
use super::record::Login;
use super::store::LoginStore;
use crate::api::{ApiError, FailureClass, FetchedToken, IssuedTokens};
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::signals;

/// The time after which a renewal is tried again while the present token is in use.
const RETRY_DELAY: Duration = Duration::from_secs(30);

/// Minimum time limit of a refresh, whatever the limits of the run: once it has been sent, the service may
/// have replaced the refresh token.
const MIN_REFRESH_TIMEOUT: Duration = Duration::from_secs(10);

/// Bounds of the pause after a renewal that failed for the moment; it doubles. With its maximum, an outage
/// of a day takes 480 of the day's refreshes.
const MIN_PAUSE: Duration = Duration::from_millis(250);
const MAX_PAUSE: Duration = Duration::from_mins(3);

type RefreshCall = Box<dyn Fn(&Secret, Duration) -> Result<IssuedTokens, ApiError> + Send + Sync>;
type Warn = Box<dyn Fn(&str) + Send + Sync>;

/// A stored login as the source of tokens, shared by the workers of a run.
pub struct RenewingLogin {
    store: LoginStore,
    refresh: RefreshCall,
    warn: Warn,
    state: Mutex<RenewalState>,
}

#[derive(Default)]
struct RenewalState {
    /// A login that could not be written to its file.
    unsaved: Option<Login>,
    /// The refresh token that the service has refused, with the error.
    refused: Option<(Secret, ApiError)>,
    /// The pause after a failure, with the error.
    pause: Option<Pause>,
    /// It has been said that the login cannot be stored.
    has_warned: bool,
}

struct Pause {
    end: Instant,
    length: Duration,
    error: ApiError,
}

impl RenewingLogin {
    /// Creates the source of the login in `store`. `refresh` makes the call, and `warn` prints a warning.
    pub fn new(
        store: LoginStore,
        refresh: impl Fn(&Secret, Duration) -> Result<IssuedTokens, ApiError> + Send + Sync + 'static,
        warn: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        Self {
            store,
            refresh: Box::new(refresh),
            warn: Box::new(warn),
            state: Mutex::default(),
        }
    }

    /// Returns a token; `refused` is one that the service has refused. `within` bounds the wait for
    /// another process that renews the login, together with the call that renews it; but a call that has
    /// been sent has at least ten seconds.
    ///
    /// A failure is final, with kind `auth`, if the service refuses to renew the login or if there is
    /// none; it passes if the service cannot be reached or another process hangs.
    pub fn token(
        &self,
        refused: Option<&Secret>,
        within: Duration,
    ) -> Result<FetchedToken, ApiError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // A call that waited for another one's refresh must not be sent either.
        if signals::is_ending() {
            return Err(ending());
        }
        let login = self.read(&mut state)?;
        let now = Timestamp::now();
        if let Some(token) = login.good_token(refused, now) {
            return Ok(token);
        }
        let is_refused = refused == Some(&login.access_token);
        let present = login.access_token.clone();
        match self.renew(&mut state, refused, is_refused, within) {
            // The call must not be sent any more, nor with the present token.
            _ if signals::is_ending() => Err(ending()),
            Ok(token) => Ok(token),
            Err(failure) if is_refused => Err(failure),
            Err(failure) => Ok(FetchedToken {
                token: self.keep(&mut state, present, &failure),
                renew_at: Some(SystemTime::now() + RETRY_DELAY),
                is_new: false,
            }),
        }
    }

    /// Returns the present token, for want of a better one. Warns once where the login cannot be stored:
    /// that does not pass by itself.
    fn keep(&self, state: &mut RenewalState, present: Secret, failure: &ApiError) -> Secret {
        let is_storage = failure.error.kind == ErrorKind::Io;
        if is_storage && !std::mem::replace(&mut state.has_warned, true) {
            let error = &failure.error;
            (self.warn)(&format!("{error}; this run goes on with its present token"));
        }
        present
    }

    /// Returns a good token: renewed, or by another process meanwhile.
    fn renew(
        &self,
        state: &mut RenewalState,
        refused: Option<&Secret>,
        is_refused: bool,
        within: Duration,
    ) -> Result<FetchedToken, ApiError> {
        let started = Instant::now();
        if let Some(pause) = &state.pause {
            let left = pause.end.saturating_duration_since(started);
            // A call that must wait for a token waits here: it would be in vain, and would count as a retry.
            if !left.is_zero() && (!is_refused || left >= within) {
                return Err(pause.error.clone());
            }
            thread::sleep(left);
        }
        let within = within.saturating_sub(started.elapsed());
        let locking = Instant::now();
        let locked = self
            .store
            .lock(within)
            .map_err(|error| self.store.error(&error));
        let lock = locked.map_err(|error| passing(could_not_renew(error)))?;
        let login = self.read(state)?;
        let now = Timestamp::now();
        if let Some(token) = login.good_token(refused, now) {
            return Ok(token);
        }
        let Some(refresh_token) = &login.refresh_token else {
            let why = Error::new(ErrorKind::Auth, "the service gave no refresh token");
            return Err(self.ended(why));
        };
        if let Some((token, failure)) = &state.refused
            && token == refresh_token
        {
            return Err(failure.clone());
        }
        let left = within.saturating_sub(locking.elapsed());
        if left.is_zero() {
            let error = Error::new(ErrorKind::Network, "there was no time left for it");
            return Err(passing(could_not_renew(error)));
        }
        // A new refresh token that cannot be stored would be lost.
        let file = self.store.begin_write(&lock, &login).map_err(|error| {
            let error = could_not_renew(self.store.error(&error));
            ApiError::new(error, FailureClass::NoToken)
        })?;
        // Until the new tokens are stored.
        let Some(_hold) = signals::hold_exit() else {
            return Err(ending());
        };
        let calls = self.store.call_log(&login.client_id);
        if let Some(wait) = calls.count(TokenCall::Refresh, now) {
            let error = spent_error(TokenCall::Refresh, wait);
            return Err(ApiError::new(error, FailureClass::NoToken));
        }
        match (self.refresh)(refresh_token, left.max(MIN_REFRESH_TIMEOUT)) {
            Ok(issued) => {
                state.pause = None;
                let login = login.refreshed(issued, now);
                if let Err(error) = file.write(&self.store, &login) {
                    let error = self.store.error(&error);
                    (self.warn)(&format!(
                        "{error}; this run goes on with its new token, but later runs may have to log in again"
                    ));
                    state.unsaved = Some(login.clone());
                }
                Ok(FetchedToken {
                    renew_at: login.renew_at().map(SystemTime::from),
                    token: login.access_token,
                    is_new: true,
                })
            }
            Err(failure) if failure.is_refusal() => {
                let refresh_token = refresh_token.clone();
                let failure = self.ended(failure.error);
                state.refused = Some((refresh_token, failure.clone()));
                Err(failure)
            }
            Err(failure) if failure.class == FailureClass::Permanent => {
                Err(ApiError::permanent(could_not_renew(failure.error)))
            }
            Err(failure) => {
                if failure.class == FailureClass::NotConnected {
                    calls.take_back(TokenCall::Refresh);
                }
                let error = passing(could_not_renew(failure.error));
                let before = state.pause.take().map(|pause| pause.length * 2);
                let length = before.unwrap_or(MIN_PAUSE).min(MAX_PAUSE);
                state.pause = Some(Pause {
                    end: Instant::now() + length,
                    length,
                    error: error.clone(),
                });
                Err(error)
            }
        }
    }

    /// Returns the login of the file, or the one that could not be written to it, if that is newer.
    fn read(&self, state: &mut RenewalState) -> Result<Login, ApiError> {
        let stored = self.store.read().map_err(ApiError::permanent)?;
        let stored = stored.ok_or_else(|| {
            let error = Error::new(ErrorKind::Auth, "there is no stored login any more");
            ApiError::permanent(error.with_hint(self.store.login_hint()))
        })?;
        match &state.unsaved {
            Some(unsaved) if unsaved.obtained_at >= stored.obtained_at => Ok(unsaved.clone()),
            _ => Ok(stored),
        }
    }

    /// Returns the failure of a login that cannot be renewed any more.
    fn ended(&self, why: Error) -> ApiError {
        ApiError::permanent(Error {
            kind: ErrorKind::Auth,
            ..could_not_renew(why).with_hint(self.store.login_hint())
        })
    }
}

/// Returns the error of a renewal. Its code and status are left out: they are not those of the call that
/// needs the token, and would say that it may have been accepted.
fn could_not_renew(error: Error) -> Error {
    Error {
        api_code: None,
        http_status: None,
        ..error.prefixed("could not renew the login")
    }
}

/// Returns the failure of a call at the end of the program.
fn ending() -> ApiError {
    passing(could_not_renew(Error::new(
        ErrorKind::Network,
        "the program is about to end",
    )))
}

/// Returns the failure of a call for want of a token, of which nothing was sent, and which may succeed later.
const fn passing(error: Error) -> ApiError {
    ApiError::new(error, FailureClass::NotConnected)
}
