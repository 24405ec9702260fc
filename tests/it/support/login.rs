//! A login at the sandbox: commands that have no token but the stored one, and the file that it is in.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use mavi::sandbox::SandboxOptions;
use serde_json::Value;

use super::env::TestEnv;
use super::process::WriteStdin as _;
use super::run::Run;

/// How every secret that the sandbox gives out begins, but for the token of its environment.
pub(crate) const SECRETS: [&str; 4] = [
    "sandbox-access-",
    "sandbox-refresh-",
    "sandbox-code-",
    "sandbox-key-",
];

pub(crate) const CLIENT_ID: &str = "sandbox";

/// An environment with a sandbox, logged in.
pub(crate) fn logged_in(options: SandboxOptions) -> TestEnv {
    let env = TestEnv::with_sandbox(options);
    log_in(&env, "").ok();
    env
}

/// Returns `mavi` with these arguments, split at spaces, and no token in its variables.
pub(crate) fn command(env: &TestEnv, args: &str) -> Command {
    let mut command = env.command(args.split_whitespace());
    command.env_remove("MAVI_TOKEN");
    command
}

/// Runs `mavi` with these arguments, split at spaces, and no token in its variables.
#[track_caller]
pub(crate) fn run(env: &TestEnv, args: &str) -> Run {
    Run::of(command(env, args))
}

/// Logs in with the code of the sandbox and these further flags.
#[track_caller]
pub(crate) fn log_in(env: &TestEnv, flags: &str) -> Run {
    let args = format!("auth login --client-id {CLIENT_ID} --code-stdin {flags}");
    let mut command = command(env, &args);
    command.write_stdin(format!("{}\n", variable(env, "MAVI_SANDBOX_CODE")));
    Run::of(command)
}

/// Returns a variable that the sandbox sets.
pub(crate) fn variable(env: &TestEnv, name: &str) -> String {
    let variables = env.sandbox().variables();
    let found = variables.into_iter().find(|(known, _)| *known == name);
    found.unwrap().1
}

/// Returns the files with tokens.
pub(crate) fn login_files(env: &TestEnv) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(env.path(".local/state/mavi")) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_login = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("login-") && name.ends_with(".json")
    };
    paths.filter(is_login).collect()
}

/// Returns the one file that counts the calls about tokens.
#[track_caller]
pub(crate) fn call_log(env: &TestEnv) -> PathBuf {
    let entries = fs::read_dir(env.path(".local/state/mavi")).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    let is_log = |path: &PathBuf| path.to_string_lossy().contains("/token-calls-");
    paths.find(is_log).unwrap()
}

/// Returns the one stored login.
#[track_caller]
pub(crate) fn login(env: &TestEnv) -> Value {
    let files = login_files(env);
    assert_eq!(files.len(), 1, "{files:?}");
    serde_json::from_slice(&fs::read(&files[0]).unwrap()).unwrap()
}

/// Replaces fields of the one stored login.
pub(crate) fn edit_login(env: &TestEnv, fields: &[(&str, &str)]) {
    let mut changed = login(env);
    for (name, value) in fields {
        assert!(changed.get(name).is_some(), "{name}");
        changed[name] = (*value).into();
    }
    fs::write(&login_files(env)[0], changed.to_string()).unwrap();
}

/// Asserts that no output holds a secret of the sandbox.
#[track_caller]
pub(crate) fn expect_no_secrets(output: &str) {
    for secret in SECRETS {
        assert!(!output.contains(secret), "{secret} in {output}");
    }
}
