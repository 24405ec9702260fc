//! The replies of the service, with the time as an argument.

use super::super::rate_limits::RateLimits;
use super::*;

fn service(delay: Duration) -> Service {
    Service::new(
        SandboxOptions {
            delay,
            ..SandboxOptions::default()
        },
        |_| {},
    )
    .unwrap()
}

fn task_no(reply: &str) -> String {
    let reply: Value = serde_json::from_str(reply).unwrap();
    assert_eq!(reply["code"], "0000");
    reply["data"]["taskNo"].as_str().unwrap().to_owned()
}

const SUBMIT: &[u8] = br#"{"videoNo":"V1","type":"AUDIO"}"#;

#[test]
fn task_ends_when_delay_has_passed_since_submit() {
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
fn same_video_twice_is_two_tasks() {
    let mut service = service(Duration::ZERO);
    let now = Instant::now();
    let first = task_no(&service.submit(SUBMIT, now).unwrap());
    let second = task_no(&service.submit(SUBMIT, now).unwrap());
    assert_ne!(first, second);
    assert_eq!(first.len(), 36);
    assert_eq!(service.stats.submits_accepted, 2);
}

#[test]
fn wrong_parameters_are_0001_and_create_nothing() {
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
        let error = service.submit(body.as_bytes(), Instant::now()).unwrap_err();
        assert!(error.envelope().contains(r#""code":"0001""#), "{body}");
    }
    for task in [None, Some(""), Some("T")] {
        assert!(service.get(task, Instant::now()).is_err(), "{task:?}");
    }
    assert_eq!(service.stats.submits_accepted, 0);
}

#[test]
fn seed_repeats_task_numbers() {
    let numbers = |seed| {
        let mut service = Service::new(
            SandboxOptions {
                seed: Some(seed),
                ..SandboxOptions::default()
            },
            |_| {},
        )
        .unwrap();
        [(); 3].map(|()| service.submit(SUBMIT, Instant::now()).unwrap())
    };
    assert_eq!(numbers(7), numbers(7));
    assert_ne!(numbers(7), numbers(8));
}

#[test]
fn calls_over_the_limit_are_0429_and_create_nothing() {
    let mut service = Service::new(
        SandboxOptions {
            rate_limits: RateLimits::Documented,
            ..SandboxOptions::default()
        },
        |_| {},
    )
    .unwrap();
    let now = Instant::now();
    for _ in 0..50 {
        service.submit(SUBMIT, now).unwrap();
    }
    let error = service.submit(SUBMIT, now).unwrap_err();
    assert_eq!(
        error.envelope(),
        r#"{"code":"0429","msg":"Request has exceeded the limit."}"#
    );
    assert!(service.submit(SUBMIT, now + Duration::from_mins(1)).is_ok());
    let gets = (0..60).map(|_| service.get(Some("T"), now).unwrap_err());
    let limited = gets.filter(|error| *error == ServiceError::RateLimited);
    assert_eq!(limited.count(), 10);
    let counts = service.stats;
    assert_eq!((counts.submits_accepted, counts.rate_limited), (51, 11));
}

#[test]
fn listings_over_the_limit_are_0429() {
    let mut service = Service::new(
        SandboxOptions {
            rate_limits: RateLimits::Documented,
            ..SandboxOptions::default()
        },
        |_| {},
    )
    .unwrap();
    let now = Instant::now();
    let replies = (0..203).map(|_| service.list("", now));
    let limited = replies.filter(|reply| *reply == Err(ServiceError::RateLimited));
    assert_eq!(limited.count(), 3);
    assert_eq!(service.stats.rate_limited, 3);
}

#[test]
fn callback_of_an_upload_is_due_when_its_parse_ends_and_has_the_faults_of_callbacks() {
    let jobs = |faults: &str, query: &str| {
        let options = SandboxOptions {
            parse_delay: Duration::from_secs(3),
            faults: faults.parse().unwrap(),
            ..SandboxOptions::default()
        };
        let mut service = Service::new(options, |_| {}).unwrap();
        let file = ReceivedFile {
            name: "a.mp4".to_owned(),
            size: 1,
            sha256: "00".to_owned(),
        };
        let now = Instant::now();
        let callback = service.start_upload(query, now).unwrap();
        service.upload(Ok(file), callback, now).unwrap();
        let waits = service.pending_callbacks.iter().map(|job| job.due - now);
        (waits.collect::<Vec<_>>(), service.stats)
    };
    let query = "callBackUri=http%3A%2F%2F127.0.0.1%3A9%2Fx";
    let (waits, _) = jobs("callback-delay:2s:1", query);
    assert_eq!(waits, [Duration::from_secs(5)]);
    let (waits, stats) = jobs("callback-lose:1", query);
    assert_eq!((waits.len(), stats.callbacks_lost), (0, 1));
    let (waits, stats) = jobs("", "callBackUri=http%3A%2F%2Fexample.com%2F");
    assert_eq!((waits.len(), stats.callbacks_skipped), (0, 1));
    assert!(
        jobs("", "callBackURI=http%3A%2F%2F127.0.0.1%3A9")
            .0
            .is_empty()
    );
}

#[test]
fn task_with_fail_fault_runs_first() {
    let mut service = Service::new(
        SandboxOptions {
            delay: Duration::from_secs(1),
            faults: "fail:1".parse().unwrap(),
            ..SandboxOptions::default()
        },
        |_| {},
    )
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

fn callback_jobs(options: SandboxOptions, video_no: &str, url: &str) -> (Vec<CallbackJob>, Stats) {
    let mut service = Service::new(options, |_| {}).unwrap();
    let body = format!(r#"{{"videoNo":"{video_no}","type":"AUDIO","callBackURI":"{url}"}}"#);
    service.submit(body.as_bytes(), Instant::now()).unwrap();
    (service.pending_callbacks, service.stats)
}

#[test]
fn callback_is_due_when_task_ends() {
    let options = SandboxOptions {
        delay: Duration::from_secs(3),
        faults: "callback-delay:2s:1".parse().unwrap(),
        ..SandboxOptions::default()
    };
    let start = Instant::now();
    let (jobs, _) = callback_jobs(options, "V", "http://127.0.0.1:9/x");
    let waits = jobs[0].due - start;
    assert!(waits >= Duration::from_secs(5));
}

#[test]
fn task_without_callback_has_no_job() {
    let mut service = service(Duration::ZERO);
    service.submit(SUBMIT, Instant::now()).unwrap();
    let null = br#"{"videoNo":"V1","type":"AUDIO","callBackURI":null}"#;
    service.submit(null, Instant::now()).unwrap();
    assert!(service.pending_callbacks.is_empty());
    assert_eq!(service.stats.callbacks_skipped, 0);
}

#[test]
fn only_loopback_is_called_by_default() {
    let url = "http://example.com/hook";
    let (none, counts) = callback_jobs(SandboxOptions::default(), "V", url);
    assert_eq!((none.len(), counts.callbacks_skipped), (0, 1));
    let anywhere = SandboxOptions {
        callbacks_anywhere: true,
        ..SandboxOptions::default()
    };
    let (one, counts) = callback_jobs(anywhere, "V", url);
    assert_eq!((one.len(), counts.callbacks_skipped), (1, 0));
}

#[test]
fn lost_callback_is_counted_and_not_sent() {
    let options = SandboxOptions {
        faults: "callback-lose:1".parse().unwrap(),
        ..SandboxOptions::default()
    };
    let (none, counts) = callback_jobs(options, "V", "http://127.0.0.1:9/x");
    assert_eq!((none.len(), counts.callbacks_lost), (0, 1));
}

#[test]
fn task_that_never_ends_has_no_callback() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"status":"UNFINISHED"}"#;
    std::fs::write(folder.path().join("V.json"), json).unwrap();
    let options = SandboxOptions {
        transcripts: Some(folder.path().to_owned()),
        ..SandboxOptions::default()
    };
    let (none, _) = callback_jobs(options, "V", "http://127.0.0.1:9/x");
    assert!(none.is_empty());
}

#[test]
fn excessive_delay_does_not_overflow() {
    let options = SandboxOptions {
        delay: Duration::MAX,
        faults: "callback-delay:87840h:1".parse().unwrap(),
        ..SandboxOptions::default()
    };
    let (jobs, _) = callback_jobs(options, "V", "http://127.0.0.1:9/x");
    assert!(jobs[0].due > Instant::now());
}

#[test]
fn tasks_lists_accepted_submits_only() {
    let mut service = service(Duration::ZERO);
    let now = Instant::now();
    let reply = service
        .submit(br#"{"videoNo":"V1","type":"VIDEO"}"#, now)
        .unwrap();
    service
        .submit(br#"{"videoNo":"","type":"VIDEO"}"#, now)
        .unwrap_err();
    assert_eq!(
        service.tasks(),
        [TaskRecord {
            task_no: task_no(&reply),
            video_no: "V1".to_owned(),
            transcription_type: TranscriptionType::Video,
            fails: false,
        }]
    );
}
