//! Senders that are slow, idle, greedy or broken: they are cut off, and keep nobody else waiting.

use super::*;

#[test]
fn sender_that_keeps_writing_still_reads_its_refusal() {
    let receiver = TestReceiver::new(options(patient()));
    let body = "x".repeat(8 << 20);
    assert_eq!(receiver.post(&body).status, 413);
    let wrong = format!("{}{body}", head("POST", "/wrong", body.len()));
    assert_eq!(exchange(receiver.addr, &wrong).status, 404);
}

#[test]
fn incomplete_body_is_not_handed_over() {
    let receiver = TestReceiver::new(options(patient()));
    let stream = receiver.begin(8, "half");
    stream.shutdown(Shutdown::Write).unwrap();
    assert!(is_cut(stream));
    assert_eq!(receiver.bodies(), [""; 0]);
    assert_eq!(receiver.refusals(), [Refusal::Incomplete]);
}

#[test]
fn sender_may_close_its_half_before_the_response() {
    let receiver = TestReceiver::new(options(patient()));
    let stream = receiver.begin(5, "whole");
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_response(stream).status, 200);
}

#[test]
fn client_that_does_not_speak_http_is_cut_off() {
    let receiver = TestReceiver::new(options(patient()));
    for noise in [
        b"\x16\x03\x01\x02\x00\x01".as_slice(),
        b"\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(500)).as_bytes(),
    ] {
        let mut stream = receiver.connect();
        stream.write_all(noise).unwrap();
        assert!(is_cut(stream), "{noise:?}");
    }
    let kinds = [Refusal::Tls, Refusal::Malformed, Refusal::HeadTooLarge];
    assert_eq!(receiver.refusals(), kinds, "each is reported once");
    assert_eq!(receiver.post("{}").status, 200);
}

#[test]
fn connection_carries_one_request() {
    let receiver = TestReceiver::new(options(patient()));
    let one = format!("{}1", receiver.head(1));
    let response = exchange(receiver.addr, &format!("{one}{one}"));
    assert_eq!((response.status, response.body.as_str()), (200, ""));
    assert!(
        response.headers.contains("connection: close"),
        "{response:?}"
    );
    assert_eq!(receiver.bodies(), ["1"]);
}

#[test]
fn slow_senders_keep_nobody_waiting() {
    let receiver = TestReceiver::new(options(patient()));
    let mut slow_head = receiver.connect();
    slow_head.write_all(b"POST /").unwrap();
    let _slow_body = receiver.begin(1024, "{");
    assert_eq!(receiver.post("{}").status, 200);
    assert_eq!(receiver.bodies(), ["{}"]);
}

/// Writes one byte after the other until the other side has had enough.
fn drip(mut stream: TcpStream, byte: &[u8]) {
    let start = std::time::Instant::now();
    while stream.write_all(byte).is_ok() {
        assert!(start.elapsed() < TEST_TIMEOUT, "it was never cut off");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn slow_head_is_cut_off() {
    let receiver = TestReceiver::new(options(ServerLimits {
        head_timeout: MOMENT,
        ..patient()
    }));
    assert!(is_cut(receiver.connect()), "sent nothing");
    let mut stream = receiver.connect();
    // An error would mean that it was cut off already.
    let _ = stream.write_all(b"POST / HTTP/1.1\r\nX: ");
    drip(stream, b"x");
}

#[test]
fn slow_body_is_408_and_cut_off() {
    let receiver = TestReceiver::new(options(ServerLimits {
        body_timeout: MOMENT,
        linger_timeout: MOMENT,
        ..patient()
    }));
    let response = read_response(receiver.begin(1024, "{"));
    assert_eq!((response.status, response.body.as_str()), (408, ""));
    drip(receiver.begin(1024, "{"), b"x");
    assert_eq!(receiver.bodies(), [""; 0]);
    assert_eq!(receiver.refusals(), [Refusal::TooSlow]);
}

#[test]
fn idle_connections_keep_nobody_out() {
    let receiver = TestReceiver::new(options(patient()));
    let mut idle: Vec<_> = (0..300).map(|_| receiver.connect()).collect();
    assert_eq!(receiver.post("{}").status, 200);
    // The oldest had to go, as there is room for 64; the youngest is still there.
    assert!(is_cut(idle.remove(0)));
    let mut youngest = idle.pop().unwrap();
    let request = format!("{}1", receiver.head(1));
    youngest.write_all(request.as_bytes()).unwrap();
    assert_eq!(read_response(youngest).status, 200);
}

#[test]
fn stalled_bodies_keep_nobody_out() {
    let receiver = TestReceiver::new(options(patient()));
    let begin = || {
        let mut stream = receiver.connect();
        let head = receiver.head(2);
        let head = format!("{}\r\nExpect: 100-continue\r\n\r\n", head.trim_end());
        stream.write_all(head.as_bytes()).unwrap();
        // From here on it is known to be sending its body.
        let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut go_on).unwrap();
        stream
    };
    // All of them know the path. There is room for 64.
    let mut stalled: Vec<_> = (0..200).map(|_| begin()).collect();
    assert_eq!(receiver.post("{}").status, 200);
    assert!(is_cut(stalled.remove(0)), "idle longest");
    let mut youngest = stalled.pop().unwrap();
    youngest.write_all(b"{}").unwrap();
    assert_eq!(read_response(youngest).status, 200);
}

#[test]
fn complete_request_is_not_evicted_for_a_new_connection() {
    let (receiver, events) = TestReceiver::with_events(options(ServerLimits {
        max_connections: 1,
        ..patient()
    }));
    let first = receiver.begin(1, "1");
    let (body, responder) = callback(&events);
    assert_eq!(body, "1");
    let second = receiver.begin(1, "2");
    assert!(events.recv_timeout(MOMENT).is_err());
    responder.respond(CallbackResponse::Stored);
    assert_eq!(read_response(first).status, 200);
    let (body, responder) = callback(&events);
    assert_eq!(body, "2");
    responder.respond(CallbackResponse::Stored);
    assert_eq!(read_response(second).status, 200);
}

#[test]
fn panic_costs_one_request() {
    let receiver = TestReceiver::with(options(patient()), |body| {
        assert_ne!(body, "bad", "as the test wants");
        CallbackResponse::Stored
    });
    assert!(is_cut(receiver.begin(3, "bad")));
    assert_eq!(receiver.post("good").status, 200);
}
