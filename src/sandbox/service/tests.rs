//! The answers of the service, with the time as an argument.

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
    assert!(service.submit(SUBMIT, now + Duration::from_mins(1)).is_ok());
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

fn errands(options: Options, video_no: &str, url: &str) -> (Vec<Errand>, Counts) {
    let mut service = Service::new(options).unwrap();
    let body = format!(r#"{{"videoNo":"{video_no}","type":"AUDIO","callBackURI":"{url}"}}"#);
    service.submit(body.as_bytes(), Instant::now()).unwrap();
    (service.errands, service.counts)
}

#[test]
fn a_callback_is_due_when_the_task_ends() {
    let options = Options {
        delay: Duration::from_secs(3),
        faults: "callback-delay:2s:1".parse().unwrap(),
        ..Options::default()
    };
    let start = Instant::now();
    let (errands, _) = errands(options, "V", "http://127.0.0.1:9/x");
    let waits = errands[0].due - start;
    assert!(waits >= Duration::from_secs(5));
}

#[test]
fn a_task_without_callback_has_no_errand() {
    let mut service = service(Duration::ZERO);
    service.submit(SUBMIT, Instant::now()).unwrap();
    let null = br#"{"videoNo":"V1","type":"AUDIO","callBackURI":null}"#;
    service.submit(null, Instant::now()).unwrap();
    assert!(service.errands.is_empty());
    assert_eq!(service.counts.callbacks_not_called, 0);
}

#[test]
fn only_loopback_is_called_unless_told_otherwise() {
    let url = "http://example.com/hook";
    let (none, counts) = errands(Options::default(), "V", url);
    assert_eq!((none.len(), counts.callbacks_not_called), (0, 1));
    let anywhere = Options {
        callbacks_anywhere: true,
        ..Options::default()
    };
    let (one, counts) = errands(anywhere, "V", url);
    assert_eq!((one.len(), counts.callbacks_not_called), (1, 0));
}

#[test]
fn a_lost_callback_is_counted_and_nobody_makes_it() {
    let options = Options {
        faults: "callback-lose:1".parse().unwrap(),
        ..Options::default()
    };
    let (none, counts) = errands(options, "V", "http://127.0.0.1:9/x");
    assert_eq!((none.len(), counts.callbacks_lost), (0, 1));
}

#[test]
fn a_task_that_never_ends_calls_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"status":"UNFINISHED"}"#;
    std::fs::write(folder.path().join("V.json"), json).unwrap();
    let options = Options {
        transcripts: Some(folder.path().to_owned()),
        ..Options::default()
    };
    let (none, _) = errands(options, "V", "http://127.0.0.1:9/x");
    assert!(none.is_empty());
}

#[test]
fn a_delay_beyond_all_clocks_is_only_long() {
    let options = Options {
        delay: Duration::MAX,
        faults: "callback-delay:2500000000000h:1".parse().unwrap(),
        ..Options::default()
    };
    let (errands, _) = errands(options, "V", "http://127.0.0.1:9/x");
    assert!(errands[0].due > Instant::now());
}

#[test]
fn what_was_taken_on_can_be_listed_and_what_was_refused_is_not_in_it() {
    let mut service = service(Duration::ZERO);
    let now = Instant::now();
    let reply = service
        .submit(br#"{"videoNo":"V1","type":"VIDEO"}"#, now)
        .unwrap();
    service
        .submit(br#"{"videoNo":"","type":"VIDEO"}"#, now)
        .unwrap_err();
    assert_eq!(
        service.accepted(),
        [Accepted {
            task_no: task_no(&reply),
            video_no: "V1".to_owned(),
            kind: TranscriptionType::Video,
            fails: false,
        }]
    );
}
