//! Replies that no API describes: cut, bent, too big, not JSON. Each is a clear failure with its
//! status, without a panic and without one byte on stdout.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{Answer, FakeServer, expect_failure_both_ways, ok, reply};
use crate::support::run::Run;

/// The reply is refused as `api`, in a format that repairs and in one that copies.
#[track_caller]
fn refused(answer: Answer) -> Run {
    let env = FakeServer::always(answer).env();
    expect_failure_both_ways(&env, &["get", "T1", "--retries", "0"], 5, "api");
    let run = env.run("get T1 --retries 0 -f json").expect_failure(5);
    assert!(!run.stderr.contains("panicked"), "{run:#?}");
    run.stderr_contains(&["mavi: could not get task T1: ", "hint: "])
}

/// The whole reply with this `data`.
fn envelope(data: &str) -> String {
    format!(r#"{{"code":"0000","msg":"success","data":{data}}}"#)
}

#[test]
fn body_without_envelope_is_api_error_with_excerpt() {
    for body in [
        "null",
        "true",
        "0",
        "\"0000\"",
        "[]",
        "{}",
        "[{\"code\":\"0000\"}]",
        r#"{"code":null,"msg":null,"data":null}"#,
        r#"{"code":[],"msg":"success"}"#,
        r#"{"code":{"a":1}}"#,
        "<html><body>Sign in to the hotel's network</body></html>",
        "Service temporarily down",
    ] {
        let start: String = body.chars().take(30).collect();
        refused(ok(body)).stderr_contains(&[&start]);
    }
    for empty in ["", " ", "\r\n", "\u{feff}"] {
        refused(ok(empty)).stderr_contains(&["empty"]);
    }
}

#[test]
fn empty_code_is_called_so() {
    for (answer, message) in [
        (
            ok(r#"{"code":"","msg":"odd"}"#),
            "the service's reply has an empty code: odd",
        ),
        (
            reply("400 Bad Request", &[], r#"{"code":""}"#),
            "the service's reply has an empty code (HTTP 400)",
        ),
    ] {
        let env = FakeServer::always(answer).env();
        let error = expect_failure_both_ways(&env, &["get", "T1"], 5, "api");
        assert_eq!(
            error["message"],
            format!("could not get task T1: {message}")
        );
    }
}

#[test]
fn data_of_a_wrong_type_is_an_api_error() {
    for data in [
        "null",
        "true",
        "5",
        "\"FINISH\"",
        "[]",
        "{}",
        r#"[{"id":1,"startTime":0,"endTime":1,"content":"a"}]"#,
        r#"{"status":null}"#,
        r#"{"status":[]}"#,
        r#"{"status":{"a":1}}"#,
        r#"{"status":"FINISH","taskNo":[]}"#,
        r#"{"status":"FINISH","transcriptions":"none"}"#,
        r#"{"status":"FINISH","transcriptions":{}}"#,
        r#"{"status":"FINISH","transcriptions":7}"#,
        r#"{"status":"FINISH","transcriptions":[null]}"#,
        r#"{"status":"FINISH","transcriptions":[5]}"#,
        r#"{"status":"FINISH","transcriptions":[[]]}"#,
        r#"{"status":"FINISH","transcriptions":[{"startTime":true}]}"#,
        r#"{"status":"FINISH","transcriptions":[{"startTime":[1]}]}"#,
        r#"{"status":"FINISH","transcriptions":[{"endTime":"soon"}]}"#,
        r#"{"status":"FINISH","transcriptions":[{"content":5}]}"#,
        r#"{"status":"FINISH","transcriptions":[{"content":{"text":"a"}}]}"#,
        r#"{"status":"FINISH","transcriptions":[{"id":{}}]}"#,
    ] {
        refused(ok(envelope(data)));
    }
    refused(ok(r#"{"code":"0000","msg":"success"}"#));
}

#[test]
fn null_fields_are_missing_time_and_empty_text() {
    let data = r#"{"status":"FINISH","type":null,"videoNo":null,"taskNo":null,"transcriptions":[{"id":null,"startTime":null,"endTime":null,"content":null,"speaker":null}]}"#;
    let env = FakeServer::always(ok(envelope(data))).env();
    assert_eq!(
        env.run("get T1 -f csv").ok().stdout,
        "task_no,id,start,end,content,video_no,type\n,,,,,,\n"
    );
    assert_eq!(env.run("get T1 -f srt").ok().stdout, "");
    assert_eq!(env.run("get T1 -f jsonl").ok().stdout, format!("{data}\n"));
}

#[test]
fn truncated_json_is_refused_at_any_length() {
    let whole = finished("T1", r#"{"id":1,"startTime":0,"endTime":1,"content":"a"}"#);
    for length in [1, 10, 60, whole.len() - 20, whole.len() - 1] {
        refused(ok(&whole[..length]));
    }
    refused(ok(format!("{whole}{whole}")));
}

#[test]
fn a_body_shorter_than_it_was_announced_is_a_cut_connection() {
    let body = finished("T1", "");
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
        body.len() + 1
    );
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n",
        body.len()
    );
    for bytes in [
        head.clone() + &body,
        head.clone(),
        head[..20].to_owned(),
        chunked,
    ] {
        let env = FakeServer::always(Answer::Bytes(bytes.into_bytes())).env();
        expect_failure_both_ways(&env, &["get", "T1", "--retries", "0"], 7, "network");
    }
}

#[test]
fn what_is_not_http_is_a_network_failure() {
    for bytes in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "\0\0\0",
        "HTTP/1.1 9999 x\r\n\r\n",
    ] {
        let env = FakeServer::always(Answer::Bytes(bytes.into())).env();
        expect_failure_both_ways(&env, &["get", "T1", "--retries", "0"], 7, "network");
    }
}

#[test]
fn a_body_that_is_not_utf_8_is_an_api_error() {
    let whole = finished(
        "T1",
        r#"{"id":1,"startTime":0,"endTime":1,"content":"caf#"}"#,
    );
    let latin_1 = whole
        .bytes()
        .map(|byte| if byte == b'#' { 0xe9 } else { byte });
    refused(ok(latin_1.collect::<Vec<u8>>())).stderr_contains(&["utf-8"]);
    refused(ok([0xff, 0xfe, b'{', 0]));
}

#[test]
fn page_that_is_not_utf_8_keeps_its_http_status() {
    for (status, exit, kind) in [
        ("401 Unauthorized", 4, "auth"),
        ("403 Forbidden", 4, "auth"),
        ("404 Not Found", 5, "api"),
        ("429 Too Many Requests", 6, "rate_limit"),
        ("502 Bad Gateway", 7, "network"),
    ] {
        let env = FakeServer::always(reply(status, &[], b"<h1>acc\xe8s</h1>")).env();
        expect_failure_both_ways(&env, &["get", "T1", "--retries", "0"], exit, kind);
    }
}

#[test]
fn nesting_deeper_than_128_is_refused_at_any_depth_and_place() {
    for depth in [129, 1_000, 200_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            refused(ok(&deep));
            refused(ok(envelope(&format!(
                r#"{{"status":"FINISH","transcriptions":[],"extra":{deep}}}"#
            ))))
            .stderr_contains(&["deep"]);
        }
        refused(ok("[".repeat(depth)));
    }
    let brackets = "[".repeat(1_000);
    let text = format!(r#"{{"startTime":0,"endTime":1,"content":"{brackets}"}}"#);
    let env = FakeServer::always(ok(finished("T1", &text))).env();
    assert_eq!(
        env.run("get T1 -f txt").ok().stdout,
        format!("{brackets}\n")
    );
}

/// An environment whose limit on replies is this many bytes.
fn limited(service: &FakeServer, limit: usize) -> TestEnv {
    let env = service.env();
    env.write(
        ".config/mavi/config.toml",
        &format!("max_reply_size = {limit}\n"),
    );
    env
}

#[test]
fn reply_is_refused_above_the_size_limit_only() {
    let body = finished("T1", r#"{"id":1,"startTime":0,"endTime":1,"content":"a"}"#);
    let service = FakeServer::always(ok(&body));
    let run = limited(&service, body.len()).run("get T1 -f txt").ok();
    assert_eq!(run.stdout, "a\n");
    let env = limited(&service, body.len() - 1);
    expect_failure_both_ways(&env, &["get", "T1"], 5, "api");
    env.run("get T1")
        .expect_failure(5)
        .stderr_contains(&["larger than", "max_reply_size"]);
    assert_eq!(service.count(), 4, "it was asked for again");

    // With no length announced: the sender just goes on.
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{body}{}", " ".repeat(100_000));
    let service = FakeServer::always(Answer::Bytes(endless.into_bytes()));
    let env = limited(&service, 50_000);
    expect_failure_both_ways(&env, &["get", "T1"], 5, "api");
}

#[test]
fn size_limit_applies_after_decompression() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(finished("T1", "").as_bytes()).unwrap();
    gzip.write_all(&vec![b' '; 4 << 20]).unwrap();
    let bomb = gzip.finish().unwrap();
    assert!(bomb.len() < 10_000);
    let service = FakeServer::always(reply("200 OK", &["content-encoding: gzip"], bomb));
    let env = limited(&service, 1 << 20);
    expect_failure_both_ways(&env, &["get", "T1"], 5, "api");
    env.run("get T1")
        .expect_failure(5)
        .stderr_contains(&["larger than"]);
}

#[test]
fn gzip_that_is_broken_is_a_clear_failure() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(finished("T1", "").as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    for body in [&whole[..whole.len() / 2], b"{\"code\":\"0000\"}"] {
        let service = FakeServer::always(reply("200 OK", &["content-encoding: gzip"], body));
        let run = service.env().run("get T1 --retries 0");
        assert!([5, 7].contains(&run.status), "{run:#?}");
        run.stderr_contains(&["mavi: could not get task T1: "]);
    }
}
