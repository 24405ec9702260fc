//! The receiver over real loopback sockets. No outcome depends on time that passes: what must be cut
//! off has milliseconds, everything else has minutes.

mod hostile;
mod lifecycle;
mod responses;

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::mpsc::{self, Receiver as Events};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::event::Refusal;
use super::*;
use crate::error::ErrorKind;
use crate::http_server::ServerLimits;

const MINUTES: Duration = Duration::from_mins(10);
const MOMENT: Duration = Duration::from_millis(20);
/// After this a test that would wait for ever fails instead.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

fn patient() -> ServerLimits {
    ServerLimits {
        max_connections: 64,
        max_body: 1024,
        head_timeout: MINUTES,
        body_timeout: MINUTES,
        linger_timeout: MINUTES,
        keep_alive: false,
    }
}

fn options(limits: ServerLimits) -> ReceiverOptions {
    ReceiverOptions {
        addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        path: SecretPath::random().unwrap(),
        public_url: None,
        limits,
    }
}

/// A running receiver, its address, and what it has reported.
struct TestReceiver {
    receiver: Receiver,
    addr: SocketAddr,
    path: String,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    bodies: Vec<String>,
    refusals: Vec<Refusal>,
}

impl TestReceiver {
    /// Starts a receiver that answers every callback with `Stored`.
    fn new(options: ReceiverOptions) -> Self {
        Self::with(options, |_| CallbackResponse::Stored)
    }

    /// Starts a receiver that answers every callback at once.
    fn with(
        options: ReceiverOptions,
        response: impl Fn(&str) -> CallbackResponse + Send + 'static,
    ) -> Self {
        let log = Arc::<Mutex<Log>>::default();
        let shared = Arc::clone(&log);
        let mut receiver = Self::start(options, move |event| match event {
            ReceiverEvent::Callback { body, responder } => {
                responder.respond(response(&body));
                shared.lock().unwrap().bodies.push(body);
            }
            ReceiverEvent::Refused(refusal) => shared.lock().unwrap().refusals.push(refusal),
        });
        receiver.log = log;
        receiver
    }

    /// Starts a receiver whose events are handled by the test.
    fn with_events(options: ReceiverOptions) -> (Self, Events<ReceiverEvent>) {
        let (sender, events) = mpsc::channel();
        let receiver = Self::start(options, move |event| drop(sender.send(event)));
        (receiver, events)
    }

    fn start(options: ReceiverOptions, on_event: impl Fn(ReceiverEvent) + Send + 'static) -> Self {
        let path = format!("/{}", options.path.expose());
        let receiver = Receiver::start(options, on_event).unwrap();
        Self {
            addr: receiver.addr(),
            receiver,
            path,
            log: Arc::default(),
        }
    }

    fn connect(&self) -> TcpStream {
        connect(self.addr)
    }

    fn head(&self, length: usize) -> String {
        head("POST", &self.path, length)
    }

    /// Connects and sends a POST with these first bytes of a body of this length.
    fn begin(&self, length: usize, part: &str) -> TcpStream {
        let mut stream = self.connect();
        let request = format!("{}{part}", self.head(length));
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    /// Returns the response to a POST of `body` to the secret path.
    fn post(&self, body: &str) -> HttpResponse {
        exchange(self.addr, &format!("{}{body}", self.head(body.len())))
    }

    fn bodies(&self) -> Vec<String> {
        self.log.lock().unwrap().bodies.clone()
    }

    fn refusals(&self) -> Vec<Refusal> {
        self.log.lock().unwrap().refusals.clone()
    }
}

/// Waits for the next callback.
fn callback(events: &Events<ReceiverEvent>) -> (String, Responder) {
    match events.recv_timeout(TEST_TIMEOUT).unwrap() {
        ReceiverEvent::Callback { body, responder } => (body, responder),
        ReceiverEvent::Refused(refusal) => panic!("{refusal}"),
    }
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(TEST_TIMEOUT)).unwrap();
    stream
}

fn head(method: &str, path: &str, length: usize) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n")
}

#[derive(Debug, PartialEq, Eq)]
struct HttpResponse {
    status: u16,
    headers: String,
    body: String,
}

fn exchange(addr: SocketAddr, request: &str) -> HttpResponse {
    let mut stream = connect(addr);
    stream.write_all(request.as_bytes()).unwrap();
    read_response(stream)
}

fn read_response(mut stream: TcpStream) -> HttpResponse {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a whole response");
    let (line, headers) = head.split_once("\r\n").unwrap();
    HttpResponse {
        status: line.split(' ').nth(1).unwrap().parse().unwrap(),
        headers: headers.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}

/// Returns `true` if the other side has ended this connection without a success.
fn is_cut(mut stream: TcpStream) -> bool {
    let mut text = Vec::new();
    match stream.read_to_end(&mut text) {
        Ok(_) => !text.starts_with(b"HTTP/1.1 2"),
        Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
    }
}
