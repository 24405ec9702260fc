//! A running `mavi listen`, what it says, and the way to send it things. Nothing here waits for a
//! time to pass: what would wait for ever fails after a minute.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::env::{GET, TOKEN, TestEnv, http, raw_server};

pub(crate) const TEST_TIMEOUT: Duration = Duration::from_mins(1);

/// The process. It is killed if a test ends before it does.
pub(crate) struct Receiver {
    child: Child,
    pub(crate) addr: SocketAddr,
    /// The secret path, with its slash.
    pub(crate) path: String,
    said: Arc<StreamLog>,
}

/// What came on stderr so far, and whether that was all.
#[derive(Default)]
pub(crate) struct StreamLog {
    lines: Mutex<(String, bool)>,
    more: Condvar,
}

impl Receiver {
    /// Starts `mavi listen` in this home on a free port; stdout goes nowhere.
    pub(crate) fn start(env: &TestEnv, args: &[&str]) -> Self {
        Self::of(command(env, args).stdout(Stdio::null()))
    }

    /// The same, with its stdout.
    pub(crate) fn piped(env: &TestEnv, args: &[&str]) -> (Self, ChildStdout) {
        let mut receiver = Self::of(command(env, args).stdout(Stdio::piped()));
        let stdout = receiver.stdout();
        (receiver, stdout)
    }

    /// Starts a command that [`command`] made, and waits until it says where it listens.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::at(command, |said| {
            let told = said.until("the callback address is ");
            let url = told.split("callback address is ").nth(1).unwrap();
            url.lines().next().unwrap().to_owned()
        })
    }

    /// Starts a command that receives, at the address that is found out so.
    pub(crate) fn at(command: &mut Command, url: impl FnOnce(&StreamLog) -> String) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::<StreamLog>::default();
        let (stderr, heard) = (child.stderr.take().unwrap(), Arc::clone(&said));
        thread::spawn(move || heard.listen_to(stderr));
        let url = url::Url::parse(&url(&said)).unwrap();
        Self {
            child,
            addr: url.socket_addrs(|| None).unwrap()[0],
            path: url.path().to_owned(),
            said,
        }
    }

    /// Its stdout, if it was given a pipe.
    pub(crate) fn stdout(&mut self) -> ChildStdout {
        self.child.stdout.take().unwrap()
    }

    /// Waits until stderr holds this; all that it holds then.
    pub(crate) fn wait_for_stderr(&self, part: &str) -> String {
        self.said.until(part)
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

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Kills it outright, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end: the status, and all of stderr.
    pub(crate) fn end(mut self) -> (i32, String) {
        let status = self.wait();
        (status.code().expect("it ended by itself"), self.said.all())
    }

    fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < TEST_TIMEOUT, "it goes on and on");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The most memory that it ever had, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap();
        let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kibibytes * 1024
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl StreamLog {
    fn listen_to(&self, stderr: impl Read) {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            assert!(!line.contains(TOKEN), "the token was shown");
            let mut lines = self.lines.lock().unwrap();
            lines.0.push_str(&line);
            lines.0.push('\n');
            self.more.notify_all();
        }
        self.lines.lock().unwrap().1 = true;
        self.more.notify_all();
    }

    pub(crate) fn until(&self, part: &str) -> String {
        self.wait(|lines| lines.contains(part))
            .unwrap_or_else(|lines| panic!("stderr lacks {part:?}: {lines}"))
    }

    fn all(&self) -> String {
        match self.wait(|_| false) {
            Ok(lines) | Err(lines) => lines,
        }
    }

    fn wait(&self, enough: impl Fn(&str) -> bool) -> Result<String, String> {
        let lines = self.lines.lock().unwrap();
        let (lines, _) = self
            .more
            .wait_timeout_while(lines, TEST_TIMEOUT, |(lines, ended)| {
                !*ended && !enough(lines)
            })
            .unwrap();
        if enough(&lines.0) {
            Ok(lines.0.clone())
        } else {
            Err(lines.0.clone())
        }
    }
}

/// `mavi listen` on a free port, in this home.
pub(crate) fn command(env: &TestEnv, args: &[&str]) -> Command {
    let env = env.command(["listen", "--addr", "127.0.0.1:0"]);
    let mut command = Command::new(env.get_program());
    command.args(env.get_args()).args(args).env_clear();
    for (name, value) in env.get_envs() {
        command.env(name, value.unwrap());
    }
    command.current_dir(env.get_current_dir().unwrap());
    command
}

/// A home where these tasks are on record.
pub(crate) fn env_with(tasks: &[&str]) -> TestEnv {
    let answers = tasks.iter().map(|task| {
        let body = format!(r#"{{"code":"0000","msg":"success","data":{{"taskNo":"{task}"}}}}"#);
        http("200 OK", &body)
    });
    let server = raw_server(answers.collect());
    let env = TestEnv::at(&format!("http://{server}"));
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

/// The reply to every question, for `--verify`: a server that never tires.
pub(crate) fn api(answers: &[(&str, &str)]) -> httpmock::MockServer {
    let server = httpmock::MockServer::start();
    for (task, reply) in answers {
        server.mock(|when, then| {
            when.method("GET").path(GET).query_param("taskNo", *task);
            then.status(200)
                .header("content-type", "application/json")
                .body(reply);
        });
    }
    server
}
