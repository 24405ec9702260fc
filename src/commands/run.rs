//! From arguments and settings to a run of the engine: its client, journal, rate limits, output, and
//! the command that goes on where it stops.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::api::{ApiClient, Credentials};
use crate::captions::ReflowLimits;
use crate::cli::{self, Global, Waiting};
use crate::config::{CaptionSettings, Layer, Origin, Settings, paths};
use crate::engine::job::{Callbacks, JobOptions, PollIntervals, Polls};
use crate::engine::rate_limit::{AccountLimits, EndpointLimit, SharedRateLimiter};
use crate::engine::resume::{CommandLine, ResumeCommands};
use crate::engine::retry::RetryLimit;
use crate::engine::{
    CallbackReceiver, EventQueue, JournalWriter, ListenOptions, ResultWriter, RunParts,
};
use crate::error::{Error, ErrorFormat, ErrorKind};
use crate::ids::TaskNo;
use crate::output::{ItemNames, Output, OutputOptions};
use crate::render::{Format, Style};
use crate::ui::ColorChoice;

use super::Context;

impl Context {
    /// Returns the journal of this run; nothing is opened yet.
    pub(super) fn journal(&self, settings: &Settings) -> JournalWriter {
        let state_dir = paths::state_dir(&self.env);
        JournalWriter::new(state_dir, settings.base_url.as_str(), self.reporter.clone())
    }

    /// Returns the place for results; `several` says that more than one may come. What cannot work is
    /// a usage error, before any request.
    pub(super) fn results(
        &self,
        args: &cli::OutputArgs,
        settings: &Settings,
        several: bool,
    ) -> Result<ResultWriter, Error> {
        let stdout = self.terminal.stdout;
        let output = Output::new(&OutputOptions {
            formats: args.formats.clone(),
            path: args.output.clone(),
            no_clobber: args.no_clobber,
            configured: configured(settings),
            several,
            stdout: Style {
                width: stdout.width,
                colour: stdout.colour,
                is_terminal: stdout.is_terminal,
                reflow: args.reflow.then(|| reflow_limits(&settings.captions)),
            },
        })?;
        Ok(ResultWriter::new(output, self.reporter.clone()))
    }

    /// Binds the receiver of `--listen`, where it is given.
    pub(super) fn receiver(
        &self,
        waiting: &Waiting,
        settings: &Settings,
        queue: &EventQueue,
    ) -> Result<Option<CallbackReceiver>, Error> {
        let Some(addr) = waiting.listen else {
            return Ok(None);
        };
        let options = ListenOptions {
            addr,
            public_url: waiting.public_url.clone(),
            path_secret_file: waiting.path_secret_file.clone(),
            body_limit: *settings.max_reply_size,
            addr_flag: "--listen",
        };
        let base_url = &settings.base_url.value;
        let receiver = CallbackReceiver::bind(&options, base_url, &self.reporter, queue)?;
        self.reporter
            .info(&format!("listening for callbacks on {}", receiver.addr()));
        if receiver.is_unreachable() {
            self.reporter.warn(
                "the service cannot reach a loopback address, so tasks are polled as usual: pass a \
                 reachable address with --public-url",
            );
        }
        Ok(Some(receiver))
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
        let source = settings.token()?.clone();
        let bound = *settings.request_timeout;
        let account = source.account()?;
        let started = Instant::now();
        let (can_renew, end) = (source.can_renew(), timeout.map(|timeout| started + timeout));
        let fetch = move || {
            let left = end.map_or(bound, |end| end.saturating_duration_since(Instant::now()));
            source.fetch(bound.min(left))
        };
        let client = self.client(settings, !submits)?;
        let api = ApiClient::new(client, Credentials::new(fetch, can_renew), bound);
        api.prepare().map_err(|error| match end {
            // The timeout was what ended it.
            Some(end) if Instant::now() >= end => Error {
                kind: ErrorKind::Unfinished,
                ..error
            },
            _ => error,
        })?;
        let state_dir = paths::state_dir(&self.env);
        let base_url = settings.base_url.as_str();
        let limits = account_limits(settings);
        Ok(RunParts {
            api: Some(Arc::new(api)),
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
            receiver: None,
            callback: None,
            reuse: false,
            time_unit: *settings.time_unit,
            workers: *settings.jobs,
            timeout: None,
            count: None,
            resume: ResumeCommands::default(),
            reporter: self.reporter.clone(),
            queue,
        }
    }

    /// Returns the command that waits for tasks with the options of this run. A receiver is only worth
    /// having again where tasks know its address, secret path and port included.
    pub(super) fn wait_command(
        &self,
        waiting: &Waiting,
        output: &cli::OutputArgs,
        receiver: Option<&CallbackReceiver>,
    ) -> CommandLine {
        let mut waiting = waiting.clone();
        if waiting.path_secret_file.is_some() {
            waiting.listen = receiver.map(CallbackReceiver::addr);
        } else {
            (waiting.listen, waiting.public_url) = (None, None);
        }
        let mut line = self.command_line("wait", waiting.layer().or(output.layer()));
        add_waiting(&mut line, &waiting);
        add_output(&mut line, output);
        line
    }

    /// Returns `mavi` with this command and the global flags of this run; `keys` are the flags of its
    /// own that configuration knows too.
    pub(super) fn command_line(&self, command: &str, keys: Layer) -> CommandLine {
        let mut line = CommandLine::new(["mavi", command]);
        let global: &Global = &self.global;
        line.option("--config", global.config.as_deref().map(text_of));
        line.option("--profile", global.profile.clone());
        for (flag, value) in global.keys.layer().or(keys).flags() {
            line.option(&flag, Some(value));
        }
        line.switch("--quiet", global.quiet);
        line.switch("--verbose", global.verbose);
        let color = (global.color != ColorChoice::default()).then(|| global.color.name());
        line.option("--color", color);
        let errors = global.error_format;
        line.option(
            "--error-format",
            (errors != ErrorFormat::default()).then(|| errors.name()),
        );
        line
    }
}

/// Returns the rules of a run, but for polls and callbacks.
pub(super) fn job_options(settings: &Settings, parts: &RunParts, polls: Polls) -> JobOptions {
    JobOptions {
        polls,
        intervals: PollIntervals::new(*settings.wait.interval),
        retries: RetryLimit::Attempts(*settings.retries),
        workers: *settings.jobs,
        timeout: None,
        can_renew_token: parts.api.as_ref().is_some_and(|api| api.can_renew_token()),
        collects_results: parts
            .results
            .as_ref()
            .is_some_and(ResultWriter::is_collected),
        callbacks: None,
        seed: fastrand::u64(..),
    }
}

/// Returns how `wait` and `submit --wait` take callbacks; `is_new` says that the address is of this run
/// alone.
pub(super) fn callbacks(receiver: &CallbackReceiver, is_new: bool) -> Callbacks {
    let is_reachable = receiver.matches_callback_url(receiver.callback_url());
    Callbacks {
        takes_all: false,
        accepts_unknown_tasks: false,
        is_reachable,
        advice: if is_new && is_reachable {
            " (--path-secret-file keeps the address from run to run)"
        } else {
            ""
        },
        count: None,
    }
}

/// Adds the flags of waiting that are not keys of the configuration.
pub(super) fn add_waiting(line: &mut CommandLine, waiting: &Waiting) {
    line.option("--listen", waiting.listen.map(|addr| addr.to_string()));
    line.option("--public-url", waiting.public_url.clone());
    line.option(
        "--path-secret-file",
        waiting.path_secret_file.as_deref().map(text_of),
    );
}

/// Adds the output options that are not keys of the configuration.
pub(super) fn add_output(line: &mut CommandLine, output: &cli::OutputArgs) {
    let formats: Vec<&str> = output.formats.iter().map(|format| format.name()).collect();
    line.option("--format", (!formats.is_empty()).then(|| formats.join(",")));
    line.option("--output", output.output.as_deref().map(text_of));
    line.switch("--no-clobber", output.no_clobber);
    line.switch("--reflow", output.reflow);
}

/// Returns the arguments as they were given, for the command that goes on; `None` where they came by
/// stdin.
pub(super) fn given(arguments: &[OsString]) -> Option<Vec<String>> {
    let is_stdin = arguments.iter().any(|argument| argument == "-");
    (!is_stdin).then(|| {
        let texts = arguments
            .iter()
            .map(|argument| argument.to_string_lossy().into_owned());
        texts.collect()
    })
}

/// Returns `true` for a task whose files exist and are to be left alone.
pub(super) fn is_settled(results: &ResultWriter, task: &TaskNo) -> bool {
    results.output_exists(&ItemNames {
        task_no: Some(task.as_str()),
        ..ItemNames::default()
    })
}

/// Returns the format that the environment or the file names.
fn configured(settings: &Settings) -> Option<Format> {
    let is_configured = settings.output.format.origin != Origin::Default;
    is_configured.then_some(*settings.output.format)
}

fn text_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn account_limits(settings: &Settings) -> AccountLimits {
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

/// Returns the limits of `--reflow` as the captions room takes them.
fn reflow_limits(captions: &CaptionSettings) -> ReflowLimits {
    ReflowLimits {
        max_line_width: *captions.max_line_width,
        max_lines: *captions.max_lines,
        max_cps: *captions.max_cps,
        min_duration: *captions.min_duration,
        max_duration: *captions.max_duration,
        min_gap: *captions.min_gap,
    }
}
