//! `mavi submit`.

use serde_json::{Deserializer, Value};
use snapbox::str;

use crate::support::all_at_once;
use crate::support::env::{SUBMIT, TOKEN, TestEnv, finished, unfinished};
use crate::support::fake_server::{Answer, FakeServer, cut, ok, reply};
use crate::support::process::WriteStdin as _;
use crate::support::run::{Run, Transcript};

#[test]
fn prints_the_task_number_and_nothing_else() {
    let server = FakeServer::always(taken("T1"));
    server
        .env()
        .run("submit V1")
        .expect_output("T1\n", "submitting V1 (audio)\n");
    let token = format!("Bearer {TOKEN}");
    let request = server.the_request();
    assert_eq!(request.header("authorization"), Some(&*token));
}

#[test]
fn every_video_is_submitted_for_every_type_in_order() {
    let server = FakeServer::new(|_, request| {
        let body: Value = request.body.parse().unwrap();
        let field = |name: &str| body[name].as_str().unwrap().to_lowercase();
        taken(&format!("{}-{}", field("type"), field("videoNo")))
    });
    let env = server.env();
    let mut command = env.command(["submit", "--type", "audio", "--type", "video", "V1", "-"]);
    command.write_stdin("# more\n\nV2\nV1\n");
    Run::of(command).expect_output(
        "audio-v1\nvideo-v1\naudio-v2\nvideo-v2\n",
        "submitting 4 tasks\n",
    );
}

#[test]
fn refused_submit_names_video_and_reason() {
    let refusal = r#"{"code":"0402","msg":"no credit left","data":null}"#;
    let server = FakeServer::always(ok(refusal));
    let run = server.env().run("submit V1").expect_failure(5);
    run.expect_stderr(str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): not enough credit (code 0402): no credit left. V1 (audio) was not submitted
hint: add credit to the account, then run the command again
hint: to resume, run: mavi submit --reuse V1

"#]]);
    assert_eq!(server.count(), 1);
}

/// A success with this task ID.
fn taken(task: &str) -> Answer {
    ok(format!(
        r#"{{"code":"0000","msg":"success","data":{{"taskNo":"{task}"}}}}"#
    ))
}

#[test]
fn the_request_is_one_json_body_with_exactly_these_fields() {
    let service = FakeServer::always(taken("T1"));
    service.env().run("submit V1 --type video").ok();
    let request = service.the_request();
    assert_eq!(request.line, format!("POST {SUBMIT}"));
    assert_eq!(request.body, r#"{"videoNo":"V1","type":"VIDEO"}"#);
    assert_eq!(request.header("content-type"), Some("application/json"));
    let agent = format!("mavi/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(&*agent));
}

#[test]
fn callback_is_sent_as_documented() {
    let callback = "https://example.com/hook?key=%7e&b=1";
    let service = FakeServer::always(taken("T1"));
    let env = service.env();
    env.run(&format!("submit V1 --callback {callback}")).ok();
    env.write(
        ".config/mavi/config.toml",
        &format!("[submit]\ncallback = \"{callback}\"\n"),
    );
    env.run("submit V1").ok();
    let body = format!(r#"{{"videoNo":"V1","type":"AUDIO","callBackURI":"{callback}"}}"#);
    for request in service.requests() {
        assert_eq!(request.body, body);
    }
}

#[test]
fn a_list_can_be_printed_as_json_jsonl_or_table() {
    let service = FakeServer::always(taken("T1"));
    let env = service.env();
    let line = r#"{"videoNo":"V1","type":"AUDIO","taskNo":"T1"}"#;
    env.run("submit V1 -f jsonl")
        .expect_output(format!("{line}\n"), "submitting V1 (audio)\n");
    let json = env.run("submit V1 V2 -f json").ok().stdout;
    let documents: Vec<Value> = Deserializer::from_str(&json)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(documents[0], line.parse::<Value>().unwrap());
    assert_eq!(documents[1]["videoNo"], "V2");
    let table = env.run("submit V1 -f table").ok().stdout;
    for part in ["V1", "T1"] {
        assert!(table.contains(part), "{table}");
    }
    // Configuration has no say: a script relies on the bare number.
    let mut command = env.command(["submit", "V1"]);
    command.env("MAVI_FORMAT", "json");
    Run::of(command).expect_output("T1\n", "submitting V1 (audio)\n");
}

#[test]
fn a_task_number_may_be_a_number() {
    for (number, printed) in [
        ("42", "42\n"),
        ("604589912365481984", "604589912365481984\n"),
    ] {
        let body = format!(r#"{{"code":0,"msg":"success","data":{{"taskNo":{number}}}}}"#);
        let run = FakeServer::always(ok(body)).env().run("submit V1").ok();
        assert_eq!(run.stdout, printed);
    }
}

#[test]
fn submit_with_unknown_outcome_is_never_resent() {
    let mut transcript = Transcript::default();
    let error_500 = r#"{"code":"0003","msg":"x","data":null}"#;
    for (answer, status) in [
        (cut(), 7),
        (Answer::Silence, 7),
        (
            Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec()),
            7,
        ),
        (reply("500 Internal Server Error", &[], ""), 7),
        (reply("500 Internal Server Error", &[], error_500), 7),
        (reply("502 Bad Gateway", &["retry-after: 0"], "<html>"), 7),
        (reply("503 Service Unavailable", &[], "<html>"), 7),
        (reply("504 Gateway Timeout", &[], ""), 7),
        (ok("<html>Welcome to the hotel</html>"), 5),
        (ok(""), 5),
        (ok(r#"{"code":"0000","msg":"success","data":null}"#), 5),
        (ok(r#"{"code":"0000","msg":"success","data":{}}"#), 5),
        (ok(r#"{"code":"0000","data":{"taskNo":null}}"#), 5),
        (ok(r#"{"code":"7777","msg":"x","data":null}"#), 5),
        (ok(r#"{"code":"0402","msg":"x","data":{"taskNo":"T1"}}"#), 7),
        (
            reply(
                "429 Too Many Requests",
                &[],
                r#"{"code":"0429","msg":"x","data":{"taskNo":"T1"}}"#,
            ),
            7,
        ),
        (ok(r#"{"code":"0000","data":{"taskNo":""}}"#), 5),
        (ok(r#"{"code":"0000","data":{"taskNo":"a\u001bb"}}"#), 5),
    ] {
        let patience = match answer {
            Answer::Silence | Answer::Unended(_) => "--request-timeout 300ms",
            Answer::Bytes(_) => "",
        };
        let service = FakeServer::always(answer);
        let env = service.env();
        let run = env.run(&format!("submit V1 --retries 5 {patience}"));
        let run = run.expect_failure(status);
        transcript.add("mavi submit V1", &run);
        assert_eq!(service.count(), 1, "{run:#?}");
    }
    transcript.expect(str![[r#"
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the connection was cut: connection closed before message completed; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the service did not answer in time; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply was cut short: end of file before message length reached; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the server failed (HTTP 500): the body is empty; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): a parameter is wrong (code 0003, HTTP 500): x; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the server failed (HTTP 502): <html>; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the server failed (HTTP 503): <html>; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the server failed (HTTP 504): the body is empty; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply is not what the API describes (expected value at line 1 column 1): <html>Welcome to the hotel</html>; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply is not what the API describes (EOF while parsing a value at line 1 column 0): the body is empty; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply is not what the API describes (`data` is missing): {"code":"0000","msg":"success","data":null}; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply is not what the API describes (missing field `taskNo` at line 1 column 2): {"code":"0000","msg":"success","data":{}}; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply is not what the API describes (neither a text nor a number at line 1 column 15): {"code":"0000","data":{"taskNo":null}}; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the service refused (code 7777): x; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): not enough credit (code 0402): x; it is not known whether the service accepted it (its reply names task T1)
hint: to wait for that task, run: mavi wait T1
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the rate limit is exceeded (code 0429, HTTP 429): x; it is not known whether the service accepted it (its reply names task T1)
hint: to wait for that task, run: mavi wait T1
[7]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply is not what the API describes (a task ID is empty): {"code":"0000","data":{"taskNo":""}}; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]
$ mavi submit V1
submitting V1 (audio)
mavi: could not submit V1 (audio): the reply is not what the API describes (the task ID "a\u{1b}b" contains control characters): {"code":"0000","data":{"taskNo":"a\u001bb"}}; it is not known whether the service accepted it
hint: it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits
[5]

"#]]);
}

#[test]
fn refused_submit_is_retried() {
    let envelope = r#"{"code":"0429","msg":"Request has exceeded the limit."}"#;
    let refusals = [
        reply("429 Too Many Requests", &["retry-after: 0"], ""),
        reply("429 Too Many Requests", &["retry-after: 0"], envelope),
        reply("200 OK", &["retry-after: 0"], envelope),
        reply("503 Service Unavailable", &["retry-after: 0"], "<html>"),
    ];
    all_at_once(refusals, |refused| {
        let service = FakeServer::in_turn([refused.clone(), refused.clone(), taken("T1")]);
        let run = service.env().run("submit V1").ok();
        assert_eq!((&*run.stdout, service.count()), ("T1\n", 3));

        let service = FakeServer::in_turn([refused, taken("T1")]);
        let run = service.env().run("submit V1 --retries 0");
        assert!([6, 7].contains(&run.status), "{run:#?}");
        assert_eq!((&*run.stdout, service.count()), ("", 1));
        // In part: four refusals have this in common.
        assert!(!run.stderr.contains("not known"), "{run:#?}");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn refused_connection_of_submit_is_retried() {
    use std::net::TcpListener;

    use crate::support::process::Process;

    let (_taken, url) = crate::support::fake_server::refusing();
    let process = Process::start(TestEnv::at(&url).command(["submit", "V1", "--retries", "20"]));
    process.wait_for_stderr("could not connect");
    let listener = TcpListener::bind(url.strip_prefix("http://").unwrap()).unwrap();
    let service = FakeServer::listening(listener, |_, _| taken("T1"));
    process.end().expect_output(
        "T1\n",
        str![[r#"
submitting V1 (audio)
retrying: could not connect: Connection refused (os error 111)
the service responds again

"#]],
    );
    assert_eq!(service.count(), 1);
}

#[test]
fn one_refused_submit_of_several_is_reported_and_others_go_on() {
    let service = FakeServer::new(|_, request| {
        if request.body.contains("bad") {
            ok(r#"{"code":"0001","msg":"no such video","data":null}"#)
        } else {
            taken("T1")
        }
    });
    let run = service.env().run("submit V1 bad V2");
    assert_eq!((run.status, &*run.stdout), (5, "T1\nT1\n"));
    run.expect_stderr(str![[r#"
submitting 3 tasks
mavi: could not submit bad (audio): a parameter is wrong (code 0001): no such video
hint: check the ID; it must belong to this account

"#]]);
    assert_eq!(service.count(), 3);
}

#[test]
fn submit_with_wait_prints_results_and_names_tasks_on_stderr() {
    let service = FakeServer::new(|_, request| {
        if request.line.starts_with("POST") {
            taken(&format!("of-{}", &request.body[12..14]))
        } else {
            ok(finished(&request.task(), ""))
        }
    });
    let env = service.env();
    let run = env.run("submit V1 V2 --wait --interval 10ms -f csv").ok();
    assert_eq!(run.stdout, "task_no,id,start,end,content,video_no,type\n");
    // In part: two workers take turns.
    run.stderr_contains(&["V1", "of-V1", "V2", "of-V2"]);
    let run = env
        .run("submit V1 V2 --wait --interval 10ms -o {taskNo}.srt")
        .ok();
    assert_eq!(run.stdout, "");
    assert_eq!(env.files(), ["of-V1.srt", "of-V2.srt"]);
}

#[test]
fn wait_after_failed_submit_exits_with_its_status() {
    let service = FakeServer::new(|_, request| {
        if request.body.contains("bad") {
            ok(r#"{"code":"0402","msg":"no credit","data":null}"#)
        } else if request.line.starts_with("POST") {
            taken("T1")
        } else {
            ok(finished("T1", ""))
        }
    });
    // One worker: both are submitted before the first is polled.
    let run = service
        .env()
        .run("submit V1 bad --jobs 1 --wait --interval 10ms -f csv");
    assert_eq!(run.status, 5, "{run:#?}");
    run.expect_stdout("task_no,id,start,end,content,video_no,type\n")
        .expect_stderr(str![[r#"
submitting 2 tasks
V1 (audio): task T1
0 of 2 finished
V1 (audio): finished in [TIME]
1 of 2 finished, 0 failed, [TIME]
mavi: could not submit bad (audio): not enough credit (code 0402): no credit. bad (audio) was not submitted
hint: add credit to the account, then run the command again
hint: to resume, run: mavi submit --jobs 1 --interval 10ms --reuse --wait --format csv V1 bad

"#]]);
}

#[test]
fn refused_token_stops_batch_and_counts_submits_not_made() {
    let server = FakeServer::always(ok(r#"{"code":"0401","msg":"bad token"}"#));
    server
        .env()
        .run("submit V1 V2 V3 --jobs 1")
        .expect_failure(4)
        .expect_stderr(str![[r#"
submitting 3 tasks
mavi: could not submit V1 (audio): the token is invalid or has expired (code 0401): bad token. 3 of 3 videos were not submitted
hint: set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login
hint: to resume, run: mavi submit --jobs 1 --reuse V1 V2 V3

"#]]);
    assert_eq!(server.count(), 1);
}

#[test]
fn waiting_submit_reports_each_stage() {
    let service = FakeServer::new(|_, request| {
        if request.line.starts_with("GET") {
            return ok(unfinished("T1"));
        }
        ok(r#"{"code":"0000","data":{"taskNo":"T1"}}"#)
    });
    let run = service.env().run("submit V1 --wait --timeout 100ms");
    run.expect_failure(8).expect_stderr(str![[r#"
submitting V1 (audio)
V1 (audio): task T1
waiting for V1 (audio)
mavi: V1 (audio), task T1, is still running after 100ms
hint: to resume, run: mavi wait --timeout 100ms T1

"#]]);
}
