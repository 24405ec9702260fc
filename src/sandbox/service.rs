//! What the stand-in API knows and decides: its tasks, and the answer to each call. Pure of HTTP
//! and of clocks: the time is an argument, so tests need not wait for a task to end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;
use url::Url;

use super::callbacks::{self, Errand};
use super::dice::Dice;
use super::library::Library;
use super::limits::Limiter;
use super::recording::{Names, Recording, Stage, quoted, success};
use super::uncalled::Uncalled;
use super::{Accepted, Counts, Options};
use crate::error::Error;
use crate::task::TranscriptionType;

/// Longer than anybody waits, and short enough for every clock to reckon with.
const AGES: Duration = Duration::from_hours(876_000);

/// The stand-in for the service.
#[derive(Debug)]
pub(super) struct Service {
    token: String,
    library: Library,
    delay: Duration,
    limiter: Limiter,
    pub(super) dice: Dice,
    tasks: HashMap<String, Task>,
    task_numbers: Rng,
    callbacks_anywhere: bool,
    /// Callbacks that somebody has to make.
    pub(super) errands: Vec<Errand>,
    pub(super) uncalled: Uncalled,
    pub(super) counts: Counts,
}

#[derive(Debug)]
struct Task {
    video_no: String,
    kind: TranscriptionType,
    recording: Arc<Recording>,
    ends_at: Instant,
    fails: bool,
}

/// Why a call is refused; each has the code of the API page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// `0001`, with the reason.
    Parameter(&'static str),
    /// `0401`.
    Unauthorized,
    /// `0429`.
    RateLimited,
}

impl Refusal {
    /// The reply. HTTP says 200 all the same, as the service does.
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
    /// A service without any task yet. Fails if the transcripts cannot be read.
    pub(super) fn new(options: Options) -> Result<Self, Error> {
        let mut rng = options.seed.map_or_else(Rng::new, Rng::with_seed);
        Ok(Self {
            token: format!("sandbox-{:032x}", rng.u128(..)),
            library: match options.transcripts {
                Some(folder) => Library::folder(&folder)?,
                None => Library::built_in()?,
            },
            delay: options.delay,
            limiter: Limiter::new(options.rate_limits),
            task_numbers: rng.fork(),
            dice: Dice::new(options.faults, &mut rng),
            tasks: HashMap::new(),
            callbacks_anywhere: options.callbacks_anywhere,
            errands: Vec::new(),
            uncalled: Uncalled::default(),
            counts: Counts::default(),
        })
    }

    /// The token that opens it.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Checks the value of an `Authorization` header.
    pub(super) fn authorize(&mut self, header: Option<&str>) -> Result<(), Refusal> {
        let given = header
            .and_then(|value| value.split_once(' '))
            // RFC 9110 §11.1: the scheme's name has no case.
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token);
        if given == Some(&self.token) {
            return Ok(());
        }
        self.counts.unauthorized += 1;
        Err(Refusal::Unauthorized)
    }

    /// `subTranscription`: takes a task on and gives the reply with its number.
    pub(super) fn submit(&mut self, body: &[u8], now: Instant) -> Result<String, Refusal> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| Refusal::Parameter("The request body is not JSON."))?;
        let kind = TranscriptionType::ALL
            .into_iter()
            .find(|kind| body["type"] == kind.wire_name())
            .ok_or(Refusal::Parameter("The type must be AUDIO or VIDEO."))?;
        let allowed = self.limiter.allow_submit(kind, now);
        self.within_limits(allowed)?;
        let video_no = body["videoNo"]
            .as_str()
            .filter(|video_no| !video_no.trim().is_empty())
            .ok_or(Refusal::Parameter("The videoNo must not be empty."))?;
        let callback = callback_of(&body)?;
        let recording = self
            .library
            .find(video_no, kind)
            .ok_or(Refusal::Parameter("The video does not exist."))?;
        let task_no = self.new_task_number();
        let reply = success(&format!(r#"{{"taskNo":{}}}"#, quoted(&task_no)));
        let task = Task {
            video_no: video_no.to_owned(),
            kind,
            recording,
            ends_at: now + self.delay.min(AGES),
            fails: self.dice.task_fails(),
        };
        if let Some(url) = callback {
            self.plan_callback(&task_no, &task, url);
        }
        self.tasks.insert(task_no, task);
        self.counts.submits_accepted += 1;
        Ok(reply)
    }

    /// Every task that was taken on, in no particular order.
    pub(super) fn accepted(&self) -> Vec<Accepted> {
        let accepted = |(task_no, task): (&String, &Task)| Accepted {
            task_no: task_no.clone(),
            video_no: task.video_no.clone(),
            kind: task.kind,
            fails: task.fails,
        };
        self.tasks.iter().map(accepted).collect()
    }

    /// `getTranscription`: the reply with the task's `data` as it stands at this time.
    pub(super) fn get(&mut self, task_no: Option<&str>, now: Instant) -> Result<String, Refusal> {
        let allowed = self.limiter.allow_get(now);
        self.within_limits(allowed)?;
        let task_no = task_no
            .filter(|task_no| !task_no.is_empty())
            .ok_or(Refusal::Parameter("The taskNo must not be empty."))?;
        let task = self
            .tasks
            .get(task_no)
            .ok_or(Refusal::Parameter("The task does not exist."))?;
        let stage = if now < task.ends_at {
            Stage::Running
        } else {
            task.last_stage()
        };
        self.counts.gets_answered += 1;
        let data = task.data(task_no, stage);
        Ok(task.recording.envelope(&data))
    }

    /// What a callback says: the `data` of a task that has ended.
    pub(super) fn data_at_end(&self, task_no: &str) -> Option<String> {
        let task = self.tasks.get(task_no)?;
        Some(task.data(task_no, task.last_stage()))
    }

    fn plan_callback(&mut self, task_no: &str, task: &Task, url: Url) {
        if !task.fails && !task.recording.ends() {
            return;
        }
        if !callbacks::is_allowed(&url, self.callbacks_anywhere) {
            self.counts.callbacks_not_called += 1;
            self.uncalled.note(&url);
            return;
        }
        let fate = self.dice.callback();
        if fate.is_lost {
            self.counts.callbacks_lost += 1;
            return;
        }
        self.errands.push(Errand {
            task_no: task_no.to_owned(),
            url,
            due: task.ends_at + fate.delay.min(AGES),
            fate,
        });
    }

    fn within_limits(&mut self, allowed: bool) -> Result<(), Refusal> {
        if allowed {
            return Ok(());
        }
        self.counts.rate_limited += 1;
        Err(Refusal::RateLimited)
    }

    /// A number in the form of a random UUID, never given before in this run.
    fn new_task_number(&mut self) -> String {
        loop {
            let bits = self.task_numbers.u128(..);
            let hex = format!("{bits:032x}");
            let number = [
                &hex[..8],
                &hex[8..12],
                &hex[12..16],
                &hex[16..20],
                &hex[20..],
            ]
            .join("-");
            if !self.tasks.contains_key(&number) {
                return number;
            }
        }
    }
}

impl Task {
    /// The stage that it ends in.
    fn last_stage(&self) -> Stage {
        if self.fails {
            Stage::Failed
        } else {
            Stage::Ended
        }
    }

    fn data(&self, task_no: &str, stage: Stage) -> String {
        let names = Names {
            task_no,
            video_no: &self.video_no,
            kind: self.kind,
        };
        self.recording.data(names, stage)
    }
}

/// The callback address of a submit; leaving it out and null both mean none.
fn callback_of(body: &Value) -> Result<Option<Url>, Refusal> {
    match &body["callBackURI"] {
        Value::Null => Ok(None),
        Value::String(uri) => Url::parse(uri)
            .ok()
            .filter(|uri| matches!(uri.scheme(), "http" | "https"))
            .map(Some)
            .ok_or(Refusal::Parameter("The callBackURI is not a URL.")),
        _ => Err(Refusal::Parameter("The callBackURI is not a URL.")),
    }
}

#[cfg(test)]
mod tests;
