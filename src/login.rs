//! The stored login of `mavi auth login`: the tokens that a code bought, in a file of their own that only
//! their owner can read, and renewed before they end and when the service refuses them. One process
//! renews at a time, and all others use what it gets. No token is in an error, a name or `Debug`.

mod call_counts;
mod code_receiver;
mod record;
mod renewal;
mod store;

use std::time::Duration;

use jiff::Timestamp;

use crate::api::{ApiError, FailureClass, IssuedTokens, code};
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use call_counts::TokenCall;
pub use code_receiver::{Code, CodeReceiver, CodeReceiverOptions};
pub use record::Login;
pub use renewal::RenewingLogin;
pub use store::LoginStore;

/// The hint for a code that the service refused.
const CODE_HINT: &str = "a code lasts ten minutes, and the next one ends the one before: get a new one, and run the command again";

/// Exchanges a code for tokens with `exchange`, and stores them in place of any others. `within` bounds
/// the wait for other processes.
///
/// Fails with kind `auth` if the service refuses the code, with kind `rate_limit` if the day's logins are
/// spent, with kind `io` if the tokens cannot be stored.
pub fn log_in(
    store: &LoginStore,
    Code { client_id, code }: &Code,
    within: Duration,
    exchange: impl FnOnce(&Secret, &Secret) -> Result<IssuedTokens, ApiError>,
) -> Result<Login, Error> {
    let lock = store.lock(within).map_err(|error| store.error(&error))?;
    let now = Timestamp::now();
    let calls = store.call_log(client_id);
    if let Some(wait) = calls.count(TokenCall::Login, now) {
        return Err(call_counts::spent_error(TokenCall::Login, wait));
    }
    let issued = exchange(client_id, code).map_err(|failure| {
        if failure.class == FailureClass::NotConnected {
            calls.take_back(TokenCall::Login);
        }
        refused_code(&failure)
    })?;
    let login = Login::new(client_id.clone(), issued, now);
    let written = store.write(&lock, &login);
    written.map_err(|error| {
        let hint = "make its directory writable; the code may be spent, so get a new one";
        store.error(&error).with_hint(hint)
    })?;
    Ok(login)
}

fn refused_code(failure: &ApiError) -> Error {
    let error = failure.error.clone().prefixed("could not log in");
    if error.kind == ErrorKind::RateLimit {
        return error.with_hint("wait a minute, then run the command again");
    }
    if !failure.is_refusal() {
        return error;
    }
    let error = Error {
        kind: ErrorKind::Auth,
        ..error
    };
    match error.api_code.as_deref() {
        Some("0001" | code::UNAUTHORIZED) => error.with_hint(CODE_HINT),
        // The hint of the code is about videos.
        Some("0003") => error.with_hint("check the client ID and the code"),
        _ => error,
    }
}

#[cfg(test)]
mod tests;
