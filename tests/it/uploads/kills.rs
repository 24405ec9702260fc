//! `kill -9` in each stage from a file to its transcription, and what the same command makes of it.

use std::fs::{self, File};
use std::io::Read as _;
use std::process::Command;

use super::outcomes::LARGE;
use super::service::{Call, Kind, Service};
use crate::support::all_at_once;
use crate::support::env::{TestEnv, finished};
use crate::support::process::Process;

const ARGS: [&str; 4] = ["transcribe", "talk.mp4", "-o", "talk.txt"];

/// Starts the command, kills it once a call is held, and lets the service go on.
fn killed(env: &TestEnv, service: &Service) {
    let mut process = Process::start(env.command(ARGS));
    service.wait_held();
    process.kill();
    service.release();
}

/// Runs the command again. It says this at first, and ends with the file written.
#[track_caller]
fn resume(env: &TestEnv, service: &Service, first: &str) {
    let stderr = format!(
        "{first}talk.mp4 (audio): task T1\n\
         talk.mp4 (audio): finished in [TIME], wrote talk.txt\n"
    );
    env.run(&ARGS.join(" ")).expect_output("", stderr);
    assert_eq!(env.read("talk.txt"), "said in T1\n");
    assert_eq!(service.accepted(), (1, 1));
}

#[test]
fn upload_that_was_not_sent_whole_is_sent_again() {
    all_at_once([0, LARGE / 2], |read| {
        let service = Service::with_uploads(move |call: &mut Call| {
            if call.number == 0 {
                call.read_some(read);
                call.hold();
            }
            if call.read_all() {
                call.serve_upload("PARSE");
            }
        });
        let env = service.env();
        env.write("talk.mp4", &"x".repeat(LARGE));
        killed(&env, &service);
        let first = "talk.mp4: uploading 25 MB\ntalk.mp4: uploaded as V1\n";
        resume(&env, &service, first);
        assert_eq!((service.paid(), service.count(Kind::List)), ((2, 1), 0));
    });
}

#[test]
fn upload_without_an_answer_is_looked_up() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.accept("PARSE");
        call.hold();
    });
    let env = service.env();
    env.write("talk.mp4", "content");
    killed(&env, &service);
    let first = "talk.mp4: an earlier upload has no recorded answer; looking for the video in the \
                 account\ntalk.mp4: the service has it, as V1\n";
    resume(&env, &service, first);
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 1));
}

#[test]
fn parse_goes_on() {
    let service = Service::with_uploads(|call: &mut Call| call.serve_upload("UNPARSE"));
    let env = service.env();
    env.write("talk.mp4", "content");
    let mut process = Process::start(env.command(ARGS));
    process.wait_for_stderr("talk.mp4: uploaded as V1\n");
    process.kill();
    service.set_status("PARSE");
    let first = "talk.mp4: uploaded before as V1\ntalk.mp4: parsed\n";
    resume(&env, &service, first);
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 1));
}

#[test]
fn listing_goes_on() {
    let service = Service::new(|call: &mut Call| match (call.kind, call.number) {
        (Kind::Upload, _) => call.serve_upload("UNPARSE"),
        (Kind::List, 0) => call.hold(),
        _ => call.serve(),
    });
    let env = service.env();
    env.write("talk.mp4", "content");
    let mut process = Process::start(env.command(ARGS));
    process.wait_for_stderr("talk.mp4: uploaded as V1\n");
    process.kill();
    // The second run asks at once.
    killed(&env, &service);
    service.set_status("PARSE");
    resume(
        &env,
        &service,
        "talk.mp4: uploaded before as V1\ntalk.mp4: parsed\n",
    );
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 2));
}

#[test]
fn submit_without_an_answer_stays_unknown() {
    let service = Service::new(|call: &mut Call| match call.kind {
        Kind::Submit => {
            call.accept_submit();
            call.hold();
        }
        _ => call.serve(),
    });
    let env = service.env();
    env.write("talk.mp4", "content");
    killed(&env, &service);
    for _ in 0..2 {
        let run = env.run(&ARGS.join(" ")).expect_failure(7);
        let expected = "talk.mp4: uploaded before as V1\n\
            mavi: could not submit talk.mp4 (audio): an earlier submit has no recorded answer and may \
            have been accepted\n\
            hint: to submit the video again and risk paying twice, before this command is run again, run: \
            mavi submit --type audio V1\n";
        assert_eq!(run.stderr, expected);
        assert_eq!((service.paid(), service.accepted()), ((1, 1), (1, 1)));
    }
}

#[test]
fn poll_goes_on() {
    let service = Service::new(|call: &mut Call| match (call.kind, call.number) {
        (Kind::Get, 0) => call.hold(),
        _ => call.serve(),
    });
    let env = service.env();
    env.write("talk.mp4", "content");
    killed(&env, &service);
    resume(&env, &service, "talk.mp4: uploaded before as V1\n");
    assert_eq!((service.paid(), service.count(Kind::Get)), ((1, 1), 2));
}

#[test]
fn delivery_is_made_again() {
    // More than a pipe takes at a time.
    let long = "word ".repeat(100_000);
    let service = Service::new(move |call: &mut Call| match (call.kind, call.number) {
        (Kind::Get, 0) => {
            let segment = format!(r#"{{"id":1,"startTime":0,"endTime":1,"content":"{long}"}}"#);
            call.ok(finished("T1", &segment));
        }
        _ => call.serve(),
    });
    let env = service.env();
    env.write("talk.mp4", "content");
    let fifo = env.path("talk.txt");
    let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let mut process = Process::start(env.command(ARGS));
    let mut begun = [0; 5];
    File::open(&fifo).unwrap().read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"word ");
    process.kill();
    fs::remove_file(&fifo).unwrap();
    resume(&env, &service, "talk.mp4: uploaded before as V1\n");
    assert_eq!((service.paid(), service.count(Kind::Get)), ((1, 1), 2));
}
