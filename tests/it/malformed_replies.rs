//! Replies that no API describes: cut, bent, too big, not JSON. Each is a clear failure with its
//! status, without a panic and without one byte on stdout.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use snapbox::str;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{Answer, FakeServer, expect_failure_both_ways, ok, reply};
use crate::support::run::{Run, Transcript};

/// The reply is refused as `api`, in a format that repairs and in one that copies.
#[track_caller]
fn refused(answer: Answer) -> Run {
    let env = FakeServer::always(answer).env();
    expect_failure_both_ways(&env, &["get", "T1", "--retries", "0"], 5, "api");
    env.run("get T1 --retries 0 -f json").expect_failure(5)
}

/// The whole reply with this `data`.
fn envelope(data: &str) -> String {
    format!(r#"{{"code":"0000","msg":"success","data":{data}}}"#)
}

#[test]
fn body_without_envelope_is_api_error_with_excerpt() {
    let mut transcript = Transcript::default();
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
        "",
        " ",
        "\r\n",
        "\u{feff}",
    ] {
        transcript.add(&format!("{body:?}"), &refused(ok(body)));
    }
    transcript.expect(str![[r#"
$ "null"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (invalid type: null, expected an object at line 1 column 4): null
hint: check base_url; --verbose shows each request
[5]
$ "true"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (invalid type: boolean `true`, expected an object at line 1 column 4): true
hint: check base_url; --verbose shows each request
[5]
$ "0"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (invalid type: integer `0`, expected an object at line 1 column 1): 0
hint: check base_url; --verbose shows each request
[5]
$ "\"0000\""
getting task T1
mavi: could not get task T1: the reply is not what the API describes (invalid type: string "0000", expected an object at line 1 column 6): "0000"
hint: check base_url; --verbose shows each request
[5]
$ "[]"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (invalid type: sequence, expected an object at line 1 column 0): []
hint: check base_url; --verbose shows each request
[5]
$ "{}"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (`code` is missing): {}
hint: check base_url; --verbose shows each request
[5]
$ "[{\"code\":\"0000\"}]"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (invalid type: sequence, expected an object at line 1 column 0): [{"code":"0000"}]
hint: check base_url; --verbose shows each request
[5]
$ "{\"code\":null,\"msg\":null,\"data\":null}"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (neither a text nor a number at line 1 column 12): {"code":null,"msg":null,"data":null}
hint: check base_url; --verbose shows each request
[5]
$ "{\"code\":[],\"msg\":\"success\"}"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (neither a text nor a number at line 1 column 10): {"code":[],"msg":"success"}
hint: check base_url; --verbose shows each request
[5]
$ "{\"code\":{\"a\":1}}"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (neither a text nor a number at line 1 column 16): {"code":{"a":1}}
hint: check base_url; --verbose shows each request
[5]
$ "<html><body>Sign in to the hotel's network</body></html>"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (expected value at line 1 column 1): <html><body>Sign in to the hotel's network</body></html>
hint: check base_url; --verbose shows each request
[5]
$ "Service temporarily down"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (expected value at line 1 column 1): Service temporarily down
hint: check base_url; --verbose shows each request
[5]
$ ""
getting task T1
mavi: could not get task T1: the reply is not what the API describes (EOF while parsing a value at line 1 column 0): the body is empty
hint: check base_url; --verbose shows each request
[5]
$ " "
getting task T1
mavi: could not get task T1: the reply is not what the API describes (EOF while parsing a value at line 1 column 1): the body is empty
hint: check base_url; --verbose shows each request
[5]
$ "\r\n"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (EOF while parsing a value at line 2 column 0): the body is empty
hint: check base_url; --verbose shows each request
[5]
$ "\u{feff}"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (EOF while parsing a value at line 1 column 0): the body is empty
hint: check base_url; --verbose shows each request
[5]

"#]]);
}

#[test]
fn lists_are_no_objects_whatever_stands_in_them() {
    let result = r#"{"status":"FINISH","taskNo":"T1","transcriptions":[]}"#;
    for (args, body) in [
        ("get T1", format!(r#"["0000","ok",{result}]"#)),
        ("get T1", envelope(r#"["FINISH","AUDIO","V1","T1",[]]"#)),
        ("get T1", "[1]".to_owned()),
        ("videos", r#"["0000","ok",{"videoData":[]}]"#.to_owned()),
        ("videos", envelope("[]")),
        ("delete --yes V1", r#"["0000"]"#.to_owned()),
        ("submit V1", r#"["0000","ok",{"taskNo":"T1"}]"#.to_owned()),
        ("submit V1", envelope(r#"["T1"]"#)),
    ] {
        let env = FakeServer::always(ok(&body)).env();
        let run = env.run(&format!("{args} --retries 0 --error-format json"));
        let run = run.expect_status(5);
        let error = run.errors().remove(0);
        assert_eq!(error["kind"], "api", "{error}");
        assert_eq!(error.get("api_code"), None, "{error}");
        let message = error["message"].as_str().unwrap();
        let reason = "the reply is not what the API describes (";
        assert!(message.contains(reason), "{args} {body}: {message}");
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
    env.run("get T1 -f csv").expect_output(
        "task_no,id,start,end,content,video_no,type\n,,,,,,\n",
        "getting task T1\n",
    );
    env.run("get T1 -f srt")
        .expect_output("", "getting task T1\n");
    env.run("get T1 -f jsonl")
        .expect_output(format!("{data}\n"), "getting task T1\n");
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
    refused(ok(latin_1.collect::<Vec<u8>>())).expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (invalid utf-8 sequence of 1 bytes from index 167): {"code":"0000","msg":"success","data":{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":[{"id":1,"startTime":0,"endTime":1,"content":"caf�"}]}}
hint: check base_url; --verbose shows each request

"#]]);
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
            // In part: the place of the error depends on the depth.
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
    env.run("get T1 -f txt")
        .expect_output(format!("{brackets}\n"), "getting task T1\n");
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
    limited(&service, body.len())
        .run("get T1 -f txt")
        .expect_output("a\n", "getting task T1\n");
    let env = limited(&service, body.len() - 1);
    expect_failure_both_ways(&env, &["get", "T1"], 5, "api");
    env.run("get T1").expect_failure(5).expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: the reply is larger than 169 bytes
hint: raise max_reply_size

"#]]);
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
    env.run("get T1").expect_failure(5).expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: the reply is larger than 1048576 bytes
hint: raise max_reply_size

"#]]);
}

#[test]
fn gzip_that_is_broken_is_a_clear_failure() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(finished("T1", "").as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    for (body, said) in [
        (
            &whole[..whole.len() / 2],
            str![[r#"
getting task T1
mavi: could not get task T1: the reply was cut short: incomplete deflate stream
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]],
        ),
        (
            b"{\"code\":\"0000\"}",
            str![[r#"
getting task T1
mavi: could not get task T1: the reply was cut short: invalid gzip header
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]],
        ),
    ] {
        let service = FakeServer::always(reply("200 OK", &["content-encoding: gzip"], body));
        let run = service.env().run("get T1 --retries 0");
        assert!([5, 7].contains(&run.status), "{run:#?}");
        run.expect_stderr(said);
    }
}
