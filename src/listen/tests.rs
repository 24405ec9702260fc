//! The receiver over real loopback sockets. No outcome hangs on a time that passes: what must be
//! cut off has milliseconds, everything else has minutes.

mod answers;
mod hostile;
mod life;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;

use super::*;
use crate::error::Kind;

const MINUTES: Duration = Duration::from_mins(10);
const MOMENT: Duration = Duration::from_millis(20);
/// After this a test that would wait for ever fails instead.
const GUARD: Duration = Duration::from_mins(1);

fn patient() -> Limits {
    Limits {
        connections: 64,
        head_time: MINUTES,
        body_time: MINUTES,
        farewell_time: MINUTES,
    }
}

fn options(limits: Limits) -> Options {
    Options {
        addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        path: SecretPath::random().unwrap(),
        body_limit: 1024,
        public_url: None,
        limits,
    }
}

/// A running receiver, where to find it, and what it was handed.
struct Fixture {
    receiver: Receiver,
    addr: SocketAddr,
    path: String,
    handed: Arc<Mutex<Vec<String>>>,
}

impl Fixture {
    fn new(options: Options) -> Self {
        let handed: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&handed);
        let mut fixture = Self::with(options, move |text| {
            log.lock().unwrap().push(text);
            Verdict::Accepted
        });
        fixture.handed = handed;
        fixture
    }

    fn with(options: Options, handle: impl Fn(String) -> Verdict + Send + Sync + 'static) -> Self {
        let path = format!("/{}", options.path.expose());
        let receiver = Receiver::start(options, handle).unwrap();
        let addr = receiver.addr();
        Self {
            receiver,
            addr,
            path,
            handed: Arc::default(),
        }
    }

    fn connect(&self) -> TcpStream {
        connect(self.addr)
    }

    fn head(&self, length: usize) -> String {
        head("POST", &self.path, length)
    }

    /// The answer to a POST of `body` to the secret path.
    fn post(&self, body: &str) -> Answer {
        exchange(self.addr, &format!("{}{body}", self.head(body.len())))
    }

    fn handed(&self) -> Vec<String> {
        self.handed.lock().unwrap().clone()
    }
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(GUARD)).unwrap();
    stream
}

fn head(method: &str, path: &str, length: usize) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n")
}

#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    headers: String,
    body: String,
}

fn exchange(addr: SocketAddr, request: &str) -> Answer {
    let mut stream = connect(addr);
    stream.write_all(request.as_bytes()).unwrap();
    answer(stream)
}

fn answer(mut stream: TcpStream) -> Answer {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a whole answer");
    let (line, headers) = head.split_once("\r\n").unwrap();
    Answer {
        status: line.split(' ').nth(1).unwrap().parse().unwrap(),
        headers: headers.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}

/// Whether the other side has ended this connection without a success.
fn is_cut(mut stream: TcpStream) -> bool {
    let mut text = Vec::new();
    match stream.read_to_end(&mut text) {
        Ok(_) => !text.starts_with(b"HTTP/1.1 2"),
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}
