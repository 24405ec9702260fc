//! Signals that end a run, and those that were ignored when it began.

use std::io::Write as _;
use std::process::Stdio;

use rustix::process::Signal;

use crate::support::env::finished;
use crate::support::fake_server::{Answer, FakeServer, ok};
use crate::support::process::Process;

#[test]
fn hang_up_ends_a_run_as_a_termination_does() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let mut wait = Process::start(env.command(["wait", "T1"]));
    service.wait_for(1);
    wait.signal(Signal::HUP);
    wait.end()
        .expect_failure(143)
        .stderr_contains(&["hint: to resume, run: mavi wait"]);

    // Commands that are no run of the engine.
    let mut doctor = Process::start(env.command(["doctor"]));
    service.wait_for(2);
    doctor.signal(Signal::HUP);
    doctor.end().expect_status(143);
}

#[cfg(target_os = "linux")]
#[test]
fn signals_ignored_at_the_start_stay_ignored() {
    for args in ["wait T1 -f txt -q", "convert -f txt -q -"] {
        let answer = ok(finished(
            "T1",
            r#"{"id":1,"startTime":0,"endTime":1,"content":"one"}"#,
        ));
        let service = FakeServer::in_turn([Answer::Silence, answer]);
        let env = service.env();
        let script = format!("trap '' HUP INT TERM; exec mavi --request-timeout 1s {args}");
        let mut shell = env.shell(&script);
        shell.stdin(Stdio::piped());
        let mut process = Process::start(shell);
        let interrupt = |process: &mut Process| {
            process.signal(Signal::HUP);
            process.signal(Signal::INT);
            process.signal(Signal::TERM);
        };
        if args.starts_with("wait") {
            service.wait_for(1);
        } else {
            // It reads once it has begun.
            let mut stdin = process.take_stdin();
            stdin.write_all(&vec![b' '; 1 << 20]).unwrap();
            interrupt(&mut process);
            stdin
                .write_all(br#"[{"startTime":0,"endTime":1,"content":"one"}]"#)
                .unwrap();
        }
        interrupt(&mut process);
        assert_eq!(process.end().ok().stdout, "one\n", "{args}");
    }
}
