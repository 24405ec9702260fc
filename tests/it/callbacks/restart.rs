//! A receiver that is started again, and one that the system keeps short.

use std::fs;
use std::io::{ErrorKind, Read, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::env::TestEnv;
use crate::support::process::TEST_TIMEOUT;
use crate::support::receiver::{Receiver, env_with, exchange, head, result};

const JOURNAL: &str = ".local/state/mavi/journal.jsonl";

#[test]
fn duplicate_is_dropped_by_next_receiver() {
    let env = env_with(&["T1", "T2"]);
    let args = ["-f", "txt", "--path-secret-file", "secret"];
    let (mut listen, mut stdout) = Receiver::piped(&env, &args);
    assert_eq!(listen.post(&result("T1", "one")).status, 200);
    listen.kill();
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(text, "one\n");

    for more in [["--count", "1"].as_slice(), &["--count", "1", "--any"]] {
        let args = [&args, more].concat();
        let (listen, mut stdout) = Receiver::piped(&env, &args);
        assert_eq!(listen.post(&result("T1", "one")).status, 200);
        let other = if more.len() == 2 { "T2" } else { "T3" };
        assert_eq!(listen.post(&result(other, other)).status, 200);
        listen.end().expect_status(0);
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        assert_eq!(text, format!("{other}\n"));
    }
}

#[test]
fn result_printed_by_wait_is_still_written_by_receiver() {
    let env = env_with(&["T1"]);
    let ended = env.read(JOURNAL).lines().last().unwrap().to_owned();
    let ended = ended.replace("\"submitted\"", "\"finished\"");
    env.write(JOURNAL, &format!("{}{ended}\n", env.read(JOURNAL)));
    env.run("tasks --all-services --status finished --format ids")
        .expect_output("T1\n", "");
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt"]);
    assert_eq!(listen.post(&result("T1", "one")).status, 200);
    assert_eq!(env.read("T1.txt"), "one\n");
}

#[test]
fn retry_reaches_restarted_receiver_at_same_address() {
    let env = env_with(&["T1"]);
    let start = |addr: &str| {
        let mut command = env.command(["listen", "--addr", addr, "-o", "{taskNo}.txt"]);
        command.args(["--path-secret-file", "deep/secret"]);
        Receiver::of(command.stdout(Stdio::null()))
    };
    // Nobody else takes a port of this address meanwhile.
    let mut listen = start("127.9.8.7:0");
    let (addr, path) = (listen.addr, listen.path.clone());
    listen.kill();
    let body = result("T1", "one");
    assert_eq!(exchange(addr, "POST", &path, &body), None);
    let _listen = start(&addr.to_string());
    let answer = exchange(addr, "POST", &path, &body).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(env.read("T1.txt"), "one\n");
}

#[test]
fn unreadable_journal_is_503_until_it_can_be_read() {
    let env = env_with(&["T1"]);
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt"]);
    let (journal, aside) = (env.path(JOURNAL), env.path("aside"));
    fs::rename(&journal, &aside).unwrap();
    fs::create_dir(&journal).unwrap();
    for _ in 0..3 {
        assert_eq!(listen.post(&result("T1", "one")).status, 503);
    }
    listen.wait_for_stderr("could not look up task T1 in the journal: could not read the journal");
    fs::remove_dir(&journal).unwrap();
    fs::rename(&aside, &journal).unwrap();
    assert_eq!(listen.post(&result("T1", "one")).status, 200);
    assert_eq!(env.read("T1.txt"), "one\n");
}

#[test]
fn unreadable_journal_does_not_matter_with_any() {
    let env = TestEnv::new();
    fs::create_dir_all(env.path(JOURNAL)).unwrap();
    let listen = Receiver::start(&env, &["--any", "-o", "{taskNo}.txt"]);
    assert_eq!(listen.post(&result("T1", "one")).status, 200);
    listen.wait_for_stderr("could not read the journal");
    assert_eq!(env.read("T1.txt"), "one\n");
}

#[test]
fn stalled_connections_take_no_file_that_a_result_needs() {
    let env = env_with(&["T0", "T1"]);
    let mut shell =
        env.shell("ulimit -n 64; exec mavi listen --addr 127.0.0.1:0 -o '{taskNo}.txt'");
    let listen = Receiver::of(shell.stdout(Stdio::null()));
    // They know the path, and have a minute for the body: longer than anybody waits here.
    let stall = || {
        let mut stream = listen.connect();
        let _ = stream.write_all(head("POST", &listen.path, 2).as_bytes());
        stream
    };
    let mut stalled: Vec<TcpStream> = Vec::new();
    for task in ["T0", "T1"] {
        stalled.extend((0..200).map(|_| stall()));
        assert_eq!(listen.post(&result(task, task)).status, 200);
        assert_eq!(env.read(&format!("{task}.txt")), format!("{task}\n"));
    }
    env.run("tasks --all-services --status finished --format ids")
        .expect_output("T0\nT1\n", "");
    // There is room for sixteen. Which of them stay depends on how far each had come when another
    // came.
    let is_open = |stream: &mut TcpStream| {
        stream.set_nonblocking(true).unwrap();
        let end = Read::read(stream, &mut [0; 1]);
        end.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    };
    let started = Instant::now();
    while stalled
        .iter_mut()
        .map(is_open)
        .filter(|is_open| *is_open)
        .count()
        > 16
    {
        assert!(
            started.elapsed() < TEST_TIMEOUT,
            "more than sixteen stay connected"
        );
        thread::sleep(Duration::from_millis(10));
    }
}
