//! `mavi auth`: what is asked, received, stored, shown and deleted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use mavi::sandbox::SandboxOptions;
use serde_json::Value;

use crate::support::env::{TOKEN, TestEnv};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::login::{
    CLIENT_ID, call_log, command, edit_login, expect_no_secrets, log_in, logged_in, login,
    login_files, run, variable,
};
use crate::support::process::WriteStdin as _;
use crate::support::run::Run;
use crate::terminal::on_terminal;

pub(super) fn sandbox() -> TestEnv {
    TestEnv::with_sandbox(SandboxOptions::default())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Text to type, for as long as the tests last.
fn typed(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Types each answer once its question is shown.
pub(super) fn answers(script: Vec<(&'static str, String)>) -> impl FnMut(&str) -> &'static str {
    let mut script = script.into_iter().peekable();
    move |seen| match script.next_if(|(question, _)| seen.contains(question)) {
        Some((_, answer)) => typed(answer),
        None => "",
    }
}

#[test]
fn login_from_stdin_is_stored_privately_and_used() {
    let env = sandbox();
    let run_login = log_in(&env, "--verbose").ok();
    assert_eq!(run_login.stdout, "");
    let said = &run_login.stderr;
    assert!(
        said.contains("\nlogged in; tokens renew themselves; the login ends in 2 months ("),
        "{said}"
    );
    assert!(
        said.contains("> POST ") && said.contains("/auth/api/token/getAccessToken\n"),
        "{said}"
    );
    expect_no_secrets(said);

    let files = login_files(&env);
    assert_eq!(files.len(), 1);
    for entry in fs::read_dir(files[0].parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
    assert_eq!(mode(files[0].parent().unwrap()), 0o700);
    let task = run(&env, "submit lecture-1").ok().stdout;
    run(&env, &format!("get {task}")).expect_status(8);
    assert_eq!(env.sandbox().stats().unauthorized, 0);
    assert_eq!(env.sandbox().stats().logins, 1);
}

#[test]
fn files_of_a_login_are_private_whatever_the_umask() {
    let env = sandbox();
    let mut shell = env
        .shell("umask 0; printf %s \"$CODE\" | mavi auth login --client-id sandbox --code-stdin");
    shell
        .env_remove("MAVI_TOKEN")
        .env("CODE", variable(&env, "MAVI_SANDBOX_CODE"));
    Run::of(shell).ok();
    let folder = env.path(".local/state/mavi");
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
    assert_eq!(mode(&folder), 0o700);
}

#[test]
fn logins_stay_within_the_limit_of_a_day() {
    let env = logged_in(SandboxOptions::default());
    let now = jiff::Timestamp::now().as_second();
    let counts = serde_json::json!({"logins": vec![now - 3600; 50], "refreshes": []});
    fs::write(call_log(&env), counts.to_string()).unwrap();
    let run = log_in(&env, "").expect_failure(6);
    run.stderr_contains(&[
        "mavi: the daily limit of 50 logins is reached\nhint: log in again in 2",
    ]);
    assert_eq!(env.sandbox().stats().logins, 1);
}

#[test]
fn terminal_is_asked_and_does_not_show_the_answers() {
    let env = sandbox();
    let code = variable(&env, "MAVI_SANDBOX_CODE");
    for script in [
        vec![
            ("client ID: ", format!("{CLIENT_ID}\r")),
            ("code: ", format!("{code}\r")),
        ],
        // Pasted at once.
        vec![("client ID: ", format!("{CLIENT_ID}\r{code}\r"))],
    ] {
        let (status, seen) = on_terminal(&env, "auth login", answers(script));
        assert_eq!(status, 0, "{seen}");
        assert!(seen.starts_with("client ID: \r\ncode: \r\n"), "{seen:?}");
        assert!(seen.contains("logged in; "), "{seen}");
        assert!(seen.contains("MAVI_TOKEN is set, and is used"), "{seen}");
        assert!(!seen.contains(CLIENT_ID), "{seen}");
        expect_no_secrets(&seen);
    }
    let args = format!("auth login --client-id {CLIENT_ID}");
    let script = vec![("code: ", format!("{code}\r"))];
    let (status, seen) = on_terminal(&env, &args, answers(script));
    assert!(status == 0 && seen.starts_with("code: \r\n"), "{seen:?}");
    let args = format!("auth login --client-id {CLIENT_ID} --code-stdin");
    let (status, seen) = on_terminal(&env, &args, answers(vec![("code: ", code + "\r")]));
    assert!(status == 0 && seen.starts_with("code: \r\n"), "{seen:?}");
}

#[test]
fn empty_answer_on_a_terminal_is_a_usage_error() {
    let env = sandbox();
    for (script, missing) in [
        (vec![("client ID: ", "\r")], "client ID"),
        (vec![("client ID: ", "sandbox\r"), ("code: ", "\r")], "code"),
        (vec![("client ID: ", "\u{4}")], "client ID"),
    ] {
        let script = script.into_iter().map(|(at, text)| (at, text.to_owned()));
        let (status, seen) = on_terminal(&env, "auth login", answers(script.collect()));
        assert_eq!(status, 2, "{seen}");
        assert!(seen.contains(&format!("the {missing} is empty")), "{seen}");
    }
    assert_eq!(env.sandbox().stats().logins, 0);
}

#[test]
fn ctrl_c_at_a_question_leaves_a_terminal_that_echoes() {
    let env = sandbox();
    env.write(
        "ask.sh",
        "trap : INT\nmavi auth login\necho \"status $?\"\nstty -a\n",
    );
    let script = vec![("client ID: ", "\u{3}".to_owned())];
    let (_, seen) = on_terminal(&env, "sandbox -- sh ask.sh", answers(script));
    assert!(
        seen.starts_with("client ID: \r\n") && seen.contains("interrupted"),
        "{seen}"
    );
    assert!(seen.contains("status 130"), "{seen}");
    assert!(
        seen.contains(" echo ") && !seen.contains("-echo "),
        "{seen}"
    );
}

#[test]
fn ctrl_z_and_fg_at_a_question_hide_the_answer_again() {
    let env = sandbox();
    // As bash does it, the shell switches the echo on when a job is stopped.
    env.write(
        "ask.sh",
        "set -m\nmavi auth login --client-id sandbox\nstty echo\necho stopped\nfg\necho \"status $?\"\nstty -a\n",
    );
    let code = variable(&env, "MAVI_SANDBOX_CODE");
    let mut stopped = answers(vec![("code: ", "\u{1a}".to_owned())]);
    let mut resumed = answers(vec![("code: ", format!("{code}\r"))]);
    let (_, seen) = on_terminal(&env, "sandbox -- sh ask.sh", |seen| {
        match seen.split_once("stopped\r\n") {
            None => stopped(seen),
            Some((_, seen)) => resumed(seen),
        }
    });
    let (_, resumed) = seen.split_once("stopped\r\n").unwrap();
    assert!(resumed.contains("code: \r\n"), "{seen}");
    assert!(resumed.contains(" echo "), "{seen}");
    expect_no_secrets(&seen);
}

#[test]
fn ctrl_backslash_at_a_question_leaves_a_terminal_that_echoes() {
    let env = sandbox();
    env.write(
        "ask.sh",
        "ulimit -c 0\nset -m\nmavi auth login\necho \"status $?\"\nstty -a\n",
    );
    let script = vec![("client ID: ", "\u{1c}".to_owned())];
    let (_, seen) = on_terminal(&env, "sandbox -- sh ask.sh", answers(script));
    assert!(seen.contains("status 131"), "{seen}");
    assert!(
        seen.contains(" echo ") && !seen.contains("-echo "),
        "{seen}"
    );
}

#[test]
fn nothing_is_asked_off_a_terminal() {
    let env = sandbox();
    for (args, stdin, message) in [
        ("", "", "there is no terminal to ask for the code"),
        (
            "--client-id sandbox",
            "",
            "there is no terminal to ask for the code",
        ),
        (
            "--code-stdin",
            "x",
            "there is no terminal to ask for the client ID",
        ),
        (
            "--client-id sandbox --code-stdin",
            " \n",
            "the code is empty",
        ),
        ("--client-id= --code-stdin", "x", "the client ID is empty"),
        (
            "--client-id sandbox --code-stdin",
            "a\nb\n",
            "the code has several lines, spaces or control characters",
        ),
        (
            "--client-id sandbox --code-stdin",
            "a b",
            "the code has several lines, spaces or control characters",
        ),
        (
            "--client-id sandbox --code-stdin",
            "a\u{7}b",
            "the code has several lines, spaces or control characters",
        ),
        (
            "--listen 127.0.0.1:0",
            "",
            "there is no terminal to ask for the API key",
        ),
    ] {
        let mut command = command(&env, &format!("auth login {args}"));
        command.write_stdin(stdin);
        let run = Run::of(command).expect_failure(2);
        assert!(
            run.stderr.starts_with(&format!("mavi: {message}\nhint: ")),
            "{run:#?}"
        );
    }
    for args in [
        "auth login --public-url http://a.example",
        "auth login --listen 127.0.0.1:0 --code-stdin",
        "auth",
    ] {
        run(&env, args).expect_failure(2);
    }
    assert_eq!(
        (env.sandbox().stats().logins, login_files(&env).len()),
        (0, 0)
    );
}

#[test]
fn refused_code_is_exit_4_and_says_how_long_codes_last() {
    let env = sandbox();
    for (client_id, code, why) in [
        (
            CLIENT_ID,
            "sandbox-code-old",
            "The code is invalid or has expired.",
        ),
        (
            "other",
            &*variable(&env, "MAVI_SANDBOX_CODE"),
            "The clientId does not exist.",
        ),
    ] {
        let args = format!("auth login --client-id {client_id} --code-stdin");
        let mut refused = command(&env, &args);
        refused.write_stdin(code);
        Run::of(refused).expect_failure(4).expect_stderr(&format!(
            "logging in\nmavi: could not log in: the service refused (code 0001): {why}\n\
             hint: a code lasts ten minutes, and the next one ends the one before: get a new one, and \
             run the command again\n"
        ));
    }
    assert_eq!(login_files(&env).len(), 0);
    let mut refused = command(
        &env,
        "auth login --client-id x --code-stdin --error-format json",
    );
    refused.write_stdin("y");
    let error = Run::of(refused).expect_failure(4).errors().remove(0);
    assert_eq!(
        (&error["kind"], &error["api_code"]),
        (&"auth".into(), &"0001".into())
    );
}

#[test]
fn hint_of_a_failed_login_is_about_its_code() {
    for (code, status, hint) in [
        ("0401", 4, "a code lasts ten minutes"),
        ("0403", 4, "ask the service's support"),
        ("0003", 4, "check the client ID and the code"),
        ("0429", 6, "wait a minute, then run the command again\n"),
    ] {
        let server = FakeServer::always(ok(format!(r#"{{"code":"{code}","msg":"no"}}"#)));
        let env = server.env();
        let mut login = command(&env, "auth login --client-id ada --code-stdin");
        login.write_stdin("c");
        Run::of(login)
            .expect_failure(status)
            .stderr_contains(&[&format!("\nhint: {hint}")]);
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn failed_login_keeps_the_one_before() {
    let env = logged_in(SandboxOptions::default());
    let before = login(&env);
    let mut refused = command(&env, "auth login --client-id sandbox --code-stdin");
    refused.write_stdin("old");
    Run::of(refused).expect_failure(4);
    assert_eq!(login(&env), before);
    log_in(&env, "").ok();
    assert_ne!(login(&env), before, "a login replaces the one before");
}

#[test]
fn reply_with_tokens_is_never_shown() {
    let secrets = r#""accessToken":"at-secret","refreshToken":"rt-secret","expiresIn":"#;
    for body in [
        format!(r#"{{"code":"0000","msg":"at-secret","data":{{{secrets}"#),
        format!(r#"{{"code":"0000","data":"at-secret {}"}}"#, "rt-secret"),
        format!(r#""at-secret {}""#, "rt-secret"),
        r#"{"code":"0000","data":{"accessToken":"at-secret\u0007"}}"#.to_owned(),
        format!("{{{secrets}7200}}"),
    ] {
        let server = FakeServer::always(ok(&body));
        let env = server.env();
        let mut login = command(&env, "auth login --client-id ada --code-stdin --verbose");
        login.write_stdin("my-code");
        let run = Run::of(login).expect_failure(5);
        for secret in ["at-secret", "rt-secret", "my-code"] {
            assert!(!run.stderr.contains(secret), "{run:#?}");
        }
        let request = server.the_request();
        assert_eq!(request.line, "POST /auth/api/token/getAccessToken");
        assert_eq!(request.header("authorization"), None);
        let sent: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(
            sent,
            serde_json::json!({"clientId": "ada", "code": "my-code"})
        );
    }
    // What the service says to a person is shown, without the code if it echoes it.
    let server = FakeServer::always(ok(r#"{"code":"0003","msg":"bad code my-code-0123456789"}"#));
    let env = server.env();
    let mut login = command(&env, "auth login --client-id ada --code-stdin");
    login.write_stdin("my-code-0123456789");
    Run::of(login)
        .expect_failure(4)
        .stderr_contains(&["bad code [token]"]);
}

#[test]
fn profiles_have_logins_of_their_own() {
    let env = sandbox();
    let config = env.read(".config/mavi/config.toml");
    env.configure(&format!("{config}\n[profiles.work]\n[profiles.home]\n"));
    log_in(&env, "--profile work").ok();
    let task = run(&env, "submit lecture-1 --profile work").ok().stdout;
    for args in [format!("get {task}"), format!("get {task} --profile home")] {
        run(&env, &args)
            .expect_failure(4)
            .stderr_contains(&["mavi: no token is set"]);
    }
    log_in(&env, "").ok();
    assert_eq!(login_files(&env).len(), 2);
    run(&env, "auth logout --profile work").ok();
    assert_eq!(login_files(&env).len(), 1);
    run(&env, &format!("get {task}")).expect_status(8);
    // Another service, too: nothing is sent to it.
    run(&env, &format!("get {task} --base-url http://127.0.0.1:9")).expect_failure(4);
}

#[test]
fn every_other_token_comes_before_the_login() {
    let env = logged_in(SandboxOptions::default());
    let task = run(&env, "submit lecture-1").ok().stdout;
    let get = format!("get {task}");
    let mut with_variable = command(&env, &get);
    with_variable.env("MAVI_TOKEN", "wrong-token");
    Run::of(with_variable).expect_failure(4).stderr_contains(&[
        "0401",
        "\nhint: set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login",
    ]);
    let config = env.read(".config/mavi/config.toml");
    env.write("token", "wrong");
    let replace = |path| {
        let path = env.path(path);
        format!(
            "replace the token in {}, or remove it and run: mavi auth login",
            path.display()
        )
    };
    for (source, hint) in [
        ("token = \"wrong\"", replace(".config/mavi/config.toml")),
        ("token_file = \"~/token\"", replace("token")),
        (
            "token_command = [\"echo\", \"wrong\"]",
            "check what token_command prints".to_owned(),
        ),
    ] {
        env.configure(&format!("{source}\n{config}"));
        run(&env, &get)
            .expect_failure(4)
            .stderr_contains(&["0401", &format!("\nhint: {hint}")]);
        let again = log_in(&env, "").ok();
        again.stderr_contains(&[&format!("warning: {}", source.split(' ').next().unwrap())]);
    }
    env.configure(&config);
    run(&env, &get).expect_status(8);
    assert_eq!(
        env.sandbox().stats().refreshes,
        0,
        "a token that is not the login's"
    );
}

#[test]
fn status_says_who_and_until_when_and_no_token() {
    let env = logged_in(SandboxOptions::default());
    let status = run(&env, "auth status").ok();
    let url = env.sandbox().base_url();
    let lines: Vec<&str> = status.stdout.lines().collect();
    assert_eq!(
        lines[..3],
        [
            format!("service:       {url}"),
            "token from:    the stored login of `mavi auth login`".to_owned(),
            "client ID:     sand…".to_owned(),
        ]
    );
    assert!(
        lines[3].starts_with("token expires: in 2 hours (20"),
        "{status:#?}"
    );
    assert!(
        lines[4].starts_with("login expires: in 2 months (20"),
        "{status:#?}"
    );
    assert_eq!((lines.len(), &*status.stderr), (5, ""));
    expect_no_secrets(&status.stdout);

    let json = run(&env, "auth status --format json").ok().stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["baseUrl"], url);
    assert_eq!(
        (&json["source"], &json["sourceDetail"]),
        (
            &"login".into(),
            &"the stored login of `mavi auth login`".into()
        )
    );
    assert_eq!(
        (&json["clientId"], &json["profile"]),
        (&"sand…".into(), &Value::Null)
    );
    for name in ["tokenEndsAt", "loginEndsAt"] {
        let time: jiff::Timestamp = json[name].as_str().unwrap().parse().unwrap();
        assert!(time > jiff::Timestamp::now(), "{json}");
    }

    // With the variable there is a token of which no more is known.
    let shown = env.run("auth status").ok().stdout;
    assert_eq!(
        shown,
        format!("service:       {url}\ntoken from:    MAVI_TOKEN\n")
    );
    run(&env, "auth logout")
        .expect_output("", "logged out: the tokens are deleted from this machine\n");
    run(&env, "auth logout").expect_output("", "there is no stored login\n");
    assert_eq!(login_files(&env).len(), 0);
    let none = run(&env, "auth status").expect_failure(4);
    assert!(
        none.stderr
            .starts_with("mavi: no token is set\nhint: log in with `mavi auth login`, "),
        "{none:#?}"
    );
}

#[test]
fn status_of_a_login_that_has_expired_warns() {
    let env = logged_in(SandboxOptions::default());
    let past = "2020-01-01T00:00:00Z";
    edit_login(&env, &[("tokenEndsAt", past)]);
    let status = run(&env, "auth status").ok();
    assert!(
        status.stdout.contains("\ntoken expires: expired "),
        "{status:#?}"
    );
    assert_eq!(status.stderr, "", "it is renewed when it is needed");
    edit_login(&env, &[("loginEndsAt", past)]);
    let status = run(&env, "auth status").ok();
    assert!(
        status.stdout.contains("\nlogin expires: expired "),
        "{status:#?}"
    );
    status.expect_stderr("warning: the login has expired: to log in again, run: mavi auth login\n");
}

#[test]
fn status_names_the_source_in_one_word_for_scripts() {
    let env = TestEnv::new();
    for (source, word, detail) in [
        ("token = \"x\"", "token", "token in the configuration file"),
        (
            "token_file = \"x\"",
            "token_file",
            "token_file in the configuration file (x)",
        ),
        (
            "token_command = [\"x\"]",
            "token_command",
            "token_command in the configuration file (x)",
        ),
    ] {
        env.configure(&format!("{source}\n"));
        let json = run(&env, "auth status -f json").ok().stdout;
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (&json["source"], &json["sourceDetail"]),
            (&word.into(), &detail.into())
        );
    }
    let json = env.run("auth status -f json").ok().stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["source"], "MAVI_TOKEN");
}

#[test]
fn doctor_and_config_show_name_the_login() {
    let env = logged_in(SandboxOptions::default());
    let doctor = run(&env, "doctor").ok();
    assert!(
        doctor
            .stdout
            .contains("\ntoken   ok       from the stored login of `mavi auth login`\n"),
        "{doctor:#?}"
    );
    assert!(
        doctor
            .stdout
            .ends_with("api     ok       the service accepts the token\n"),
        "{doctor:#?}"
    );
    env.sandbox().end_access_tokens();
    run(&env, "doctor").ok();
    assert_eq!(
        env.sandbox().stats().refreshes_accepted,
        1,
        "a token that has ended is renewed"
    );
    let show = run(&env, "config show").ok().stdout;
    assert!(
        show.contains("# token: from the stored login of `mavi auth login`, not shown\n"),
        "{show}"
    );
    run(&env, "auth logout").ok();
    assert!(
        run(&env, "config show")
            .ok()
            .stdout
            .contains("# token: not set\n")
    );
}

#[test]
fn login_that_others_can_read_earns_a_warning() {
    let env = logged_in(SandboxOptions::default());
    let file = &login_files(&env)[0];
    for mode in [0o640, 0o604, 0o622] {
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
        let warning = format!("warning: {} holds the tokens of a login", file.display());
        run(&env, "videos")
            .ok()
            .stderr_contains(&[&warning, "run `chmod 600 "]);
    }
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    run(&env, "videos").ok();
}

#[test]
fn damaged_login_names_the_command_that_mends_it() {
    let env = logged_in(SandboxOptions::default());
    let file = &login_files(&env)[0];
    fs::write(file, "{\"accessToken\":\"sandbox-access-").unwrap();
    let run = run(&env, "videos").expect_failure(4);
    expect_no_secrets(&run.stderr);
    run.stderr_contains(&[
        "is damaged",
        "hint: to log in again, run: mavi auth login\n",
    ]);
    let show = self::run(&env, "config show").ok().stdout;
    assert!(
        show.contains("# token: the stored login is damaged\n"),
        "{show}"
    );
    log_in(&env, "").ok();
}

#[test]
fn hints_name_the_flags_of_the_login_that_is_missing_or_damaged() {
    let env = sandbox();
    let config = env.read(".config/mavi/config.toml");
    let config = env.write("my.toml", &format!("{config}\n[profiles.work]\n"));
    let url = env.sandbox().base_url();
    let flags = format!(
        "--config {} --profile work --base-url {url}",
        config.display()
    );
    for command in ["videos", "auth status"] {
        run(&env, &format!("{command} {flags}"))
            .expect_failure(4)
            .stderr_contains(&[&format!(
                "hint: log in with `mavi auth login {flags}`, or set"
            )]);
    }
    log_in(&env, &flags).ok();
    fs::write(&login_files(&env)[0], "{}").unwrap();
    for command in ["videos", "auth status"] {
        run(&env, &format!("{command} {flags}"))
            .expect_failure(4)
            .stderr_contains(&[&format!(
                "hint: to log in again, run: mavi auth login {flags}\n"
            )]);
    }
}

#[test]
fn token_for_the_configuration_is_typed_hidden() {
    let env = TestEnv::new();
    let script = vec![("token: ", format!("{TOKEN}\r"))];
    let (status, seen) = on_terminal(&env, "config init --token-stdin", answers(script));
    assert_eq!(status, 0, "{seen}");
    assert!(
        seen.starts_with("token: \r\n") && !seen.contains(TOKEN),
        "{seen:?}"
    );
    assert!(env.read(".config/mavi/config.toml").contains(TOKEN));
    let empty = vec![("token: ", "\r".to_owned())];
    let (status, _) = on_terminal(&env, "config init --force --token-stdin", answers(empty));
    assert_eq!(status, 2);
}
