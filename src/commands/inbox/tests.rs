//! The inbox over real loopback sockets, where more results come than are taken.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use crate::config::{Env, Overrides};

use super::*;

fn settings() -> Settings {
    let loaded = Settings::load(&Overrides::default(), &Env::default());
    loaded.unwrap().settings
}

fn inbox() -> Inbox {
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    Inbox::open(
        addr,
        None,
        SecretPath::random().unwrap(),
        &settings(),
        |_| {},
    )
    .unwrap()
}

/// Starts to send a body; the thread ends with the status line.
fn send(inbox: &Inbox) -> thread::JoinHandle<String> {
    let url = Url::parse(inbox.callback_url()).unwrap();
    let (addr, path) = (url.socket_addrs(|| None).unwrap()[0], url.path().to_owned());
    let mut stream = TcpStream::connect(addr).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}"
    )
    .unwrap();
    thread::spawn(move || {
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.lines().next().unwrap_or_default().to_owned()
    })
}

#[test]
fn whoever_comes_after_the_last_wanted_result_keeps_nobody_waiting() {
    let inbox = inbox();
    let senders: Vec<_> = (0..16).map(|_| send(&inbox)).collect();
    inbox.each(|_| (CallbackResponse::Stored, Next::Stop));
    inbox.close();
    let answers: Vec<String> = senders.into_iter().map(|it| it.join().unwrap()).collect();
    let told = |status: &str| answers.iter().filter(|line| line.contains(status)).count();
    assert_eq!(told(" 200 "), 1, "{answers:?}");
}

#[test]
fn an_inbox_that_nobody_empties_can_be_closed() {
    let inbox = inbox();
    let sender = send(&inbox);
    // It may be waiting by now, or come to a closed door: it is never told that all is well.
    inbox.closer()();
    assert!(!sender.join().unwrap().contains(" 200 "));
    inbox.each(|_| panic!("nothing may be taken any more"));
}

#[test]
fn closing_waits_for_no_third_party() {
    let inbox = inbox();
    let sender = send(&inbox);
    let closer = inbox.closer();
    let mut closer = Some(closer);
    inbox.each(|_| {
        let close = closer.take().unwrap();
        let (_keep, never) = mpsc::channel::<()>();
        // It asks for ever; the inbox is closed meanwhile.
        let answer = inbox.ask(move || {
            thread::spawn(close);
            never.recv()
        });
        assert!(answer.is_none());
        assert!(inbox.ask(|| ()).is_none(), "nothing is asked any more");
        (CallbackResponse::NotStored, Next::Go)
    });
    assert!(sender.join().unwrap().contains(" 503 "));
}

#[test]
fn an_answer_that_comes_is_handed_over() {
    let inbox = inbox();
    assert_eq!(inbox.ask(|| 5), Some(5));
    assert_eq!(inbox.ask(|| 6), Some(6));
}

#[test]
fn a_task_calls_here_only_if_it_was_told_just_this_address() {
    let inbox = inbox();
    let own = inbox.callback_url();
    assert!(inbox.is_told_by(own));
    assert!(inbox.is_told_by(&own.replace("http:", "HTTP:")));
    for other in [
        "",
        "no address",
        &format!("{own}x"),
        &format!("{own}/"),
        &own.replace("127.0.0.1", "localhost"),
        &own.replace("http:", "https:"),
    ] {
        assert!(!inbox.is_told_by(other), "{other}");
    }
    let everywhere = Inbox::open(
        SocketAddr::from(([0, 0, 0, 0], 0)),
        None,
        SecretPath::random().unwrap(),
        &settings(),
        |_| {},
    )
    .unwrap();
    assert!(!everywhere.is_told_by(everywhere.callback_url()));
}
