//! The source of the token of a run: the settings, or else the stored login.

use std::sync::Arc;
use std::time::Duration;

use crate::api::{ApiError, FailureClass, FetchedToken};
use crate::config::{Settings, TokenSource, paths};
use crate::engine::command_line::CommandLine;
use crate::error::Error;
use crate::login::{Login, LoginStore, RenewingLogin};
use crate::secret::Secret;

use super::Context;

/// The name of the stored login as a source of tokens.
pub(super) const LOGIN_ORIGIN: &str = "the stored login of `mavi auth login`";

/// A source of tokens.
#[derive(Clone)]
pub(super) enum RunToken {
    /// A variable or the configuration file.
    Configured(TokenSource),
    /// The stored login, with its client ID.
    Stored(Arc<RenewingLogin>, Secret),
}

impl Context {
    /// Returns the source of the token. Fails with kind `auth` and a hint on how to set a token. Prints a
    /// warning about a login that others can read.
    pub(super) fn token_source(&self, settings: &Settings) -> Result<RunToken, Error> {
        let missing = match self.configured_token(settings) {
            Ok(source) => return Ok(RunToken::Configured(source.clone())),
            Err(missing) => missing,
        };
        let Some((store, login)) = self.stored_login(settings)? else {
            return Err(missing);
        };
        let (context, reporter) = ((self.clone(), settings.clone()), self.reporter.clone());
        let refresh = move |token: &Secret, within: Duration| {
            let (context, settings) = &context;
            let client = context
                .client(settings, false)
                .map_err(ApiError::permanent)?;
            client.refresh(token, within)
        };
        let warn = move |warning: &str| reporter.warn(warning);
        let renewing = RenewingLogin::new(store, refresh, warn);
        Ok(RunToken::Stored(Arc::new(renewing), login.client_id))
    }

    /// Returns the source of the token in the settings. Fails with kind `auth` and a hint on how to set a
    /// token.
    pub(super) fn configured_token<'s>(
        &self,
        settings: &'s Settings,
    ) -> Result<&'s TokenSource, Error> {
        settings.token(&self.login_command().to_string())
    }

    /// Returns the hint for a token that the service refuses for good.
    pub(super) fn refusal_hint(&self, settings: &Settings) -> String {
        let hint = settings.refusal_hint(&self.login_command().to_string());
        hint.unwrap_or_else(|| {
            "the service refuses a token that it just issued; check auth_scheme and base_url"
                .to_owned()
        })
    }

    /// Returns the store of the login for these settings.
    pub(super) fn login_store(&self, settings: &Settings) -> Result<LoginStore, Error> {
        let directory = paths::state_dir(&self.env).ok_or_else(|| {
            Error::config("there is no home directory, so there is no place for a login")
                .with_hint("name a directory in MAVI_STATE_DIR")
        })?;
        let profile = settings.profile.as_ref().map_or("", |name| &*name.value);
        let store = LoginStore::new(directory, profile, settings.base_url.as_str());
        Ok(store.with_login_command(self.login_command().to_string()))
    }

    /// Returns the stored login for these settings, if there is one, with its store. Prints a warning if
    /// others can read it.
    pub(super) fn stored_login(
        &self,
        settings: &Settings,
    ) -> Result<Option<(LoginStore, Login)>, Error> {
        let Ok(store) = self.login_store(settings) else {
            return Ok(None);
        };
        let login = store.read()?;
        if let Some(warning) = store.exposure_warning() {
            self.reporter.warn(&warning);
        }
        Ok(login.map(|login| (store, login)))
    }

    /// Returns the command that logs in for these settings.
    pub(super) fn login_command(&self) -> CommandLine {
        self.service_command(["auth", "login"])
    }
}

impl RunToken {
    /// Returns the source in words.
    pub(super) fn origin(&self) -> String {
        match self {
            Self::Configured(source) => source.origin(),
            Self::Stored(..) => LOGIN_ORIGIN.to_owned(),
        }
    }

    /// Returns `true` if a refused token may be replaced by another one.
    pub(super) const fn can_renew(&self) -> bool {
        match self {
            Self::Configured(source) => source.can_renew(),
            Self::Stored(..) => true,
        }
    }

    /// Returns `true` if fetching a token may take a while.
    pub(super) const fn may_block(&self) -> bool {
        match self {
            Self::Configured(source) => source.may_block(),
            Self::Stored(..) => true,
        }
    }

    /// Returns `true` if [`Self::account`] takes no token from a pipe, which has it for one reader.
    pub(super) fn knows_account(&self) -> bool {
        match self {
            Self::Configured(source) => source.knows_account(),
            Self::Stored(..) => true,
        }
    }

    /// Returns what identifies the account whose limits a run shares.
    pub(super) fn account(&self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Configured(source) => source.account(),
            Self::Stored(_, client_id) => Ok(format!("login\0{}", client_id.expose()).into_bytes()),
        }
    }

    /// Fetches a token; `refused` is one that the service has refused.
    pub(super) fn fetch(
        &self,
        refused: Option<&Secret>,
        within: Duration,
    ) -> Result<FetchedToken, ApiError> {
        match self {
            Self::Configured(source) => {
                let token = source.fetch(within);
                let token = token.map_err(|error| ApiError::new(error, FailureClass::NoToken))?;
                Ok(FetchedToken {
                    token,
                    renew_at: None,
                    is_new: refused.is_some(),
                })
            }
            Self::Stored(login, _) => login.token(refused, within),
        }
    }
}
