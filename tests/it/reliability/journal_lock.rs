//! Another process holds the lock of the journal: the user is told, and a signal that ends the wait ends the
//! run, with nothing sent.

use std::fs::{self, File};

use rustix::process::Signal;

use crate::support::all_at_once;
use crate::support::env::TestEnv;
use crate::support::fake_server::{Answer, FakeServer};
use crate::support::process::Process;

const NOTE: &str = "waiting for another mavi that holds the lock of the journal\n";

/// Takes the lock of the journal.
fn hold_lock(env: &TestEnv) -> File {
    let path = env.journal().with_extension("lock");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = File::create(path).unwrap();
    file.lock().unwrap();
    file
}

#[test]
fn signal_during_a_wait_for_the_lock_ends_the_run_with_nothing_sent() {
    let cases = [
        (
            "submit V1 V2",
            Signal::INT,
            130,
            "2 of 2 videos were not submitted",
        ),
        (
            "submit V1 --type audio --type video",
            Signal::TERM,
            143,
            "2 of 2 tasks were not submitted",
        ),
        (
            "submit --reuse V1",
            Signal::INT,
            130,
            "V1 (audio) was not submitted",
        ),
        (
            "upload talk.mp4",
            Signal::INT,
            130,
            "talk.mp4 was not uploaded",
        ),
        (
            "upload --reuse talk.mp4",
            Signal::TERM,
            143,
            "talk.mp4 was not uploaded",
        ),
        (
            "transcribe -f txt talk.mp4",
            Signal::INT,
            130,
            "talk.mp4 was not uploaded",
        ),
        (
            "transcribe -f txt V1",
            Signal::TERM,
            143,
            "V1 (audio) was not submitted",
        ),
    ];
    all_at_once(cases, |(args, signal, status, left)| {
        let service = FakeServer::always(Answer::Silence);
        let env = service.env();
        env.write("talk.mp4", "content");
        let _lock = hold_lock(&env);
        let mut process = Process::start(env.command(args.split(' ')));
        process.wait_for_stderr(NOTE);
        process.signal(signal);
        let run = process.end().expect_status(status);
        let end = if status == 130 {
            "interrupted"
        } else {
            "terminated"
        };
        let uploading = if args.contains(".mp4") {
            "talk.mp4: uploading 7 bytes\n"
        } else {
            ""
        };
        let run = run.expect_stdout("").expect_stderr(format!(
            "{uploading}{NOTE}mavi: {end}: {left}\nhint: to resume, run: mavi [..]\n"
        ));
        assert_eq!(service.count(), 0, "{run:#?}");
    });
}

#[test]
fn lock_that_is_released_lets_the_run_go_on() {
    let service = FakeServer::api(r#"{"code":"0000","msg":"","data":{"taskNo":"T1"}}"#, "");
    let env = service.env();
    let lock = hold_lock(&env);
    let process = Process::start(env.command(["submit", "V1"]));
    process.wait_for_stderr(NOTE);
    assert_eq!(service.count(), 0);
    drop(lock);
    let run = process.end();
    run.expect_output("T1\n", format!("{NOTE}submitting V1 (audio)\n"));
    env.run("tasks --format ids").expect_output("T1\n", "");
}
