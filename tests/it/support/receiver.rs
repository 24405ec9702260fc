//! A running `mavi listen`, what it says, and the way to send it things. Nothing here waits for a
//! time to pass: what would wait for ever fails after a minute.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{ChildStdout, Command, Stdio};
use std::thread;

use rustix::process::Signal;

use super::env::TestEnv;
use super::fake_server::{FakeServer, ok};
use super::process::{Process, StreamLog, TEST_TIMEOUT};
use super::run::Run;

/// A running `mavi listen`, or another command that receives callbacks.
pub(crate) struct Receiver {
    process: Process,
    pub(crate) addr: SocketAddr,
    /// The secret path, with its slash.
    pub(crate) path: String,
}

impl Receiver {
    /// Starts `mavi listen` in this home on a free port; stdout goes nowhere.
    pub(crate) fn start(env: &TestEnv, args: &[&str]) -> Self {
        Self::of(command(env, args).stdout(Stdio::null()))
    }

    /// Starts `mavi listen` as [`Receiver::start`] does, and returns its stdout too.
    pub(crate) fn piped(env: &TestEnv, args: &[&str]) -> (Self, ChildStdout) {
        let mut receiver = Self::of(command(env, args).stdout(Stdio::piped()));
        let stdout = receiver.take_stdout();
        (receiver, stdout)
    }

    /// Starts a command that [`command`] made, and waits until it says where it listens.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::at(command, |stderr| {
            let told = stderr.wait_for("the callback address is ");
            let url = told.split("callback address is ").nth(1).unwrap();
            url.lines().next().unwrap().to_owned()
        })
    }

    /// Starts a command that receives; `url` finds out at which address.
    pub(crate) fn at(command: &mut Command, url: impl FnOnce(&StreamLog) -> String) -> Self {
        let process = Process::spawn(command);
        let url = url::Url::parse(&url(process.stderr())).unwrap();
        Self {
            process,
            addr: url.socket_addrs(|| None).unwrap()[0],
            path: url.path().to_owned(),
        }
    }

    /// Its stdout, if it was given a pipe.
    pub(crate) fn take_stdout(&mut self) -> ChildStdout {
        self.process.take_stdout()
    }

    /// Waits until stderr holds this, and returns all that it holds then.
    #[track_caller]
    pub(crate) fn wait_for_stderr(&self, part: &str) -> String {
        self.process.wait_for_stderr(part)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(self.addr)
    }

    /// The answer to a POST of this body to the secret path.
    pub(crate) fn post(&self, body: &str) -> Answer {
        self.send("POST", &self.path, body).unwrap()
    }

    /// The answer to a POST that is repeated for as long as it is told to come again.
    pub(crate) fn post_until_taken(&self, body: &str) -> u16 {
        loop {
            match self.post(body).status {
                503 => thread::yield_now(),
                status => return status,
            }
        }
    }

    /// The answer to any request, if it gets one.
    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> Option<Answer> {
        exchange(self.addr, method, path, body)
    }

    pub(crate) fn signal(&mut self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Kills it outright, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn end(self) -> Run {
        self.process.end()
    }

    /// The most memory that it ever had, in bytes; 0 where the system does not tell.
    pub(crate) fn peak_memory(&self) -> u64 {
        if cfg!(not(target_os = "linux")) {
            return 0;
        }
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap();
        let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kibibytes * 1024
    }
}

/// Returns `mavi listen` on a free port, in this home.
pub(crate) fn command(env: &TestEnv, args: &[&str]) -> Command {
    let mut command = env.command(["listen", "--addr", "127.0.0.1:0"]);
    command.args(args);
    command
}

/// Returns a home where these tasks are on record.
pub(crate) fn env_with(tasks: &[&str]) -> TestEnv {
    let answer = |task| {
        ok(format!(
            r#"{{"code":"0000","msg":"success","data":{{"taskNo":"{task}"}}}}"#
        ))
    };
    let server = FakeServer::in_turn(tasks.iter().map(answer).collect::<Vec<_>>());
    let env = server.env();
    let videos: Vec<String> = (0..tasks.len()).map(|at| format!("V{at}")).collect();
    let submitted = env.run(&format!("submit --jobs 1 {}", videos.join(" ")));
    assert_eq!(submitted.ok().stdout.lines().count(), tasks.len());
    env
}

/// The `data` of a finished task that says `text`.
pub(crate) fn result(task: &str, text: &str) -> String {
    format!(
        r#"{{"status":"FINISH","type":"AUDIO","videoNo":"V-{task}","taskNo":"{task}","transcriptions":[{{"id":0,"startTime":0,"endTime":1,"content":"{text}"}}]}}"#
    )
}

/// An answer of the receiver.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

pub(crate) fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(TEST_TIMEOUT)).unwrap();
    stream.set_write_timeout(Some(TEST_TIMEOUT)).unwrap();
    stream
}

pub(crate) fn head(method: &str, path: &str, length: usize) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n")
}

/// Sends a request; `None` where the other side breaks off before it has answered.
pub(crate) fn exchange(addr: SocketAddr, method: &str, path: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(addr).ok()?;
    stream.set_read_timeout(Some(TEST_TIMEOUT)).unwrap();
    stream
        .write_all(format!("{}{body}", head(method, path, body.len())).as_bytes())
        .ok()?;
    answer(stream)
}

/// The answer on this connection, if a whole one comes.
pub(crate) fn answer(mut stream: TcpStream) -> Option<Answer> {
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    let text = String::from_utf8(text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        body: body.to_owned(),
    })
}
