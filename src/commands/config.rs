//! `mavi config`: prints the path of the configuration file or the settings, or creates the file.

use crate::cli::{Config, ConfigAction};
use crate::config::{self, Layer, init, paths};
use crate::error::{ErrorKind, ExitStatus};
use crate::output::to_stdout;

use super::Context;
use super::token_source::LOGIN_ORIGIN;

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
            // A login that cannot be read does not keep the settings from being shown.
            let login = match context.stored_login(&settings) {
                Ok(None) => None,
                Ok(Some(_)) => Some(format!("from {LOGIN_ORIGIN}, not shown")),
                Err(error) if error.kind == ErrorKind::Auth => {
                    Some("the stored login is damaged".to_owned())
                }
                Err(_) => Some("the stored login cannot be read".to_owned()),
            };
            let text = config::show(&settings, login.as_deref());
            to_stdout(|out| out.write_all(text.as_bytes()))?;
        }
        ConfigAction::Init { token_stdin, force } => {
            let token = if token_stdin {
                Some(context.token_from_stdin()?)
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
