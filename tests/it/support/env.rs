//! An environment for one test: a home folder of its own, an empty environment, a server where one is
//! needed, and runs whose status, stdout and stderr are all looked at.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use assert_cmd::Command;
use httpmock::{Mock, MockServer};
use tempfile::TempDir;

/// The token that [`TestEnv`] sets; no output may ever hold it.
pub(crate) const TOKEN: &str = "tok-5ecret-0123456789";
/// No run of these tests lasts longer unless it hangs.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

pub(crate) const SUBMIT: &str = "/api/serve/video/subTranscription";
pub(crate) const GET: &str = "/api/serve/video/getTranscription";

/// A home folder, which is also the working folder.
pub(crate) struct TestEnv {
    home: TempDir,
    base_url: Option<String>,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl TestEnv {
    /// An environment that talks to nobody.
    pub(crate) fn new() -> Self {
        Self {
            home: TempDir::new().unwrap(),
            base_url: None,
        }
    }

    /// An environment that talks to this server.
    pub(crate) fn with(server: &MockServer) -> Self {
        Self::at(&server.base_url())
    }

    /// An environment that talks to this address.
    pub(crate) fn at(base_url: &str) -> Self {
        Self {
            base_url: Some(base_url.to_owned()),
            ..Self::new()
        }
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

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Forgets the calls that the runs of this home have counted, as if a day had passed.
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

    /// The names in the home folder and below, without those that `mavi` keeps for itself.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut names = Vec::new();
        collect(self.home.path(), self.home.path(), &mut names);
        names.retain(|name| !name.starts_with(".local") && !name.starts_with(".config"));
        names.sort();
        names
    }

    /// The command in this home, with the token and the address in its environment, and nothing else.
    pub(crate) fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::cargo_bin("mavi").unwrap();
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("MAVI_TOKEN", TOKEN);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        if let Some(base_url) = &self.base_url {
            command.env("MAVI_BASE_URL", base_url);
        }
        command
            .current_dir(self.home.path())
            .timeout(TEST_TIMEOUT)
            .args(args);
        command
    }

    /// Runs the command. `args` is split at spaces; see [`TestEnv::command`] for more.
    pub(crate) fn run(&self, args: &str) -> Run {
        Run::of(self.command(args.split_whitespace()))
    }
}

impl Run {
    /// Runs a command to its end. The token in any output is a defect, whatever the test is about.
    pub(crate) fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        let run = Self {
            status: output.status.code().expect("it ended by itself"),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        };
        assert!(
            !run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN),
            "the token was shown: {run:?}"
        );
        run
    }

    /// The run succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, 0, "{self:#?}");
        self
    }

    /// The run failed with this status and printed nothing on stdout.
    #[track_caller]
    pub(crate) fn expect_failure(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        self
    }

    /// stderr holds all of these.
    #[track_caller]
    pub(crate) fn stderr_contains(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(
                self.stderr.contains(part),
                "stderr lacks {part:?}: {self:#?}"
            );
        }
        self
    }
}

fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, names);
        } else {
            names.push(path.strip_prefix(root).unwrap().display().to_string());
        }
    }
}

/// The reply to a get of a finished task with these segments (the JSON inside the brackets).
pub(crate) fn finished(task: &str, segments: &str) -> String {
    format!(
        r#"{{"code":"0000","msg":"success","data":{{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"{task}","transcriptions":[{segments}]}}}}"#
    )
}

/// The reply to a get of a task that has not ended.
pub(crate) fn unfinished(task: &str) -> String {
    format!(
        r#"{{"code":"0000","msg":"success","data":{{"status":"UNFINISHED","type":"AUDIO","videoNo":"V1","taskNo":"{task}","transcriptions":null}}}}"#
    )
}

/// The server answers every get with this body.
pub(crate) fn get_answers<'s>(server: &'s MockServer, status: u16, body: &str) -> Mock<'s> {
    server.mock(|when, then| {
        when.method("GET").path(GET);
        then.status(status)
            .header("content-type", "application/json")
            .body(body);
    })
}

/// The server answers every submit with this body.
pub(crate) fn submit_answers<'s>(server: &'s MockServer, status: u16, body: &str) -> Mock<'s> {
    server.mock(|when, then| {
        when.method("POST").path(SUBMIT);
        then.status(status)
            .header("content-type", "application/json")
            .body(body);
    })
}

/// A server that answers connection after connection with these bytes, then hangs up; the last
/// answer is kept for all later connections. For what no well-behaved server would send.
pub(crate) fn raw_server(answers: Vec<Vec<u8>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        // Bounded: no test makes more connections than this.
        for (number, stream) in listener.incoming().take(200).enumerate() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 8 * 1024];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(&answers[number.min(answers.len() - 1)]);
        }
    });
    address
}

/// An HTTP/1.1 answer with this status line and body, and its length.
pub(crate) fn http(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
