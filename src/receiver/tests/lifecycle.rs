//! The receiver's address, one callback after the other, and its end.

use super::*;

#[test]
fn sender_is_answered_only_after_response() {
    let (receiver, events) = TestReceiver::with_events(options(patient()));
    let mut stream = receiver.begin(1, "1");
    let (body, responder) = callback(&events);
    assert_eq!(body, "1");
    stream.set_read_timeout(Some(MOMENT)).unwrap();
    let early = stream.read(&mut [0]).unwrap_err();
    assert!(
        matches!(
            early.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        ),
        "{early}"
    );
    responder.respond(CallbackResponse::Stored);
    stream.set_read_timeout(Some(TEST_TIMEOUT)).unwrap();
    assert_eq!(read_response(stream).status, 200);
}

#[test]
fn callbacks_are_handed_over_one_at_a_time() {
    let (receiver, events) = TestReceiver::with_events(options(patient()));
    let senders: Vec<_> = (0..16).map(|_| receiver.begin(2, "{}")).collect();
    for _ in &senders {
        let (_, responder) = callback(&events);
        assert!(events.recv_timeout(Duration::from_millis(1)).is_err());
        responder.respond(CallbackResponse::Stored);
    }
    for sender in senders {
        assert_eq!(read_response(sender).status, 200);
    }
}

#[test]
fn callback_of_sender_that_left_blocks_the_next_until_it_is_answered() {
    let (receiver, events) = TestReceiver::with_events(options(patient()));
    let first = receiver.begin(1, "1");
    let (_, responder) = callback(&events);
    drop(first);
    let second = receiver.begin(1, "2");
    assert!(events.recv_timeout(MOMENT).is_err(), "two bodies at a time");
    responder.respond(CallbackResponse::Stored);
    let (body, responder) = callback(&events);
    assert_eq!(body, "2");
    responder.respond(CallbackResponse::Rejected);
    assert_eq!(read_response(second).status, 400);
}

#[test]
fn drop_sends_given_responses_and_503_to_all_others() {
    let (test, events) = TestReceiver::with_events(options(patient()));
    let answered = test.begin(1, "1");
    callback(&events).1.respond(CallbackResponse::Stored);
    let unanswered = test.begin(1, "2");
    let (_, responder) = callback(&events);
    let waiting = test.begin(1, "3");
    let unfinished = test.begin(2, "4");
    let idle = test.connect();

    drop(test.receiver);
    assert_eq!(read_response(answered).status, 200);
    assert_eq!(read_response(unanswered).status, 503);
    assert!(is_cut(waiting) && is_cut(unfinished) && is_cut(idle));
    assert!(TcpStream::connect(test.addr).is_err());
    responder.respond(CallbackResponse::Stored); // too late, and harmless
    assert!(events.try_recv().is_err(), "another was handed over");
    assert!(events.recv().is_err(), "the handler is still there");
}

#[test]
fn drop_sends_response_given_the_moment_before() {
    for _ in 0..50 {
        let (test, events) = TestReceiver::with_events(options(patient()));
        let stream = test.begin(1, "1");
        callback(&events).1.respond(CallbackResponse::Stored);
        drop(test.receiver);
        assert_eq!(read_response(stream).status, 200);
    }
}

#[test]
fn stop_accepting_leaves_open_connections_alone() {
    let (test, events) = TestReceiver::with_events(options(patient()));
    let handed_over = test.begin(1, "1");
    let (_, responder) = callback(&events);
    test.receiver.stop_accepting();
    while TcpStream::connect(test.addr).is_ok() {
        thread::yield_now();
    }
    responder.respond(CallbackResponse::Stored);
    assert_eq!(read_response(handed_over).status, 200);
}

#[test]
fn callback_url_is_public_url_with_secret_path() {
    let mut options = options(patient());
    let path = options.path.expose().to_owned();
    let url = |public: Option<&str>, addr: &str| {
        let public = public.map(|url| url.parse().unwrap());
        public_url::callback_url(public.as_ref(), addr.parse().unwrap(), &options.path)
    };
    let addr = "127.0.0.1:8787";
    assert_eq!(url(None, addr), format!("http://127.0.0.1:8787/{path}"));
    assert_eq!(url(None, "[::1]:80"), format!("http://[::1]:80/{path}"));
    let public = |text| url(Some(text), addr);
    assert_eq!(
        public("https://ci.example"),
        format!("https://ci.example/{path}")
    );
    let prefixed = format!("https://ci.example/hooks/mavi/{path}");
    assert_eq!(public("https://ci.example/hooks/mavi"), prefixed);
    assert_eq!(public("https://ci.example/hooks/mavi/"), prefixed);

    // The proxy may remove its part of the path or keep it.
    options.public_url = Some("https://ci.example/hooks/mavi/".parse().unwrap());
    let test = TestReceiver::new(options);
    assert_eq!(test.receiver.callback_url(), prefixed);
    let status = |path: &str| exchange(test.addr, &head("POST", path, 0)).status;
    assert_eq!(status(&format!("/{path}")), 200);
    assert_eq!(status(&format!("/hooks/mavi/{path}")), 200);
    assert_eq!(status(&format!("/hooks/{path}")), 404);
    assert_eq!(status(&format!("/hooks/mavi/{path}/")), 404);
    let kinds = [Refusal::UnknownPath, Refusal::TrailingSlash];
    assert_eq!(test.refusals(), kinds);
}

#[test]
fn public_url_that_cannot_be_called_is_rejected() {
    for url in [
        "ftp://a/",
        "unix:/run/x",
        "https://a/?b",
        "https://a/#b",
        "https://u:pw@a/",
        "http://0.0.0.0/",
    ] {
        let error = public_url::parse(url).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage, "{url}");
        assert!(
            error.hint.is_some() && !error.message.contains("pw"),
            "{error}"
        );
    }
}

#[test]
fn address_in_use_is_an_error_that_names_it() {
    let receiver = TestReceiver::new(options(patient()));
    let options = ReceiverOptions {
        addr: receiver.addr,
        ..options(patient())
    };
    let error = Receiver::start(options, |_| {}).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Io);
    assert!(
        error.message.contains(&receiver.addr.to_string()),
        "{error}"
    );
}

#[test]
fn debug_does_not_show_the_path() {
    let options = options(patient());
    let secret = options.path.expose().to_owned();
    let shown = format!("{options:?}");
    let receiver = TestReceiver::new(options).receiver;
    let shown = format!("{shown} {receiver:?}");
    assert!(!shown.contains(&secret), "{shown}");
}
