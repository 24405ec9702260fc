//! The service that the sandbox stands in for: its tasks, and the reply to each call. Knows neither
//! HTTP nor clocks: the time is an argument, so tests need not wait for a task to end.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;
use serde_json::Value;
use url::Url;

use super::account::Account;
use super::callbacks::{self, CallbackEvent, CallbackJob};
use super::fault_injection::FaultInjector;
use super::fixture::{Fixture, quoted, success};
use super::fixtures::Fixtures;
use super::listing_faults;
use super::multipart::ReceivedFile;
use super::options::SandboxOptions;
use super::rate_limits::RateLimitEnforcer;
use super::service_error::ServiceError;
use super::skipped_callbacks::SkippedCallbacks;
use super::stats::{Stats, TaskRecord};
use super::task::SandboxTask;
use super::videos::{Parse, VideoStore};
use crate::error::Error;
use crate::ids::TranscriptionType;

/// Upper bound for delays; keeps `Instant` arithmetic from overflowing.
const MAX_DELAY: Duration = Duration::from_hours(876_000);

/// The state of the service.
pub(super) struct Service {
    token: String,
    pub(super) account: Account,
    fixtures: Fixtures,
    delay: Duration,
    parse_delay: Duration,
    rate_limits: RateLimitEnforcer,
    pub(super) fault_injector: FaultInjector,
    tasks: HashMap<String, Arc<SandboxTask>>,
    pub(super) videos: VideoStore,
    task_numbers: Rng,
    video_numbers: Rng,
    listings: Rng,
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

impl Service {
    /// Creates a service without tasks, which calls `log` with a line for each callback address that
    /// it skips. Fails if the transcripts cannot be read.
    pub(super) fn new(
        options: SandboxOptions,
        log: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, Error> {
        let mut rng = options.seed.map_or_else(Rng::new, Rng::with_seed);
        let fixtures = match options.transcripts {
            Some(directory) => Fixtures::directory(&directory)?,
            None => Fixtures::built_in()?,
        };
        Ok(Self {
            token: format!("sandbox-{:032x}", rng.u128(..)),
            videos: match fixtures.own_videos() {
                Some(videos) => VideoStore::of(videos.into_iter(), SystemTime::now()),
                None => VideoStore::built_in(SystemTime::now()),
            },
            fixtures,
            delay: options.delay,
            parse_delay: options.parse_delay.min(MAX_DELAY),
            rate_limits: RateLimitEnforcer::new(options.rate_limits),
            task_numbers: rng.fork(),
            fault_injector: FaultInjector::new(options.faults, &mut rng),
            video_numbers: rng.fork(),
            listings: rng.fork(),
            account: Account::new(options.token_lifetime.min(MAX_DELAY), rng.fork()),
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

    /// Checks the value of an `Authorization` header: the token of the sandbox or one that it has issued,
    /// with or without "Bearer" before it.
    pub(super) fn authorize(
        &mut self,
        header: Option<&str>,
        now: Instant,
    ) -> Result<(), ServiceError> {
        let given = header.map(|value| match value.split_once(' ') {
            // RFC 9110 §11.1: the scheme's name has no case.
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => value,
        });
        if given.is_some_and(|given| given == self.token || self.account.accepts(given, now)) {
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
            .fixture_of_upload(video_no, transcription_type)
            .or_else(|| self.fixtures.find(video_no, transcription_type))
            .filter(|_| !self.videos.is_deleted(video_no))
            .ok_or(ServiceError::Parameter("The video does not exist."))?;
        let task_no = self.new_task_number();
        let reply = success(&format!(r#"{{"taskNo":{}}}"#, quoted(&task_no)));
        let fails = self.fault_injector.task_fails() || self.videos.parse_fails(video_no);
        let task = Arc::new(SandboxTask {
            record: TaskRecord {
                task_no: task_no.clone(),
                video_no: video_no.to_owned(),
                transcription_type,
                fails,
            },
            fixture,
            ends_at: now + self.delay.min(MAX_DELAY),
        });
        if let Some(url) = callback.filter(|_| task.has_end()) {
            let (event, ends_at) = (CallbackEvent::Task(Arc::clone(&task)), task.ends_at);
            self.schedule_callback(event, ends_at, url);
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
            .filter(|task| !self.videos.is_deleted(&task.record.video_no))
            .ok_or(ServiceError::Parameter("The task does not exist."))?;
        self.stats.gets_answered += 1;
        Ok(task.fixture.envelope(&task.data(now)))
    }

    /// Returns the result of a video by the name of its file: `talk.mp4` has that of the video `talk`.
    fn fixture_of_upload(&self, video_no: &str, kind: TranscriptionType) -> Option<Arc<Fixture>> {
        let stem = Path::new(&self.videos.upload_of(video_no)?.name).file_stem()?;
        self.fixtures.find(stem.to_str()?, kind)
    }

    /// `upload`, before its body is read: returns the callback address, or the reason to refuse it.
    pub(super) fn start_upload(
        &mut self,
        query: &str,
        now: Instant,
    ) -> Result<Option<Url>, ServiceError> {
        let allowed = self.rate_limits.allow_upload(now);
        self.within_limits(allowed)?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == "callBackUri")
            .map(|(_, uri)| callback_url(&uri, "The callBackUri is not a URL."))
            .transpose()
    }

    /// `upload`: accepts a file as a new video, and returns the reply with its number.
    pub(super) fn upload(
        &mut self,
        file: Result<ReceivedFile, &'static str>,
        callback: Option<Url>,
        now: Instant,
    ) -> Result<String, ServiceError> {
        let file = file.map_err(ServiceError::Parameter)?;
        let number = self.video_numbers.u64(..1_000_000_000_000_000_000);
        let video_no = format!("VI{number:018}");
        let parse = Parse {
            delay: self.parse_delay,
            fails: self.fault_injector.parse_fails(),
        };
        let time = SystemTime::now();
        let (data, status) = self.videos.upload(video_no.clone(), file, parse, time);
        if let Some(url) = callback {
            let event = CallbackEvent::Upload { video_no, status };
            self.schedule_callback(event, now + self.parse_delay, url);
        }
        self.stats.uploads_accepted += 1;
        Ok(success(&data.to_string()))
    }

    /// `searchDB`: returns the reply with one page of the videos.
    pub(super) fn list(&mut self, query: &str, now: Instant) -> Result<String, ServiceError> {
        let allowed = self.rate_limits.allow_list(now);
        self.within_limits(allowed)?;
        let mut data = self.videos.list(query, SystemTime::now())?;
        let faults = self.fault_injector.page();
        if faults.is_odd {
            listing_faults::make_odd(&mut data, &mut self.listings);
        }
        if faults.is_empty {
            data["videoData"] = Value::Array(Vec::new());
        }
        self.stats.faults += u64::from(faults.is_odd || faults.is_empty);
        Ok(success(&data.to_string()))
    }

    /// `delete`: deletes videos and returns the reply.
    pub(super) fn delete(&mut self, body: &[u8]) -> Result<String, ServiceError> {
        self.stats.videos_deleted += self.videos.delete(body)?;
        Ok(r#"{"code":"0000","msg":"success"}"#.to_owned())
    }

    /// `getAccessToken`: exchanges a code for tokens.
    pub(super) fn log_in(&mut self, body: &[u8], now: Instant) -> Result<String, ServiceError> {
        let allowed = self.rate_limits.allow_login(now);
        self.within_limits(allowed)?;
        let data = self.account.log_in(body, now)?;
        self.stats.logins += 1;
        Ok(success(&data.to_string()))
    }

    /// `refreshAccessToken`: exchanges a refresh token for an access token.
    pub(super) fn refresh(&mut self, body: &[u8], now: Instant) -> Result<String, ServiceError> {
        let allowed = self.rate_limits.allow_refresh(now);
        self.within_limits(allowed)?;
        let data = self.account.refresh(body, now)?;
        self.stats.refreshes_accepted += 1;
        Ok(success(&data.to_string()))
    }

    /// Counts a callback that was delivered, or else given up.
    pub(super) fn count_callback(&mut self, is_delivered: bool) {
        self.stats.callbacks_delivered += u64::from(is_delivered);
        self.stats.callbacks_given_up += u64::from(!is_delivered);
    }

    fn schedule_callback(&mut self, event: CallbackEvent, ends_at: Instant, url: Url) {
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
            event,
            url,
            due: ends_at + faults.delay.min(MAX_DELAY),
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
    let why = "The callBackURI is not a URL.";
    match &body["callBackURI"] {
        Value::Null => Ok(None),
        Value::String(uri) => callback_url(uri, why).map(Some),
        _ => Err(ServiceError::Parameter(why)),
    }
}

fn callback_url(uri: &str, why: &'static str) -> Result<Url, ServiceError> {
    Url::parse(uri)
        .ok()
        .filter(|uri| matches!(uri.scheme(), "http" | "https"))
        .ok_or(ServiceError::Parameter(why))
}

#[cfg(test)]
mod tests;
