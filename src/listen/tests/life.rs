//! The receiver's life: its address, one body after the other, and its end.

use super::*;

#[test]
fn the_answer_comes_only_after_the_work() {
    let is_done = Arc::new(AtomicBool::new(false));
    let (release, is_released) = mpsc::channel();
    let is_released = Mutex::new(is_released);
    let done = Arc::clone(&is_done);
    let fixture = Fixture::with(options(patient()), move |_| {
        is_released.lock().unwrap().recv_timeout(GUARD).unwrap();
        done.store(true, Ordering::SeqCst);
        Verdict::Accepted
    });
    let mut stream = fixture.connect();
    let request = format!("{}1", fixture.head(1));
    stream.write_all(request.as_bytes()).unwrap();
    stream.set_read_timeout(Some(MOMENT)).unwrap();
    let early = stream.read(&mut [0]).unwrap_err();
    assert!(
        matches!(early.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{early}"
    );
    release.send(()).unwrap();
    stream.set_read_timeout(Some(GUARD)).unwrap();
    assert_eq!(answer(stream).status, 200);
    assert!(is_done.load(Ordering::SeqCst));
}

#[test]
fn bodies_are_handled_one_at_a_time() {
    let busy = AtomicUsize::new(0);
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let fixture = Fixture::with(options(patient()), move |_| {
        seen.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(2));
        busy.fetch_sub(1, Ordering::SeqCst);
        Verdict::Accepted
    });
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(fixture.post("{}").status, 200));
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn stopping_finishes_the_request_in_hand_and_no_other() {
    let (entered, is_entered) = mpsc::channel();
    let (release, is_released) = mpsc::channel();
    let is_released = Mutex::new(is_released);
    let is_done = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&is_done);
    let Fixture {
        receiver,
        addr,
        path,
        ..
    } = Fixture::with(options(patient()), move |text| {
        entered.send(text).unwrap();
        is_released.lock().unwrap().recv_timeout(GUARD).unwrap();
        done.store(true, Ordering::SeqCst);
        Verdict::Accepted
    });
    let begin = |length, part: &str| {
        let mut stream = connect(addr);
        let request = format!("{}{part}", head("POST", &path, length));
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let in_hand = begin(1, "1");
    assert_eq!(is_entered.recv_timeout(GUARD).unwrap(), "1");
    let waiting = begin(1, "2");
    let unfinished = begin(2, "3");
    let idle = connect(addr);

    let stopping = thread::spawn(move || receiver.stop());
    assert!(is_cut(waiting) && is_cut(unfinished) && is_cut(idle));
    assert!(!is_done.load(Ordering::SeqCst) && !stopping.is_finished());
    release.send(()).unwrap();
    assert_eq!(answer(in_hand).status, 200);
    stopping.join().unwrap();
    assert!(is_entered.try_recv().is_err(), "another was begun");
    assert_eq!(Arc::strong_count(&is_done), 1, "the handler is still there");
}

#[test]
fn dropping_stops_it_too() {
    let Fixture {
        receiver, handed, ..
    } = Fixture::new(options(patient()));
    assert_eq!(Arc::strong_count(&handed), 2);
    drop(receiver);
    assert_eq!(Arc::strong_count(&handed), 1, "the handler is still there");
}

#[test]
fn the_address_to_give_is_the_public_one_with_its_path() {
    let mut options = options(patient());
    let path = options.path.expose().to_owned();
    let url = |public: Option<&str>, addr: &str| {
        let public = public.map(|url| url.parse().unwrap());
        callback_url(public.as_ref(), addr.parse().unwrap(), &options.path)
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

    // The proxy may take its part of the path off or leave it on.
    options.public_url = Some("https://ci.example/hooks/mavi/".parse().unwrap());
    let fixture = Fixture::new(options);
    assert_eq!(fixture.receiver.callback_url(), prefixed);
    let status = |path: &str| exchange(fixture.addr, &head("POST", path, 0)).status;
    assert_eq!(status(&format!("/{path}")), 200);
    assert_eq!(status(&format!("/hooks/mavi/{path}")), 200);
    assert_eq!(status(&format!("/hooks/{path}")), 404);
}

#[test]
fn a_public_url_that_nobody_can_post_to_is_refused() {
    for url in [
        "ftp://a/",
        "unix:/run/x",
        "https://a/?b",
        "https://a/#b",
        "https://u:pw@a/",
    ] {
        let options = Options {
            public_url: Some(url.parse().unwrap()),
            ..options(patient())
        };
        let error = Receiver::start(options, |_| Verdict::Accepted).unwrap_err();
        assert_eq!(error.kind, Kind::Usage, "{url}");
        assert!(
            error.hint.is_some() && !error.message.contains("pw"),
            "{error}"
        );
    }
}

#[test]
fn an_address_in_use_is_an_error_that_names_it() {
    let fixture = Fixture::new(options(patient()));
    let options = Options {
        addr: fixture.addr,
        ..options(patient())
    };
    let error = Receiver::start(options, |_| Verdict::Accepted).unwrap_err();
    assert_eq!(error.kind, Kind::Io);
    assert!(error.message.contains(&fixture.addr.to_string()), "{error}");
}

#[test]
fn debug_does_not_show_the_path() {
    let options = options(patient());
    let secret = options.path.expose().to_owned();
    let shown = format!("{options:?}");
    let receiver = Fixture::new(options).receiver;
    let shown = format!("{shown} {receiver:?}");
    assert!(!shown.contains(&secret), "{shown}");
}
