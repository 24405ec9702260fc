//! A server that follows a script and remembers what it was asked: for replies that come in turn,
//! and for what no well-behaved server does. One request a connection.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use serde_json::Value;
use url::Url;

use super::env::{SUBMIT, TestEnv};
use super::process::TEST_TIMEOUT;
use super::run::Run;

/// The first byte of a client that speaks TLS.
const TLS_HANDSHAKE: u8 = 22;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Sends these bytes, then hangs up. No bytes at all: a connection that is cut.
    Bytes(Vec<u8>),
    /// Sends these bytes, then says nothing until the client hangs up.
    Unended(Vec<u8>),
    /// Says nothing until the client hangs up.
    Silence,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The method and the target as they stand in the first line: `GET /path?query`.
    pub(crate) line: String,
    /// Name in lower case, and value.
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A running server.
pub(crate) struct FakeServer {
    address: SocketAddr,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    requests: Mutex<Vec<Request>>,
    arrived: Condvar,
}

impl FakeServer {
    /// A server whose answer to each request, counted from 0, is what `script` says.
    pub(crate) fn new(script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::listening(TcpListener::bind("127.0.0.1:0").unwrap(), script)
    }

    /// The same on a socket of the caller's.
    pub(crate) fn listening(
        listener: TcpListener,
        script: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Log::default());
        let seen = Arc::clone(&log);
        accept(listener, move |stream| serve(stream, &seen, &script));
        Self { address, log }
    }

    /// A server that gives these answers in turn, and the last one for ever.
    pub(crate) fn in_turn(answers: impl Into<Vec<Answer>>) -> Self {
        let answers = answers.into();
        Self::new(move |number, _| answers[number.min(answers.len() - 1)].clone())
    }

    /// A server that answers every submit and every get with these bodies.
    pub(crate) fn api(submit: &str, get: &str) -> Self {
        let (submit, get) = (ok(submit), ok(get));
        Self::new(move |_, request| {
            if request.is_submit() {
                submit.clone()
            } else {
                get.clone()
            }
        })
    }

    /// A server that answers a get of each of these tasks with its body.
    pub(crate) fn tasks(replies: &[(&str, &str)]) -> Self {
        let replies: HashMap<_, _> = replies
            .iter()
            .map(|(task, body)| ((*task).to_owned(), ok(body)))
            .collect();
        Self::new(move |_, request| {
            let known = replies.get(&request.task()).cloned();
            known.unwrap_or_else(|| reply("404 Not Found", &[], ""))
        })
    }

    /// A server that gives one answer for ever.
    pub(crate) fn always(answer: Answer) -> Self {
        Self::in_turn([answer])
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the program in this environment, with this server's address in place of its own.
    pub(crate) fn command(&self, env: &TestEnv, args: &[&str]) -> Command {
        let mut command = env.command(args);
        command.env("MAVI_BASE_URL", self.url());
        command
    }

    /// Runs a command line with this server's address, as a user would who pastes it into a shell.
    pub(crate) fn shell(&self, env: &TestEnv, line: &str) -> Run {
        let mut shell = env.shell(line);
        shell.env("MAVI_BASE_URL", self.url());
        Run::of(shell)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// An environment that talks to this server.
    pub(crate) fn env(&self) -> TestEnv {
        TestEnv::at(&self.url())
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.requests.lock().unwrap().clone()
    }

    /// How many requests there were.
    pub(crate) fn count(&self) -> usize {
        self.requests().len()
    }

    /// The one request that there was.
    #[track_caller]
    pub(crate) fn the_request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests[0].clone()
    }

    /// Blocks until this many requests have arrived.
    pub(crate) fn wait_for(&self, count: usize) {
        let requests = self.log.requests.lock().unwrap();
        let waited = self
            .log
            .arrived
            .wait_timeout_while(requests, TEST_TIMEOUT, |requests| requests.len() < count);
        assert!(!waited.unwrap().1.timed_out(), "no request came");
    }
}

impl Request {
    pub(crate) fn is_submit(&self) -> bool {
        self.line == format!("POST {SUBMIT}")
    }

    /// The value of a header; none where it was not sent.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }

    /// The task that a get asked about, decoded.
    pub(crate) fn task(&self) -> String {
        let target = self.line.split(' ').nth(1).unwrap();
        let url = Url::parse(&format!("http://host{target}")).unwrap();
        let task = url.query_pairs().find(|(name, _)| name == "taskNo");
        task.map_or(String::new(), |(_, value)| value.into_owned())
    }
}

/// Lets `handle` have each connection, in a thread of its own.
pub(crate) fn accept(listener: TcpListener, handle: impl Fn(TcpStream) + Send + Sync + 'static) {
    let handle = Arc::new(handle);
    thread::spawn(move || {
        // Bounded: no test asks as often as this.
        for stream in listener.incoming().take(2_000).flatten() {
            let handle = Arc::clone(&handle);
            thread::spawn(move || handle(stream));
        }
    });
}

fn serve(mut stream: TcpStream, log: &Log, script: &dyn Fn(usize, &Request) -> Answer) {
    let Some(request) = read(&mut stream) else {
        return;
    };
    let mut requests = log.requests.lock().unwrap();
    let number = requests.len();
    requests.push(request.clone());
    drop(requests);
    log.arrived.notify_all();
    match script(number, &request) {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Answer::Unended(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.read(&mut [0]);
        }
        Answer::Silence => {
            let _ = stream.read(&mut [0]);
        }
    }
}

/// Reads a request; `None` at the end of the connection.
pub(crate) fn read(stream: &mut TcpStream) -> Option<Request> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        if bytes.first() == Some(&TLS_HANDSHAKE) {
            let _ = stream.write_all(&http("400 Bad Request", &[], ""));
            return None;
        }
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let mut lines = head.lines();
            let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
            let headers: Vec<_> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect();
            let length = headers
                .iter()
                .find(|(name, _)| name == "content-length")
                .map_or(0, |(_, value)| value.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                let body = String::from_utf8(bytes.split_off(end + 4)).unwrap();
                return Some(Request {
                    line,
                    headers,
                    body,
                });
            }
        }
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}

/// Returns an answer with this status line (`502 Bad Gateway`), headers (`name: value` lines) and body.
pub(crate) fn reply(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Answer {
    Answer::Bytes(http(status, headers, body))
}

/// Returns the bytes of a [`reply`].
pub(crate) fn http(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for line in headers
        .iter()
        .chain([&&*format!("content-length: {}", body.len())])
    {
        head.push_str(line);
        head.push_str("\r\n");
    }
    let mut bytes = (head + "\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A 200 with this body.
pub(crate) fn ok(body: impl AsRef<[u8]>) -> Answer {
    reply("200 OK", &["content-type: application/json"], body)
}

/// A connection that is cut without a word.
pub(crate) fn cut() -> Answer {
    Answer::Bytes(Vec::new())
}

/// An address that refuses connections for as long as the listener lives: the port is taken, so
/// that nobody else can listen there, and nobody listens at this address.
#[cfg(target_os = "linux")]
pub(crate) fn refusing() -> (TcpListener, String) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.2:{}", taken.local_addr().unwrap().port());
    (taken, url)
}

/// Runs the command once for people and once for scripts. Both fail with this status and kind, print
/// nothing on stdout, and say the same, and nothing else but status lines. The error as scripts see it.
#[track_caller]
pub(crate) fn expect_failure_both_ways(
    env: &TestEnv,
    args: &[&str],
    status: i32,
    kind: &str,
) -> Value {
    let for_people = Run::of(env.command(args)).expect_failure(status);
    // A refusal for the rate limit makes later runs of the same home wait.
    env.forget_rate_limits();
    let for_scripts =
        Run::of(env.command(["--error-format", "json"].iter().chain(args))).expect_failure(status);
    let errors = for_scripts.errors();
    let [error] = &errors[..] else {
        panic!("{for_scripts:#?}");
    };
    assert_eq!(error["kind"], kind, "{error:#}");
    assert_eq!(error["exit_code"], status, "{error:#}");
    let message = error["message"].as_str().unwrap();
    assert!(!message.is_empty(), "{error:#}");
    let (status_lines, said) = for_people.stderr.split_once("mavi: ").expect("an error");
    assert_eq!(status_lines, for_scripts.notes(), "{for_people:#?}");
    // Messages of the argument parser have more lines for people than for scripts.
    let said = said.strip_prefix(message).expect("the same message");
    let hints: Vec<&str> = said.split("\nhint: ").collect();
    assert!(
        kind == "usage" || hints[0].trim_end().is_empty(),
        "{for_people:#?}"
    );
    // A command to paste has the flag for scripts too.
    let for_scripts = error["hint"].as_str().unwrap_or_default();
    let for_scripts = for_scripts.replace(" --error-format json", "");
    assert_eq!(
        hints[1..].join("; ").trim_end(),
        for_scripts,
        "{for_people:#?}"
    );
    error.clone()
}
