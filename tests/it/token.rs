//! Where the token comes from: the environment, the file, another file, a command; which of them
//! wins; and what is said when it cannot be had.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use snapbox::{IntoData, str};

use crate::support::env::{TOKEN, TestEnv, finished};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::process::WriteStdin as _;
use crate::support::run::Run;

const CONFIG: &str = ".config/mavi/config.toml";

fn service() -> FakeServer {
    FakeServer::always(ok(finished("T1", "")))
}

/// A get with this configuration and without `MAVI_TOKEN`.
fn get(service: &FakeServer, env: &TestEnv, config: &str) -> Run {
    env.write(CONFIG, config);
    let mut command = env.command(["get", "T1", "--base-url", &service.url(), "-f", "csv"]);
    command.env_remove("MAVI_TOKEN");
    Run::of(command)
}

/// The token arrived as it should.
#[track_caller]
fn sent(service: &FakeServer, run: Run) -> Run {
    let run = run.ok();
    let request = service.the_request();
    let sent = request.header("authorization").unwrap();
    assert_eq!(sent, format!("Bearer {TOKEN}"));
    run
}

/// The run ended for want of a token, before any request.
#[track_caller]
fn without(service: &FakeServer, run: Run, said: impl IntoData) {
    run.expect_failure(4).expect_stderr(said);
    assert_eq!(service.count(), 0);
}

#[test]
fn from_the_environment() {
    let service = service();
    let run = service.env().run("get T1");
    sent(&service, run);
}

#[test]
fn from_the_configuration_file() {
    let service = service();
    let run = get(&service, &TestEnv::new(), &format!("token = \"{TOKEN}\"\n"));
    sent(&service, run);
}

#[test]
fn from_a_file_named_there() {
    for written in ["~/secret/token", "../../secret/token"] {
        let (service, env) = (service(), TestEnv::new());
        env.write("secret/token", &format!("{TOKEN}\nand more\n"));
        let run = get(&service, &env, &format!("token_file = \"{written}\"\n"));
        sent(&service, run);
    }
}

#[test]
fn from_a_file_that_cannot_give_one() {
    for (content, said) in [
        (
            None,
            str![[r#"
mavi: token_file in the configuration file (~/token) cannot be read: No such file or directory (os error 2)
hint: write the token to [HOME]/token

"#]],
        ),
        (
            Some(""),
            str![[r#"
mavi: token_file in the configuration file (~/token) gives an empty token

"#]],
        ),
        (
            Some("\n\n"),
            str![[r#"
mavi: token_file in the configuration file (~/token) gives an empty token

"#]],
        ),
        (
            Some("two\u{7}words\n"),
            str![[r#"
mavi: token_file in the configuration file (~/token) gives a token with control characters or characters outside ASCII in it

"#]],
        ),
    ] {
        let (service, env) = (service(), TestEnv::new());
        if let Some(content) = content {
            env.write("token", content);
        }
        get(&service, &env, "token_file = \"~/token\"\n")
            .expect_failure(4)
            .expect_stderr(said);
        assert_eq!(service.count(), 0);
    }
}

#[test]
fn from_the_first_line_that_a_command_prints() {
    let service = service();
    let script = format!("echo {TOKEN}; echo more; echo a word on stderr >&2");
    let config = format!("token_command = [\"sh\", \"-c\", \"{script}\"]\n");
    sent(&service, get(&service, &TestEnv::new(), &config)).expect_stderr(str![[r#"
a word on stderr
getting task T1

"#]]);
}

#[test]
fn from_a_command_that_cannot_give_one() {
    for (argv, says) in [
        (
            r#"["no-such-program", "x"]"#,
            str![[r#"
mavi: token_command in the configuration file (no-such-program) cannot be run: No such file or directory (os error 2)
hint: check that no-such-program is installed and on PATH

"#]],
        ),
        (
            r#"["false"]"#,
            str![[r#"
mavi: token_command in the configuration file (false) failed: exit status: 1
hint: run it by hand to see why

"#]],
        ),
        (
            r#"["sh", "-c", "echo almost; exit 3"]"#,
            str![[r#"
mavi: token_command in the configuration file (sh) failed: exit status: 3
hint: run it by hand to see why

"#]],
        ),
        (
            r#"["true"]"#,
            str![[r#"
mavi: token_command in the configuration file (true) gives an empty token

"#]],
        ),
        (
            r#"["printf", "\\n\\n"]"#,
            str![[r#"
mavi: token_command in the configuration file (printf) gives an empty token

"#]],
        ),
    ] {
        let service = service();
        get(
            &service,
            &TestEnv::new(),
            &format!("token_command = {argv}\n"),
        )
        .expect_failure(4)
        .expect_stderr(says);
        assert_eq!(service.count(), 0);
    }
}

#[test]
fn a_command_gets_no_input_and_not_the_token() {
    let service = service();
    let env = TestEnv::new();
    let script = format!("cat > stdin; echo \\\"$MAVI_TOKEN\\\" > seen; echo {TOKEN}");
    env.write(
        CONFIG,
        &format!("[profiles.p]\ntoken_command = [\"sh\", \"-c\", \"{script}\"]\n"),
    );
    let mut command = env.command(["get", "T1", "--profile", "p", "--base-url"]);
    command.arg(service.url()).env("MAVI_TOKEN", "");
    command.write_stdin("input");
    sent(&service, Run::of(command));
    assert_eq!((&*env.read("stdin"), &*env.read("seen")), ("", "\n"));
}

#[test]
fn a_command_is_not_run_where_it_is_not_needed() {
    let env = TestEnv::new();
    env.write(CONFIG, "token_command = [\"touch\", \"ran\"]\n");
    let mut command = env.command(["config", "show"]);
    command.env_remove("MAVI_TOKEN");
    Run::of(command).ok();
    let service = service();
    let run = env.run(&format!("get T1 --base-url {}", service.url()));
    sent(&service, run);
    assert_eq!(env.files(), [""; 0]);
}

#[test]
fn missing_token_is_an_error() {
    let service = service();
    let run = get(&service, &TestEnv::new(), "");
    without(
        &service,
        run,
        str![[r#"
mavi: no token is set
hint: log in with `mavi auth login --base-url http://127.0.0.1:[PORT]`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]],
    );
}

#[test]
fn an_empty_variable_is_unset() {
    let (service, env) = (service(), TestEnv::new());
    env.write(CONFIG, &format!("token = \"{TOKEN}\"\n"));
    let mut command = env.command(["get", "T1", "--base-url", &service.url()]);
    command.env("MAVI_TOKEN", "");
    sent(&service, Run::of(command));
}

#[test]
fn token_precedence_is_by_layer_then_by_kind() {
    let right = format!("token = \"{TOKEN}\"");
    let wrong = "token = \"wrong\"";
    let (file, command) = ("token_file = \"/nowhere\"", "token_command = [\"false\"]");
    let from_command = format!("token_command = [\"echo\", \"{TOKEN}\"]");
    for (config, args) in [
        (format!("{command}\n{file}\n{right}\n"), ""),
        (
            format!("{wrong}\n[profiles.p]\n{right}\n{command}\n"),
            "--profile p",
        ),
        (
            format!("{wrong}\n{file}\n[profiles.p]\n{from_command}\n"),
            "--profile p",
        ),
        (format!("{right}\n[profiles.p]\n{wrong}\n"), ""),
        (
            format!("{right}\n[profiles.p]\nretries = 1\n"),
            "--profile p",
        ),
    ] {
        let (service, env) = (service(), TestEnv::new());
        env.write(CONFIG, &config);
        let mut run = env.command(["get", "T1", "--base-url", &service.url()]);
        run.env_remove("MAVI_TOKEN").args(args.split_whitespace());
        sent(&service, Run::of(run));
    }
    let (service, env) = (service(), TestEnv::new());
    env.write(CONFIG, &format!("{wrong}\n[profiles.p]\n{wrong}\n"));
    let run = env.run(&format!("get T1 --profile p --base-url {}", service.url()));
    sent(&service, run);
}

#[test]
fn raw_auth_scheme_sends_bare_token() {
    let service = service();
    let config = format!("auth_scheme = \"raw\"\ntoken = \"{TOKEN}\"\n");
    get(&service, &TestEnv::new(), &config).ok();
    assert_eq!(service.the_request().header("authorization"), Some(TOKEN));
}

#[test]
fn a_token_that_no_header_can_hold_is_refused_before_any_request() {
    let service = service();
    for (token, said) in [
        (
            "a\nb",
            str![[r#"
mavi: MAVI_TOKEN gives a token with control characters or characters outside ASCII in it

"#]],
        ),
        (
            "tök",
            str![[r#"
mavi: MAVI_TOKEN gives a token with control characters or characters outside ASCII in it

"#]],
        ),
        (
            "a\u{1b}b",
            str![[r#"
mavi: MAVI_TOKEN gives a token with control characters or characters outside ASCII in it

"#]],
        ),
    ] {
        let env = service.env();
        let mut command = env.command(["get", "T1"]);
        command.env("MAVI_TOKEN", token);
        Run::of(command).expect_failure(4).expect_stderr(said);
    }
    assert_eq!(service.count(), 0);
}

/// Asserts that the run has warned about this file, that many times.
#[track_caller]
fn expect_warnings(run: Run, count: usize, file: &Path) {
    let file = file.display();
    let warning = format!("warning: {file} holds a token and others can [..]\n");
    assert_eq!(run.stderr.lines().count(), count, "{run:#?}");
    run.expect_stderr(warning.repeat(count));
}

#[test]
fn a_token_in_a_file_that_others_can_read_earns_a_warning() {
    let env = TestEnv::new();
    let file = env.write("token", TOKEN);
    let config = env.write(CONFIG, &format!("token = \"{TOKEN}\"\n"));
    let show = |config: &Path, file: &Path, modes: (u32, u32)| {
        fs::set_permissions(config, fs::Permissions::from_mode(modes.0)).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(modes.1)).unwrap();
        let mut command = env.command(["config", "show"]);
        command.env_remove("MAVI_TOKEN");
        Run::of(command).ok()
    };
    for (mode, warnings) in [(0o600, 0), (0o644, 1), (0o640, 1)] {
        let run = show(&config, &file, (mode, 0o644));
        expect_warnings(run, warnings, &config);
    }
    env.write(CONFIG, "token_file = \"~/token\"\n");
    for (mode, warnings) in [(0o600, 0), (0o644, 1)] {
        let run = show(&config, &file, (0o644, mode));
        expect_warnings(run, warnings, &file);
    }
}

/// A service that takes only the token with this number from a counting command.
fn takes_only(number: usize) -> FakeServer {
    FakeServer::new(move |_, request| {
        if request.header("authorization") == Some(&*format!("Bearer token-{number}")) {
            ok(finished("T1", ""))
        } else {
            ok(r#"{"code":"0401","msg":"expired","data":null}"#)
        }
    })
}

#[test]
fn a_refused_token_is_fetched_once_more_where_a_command_gives_it() {
    let script = "echo x >> runs; printf token-; wc -l < runs | tr -d ' '";
    let config = format!("token_command = [\"sh\", \"-c\", \"{script}\"]\n");
    for (number, status, requests) in [(1, 0, 1), (2, 0, 2), (3, 4, 2)] {
        for command in ["get", "wait"] {
            let (service, env) = (takes_only(number), TestEnv::new());
            env.write(CONFIG, &config);
            let mut run = env.command([command, "T1", "-f", "txt", "--base-url"]);
            run.arg(service.url()).env_remove("MAVI_TOKEN");
            let run = Run::of(run);
            assert_eq!(run.status, status, "{command} {number}: {run:#?}");
            assert_eq!(service.count(), requests);
            assert_eq!(env.read("runs").lines().count(), requests);
        }
    }
}

#[test]
fn a_refused_token_of_another_source_is_final() {
    let service = takes_only(1);
    let run = service.env().run("get T1").expect_failure(4);
    run.expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: the token is invalid or has expired (code 0401): expired
hint: set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login
hint: to resume, run: mavi get T1

"#]]);
    assert_eq!(service.count(), 1);
}

#[test]
fn bearer_prefix_of_token_is_removed() {
    let service = service();
    let env = service.env();
    let mut command = env.command(["get", "T1"]);
    command.env("MAVI_TOKEN", format!("Bearer {TOKEN}"));
    sent(&service, Run::of(command));
}

#[test]
fn command_that_hangs_is_stopped_after_the_request_timeout() {
    let service = service();
    let env = TestEnv::new();
    env.write(CONFIG, "token_command = [\"sleep\", \"60\"]\n");
    let mut command = env.command(["get", "T1", "--request-timeout", "200ms", "--base-url"]);
    command.arg(service.url()).env_remove("MAVI_TOKEN");
    let run = Run::of(command).expect_failure(4);
    assert_eq!(
        run.stderr,
        "mavi: token_command in the configuration file (sleep) was stopped after 200ms\n\
         hint: run it by hand to see why, or raise --request-timeout\n"
    );
    assert_eq!(service.count(), 0);
}

#[test]
fn child_of_a_command_may_keep_its_pipe_open() {
    let service = service();
    let script = format!("sleep 60 2>/dev/null & echo {TOKEN}");
    let config = format!("token_command = [\"sh\", \"-c\", \"{script}\"]\n");
    sent(&service, get(&service, &TestEnv::new(), &config));
}
