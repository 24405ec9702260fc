//! `mavi doctor`: runs the checks that a request depends on, from the settings to the service, one per
//! line, and fails with the first failure and how to fix it. What a failed check leaves open is skipped.
//! Nothing is submitted, and the token is named by its source alone.

mod clock;
mod network;
mod report;

use std::time::Duration;

use jiff::Timestamp;

use crate::api::{ApiClient, Credentials, Proxy};
use crate::config::{Layer, Settings};
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::ids::TaskNo;
use crate::secret::Secret;

use super::Context;
use report::{CheckResult, Report};

/// A task ID that the service never assigns.
const NONEXISTENT_TASK: &str = "mavi-doctor-asks-for-no-task";
/// Codes of the service for a task that does not exist: it has accepted the token.
const NO_SUCH_TASK: [&str; 2] = ["0001", "0003"];

pub(super) fn run(context: &Context) -> anyhow::Result<ExitStatus> {
    let mut report = Report::new(context);
    let settings = context.settings(Layer::default());
    let settings = settings.map(|settings| (describe(&settings), settings));
    if let Some(settings) = report.check(settings)? {
        run_checks(context, &settings, &mut report)?;
    }
    report.end()
}

/// Runs the checks after the first, in the order of the report, until one fails on which all others
/// depend.
fn run_checks(
    context: &Context,
    settings: &Settings,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    let url = &*settings.base_url;
    let timeout = (*settings.request_timeout).min(network::MAX_CONNECT_TIMEOUT);
    let address = url.as_str().trim_end_matches('/');
    context.reporter.status(&format!("checking {address}"));
    let credentials = report.check(token(context, settings))?;

    let proxied = context.proxy(settings).and_then(|named| {
        let proxy = Proxy::of(url, named.as_ref());
        let (finding, ()) = network::proxy(proxy.as_ref(), timeout)?;
        Ok((finding, proxy))
    });
    let Some(proxy) = report.check(proxied)? else {
        return Ok(());
    };
    if let Some(proxy) = proxy {
        if proxy.resolves_names() {
            report.skip("the proxy resolves it")?;
        } else if report.check(network::name(url, timeout))?.is_none() {
            return Ok(());
        }
        report.skip("the proxy connects")?;
    } else {
        let Some(addresses) = report.check(network::name(url, timeout))? else {
            return Ok(());
        };
        if report.check(network::tcp(&addresses, timeout))?.is_none() {
            return Ok(());
        }
    }

    let Some((client, date)) = report.check(network::tls(context, settings))? else {
        return Ok(());
    };
    report.check(Ok((clock::compare(date, Timestamp::now()), ())))?;
    let timeout = *settings.request_timeout;
    match credentials {
        Some(credentials) => {
            let client = ApiClient::new(client, credentials, timeout);
            report.check(api(&client, timeout))?
        }
        None => report.skip("no token to send")?,
    };
    Ok(())
}

/// Describes where the settings come from.
fn describe(settings: &Settings) -> CheckResult {
    let file = match &settings.file {
        None => "no file: there is no home directory".to_owned(),
        Some(file) if settings.file_exists => file.path.display().to_string(),
        Some(file) => format!("no file at {}; using defaults", file.path.display()),
    };
    let profile = settings.profile.as_ref();
    let profile = profile.map_or_else(String::new, |name| format!(", profile {}", name.value));
    CheckResult::Ok(format!("{file}{profile}"))
}

fn token(context: &Context, settings: &Settings) -> Result<(CheckResult, Credentials), Error> {
    let source = context.token_source(settings)?;
    let result = CheckResult::Ok(format!("from {}", source.origin()));
    let (can_renew, timeout) = (source.can_renew(), *settings.request_timeout);
    let fetch = move |refused: Option<&Secret>| source.fetch(refused, timeout);
    let credentials = Credentials::new(fetch, can_renew, context.refusal_hint(settings));
    credentials.prepare()?;
    Ok((result, credentials))
}

/// Asks for a task that cannot exist: a service that replies so has accepted the token.
fn api(api: &ApiClient, timeout: Duration) -> Result<(CheckResult, ()), Error> {
    let ok = || CheckResult::Ok("the service accepts the token".to_owned());
    let task = TaskNo::new(NONEXISTENT_TASK)?;
    let reply = loop {
        match api.get(&task, timeout) {
            Err(failure) if failure.renews_token => {}
            reply => break reply,
        }
    };
    match reply {
        Ok(_) => Ok((ok(), ())),
        Err(failure) => match failure.error {
            Error {
                kind: ErrorKind::Api,
                api_code: Some(code),
                ..
            } if NO_SUCH_TASK.contains(&&*code) => Ok((ok(), ())),
            error => Err(error),
        },
    }
}
