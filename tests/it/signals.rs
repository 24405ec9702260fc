//! Signals that end a run, and those that were ignored when it began.

use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{Answer, FakeServer, ok};

/// Maximum time for a program to end after a signal.
const TEST_TIMEOUT: Duration = Duration::from_secs(20);

fn start(service: &FakeServer, env: &TestEnv, args: &[&str]) -> Child {
    piped(service.command(env, args)).spawn().unwrap()
}

fn piped(mut command: Command) -> Command {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

#[track_caller]
fn end(mut child: Child) -> Output {
    let deadline = Instant::now() + TEST_TIMEOUT;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it went on after the signal");
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

#[test]
fn hang_up_ends_a_run_as_a_termination_does() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let child = start(&service, &env, &["wait", "T1"]);
    service.wait_for(1);
    send(&child, Signal::HUP);
    let output = end(child);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(143), "{stderr}");
    assert!(
        stderr.contains("hint: to resume, run: mavi wait"),
        "{stderr}"
    );

    // Commands that are no run of the engine.
    let child = start(&service, &env, &["doctor"]);
    service.wait_for(2);
    send(&child, Signal::HUP);
    assert_eq!(end(child).status.code(), Some(143));
}

#[cfg(target_os = "linux")]
#[test]
fn signals_ignored_at_the_start_stay_ignored() {
    for args in ["wait T1 -f txt -q", "convert -f txt -q -"] {
        let answer = ok(finished("T1", r#"{"id":1,"startTime":0,"content":"one"}"#));
        let service = FakeServer::in_turn([Answer::Silence, answer]);
        let env = service.env();
        let program = service.command(&env, &[]);
        let mut shell = Command::new("sh");
        shell
            .env_clear()
            .envs(
                program
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .current_dir(env.path(""))
            .args([
                "-c",
                "trap '' HUP INT; exec mavi --request-timeout 1s $ARGS",
            ])
            .env("ARGS", args);
        let mut child = piped(shell).spawn().unwrap();
        if args.starts_with("wait") {
            service.wait_for(1);
        } else {
            // It reads once it has begun.
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(&vec![b' '; 1 << 20]).unwrap();
            send(&child, Signal::HUP);
            send(&child, Signal::INT);
            stdin
                .write_all(br#"[{"startTime":0,"content":"one"}]"#)
                .unwrap();
        }
        send(&child, Signal::HUP);
        send(&child, Signal::INT);
        let output = end(child);
        assert_eq!(output.status.code(), Some(0), "{args}: {output:?}");
        assert_eq!(output.stdout, b"one\n", "{args}");
    }
}
