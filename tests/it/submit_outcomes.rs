//! What becomes of a submit: sent again only where it certainly was not accepted, and recorded as
//! unknown where nobody knows.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use snapbox::str;

use crate::support::all_at_once;
use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{Answer, FakeServer, accept, ok, read, reply};
use crate::support::process::Process;
use crate::support::run::Run;

/// The fields `taskNo` and `status` of each submit on record.
fn recorded(env: &TestEnv) -> Vec<(Option<String>, String)> {
    let run = env.run("tasks --format jsonl").ok();
    let tasks = run.stdout.lines().map(|line| {
        let task: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| task[key].as_str().map(str::to_owned);
        (text("taskNo"), text("status").unwrap())
    });
    tasks.collect()
}

/// Submits V1, which is answered like this, and returns the environment and the error.
fn submit(answer: Answer, retries: u32) -> (FakeServer, TestEnv, Value) {
    let service = FakeServer::always(answer);
    let env = service.env();
    let run = env.run(&format!(
        "submit V1 --retries {retries} --error-format json -q"
    ));
    assert_eq!(run.stdout, "");
    let error = run.errors().remove(0);
    assert_eq!(error["exit_code"], run.status, "{run:#?}");
    (service, env, error)
}

#[test]
fn submit_with_unknown_outcome_is_recorded_and_never_sent_again() {
    let html = "<html><title>Bad gateway</title>";
    for (answer, status) in [
        (reply("408 Request Timeout", &[], html), 7),
        (reply("425 Too Early", &[], ""), 7),
        (reply("460 Client Closed", &[], html), 7),
        (
            reply("499 Client Closed Request", &["retry-after: 1"], html),
            7,
        ),
        (
            reply("500 Internal Server Error", &["retry-after: 1"], html),
            7,
        ),
        (reply("503 Service Unavailable", &[], html), 7),
        (
            reply("504 Gateway Timeout", &[], r#"{"code":"0402","msg":"x"}"#),
            7,
        ),
        (reply("303 See Other", &["location: /x"], ""), 5),
        (reply("409 Conflict", &[], html), 5),
        (reply("204 No Content", &[], ""), 5),
        (ok(html), 5),
        (ok(r#"{"code":"","msg":"","data":{}}"#), 5),
        (ok(r#"{"code":"4711","msg":"?","data":null}"#), 5),
        (ok(r#"{"code":"0000","msg":"ok","data":{}}"#), 5),
    ] {
        let (service, env, error) = submit(answer, 2);
        assert_eq!(error["exit_code"], status, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("it is not known whether"), "{message}");
        assert_eq!(service.count(), 1, "{message}");
        assert_eq!(recorded(&env), [(None, "unknown".to_owned())], "{message}");
        env.run("submit V1 --reuse").expect_failure(7);
        assert_eq!(service.count(), 1, "{message}");
    }
}

#[test]
fn refused_submit_is_not_recorded() {
    for (answer, status) in [
        (reply("302 Found", &["location: /x"], ""), 5),
        (reply("307 Temporary Redirect", &["location: /x"], ""), 5),
        (reply("400 Bad Request", &[], "no"), 5),
        (reply("404 Not Found", &[], "no"), 5),
        (ok(r#"{"code":"0409","msg":"x"}"#), 5),
        (ok(r#"{"code":"0001","msg":"x"}"#), 5),
    ] {
        let (service, env, error) = submit(answer, 2);
        assert_eq!(error["exit_code"], status, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(!message.contains("not known"), "{message}");
        assert_eq!((service.count(), recorded(&env)), (1, vec![]), "{message}");
    }
}

#[test]
fn task_in_a_failed_reply_is_recorded_and_named() {
    let success = r#"{"code":"0000","msg":"success","data":{"taskNo":"T9"}}"#;
    let refused = r#"{"code":"0401","msg":"no","data":{"taskNo":"T9"}}"#;
    for answer in [
        reply("429 Too Many Requests", &["retry-after: 0"], success),
        reply("503 Service Unavailable", &["retry-after: 0"], success),
        reply("500 Internal Server Error", &[], success),
        reply("404 Not Found", &[], success),
        ok(refused),
        ok(success.replace("0000", "0429")),
    ] {
        let (service, env, error) = submit(answer, 2);
        assert_eq!(error["exit_code"], 7, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("T9"), "{message}");
        assert_eq!(service.count(), 1, "{message}");
        let expected = (Some("T9".to_owned()), "pending".to_owned());
        assert_eq!(recorded(&env), [expected], "{message}");
    }
}

/// A 200 whose `content-length` is larger than its body.
fn cut_short(body: &str) -> Answer {
    let length = body.len() + 10;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
    Answer::Bytes((head + body).into_bytes())
}

#[test]
fn task_in_a_reply_that_cannot_be_read_is_recorded_and_named() {
    let mut latin_1 = br#"{"code":"0000","data":{"taskNo":"T9"},"msg":"#.to_vec();
    latin_1.extend_from_slice(b"\"caf\xe9\"}");
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for answer in [
        ok(r#"{"code":null,"data":{"taskNo":"T9"}}"#),
        ok(r#"{"code":true,"data":{"taskNo":"T9"}}"#),
        ok(r#"{"code":"0000","code":"0000","data":{"taskNo":"T9"}}"#),
        ok(r#"{"code":"0000","data":{"taskNo":"T8","taskNo":"T9"}}"#),
        ok(r#"{"code":"0000","data":{"taskNo":"T9"}}xx"#),
        ok(format!(
            r#"{{"code":"0000","data":{{"taskNo":"T9"}},"more":{deep}}}"#
        )),
        ok(latin_1),
        cut_short(r#"{"code":"0000","data":{"taskNo":"T9"}}"#),
        cut_short(r#"{"code":"0000","data":{"taskNo":"T9"},"ms"#),
        reply(
            "302 Found",
            &["location: /x"],
            r#"{"code":"0000","data":{"taskNo":"T9"}}"#,
        ),
    ] {
        let (service, env, error) = submit(answer, 2);
        assert_eq!(error["exit_code"], 7, "{error}");
        let message = error["message"].as_str().unwrap();
        let unknown = "it is not known whether the service accepted it (its reply names task T9)";
        assert!(message.ends_with(unknown), "{message}");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("mavi wait T9"), "{hint}");
        assert_eq!(service.count(), 1, "{message}");
        let expected = (Some("T9".to_owned()), "pending".to_owned());
        assert_eq!(recorded(&env), [expected], "{message}");
    }
}

#[test]
fn task_in_a_reply_that_never_ends_is_recorded_and_named() {
    let service = FakeServer::new(|_, _| {
        Answer::Unended(
            b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"data\":{\"taskNo\":\"T9\"}".to_vec(),
        )
    });
    let env = service.env();
    env.run("submit V1 --request-timeout 200ms --retries 0 -q")
        .expect_failure(7)
        .expect_stderr(str![[r#"
mavi: could not submit V1 (audio): the service did not answer in time; it is not known whether the service accepted it (its reply names task T9)
hint: to wait for that task, run: mavi wait T9

"#]]);
    assert_eq!(
        recorded(&env),
        [(Some("T9".to_owned()), "pending".to_owned())]
    );
}

#[test]
fn other_shapes_of_a_reply_name_no_task() {
    for body in [
        r#"["0000","ok",{"taskNo":"T9"}]"#,
        r#"{"code":"0000","data":["T9"]}"#,
        r#"{"code":"0000","data":[{"taskNo":"T9"}]}"#,
        r#"{"code":"0000","data":"T9"}"#,
        r#"{"code":"0000","data":{"task_no":"T9"}}"#,
    ] {
        let (service, env, error) = submit(ok(body), 2);
        assert_eq!(error["exit_code"], 5, "{error}");
        let message = error["message"].as_str().unwrap();
        let unknown = "; it is not known whether the service accepted it";
        assert!(message.ends_with(unknown), "{message}");
        assert_eq!(service.count(), 1, "{message}");
        assert_eq!(recorded(&env), [(None, "unknown".to_owned())], "{message}");
    }
}

#[test]
fn success_code_without_a_task_is_not_sent_again() {
    let success = r#"{"code":"0000","msg":"success","data":null}"#;
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let (service, env, error) = submit(reply(status, &["retry-after: 0"], success), 2);
        assert_eq!((&error["exit_code"], service.count()), (&7.into(), 1));
        assert_eq!(recorded(&env), [(None, "unknown".to_owned())]);
    }
}

#[test]
fn server_error_with_code_0401_is_not_sent_again_with_a_new_token() {
    let script = |number, _: &_| match number {
        0 => reply(
            "500 Internal Server Error",
            &[],
            r#"{"code":"0401","msg":"no"}"#,
        ),
        _ => ok(r#"{"code":"0000","msg":"","data":{"taskNo":"T2"}}"#),
    };
    let service = FakeServer::new(script);
    let env = service.env();
    env.write(
        ".config/mavi/config.toml",
        "token_command = [\"echo\", \"another-token\"]\n",
    );
    let mut command = env.command(["submit", "V1"]);
    command.env_remove("MAVI_TOKEN");
    Run::of(command).expect_failure(7).expect_stderr(str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): the token is invalid or has expired (code 0401, HTTP 500): no; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits

"#]]);
    assert_eq!(service.count(), 1);
}

#[test]
fn get_is_retried_after_gateway_timeout() {
    let statuses = ["408 Request Timeout", "425 Too Early", "460 ", "499 "];
    all_at_once(statuses, |status| {
        let script = [reply(status, &[], "<html>"), ok(finished("T1", ""))];
        let service = FakeServer::in_turn(script.clone());
        service.env().run("get T1").ok();
        assert_eq!(service.count(), 2, "{status}");
        let service = FakeServer::in_turn(script);
        service.env().run("wait T1 --interval 10ms").ok();
        FakeServer::always(reply(status, &[], "<html>"))
            .env()
            .run("get T1 --retries 0 -q")
            .expect_failure(7)
            .expect_stderr("mavi: could not get task T1: a gateway gave up[..]\nhint: [..]\n");
    });
}

/// A listener that accepts nothing more: its queue of connections is full.
#[cfg(target_os = "linux")]
fn unreachable() -> (TcpListener, Vec<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (mut queued, mut timeouts) = (Vec::new(), 0);
    // A single one may be due to a busy machine.
    while timeouts < 3 && queued.len() < 900 {
        match TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            Ok(stream) => queued.push(stream),
            Err(_) => timeouts += 1,
        }
    }
    (listener, queued)
}

#[cfg(target_os = "linux")]
#[test]
fn submit_without_a_connection_was_not_accepted() {
    let (listener, queued) = unreachable();
    assert!(queued.len() < 900, "the queue does not fill up");
    for scheme in ["http", "https"] {
        let env = TestEnv::at(&format!("{scheme}://{}", listener.local_addr().unwrap()));
        env.run("submit V1 --request-timeout 600ms --retries 1")
            .expect_failure(7)
            .expect_stderr(
                "submitting V1 (audio)\nretrying: the connection timed out[..]\n\
             mavi: could not submit V1 (audio): the connection timed out\nhint: [..]\n",
            );
        assert_eq!(recorded(&env), []);
    }
}

/// Answers every submit, keeps connections open, and counts them.
fn keeping_connections() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&connections);
    accept(listener, move |mut stream| {
        counter.fetch_add(1, Ordering::SeqCst);
        let body = r#"{"code":"0000","msg":"success","data":{"taskNo":"T1"}}"#;
        let length = body.len();
        let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
        while read(&mut stream).is_some() && stream.write_all(reply.as_bytes()).is_ok() {}
    });
    (url, connections)
}

#[test]
fn each_submit_has_its_own_connection() {
    let (url, connections) = keeping_connections();
    let env = TestEnv::at(&url);
    env.run("submit --jobs 1 V1 V2 V3 V4 V5").ok();
    assert_eq!(connections.load(Ordering::SeqCst), 5);
}

#[test]
fn task_of_a_submit_without_an_answer_is_not_waited_for() {
    let (_service, env, _) = submit(reply("504 Gateway Timeout", &[], ""), 0);
    env.run("wait --last")
        .expect_failure(7)
        .expect_stderr(str![[r#"
mavi: the newest submit has no recorded answer, so its task ID is not known
hint: to list such submits, run: mavi tasks --status unknown

"#]]);
}

#[test]
fn submit_under_way_in_another_run_is_waited_for_until_the_timeout() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let _first = Process::start(env.command(["submit", "V9"]));
    service.wait_for(1);
    let line = "mavi submit --timeout 200ms --reuse --wait V9";
    let run = Run::of(env.shell(line)).expect_failure(8);
    run.expect_stderr(format!(
        "V9 (audio): the same video is being submitted by another run; waiting for it\n\
         submitting V9 (audio)\n\
         mavi: V9 (audio) is still being submitted by another run after 200ms\n\
         hint: to resume, run: {line}\n"
    ));
    assert_eq!(service.count(), 1);
}
