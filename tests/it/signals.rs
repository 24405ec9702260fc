//! Signals that end a run, and those that were ignored when it began.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use snapbox::str;

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
    wait.end().expect_failure(143).expect_stderr(str![[r#"
waiting for task T1
mavi: terminated: task T1 is still running
hint: to resume, run: mavi wait T1

"#]]);

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

#[test]
fn answer_to_a_submit_that_arrives_during_a_stop_is_read() {
    let (stop, stopped) = mpsc::channel();
    let stopped = Mutex::new(stopped);
    let service = FakeServer::new(move |_, _| {
        stopped.lock().unwrap().recv().unwrap();
        ok(r#"{"code":"0000","msg":"","data":{"taskNo":"T1"}}"#)
    });
    let env = service.env();
    let args = ["submit", "V1", "--request-timeout", "400ms", "-q"];
    let mut submit = Process::start(env.command(args));
    service.wait_for(1);
    submit.signal(Signal::STOP);
    stop.send(()).unwrap();
    // Longer than the request timeout.
    thread::sleep(Duration::from_millis(600));
    submit.signal(Signal::CONT);
    submit.end().expect_output("T1\n", "");
}
