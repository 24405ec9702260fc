//! The same content, uploaded by two runs at once or under two names in one.

use std::thread;
use std::time::Duration;

use snapbox::{IntoData as _, str};

use super::service::{Call, Kind, Service, Video, uploaded};
use crate::support::process::Process;

/// A service whose first upload is accepted, and not answered before the test lets it.
fn slow() -> Service {
    Service::with_uploads(|call: &mut Call| {
        let video = call.accept("PARSE");
        if call.number == 0 {
            call.hold();
        }
        call.ok(uploaded(&video));
    })
}

const WAITS: &str = "the same content is being uploaded by another run or under another name; waiting \
                     for it\n";

#[test]
fn two_runs_upload_and_submit_once() {
    let service = slow();
    let env = service.env();
    env.write("a.mp4", "content");
    env.write("b.mp4", "content");
    let first = Process::start(env.command(["transcribe", "a.mp4", "-f", "txt"]));
    service.wait_held();
    let second = Process::start(env.command(["transcribe", "b.mp4", "-f", "txt"]));
    second.wait_for_stderr(&format!("b.mp4: {WAITS}"));
    service.release();
    for run in [first.end(), second.end()] {
        assert_eq!(run.ok().stdout, "said in T1\n");
    }
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 0));
}

#[test]
fn second_run_takes_over_where_the_first_is_killed() {
    let service = slow();
    let env = service.env();
    env.write("a.mp4", "content");
    let mut first = Process::start(env.command(["transcribe", "a.mp4", "-f", "txt"]));
    service.wait_held();
    let second = Process::start(env.command(["transcribe", "a.mp4", "-f", "txt"]));
    second.wait_for_stderr(&format!("a.mp4: {WAITS}"));
    first.kill();
    service.release();
    let run = second.end().ok();
    run.expect_stdout("said in T1\n").expect_stderr(str![[r#"
a.mp4: the same content is being uploaded by another run or under another name; waiting for it
a.mp4: an earlier upload has no recorded answer; looking for the video in the account
a.mp4: the service has it, as V1
a.mp4 (audio): task T1
a.mp4 (audio): finished in [TIME]

"#]]);
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 1));
}

#[test]
fn upload_that_a_run_has_given_up_is_looked_for_by_another() {
    let service = Service::with_uploads(|call: &mut Call| {
        let video = call.accept("PARSE");
        if video.name == "b.mp4" {
            call.hold();
            return call.ok(uploaded(&video));
        }
        // The answer is lost, and which of two videos it named.
        call.add_video(Video {
            number: "V9".to_owned(),
            ..video
        });
    });
    let env = service.env();
    env.write("a.mp4", "content");
    env.write("b.mp4", "other content");
    let first = Process::start(env.command(["upload", "a.mp4", "b.mp4"]));
    first.wait_for_stderr("it is not known whether the service accepted it");
    service.wait_held();
    let second = env.run("upload a.mp4 --reuse").expect_failure(7);
    // In part: the first run may be about to let go of it.
    second.stderr_contains(&["a.mp4: an earlier upload has no recorded answer; "]);
    service.release();
    first
        .end()
        .expect_status(7)
        .stderr_contains(&["b.mp4: uploaded as "]);
    assert_eq!(service.paid(), (2, 0));
}

#[test]
fn two_names_in_one_run_are_uploaded_and_submitted_once() {
    let service = slow();
    let env = service.env();
    env.write("a.mp4", "content");
    env.write("b.mp4", "content");
    let args = ["transcribe", "a.mp4", "b.mp4", "-o", "{stem}.txt"];
    let run = Process::start(env.command(args));
    service.wait_held();
    run.wait_for_stderr(WAITS);
    service.release();
    let run = run.end().ok();
    // In part: either name may come first.
    assert!(
        run.stderr.contains("\n2 of 2 finished, 0 failed, "),
        "{run:#?}"
    );
    assert_eq!(
        ["a.txt", "b.txt"].map(|name| env.read(name)),
        ["said in T1\n"; 2]
    );
    assert_eq!(service.paid(), (1, 1));
}

#[test]
fn slow_submit_of_one_name_serves_the_other() {
    let service = Service::new(|call: &mut Call| {
        if call.kind == Kind::Submit {
            thread::sleep(Duration::from_millis(300));
        }
        call.serve();
    });
    let env = service.env();
    env.write("a.mp4", "content");
    env.write("b.mp4", "content");
    env.run("upload a.mp4").ok();
    // All three know at once that it is V1.
    env.run("transcribe a.mp4 b.mp4 V1 -f txt").expect_output(
        ["said in T1\n"; 3].join("\n"),
        str![[r#"
a.mp4: uploaded before as V1
b.mp4: uploaded before as V1
V1 (audio): task T1
V1 (audio): finished in [TIME]
a.mp4 (audio): task T1
b.mp4 (audio): task T1
b.mp4 (audio): finished in [TIME]
a.mp4 (audio): finished in [TIME]
3 of 3 finished, 0 failed, [TIME]

"#]]
        .unordered(),
    );
    assert_eq!(service.paid(), (1, 1));
}
