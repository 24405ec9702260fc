//! The settings of a run: the values of all keys, checked, and what goes with them.

use std::ops::Deref;

use super::keys::Values;
use super::origin::Setting;
use super::paths::ConfigPath;
use super::token::TokenSource;
use crate::error::{Error, ErrorKind};

/// The settings of a run. Dereferences to the values of the keys: `*settings.retries`,
/// `*settings.wait.timeout`.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The configuration file; `None` if none is named and there is no home directory.
    pub file: Option<ConfigPath>,
    /// `true` if that file exists.
    pub file_exists: bool,
    /// The profile in force.
    pub profile: Option<Setting<String>>,
    /// The source of the token; see [`Settings::token`].
    pub token_source: Option<TokenSource>,
    pub(super) values: Values,
}

impl Deref for Settings {
    type Target = Values;

    fn deref(&self) -> &Values {
        &self.values
    }
}

impl Settings {
    /// Returns the hint for a token of these settings that the service refuses; `None` if they have none.
    pub(crate) fn refusal_hint(&self, login_command: &str) -> Option<String> {
        let file = self.file.as_ref().map(|file| file.path.display());
        let config = file.map_or_else(|| "the configuration file".to_owned(), |it| it.to_string());
        let source = self.token_source.as_ref()?;
        Some(source.refusal_hint(&config, login_command))
    }

    /// Returns the source of the token. Fails with kind `auth` and a hint on how to set a token;
    /// `login_command` is the command that logs in.
    pub(crate) fn token(&self, login_command: &str) -> Result<&TokenSource, Error> {
        self.token_source.as_ref().ok_or_else(|| {
            let file = self.file.as_ref().map_or_else(
                || "a configuration file (--config FILE)".to_owned(),
                |file| file.path.display().to_string(),
            );
            Error::new(ErrorKind::Auth, "no token is set").with_hint(format!(
                "log in with `{login_command}`, or set MAVI_TOKEN, or write the token into {file} \
                 (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`"
            ))
        })
    }
}
