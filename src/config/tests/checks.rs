//! Values of the right type that make no sense, and who is blamed for them.

use super::*;
use crate::config::env::MAVI_FORMAT;

type Set = fn(&mut Overrides);

#[test]
fn a_bad_flag_is_named_and_is_usage() {
    let flags: &[(Set, &str)] = &[
        (
            |flags| flags.jobs = Some(0),
            "--jobs must be from 1 to 1024",
        ),
        (
            |flags| flags.jobs = Some(5000),
            "--jobs must be from 1 to 1024",
        ),
        (
            |flags| flags.request_timeout = Some(Duration::ZERO),
            "--request-timeout must be longer than 0",
        ),
        (
            |flags| flags.callback = Some("hook".into()),
            "--callback is not an absolute http or https address",
        ),
        (
            |flags| flags.max_lines = Some(0),
            "--max-lines must be at least 1",
        ),
        (
            |flags| flags.max_line_width = Some(0),
            "--max-line-width must be at least 1",
        ),
        (
            |flags| flags.max_cps = Some(0),
            "--max-cps must be at least 1",
        ),
        (
            |flags| flags.max_duration = Some(Duration::from_millis(1)),
            "--max-duration is shorter than the default captions.min_duration",
        ),
        (
            |flags| flags.min_duration = Some(Duration::from_secs(8)),
            "the default captions.max_duration is shorter than --min-duration",
        ),
    ];
    for (set, message) in flags {
        let mut overrides = Overrides::default();
        set(&mut overrides);
        let error = load(&overrides, &[]).unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (Kind::Usage, *message)
        );
    }
}

#[test]
fn a_span_that_no_clock_can_hold_is_refused() {
    let long = Duration::from_secs(u64::MAX);
    for overrides in [
        Overrides {
            timeout: Some(long),
            ..Overrides::default()
        },
        Overrides {
            interval: Some(long),
            ..Overrides::default()
        },
        Overrides {
            request_timeout: Some(long),
            ..Overrides::default()
        },
        Overrides {
            min_gap: Some(long),
            ..Overrides::default()
        },
    ] {
        let error = load(&overrides, &[]).unwrap_err();
        assert!(
            error.message.ends_with(" must be at most 10 years"),
            "{error}"
        );
    }
}

#[test]
fn a_bad_value_of_the_file_is_named_and_is_config() {
    for (text, message) in [
        (
            "jobs = 5000",
            "jobs in the configuration file must be from 1 to 1024",
        ),
        (
            "request_timeout = 0",
            "request_timeout in the configuration file must be longer than 0",
        ),
        (
            "submit.callback = 'hook'",
            "submit.callback in the configuration file is not an absolute http or https address",
        ),
        (
            "base_url = 'hook'",
            "base_url in the configuration file is not an absolute http or https address",
        ),
        (
            "captions.min_duration = 8",
            "the default captions.max_duration is shorter than \
             captions.min_duration in the configuration file",
        ),
        (
            "captions.min_duration = 0\ncaptions.max_duration = 0",
            "captions.max_duration in the configuration file must be longer than 0",
        ),
    ] {
        let error = Place::new(text).load(&[]).unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (Kind::Config, message)
        );
    }
}

#[test]
fn an_unknown_format_in_the_environment_is_config() {
    let error = load(&Overrides::default(), &[(MAVI_FORMAT, "pdf")]).unwrap_err();
    assert_eq!(error.kind, Kind::Config);
    assert!(
        error
            .message
            .starts_with("MAVI_FORMAT is \"pdf\"; it must be one of"),
        "{error}"
    );
}
