//! `mavi config`: prints the path of the configuration file or the settings, or creates the file.

use std::io::{self, Read as _};

use anyhow::Context as _;

use crate::cli::{Config, ConfigAction};
use crate::config::{self, Layer, init, paths};
use crate::error::{Error, ExitStatus};
use crate::output::to_stdout;
use crate::secret::Secret;

use super::Context;

/// Maximum size of a token on stdin, in bytes; what is longer was piped in by mistake.
const MAX_TOKEN: u64 = 64 * 1024;

pub(super) fn run(context: &Context, args: &Config) -> anyhow::Result<ExitStatus> {
    let location = || {
        paths::config_file(context.global.config.as_deref(), &context.env)?
            .ok_or_else(paths::no_home)
    };
    match args.action {
        ConfigAction::Path => {
            let path = location()?.path;
            to_stdout(|out| writeln!(out, "{}", path.display()))?;
        }
        ConfigAction::Show => {
            let settings = context.settings(Layer::default())?;
            let text = config::show(&settings);
            to_stdout(|out| out.write_all(text.as_bytes()))?;
        }
        ConfigAction::Init { token_stdin, force } => {
            let token = if token_stdin {
                if context.terminal.stdin_is_terminal {
                    let note = "type or paste the token, then press Enter and Ctrl-D";
                    context.reporter.info(note);
                }
                Some(token_from_stdin()?)
            } else {
                None
            };
            let path = location()?.path;
            let with_token = if token.is_some() {
                " with the token"
            } else {
                ""
            };
            init::init(&path, token.as_ref(), force)?;
            context.reporter.info(&format!(
                "created {}{with_token}; only you can read it",
                path.display()
            ));
        }
    }
    Ok(ExitStatus::SUCCESS)
}

fn token_from_stdin() -> anyhow::Result<Secret> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .take(MAX_TOKEN)
        .read_to_string(&mut text)
        .context("could not read the token from stdin")?;
    match text.trim() {
        "" => Err(Error::usage("no token on stdin")
            .with_hint("for example: pass show mavi | mavi config init --token-stdin")
            .into()),
        token => Ok(Secret::new(token)),
    }
}
