//! The service that the sandbox stands in for: its tasks, and the reply to each call. Knows neither
//! HTTP nor clocks: the time is an argument, so tests need not wait for a task to end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;
use url::Url;

use super::callbacks::{self, CallbackJob};
use super::fault_injection::FaultInjector;
use super::fixture::{quoted, success};
use super::fixtures::Fixtures;
use super::options::SandboxOptions;
use super::rate_limits::RateLimitEnforcer;
use super::skipped_callbacks::SkippedCallbacks;
use super::stats::{Stats, TaskRecord};
use super::task::SandboxTask;
use crate::error::Error;
use crate::ids::TranscriptionType;

/// Upper bound for delays; keeps `Instant` arithmetic from overflowing.
const MAX_DELAY: Duration = Duration::from_hours(876_000);

/// The state of the service.
pub(super) struct Service {
    token: String,
    fixtures: Fixtures,
    delay: Duration,
    rate_limits: RateLimitEnforcer,
    pub(super) fault_injector: FaultInjector,
    tasks: HashMap<String, Arc<SandboxTask>>,
    task_numbers: Rng,
    callbacks_anywhere: bool,
    /// Callbacks for the caller to send.
    pub(super) pending_callbacks: Vec<CallbackJob>,
    skipped_callbacks: SkippedCallbacks,
    pub(super) stats: Stats,
}

/// The service, shared by the server and those who look at it from outside.
#[derive(Clone)]
pub(super) struct SharedService(Arc<Mutex<Service>>);

impl SharedService {
    pub(super) fn new(service: Service) -> Self {
        Self(Arc::new(Mutex::new(service)))
    }

    /// Locks the service, also after a panic: it is changed in steps that leave it whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, Service> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error reply of the service; each has the code of the API page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServiceError {
    /// `0001`, with the reason.
    Parameter(&'static str),
    /// `0401`.
    Unauthorized,
    /// `0429`.
    RateLimited,
}

impl ServiceError {
    /// Returns the reply. Its HTTP status is 200 all the same, as with the service.
    pub(super) fn envelope(self) -> String {
        let (code, msg) = match self {
            Self::Parameter(why) => ("0001", why),
            Self::Unauthorized => ("0401", "Authorization is invalid."),
            // Word for word the reply of the API page, which has no `data`.
            Self::RateLimited => {
                return r#"{"code":"0429","msg":"Request has exceeded the limit."}"#.to_owned();
            }
        };
        format!(r#"{{"code":"{code}","msg":{},"data":null}}"#, quoted(msg))
    }
}

impl Service {
    /// Creates a service without tasks, which calls `log` with a line for each callback address that
    /// it skips. Fails if the transcripts cannot be read.
    pub(super) fn new(
        options: SandboxOptions,
        log: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, Error> {
        let mut rng = options.seed.map_or_else(Rng::new, Rng::with_seed);
        Ok(Self {
            token: format!("sandbox-{:032x}", rng.u128(..)),
            fixtures: match options.transcripts {
                Some(directory) => Fixtures::directory(&directory)?,
                None => Fixtures::built_in()?,
            },
            delay: options.delay,
            rate_limits: RateLimitEnforcer::new(options.rate_limits),
            task_numbers: rng.fork(),
            fault_injector: FaultInjector::new(options.faults, &mut rng),
            tasks: HashMap::new(),
            callbacks_anywhere: options.callbacks_anywhere,
            pending_callbacks: Vec::new(),
            skipped_callbacks: SkippedCallbacks::new(log),
            stats: Stats::default(),
        })
    }

    /// Returns the token that the service accepts.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Checks the value of an `Authorization` header: the token, or "Bearer" and the token.
    pub(super) fn authorize(&mut self, header: Option<&str>) -> Result<(), ServiceError> {
        let given = header.map(|value| match value.split_once(' ') {
            // RFC 9110 §11.1: the scheme's name has no case.
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => value,
        });
        if given == Some(&self.token) {
            return Ok(());
        }
        self.stats.unauthorized += 1;
        Err(ServiceError::Unauthorized)
    }

    /// `subTranscription`: accepts a task and returns the reply with its number.
    pub(super) fn submit(&mut self, body: &[u8], now: Instant) -> Result<String, ServiceError> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| ServiceError::Parameter("The request body is not JSON."))?;
        let transcription_type = TranscriptionType::ALL
            .into_iter()
            .find(|transcription_type| body["type"] == transcription_type.wire_name())
            .ok_or(ServiceError::Parameter("The type must be AUDIO or VIDEO."))?;
        let allowed = self.rate_limits.allow_submit(transcription_type, now);
        self.within_limits(allowed)?;
        let video_no = body["videoNo"]
            .as_str()
            .filter(|video_no| !video_no.trim().is_empty())
            .ok_or(ServiceError::Parameter("The videoNo must not be empty."))?;
        let callback = callback_of(&body)?;
        let fixture = self
            .fixtures
            .find(video_no, transcription_type)
            .ok_or(ServiceError::Parameter("The video does not exist."))?;
        let task_no = self.new_task_number();
        let reply = success(&format!(r#"{{"taskNo":{}}}"#, quoted(&task_no)));
        let task = Arc::new(SandboxTask {
            record: TaskRecord {
                task_no: task_no.clone(),
                video_no: video_no.to_owned(),
                transcription_type,
                fails: self.fault_injector.task_fails(),
            },
            fixture,
            ends_at: now + self.delay.min(MAX_DELAY),
        });
        if let Some(url) = callback {
            self.schedule_callback(&task, url);
        }
        self.tasks.insert(task_no, task);
        self.stats.submits_accepted += 1;
        Ok(reply)
    }

    /// Returns every task, in no particular order.
    pub(super) fn tasks(&self) -> Vec<TaskRecord> {
        let records = self.tasks.values().map(|task| task.record.clone());
        records.collect()
    }

    /// `getTranscription`: returns the reply with the task's `data` at this time.
    pub(super) fn get(
        &mut self,
        task_no: Option<&str>,
        now: Instant,
    ) -> Result<String, ServiceError> {
        let allowed = self.rate_limits.allow_get(now);
        self.within_limits(allowed)?;
        let task_no = task_no
            .filter(|task_no| !task_no.is_empty())
            .ok_or(ServiceError::Parameter("The taskNo must not be empty."))?;
        let task = self
            .tasks
            .get(task_no)
            .ok_or(ServiceError::Parameter("The task does not exist."))?;
        self.stats.gets_answered += 1;
        Ok(task.fixture.envelope(&task.data(now)))
    }

    /// Counts a callback that was delivered, or else given up.
    pub(super) fn count_callback(&mut self, is_delivered: bool) {
        self.stats.callbacks_delivered += u64::from(is_delivered);
        self.stats.callbacks_given_up += u64::from(!is_delivered);
    }

    fn schedule_callback(&mut self, task: &Arc<SandboxTask>, url: Url) {
        if !task.has_end() {
            return;
        }
        if !callbacks::is_allowed(&url, self.callbacks_anywhere) {
            self.stats.callbacks_skipped += 1;
            self.skipped_callbacks.report(&url);
            return;
        }
        let faults = self.fault_injector.callback();
        if faults.is_lost {
            self.stats.callbacks_lost += 1;
            return;
        }
        self.pending_callbacks.push(CallbackJob {
            task: Arc::clone(task),
            url,
            due: task.ends_at + faults.delay.min(MAX_DELAY),
            faults,
        });
    }

    fn within_limits(&mut self, allowed: bool) -> Result<(), ServiceError> {
        if allowed {
            return Ok(());
        }
        self.stats.rate_limited += 1;
        Err(ServiceError::RateLimited)
    }

    /// Returns a random task ID in the form of a UUID.
    fn new_task_number(&mut self) -> String {
        let bits = self.task_numbers.u128(..);
        let mut number = format!("{bits:032x}");
        for at in [20, 16, 12, 8] {
            number.insert(at, '-');
        }
        number
    }
}

/// Returns the callback address of a submit; `None` if it is missing or null.
fn callback_of(body: &Value) -> Result<Option<Url>, ServiceError> {
    match &body["callBackURI"] {
        Value::Null => Ok(None),
        Value::String(uri) => Url::parse(uri)
            .ok()
            .filter(|uri| matches!(uri.scheme(), "http" | "https"))
            .map(Some)
            .ok_or(ServiceError::Parameter("The callBackURI is not a URL.")),
        _ => Err(ServiceError::Parameter("The callBackURI is not a URL.")),
    }
}

#[cfg(test)]
mod tests;
