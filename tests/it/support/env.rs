//! An environment for one test: a home folder, a service to talk to, and the program in it, with
//! nothing else in its variables.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use mavi::sandbox::{Sandbox, SandboxOptions};
use snapbox::IntoData;
use tempfile::TempDir;

use super::process::{Process, WriteStdin as _};
use super::run::{Run, Transcript};

/// The token of an environment without a sandbox; no output may ever hold it.
pub(crate) const TOKEN: &str = "tok-5ecret-0123456789";

pub(crate) const SUBMIT: &str = "/api/serve/video/subTranscription";
pub(crate) const GET: &str = "/api/serve/video/getTranscription";

/// Limits that no test here meets.
const NO_LIMIT: usize = 1_000_000;

/// A home folder, which is also the working folder, and the service that commands in it talk to.
pub(crate) struct TestEnv {
    home: TempDir,
    base_url: Option<String>,
    sandbox: Option<Sandbox>,
}

impl TestEnv {
    /// Creates an environment that talks to nobody.
    pub(crate) fn new() -> Self {
        Self::with(None, None)
    }

    fn with(base_url: Option<String>, sandbox: Option<Sandbox>) -> Self {
        Self {
            home: TempDir::new().unwrap(),
            base_url,
            sandbox,
        }
    }

    /// Creates an environment that talks to this address.
    pub(crate) fn at(base_url: &str) -> Self {
        Self::with(Some(base_url.to_owned()), None)
    }

    /// Creates an environment with a sandbox for its service, and with limits that are out of the way.
    pub(crate) fn with_sandbox(options: SandboxOptions) -> Self {
        let sandbox = Sandbox::start(options).unwrap();
        let env = Self::with(Some(sandbox.base_url()), Some(sandbox));
        env.allow_all();
        env
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().unwrap()
    }

    fn token(&self) -> &str {
        self.sandbox.as_ref().map_or(TOKEN, Sandbox::token)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file that nobody else may read: it may hold a secret.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces the configuration file.
    pub(crate) fn configure(&self, text: &str) -> PathBuf {
        self.write(".config/mavi/config.toml", text)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path(".local/state/mavi/journal.jsonl")
    }

    /// Lets `mavi` make this many submits and polls at once, and no more for half a minute after that:
    /// longer than a test that interrupts it takes.
    pub(crate) fn allow_at_once(&self, submits: usize, polls: usize) {
        self.limit(2 * submits, 2 * polls);
    }

    /// Takes the limits out of the way.
    pub(crate) fn allow_all(&self) {
        self.limit(NO_LIMIT, NO_LIMIT);
    }

    fn limit(&self, submits: usize, polls: usize) {
        self.configure(&format!(
            "[limits]\nsubmit_audio_per_minute = {submits}\nget_per_minute = {polls}\n"
        ));
    }

    /// Forgets the calls that all processes have counted so far, as if a day had passed.
    pub(crate) fn forget_rate_limits(&self) {
        let Ok(files) = fs::read_dir(self.path(".local/state/mavi")) else {
            return;
        };
        for file in files.map(Result::unwrap) {
            if file.file_name().to_string_lossy().starts_with("limits-") {
                fs::remove_file(file.path()).unwrap();
            }
        }
    }

    /// Returns the names in the home folder and below, without those that `mavi` keeps for itself.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut names = Vec::new();
        each_path(self.home.path(), &mut |path| {
            let name = path.strip_prefix(self.home.path()).unwrap();
            names.push(name.display().to_string());
        });
        names.retain(|name| !name.starts_with(".local") && !name.starts_with(".config"));
        names.sort();
        names
    }

    /// Returns `mavi` with these arguments in this home, which is found first on its `PATH`. stdin is
    /// empty.
    pub(crate) fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        self.program(env!("CARGO_BIN_EXE_mavi"), args)
    }

    /// Returns `mavi` with these arguments, split at spaces, and these items on stdin, one per line.
    pub(crate) fn command_with_items(&self, args: &str, items: &[String]) -> Command {
        let mut command = self.command(args.split_whitespace());
        command.write_stdin(items.join("\n") + "\n");
        command
    }

    /// Returns a command line, run as a user does who pastes it into a shell.
    pub(crate) fn shell(&self, script: &str) -> Command {
        self.program("/bin/sh", ["-c", script])
    }

    fn program(&self, program: &str, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mavi = Path::new(env!("CARGO_BIN_EXE_mavi"));
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", mavi.parent().unwrap().display());
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", path)
            .env("MAVI_TOKEN", self.token())
            .envs(self.base_url.as_ref().map(|url| ("MAVI_BASE_URL", url)))
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .args(args);
        command
    }

    /// Runs `mavi` with these arguments, split at spaces.
    #[track_caller]
    pub(crate) fn run(&self, args: &str) -> Run {
        Run::of(self.command(args.split_whitespace()))
    }

    /// Runs each of these command lines, and compares what all print and their statuses, as
    /// [`Run::expect_stderr`] does.
    #[track_caller]
    pub(crate) fn expect_transcript<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a str>,
        expected: impl IntoData,
    ) {
        let mut transcript = Transcript::default();
        for args in lines {
            transcript.add(&format!("mavi {args}"), &self.run(args));
        }
        transcript.expect(expected);
    }

    /// Runs `mavi` with this as its stdout.
    #[track_caller]
    pub(crate) fn run_into(&self, args: &str, stdout: impl Into<Stdio>) -> Run {
        let mut command = self.command(args.split_whitespace());
        Process::spawn(command.stdout(stdout)).end()
    }
}

impl Drop for TestEnv {
    /// Asserts that the token is in no file that was left behind. Where there is no sandbox, tests may
    /// have written it into files of their own, but not into those of `mavi`.
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let folder = match self.sandbox {
            Some(_) => self.home.path().to_owned(),
            None => self.path(".local"),
        };
        let token = self.token().as_bytes();
        each_path(&folder, &mut |path| {
            if fs::symlink_metadata(path).unwrap().is_file() {
                // Some files may not be read.
                let bytes = fs::read(path).unwrap_or_default();
                let found = bytes.windows(token.len()).any(|part| part == token);
                assert!(!found, "the token is in {}", path.display());
            }
        });
    }
}

/// Calls `each` with every path below a folder that is not a folder itself.
fn each_path(folder: &Path, each: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            each_path(&path, each);
        } else {
            each(&path);
        }
    }
}

/// Returns videos of this name, numbered.
pub(crate) fn videos(name: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{name}-{number:04}"))
        .collect()
}

/// Returns the reply to a get of a finished task with these segments (the JSON inside the brackets).
pub(crate) fn finished(task: &str, segments: &str) -> String {
    format!(
        r#"{{"code":"0000","msg":"success","data":{{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"{task}","transcriptions":[{segments}]}}}}"#
    )
}

/// Returns the reply to a get of a task that has not ended.
pub(crate) fn unfinished(task: &str) -> String {
    format!(
        r#"{{"code":"0000","msg":"success","data":{{"status":"UNFINISHED","type":"AUDIO","videoNo":"V1","taskNo":"{task}","transcriptions":null}}}}"#
    )
}
