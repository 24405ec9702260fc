//! A process under way, and what it has printed so far. Nothing here waits for a time to pass: what
//! would wait for ever fails after [`TEST_TIMEOUT`].

use std::io::{self, Read, Write as _};
use std::mem;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use regex::Regex;
use rustix::process::{Pid, Signal, kill_process};
use snapbox::Redactions;

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
    redactions: Redactions,
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
        let redactions = redactions(command);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = StreamLog::of(child.stderr.take().unwrap());
        Self {
            child,
            stdout: None,
            stderr: Some(stderr),
            secrets,
            redactions,
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
        let stdout = self.stdout.take();
        let (stdout, _) = stdout.map_or_else(Default::default, |log| log.all());
        let (stderr, expected) = self.stderr.take().unwrap().all();
        let status = self.exit_status();
        for secret in &self.secrets {
            let is_shown = stdout.contains(secret) || stderr.contains(secret);
            assert!(!is_shown, "the token was shown: {stdout}{stderr}");
        }
        let signal = status.signal().map(|signal| -signal);
        Run {
            status: status.code().or(signal).unwrap(),
            stdout,
            stderr: Stderr::new(stderr, expected),
            redactions: mem::take(&mut self.redactions),
        }
    }

    /// Waits for the end of a process that has closed its streams.
    #[track_caller]
    fn exit_status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + TEST_TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it goes on without its streams");
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
        let text = String::from_utf8(state.bytes.clone()).expect("the output is UTF-8");
        let is_over = !timeout.timed_out();
        assert!(is_over, "it, or a child, keeps the stream open: {text}");
        (text, state.expected.clone())
    }
}

/// What differs between the runs of a test: task IDs of the sandbox, secret paths, dates to come, ports,
/// and the time that something took.
static VARYING: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let patterns = [
        ("[TASK]", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("[HEX]", r"[0-9a-f]{32}"),
        (
            "[DATE]",
            r"20(2[6-9]|[3-9][0-9])-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z",
        ),
        ("[MS]", r"in (?<redacted>[0-9]+) ms"),
        ("[PATH]", r"(?m)^PATH=(?<redacted>.*)$"),
        ("[RANDOM]", r"mavi-sandbox-(?<redacted>[0-9A-Za-z]+)"),
        (
            "[PORT]",
            r"(127\.[0-9.]+|0\.0\.0\.0|\[::\]):(?<redacted>[0-9]{5})",
        ),
        (
            "[TIME]",
            r"(?m)(finished in|(finished|uploaded), .*[a-z],) (?<redacted>[0-9]+s)($|,)",
        ),
    ];
    patterns
        .map(|(name, pattern)| (name, Regex::new(pattern).unwrap()))
        .into()
});

/// Returns the placeholders for what differs between the runs of a test.
fn redactions(command: &Command) -> Redactions {
    let mut redactions = Redactions::new();
    redactions.extend(VARYING.iter().cloned()).unwrap();
    for (name, value) in command.get_envs() {
        let value = value.and_then(|value| value.to_str()).unwrap_or_default();
        match name.to_str() {
            Some("HOME") => redactions.insert("[HOME]", value.to_owned()).unwrap(),
            Some("MAVI_BASE_URL") => {
                let host = value.rsplit("//").next().unwrap_or_default();
                redactions.insert("[URL]", value.to_owned()).unwrap();
                redactions.insert("[HOST]", host.to_owned()).unwrap();
            }
            _ => {}
        }
    }
    redactions
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
