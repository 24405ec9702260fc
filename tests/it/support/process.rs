//! A process under way, and what it has printed so far. Nothing here waits for a time to pass: what
//! would wait for ever fails after [`TEST_TIMEOUT`].

use std::io::{self, Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::env::TOKEN;
use super::run::{Run, Stderr};

/// No process of these tests lasts longer unless it hangs.
pub(crate) const TEST_TIMEOUT: Duration = Duration::from_mins(2);

/// A process that does not outlive its test.
pub(crate) struct Process {
    child: Child,
    stdout: Option<Arc<StreamLog>>,
    stderr: Option<Arc<StreamLog>>,
    /// Texts that no stream may hold.
    secrets: Vec<String>,
}

/// The output on one stream so far.
#[derive(Default)]
pub(crate) struct StreamLog {
    state: Mutex<StreamState>,
    changed: Condvar,
}

#[derive(Default)]
struct StreamState {
    bytes: Vec<u8>,
    has_ended: bool,
    /// The texts that a test has waited for.
    expected: Vec<String>,
}

impl Process {
    /// Starts a command and reads both of its streams.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut process = Self::spawn(command.stdout(Stdio::piped()));
        process.stdout = Some(StreamLog::of(process.take_stdout()));
        process
    }

    /// Starts a command and reads its stderr; its stdout is the caller's business.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let variables = command.get_envs();
        let secrets = variables
            .filter(|(name, _)| *name == "MAVI_TOKEN")
            .filter_map(|(_, value)| Some(value?.to_str()?.to_owned()))
            // Tests of odd tokens have shorter ones, which any text may hold.
            .filter(|token| token.len() >= TOKEN.len())
            .chain([TOKEN.to_owned()])
            .collect();
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = StreamLog::of(child.stderr.take().unwrap());
        Self {
            child,
            stdout: None,
            stderr: Some(stderr),
            secrets,
        }
    }

    /// Its stdout, where the caller has made it a pipe.
    pub(crate) fn take_stdout(&mut self) -> ChildStdout {
        self.child.stdout.take().unwrap()
    }

    /// Its stdin, where the caller has made it a pipe.
    pub(crate) fn take_stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Sends a signal; one to a process that has ended already goes nowhere.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if !self.has_ended() {
            kill_process(Pid::from_child(&self.child), signal).unwrap();
        }
    }

    /// Kills it outright, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its stdout so far; the end may be half of a character.
    pub(crate) fn printed(&self) -> String {
        self.stdout.as_ref().unwrap().text()
    }

    pub(crate) fn stderr(&self) -> &StreamLog {
        self.stderr.as_ref().unwrap()
    }

    /// Blocks until stderr holds this, and returns all that it holds then.
    #[track_caller]
    pub(crate) fn wait_for_stderr(&self, part: &str) -> String {
        self.stderr().wait_for(part)
    }

    /// Blocks until the condition holds, or until the process has ended.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, mut condition: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + TEST_TIMEOUT;
        while !condition(self) && !self.has_ended() {
            assert!(Instant::now() < deadline, "it never came to that");
            thread::sleep(Duration::from_micros(500));
        }
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Run {
        let status = self.exit_status();
        let stdout = self.stdout.take();
        let (stdout, _) = stdout.map_or_else(Default::default, |log| log.all());
        let (stderr, expected) = self.stderr.take().unwrap().all();
        for secret in &self.secrets {
            let is_shown = stdout.contains(secret) || stderr.contains(secret);
            assert!(!is_shown, "the token was shown: {stdout}{stderr}");
        }
        let signal = status.signal().map(|signal| -signal);
        Run {
            status: status.code().or(signal).unwrap(),
            stdout,
            stderr: Stderr::new(stderr, expected),
        }
    }

    fn exit_status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + TEST_TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            let stderr = self.stderr();
            assert!(
                Instant::now() < deadline,
                "it goes on and on: {}",
                stderr.text()
            );
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl StreamLog {
    fn of(mut stream: impl Read + Send + 'static) -> Arc<Self> {
        let log = Arc::<Self>::default();
        let reader = Arc::clone(&log);
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                let mut state = reader.state.lock().unwrap();
                state.bytes.extend_from_slice(&buffer[..count]);
                reader.changed.notify_all();
            }
            reader.state.lock().unwrap().has_ended = true;
            reader.changed.notify_all();
        });
        log
    }

    /// Blocks until the stream holds this, and returns all that it holds then.
    #[track_caller]
    pub(crate) fn wait_for(&self, part: &str) -> String {
        let is_enough = |state: &StreamState| String::from_utf8_lossy(&state.bytes).contains(part);
        let mut state = self.state.lock().unwrap();
        state.expected.push(part.to_owned());
        let is_pending = |state: &mut StreamState| !state.has_ended && !is_enough(state);
        let waited = self
            .changed
            .wait_timeout_while(state, TEST_TIMEOUT, is_pending);
        let (state, _) = waited.unwrap();
        let text = String::from_utf8_lossy(&state.bytes).into_owned();
        assert!(is_enough(&state), "stderr lacks {part:?}: {text}");
        text
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.state.lock().unwrap().bytes).into_owned()
    }

    /// Returns everything up to the end of the stream, and what a test has waited for.
    fn all(&self) -> (String, Vec<String>) {
        let state = self.state.lock().unwrap();
        let is_open = |state: &mut StreamState| !state.has_ended;
        let waited = self
            .changed
            .wait_timeout_while(state, TEST_TIMEOUT, is_open);
        let (state, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "a child keeps the stream open");
        let text = String::from_utf8(state.bytes.clone()).expect("the output is UTF-8");
        (text, state.expected.clone())
    }
}

/// Text for the stdin of a command that is not started yet.
pub(crate) trait WriteStdin {
    fn write_stdin(&mut self, text: impl Into<Vec<u8>>) -> &mut Self;
}

impl WriteStdin for Command {
    fn write_stdin(&mut self, text: impl Into<Vec<u8>>) -> &mut Self {
        let (reader, mut writer) = io::pipe().unwrap();
        let text = text.into();
        // The process may end before it has read everything.
        thread::spawn(move || writer.write_all(&text));
        self.stdin(reader)
    }
}
