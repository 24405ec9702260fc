//! What the stand-in API knows and decides: its tasks, and the answer to each call. Pure of HTTP
//! and of clocks: the time is an argument, so tests need not wait for a task to end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;
use url::Url;

use super::faults::Dice;
use super::library::Library;
use super::limits::Limiter;
use super::recording::{Names, Recording, Stage, quoted, success};
use super::{Counts, Options};
use crate::error::Error;
use crate::task::TranscriptionType;

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
        callback_of(&body)?;
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
            ends_at: now + self.delay,
            fails: self.dice.task_fails(),
        };
        self.tasks.insert(task_no, task);
        self.counts.submits_accepted += 1;
        Ok(reply)
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
        } else if task.fails {
            Stage::Failed
        } else {
            Stage::Ended
        };
        let names = Names {
            task_no,
            video_no: &task.video_no,
            kind: task.kind,
        };
        self.counts.gets_answered += 1;
        Ok(task.recording.envelope(&task.recording.data(names, stage)))
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
mod tests {
    use super::super::limits::RateLimits;
    use super::*;

    fn service(delay: Duration) -> Service {
        Service::new(Options {
            delay,
            ..Options::default()
        })
        .unwrap()
    }

    fn task_no(reply: &str) -> String {
        let reply: Value = serde_json::from_str(reply).unwrap();
        assert_eq!(reply["code"], "0000");
        reply["data"]["taskNo"].as_str().unwrap().to_owned()
    }

    const SUBMIT: &[u8] = br#"{"videoNo":"V1","type":"AUDIO"}"#;

    #[test]
    fn a_task_ends_when_the_delay_has_passed_since_its_submit() {
        let mut service = service(Duration::from_secs(3));
        let start = Instant::now();
        let task = task_no(&service.submit(SUBMIT, start).unwrap());
        let mut ask = |millis| {
            let now = start + Duration::from_millis(millis);
            let reply = service.get(Some(&task), now).unwrap();
            serde_json::from_str::<Value>(&reply).unwrap()["data"].clone()
        };
        let early = ask(2999);
        assert_eq!(early["status"], "UNFINISHED");
        assert!(early["transcriptions"].is_null());
        let done = ask(3000);
        assert_eq!(done["status"], "FINISH");
        assert_eq!(
            (&done["videoNo"], &done["type"]),
            (&"V1".into(), &"AUDIO".into())
        );
        assert_eq!(done["taskNo"], *task);
        assert!(!done["transcriptions"].as_array().unwrap().is_empty());
    }

    #[test]
    fn the_same_video_twice_is_two_tasks() {
        let mut service = service(Duration::ZERO);
        let now = Instant::now();
        let first = task_no(&service.submit(SUBMIT, now).unwrap());
        let second = task_no(&service.submit(SUBMIT, now).unwrap());
        assert_ne!(first, second);
        assert_eq!(first.len(), 36);
        assert_eq!(service.counts.submits_accepted, 2);
    }

    #[test]
    fn wrong_parameters_are_0001_and_no_task() {
        let mut service = service(Duration::ZERO);
        for body in [
            "",
            "not json",
            "[]",
            "{}",
            r#"{"videoNo":"V"}"#,
            r#"{"videoNo":"V","type":"audio"}"#,
            r#"{"videoNo":"V","type":"TEXT"}"#,
            r#"{"videoNo":"","type":"AUDIO"}"#,
            r#"{"videoNo":7,"type":"AUDIO"}"#,
            r#"{"type":"AUDIO"}"#,
            r#"{"videoNo":"V","type":"AUDIO","callBackURI":""}"#,
            r#"{"videoNo":"V","type":"AUDIO","callBackURI":"ftp://x/"}"#,
        ] {
            let refusal = service.submit(body.as_bytes(), Instant::now()).unwrap_err();
            assert!(refusal.envelope().contains(r#""code":"0001""#), "{body}");
        }
        for task in [None, Some(""), Some("T")] {
            assert!(service.get(task, Instant::now()).is_err(), "{task:?}");
        }
        assert_eq!(service.counts.submits_accepted, 0);
    }

    #[test]
    fn a_seed_repeats_the_task_numbers() {
        let numbers = |seed| {
            let mut service = Service::new(Options {
                seed: Some(seed),
                ..Options::default()
            })
            .unwrap();
            [(); 3].map(|()| service.submit(SUBMIT, Instant::now()).unwrap())
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
    }

    #[test]
    fn calls_over_the_limit_are_answered_as_documented_and_create_nothing() {
        let mut service = Service::new(Options {
            rate_limits: RateLimits::Documented,
            ..Options::default()
        })
        .unwrap();
        let now = Instant::now();
        for _ in 0..50 {
            service.submit(SUBMIT, now).unwrap();
        }
        let refusal = service.submit(SUBMIT, now).unwrap_err();
        assert_eq!(
            refusal.envelope(),
            r#"{"code":"0429","msg":"Request has exceeded the limit."}"#
        );
        assert!(
            service
                .submit(SUBMIT, now + Duration::from_secs(60))
                .is_ok()
        );
        let gets = (0..60).map(|_| service.get(Some("T"), now).unwrap_err());
        let limited = gets.filter(|refusal| *refusal == Refusal::RateLimited);
        assert_eq!(limited.count(), 10);
        let counts = service.counts;
        assert_eq!((counts.submits_accepted, counts.rate_limited), (51, 11));
    }

    #[test]
    fn a_task_that_is_made_to_fail_runs_first_and_then_fails() {
        let mut service = Service::new(Options {
            delay: Duration::from_secs(1),
            faults: "fail:1".parse().unwrap(),
            ..Options::default()
        })
        .unwrap();
        let start = Instant::now();
        let task = task_no(&service.submit(SUBMIT, start).unwrap());
        let mut status = |now| {
            let reply = service.get(Some(&task), now).unwrap();
            serde_json::from_str::<Value>(&reply).unwrap()["data"]["status"].clone()
        };
        assert_eq!(status(start), "UNFINISHED");
        assert_eq!(status(start + Duration::from_secs(1)), "FAIL");
    }
}
