//! `mavi doctor`: goes the way of a request from the settings to the service, a line a check, and
//! fails with the first thing that is wrong and what mends it. What a failed check leaves open is
//! skipped, not guessed. Nothing is submitted, and the token is named by its place alone.

mod network;
mod report;

use std::time::Duration;

use jiff::Timestamp;

use crate::api::{Client, Proxy};
use crate::config::Settings;
use crate::duration;
use crate::error::{Error, Exit, Kind};
use crate::ids::TaskNo;
use crate::secret::Secret;

use super::{Context, connect};
use report::{Finding, Report};

/// A number that the service gives to no task.
const IMPOSSIBLE: &str = "mavi-doctor-asks-for-no-task";
/// Codes by which the service says that there is no such task: it has accepted the token.
const NO_SUCH_TASK: [&str; 2] = ["0001", "0003"];
/// Clocks may differ by this much before certificates and tokens suffer from it.
const CLOCK_TOLERANCE: Duration = Duration::from_mins(5);

pub(super) fn run(context: &Context) -> anyhow::Result<Exit> {
    let mut report = Report::new(context);
    let settings = context.settings(&connect::overrides(&context.global));
    let settings = settings.map(|settings| (shown(&settings), settings));
    if let Some(settings) = report.check(settings)? {
        examine(context, &settings, &mut report)?;
    }
    report.end()
}

/// The checks after the first, in the report's order. It ends where the next one has nothing to
/// stand on.
fn examine(context: &Context, settings: &Settings, report: &mut Report<'_>) -> anyhow::Result<()> {
    let url = &*settings.base_url;
    let patience = (*settings.request_timeout).min(network::PATIENCE);
    let shown = url.as_str().trim_end_matches('/');
    context.progress.state(&format!("checking {shown}"));
    let token = report.check(token(settings))?;

    let proxy = Proxy::of(url);
    let proxied = network::proxy(proxy.as_ref(), patience);
    if report.check(proxied)?.is_none() {
        return Ok(());
    }
    if proxy.is_some() {
        report.skip("the proxy looks it up")?;
        report.skip("the proxy connects")?;
    } else {
        let Some(addresses) = report.check(network::name(url))? else {
            return Ok(());
        };
        if report.check(network::tcp(&addresses, patience))?.is_none() {
            return Ok(());
        }
    }

    let Some((client, date)) = report.check(network::tls(context, settings))? else {
        return Ok(());
    };
    report.check(Ok((clock(date, Timestamp::now()), ())))?;
    match token {
        Some(token) => report.check(api(&client, &token, *settings.request_timeout))?,
        None => report.skip("there is no token to send")?,
    };
    Ok(())
}

/// Where the settings come from.
fn shown(settings: &Settings) -> Finding {
    let file = match &settings.file {
        None => "no file: there is no home folder".to_owned(),
        Some(file) if settings.file_exists => file.path.display().to_string(),
        Some(file) => format!("no file at {}: the defaults hold", file.path.display()),
    };
    let profile = settings.profile.as_ref();
    let profile = profile.map_or_else(String::new, |name| format!(", profile {}", name.value));
    Finding::Fine(format!("{file}{profile}"))
}

fn token(settings: &Settings) -> Result<(Finding, Secret), Error> {
    let source = settings.token()?;
    let token = source.fetch()?;
    Ok((Finding::Fine(format!("from {}", source.origin())), token))
}

/// How far this machine's clock is from the service's.
fn clock(theirs: Option<Timestamp>, ours: Timestamp) -> Finding {
    let Some(theirs) = theirs else {
        return Finding::Skipped("the service does not say what time it is".to_owned());
    };
    let off = ours.duration_since(theirs);
    let by = off.unsigned_abs();
    let side = if off.is_negative() {
        "behind"
    } else {
        "ahead of"
    };
    let shown = duration::format(Duration::from_secs(by.as_secs().max(1)));
    if by <= CLOCK_TOLERANCE {
        Finding::Fine(format!("within {shown} of the service's"))
    } else {
        Finding::Odd(format!(
            "{shown} {side} the service's; set this machine's clock, certificates and tokens depend on it"
        ))
    }
}

/// Asks for a task that cannot exist: a service that says so has accepted the token.
fn api(client: &Client, token: &Secret, timeout: Duration) -> Result<(Finding, ()), Error> {
    let fine = || Finding::Fine("the service answers and accepts the token".to_owned());
    let task = TaskNo::new(IMPOSSIBLE)?;
    match client.get(token, &task, timeout) {
        Ok(_) => Ok((fine(), ())),
        Err(failure) => match failure.error {
            Error {
                kind: Kind::Api,
                api_code: Some(code),
                ..
            } if NO_SUCH_TASK.contains(&&*code) => Ok((fine(), ())),
            error => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(theirs: &str, ours: &str) -> (bool, String) {
        match clock(Some(theirs.parse().unwrap()), ours.parse().unwrap()) {
            Finding::Fine(text) => (true, text),
            Finding::Odd(text) => (false, text),
            Finding::Skipped(text) => panic!("{text}"),
        }
    }

    #[test]
    fn a_clock_is_odd_from_five_minutes_on() {
        for (ours, fine, text) in [
            ("2026-01-01T12:00:00.9Z", true, "within 1s of"),
            ("2026-01-01T11:55:00Z", true, "within 5m of"),
            ("2026-01-01T12:05:01Z", false, "5m1s ahead of"),
            ("2026-01-01T10:00:00Z", false, "2h behind the"),
        ] {
            let (is_fine, said) = said("2026-01-01T12:00:00Z", ours);
            assert_eq!(is_fine, fine, "{ours}: {said}");
            assert!(said.starts_with(text), "{ours}: {said}");
        }
    }
}
