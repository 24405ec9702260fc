//! `mavi auth status`: whose token is used, where it comes from, and when it ends. Nothing is sent, and no
//! token is shown.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::{AuthFormat, AuthStatus};
use crate::commands::Context;
use crate::commands::token_source::LOGIN_ORIGIN;
use crate::config::Layer;
use crate::error::ExitStatus;
use crate::login::Login;
use crate::output::to_stdout;
use crate::{text, when};

/// The number of characters of the client ID that are shown.
const SHOWN_OF_CLIENT_ID: usize = 4;

/// The facts about the token, by the names of their JSON fields.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenFacts {
    base_url: String,
    profile: Option<String>,
    source: &'static str,
    source_detail: String,
    client_id: Option<String>,
    token_ends_at: Option<String>,
    login_ends_at: Option<String>,
}

pub(super) fn run(context: &Context, args: &AuthStatus) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(Layer::default())?;
    let login = match &settings.token_source {
        Some(_) => None,
        None => context.stored_login(&settings)?.map(|(_, login)| login),
    };
    if login.is_none() {
        // Fails where there is no other token either.
        context.configured_token(&settings)?;
    }
    let (source, source_detail) = settings.token_source.as_ref().map_or_else(
        || ("login", LOGIN_ORIGIN.to_owned()),
        |source| (source.kind(), text::one_line(&source.origin()).into_owned()),
    );
    let (token_end, login_end) = login.as_ref().map_or((None, None), |login| {
        (login.token_ends_at, login.login_ends_at)
    });
    let time = |time: Timestamp| format!("{time:.0}");
    let facts = TokenFacts {
        base_url: settings.base_url.as_str().trim_end_matches('/').to_owned(),
        profile: settings.profile.as_ref().map(|name| name.value.clone()),
        source,
        source_detail,
        client_id: login.as_ref().map(shown_client_id),
        token_ends_at: token_end.map(time),
        login_ends_at: login_end.map(time),
    };
    let page = match args.format {
        AuthFormat::Json => serde_json::to_string_pretty(&facts)?,
        AuthFormat::Text => facts.to_text([token_end, login_end]),
    };
    to_stdout(|out| writeln!(out, "{page}"))?;
    if login.is_some_and(|login| login.has_expired(Timestamp::now())) {
        let command = context.login_command();
        let warning = format!("the login has expired: to log in again, run: {command}");
        context.reporter.warn(&warning);
    }
    Ok(ExitStatus::SUCCESS)
}

impl TokenFacts {
    /// Returns a line per fact. The ends are shown with their distance.
    fn to_text(&self, ends: [Option<Timestamp>; 2]) -> String {
        let now = Timestamp::now();
        let [token_end, login_end] = ends.map(|end| {
            let end = end?;
            let expired = if end <= now { "expired " } else { "" };
            Some(format!("{expired}{}", when::with_distance(end, now)))
        });
        let profile = self.profile.as_deref().map(text::one_line);
        let lines = [
            ("service", Some(self.base_url.clone())),
            ("profile", profile.map(Into::into)),
            ("token from", Some(self.source_detail.clone())),
            ("client ID", self.client_id.clone()),
            ("token expires", token_end),
            ("login expires", login_end),
        ];
        let lines = lines.into_iter().filter_map(|(name, value)| {
            let name = format!("{name}:");
            Some(format!("{name:<15}{}", value?))
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Returns the start of the client ID.
fn shown_client_id(login: &Login) -> String {
    let text = login.client_id.expose();
    let text = text::one_line(text);
    let start: String = text.chars().take(SHOWN_OF_CLIENT_ID).collect();
    format!("{start}…")
}
