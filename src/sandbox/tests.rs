//! The running sandbox over plain sockets: no HTTP library of ours is trusted here.

mod uploads;
mod videos;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::error::ErrorKind;

const SUBMIT: &str = "/api/serve/video/subTranscription";
const GET: &str = "/api/serve/video/getTranscription";

struct HttpReply {
    status: u16,
    head: String,
    body: String,
}

impl HttpReply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn code(&self) -> String {
        assert_eq!(self.status, 200);
        self.json()["code"].as_str().unwrap().to_owned()
    }
}

fn raw(sandbox: &Sandbox, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(sandbox.server.addr())?;
    stream.write_all(request.as_bytes())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    Ok(reply)
}

fn message(line: &str, authorization: &str, body: &str) -> String {
    format!(
        "{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{authorization}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn request(sandbox: &Sandbox, line: &str, authorization: &str, body: &str) -> HttpReply {
    let request = message(line, authorization, body);
    let reply = raw(sandbox, &request).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    HttpReply {
        status: head[9..12].parse().unwrap(),
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}

fn authorization(sandbox: &Sandbox) -> String {
    format!("authorization: Bearer {}\r\n", sandbox.token())
}

fn call(sandbox: &Sandbox, line: &str, body: &str) -> HttpReply {
    request(sandbox, line, &authorization(sandbox), body)
}

fn submit(sandbox: &Sandbox, body: &str) -> HttpReply {
    call(sandbox, &format!("POST {SUBMIT}"), body)
}

fn get(sandbox: &Sandbox, task_no: &str) -> HttpReply {
    call(sandbox, &format!("GET {GET}?taskNo={task_no}"), "")
}

/// Starts a receiver of callbacks that answers with these statuses, one request each. Its thread
/// returns the bodies that came.
pub(super) fn receiver(statuses: &'static [u16]) -> (String, JoinHandle<Vec<Value>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/secret?x=1", listener.local_addr().unwrap());
    let answer = move |status: u16| {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(request.read_line(&mut head).unwrap(), 0);
        }
        assert!(head.starts_with("POST /secret?x=1 HTTP/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/json\r\n"));
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        request.read_exact(&mut body).unwrap();
        write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").unwrap();
        serde_json::from_slice(&body).unwrap()
    };
    let thread = std::thread::spawn(move || statuses.iter().copied().map(answer).collect());
    (url, thread)
}

fn instant() -> SandboxOptions {
    SandboxOptions {
        delay: Duration::ZERO,
        ..SandboxOptions::default()
    }
}

#[test]
fn submitted_task_returns_its_transcription() {
    let sandbox = Sandbox::start(instant()).unwrap();
    let reply = submit(&sandbox, r#"{"videoNo":"mavi_video_demo","type":"AUDIO"}"#);
    assert!(reply.head.contains("content-type: application/json"));
    let task_no = reply.json()["data"]["taskNo"].as_str().unwrap().to_owned();
    let reply = get(&sandbox, &task_no);
    assert_eq!(reply.code(), "0000");
    let data = &reply.json()["data"];
    assert_eq!(data["status"], "FINISH");
    assert_eq!(data["taskNo"], *task_no);
    assert_eq!(data["transcriptions"][0]["startTime"], 0.48);
    let stats = sandbox.stats();
    assert_eq!(
        (stats.submits, stats.submits_accepted, stats.submits_refused),
        (1, 1, 0)
    );
    assert_eq!((stats.gets, stats.gets_answered), (1, 1));
}

#[test]
fn task_is_unfinished_before_its_delay_has_passed() {
    let sandbox = Sandbox::start(SandboxOptions {
        delay: Duration::from_hours(1),
        ..SandboxOptions::default()
    })
    .unwrap();
    let reply = submit(&sandbox, r#"{"videoNo":"V","type":"VIDEO"}"#);
    let task_no = reply.json()["data"]["taskNo"].as_str().unwrap().to_owned();
    assert_eq!(
        get(&sandbox, &task_no).json()["data"],
        serde_json::json!({"status":"UNFINISHED","type":"VIDEO","videoNo":"V","taskNo":task_no,"transcriptions":null})
    );
}

#[test]
fn only_its_own_token_is_accepted() {
    let sandbox = Sandbox::start(instant()).unwrap();
    let token = sandbox.token();
    let code = |authorization: &str| {
        request(&sandbox, &format!("GET {GET}?taskNo=T"), authorization, "").code()
    };
    for wrong in [
        String::new(),
        "authorization: Bearer wrong\r\n".to_owned(),
        format!("authorization: {token}x\r\n"),
        format!("authorization: Basic {token}\r\n"),
        format!("authorization: Bearer {token}x\r\n"),
    ] {
        assert_eq!(code(&wrong), "0401", "{wrong}");
    }
    // `auth_scheme` may be `raw`.
    for right in [format!("bearer {token}"), token.to_owned()] {
        assert_eq!(code(&format!("Authorization: {right}\r\n")), "0001");
    }
    assert_eq!(sandbox.stats().unauthorized, 5);
}

#[test]
fn unknown_path_or_method_is_a_gateway_page() {
    let sandbox = Sandbox::start(instant()).unwrap();
    for (line, status) in [
        ("GET /".to_owned(), 404),
        ("GET /api/serve/video/getTranscriptions".to_owned(), 404),
        (format!("GET {SUBMIT}"), 405),
        (format!("POST {GET}?taskNo=T"), 405),
    ] {
        let reply = call(&sandbox, &line, "");
        assert_eq!(reply.status, status, "{line}");
        assert!(reply.body.starts_with("<html>"));
        assert!(reply.head.contains("content-type: text/html"));
    }
    assert_eq!(submit(&sandbox, "{}").code(), "0001");
    assert_eq!(get(&sandbox, "").code(), "0001");
    assert_eq!(get(&sandbox, "unknown").code(), "0001");
}

#[test]
fn directory_of_transcripts_is_returned_verbatim() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"status":"FAIL","transcriptions":[{"startTime":"1.50"}]}"#;
    std::fs::write(folder.path().join("任务 1.json"), json).unwrap();
    let sandbox = Sandbox::start(SandboxOptions {
        transcripts: Some(folder.path().to_owned()),
        ..instant()
    })
    .unwrap();
    let reply = submit(&sandbox, r#"{"videoNo":"任务 1","type":"AUDIO"}"#);
    let task_no = reply.json()["data"]["taskNo"].as_str().unwrap().to_owned();
    let reply = get(&sandbox, &task_no);
    assert!(
        reply
            .body
            .contains(r#""status":"FAIL","transcriptions":[{"startTime":"1.50"}]"#)
    );
    let unknown = submit(&sandbox, r#"{"videoNo":"mavi_video_demo","type":"AUDIO"}"#);
    assert_eq!(unknown.code(), "0001");
}

#[test]
fn variables_hold_address_and_token() {
    let seeded = || {
        Sandbox::start(SandboxOptions {
            seed: Some(1),
            ..instant()
        })
        .unwrap()
    };
    let sandbox = seeded();
    let (url, token) = (sandbox.base_url(), sandbox.token().to_owned());
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(sandbox.token(), seeded().token());
    assert_ne!(
        sandbox.token(),
        Sandbox::start(instant()).unwrap().token(),
        "without a seed the token is random"
    );
    let variables = sandbox.variables();
    let expected = [("MAVI_BASE_URL", url), ("MAVI_TOKEN", token)];
    assert_eq!(variables[..2], expected);
    assert_eq!(variables[2..], seeded().variables()[2..]);
}

#[test]
fn drop_closes_open_connections() {
    let sandbox = Sandbox::start(instant()).unwrap();
    let mut idle = TcpStream::connect(sandbox.server.addr()).unwrap();
    drop(sandbox);
    assert!(matches!(idle.read(&mut [0]), Ok(0) | Err(_)));
}

#[test]
fn address_in_use_is_an_error() {
    let sandbox = Sandbox::start(instant()).unwrap();
    let error = Sandbox::start(SandboxOptions {
        addr: sandbox.server.addr(),
        ..instant()
    })
    .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Io);
    assert!(error.message.starts_with("could not listen on 127.0.0.1:"));
}

fn with_fault(fault: &str) -> Sandbox {
    Sandbox::start(SandboxOptions {
        faults: fault.parse().unwrap(),
        seed: Some(1),
        ..instant()
    })
    .unwrap()
}

const AUDIO: &str = r#"{"videoNo":"V","type":"AUDIO"}"#;

fn audio_submit(sandbox: &Sandbox) -> String {
    message(&format!("POST {SUBMIT}"), &authorization(sandbox), AUDIO)
}

#[test]
fn reset_ends_connection_before_anything_is_done() {
    let sandbox = with_fault("reset:1");
    let error = raw(&sandbox, &audio_submit(&sandbox)).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    let stats = sandbox.stats();
    assert_eq!(
        (
            stats.submits,
            stats.submits_accepted,
            stats.submits_refused,
            stats.faults
        ),
        (1, 0, 0, 1)
    );
}

#[test]
fn drop_after_accept_takes_the_task_and_closes() {
    let sandbox = with_fault("drop-after-accept:1");
    assert_eq!(raw(&sandbox, &audio_submit(&sandbox)).unwrap(), "");
    let stats = sandbox.stats();
    assert_eq!((stats.submits_accepted, stats.faults), (1, 1));
    assert_eq!(get(&sandbox, "T").code(), "0001", "gets are not dropped");
    assert_eq!(submit(&sandbox, "{}").code(), "0001", "nor are refusals");
}

#[test]
fn truncated_response_is_shorter_than_it_says() {
    let sandbox = with_fault("truncate:1");
    let reply = raw(&sandbox, &audio_submit(&sandbox)).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert!(!body.is_empty() && body.len() < length, "{reply}");
    assert!(head.starts_with("HTTP/1.1 200"));
    assert_eq!(sandbox.stats().submits_accepted, 1);
}

#[test]
fn gateway_faults_do_not_reach_the_service() {
    let sandbox = with_fault("html:1");
    let reply = submit(&sandbox, AUDIO);
    assert_eq!(reply.status, 200);
    assert!(reply.body.starts_with("<html>"));

    let sandbox = with_fault("http-503:1");
    let reply = submit(&sandbox, AUDIO);
    assert_eq!(reply.status, 503);
    assert!(reply.head.contains("retry-after: 1"));
    let stats = sandbox.stats();
    assert_eq!((stats.submits_accepted, stats.submits_refused), (0, 1));

    let sandbox = with_fault("http-500:1");
    let replies: Vec<HttpReply> = (0..20).map(|_| submit(&sandbox, AUDIO)).collect();
    assert!(replies.iter().all(|reply| reply.status == 500));
    for start in ["<html>", r#"{"code":"9999""#] {
        assert!(replies.iter().any(|reply| reply.body.starts_with(start)));
    }
    assert!(replies.iter().any(|reply| reply.body.is_empty()));
    let stats = sandbox.stats();
    assert_eq!((stats.submits_accepted, stats.submits_refused), (0, 0));
}

#[test]
fn slow_response_comes_after_the_work() {
    let sandbox = with_fault("slow:1h:1");
    let mut stream = TcpStream::connect(sandbox.server.addr()).unwrap();
    stream.write_all(audio_submit(&sandbox).as_bytes()).unwrap();
    while sandbox.stats().submits_accepted == 0 {
        std::thread::yield_now();
    }
    stream.set_nonblocking(true).unwrap();
    let nothing_yet = stream.read(&mut [0]).unwrap_err();
    assert_eq!(nothing_yet.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn reply_over_the_limit_is_as_documented() {
    let sandbox = Sandbox::start(SandboxOptions {
        rate_limits: "1,1,1".parse().unwrap(),
        ..instant()
    })
    .unwrap();
    assert_eq!(submit(&sandbox, AUDIO).code(), "0000");
    let reply = submit(&sandbox, AUDIO);
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.body,
        r#"{"code":"0429","msg":"Request has exceeded the limit."}"#
    );
    let stats = sandbox.stats();
    assert_eq!((stats.submits_refused, stats.rate_limited), (1, 1));
}

#[test]
fn callback_holds_data_of_ended_task() {
    let sandbox = with_fault("callback-duplicate:1");
    let (url, received) = receiver(&[200, 204]);
    let body = format!(r#"{{"videoNo":"V","type":"VIDEO","callBackURI":"{url}"}}"#);
    let reply = submit(&sandbox, &body);
    let task_no = reply.json()["data"]["taskNo"].as_str().unwrap().to_owned();
    let received = received.join().unwrap();
    let data = &get(&sandbox, &task_no).json()["data"];
    assert_eq!(data["status"], "FINISH");
    assert_eq!(&received[0], data);
    assert_eq!(received[0], received[1]);
    // The second is counted just after its answer has left the receiver.
    while sandbox.stats().callbacks_delivered < 2 {
        std::thread::yield_now();
    }
}
