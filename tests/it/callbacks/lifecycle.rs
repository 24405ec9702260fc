//! From the start to the end of a receiver: its address, its answers, and the ways in which it stops.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use rustix::process::Signal;
use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::process::TEST_TIMEOUT;
use crate::support::receiver::{Receiver, command, env_with, exchange, result};

#[test]
fn every_refusal_has_its_status_and_no_body() {
    let env = env_with(&["T1"]);
    env.write(".config/mavi/config.toml", "max_reply_size = 2000\n");
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt"]);
    let path = listen.path.clone();
    let good = result("T1", "hello");
    let large = result("T1", &"x".repeat(3000));
    for (method, path, body, status) in [
        ("POST", "/", &*good, 404),
        ("POST", "/favicon.ico", &good, 404),
        ("GET", "/", "", 404),
        ("POST", &format!("{path}x"), &good, 404),
        ("POST", &format!("{path}/"), &good, 404),
        ("POST", &format!("{path}?"), &good, 404),
        ("GET", &path, "", 405),
        ("PUT", &path, &good, 405),
        ("DELETE", &path, "", 405),
        ("POST", &path, &large, 413),
        ("POST", &path, "", 400),
        ("POST", &path, "no JSON", 400),
        ("POST", &path, "{}", 400),
        ("POST", &path, r#"{"code":"0429","msg":"slow down"}"#, 400),
        (
            "POST",
            &path,
            r#"{"status":"UNFINISHED","taskNo":"T1"}"#,
            400,
        ),
        ("POST", &path, &good, 200),
        // A duplicate, though it says something else.
        ("POST", &path, &result("T1", "changed"), 200),
    ] {
        let answer = listen.send(method, path, body).unwrap();
        let told = (answer.status, &*answer.body);
        assert_eq!(told, (status, ""), "{method} {path} {body}");
    }
    assert_eq!(env.files(), ["T1.txt"]);
    assert_eq!(env.read("T1.txt"), "hello\n");
}

#[test]
fn each_kind_of_refusal_is_told_once() {
    let env = env_with(&["T1"]);
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt", "--count", "1"]);
    let many = "X: y\r\n".repeat(500);
    for head in [
        "\x16\x03\x01\x02\0\x01\0\x01".to_owned(),
        "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n".to_owned(),
        "\0\r\n\r\n".to_owned(),
        format!("POST / HTTP/1.1\r\n{many}\r\n"),
    ] {
        for _ in 0..2 {
            let mut stream = listen.connect();
            stream.write_all(head.as_bytes()).unwrap();
            // It may be closed with bytes unread.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    }
    for body in ["no JSON", "{}", "[]"] {
        assert_eq!(listen.post(body).status, 400);
    }
    assert_eq!(listen.post(&result("T1", "hello")).status, 200);
    listen.end().ok().expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
warning: refused a request (400): it was TLS, and this address takes plain HTTP: let a proxy in front of it speak https
warning: refused a request (400): it was not a valid HTTP request
warning: refused a request (431): its headers are too large or too many
warning: ignored a request to the callback address that is not a result
V-T1 (audio): finished, wrote T1.txt

"#]]);
}

#[test]
fn result_is_printed_and_recorded_before_200() {
    let env = env_with(&["T1", "T2"]);
    let (mut listen, stdout) = Receiver::piped(&env, &["-f", "txt", "--quiet"]);
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            tell.send(line.unwrap()).unwrap();
        }
    });
    for (task, before) in [("T1", vec![]), ("T2", vec![String::new()])] {
        assert_eq!(listen.post(&result(task, task)).status, 200);
        // The receiver goes on: only what it has flushed can be here. No address is.
        for line in before {
            assert_eq!(told.recv_timeout(TEST_TIMEOUT).unwrap(), line);
        }
        assert_eq!(told.recv_timeout(TEST_TIMEOUT).unwrap(), task);
        let finished = env.run("tasks --status finished --format ids").ok();
        assert_eq!(finished.stdout.lines().last(), Some(task));
    }
    assert_eq!(listen.post(&result("T1", "again")).status, 200);
    listen.signal(Signal::TERM);
    listen.end().expect_status(143);
    assert!(told.recv().is_err(), "nothing is printed twice");
}

#[test]
fn last_expected_result_ends_run_despite_open_connections() {
    let env = TestEnv::new();
    let listen = Receiver::start(&env, &["--any", "--count", "1", "-o", "{taskNo}.txt"]);
    let (addr, path) = (listen.addr, listen.path.clone());
    let senders: Vec<_> = (0..24)
        .map(|at| {
            let path = path.clone();
            thread::spawn(move || {
                let task = format!("T{at}");
                let answer = exchange(addr, "POST", &path, &result(&task, "x"));
                answer.filter(|answer| answer.status == 200).map(|_| task)
            })
        })
        .collect();
    listen.end().expect_status(0);
    let taken: Vec<_> = senders
        .into_iter()
        .filter_map(|sender| sender.join().unwrap())
        .collect();
    assert_eq!(
        env.files(),
        taken
            .iter()
            .map(|task| format!("{task}.txt"))
            .collect::<Vec<_>>()
    );
    assert_eq!(taken.len(), 1);
}

#[test]
fn too_few_results_in_time_is_unfinished() {
    let env = env_with(&["T1"]);
    for (count, results) in [(1, "1 result"), (2, "2 results")] {
        let args = format!("listen --addr 127.0.0.1:0 --count {count} --timeout 100ms");
        env.run(&args).expect_failure(8).expect_stderr(format!(
            "listening; the callback address is http://127.0.0.1:[PORT]/[HEX]\n\
             mavi: 0 of {results} arrived in time\n\
             hint: to fetch the results by polling, run: mavi wait --pending\n"
        ));
    }
    env.run("listen --addr 127.0.0.1:0 --timeout 50ms").ok();
    env.run("listen --addr 127.0.0.1:0 --count 0")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: --count must be at least 1
hint: leave it out to receive without a limit

"#]]);
}

/// A named pipe that is opened by the first read, which waits for a writer.
struct OpenedLate(PathBuf, Option<fs::File>);

impl Read for OpenedLate {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = match &mut self.1 {
            Some(file) => file,
            none => none.insert(fs::File::open(&self.0)?),
        };
        file.read(buffer)
    }
}

/// Sends a signal while a result is being written to a pipe that nobody reads any more. Returns the
/// answer that its sender got.
fn signal_during_write(
    env: &TestEnv,
    mut listen: Receiver,
    mut pipe: impl Read,
    (signal, status): (Signal, i32),
) -> Option<u16> {
    let (addr, path) = (listen.addr, listen.path.clone());
    // More than a pipe holds: it cannot be written before somebody reads.
    let text = "x".repeat(1 << 20);
    let body = result("T1", &text);
    let sender = thread::spawn(move || exchange(addr, "POST", &path, &body));
    pipe.read_exact(&mut [0; 1]).unwrap();
    listen.signal(signal);
    let run = listen.end().expect_status(status);
    // In part: how far the write has come differs.
    assert!(!run.stderr.contains("in time"), "{run:#?}");
    let mut rest = String::new();
    pipe.read_to_string(&mut rest).unwrap();
    assert!(rest.len() < text.len(), "{} bytes", rest.len());
    let pending = env.run("tasks --status pending --format ids").ok();
    assert_eq!(pending.stdout, "T1\nT2\n");
    sender.join().unwrap().map(|answer| answer.status)
}

#[test]
fn signal_while_pipe_is_not_read_ends_run_and_leaves_task_pending() {
    for end in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let env = env_with(&["T1", "T2"]);
        let args = ["-f", "txt", "--count", "2"];
        let (listen, stdout) = Receiver::piped(&env, &args);
        let told = signal_during_write(&env, listen, stdout, end);
        assert_eq!(told, Some(503), "the sender has to retry");

        let fifo = env.path("T1.txt");
        let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        let listen = Receiver::start(&env, &["-o", "{taskNo}.txt", "--count", "2"]);
        let told = signal_during_write(&env, listen, OpenedLate(fifo, None), end);
        assert_eq!(told, Some(503), "the sender has to retry");
    }
}

#[test]
fn secret_file_keeps_address_across_restarts() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = TestEnv::new();
    let args = ["--path-secret-file", "secret", "--any"];
    let paths = [(); 2].map(|()| Receiver::start(&env, &args).path.clone());
    assert_eq!(paths[0], paths[1]);
    assert!(paths[0].len() > 22, "{paths:?}");
    let mode = fs::metadata(env.path("secret")).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    let other = Receiver::start(&env, &["--any"]).path.clone();
    assert_ne!(other, paths[0]);

    fs::set_permissions(env.path("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    Receiver::start(&env, &args).wait_for_stderr("warning: others can read the secret in secret");
    fs::set_permissions(env.path("secret"), fs::Permissions::from_mode(0o622)).unwrap();
    Receiver::start(&env, &args).wait_for_stderr("warning: others can change the secret in secret");
}

#[test]
fn port_in_use_is_an_error_with_hint() {
    let env = TestEnv::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    env.run(&format!("listen --addr {addr}"))
        .expect_failure(1)
        .expect_stderr(str![[r#"
mavi: could not listen on 127.0.0.1:[PORT]: Address already in use (os error 98)
hint: another program uses this address; port 0 takes any free port, as in 127.0.0.1:0

"#]]);
}

#[test]
fn result_that_cannot_be_written_is_503_until_it_can() {
    let env = env_with(&["T1", "T2"]);
    // A file where the folder should be: nothing can be written there.
    env.write("V-T1", "in the way");
    let args = ["-o", "{videoNo}/{ext}", "-f", "srt,txt", "--count", "2"];
    let listen = Receiver::start(&env, &args);
    assert_eq!(listen.post(&result("T1", "one")).status, 503);
    listen.wait_for_stderr("could not save the result of V-T1 (audio), task T1");
    assert_eq!(listen.post(&result("T2", "two")).status, 200);
    assert_eq!(listen.post(&result("T1", "one")).status, 503);
    let said = listen.wait_for_stderr("could not save the result of V-T1 (audio), task T1");
    assert_eq!(said.matches("could not save").count(), 1, "{said}");
    fs::remove_file(env.path("V-T1")).unwrap();
    assert_eq!(listen.post(&result("T1", "one")).status, 200);
    listen.end().expect_status(0);
    assert_eq!(
        env.files(),
        ["V-T1/srt", "V-T1/txt", "V-T2/srt", "V-T2/txt"]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_503_and_a_failure_in_the_end() {
    let env = env_with(&["T1", "T2"]);
    fs::create_dir(env.path("T1")).unwrap();
    std::os::unix::fs::symlink("/dev/full", env.path("T1/text")).unwrap();
    let listen = Receiver::start(&env, &["-o", "{taskNo}/text", "-f", "txt", "--count", "1"]);
    assert_eq!(listen.post(&result("T1", "one")).status, 503);
    env.run("tasks --status pending --format ids")
        .expect_output("T1\nT2\n", "");
    assert_eq!(listen.post(&result("T2", "two")).status, 200);
    listen.end().expect_status(1).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
mavi: could not save the result of V-T1 (audio), task T1: could not write T1/text: No space left on device (os error 28)
hint: nothing is lost; to fetch it again, run: mavi get T1
V-T2 (audio): finished, wrote T2/text

"#]]);

    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let listen = Receiver::of(command(&env, &["-f", "txt"]).stdout(Stdio::from(full)));
    assert_eq!(listen.post(&result("T1", "one")).status, 503);
    listen.wait_for_stderr("could not write to stdout");
    env.run("tasks --status pending --format ids")
        .expect_output("T1\n", "");
}

#[test]
fn closed_pipe_ends_run_quietly_and_loses_nothing() {
    let env = env_with(&["T1"]);
    let (listen, stdout) = Receiver::piped(&env, &["-f", "txt"]);
    drop(stdout);
    assert_eq!(listen.post(&result("T1", "one")).status, 503);
    listen
        .end()
        .ok()
        .expect_stderr("listening; the callback address is http://127.0.0.1:[PORT]/[HEX]\n");
    env.run("tasks --status pending --format ids")
        .expect_output("T1\n", "");
}

#[test]
fn second_result_for_one_file_is_503_with_one_hint() {
    let env = env_with(&["T1", "T2"]);
    let mut listen = Receiver::start(&env, &["-o", "{videoNo}.txt"]);
    let of_one_video = |task| result(task, task).replace(&format!("V-{task}"), "V");
    assert_eq!(listen.post(&of_one_video("T1")).status, 200);
    for _ in 0..3 {
        assert_eq!(listen.post(&of_one_video("T2")).status, 503);
    }
    assert_eq!(env.read("V.txt"), "T1\n");
    listen.signal(Signal::INT);
    listen.end().expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
V (audio): finished, wrote V.txt
mavi: could not save the result of V (audio), task T2: V.txt already holds a result of this run
hint: put {taskNo}, {videoNo} or {type} into the file name of -o
mavi: interrupted

"#]]);
}
