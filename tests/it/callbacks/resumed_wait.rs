//! A wait for tasks of an earlier run: those that were told this receiver's address call it, and the
//! others are asked about as they would be without a receiver.

use std::io::Read as _;
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::Signal;
use snapbox::{IntoData as _, str};

use crate::callbacks::waiting::service;
use crate::support::env::{SUBMIT, TestEnv, finished, unfinished};
use crate::support::fake_server::{Answer, FakeServer, Request, ok};
use crate::support::process::StreamLog;
use crate::support::receiver::{Receiver, result};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OUTSIDE: &str = "http://callbacks.test/mavi";

/// Where a wait listens, as it says, with the path that is in its file.
fn at(said: &StreamLog) -> String {
    let told = said.wait_for("listening for callbacks on ");
    let addr = told.split("callbacks on ").nth(1).unwrap();
    format!("http://{}/{SECRET}", addr.lines().next().unwrap())
}

/// Returns a service whose tasks have the number of their request; `done` has ended, the others never say so
/// themselves.
fn service_of_submits(done: &'static str) -> FakeServer {
    FakeServer::new(move |number, request| {
        if request.line.contains(SUBMIT) {
            ok(format!(
                r#"{{"code":"0000","data":{{"taskNo":"T{number}"}}}}"#
            ))
        } else if request.task() == done {
            ok(finished(done, ""))
        } else {
            ok(unfinished(&request.task()))
        }
    })
}

fn gets(service: &FakeServer, task: &str) -> usize {
    let of_task = |request: &Request| !request.line.contains(SUBMIT) && request.task() == task;
    service.requests().iter().filter(|it| of_task(it)).count()
}

#[test]
fn tasks_submitted_with_this_address_call_and_others_are_polled() {
    // The third submit.
    let service = service_of_submits("T2");
    let env = service.env();
    env.write("secret", SECRET);
    let callback = format!("{OUTSIDE}/{SECRET}");
    env.run(&format!("submit A B --jobs 1 --callback {callback}"))
        .ok();
    env.run("submit C --callback http://elsewhere.test/x").ok();

    let args = ["wait", "--pending", "-f", "txt", "--timeout", "50s"];
    let mut command = service.command(&env, &args);
    command
        .args(["--listen", "127.0.0.1:0", "--public-url", OUTSIDE])
        .args(["--path-secret-file", "secret"])
        .stdout(Stdio::piped());
    let mut wait = Receiver::at(&mut command, at);
    let mut stdout = wait.take_stdout();
    wait.wait_for_stderr("2 of 3 tasks will call here; the other is polled as usual");
    // A rare schedule would leave it alone for minutes.
    wait.wait_for_stderr("1 of 3 finished");
    for task in ["T0", "T1"] {
        assert_eq!(wait.post(&result(task, task)).status, 200);
    }
    wait.end().ok().expect_stderr(str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
2 of 3 tasks will call here; the other is polled as usual
0 of 3 finished
C (audio): finished in [TIME]
1 of 3 finished
A (audio): finished
2 of 3 finished
B (audio): finished
3 of 3 finished, 0 failed, [TIME]

"#]]);
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    assert!(text.ends_with("T0\n\nT1\n"), "{text:?}");
    for task in ["T0", "T1"] {
        assert_eq!(
            gets(&service, task),
            1,
            "once, as it may have called before"
        );
    }
}

#[test]
fn reused_task_calls_if_it_was_submitted_with_this_address() {
    let service = service_of_submits("T1");
    let env = service.env();
    env.write("secret", SECRET);
    env.run(&format!("submit A --callback {OUTSIDE}/{SECRET}"))
        .ok();
    env.run("submit B --callback http://elsewhere.test/x").ok();

    let mut command = service.command(&env, &["submit", "A", "B", "--reuse", "--wait"]);
    command
        .args(["-f", "csv", "--interval", "10ms"])
        .args(["--listen", "127.0.0.1:0"])
        .args(["--public-url", OUTSIDE, "--path-secret-file", "secret"])
        .stdout(Stdio::null());
    let submit = Receiver::at(&mut command, at);
    submit.wait_for_stderr("1 of 2 tasks will call here; the other is polled as usual");
    assert_eq!(submit.post(&result("T0", "T0")).status, 200);
    submit.end().expect_status(0);
}

#[test]
fn receiver_without_callers_delays_no_wait() {
    let service = FakeServer::new(|number, request| {
        if request.line.contains(SUBMIT) {
            ok(format!(
                r#"{{"code":"0000","data":{{"taskNo":"T{number}"}}}}"#
            ))
        } else {
            ok(finished(&request.task(), ""))
        }
    });
    let env = service.env();
    env.run("submit A B --jobs 1").ok();
    // On the rare schedule the first question is due after two minutes.
    env.run("wait --pending --listen 127.0.0.1:0 --timeout 50s -f jsonl")
        .ok()
        .expect_stderr(str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
the callback address is http://127.0.0.1:[PORT]/[HEX]
0 of 2 tasks will call here; the others are polled as usual (--path-secret-file keeps the address from run to run)
0 of 2 finished
B (audio): finished in [TIME]
1 of 2 finished
A (audio): finished in [TIME]
2 of 2 finished, 0 failed, [TIME]

"#]].unordered());
    env.run("submit A B --reuse --wait --listen 127.0.0.1:0 --timeout 50s -f jsonl")
        .ok()
        .expect_stderr(str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
A (audio): task T0
B (audio): task T1
0 of 2 tasks will call here; the others are polled as usual (--path-secret-file keeps the address from run to run)
0 of 2 finished
A (audio): finished in [TIME]
1 of 2 finished
B (audio): finished in [TIME]
2 of 2 finished, 0 failed, [TIME]

"#]].unordered());
    let submits = |request: &&Request| request.line.contains(SUBMIT);
    assert_eq!(service.requests().iter().filter(submits).count(), 2);
}

/// Submits A and B, which become T0 and T1, with these options, and interrupts the wait.
fn interrupted(service: &FakeServer, env: &TestEnv, args: &[&str]) -> String {
    let submit = ["submit", "A", "B", "--jobs", "1", "--wait", "-f", "txt"];
    let mut command = service.command(env, &submit);
    command
        // Nobody else takes a port of this address before the command that goes on does.
        .args(["--listen", "127.9.8.6:0"])
        .args(args)
        .stdout(Stdio::null());
    let mut wait = Receiver::at(&mut command, at);
    wait.wait_for_stderr("task T1");
    wait.signal(Signal::INT);
    let run = wait.end().expect_status(130);
    run.resume_command().to_owned()
}

#[test]
fn resume_command_keeps_address_that_tasks_were_told() {
    let (service, env) = (service(), TestEnv::new());
    env.write("secret", SECRET);
    let line = interrupted(&service, &env, &["--path-secret-file", "secret"]);
    assert!(!line.contains(SECRET), "{line}");
    let told: serde_json::Value = serde_json::from_str(&service.requests()[0].body).unwrap();
    let told = told["callBackURI"].as_str().unwrap().to_owned();

    let mut shell = env.shell(&format!("exec {line}"));
    shell
        .env("MAVI_BASE_URL", service.url())
        .stdout(Stdio::piped());
    let mut wait = Receiver::at(&mut shell, at);
    assert_eq!(format!("http://{}{}", wait.addr, wait.path), told);
    let mut stdout = wait.take_stdout();
    // As the service would, which knows no other address.
    for task in ["T1", "T0"] {
        assert_eq!(wait.post_until_taken(&result(task, task)), 200);
    }
    wait.end().ok().expect_stderr(str![[r#"
listening for callbacks on 127.9.8.6:[PORT]
0 of 2 finished
B (audio): finished
1 of 2 finished
A (audio): finished
2 of 2 finished, 0 failed, [TIME]

"#]]);
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(text, "T1\n\nT0\n");
}

#[test]
fn resume_command_leaves_out_receiver_without_callers() {
    let over = Arc::new(AtomicBool::new(false));
    let is_over = Arc::clone(&over);
    let service = FakeServer::new(move |number, request| {
        if request.line.contains(SUBMIT) {
            ok(format!(
                r#"{{"code":"0000","data":{{"taskNo":"T{number}"}}}}"#
            ))
        } else if is_over.load(Ordering::SeqCst) {
            ok(finished(&request.task(), ""))
        } else {
            ok(unfinished(&request.task()))
        }
    });
    let env = service.env();
    let line = interrupted(&service, &env, &["--public-url", OUTSIDE]);
    assert_eq!(line, "mavi wait --jobs 1 --format txt T0 T1");
    over.store(true, Ordering::SeqCst);
    service.shell(&env, &format!("{line} --interval 10ms")).ok();
}

/// Waits for these tasks at the address that is in the file.
fn wait_at(service: &FakeServer, env: &TestEnv, args: &[&str]) -> Receiver {
    let mut command = service.command(env, &["wait"]);
    command
        .args(["--listen", "127.0.0.1:0", "--public-url", OUTSIDE])
        .args(["--path-secret-file", "secret", "--interval", "1h"])
        .args(args);
    command.stdout(Stdio::piped());
    Receiver::at(&mut command, at)
}

/// What is left on stdout of a run that has ended.
fn rest(mut stdout: impl std::io::Read) -> String {
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn response_to_other_tasks_callback_depends_on_journal() {
    let (service, env) = (service(), TestEnv::new());
    env.write("secret", SECRET);
    let submit = |args: &str| {
        let mut command = service.command(&env, &["submit"]);
        command.args(args.split_whitespace()).stdout(Stdio::null());
        assert!(command.status().unwrap().success());
    };
    submit(&format!(
        "A B C --jobs 1 --quiet --callback {OUTSIDE}/{SECRET}"
    ));
    submit("D --quiet --callback http://elsewhere.test/x");

    let mut wait = wait_at(&service, &env, &["T0", "-f", "txt"]);
    let stdout = wait.take_stdout();
    // Until all tasks are named, everybody is told to come again.
    assert_eq!(wait.post_until_taken(&result("forged", "lies")), 400);
    // It is our own and calls here, only not for this run.
    for task in ["T1", "T2", "T1"] {
        assert_eq!(wait.post(&result(task, "later")).status, 503);
    }
    assert_eq!(wait.post(&result("T3", "told elsewhere")).status, 400);
    assert_eq!(wait.post(&result("T0", "one")).status, 200);
    wait.end().ok().expect_stderr(str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
waiting for A (audio)
warning: ignored a result for task forged, which this run does not wait for
task T1 called back; it is recorded, but this run does not wait for it. Its sender, and others like it, are told to retry later
warning: ignored a result for task T3, which this run does not wait for
A (audio): finished

"#]]);
    assert_eq!(rest(stdout), "one\n");

    // The answer was lost on the way: it comes again, to the next run, and to a receiver.
    let mut wait = wait_at(&service, &env, &["T1", "-f", "txt"]);
    let stdout = wait.take_stdout();
    assert_eq!(wait.post(&result("T0", "one")).status, 200);
    assert_eq!(wait.post(&result("T1", "two")).status, 200);
    wait.end().ok().expect_stderr(str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
waiting for B (audio)
B (audio): finished

"#]]);
    assert_eq!(rest(stdout), "two\n");
    let args = ["listen", "--path-secret-file", "secret", "--count", "1"];
    let mut listen = service.command(&env, &args);
    listen.args(["--addr", "127.0.0.1:0", "-f", "txt"]);
    let mut listen = Receiver::of(listen.stdout(Stdio::piped()));
    let stdout = listen.take_stdout();
    for (task, text) in [("T0", "one"), ("T1", "two"), ("T2", "three")] {
        assert_eq!(listen.post(&result(task, text)).status, 200);
    }
    listen.end().expect_status(0);
    assert_eq!(rest(stdout), "three\n");
}

#[test]
fn unanswered_submit_is_resolved_by_its_callback() {
    let service = FakeServer::new(|_, request| {
        if request.line.contains(SUBMIT) {
            Answer::Bytes(Vec::new())
        } else if request.task() == "T1" {
            ok(unfinished("T1"))
        } else {
            ok(finished(&request.task(), ""))
        }
    });
    for with in ["wait", "listen", "listen --verify"] {
        let env = service.env();
        env.write("secret", SECRET);
        // Nobody else takes a port of this address meanwhile.
        let free = TcpListener::bind("127.9.8.5:0").unwrap();
        let addr = free.local_addr().unwrap().to_string();
        drop(free);
        let outside = if with == "wait" {
            OUTSIDE.to_owned()
        } else {
            format!("http://{addr}")
        };
        let callback = format!("{outside}/{SECRET}");
        let run = env.run(&format!("submit V1 --retries 0 --callback {callback}"));
        assert_ne!(run.status, 0);
        let unknown = env.run("tasks --status unknown --format jsonl").ok();
        assert_eq!(unknown.stdout.lines().count(), 1);
        let body = result("T7", "found").replace("V-T7", "V1");
        if with == "wait" {
            let silent = crate::callbacks::waiting::service();
            let args = ["T1", "-f", "txt", "--base-url", &service.url()];
            let mut wait = wait_at(&silent, &env, &args);
            drop(wait.take_stdout());
            assert_eq!(wait.post_until_taken(&result("T8", "lies")), 400);
            assert_eq!(wait.post(&body).status, 503);
            wait.wait_for_stderr("may belong to a submit of video V1 that got no answer");
            continue;
        }
        let mut listen = service.command(&env, &with.split(' ').collect::<Vec<_>>());
        listen
            .args(["--addr", &addr, "--path-secret-file", "secret"])
            .args(["-o", "{taskNo}.txt"]);
        let listen = Receiver::of(listen.stdout(Stdio::null()));
        let other = result("T8", "other");
        if with == "listen" {
            assert_eq!(listen.post(&other).status, 400, "another video");
        }
        assert_eq!(listen.post(&body).status, 200);
        assert!(env.files().contains(&"T7.txt".to_owned()));
        let known = env.run("tasks --status all --format ids").ok();
        assert_eq!(known.stdout, "T7\n", "{with}");
        let unknown = env.run("tasks --status unknown --format jsonl").ok();
        assert_eq!(unknown.stdout, "");
    }
}
