//! Senders that are slow, idle, greedy or broken: they are cut off, and keep nobody else waiting.

use super::*;

#[test]
fn a_sender_that_writes_on_still_reads_that_it_was_refused() {
    let fixture = Fixture::new(options(patient()));
    let body = "x".repeat(8 << 20);
    assert_eq!(fixture.post(&body).status, 413);
    let wrong = format!("{}{body}", head("POST", "/wrong", body.len()));
    assert_eq!(exchange(fixture.addr, &wrong).status, 404);
}

#[test]
fn a_body_that_breaks_off_is_not_handed_over() {
    let fixture = Fixture::new(options(patient()));
    let mut stream = fixture.connect();
    let half = format!("{}half", fixture.head(8));
    stream.write_all(half.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert!(is_cut(stream));
    assert!(fixture.handed().is_empty());
}

#[test]
fn a_sender_may_close_its_half_before_the_answer() {
    let fixture = Fixture::new(options(patient()));
    let mut stream = fixture.connect();
    let request = format!("{}whole", fixture.head(5));
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(answer(stream).status, 200);
}

#[test]
fn compressed_bodies_are_refused() {
    let fixture = Fixture::new(options(patient()));
    let with = |encoding| {
        let head = fixture.head(2);
        let head = head.trim_end();
        let request = format!("{head}\r\nContent-Encoding: {encoding}\r\n\r\n{{}}");
        exchange(fixture.addr, &request).status
    };
    assert_eq!((with("gzip"), with("Identity")), (415, 200));
}

#[test]
fn whoever_does_not_speak_http_is_cut_off() {
    let fixture = Fixture::new(options(patient()));
    for noise in [
        b"\x16\x03\x01\x02\x00\x01".as_slice(),
        b"\0\r\n\r\n",
        b"GET\r\n\r\n",
    ] {
        let mut stream = fixture.connect();
        stream.write_all(noise).unwrap();
        assert!(is_cut(stream), "{noise:?}");
    }
    assert_eq!(fixture.post("{}").status, 200);
}

#[test]
fn a_connection_carries_one_request() {
    let fixture = Fixture::new(options(patient()));
    let one = format!("{}1", fixture.head(1));
    let answer = exchange(fixture.addr, &format!("{one}{one}"));
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert!(answer.headers.contains("connection: close"), "{answer:?}");
    assert_eq!(fixture.handed(), ["1"]);
}

#[test]
fn slow_senders_keep_nobody_waiting() {
    let fixture = Fixture::new(options(patient()));
    let mut slow_head = fixture.connect();
    slow_head.write_all(b"POST /").unwrap();
    let mut slow_body = fixture.connect();
    let begun = format!("{}{{", fixture.head(1024));
    slow_body.write_all(begun.as_bytes()).unwrap();
    assert_eq!(fixture.post("{}").status, 200);
    assert_eq!(fixture.handed(), ["{}"]);
}

/// Writes one byte after the other until the other side has had enough.
fn drip(mut stream: TcpStream, byte: &[u8]) {
    let start = std::time::Instant::now();
    while stream.write_all(byte).is_ok() {
        assert!(start.elapsed() < GUARD, "it was never cut off");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_slow_head_is_cut_off() {
    let fixture = Fixture::new(options(Limits {
        head_time: MOMENT,
        ..patient()
    }));
    assert!(is_cut(fixture.connect()), "said nothing");
    let mut stream = fixture.connect();
    // An error would mean that it was cut off already.
    let _ = stream.write_all(b"POST / HTTP/1.1\r\nX: ");
    drip(stream, b"x");
}

#[test]
fn a_slow_body_is_cut_off() {
    let fixture = Fixture::new(options(Limits {
        body_time: MOMENT,
        farewell_time: MOMENT,
        ..patient()
    }));
    let begin = || {
        let mut stream = fixture.connect();
        let begun = format!("{}{{", fixture.head(1024));
        stream.write_all(begun.as_bytes()).unwrap();
        stream
    };
    let answer = answer(begin());
    assert_eq!((answer.status, answer.body.as_str()), (408, ""));
    drip(begin(), b"x");
    assert!(fixture.handed().is_empty());
}

#[test]
fn idle_connections_keep_nobody_out() {
    let fixture = Fixture::new(options(patient()));
    let mut idle: Vec<_> = (0..300).map(|_| fixture.connect()).collect();
    assert_eq!(fixture.post("{}").status, 200);
    // The oldest had to go, as there is room for 64; the youngest is still there.
    assert!(is_cut(idle.remove(0)));
    let mut youngest = idle.pop().unwrap();
    let request = format!("{}1", fixture.head(1));
    youngest.write_all(request.as_bytes()).unwrap();
    assert_eq!(answer(youngest).status, 200);
}

#[test]
fn stalled_bodies_keep_nobody_out() {
    let fixture = Fixture::new(options(patient()));
    let begin = || {
        let mut stream = fixture.connect();
        let head = fixture.head(2);
        let head = format!("{}\r\nExpect: 100-continue\r\n\r\n", head.trim_end());
        stream.write_all(head.as_bytes()).unwrap();
        // From here on it is known to be at its body.
        let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut go_on).unwrap();
        stream
    };
    // All of them know the path. There is room for 64.
    let mut stalled: Vec<_> = (0..200).map(|_| begin()).collect();
    assert_eq!(fixture.post("{}").status, 200);
    assert!(is_cut(stalled.remove(0)), "longest without a byte");
    let mut youngest = stalled.pop().unwrap();
    youngest.write_all(b"{}").unwrap();
    assert_eq!(answer(youngest).status, 200);
}

#[test]
fn whoever_has_sent_all_is_not_sent_away_for_a_newcomer() {
    let (entered, is_entered) = mpsc::channel();
    let (release, is_released) = mpsc::channel();
    let is_released = Mutex::new(is_released);
    let fixture = Fixture::with(
        options(Limits {
            connections: 1,
            ..patient()
        }),
        move |text| {
            entered.send(text).unwrap();
            is_released.lock().unwrap().recv_timeout(GUARD).unwrap();
            Verdict::Accepted
        },
    );
    let mut first = fixture.connect();
    let request = format!("{}1", fixture.head(1));
    first.write_all(request.as_bytes()).unwrap();
    assert_eq!(is_entered.recv_timeout(GUARD).unwrap(), "1");
    let mut second = fixture.connect();
    let request = format!("{}2", fixture.head(1));
    second.write_all(request.as_bytes()).unwrap();
    release.send(()).unwrap();
    assert_eq!(answer(first).status, 200);
    release.send(()).unwrap();
    assert_eq!(answer(second).status, 200);
}

#[test]
fn a_panic_costs_one_request() {
    let fixture = Fixture::with(options(patient()), |text| {
        assert_ne!(text, "bad", "as the test wants");
        Verdict::Accepted
    });
    assert_eq!(fixture.post("bad").status, 500);
    assert_eq!(fixture.post("good").status, 200);
}
