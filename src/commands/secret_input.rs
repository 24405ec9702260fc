//! Secrets that are typed, and not shown, or piped in.

use std::io::Read as _;

use anyhow::Context as _;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::secret::Secret;
use crate::streams;
use crate::ui::HiddenInput;

use super::Context;

/// Maximum size of a secret on stdin, in bytes; what is longer was piped in by mistake.
const MAX_SECRET: u64 = 64 * 1024;

impl Context {
    /// Asks on the terminal, without showing the answers. Fails with kind `usage` where there is none;
    /// `flags` are what to use then.
    pub(super) fn hidden_input(&self, what: &str, flags: &str) -> anyhow::Result<HiddenInput<'_>> {
        if !self.terminal.stdin_is_terminal || !self.terminal.stderr.is_terminal {
            return Err(no_terminal(what, flags).into());
        }
        HiddenInput::start(&self.reporter).context("could not hide what is typed on the terminal")
    }

    /// Reads the token for the configuration file from stdin; a terminal is asked for it.
    pub(super) fn token_from_stdin(&self) -> anyhow::Result<Secret> {
        let token = if self.terminal.stdin_is_terminal {
            self.hidden_input("token", "a pipe")?.ask("token: ")?
        } else {
            secret_from_stdin("token")?
        };
        if token.expose().is_empty() {
            let error = Error::usage("no token on stdin");
            let hint = "for example: pass show mavi | mavi config init --token-stdin";
            return Err(error.with_hint(hint).into());
        }
        Ok(token)
    }
}

/// Returns the error for a question that nobody can be asked.
pub(super) fn no_terminal(what: &str, flags: &str) -> Error {
    Error::usage(format!("there is no terminal to ask for the {what}"))
        .with_hint(format!("give it with {flags}"))
}

/// Refuses an empty answer.
pub(super) fn not_empty(secret: Secret, what: &str) -> Result<Secret, Error> {
    if secret.expose().is_empty() {
        let error = Error::usage(format!("the {what} is empty"));
        return Err(error.with_hint("run the command again"));
    }
    Ok(secret)
}

/// Refuses a secret of several lines or words.
pub(super) fn one_word(secret: Secret, what: &str) -> Result<Secret, Error> {
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    if secret.expose().contains(is_odd) {
        let message = format!("the {what} has several lines, spaces or control characters");
        return Err(Error::usage(message).with_hint(format!("give the {what} alone")));
    }
    Ok(secret)
}

/// Reads a secret from stdin, without space around it.
pub(super) fn secret_from_stdin(what: &str) -> anyhow::Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    streams::stdin()
        .take(MAX_SECRET)
        .read_to_string(&mut text)
        .with_context(|| format!("could not read the {what} from stdin"))?;
    Ok(Secret::new(text.trim()))
}
