//! Values that are refused, and which source the error names.

use super::*;
use crate::config::env::MAVI_FORMAT;

#[test]
fn bad_text_is_answered_with_what_the_key_wants() {
    for (key, text, why) in [
        ("jobs", "0", "must be a whole number from 1 to 1024"),
        ("jobs", "5000", "must be a whole number from 1 to 1024"),
        (
            "captions.max_line_width",
            "99999999999",
            "must be a whole number from 1 to 4294967295",
        ),
        ("retries", "many", "must be 0 or a positive whole number"),
        ("request_timeout", "0", "must be longer than 0"),
        ("captions.max_duration", "0s", "must be longer than 0"),
        (
            "submit.callback",
            "hook",
            "must be an absolute http or https URL, such as https://host/path",
        ),
        (
            "captions.max_lines",
            "0",
            "must be a whole number, at least 1",
        ),
        (
            "captions.max_cps",
            "-1",
            "must be a whole number, at least 1",
        ),
        ("allow_http", "yes", "must be true or false"),
        (
            "submit.type",
            "audio,hunter2",
            "must be \"audio\" or \"video\", or a list of them",
        ),
        (
            "time_unit",
            "hours",
            "must be \"seconds\" or \"milliseconds\"",
        ),
    ] {
        let known = lookup::find(key).unwrap();
        let error = known.set_text(&mut Layer::default(), text).unwrap_err();
        assert_eq!(error, why, "{key} {text}");
    }
}

#[test]
fn duration_that_no_clock_can_hold_is_refused() {
    let long = u64::MAX.to_string();
    for key in [
        "wait.timeout",
        "wait.interval",
        "request_timeout",
        "captions.min_gap",
    ] {
        let known = lookup::find(key).unwrap();
        let error = known.set_text(&mut Layer::default(), &long).unwrap_err();
        assert!(error.ends_with(", at most 10 years"), "{error}");
        let text = format!("{key} = {}", i64::MAX);
        let error = TestConfig::new(&text).load(&[]).unwrap_err();
        assert!(error.message.ends_with(", at most 10 years"), "{error}");
    }
}

#[test]
fn cue_durations_name_the_source_at_fault() {
    let flags = |min, max| Layer {
        min_duration: min,
        max_duration: max,
        ..Layer::default()
    };
    let (short, long) = (Duration::from_millis(1), Duration::from_secs(8));
    for (flags, message) in [
        (
            flags(None, Some(short)),
            "--max-duration is shorter than the default captions.min_duration",
        ),
        (
            flags(Some(long), None),
            "the default captions.max_duration is shorter than --min-duration",
        ),
    ] {
        let error = load_with(&Selection::default(), flags, &[]).unwrap_err();
        assert_eq!((error.kind, &*error.message), (ErrorKind::Usage, message));
    }
    let config = TestConfig::new("captions.min_duration = 8");
    let error = config.load(&[]).unwrap_err();
    assert_eq!(
        (error.kind, &*error.message),
        (
            ErrorKind::Config,
            "the default captions.max_duration is shorter than \
             captions.min_duration in the configuration file"
        )
    );
}

#[test]
fn bad_value_in_the_file_is_named_by_line_and_key() {
    for (text, message) in [
        (
            "jobs = 5000",
            "`jobs` must be a whole number from 1 to 1024",
        ),
        (
            "request_timeout = 0",
            "`request_timeout` must be longer than 0",
        ),
        (
            "submit.callback = 'hook'",
            "`submit.callback` must be an absolute http or https URL, such as https://host/path",
        ),
        (
            "base_url = 'hook'",
            "`base_url` must be an absolute http or https URL, such as https://host/prefix",
        ),
        (
            "captions.min_duration = 0\ncaptions.max_duration = 0",
            "`captions.max_duration` must be longer than 0",
        ),
    ] {
        let config = TestConfig::new(text);
        let error = config.load(&[]).unwrap_err();
        let line = text.lines().count();
        let message = format!("{}:{line}: {message}", config.path.display());
        assert_eq!((error.kind, error.message), (ErrorKind::Config, message));
    }
}

#[test]
fn bad_variable_is_named_unless_a_flag_beats_it() {
    for (name, value, why) in [
        (MAVI_FORMAT, "pdf", "must be one of \"table\", \"json\","),
        ("MAVI_BASE_URL", "hunter2", "must be an absolute http or"),
    ] {
        let error = load(&Selection::default(), &[(name, value)]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config);
        assert!(
            error.message.starts_with(&format!("{name} {why}")),
            "{error}"
        );
    }
    let flags = Layer {
        base_url: Some("https://example.com".parse().unwrap()),
        ..Layer::default()
    };
    let variables = [("MAVI_BASE_URL", "hunter2")];
    assert!(load_with(&Selection::default(), flags, &variables).is_ok());
}
