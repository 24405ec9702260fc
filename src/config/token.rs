//! The token's source: the environment, the configuration file, a file of its own, or a command that
//! prints it. The token is fetched when it is needed and not before, and no error, name or `Debug` here
//! shows it or anything that a command printed.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::origin::Origin;
use super::token_command::{self, CommandError};
use super::types::WrittenPath;
use crate::error::{Error, ErrorKind};
use crate::permissions::FileExposure;
use crate::secret::{MAX_TOKEN, Secret};
use crate::{duration, text};

/// A source from which the token can be fetched, more than once where it is a command.
#[derive(Clone)]
pub(crate) struct TokenSource {
    kind: TokenKind,
    origin: Origin,
}

#[derive(Clone)]
enum TokenKind {
    Text(Secret),
    File(WrittenPath),
    Command(Vec<String>),
}

impl TokenSource {
    pub(super) const fn text(token: Secret, origin: Origin) -> Self {
        let kind = TokenKind::Text(token);
        Self { kind, origin }
    }

    pub(super) const fn file(file: WrittenPath, origin: Origin) -> Self {
        let kind = TokenKind::File(file);
        Self { kind, origin }
    }

    pub(super) const fn command(argv: Vec<String>, origin: Origin) -> Self {
        let kind = TokenKind::Command(argv);
        Self { kind, origin }
    }

    /// Returns the source in words, such as `MAVI_TOKEN` or `token_file in profile work (~/x)`. Of a
    /// command it names the program alone: arguments may be secret.
    #[must_use]
    pub(crate) fn origin(&self) -> String {
        let describe = |key| self.origin.describe(key);
        match &self.kind {
            TokenKind::Text(_) => describe("token"),
            TokenKind::File(file) => format!("{} ({})", describe("token_file"), file.written),
            TokenKind::Command(argv) => {
                format!("{} ({})", describe("token_command"), program(argv))
            }
        }
    }

    /// Returns the kind of the source: the name of the variable, or of the key in the configuration file.
    #[must_use]
    pub(crate) const fn kind(&self) -> &'static str {
        match (&self.origin, &self.kind) {
            (Origin::Environment(name), _) => name,
            (_, TokenKind::Text(_)) => "token",
            (_, TokenKind::File(_)) => "token_file",
            (_, TokenKind::Command(_)) => "token_command",
        }
    }

    /// Returns the hint for a token that the service refuses. `config` is the configuration file, and
    /// `login_command` the command that logs in.
    pub(super) fn refusal_hint(&self, config: &str, login_command: &str) -> String {
        let place = match &self.kind {
            TokenKind::Command(_) => return "check what token_command prints".to_owned(),
            TokenKind::Text(_) if let Origin::Environment(name) = self.origin => {
                return format!(
                    "set a fresh token in {name}, or unset it and run: {login_command}"
                );
            }
            TokenKind::Text(_) => config.to_owned(),
            TokenKind::File(file) => file.path.display().to_string(),
        };
        format!("replace the token in {place}, or remove it and run: {login_command}")
    }

    /// Returns `true` if fetching again may give another token.
    #[must_use]
    pub(crate) const fn can_renew(&self) -> bool {
        matches!(self.kind, TokenKind::Command(_))
    }

    /// Returns `true` if fetching the token may take a while: from a command, or from a file that is a pipe.
    #[must_use]
    pub(crate) const fn may_block(&self) -> bool {
        !matches!(self.kind, TokenKind::Text(_))
    }

    /// Returns `true` if [`Self::account`] takes no token from a pipe.
    pub(crate) fn knows_account(&self) -> bool {
        match &self.kind {
            TokenKind::File(file) => file.path.is_file(),
            TokenKind::Command(_) | TokenKind::Text(_) => true,
        }
    }

    /// Returns what identifies the account whose limits a run shares: the token, or the command that
    /// produces its tokens.
    pub(crate) fn account(&self) -> Result<Vec<u8>, Error> {
        match &self.kind {
            TokenKind::Command(argv) => Ok(argv.join("\0").into_bytes()),
            TokenKind::Text(_) | TokenKind::File(_) => {
                let token = self.fetch(Duration::ZERO)?;
                Ok(token.expose().as_bytes().to_vec())
            }
        }
    }

    /// Fetches the token: the first line of the file or of the command's output, without space around
    /// it. The command gets no input and not the variable `MAVI_TOKEN`, its stderr passes through, and
    /// it may run for `within`: then it is ended, and its first line is used if it is complete.
    ///
    /// Fails with kind `auth`, with the source in the message.
    pub(crate) fn fetch(&self, within: Duration) -> Result<Secret, Error> {
        match &self.kind {
            TokenKind::Text(token) => self.checked(token.expose()),
            TokenKind::File(file) => {
                let line = File::open(&file.path).and_then(|mut file| {
                    let mut line = Zeroizing::default();
                    BufReader::new((&mut file).take(MAX_TOKEN as u64))
                        .read_until(b'\n', &mut line)?;
                    Ok(line)
                });
                let line = line.map_err(|error| {
                    self.error(&format!("cannot be read: {error}"))
                        .with_hint(format!("write the token to {}", file.path.display()))
                })?;
                self.checked_bytes(&line)
            }
            TokenKind::Command(argv) => {
                let line = token_command::first_line(argv, within)
                    .map_err(|error| self.command_error(argv, &error, within))?;
                self.checked_bytes(&line)
            }
        }
    }

    /// Returns the warning about a token file that others can read.
    pub(super) fn warning(&self) -> Option<String> {
        let TokenKind::File(WrittenPath { path, .. }) = &self.kind else {
            return None;
        };
        // A file that cannot be read is reported when the token is fetched.
        exposure_warning(path, &fs::metadata(path).ok()?)
    }

    fn command_error(&self, argv: &[String], error: &CommandError, within: Duration) -> Error {
        match error {
            CommandError::NotStarted(error) => self
                .error(&format!("cannot be run: {error}"))
                .with_hint(format!(
                    "check that {} is installed and on PATH",
                    program(argv)
                )),
            CommandError::Read(error) => self.error(&format!("cannot be read: {error}")),
            CommandError::Failed(status) => self
                .error(&format!("failed: {status}"))
                .with_hint("run it by hand to see why"),
            CommandError::Ending => self.error("was stopped, since the program is about to end"),
            CommandError::TimedOut => self
                .error(&format!("was stopped after {}", duration::format(within)))
                .with_hint("run it by hand to see why, or raise --request-timeout"),
        }
    }

    fn checked_bytes(&self, line: &[u8]) -> Result<Secret, Error> {
        let line = std::str::from_utf8(line)
            .map_err(|_| self.error("does not give text, so it cannot be a token"))?;
        self.checked(text::strip_bom(line))
    }

    fn checked(&self, text: &str) -> Result<Secret, Error> {
        Secret::from_token(text).map_err(|why| self.error(why))
    }

    fn error(&self, why: &str) -> Error {
        Error::new(ErrorKind::Auth, format!("{} {why}", self.origin()))
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenSource({})", self.origin())
    }
}

/// Returns the warning about a file that holds a token, if others can read it.
pub(super) fn exposure_warning(path: &Path, metadata: &Metadata) -> Option<String> {
    let path = path.display();
    let can = match FileExposure::of(metadata)? {
        FileExposure::Read => "read",
        FileExposure::Change => "change",
    };
    Some(format!(
        "{path} holds a token and others can {can} it: run `chmod 600 {path}`"
    ))
}

fn program(argv: &[String]) -> &str {
    argv.first().map_or("", String::as_str)
}

#[cfg(test)]
mod tests;
