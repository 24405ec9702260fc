//! `mavi submit`.

use serde_json::{Deserializer, Value};

use crate::support::all_at_once;
use crate::support::env::{SUBMIT, TOKEN, TestEnv, finished, unfinished};
use crate::support::fake_server::{Answer, FakeServer, cut, ok, reply};
use crate::support::process::WriteStdin as _;
use crate::support::run::Run;

#[test]
fn prints_the_task_number_and_nothing_else() {
    let server = FakeServer::always(taken("T1"));
    let run = server.env().run("submit V1").ok();
    assert_eq!(run.stdout, "T1\n");
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
    assert_eq!(
        Run::of(command).ok().stdout,
        "audio-v1\nvideo-v1\naudio-v2\nvideo-v2\n"
    );
}

#[test]
fn refused_submit_names_video_and_reason() {
    let refusal = r#"{"code":"0402","msg":"no credit left","data":null}"#;
    let server = FakeServer::always(ok(refusal));
    let run = server.env().run("submit V1").expect_failure(5);
    run.stderr_contains(&[
        "mavi: could not submit V1 (audio): not enough credit (code 0402): no credit left",
        "hint: ",
    ]);
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
    assert_eq!(
        env.run("submit V1 -f jsonl").ok().stdout,
        format!("{line}\n")
    );
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
    assert_eq!(Run::of(command).ok().stdout, "T1\n");
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
            Answer::Silence => "--request-timeout 300ms",
            Answer::Bytes(_) => "",
        };
        let service = FakeServer::always(answer);
        let env = service.env();
        let run = env.run(&format!("submit V1 --retries 5 {patience}"));
        let run = run.expect_failure(status).stderr_contains(&[
            "could not submit V1 (audio): ",
            "not known",
            "hint: ",
        ]);
        assert_eq!(service.count(), 1, "{run:#?}");
    }
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
    assert_eq!(process.end().ok().stdout, "T1\n");
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
    run.stderr_contains(&["mavi: could not submit bad (audio): ", "no such video"]);
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
    let run = service
        .env()
        .run("submit V1 bad --wait --interval 10ms -f csv");
    assert_eq!(run.status, 5, "{run:#?}");
    assert_eq!(run.stdout, "task_no,id,start,end,content,video_no,type\n");
    run.stderr_contains(&["mavi: could not submit bad (audio): "]);
}

#[test]
fn refused_token_stops_batch_and_counts_submits_not_made() {
    let server = FakeServer::always(ok(r#"{"code":"0401","msg":"bad token"}"#));
    let run = server
        .env()
        .run("submit V1 V2 V3 --jobs 1")
        .expect_failure(4)
        .stderr_contains(&[
            "mavi: could not submit V1 (audio): ",
            ". 3 of 3 videos were not submitted\n",
            "to resume, run: mavi submit --jobs 1 --reuse V1 V2 V3\n",
        ]);
    assert_eq!(run.stderr.matches("mavi: ").count(), 1, "{run:#?}");
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
    run.expect_failure(8)
        .stderr_contains(&["submitting V1 (audio)\n", "\nwaiting for V1 (audio)\n"]);
}
