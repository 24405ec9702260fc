//! `--verify`, where more results come at once than the rate limit lets ask about.

use std::io::{Read as _, Write as _};
use std::thread;

use rustix::process::Signal;
use snapbox::str;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{FakeServer, ok, reply};
use crate::support::receiver::{Receiver, connect, exchange, head, result};

/// A service where every task has ended.
fn service() -> FakeServer {
    FakeServer::new(|_, request| ok(finished(&request.task(), "")))
}

fn limited(service: &FakeServer, get_per_minute: usize) -> TestEnv {
    let env = service.env();
    let limits = format!("[limits]\nget_per_minute = {get_per_minute}\n");
    env.write(".config/mavi/config.toml", &limits);
    env
}

#[test]
fn forty_results_at_once_are_verified_and_delivered() {
    let service = service();
    let env = service.env();
    let args = ["--verify", "--count", "40", "-o", "{taskNo}.txt"];
    let listen = Receiver::start(&env, &args);
    let senders: Vec<_> = (0..40)
        .map(|task| {
            let (addr, path) = (listen.addr, listen.path.clone());
            let body = result(&format!("T{task}"), "x");
            thread::spawn(move || exchange(addr, "POST", &path, &body))
        })
        .collect();
    for sender in senders {
        assert_eq!(sender.join().unwrap().unwrap().status, 200);
    }
    listen.end().expect_status(0);
    assert_eq!(env.files().len(), 40);
}

#[test]
fn deferred_verification_gets_retry_after_and_is_named_at_end() {
    let service = service();
    let env = limited(&service, 1);
    let args = ["--verify", "-o", "{taskNo}.txt"];
    let mut listen = Receiver::start(&env, &args);
    assert_eq!(listen.post(&result("T1", "x")).status, 200);
    for _ in 0..2 {
        let body = result("T 2", "x");
        let request = head("POST", &listen.path, body.len()) + &body;
        let mut stream = connect(listen.addr);
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        assert!(text.starts_with("HTTP/1.1 503 "), "{text}");
        let after = text
            .lines()
            .find_map(|line| line.strip_prefix("retry-after: "));
        let seconds: u64 = after.unwrap_or_else(|| panic!("{text}")).parse().unwrap();
        assert!((1..=61).contains(&seconds), "{seconds}");
    }
    assert_eq!(service.requests().len(), 1);
    listen.signal(Signal::INT);
    listen.end().expect_status(130).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
V-T1 (audio): finished, wrote T1.txt
more results arrive than the rate limit lets mavi verify; the others, V-T 2 (audio) first, are verified as soon as it does
mavi: interrupted: the result of V-T 2 (audio), task T 2, was not fetched
hint: to fetch the results by polling, run: mavi wait --output '{taskNo}.txt' 'T 2'

"#]]);
}

#[test]
fn rate_limited_verification_is_retried_without_redelivery() {
    let limit = r#"{"code":"0429","msg":"Request has exceeded the limit."}"#;
    let busy = reply("429 Too Many Requests", &["retry-after: 1"], limit);
    let service = FakeServer::new(move |number, request| {
        if number == 0 {
            busy.clone()
        } else {
            ok(finished(&request.task(), ""))
        }
    });
    let env = service.env();
    let args = ["--verify", "--count", "1", "-o", "{taskNo}.txt"];
    let listen = Receiver::start(&env, &args);
    assert_eq!(listen.post(&result("T1", "x")).status, 503);
    listen.end().expect_status(0);
    assert_eq!(env.files(), ["T1.txt"]);
    assert_eq!(service.requests().len(), 2);
}
