//! The inbox over real loopback sockets, where more results come than are taken.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use crate::config::{Env, Overrides};

use super::*;

fn inbox() -> Inbox {
    let settings = Settings::load(&Overrides::default(), &Env::default())
        .unwrap()
        .settings;
    let addr = SocketAddr::from(([127, 0, 0, 1], 0));
    Inbox::open(addr, None, SecretPath::random().unwrap(), &settings).unwrap()
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
    inbox.each(|_| (Verdict::Accepted, Next::Stop));
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
