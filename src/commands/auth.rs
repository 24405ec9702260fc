//! `mavi auth`: logs in, prints what token is used, and logs out.

mod status;

use std::net::SocketAddr;

use jiff::Timestamp;

use crate::cli::{Auth, AuthAction, AuthLogin};
use crate::config::{Layer, Settings, env::MAVI_API_KEY};
use crate::error::ExitStatus;
use crate::login::{self, Code, CodeReceiver, CodeReceiverOptions};
use crate::receiver;
use crate::secret::Secret;
use crate::urls::is_loopback;
use crate::when;

use super::Context;
use super::secret_input::{no_terminal, not_empty, one_word, secret_from_stdin};

pub(super) fn run(context: &Context, args: &Auth) -> anyhow::Result<ExitStatus> {
    match &args.action {
        AuthAction::Login(args) => log_in(context, args),
        AuthAction::Status(args) => status::run(context, args),
        AuthAction::Logout => log_out(context),
    }
}

fn log_in(context: &Context, args: &AuthLogin) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(Layer::default())?;
    let store = context.login_store(&settings)?;
    let client = context.client(&settings, false)?;
    let code = match args.listen {
        Some(addr) => receive(context, &settings, args, addr)?,
        None => ask(context, args)?,
    };
    context.reporter.status("logging in");
    let timeout = *settings.request_timeout;
    let login = login::log_in(&store, &code, timeout, |client_id, code| {
        client.log_in(client_id, code, timeout)
    })?;
    context.reporter.finish();
    let at = |end| when::with_distance(end, Timestamp::now());
    if login.renews_itself() {
        let end = login.login_ends_at.map(at);
        let end = end.map_or_else(String::new, |end| format!("; the login ends {end}"));
        let note = format!("logged in; tokens renew themselves{end}");
        context.reporter.info(&note);
    } else {
        let end = login.token_ends_at.map(at);
        let end = end.unwrap_or_else(|| "at a time that the service did not say".to_owned());
        context
            .reporter
            .info(&format!("logged in; the login ends {end}"));
        let command = context.login_command();
        let warning = format!(
            "the service gave no refresh token, so the login cannot renew itself: when it has ended, run: {command}"
        );
        context.reporter.warn(&warning);
    }
    if let Some(source) = &settings.token_source {
        let source = source.origin();
        let note = format!("{source} is set, and is used in place of the login");
        context.reporter.warn(&note);
    }
    Ok(ExitStatus::SUCCESS)
}

/// Reads client ID and code: from flags and stdin, or else from the terminal.
fn ask(context: &Context, args: &AuthLogin) -> anyhow::Result<Code> {
    let given = args
        .client_id
        .as_deref()
        .map(|id| not_empty(Secret::new(id.trim()), "client ID"));
    let given = given.transpose()?;
    if args.code_stdin && !context.terminal.stdin_is_terminal {
        let client_id = given.ok_or_else(|| no_terminal("client ID", "--client-id"))?;
        let code = not_empty(secret_from_stdin("code")?, "code")?;
        let code = one_word(code, "code")?;
        return Ok(Code { client_id, code });
    }
    let input = context.hidden_input("code", "--client-id and --code-stdin")?;
    let client_id = match given {
        Some(client_id) => client_id,
        None => not_empty(input.ask("client ID: ")?, "client ID")?,
    };
    let code = not_empty(input.ask("code: ")?, "code")?;
    Ok(Code { client_id, code })
}

/// Receives client ID and code from the service.
fn receive(
    context: &Context,
    settings: &Settings,
    args: &AuthLogin,
    addr: SocketAddr,
) -> anyhow::Result<Code> {
    let public_url = args.public_url.as_deref().map(receiver::parse_public_url);
    let public_url = public_url.transpose()?;
    let has_public_url = public_url.is_some();
    let api_key = match context.env.get(MAVI_API_KEY)? {
        Some(key) => Secret::new(key.trim()),
        None => context
            .hidden_input("API key", "MAVI_API_KEY")?
            .ask("API key: ")?,
    };
    let options = CodeReceiverOptions {
        addr,
        public_url,
        api_key: not_empty(api_key, "API key")?,
        client_id: args.client_id.as_deref().map(|id| Secret::new(id.trim())),
    };
    let reporter = context.reporter.clone();
    let codes = CodeReceiver::start(options, move |why| {
        reporter.warn(&format!("refused a request: {why}"));
    })?;
    if codes.addr().ip().is_loopback() && !has_public_url && !is_loopback(&settings.base_url) {
        let warning = "the service cannot reach this address: pass the callback URL of the account with --public-url";
        context.reporter.warn(warning);
    }
    for warning in receiver::address_warnings(codes.addr(), codes.url(), has_public_url) {
        context.reporter.warn(&warning);
    }
    let url = codes.url().to_owned();
    context.reporter.always(&format!(
        "waiting for the code; the callback URL of the account must be {url}"
    ));
    context.reporter.status("waiting for the code");
    let code = codes.wait()?;
    context.reporter.finish();
    Ok(code)
}

fn log_out(context: &Context) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(Layer::default())?;
    let store = context.login_store(&settings)?;
    let note = if store.delete(*settings.request_timeout)? {
        "logged out: the tokens are deleted from this machine"
    } else {
        "there is no stored login"
    };
    context.reporter.info(note);
    Ok(ExitStatus::SUCCESS)
}
