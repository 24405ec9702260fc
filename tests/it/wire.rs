//! HTTP as gateways and proxies speak it: content codings, odd headers, statuses that say that the
//! outcome is not known.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use snapbox::str;

use crate::support::env::finished;
use crate::support::fake_server::{Answer, FakeServer, expect_failure_both_ways, reply};

const SEGMENT: &str = r#"{"id":1,"startTime":0,"endTime":1,"content":"one"}"#;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_decoded_under_every_name() {
    for coding in ["gzip", "GZIP", "x-gzip", "X-GZip", "identity, gzip"] {
        let header = format!("content-encoding: {coding}");
        let service =
            FakeServer::always(reply("200 OK", &[&header], gzip(&finished("T1", SEGMENT))));
        let run = service.env().run("get T1 -f txt -q").ok();
        assert_eq!((&*run.stdout, &*run.stderr), ("one\n", ""), "{coding}");
        let request = service.the_request();
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
    }
}

#[test]
fn unsupported_content_coding_is_named() {
    let body = finished("T1", SEGMENT);
    let service = FakeServer::always(reply("200 OK", &["content-encoding: br"], body));
    let args = ["get", "T1", "--retries", "0"];
    let error = expect_failure_both_ways(&service.env(), &args, 5, "api");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(r#"its content coding is "br""#), "{error}");
    // The status of a gateway's page is enough.
    let service = FakeServer::always(reply("502 Bad Gateway", &["content-encoding: br"], "\u{1}"));
    expect_failure_both_ways(&service.env(), &args, 7, "network");
}

#[test]
fn empty_or_broken_gzip_is_a_clear_error() {
    let whole = gzip(&finished("T1", SEGMENT));
    for (status, body, expected) in [
        (
            "502 Bad Gateway",
            &b""[..],
            str![[r#"
getting task T1
mavi: could not get task T1: the server failed (HTTP 502): the body is empty
hint: try again later

"#]],
        ),
        (
            "200 OK",
            b"",
            str![[r#"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (EOF while parsing a value at line 1 column 0): the body is empty
hint: check base_url; --verbose shows each request

"#]],
        ),
        (
            "200 OK",
            &whole[..whole.len() - 9],
            str![[r#"
getting task T1
mavi: could not get task T1: the reply was cut short: incomplete deflate stream
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]],
        ),
        (
            "200 OK",
            b"{}",
            str![[r#"
getting task T1
mavi: could not get task T1: the reply was cut short: unexpected end of file
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]],
        ),
    ] {
        let service = FakeServer::always(reply(status, &["content-encoding: gzip"], body));
        let run = service.env().run("get T1 --retries 0");
        assert!([5, 7].contains(&run.status), "{run:#?}");
        run.expect_stderr(expected);
    }
}

#[test]
fn odd_headers_are_tolerated() {
    let bytes = finished("T1", SEGMENT);
    for head in [
        "X-Folded: one\r\n two\r\n\tthree\r\n",
        "X-Space : one\r\n",
        "no colon here\r\n",
        "X-Bytes: \u{e9}\u{9b}\r\n",
        "X-Empty:\r\n",
        "Retry-After:\r\n soon\r\n",
    ] {
        let reply = format!(
            "HTTP/1.1 200 OK\r\n{head}Content-Length:\r\n  {}\r\n\r\n{bytes}",
            bytes.len()
        );
        let service = FakeServer::always(Answer::Bytes(reply.into_bytes()));
        let run = service.env().run("get T1 -f txt -q").ok();
        assert_eq!((&*run.stdout, &*run.stderr), ("one\n", ""), "{head:?}");
    }
}

#[test]
fn reply_of_empty_segments_is_refused_by_every_reader() {
    let reply_of = |count| finished("T1", &vec!["{}"; count].join(","));
    let answer = |count| {
        reply(
            "200 OK",
            &["content-encoding: gzip"],
            gzip(&reply_of(count)),
        )
    };
    let env = FakeServer::always(answer(1_000_000)).env();
    env.expect_transcript(
        ["get T1", "wait T1", "get T1 -f json", "get T1 -f srt"],
        str![[r#"
$ mavi get T1
getting task T1
mavi: could not get task T1: the reply is not what the API describes (more than 10000 segments with neither a time nor a text at line 1 column 30083): {"code":"0000","msg":"success","data":{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},…
hint: check base_url; --verbose shows each request
[5]
$ mavi wait T1
waiting for task T1
mavi: could not get task T1: the reply is not what the API describes (more than 10000 segments with neither a time nor a text at line 1 column 30083): {"code":"0000","msg":"success","data":{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},…
hint: check base_url; --verbose shows each request
[5]
$ mavi get T1 -f json
getting task T1
mavi: could not get task T1: the reply is not what the API describes (more than 10000 segments with neither a time nor a text at line 1 column 30083): {"code":"0000","msg":"success","data":{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},…
hint: check base_url; --verbose shows each request
[5]
$ mavi get T1 -f srt
getting task T1
mavi: could not get task T1: the reply is not what the API describes (more than 10000 segments with neither a time nor a text at line 1 column 30083): {"code":"0000","msg":"success","data":{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},…
hint: check base_url; --verbose shows each request
[5]

"#]],
    );
    env.write("saved.json", &reply_of(10_001));
    env.run("convert saved.json -f txt")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: saved.json is not a mavi JSON transcription: more than 10000 segments with neither a time nor a text (line 1, column 30121)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API

"#]]);
    let env = FakeServer::always(answer(10_000)).env();
    env.run("get T1 -f json").ok();
}
