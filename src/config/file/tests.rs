//! Errors in the file, and the ways to write a value.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::config::Env;
use crate::error::ErrorKind;
use crate::ids::TranscriptionType;

fn parse(text: &str) -> Result<ConfigFile, Error> {
    let (file, env) = (Path::new("x.toml"), &Env::default());
    ConfigFile::parse(text, &PathBase { file, env })
}

fn error_for(text: &str) -> (String, Option<String>) {
    let error = parse(text).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config);
    assert!(!error.to_json().contains("hunter2"), "{error}");
    (error.message, error.hint)
}

#[test]
fn unknown_key_is_named_with_its_line_and_the_nearest_key() {
    for (text, message, nearest) in [
        (
            "\ntokn = \"hunter2\"",
            "x.toml:2: `tokn` is not a known key",
            "token",
        ),
        (
            "[wait]\ntimeot = 5",
            "x.toml:2: `wait.timeot` is not a known key",
            "wait.timeout",
        ),
        (
            "wait.timeot = 5",
            "x.toml:1: `wait.timeot` is not a known key",
            "wait.timeout",
        ),
        (
            "timeout = 5",
            "x.toml:1: `timeout` is not a known key",
            "wait.timeout",
        ),
        (
            "[wiat]\ntimeout = 5",
            "x.toml:1: `wiat` is not a known key",
            "wait",
        ),
        (
            "[profiles.work]\nretrys = 5",
            "x.toml:2: `profiles.work.retrys` is not a known key",
            "retries",
        ),
        (
            "[profiles.work.wait]\n\ntimeot = 5",
            "x.toml:3: `profiles.work.wait.timeot` is not a known key",
            "wait.timeout",
        ),
    ] {
        let hint = Some(format!("did you mean `{nearest}`?"));
        assert_eq!(error_for(text), (message.to_owned(), hint));
    }
}

#[test]
fn unlike_key_is_answered_with_the_known_keys() {
    let (message, hint) = error_for("[wait]\ncolour = 5");
    assert_eq!(message, "x.toml:2: `wait.colour` is not a known key");
    assert!(hint.unwrap().starts_with("known keys: timeout,"));
    assert_eq!(
        error_for("\"wait.timeout\" = 5").0,
        "x.toml:1: `wait.timeout` is not a known key"
    );
    assert_eq!(
        error_for("\"a\\u001b[2Jb\" = 5").0,
        "x.toml:1: `ab` is not a known key"
    );
}

#[test]
fn wrong_value_is_answered_with_what_the_key_wants() {
    for (text, message) in [
        (
            "token = 5",
            "x.toml:1: `token` must be text that is not empty",
        ),
        (
            "token = \" \"",
            "x.toml:1: `token` must be text that is not empty",
        ),
        (
            "[token]",
            "x.toml:1: `token` must be text that is not empty",
        ),
        (
            "token_command = \"hunter2\"",
            "x.toml:1: `token_command` must be a list: a program and its arguments",
        ),
        (
            "token_command = [\"pass\",\n5]",
            "x.toml:1: `token_command` must be a list: a program and its arguments",
        ),
        (
            "token_command = []",
            "x.toml:1: `token_command` must be a list: a program and its arguments",
        ),
        (
            "\n\nallow_http = \"hunter2\"",
            "x.toml:3: `allow_http` must be true or false",
        ),
        (
            "auth_scheme = \"hunter2\"",
            "x.toml:1: `auth_scheme` must be \"bearer\" or \"raw\"",
        ),
        (
            "retries = -1",
            "x.toml:1: `retries` must be 0 or a positive whole number",
        ),
        (
            "retries = 1.5",
            "x.toml:1: `retries` must be 0 or a positive whole number",
        ),
        (
            "jobs = 0",
            "x.toml:1: `jobs` must be a whole number from 1 to 1024",
        ),
        (
            "max_reply_size = 0",
            "x.toml:1: `max_reply_size` must be a number of bytes, or a size such as \"256MiB\"",
        ),
        (
            "time_unit = \"hours\"",
            "x.toml:1: `time_unit` must be \"seconds\" or \"milliseconds\"",
        ),
        (
            "submit.type = []",
            "x.toml:1: `submit.type` must be \"audio\" or \"video\", or a list of them",
        ),
        (
            "submit.type = [\"audio\", \"hunter2\"]",
            "x.toml:1: `submit.type` must be \"audio\" or \"video\", or a list of them",
        ),
        (
            "[profiles.work.captions]\nmax_lines = 0",
            "x.toml:2: `profiles.work.captions.max_lines` must be a whole number, at least 1",
        ),
        ("wait = 5", "x.toml:1: `wait` must be a section, [wait]"),
        ("[[wait]]", "x.toml:1: `wait` must be a section, [wait]"),
        (
            "profiles = 5",
            "x.toml:1: `profiles` must be [profiles.NAME] sections",
        ),
        (
            "[profiles]\nwork = 5",
            "x.toml:2: `profiles.work` must be a section, [profiles.work]",
        ),
    ] {
        assert_eq!(error_for(text).0, message, "{text}");
    }
    for text in [
        "wait.timeout = \"soon\"",
        "wait.timeout = -5",
        "wait.timeout = 1.5",
        "wait.timeout = true",
        "wait.interval = \"hunter2\"",
    ] {
        assert!(
            error_for(text)
                .0
                .contains("must be a number of seconds, or a duration")
        );
    }
    assert!(
        error_for("output.format = \"pdf\"")
            .0
            .contains("must be one of \"table\", \"json\"")
    );
}

#[test]
fn invalid_toml_is_reported_by_line_and_not_quoted() {
    for text in [
        "retries = 1\ntoken = hunter2",
        "retries = 1\ntoken = \"hunter2",
        "retries = 1\ntoken = 'a' hunter2",
        "retries = 1\ntoken = \"\\hunter2\"",
        "retries = 1\nhunter2",
        "retries = 1\nretries = 2",
        "retries = 1\n[hunter2",
    ] {
        let (message, _) = error_for(text);
        assert!(message.starts_with("x.toml:2: "), "{text:?}: {message}");
        assert!(message.len() > "x.toml:2: ".len(), "{text:?}: {message}");
    }
}

#[test]
fn values_have_more_than_one_notation() {
    let read = |text: &str| parse(text).unwrap().top;
    for (text, seconds) in [("90", 90), ("\"90\"", 90), ("\"1h30m\"", 5400), ("0", 0)] {
        let layer = read(&format!("wait.timeout = {text}"));
        assert_eq!(
            layer.timeout,
            Some(Some(Duration::from_secs(seconds)).filter(|it| !it.is_zero()))
        );
    }
    for (text, bytes) in [("1024", 1024), ("\"1024\"", 1024), ("\"2MiB\"", 2 << 20)] {
        let layer = read(&format!("max_reply_size = {text}"));
        assert_eq!(layer.max_reply_size, Some(bytes));
    }
    let (audio, video) = (TranscriptionType::Audio, TranscriptionType::Video);
    for (text, types) in [
        ("\"video\"", vec![video]),
        ("[\"video\", \"audio\", \"video\"]", vec![video, audio]),
    ] {
        let layer = read(&format!("submit.type = {text}"));
        assert_eq!(layer.types, Some(types));
    }
    assert_eq!(read("\u{feff}retries = 7\r\njobs = 2\r\n").retries, Some(7));
    assert!(read("").token.is_none());
}
