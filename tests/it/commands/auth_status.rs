//! What `mavi auth status` and other commands say about a stored login.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use mavi::sandbox::SandboxOptions;
use serde_json::Value;
use snapbox::str;

use super::auth::sandbox;
use crate::support::env::TestEnv;
use crate::support::login::{edit_login, expect_no_secrets, log_in, logged_in, login_files, run};

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
    run(&env, "auth status").expect_failure(4)
    .expect_stderr(str![[r#"
mavi: no token is set
hint: log in with `mavi auth login`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]]);
}

#[test]
fn status_of_a_login_that_has_expired_warns() {
    let env = logged_in(SandboxOptions::default());
    let past = "2020-01-01T00:00:00Z";
    edit_login(&env, &[("tokenEndsAt", past)]);
    let status = run(&env, "auth status").ok();
    let status = status
        .expect_stdout(str![[r#"
service:       [URL]
token from:    the stored login of `mavi auth login`
client ID:     sand…
token expires: expired 6 years ago (2020-01-01T00:00:00Z)
login expires: in 2 months ([DATE])

"#]])
        .expect_stderr("");
    assert_eq!(status.stderr, "", "it is renewed when it is needed");
    edit_login(&env, &[("loginEndsAt", past)]);
    run(&env, "auth status")
        .ok()
        .expect_stderr("warning: the login has expired: to log in again, run: mavi auth login\n");
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
    run(&env, "doctor").expect_output(
        str![[r#"
config  ok       [HOME]/.config/mavi/config.toml
token   ok       from the stored login of `mavi auth login`
proxy   ok       no proxy for this address
name    skipped  127.0.0.1 is an address
tcp     ok       connected to [HOST] in [MS] ms
tls     skipped  plain http
clock   ok       within 1s of the service's clock
api     ok       the service accepts the token

"#]],
        "checking [URL]\n",
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
        // In part: `config show` is compared whole in `config`.
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
    for (mode, warning) in [
        (
            0o640,
            str![[r#"
warning: [HOME]/.local/state/mavi/login-[HEX].json holds the tokens of a login and others can read it: run `chmod 600 [HOME]/.local/state/mavi/login-[HEX].json`
listing videos

"#]],
        ),
        (
            0o604,
            str![[r#"
warning: [HOME]/.local/state/mavi/login-[HEX].json holds the tokens of a login and others can read it: run `chmod 600 [HOME]/.local/state/mavi/login-[HEX].json`
listing videos

"#]],
        ),
        (
            0o622,
            str![[r#"
warning: [HOME]/.local/state/mavi/login-[HEX].json holds the tokens of a login and others can change it: run `chmod 600 [HOME]/.local/state/mavi/login-[HEX].json`
listing videos

"#]],
        ),
    ] {
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
        run(&env, "videos").ok().expect_stderr(warning);
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
    run.expect_stderr(str![[r#"
mavi: the stored login [HOME]/.local/state/mavi/login-[HEX].json is damaged
hint: to log in again, run: mavi auth login

"#]]);
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
    for (command, said) in [
        (
            "videos",
            str![[r#"
mavi: no token is set
hint: log in with `mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]`, or set MAVI_TOKEN, or write the token into [HOME]/my.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]],
        ),
        (
            "auth status",
            str![[r#"
mavi: no token is set
hint: log in with `mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]`, or set MAVI_TOKEN, or write the token into [HOME]/my.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]],
        ),
    ] {
        run(&env, &format!("{command} {flags}"))
            .expect_failure(4)
            .expect_stderr(said);
    }
    log_in(&env, &flags).ok();
    fs::write(&login_files(&env)[0], "{}").unwrap();
    for (command, said) in [
        (
            "videos",
            str![[r#"
mavi: the stored login [HOME]/.local/state/mavi/login-[HEX].json is damaged
hint: to log in again, run: mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]

"#]],
        ),
        (
            "auth status",
            str![[r#"
mavi: the stored login [HOME]/.local/state/mavi/login-[HEX].json is damaged
hint: to log in again, run: mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]

"#]],
        ),
    ] {
        run(&env, &format!("{command} {flags}"))
            .expect_failure(4)
            .expect_stderr(said);
    }
}
