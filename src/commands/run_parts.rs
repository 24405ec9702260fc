//! Builds the parts of an engine run from the settings: journal, client, rate limits, and job options.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::api::{ApiClient, Credentials};
use crate::config::{Settings, paths};
use crate::engine::job::{JobOptions, PollIntervals, Polls, UploadRules};
use crate::engine::rate_limit::{AccountLimits, EndpointLimit, SharedRateLimiter};
use crate::engine::resume::ResumeCommands;
use crate::engine::retry::RetryLimit;
use crate::engine::{EventQueue, JournalWriter, ResultWriter, RunParts};
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::signals::{self, RunOutcome};

use super::Context;

impl Context {
    /// Returns the journal of this run; nothing is opened yet.
    pub(super) fn journal(&self, settings: &Settings) -> JournalWriter {
        let state_dir = paths::state_dir(&self.env);
        JournalWriter::new(state_dir, settings.base_url.as_str(), self.reporter.clone())
    }

    /// Returns the parts that every run needs, with a client whose token is at hand. `timeout` bounds
    /// the fetching of the token too.
    pub(super) fn run_parts(
        &self,
        settings: &Settings,
        queue: EventQueue,
        submits: bool,
        timeout: Option<Duration>,
    ) -> Result<RunParts, Error> {
        let source = self.token_source(settings)?;
        let bound = *settings.request_timeout;
        let hint = self.refusal_hint(settings);
        let started = Instant::now();
        let (account, may_block) = (source.clone(), source.may_block());
        let (can_renew, end) = (source.can_renew(), timeout.map(|timeout| started + timeout));
        let fetch = move |refused: Option<&Secret>| {
            let left = end.map_or(bound, |end| end.saturating_duration_since(Instant::now()));
            source.fetch(refused, bound.min(left))
        };
        let client = self.client(settings, !submits)?;
        let api = ApiClient::new(client, Credentials::new(fetch, can_renew, hint), bound);
        let api = Arc::new(api);
        let prepare = {
            let api = Arc::clone(&api);
            move || {
                account
                    .account()
                    .and_then(|account| api.prepare().map(|()| account))
            }
        };
        let prepared = if may_block && !signals::has_listener() {
            until_signal(prepare)
        } else {
            prepare()
        };
        let account = prepared.map_err(|error| match end {
            // The timeout was what ended it.
            Some(end) if Instant::now() >= end && !signals::is_pending() => Error {
                kind: ErrorKind::Unfinished,
                ..error
            },
            _ => error,
        })?;
        let state_dir = paths::state_dir(&self.env);
        let base_url = settings.base_url.as_str();
        let limits = account_limits(settings);
        Ok(RunParts {
            api: Some(api),
            limits: Some(SharedRateLimiter::open(
                state_dir.as_deref(),
                base_url,
                &account,
                limits,
            )),
            submits_per_minute: limits.submit_audio.per_minute.get(),
            ..self.local_parts(settings, queue)
        })
    }

    /// Returns the parts of a run that calls nothing.
    pub(super) fn local_parts(&self, settings: &Settings, queue: EventQueue) -> RunParts {
        RunParts {
            api: None,
            limits: None,
            submits_per_minute: 0,
            journal: self.journal(settings),
            results: None,
            submit_output: None,
            upload_output: None,
            receiver: None,
            callback: None,
            upload_callback: None,
            reuse: false,
            time_unit: *settings.time_unit,
            timeout: None,
            count: None,
            commands: self.hint_commands(),
            resume: ResumeCommands::default(),
            reporter: self.reporter.clone(),
            queue,
        }
    }
}

/// Does what may take a while before the run begins. A signal ends the run, but not a refresh that has been
/// sent.
fn until_signal<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match signals::run(work) {
        RunOutcome::Done(done) => done,
        RunOutcome::Signal(kind) => Err(Error::interrupted(kind)),
        RunOutcome::Panicked => Err(Error::new(
            ErrorKind::Internal,
            "the fetching of the token has panicked",
        )),
    }
}

/// Returns the options of a job, without callbacks.
pub(super) fn job_options(settings: &Settings, parts: &RunParts, polls: Polls) -> JobOptions {
    JobOptions {
        polls,
        intervals: PollIntervals::new(*settings.wait.interval),
        uploads: UploadRules::default(),
        retries: RetryLimit::Attempts(*settings.retries),
        workers: *settings.jobs,
        timeout: parts.timeout,
        collects_results: parts
            .results
            .as_ref()
            .is_some_and(ResultWriter::is_collected),
        callbacks: None,
        commands: parts.commands.clone(),
        seed: fastrand::u64(..),
    }
}

/// Returns the rate limits of the settings.
pub(super) fn account_limits(settings: &Settings) -> AccountLimits {
    let limits = &settings.limits;
    AccountLimits {
        submit_audio: EndpointLimit::new(
            *limits.submit_audio_per_minute,
            *limits.submit_audio_per_day,
        ),
        submit_video: EndpointLimit::new(
            *limits.submit_video_per_minute,
            *limits.submit_video_per_day,
        ),
        get: EndpointLimit::new(*limits.get_per_minute, *limits.get_per_day),
        upload: EndpointLimit::new(*limits.upload_per_minute, *limits.upload_per_day),
        list: EndpointLimit::new(*limits.list_per_minute, *limits.list_per_day),
    }
}
