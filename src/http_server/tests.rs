//! The server with a handler of its own; the receiver's tests cover its limits.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;

use hyper::StatusCode;

use super::*;

/// Responds with the path, or as the path says.
#[derive(Default)]
struct Echo {
    /// Told of each request that gets no response.
    pending: Option<mpsc::Sender<()>>,
}

impl Handler for Echo {
    async fn respond(
        &self,
        request: Request,
        connection: &Connection,
    ) -> Result<Response, ConnectionFault> {
        connection.complete();
        match request.uri().path() {
            "/close" => Err(ConnectionFault::Close),
            "/reset" => Err(ConnectionFault::Reset),
            "/raw" => Err(ConnectionFault::SendRaw("raw".into())),
            "/never" => {
                self.pending.as_ref().unwrap().send(()).unwrap();
                std::future::pending().await
            }
            path => Ok(response(StatusCode::OK, None, path.to_owned())),
        }
    }
}

fn start(max_connections: usize, handler: Echo) -> HttpServer {
    let limits = ServerLimits {
        max_connections,
        head_timeout: Duration::from_mins(10),
        linger_timeout: Duration::from_mins(10),
        keep_alive: true,
        ..ServerLimits::default()
    };
    HttpServer::start("test server", ([127, 0, 0, 1], 0).into(), limits, handler).unwrap()
}

fn request(stream: &mut TcpStream, path: &str) {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
}

/// Reads until the stream ends with `end`, or has ended.
fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(end.as_bytes()) && matches!(stream.read(&mut byte), Ok(1)) {
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

#[test]
fn connection_carries_many_requests_until_the_server_stops() {
    let server = start(8, Echo::default());
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    for path in ["/one", "/two"] {
        request(&mut stream, path);
        let response = read_until(&mut stream, path);
        assert!(response.starts_with("HTTP/1.1 200") && response.ends_with(path));
    }
    drop(server);
    assert_eq!(read_until(&mut stream, "\n"), "");
}

#[test]
fn request_without_response_is_503_when_the_server_stops() {
    let (pending, is_pending) = mpsc::channel();
    let handler = Echo {
        pending: Some(pending),
    };
    let server = start(8, handler);
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    request(&mut stream, "/never");
    is_pending.recv().unwrap();
    drop(server);
    let response = read_until(&mut stream, "\r\n\r\n");
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    assert!(response.contains("connection: close"), "{response}");
}

#[test]
fn idle_connection_between_requests_makes_room() {
    let server = start(1, Echo::default());
    let mut first = TcpStream::connect(server.addr()).unwrap();
    request(&mut first, "/one");
    read_until(&mut first, "/one");
    let mut second = TcpStream::connect(server.addr()).unwrap();
    request(&mut second, "/two");
    assert!(read_until(&mut second, "/two").ends_with("/two"));
    assert_eq!(read_until(&mut first, "\n"), "");
}

#[test]
fn connection_fault_replaces_the_response() {
    let server = start(8, Echo::default());
    for (path, end) in [
        ("/close", Some("")),
        ("/raw", Some("raw")),
        ("/reset", None),
    ] {
        let mut stream = TcpStream::connect(server.addr()).unwrap();
        request(&mut stream, path);
        let mut text = String::new();
        let read = stream.read_to_string(&mut text);
        assert_eq!(read.ok().map(|_| text.as_str()), end, "{path}");
    }
}
