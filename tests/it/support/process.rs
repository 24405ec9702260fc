//! An environment for one test: a sandbox, a home folder of its own, and processes that can be watched,
//! killed and compared with what the sandbox knows. Every file that a run leaves and everything it
//! says is searched for the token.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mavi::sandbox::{Sandbox, SandboxOptions};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// No run of these tests lasts longer unless it hangs.
const TEST_TIMEOUT: Duration = Duration::from_mins(2);

/// Limits that no test here meets.
const NO_LIMIT: usize = 1_000_000;

/// A sandbox, and a home folder that is also the working folder.
pub(crate) struct TestEnv {
    pub(crate) sandbox: Sandbox,
    home: TempDir,
    runs: AtomicUsize,
}

/// A process under way. Its streams are files, so that it never waits for a reader.
pub(crate) struct Process {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

/// What a process left. The status of one that was killed is 128 and the signal, as in a shell.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// What `mavi tasks` says: the task IDs with video and status, and the videos whose submits
/// have no recorded answer.
#[derive(Debug, Default)]
pub(crate) struct OnRecord {
    pub(crate) numbered: HashMap<String, (String, String)>,
    pub(crate) unknown: HashSet<String>,
}

impl TestEnv {
    /// An environment with a sandbox like this, and with limits that are out of the way.
    pub(crate) fn new(options: SandboxOptions) -> Self {
        let env = Self {
            sandbox: Sandbox::start(options).unwrap(),
            home: TempDir::new().unwrap(),
            runs: AtomicUsize::new(0),
        };
        env.allow_all();
        env
    }

    /// Lets `mavi` make this many submits and questions at once, and no more for half a minute after
    /// that: longer than a test that interrupts it takes.
    pub(crate) fn allow_at_once(&self, submits: usize, questions: usize) {
        self.limit(2 * submits, 2 * questions);
    }

    /// Forgets the calls that all processes have counted so far, as if a day had passed.
    pub(crate) fn forget_calls(&self) {
        let Ok(files) = fs::read_dir(self.path(".local/state/mavi")) else {
            return;
        };
        for file in files.map(Result::unwrap) {
            if file.file_name().to_string_lossy().starts_with("limits-") {
                fs::remove_file(file.path()).unwrap();
            }
        }
    }

    /// Takes the limits out of the way again.
    pub(crate) fn allow_all(&self) {
        self.limit(NO_LIMIT, NO_LIMIT);
    }

    fn limit(&self, submits: usize, questions: usize) {
        self.configure(&format!(
            "[limits]\nsubmit_audio_per_minute = {submits}\nget_per_minute = {questions}\n"
        ));
    }

    /// Replaces the configuration file.
    pub(crate) fn configure(&self, text: &str) {
        self.write(".config/mavi/config.toml", text);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path(".local/state/mavi/journal.jsonl")
    }

    /// A program in this home, pointed at the sandbox by its environment, which holds nothing else.
    pub(crate) fn program(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        let folder = Path::new(env!("CARGO_BIN_EXE_mavi")).parent().unwrap();
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
            .env("MAVI_BASE_URL", self.sandbox.base_url())
            .env("MAVI_TOKEN", self.sandbox.token())
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        command
    }

    /// `mavi` with these arguments, split at spaces.
    pub(crate) fn mavi(&self, args: &str) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_mavi"));
        command.args(args.split_whitespace());
        command
    }

    /// `mavi` with these arguments, and these items on stdin, one a line.
    pub(crate) fn mavi_with(&self, args: &str, items: &[String]) -> Command {
        let mut command = self.mavi(args);
        let input = self.write(&self.scratch("in"), &(items.join("\n") + "\n"));
        command.stdin(File::open(input).unwrap());
        command
    }

    /// A command line, run as a user does who pastes it into a shell.
    pub(crate) fn shell(&self, line: &str) -> Command {
        let mut command = self.program("/bin/sh");
        command.args(["-c", line]);
        command
    }

    /// Starts a command.
    pub(crate) fn start(&self, mut command: Command) -> Process {
        let (stdout, stderr) = (
            self.path(&self.scratch("out")),
            self.path(&self.scratch("err")),
        );
        fs::create_dir_all(stdout.parent().unwrap()).unwrap();
        let child = command
            .stdout(File::create(&stdout).unwrap())
            .stderr(File::create(&stderr).unwrap())
            .spawn()
            .unwrap();
        Process {
            child,
            stdout,
            stderr,
        }
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, command: Command) -> Run {
        self.start(command).end()
    }

    /// What is on record; every line of the journal can be read, and no video is there twice.
    pub(crate) fn on_record(&self) -> OnRecord {
        let run = self.run(self.mavi("tasks --format jsonl")).ok();
        assert!(!run.stderr.contains("could not be read"), "{run:#?}");
        let mut found = OnRecord::default();
        let mut videos = HashSet::new();
        for line in run.stdout.lines() {
            let task: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| task[key].as_str().map(str::to_owned);
            let video = text("videoNo").unwrap();
            assert!(videos.insert(video.clone()), "{video} is on record twice");
            match text("taskNo") {
                None => assert!(found.unknown.insert(video)),
                Some(number) => {
                    let status = text("status").unwrap();
                    found.numbered.insert(number, (video, status));
                }
            }
        }
        found
    }

    /// Every task that the sandbox has taken on is on record, with its number or as unknown; every
    /// number on record is one of the sandbox's; and it was paid once for each video. What is on
    /// record.
    pub(crate) fn reconcile(&self) -> OnRecord {
        let record = self.on_record();
        let accepted = self.sandbox.tasks();
        let mut paid = HashSet::new();
        for task in &accepted {
            assert!(paid.insert(&task.video_no), "{task:?} was paid for twice");
            match record.numbered.get(&task.task_no) {
                Some((video, _)) => assert_eq!(*video, task.video_no),
                None => assert!(record.unknown.contains(&task.video_no), "{task:?} is lost"),
            }
        }
        let numbers: HashSet<_> = accepted.iter().map(|task| &task.task_no).collect();
        for number in record.numbered.keys() {
            assert!(numbers.contains(number), "{number} is nobody's");
        }
        record
    }

    fn scratch(&self, name: &str) -> String {
        let number = self.runs.fetch_add(1, Ordering::Relaxed);
        format!(".scratch/{number}-{name}")
    }
}

impl Drop for TestEnv {
    /// Whatever the test is about: the token is in no file that was left behind.
    fn drop(&mut self) {
        if !thread::panicking() {
            let token = self.sandbox.token().as_bytes();
            each_file(self.home.path(), &mut |path| {
                let bytes = fs::read(path).unwrap();
                let found = bytes.windows(token.len()).any(|part| part == token);
                assert!(!found, "the token is in {}", path.display());
            });
        }
    }
}

impl Process {
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

    /// What it has printed so far; the end may be half of a character.
    pub(crate) fn printed(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.stdout).unwrap()).into_owned()
    }

    /// Blocks until something is so, or until the process has ended.
    pub(crate) fn until(&mut self, mut is_so: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + TEST_TIMEOUT;
        while !is_so(self) && !self.has_ended() {
            assert!(Instant::now() < deadline, "it never came to that");
            thread::sleep(Duration::from_micros(500));
        }
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Run {
        self.until(|_| false);
        let status = self.child.wait().unwrap();
        let signal = status.signal().map(|signal| 128 + signal);
        Run {
            status: status.code().or(signal).unwrap(),
            stdout: self.printed(),
            stderr: fs::read_to_string(&self.stderr).unwrap(),
        }
    }
}

impl Drop for Process {
    /// No process outlives its test.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Run {
    /// The run succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.expect_status(0)
    }

    /// The run ended with this status.
    #[track_caller]
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }

    /// stderr holds all of these.
    #[track_caller]
    pub(crate) fn stderr_contains(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in {self:#?}");
        }
        self
    }

    /// The lines of stdout, each of them whole.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<String> {
        let whole = self.stdout.is_empty() || self.stdout.ends_with('\n');
        assert!(whole, "the last line is torn: {self:#?}");
        self.stdout.lines().map(str::to_owned).collect()
    }

    /// The task IDs in JSON lines on stdout.
    pub(crate) fn tasks(&self) -> Vec<String> {
        let number = |line: String| {
            let task: Value = serde_json::from_str(&line).unwrap();
            task["taskNo"].as_str().unwrap().to_owned()
        };
        self.lines().into_iter().map(number).collect()
    }

    /// The command that the hint offers.
    #[track_caller]
    pub(crate) fn offered(&self) -> &str {
        let mut hints = self
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("hint: "));
        let command = hints.find_map(|hint| hint.find("mavi wait").map(|at| &hint[at..]));
        command.unwrap_or_else(|| panic!("no command to go on in {self:#?}"))
    }
}

/// Calls `each` with every file in a folder and below.
fn each_file(folder: &Path, each: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => each_file(&entry.path(), each),
            kind if kind.is_file() => each(&entry.path()),
            _ => {}
        }
    }
}

/// Videos of this name, numbered.
pub(crate) fn videos(name: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{name}-{number:04}"))
        .collect()
}

/// `long` where long tests are asked for, else `short`.
pub(crate) fn length(short: usize, long: usize) -> usize {
    if std::env::var_os("MAVI_LONG_TESTS").is_some() {
        long
    } else {
        short
    }
}

/// Prints a figure of a long test.
pub(crate) fn figure(text: &str) {
    if std::env::var_os("MAVI_LONG_TESTS").is_some() {
        let line = format!("{text}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
