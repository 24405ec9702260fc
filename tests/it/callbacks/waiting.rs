//! `submit --wait --listen`, where the service never says by itself that a task has ended.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;
use std::thread;

use rustix::process::Signal;
use serde_json::Value;
use snapbox::str;

use crate::support::env::{SUBMIT, TestEnv, unfinished};
use crate::support::fake_server::{FakeServer, Request, ok};
use crate::support::receiver::{Receiver, exchange, result};

/// A service that takes every submit and ends no task.
pub(crate) fn service() -> FakeServer {
    FakeServer::new(|number, request| {
        if is_submit(request) {
            let task = format!(r#"{{"code":"0000","data":{{"taskNo":"T{number}"}}}}"#);
            ok(task)
        } else {
            ok(unfinished(&request.task()))
        }
    })
}

fn is_submit(request: &Request) -> bool {
    request.line.contains(SUBMIT)
}

/// Submits A and B, which become T0 and T1, and waits for them with these options.
fn start(service: &FakeServer, env: &TestEnv, args: &[&str]) -> Receiver {
    let submit = ["submit", "A", "B", "--jobs", "1", "--wait"];
    let mut command = service.command(env, &submit);
    // Nothing is asked while the test lasts: a task has the number of its request.
    command
        .args(["--listen", "127.0.0.1:0", "--interval", "1h"])
        .args(args)
        .stdout(Stdio::piped());
    Receiver::at(&mut command, |_| {
        service.wait_for(1);
        let request = service.requests().into_iter().find(is_submit).unwrap();
        let body: Value = serde_json::from_str(&request.body).unwrap();
        body["callBackURI"].as_str().unwrap().to_owned()
    })
}

/// Posts a result of a task that is not waited for: by its answer, all submits have been accepted.
fn post_forged(wait: &Receiver) {
    assert_eq!(wait.post_until_taken(&result("forged", "lies")), 400);
    wait.wait_for_stderr(
        "warning: ignored a result for task forged, which this run does not wait for",
    );
}

#[test]
fn each_result_is_printed_once_and_address_stays_secret() {
    let service = service();
    let env = service.env();
    let mut wait = start(&service, &env, &["-f", "txt", "--verbose"]);
    let mut stdout = wait.take_stdout();
    post_forged(&wait);
    for _ in 0..3 {
        assert_eq!(wait.post_until_taken(&result("T0", "one")), 200);
    }
    let odd = r#"{"status":"FINISH","taskNo":"T1","transcriptions":"none"}"#;
    assert_eq!(wait.post(odd).status, 400);
    wait.wait_for_stderr("warning: ignored a request to the callback address that is not a result");
    let path = wait.path.clone();
    assert_eq!(wait.post(&result("T1", "two")).status, 200);
    let stderr = wait.end().expect_status(0).stderr;
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(text, "one\n\ntwo\n");
    // In part: polls and callbacks meet in any order.
    assert!(!stderr.contains(&path), "a log may be public: {stderr}");
    env.run("tasks --status finished --format ids")
        .expect_output("T0\nT1\n", "");
}

#[test]
fn result_that_could_not_be_written_is_taken_on_redelivery() {
    for (is_mended, said) in [
        (
            false,
            str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
submitting 2 tasks
A (audio): task T0
B (audio): task T1
0 of 2 finished
warning: ignored a result for task forged, which this run does not wait for
mavi: could not save the result of A (audio), task T0: could not write V-T0/text: V-T0 is a file, not a directory
hint: nothing is lost; to fetch it again, run: mavi get T0
0 of 2 finished, 1 failed
B (audio): finished in [TIME], wrote V-T1/text
1 of 2 finished, 1 failed, [TIME]

"#]],
        ),
        (
            true,
            str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
submitting 2 tasks
A (audio): task T0
B (audio): task T1
0 of 2 finished
warning: ignored a result for task forged, which this run does not wait for
mavi: could not save the result of A (audio), task T0: could not write V-T0/text: V-T0 is a file, not a directory
hint: nothing is lost; to fetch it again, run: mavi get T0
0 of 2 finished, 1 failed
A (audio): finished in [TIME], wrote V-T0/text
1 of 2 finished
B (audio): finished in [TIME], wrote V-T1/text
2 of 2 finished, 0 failed, [TIME]

"#]],
        ),
    ] {
        let service = service();
        let env = service.env();
        env.write("V-T0", "a file where the folder should be");
        let wait = start(&service, &env, &["-o", "{videoNo}/text", "-f", "txt"]);
        post_forged(&wait);
        for _ in 0..3 {
            assert_eq!(wait.post(&result("T0", "one")).status, 503);
        }
        if is_mended {
            fs::remove_file(env.path("V-T0")).unwrap();
            assert_eq!(wait.post(&result("T0", "one")).status, 200);
        }
        assert_eq!(wait.post(&result("T1", "two")).status, 200);
        wait.end()
            .expect_status(i32::from(!is_mended))
            .expect_stderr(said);
        let there = if is_mended { "V-T0/text" } else { "V-T0" };
        assert_eq!(env.files(), [there, "V-T1/text"]);
        let pending = env.run("tasks --status pending --format ids").ok();
        assert_eq!(pending.stdout, if is_mended { "" } else { "T0\n" });
    }
}

#[test]
fn collected_results_are_503_until_file_is_written() {
    let service = service();
    let env = service.env();
    let wait = start(&service, &env, &["-o", "all.jsonl"]);
    post_forged(&wait);
    for _ in 0..2 {
        assert_eq!(wait.post(&result("T0", "one")).status, 503);
    }
    assert_eq!(env.files(), [""; 0]);
    assert_eq!(wait.post(&result("T1", "two")).status, 503);
    wait.end().expect_status(0);
    let both = format!("{}\n{}\n", result("T0", "one"), result("T1", "two"));
    assert_eq!(env.read("all.jsonl"), both);
    env.run("tasks --status finished --format ids")
        .expect_output("T0\nT1\n", "");
}

#[test]
fn signal_while_stdout_is_not_read_ends_run_and_leaves_task_pending() {
    let service = service();
    let env = service.env();
    let mut wait = start(&service, &env, &["-f", "txt"]);
    let mut stdout = wait.take_stdout();
    post_forged(&wait);
    let (addr, path) = (wait.addr, wait.path.clone());
    // More than a pipe holds: it cannot be done before somebody reads.
    let body = result("T0", &"x".repeat(1 << 20));
    let sender = thread::spawn(move || exchange(addr, "POST", &path, &body));
    stdout.read_exact(&mut [0; 1]).unwrap();
    wait.signal(Signal::INT);
    wait.end().expect_status(130).expect_stderr(str![[r#"
listening for callbacks on 127.0.0.1:[PORT]
submitting 2 tasks
A (audio): task T0
B (audio): task T1
0 of 2 finished
warning: ignored a result for task forged, which this run does not wait for
0 of 2 finished, 0 failed, [TIME]
mavi: interrupted: 2 of 2 tasks still running
hint: to resume, run: mavi wait --jobs 1 --interval 1h --format txt T0 T1

"#]]);
    assert_eq!(sender.join().unwrap().unwrap().status, 503);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(rest.len() < 1 << 20, "{} bytes", rest.len());
    env.run("tasks --status pending --format ids")
        .expect_output("T0\nT1\n", "");
}
