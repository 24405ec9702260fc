//! An upload that was sent whole, and whose answer is lost: the account is asked whether it has the video.

use snapbox::{IntoData as _, str};

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
        env.run("upload a.mp4").ok().expect_output(
            "V1\n",
            "a.mp4: uploading 7 bytes\na.mp4: [..]; looking for the video in the account\n\
             a.mp4: the service has it, as V1\n",
        );

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
        run.expect_stderr(format!(
            "a.mp4: uploading 7 bytes\na.mp4: [..]; looking for the video in the account\n\
             mavi: could not upload a.mp4: [..]{unknown}"
        ));
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 3));

        // It shows up late.
        service.add_video(Video {
            number: "V7".to_owned(),
            name: "a.mp4".to_owned(),
            status: "PARSE".to_owned(),
            time: now(),
        });
        env.run("transcribe a.mp4 -f txt").ok()
        .expect_output(
            "said in T1\n",
            "a.mp4: an earlier upload has no recorded answer; looking for the video in the account\n\
             a.mp4: the service has it, as V7\na.mp4 (audio): task T1\n\
             a.mp4 (audio): finished in [TIME]\n",
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
    env_with_file(&service)
    .expect_transcript(
        ["upload a.mp4", "upload a.mp4 --reuse", "transcribe a.mp4"],
        str![[r#"
$ mavi upload a.mp4
a.mp4: uploading 7 bytes
a.mp4: the connection was cut: connection closed before message completed; looking for the video in the account
mavi: could not upload a.mp4: the connection was cut: connection closed before message completed; it is not known whether the service accepted it (the account lists 2 videos named "a.mp4" since)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again with --reuse; to upload it anew all the same, leave out --reuse
[7]
$ mavi upload a.mp4 --reuse
a.mp4: an earlier upload has no recorded answer; looking for the video in the account
mavi: could not upload a.mp4: an earlier upload has no recorded answer; it is not known whether the service accepted it (the account lists 2 videos named "a.mp4" since)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again with --reuse; to upload it anew all the same, leave out --reuse
[7]
$ mavi transcribe a.mp4
a.mp4: an earlier upload has no recorded answer; looking for the video in the account
mavi: could not upload a.mp4: an earlier upload has no recorded answer; it is not known whether the service accepted it (the account lists 2 videos named "a.mp4" since)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again; to upload it anew all the same, add --again
[7]

"#]],
    );
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
    env.run("upload a.mp4").expect_output("V2\n", str![[r#"
a.mp4: uploading 13 bytes
a.mp4: the connection was cut: connection closed before message completed; looking for the video in the account
a.mp4: the service has it, as V2

"#]]);
    assert_eq!((service.paid(), service.count(Kind::List)), ((2, 0), 1));
}

#[test]
fn failing_listing_is_asked_again_before_the_outcome_is_unknown() {
    for (failures, exit, said) in [
        (
            1,
            0,
            str![[r#"
a.mp4: uploading 7 bytes
a.mp4: the connection was cut: connection closed before message completed; looking for the video in the account
retrying: the server failed (HTTP 502): the body is empty
the service responds again
a.mp4: the service has it, as V1

"#]],
        ),
        (
            usize::MAX,
            7,
            str![[r#"
a.mp4: uploading 7 bytes
a.mp4: the connection was cut: connection closed before message completed; looking for the video in the account
retrying: the server failed (HTTP 502): the body is empty
mavi: could not upload a.mp4: the connection was cut: connection closed before message completed; it is not known whether the service accepted it (could not list the videos: the server failed (HTTP 502): the body is empty)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again with --reuse; to upload it anew all the same, leave out --reuse

"#]],
        ),
    ] {
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
        run.expect_stderr(said);
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
    run.expect_stderr(str![[r#"
2/a.mp4: uploading 6 bytes
1/a.mp4: uploading 5 bytes
1/a.mp4: the connection was cut: connection closed before message completed; looking for the video in the account
2/a.mp4: the connection was cut: connection closed before message completed; looking for the video in the account
mavi: could not upload 1/a.mp4: the connection was cut: connection closed before message completed; it is not known whether the service accepted it (the account lists one video named "a.mp4" since, V1, but the answer to the upload of another file of that name was lost too)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again; to upload it anew all the same, add --again
mavi: could not upload 2/a.mp4: the connection was cut: connection closed before message completed; it is not known whether the service accepted it (the account lists one video named "a.mp4" since, V1, but the answer to the upload of another file of that name was lost too)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again; to upload it anew all the same, add --again
0 of 2 finished, 2 failed, [TIME]

"#]].unordered());
    // Neither is taken by a later run that asks for one of them.
    env.expect_transcript(
        ["transcribe 1/a.mp4 -f txt", "transcribe 2/a.mp4 -f txt"],
        str![[r#"
$ mavi transcribe 1/a.mp4 -f txt
1/a.mp4: an earlier upload has no recorded answer; looking for the video in the account
mavi: could not upload 1/a.mp4: an earlier upload has no recorded answer; it is not known whether the service accepted it (the account lists one video named "a.mp4" since, V1, but the answer to the upload of another file of that name was lost too)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again; to upload it anew all the same, add --again
[7]
$ mavi transcribe 2/a.mp4 -f txt
2/a.mp4: an earlier upload has no recorded answer; looking for the video in the account
mavi: could not upload 2/a.mp4: an earlier upload has no recorded answer; it is not known whether the service accepted it (the account lists one video named "a.mp4" since, V1, but the answer to the upload of another file of that name was lost too)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again; to upload it anew all the same, add --again
[7]

"#]],
    );
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
    run.expect_stdout("said in T1\n").expect_stderr(str![[r#"
1/a.mp4: uploading 5 bytes
2/a.mp4: uploading 6 bytes
1/a.mp4: the connection was cut: connection closed before message completed; looking for the video in the account
2/a.mp4: uploaded as V1
2/a.mp4 (audio): task T1
2/a.mp4 (audio): finished in [TIME]
mavi: could not upload 1/a.mp4: the connection was cut: connection closed before message completed; it is not known whether the service accepted it (the account lists no video named "a.mp4" since)
hint: it was not sent again, since that could be paid for twice; to look for it again, run the same command again; to upload it anew all the same, add --again
1 of 2 finished, 1 failed, [TIME]

"#]].unordered());
    assert_eq!(service.paid(), (2, 1));
}
