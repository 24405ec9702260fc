//! Senders that mean harm, all at once: the receiver's memory stays flat, and real results come
//! through all the time.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};
use snapbox::str;

use crate::support::receiver::{Receiver, answer, connect, env_with, exchange, head, result};

const MB: usize = 1_000_000;
/// What all attacks together may add to the memory that one result takes. Bodies are read by the
/// dozen: side by side, or unpacked, they would take twice as much.
const BOUND: u64 = 64 * MB as u64;

#[test]
fn floods_cost_no_memory_and_block_no_result() {
    allow_many_files();
    let tasks: Vec<String> = (0..9).map(|at| format!("T{at}")).collect();
    let env = env_with(&tasks.iter().map(String::as_str).collect::<Vec<_>>());
    env.write(".config/mavi/config.toml", "max_reply_size = 8000000\n");
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt", "--count", "9"]);
    let mut honest = tasks.iter();
    let mut a_real_result_comes_through = || {
        let task = honest.next().unwrap();
        assert_eq!(listen.post(&result(task, "real")).status, 200, "{task}");
    };
    a_real_result_comes_through();
    let before = listen.peak_memory();

    let idle: Vec<TcpStream> = (0..1_000).map(|_| listen.connect()).collect();
    a_real_result_comes_through();

    let slow = Drip::start(&listen);
    a_real_result_comes_through();

    wrong_paths(&listen, 10_000);
    a_real_result_comes_through();

    hundred_megabytes(&listen);
    a_real_result_comes_through();

    bodies_within_the_limit(&listen);
    a_real_result_comes_through();

    for forged in 0..200 {
        let body = result(&format!("forged-{forged}"), "lies");
        assert_eq!(listen.post(&body).status, 400);
    }
    a_real_result_comes_through();

    let growth = listen.peak_memory() - before;
    assert!(growth < BOUND, "{growth} bytes more than for one result");

    let slow = slow.stop();
    drop(idle);
    a_real_result_comes_through();
    a_real_result_comes_through();
    let run = listen.end().expect_status(0);
    let stderr = run
        .allow_warnings("which of the flood are named is a race")
        .stderr;
    slow.join().unwrap();
    let files: Vec<String> = tasks.iter().map(|task| format!("{task}.txt")).collect();
    assert_eq!(env.files(), files);
    // Each result that was written has a line of its own.
    let others = stderr.lines().filter(|line| !line.contains(": finished"));
    let lines = others.count();
    assert!(lines < 110, "a flood fills no log: {lines} lines");
    // In part: how many warnings come before this one depends on the flood.
    assert!(stderr.contains("more warnings of this kind are not printed"));
}

/// With nothing configured a body may have 256 MiB. Who does not know the path has none of it read.
#[test]
fn bodies_on_wrong_paths_cost_no_memory() {
    const AT_ONCE: usize = 6;
    let env = env_with(&["T0", "T1"]);
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt", "--count", "2"]);
    assert_eq!(listen.post(&result("T0", "real")).status, 200);
    let before = listen.peak_memory();
    let chunked = "POST /guess HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let senders: Vec<_> = (0..AT_ONCE)
        .map(|at| match at % 2 {
            0 => flood(listen.addr, head("POST", "/guess", 100 * MB), 404),
            _ => flood(listen.addr, chunked.to_owned(), 404),
        })
        .collect();
    for sender in senders {
        sender.join().unwrap();
    }
    let growth = listen.peak_memory() - before;
    assert!(
        growth < 4 * MB as u64,
        "{growth} bytes for what is not read"
    );
    assert_eq!(listen.post(&result("T1", "real")).status, 200);
    listen.end().expect_status(0).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
V-T0 (audio): finished, wrote T0.txt
warning: refused a request (404): it was not for the callback address
V-T1 (audio): finished, wrote T1.txt

"#]]);
}

fn wrong_paths(listen: &Receiver, count: usize) {
    const AT_ONCE: usize = 8;
    let addr = listen.addr;
    let path = listen.path.clone();
    let senders: Vec<_> = (0..AT_ONCE)
        .map(|sender| {
            let path = path.clone();
            thread::spawn(move || {
                for at in 0..count / AT_ONCE {
                    // As near to the secret as a guess can be.
                    let guess =
                        format!("{}{:05x}", &path[..path.len() - 4], at + 0x10_000 * sender);
                    let answer = exchange(addr, "POST", &guess, "{}");
                    assert_eq!(answer.map(|it| it.status), Some(404), "{guess}");
                }
            })
        })
        .collect();
    for sender in senders {
        sender.join().unwrap();
    }
}

/// Bodies of 100 MB: where nothing is, where results go, and there without saying how long.
fn hundred_megabytes(listen: &Receiver) {
    let addr = listen.addr;
    let declared = |path: &str| head("POST", path, 100 * MB);
    let chunked = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        listen.path
    );
    let attacks = [
        (declared("/"), 404),
        (declared("/guess"), 404),
        (declared(&listen.path), 413),
        (declared(&listen.path), 413),
        (chunked.clone(), 413),
        (chunked, 413),
    ];
    let senders = attacks.map(|(head, status)| flood(addr, head, status));
    for sender in senders {
        sender.join().unwrap();
    }
}

/// Sends 100 MB after this head, or as much of it as is taken, and expects this status.
fn flood(addr: SocketAddr, head: String, status: u16) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut stream = connect(addr);
        stream.write_all(head.as_bytes()).unwrap();
        let reader = stream.try_clone().unwrap();
        let told = thread::spawn(move || answer_line(reader));
        let mut chunk = b"10000\r\n".to_vec();
        chunk.resize(chunk.len() + 0x10000, b'x');
        chunk.extend(b"\r\n");
        for _ in 0..100 * MB / 0x10000 {
            if stream.write_all(&chunk).is_err() {
                break; // it has heard enough
            }
        }
        let told = told.join().unwrap();
        assert!(told.contains(&format!(" {status} ")), "{head}: {told:?}");
    })
}

/// The first line that comes.
fn answer_line(mut stream: TcpStream) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        line.push(byte[0]);
    }
    String::from_utf8(line).unwrap()
}

/// From somebody who knows the path: as large as may be, many at once, and made to unpack to far
/// more than they are.
fn bodies_within_the_limit(listen: &Receiver) {
    const MAX_LEN: usize = 8 * MB - 100;
    let mut segments = r#"{"status":"FINISH","taskNo":"nobody","transcriptions":[{}"#.to_owned();
    segments.push_str(&",{}".repeat((MAX_LEN - segments.len()) / 3 - 1));
    segments.push_str("]}");
    let bodies = [
        segments,
        "[]".repeat(MAX_LEN / 2),
        "[".repeat(MAX_LEN),
        format!("\"{}\"", "\\n".repeat(MAX_LEN / 2)),
        format!(
            r#"{{"status":"FINISH","taskNo":"{}"}}"#,
            "T".repeat(MAX_LEN - 50)
        ),
    ];
    let (addr, path) = (listen.addr, listen.path.clone());
    let junk = (0..8).map(|_| "x".repeat(MAX_LEN));
    let senders: Vec<_> = bodies
        .into_iter()
        .chain(junk)
        .map(|body| {
            let path = path.clone();
            thread::spawn(move || {
                let answer = exchange(addr, "POST", &path, &body);
                assert_eq!(answer.map(|it| it.status), Some(400), "{}", &body[..60]);
            })
        })
        .collect();
    for sender in senders {
        sender.join().unwrap();
    }
}

/// Connections on which now and then a byte comes: some that never finish the head, some that know
/// the path and never finish the body.
struct Drip {
    stop: Arc<AtomicBool>,
    thread: thread::JoinHandle<()>,
}

impl Drip {
    fn start(listen: &Receiver) -> Self {
        let beginnings = [
            format!("POST {} HTTP/1.1\r\nX: ", listen.path),
            head("POST", &listen.path, 1_000),
        ];
        let mut streams: Vec<TcpStream> = (0..40).map(|_| listen.connect()).collect();
        for (stream, beginning) in streams.iter_mut().zip(beginnings.iter().cycle()) {
            stream.write_all(beginning.as_bytes()).unwrap();
        }
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::SeqCst) {
                for stream in &mut streams {
                    // It may have been cut off.
                    let _ = stream.write_all(b"x");
                }
                thread::park_timeout(Duration::from_secs(1));
            }
            // Those with a body to send knew the path, and none of them was in anybody's way: each was
            // still there in the end, or was cut off for its slowness.
            for (at, stream) in streams.into_iter().enumerate() {
                let status = answer(stream).map(|answer| answer.status);
                let expected: &[_] = if at % 2 == 0 {
                    &[None]
                } else {
                    &[Some(503), Some(408)]
                };
                assert!(expected.contains(&status), "{at}: {status:?}");
            }
        });
        Self { stop, thread }
    }

    /// What is left then is to read the answers, the last of which comes when the receiver ends.
    fn stop(self) -> thread::JoinHandle<()> {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.thread().unpark();
        self.thread
    }
}

/// Both ends of a thousand connections are a file each, and some systems give a process 1,024.
fn allow_many_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}
