//! An upload that was sent whole, and whose answer is lost: the account is asked whether it has the video.

use super::service::{Call, Kind, Service, Video, now, uploaded};
use crate::support::all_at_once;
use crate::support::env::TestEnv;
use crate::support::process::Process;

/// Answers that do not tell what became of an upload. None: the connection is cut.
const UNCLEAR: [Option<(&str, &str)>; 9] = [
    None,
    Some(("408 Request Timeout", "<html>")),
    Some(("499 Client Closed Request", "<html>")),
    Some(("500 Internal Server Error", "")),
    Some(("502 Bad Gateway", "<html>")),
    Some(("503 Service Unavailable", "<html>")),
    Some(("504 Gateway Timeout", r#"{"code":"0402","msg":"no"}"#)),
    Some(("200 OK", "<html><title>Log in</title>")),
    Some(("200 OK", r#"{"code":"0000","msg":"","data":{}}"#)),
];

fn answer(call: &mut Call, answer: Option<(&str, &str)>) {
    if let Some((status, body)) = answer {
        call.answer(status, &[], body);
    }
}

fn env_with_file(service: &Service) -> TestEnv {
    let env = service.env();
    env.write("a.mp4", "content");
    env
}

#[test]
fn one_match_is_taken() {
    all_at_once(UNCLEAR, |unclear| {
        let service = Service::with_uploads(move |call: &mut Call| {
            call.accept("UNPARSE");
            answer(call, unclear);
        });
        let env = env_with_file(&service);
        let before = now();
        let run = env.run("upload a.mp4").ok();
        assert_eq!(run.stdout, "V1\n", "{run:#?}");
        let said = "; looking for the video in the account\na.mp4: the service has it, as V1\n";
        assert!(run.stderr.ends_with(said), "{run:#?}");
        assert!(
            run.stderr.starts_with("a.mp4: uploading 7 bytes\na.mp4: "),
            "{run:#?}"
        );
        assert_eq!(run.stderr.lines().count(), 3, "{run:#?}");

        let lists = service.seen(Kind::List);
        assert_eq!(lists.len(), 1);
        let asked = |name| lists[0].query(name).unwrap();
        assert_eq!(asked("videoName"), "a.mp4");
        let since: i64 = asked("startTime").parse().unwrap();
        assert!((before - 1_000..=now()).contains(&since), "{since}");

        env.run("upload a.mp4 --reuse")
            .expect_output("V1\n", "a.mp4: uploaded before as V1\n");
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 1));
    });
}

#[test]
fn no_match_is_unknown_and_never_sent_again() {
    all_at_once([UNCLEAR[0], UNCLEAR[6], UNCLEAR[7]], |unclear| {
        let service = Service::with_uploads(move |call: &mut Call| {
            call.read_all();
            answer(call, unclear);
        });
        let env = env_with_file(&service);
        let run = env.run("upload a.mp4").expect_failure(7);
        let unknown = "; it is not known whether the service accepted it (the account lists no video \
                       named \"a.mp4\" since)\n\
                       hint: it was not sent again, since that could be paid for twice; to look for it \
                       again, run the same command again with --reuse; to upload it anew all the same, \
                       leave out --reuse\n";
        assert!(run.stderr.ends_with(unknown), "{run:#?}");
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 3));

        // It shows up late.
        service.add_video(Video {
            number: "V7".to_owned(),
            name: "a.mp4".to_owned(),
            status: "PARSE".to_owned(),
            time: now(),
        });
        let run = env.run("transcribe a.mp4 -f txt").ok();
        assert_eq!(run.stdout, "said in T1\n");
        assert!(
            run.stderr.contains("a.mp4: the service has it, as V7\n"),
            "{run:#?}"
        );
        assert_eq!(service.paid(), (1, 1));
    });
}

#[test]
fn two_matches_are_unknown() {
    let service = Service::with_uploads(|call: &mut Call| {
        let video = call.accept("PARSE");
        call.add_video(Video {
            number: "V2".to_owned(),
            ..video
        });
    });
    let env = env_with_file(&service);
    for command in ["upload a.mp4", "upload a.mp4 --reuse", "transcribe a.mp4"] {
        let run = env.run(command).expect_failure(7);
        let why = "it is not known whether the service accepted it (the account lists 2 videos named \
                   \"a.mp4\" since)\nhint: ";
        assert!(run.stderr.contains(why), "{run:#?}");
    }
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 3));
}

#[test]
fn older_other_and_recorded_videos_are_no_match() {
    let video = |number: &str, name: &str, age: i64| Video {
        number: number.to_owned(),
        name: name.to_owned(),
        status: "PARSE".to_owned(),
        time: now() - age,
    };
    // It ignores all filters.
    let service = Service::new(move |call: &mut Call| match (call.kind, call.number) {
        (Kind::Upload, 0) => call.serve_upload("PARSE"),
        (Kind::Upload, _) => {
            call.accept("PARSE");
        }
        (Kind::List, _) => {
            let mut videos = call.videos();
            videos[0].time = now() + 1_000;
            videos.extend([
                video("OLD", "a.mp4", 3_600_000),
                video("NAME", "A.mp4", -1_000),
                video("SPACE", "a.mp4 ", -1_000),
            ]);
            call.list(&videos);
        }
        _ => call.serve(),
    });
    let env = env_with_file(&service);
    env.run("upload a.mp4").ok();
    env.write("a.mp4", "other content");
    let run = env.run("upload a.mp4").ok();
    assert_eq!(run.stdout, "V2\n", "{run:#?}");
    assert_eq!((service.paid(), service.count(Kind::List)), ((2, 0), 1));
}

#[test]
fn failing_listing_is_asked_again_before_the_outcome_is_unknown() {
    for (failures, exit) in [(1, 0), (usize::MAX, 7)] {
        let service = Service::new(move |call: &mut Call| match call.kind {
            Kind::Upload => {
                call.accept("PARSE");
            }
            Kind::List if call.number < failures => call.answer("502 Bad Gateway", &[], ""),
            _ => call.serve(),
        });
        let env = env_with_file(&service);
        let run = env.run("upload a.mp4 --retries 1").expect_status(exit);
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 2));
        let says = run.stderr.contains("could not list the videos: ");
        assert_eq!(says, exit == 7, "{run:#?}");
    }
}

#[test]
fn lost_answers_to_two_files_of_one_name_are_unknown() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.read_some(300);
        let is_accepted = String::from_utf8_lossy(&call.body).contains("\r\n\r\nsecond");
        if is_accepted {
            call.accept("PARSE");
            call.hold();
        } else {
            call.read_all();
            call.wait_held();
        }
    });
    let env = service.env();
    env.write("1/a.mp4", "first");
    env.write("2/a.mp4", "second");
    let args = [
        "transcribe",
        "1/a.mp4",
        "2/a.mp4",
        "-f",
        "jsonl",
        "--jobs",
        "8",
    ];
    let run = Process::start(env.command(args));
    service.wait_for(Kind::Upload, 1);
    service.release();
    let run = run.end().expect_failure(7);
    let why = "it is not known whether the service accepted it (the account lists one video named \
               \"a.mp4\" since, V1, but the answer to the upload of another file of that name was lost \
               too)";
    assert_eq!(run.stderr.matches(why).count(), 2, "{run:#?}");
    // Neither is taken by a later run that asks for one of them.
    for file in ["1/a.mp4", "2/a.mp4"] {
        let run = env
            .run(&format!("transcribe {file} -f txt"))
            .expect_failure(7);
        assert!(run.stderr.contains(why), "{run:#?}");
    }
    assert_eq!(service.paid(), (2, 0));
}

#[test]
fn video_of_another_file_that_is_being_answered_is_not_taken() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.read_some(300);
        if String::from_utf8_lossy(&call.body).contains("\r\n\r\nsecond") {
            let video = call.accept("PARSE");
            call.hold();
            call.ok(uploaded(&video));
        } else {
            call.read_all();
            call.wait_held();
        }
    });
    let env = service.env();
    env.write("1/a.mp4", "first");
    env.write("2/a.mp4", "second");
    let args = [
        "transcribe",
        "1/a.mp4",
        "2/a.mp4",
        "-f",
        "txt",
        "--jobs",
        "8",
    ];
    let run = Process::start(env.command(args));
    service.wait_for(Kind::List, 1);
    service.release();
    let run = run.end().expect_status(7);
    assert_eq!(run.stdout, "said in T1\n");
    for line in [
        "2/a.mp4: uploaded as V1\n",
        "2/a.mp4 (audio): task T1\n",
        "(the account lists no video named \"a.mp4\" since)\n",
    ] {
        assert!(run.stderr.contains(line), "{run:#?}");
    }
    assert_eq!(service.paid(), (2, 1));
}
