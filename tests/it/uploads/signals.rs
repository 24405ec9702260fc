//! Ctrl-C in each stage: the same command goes on.

use rustix::process::Signal;
use snapbox::str;

use super::outcomes::LARGE;
use super::service::{Call, Kind, Service, uploaded};
use crate::support::env::TestEnv;
use crate::support::process::Process;
use crate::support::run::Run;

const LINE: &str = "mavi transcribe --format txt talk.mp4";

/// Runs the command that the hint of this run names.
#[track_caller]
fn resume(env: &TestEnv, run: &Run) {
    let hint = run.stderr.lines().last();
    assert_eq!(hint, Some(&*format!("hint: to resume, run: {LINE}")));
    let run = Run::of(env.shell(LINE)).ok();
    assert_eq!(run.stdout, "said in T1\n", "{run:#?}");
}

#[test]
fn upload_under_way_is_given_up() {
    let service = Service::with_uploads(|call: &mut Call| {
        if call.number > 0 {
            return call.serve_upload("PARSE");
        }
        call.read_some(100_000);
        call.hold();
        call.read_all();
    });
    let env = service.env();
    env.write("talk.mp4", &"x".repeat(LARGE));
    let mut process = Process::start(env.command(["transcribe", "talk.mp4", "-f", "txt"]));
    service.wait_held();
    process.signal(Signal::INT);
    let run = process.end().expect_failure(130);
    let run = run.expect_stderr(str![[r#"
talk.mp4: uploading 25 MB
mavi: interrupted: talk.mp4 was not uploaded
hint: to resume, run: mavi transcribe --format txt talk.mp4

"#]]);
    service.release();
    resume(&env, &run);
    assert_eq!(service.accepted(), (1, 1));
    assert!(!service.seen(Kind::Upload)[0].is_whole);
    assert_eq!(service.count(Kind::List), 0);
}

#[test]
fn answer_to_an_upload_that_was_sent_is_waited_for() {
    let service = Service::with_uploads(|call: &mut Call| {
        let video = call.accept("PARSE");
        call.hold();
        call.ok(uploaded(&video));
    });
    let env = service.env();
    env.write("talk.mp4", "content");
    let mut process = Process::start(env.command(["transcribe", "talk.mp4", "-f", "txt"]));
    service.wait_held();
    process.signal(Signal::INT);
    service.release();
    let run = process.end().expect_failure(130);
    // In part: the submit may still be made.
    assert!(run.stderr.contains("mavi: interrupted"), "{run:#?}");
    resume(&env, &run);
    assert_eq!((service.paid(), service.accepted()), ((1, 1), (1, 1)));
}

#[test]
fn upload_without_an_answer_is_looked_up_later() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.accept("PARSE");
        call.hold();
    });
    let env = service.env();
    env.write("talk.mp4", "content");
    let mut process = Process::start(env.command(["transcribe", "talk.mp4", "-f", "txt"]));
    service.wait_held();
    process.signal(Signal::INT);
    let run = process.end().expect_failure(130);
    let run = run.expect_stderr(str![[r#"
talk.mp4: uploading 7 bytes
mavi: interrupted: 1 upload got no answer and may have been accepted (a later run looks for the video): talk.mp4
hint: to resume, run: mavi transcribe --format txt talk.mp4

"#]]);
    service.release();
    resume(&env, &run);
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 1));
}

#[test]
fn parse_goes_on() {
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let service = Service::with_uploads(|call: &mut Call| call.serve_upload("UNPARSE"));
        let env = service.env();
        env.write("talk.mp4", "content");
        let mut process = Process::start(env.command(["transcribe", "talk.mp4", "-f", "txt"]));
        process.wait_for_stderr("talk.mp4: uploaded as V1\n");
        process.signal(signal);
        let run = process.end().expect_failure(status);
        let end = if status == 130 {
            "interrupted"
        } else {
            "terminated"
        };
        let run = run.expect_stderr(format!(
            "talk.mp4: uploading 7 bytes\ntalk.mp4: uploaded as V1\n\
             mavi: {end}: talk.mp4 (audio): video V1 is still being parsed\nhint: to resume, run: {LINE}\n"
        ));
        service.set_status("PARSE");
        resume(&env, &run);
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 1));
    }
}
