//! `mavi auth` on a terminal: what is asked and not echoed, and keys that stop it.

use super::auth::sandbox;
use crate::support::env::{TOKEN, TestEnv};
use crate::support::login::{CLIENT_ID, expect_no_secrets, variable};
use crate::terminal::on_terminal;

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
