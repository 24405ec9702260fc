//! `mavi auth`: what is asked, received, stored, shown and deleted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use mavi::sandbox::SandboxOptions;
use serde_json::Value;
use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::fake_server::{FakeServer, ok};
use crate::support::login::{
    CLIENT_ID, call_log, command, expect_no_secrets, log_in, logged_in, login, login_files, run,
    variable,
};
use crate::support::process::WriteStdin as _;
use crate::support::run::{Run, Transcript};

/// Tasks that do not end while a test lasts.
fn slow() -> SandboxOptions {
    SandboxOptions {
        delay: Duration::from_hours(1),
        ..SandboxOptions::default()
    }
}

pub(super) fn sandbox() -> TestEnv {
    TestEnv::with_sandbox(slow())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn login_from_stdin_is_stored_privately_and_used() {
    let env = sandbox();
    let run_login = log_in(&env, "--verbose").ok();
    let run_login = run_login.expect_stdout("").expect_stderr(str![[r#"
logging in
> POST [URL]/auth/api/token/getAccessToken
< 200 230 bytes in [MS] ms, code 0000
logged in; tokens renew themselves; the login ends in 2 months ([DATE])

"#]]);
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
    log_in(&env, "").expect_failure(6).expect_stderr(str![[r#"
logging in
mavi: the daily limit of 50 logins is reached
hint: log in again in [..]

"#]]);
    assert_eq!(env.sandbox().stats().logins, 1);
}

#[test]
fn nothing_is_asked_off_a_terminal() {
    let env = sandbox();
    for (args, stdin, message) in [
        (
            "",
            "",
            str![[r#"
mavi: there is no terminal to ask for the code
hint: give it with --client-id and --code-stdin

"#]],
        ),
        (
            "--client-id sandbox",
            "",
            str![[r#"
mavi: there is no terminal to ask for the code
hint: give it with --client-id and --code-stdin

"#]],
        ),
        (
            "--code-stdin",
            "x",
            str![[r#"
mavi: there is no terminal to ask for the client ID
hint: give it with --client-id

"#]],
        ),
        (
            "--client-id sandbox --code-stdin",
            " \n",
            str![[r#"
mavi: the code is empty
hint: run the command again

"#]],
        ),
        (
            "--client-id= --code-stdin",
            "x",
            str![[r#"
mavi: the client ID is empty
hint: run the command again

"#]],
        ),
        (
            "--client-id sandbox --code-stdin",
            "a\nb\n",
            str![[r#"
mavi: the code has several lines, spaces or control characters
hint: give the code alone

"#]],
        ),
        (
            "--client-id sandbox --code-stdin",
            "a b",
            str![[r#"
mavi: the code has several lines, spaces or control characters
hint: give the code alone

"#]],
        ),
        (
            "--client-id sandbox --code-stdin",
            "a\u{7}b",
            str![[r#"
mavi: the code has several lines, spaces or control characters
hint: give the code alone

"#]],
        ),
        (
            "--listen 127.0.0.1:0",
            "",
            str![[r#"
mavi: there is no terminal to ask for the API key
hint: give it with MAVI_API_KEY

"#]],
        ),
    ] {
        let mut command = command(&env, &format!("auth login {args}"));
        command.write_stdin(stdin);
        Run::of(command).expect_failure(2).expect_stderr(message);
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
        Run::of(refused).expect_failure(4).expect_stderr(format!(
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
        (
            "0401",
            4,
            str![[r#"
logging in
mavi: could not log in: the service refused (code 0401): no
hint: a code lasts ten minutes, and the next one ends the one before: get a new one, and run the command again

"#]],
        ),
        (
            "0403",
            4,
            str![[r#"
logging in
mavi: could not log in: the service refused (code 0403): no
hint: ask the service's support

"#]],
        ),
        (
            "0003",
            4,
            str![[r#"
logging in
mavi: could not log in: the service refused (code 0003): no
hint: check the client ID and the code

"#]],
        ),
        (
            "0429",
            6,
            str![[r#"
logging in
mavi: could not log in: the rate limit is exceeded (code 0429): no
hint: wait a minute, then run the command again

"#]],
        ),
    ] {
        let server = FakeServer::always(ok(format!(r#"{{"code":"{code}","msg":"no"}}"#)));
        let env = server.env();
        let mut login = command(&env, "auth login --client-id ada --code-stdin");
        login.write_stdin("c");
        Run::of(login).expect_failure(status).expect_stderr(hint);
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn failed_login_keeps_the_one_before() {
    let env = logged_in(SandboxOptions::default());
    let before = login(&env);
    let mut refused = command(&env, "auth login --client-id sandbox --code-stdin");
    refused.write_stdin("old");
    Run::of(refused).expect_failure(4).expect_stderr(str![[r#"
logging in
mavi: could not log in: the service refused (code 0001): The code is invalid or has expired.
hint: a code lasts ten minutes, and the next one ends the one before: get a new one, and run the command again

"#]]);
    assert_eq!(login(&env), before);
    log_in(&env, "").ok();
    assert_ne!(login(&env), before, "a login replaces the one before");
}

#[test]
fn login_without_a_refresh_token_is_called_so() {
    let mut transcript = Transcript::default();
    for life in [r#","expiresIn":7200"#, ""] {
        let body = format!(r#"{{"code":"0000","data":{{"accessToken":"at-1"{life}}}}}"#);
        let server = FakeServer::always(ok(body));
        let env = server.env();
        let mut login = command(&env, "auth login --client-id ada --code-stdin");
        login.write_stdin("c");
        transcript.add(life, &Run::of(login).expect_status(0));
    }
    transcript.expect(str![[r#"
$ ,"expiresIn":7200
logging in
logged in; the login ends in 2 hours ([DATE])
warning: the service gave no refresh token, so the login cannot renew itself: when it has ended, run: mavi auth login
[0]
$ 
logging in
logged in; the login ends at a time that the service did not say
warning: the service gave no refresh token, so the login cannot renew itself: when it has ended, run: mavi auth login
[0]

"#]]);
}

#[test]
fn reply_with_tokens_is_never_shown() {
    let secrets = r#""accessToken":"at-secret","refreshToken":"rt-secret","expiresIn":"#;
    let mut transcript = Transcript::default();
    for body in [
        format!(r#"{{"code":"0000","msg":"at-secret","data":{{{secrets}"#),
        format!(r#"{{"code":"0000","data":"at-secret {}"}}"#, "rt-secret"),
        format!(r#""at-secret {}""#, "rt-secret"),
        r#"{"code":"0000","data":{"accessToken":"at-secret\u0007"}}"#.to_owned(),
        format!("{{{secrets}7200}}"),
        r#"{"code":"0000","data":["at-secret",7200]}"#.to_owned(),
    ] {
        let server = FakeServer::always(ok(&body));
        let env = server.env();
        let mut login = command(&env, "auth login --client-id ada --code-stdin --verbose");
        login.write_stdin("my-code");
        transcript.add(&body.replace("secret", "…"), &Run::of(login));
        let request = server.the_request();
        assert_eq!(request.line, "POST /auth/api/token/getAccessToken");
        assert_eq!(request.header("authorization"), None);
        let sent: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(
            sent,
            serde_json::json!({"clientId": "ada", "code": "my-code"})
        );
    }
    transcript.expect(str![[r#"
$ {"code":"0000","msg":"at-…","data":{"accessToken":"at-…","refreshToken":"rt-…","expiresIn":
logging in
> POST [URL]/auth/api/token/getAccessToken
< 200 106 bytes in [MS] ms, no envelope
mavi: could not log in: the reply is not what the API describes: its body is not shown, for it can hold tokens
hint: check base_url
[5]
$ {"code":"0000","data":"at-… rt-…"}
logging in
> POST [URL]/auth/api/token/getAccessToken
< 200 44 bytes in [MS] ms, code 0000
mavi: could not log in: the reply is not what the API describes: its body is not shown, for it can hold tokens
hint: check base_url
[5]
$ "at-… rt-…"
logging in
> POST [URL]/auth/api/token/getAccessToken
< 200 21 bytes in [MS] ms, no envelope
mavi: could not log in: the reply is not what the API describes: its body is not shown, for it can hold tokens
hint: check base_url
[5]
$ {"code":"0000","data":{"accessToken":"at-…\u0007"}}
logging in
> POST [URL]/auth/api/token/getAccessToken
< 200 56 bytes in [MS] ms, code 0000
mavi: could not log in: the reply is not what the API describes: its body is not shown, for it can hold tokens
hint: check base_url
[5]
$ {"accessToken":"at-…","refreshToken":"rt-…","expiresIn":7200}
logging in
> POST [URL]/auth/api/token/getAccessToken
< 200 71 bytes in [MS] ms, no envelope
mavi: could not log in: the reply is not what the API describes: its body is not shown, for it can hold tokens
hint: check base_url
[5]
$ {"code":"0000","data":["at-…",7200]}
logging in
> POST [URL]/auth/api/token/getAccessToken
< 200 41 bytes in [MS] ms, code 0000
mavi: could not log in: the reply is not what the API describes: its body is not shown, for it can hold tokens
hint: check base_url
[5]

"#]]);
    // What the service says to a person is shown, without the code if it echoes it.
    let server = FakeServer::always(ok(r#"{"code":"0003","msg":"bad code my-code-0123456789"}"#));
    let env = server.env();
    let mut login = command(&env, "auth login --client-id ada --code-stdin");
    login.write_stdin("my-code-0123456789");
    Run::of(login).expect_failure(4).expect_stderr(str![[r#"
logging in
mavi: could not log in: the service refused (code 0003): bad code [token]
hint: check the client ID and the code

"#]]);
}

#[test]
fn profiles_have_logins_of_their_own() {
    let env = sandbox();
    let config = env.read(".config/mavi/config.toml");
    env.configure(&format!("{config}\n[profiles.work]\n[profiles.home]\n"));
    log_in(&env, "--profile work").ok();
    let task = run(&env, "submit lecture-1 --profile work").ok().stdout;
    for (profile, said) in [
        (
            "",
            str![[r#"
mavi: no token is set
hint: log in with `mavi auth login`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]],
        ),
        (
            " --profile home",
            str![[r#"
mavi: no token is set
hint: log in with `mavi auth login --profile home`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]],
        ),
    ] {
        run(&env, &format!("get {task}{profile}"))
            .expect_failure(4)
            .expect_stderr(said);
    }
    log_in(&env, "").ok();
    assert_eq!(login_files(&env).len(), 2);
    run(&env, "auth logout --profile work").ok();
    assert_eq!(login_files(&env).len(), 1);
    run(&env, &format!("get {task}")).expect_status(8);
    // Another service, too: nothing is sent to it.
    run(&env, &format!("get {task} --base-url http://127.0.0.1:9"))
        .expect_failure(4)
        .expect_stderr(str![[r#"
mavi: no token is set
hint: log in with `mavi auth login --base-url http://127.0.0.1:9`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]]);
}

#[test]
fn every_other_token_comes_before_the_login() {
    let env = logged_in(slow());
    let task = run(&env, "submit lecture-1").ok().stdout;
    let get = format!("get {task}");
    let mut with_variable = command(&env, &get);
    with_variable.env("MAVI_TOKEN", "wrong-token");
    Run::of(with_variable)
        .expect_failure(4)
        .expect_stderr(str![[r#"
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: the token is invalid or has expired (code 0401): Authorization is invalid.
hint: set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login
hint: to resume, run: mavi get [TASK]

"#]]);
    let config = env.read(".config/mavi/config.toml");
    env.write("token", "wrong");
    for (source, hint, warning) in [
        (
            "token = \"wrong\"",
            str![[r#"
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: the token is invalid or has expired (code 0401): Authorization is invalid.
hint: replace the token in [HOME]/.config/mavi/config.toml, or remove it and run: mavi auth login
hint: to resume, run: mavi get [TASK]

"#]],
            str![[r#"
logging in
logged in; tokens renew themselves; the login ends in 2 months ([DATE])
warning: token in the configuration file is set, and is used in place of the login

"#]],
        ),
        (
            "token_file = \"~/token\"",
            str![[r#"
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: the token is invalid or has expired (code 0401): Authorization is invalid.
hint: replace the token in [HOME]/token, or remove it and run: mavi auth login
hint: to resume, run: mavi get [TASK]

"#]],
            str![[r#"
logging in
logged in; tokens renew themselves; the login ends in 2 months ([DATE])
warning: token_file in the configuration file (~/token) is set, and is used in place of the login

"#]],
        ),
        (
            "token_command = [\"echo\", \"wrong\"]",
            str![[r#"
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: the token is invalid or has expired (code 0401): Authorization is invalid.
hint: check what token_command prints
hint: to resume, run: mavi get [TASK]

"#]],
            str![[r#"
logging in
logged in; tokens renew themselves; the login ends in 2 months ([DATE])
warning: token_command in the configuration file (echo) is set, and is used in place of the login

"#]],
        ),
    ] {
        env.configure(&format!("{source}\n{config}"));
        run(&env, &get).expect_failure(4).expect_stderr(hint);
        log_in(&env, "").ok().expect_stderr(warning);
    }
    env.configure(&config);
    run(&env, &get).expect_status(8);
    assert_eq!(
        env.sandbox().stats().refreshes,
        0,
        "a token that is not the login's"
    );
}
