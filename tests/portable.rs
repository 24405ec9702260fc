//! Runs the program on every system, Windows included: a whole job against the sandbox, pipes, files and the
//! journal. `tests/it` has the rest, on Unix.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

const MAVI: &str = env!("CARGO_BIN_EXE_mavi");

/// Returns the program with a home of its own.
fn mavi(home: &Path) -> Command {
    let mut command = Command::new(MAVI);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MAVI_") {
            command.env_remove(name);
        }
    }
    for name in [
        "HOME",
        "APPDATA",
        "LOCALAPPDATA",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
    ] {
        command.env(name, home);
    }
    command.current_dir(home);
    command
}

/// Runs the program to its end, and returns stdout.
fn stdout_of(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {stderr}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

const SUBMIT: &[&str] = &["submit", "VI1", "--wait", "--interval", "10ms"];

/// Adds the arguments of a whole job against the sandbox, without its delays.
fn job_on_sandbox(command: &mut Command) -> &mut Command {
    command.args("sandbox --delay 10ms -- mavi".split(' '));
    command.args(SUBMIT)
}

#[test]
fn job_on_the_sandbox_writes_its_file() {
    let home = tempfile::tempdir().unwrap();
    let output = home.path().join("subtitles").join("talk.srt");
    let mut run = mavi(home.path());
    assert_eq!(
        stdout_of(job_on_sandbox(&mut run).arg("-o").arg(&output)),
        ""
    );
    let text = fs::read_to_string(&output).unwrap();
    assert!(text.starts_with("1\n00:00:00,000 --> "), "{text}");
    let files = fs::read_dir(output.parent().unwrap()).unwrap();
    assert_eq!(files.count(), 1, "no temporary file is left");
}

#[test]
fn result_passes_through_pipes() {
    let home = tempfile::tempdir().unwrap();
    let mut run = mavi(home.path());
    let json = stdout_of(job_on_sandbox(&mut run).args(["-f", "json"]));
    let mut convert = mavi(home.path());
    convert.args(["convert", "-f", "txt"]);
    convert.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut convert = convert.spawn().unwrap();
    let mut stdin = convert.stdin.take().unwrap();
    stdin.write_all(json.as_bytes()).unwrap();
    drop(stdin);
    let output = convert.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("皆さん、こんにちは。"), "{text}");
}

#[test]
fn record_is_kept_and_read_by_the_next_run() {
    let home = tempfile::tempdir().unwrap();
    let mut sandbox = mavi(home.path());
    sandbox.args("sandbox --delay 10ms".split(' '));
    let mut sandbox = sandbox.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(sandbox.stdout.take().unwrap()).lines();
    let mut next = |name: &str| {
        let prefix = format!("export {name}=");
        let mut values = lines.by_ref().map_while(Result::ok);
        values.find_map(|line| Some(line.strip_prefix(&prefix)?.to_owned()))
    };
    let variables = ["MAVI_BASE_URL", "MAVI_TOKEN"].map(|name| (name, next(name).unwrap()));
    let run = |arguments: &[&str]| {
        let mut command = mavi(home.path());
        let state = home.path().join("state");
        command.args(arguments).env("MAVI_STATE_DIR", state);
        stdout_of(command.envs(variables.clone()))
    };

    let text = run(&[SUBMIT, &["-f", "txt"]].concat());
    let again = run(&[SUBMIT, &["--reuse", "-f", "txt"]].concat());
    assert_eq!(again, text);
    let tasks = run(&["tasks", "-f", "jsonl"]);
    assert_eq!(tasks.lines().count(), 1, "{tasks}");
    assert!(tasks.contains("\"finished\""), "{tasks}");
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
}
