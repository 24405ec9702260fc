//! Fetching the token from each kind of source, and what an error says and hides.

#[cfg(unix)]
use std::time::Instant;

use super::*;
use crate::config::env::MAVI_TOKEN;

/// The time limit of commands that end long before.
const WITHIN: Duration = Duration::from_mins(1);

fn source(argv: &[&str]) -> TokenSource {
    let argv = argv.iter().map(|&arg| arg.to_owned()).collect();
    TokenSource::command(argv, Origin::Profile("work".into()))
}

fn written(path: &Path) -> WrittenPath {
    WrittenPath {
        path: path.into(),
        written: "~/x".to_owned(),
    }
}

fn file_with(content: &[u8]) -> (tempfile::NamedTempFile, TokenSource) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    let source = TokenSource::file(written(file.path()), Origin::File);
    (file, source)
}

#[test]
fn file_gives_its_first_line() {
    for content in [
        &b"hunter2"[..],
        b"hunter2\n",
        b" hunter2 \r\nsecond line\xff\n",
        b"Bearer hunter2\n",
        b"bearer  hunter2",
        b"\xef\xbb\xbfhunter2\n",
    ] {
        let (_file, source) = file_with(content);
        assert_eq!(
            source.fetch(WITHIN),
            Ok(Secret::new("hunter2")),
            "{content:?}"
        );
    }
}

#[test]
fn invalid_token_is_refused_and_hidden() {
    for content in [
        &b""[..],
        b"\nhunter2",
        b"Bearer \n",
        b"bearer",
        b"hunter2\x07",
        b"hunter2\xc3\xa9",
        b"hunter2\xff",
        b"h\0u\0n\0",
        "hunter2".repeat(20_000).as_bytes(),
    ] {
        let (_file, source) = file_with(content);
        let error = source.fetch(WITHIN).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Auth);
        assert!(
            error
                .message
                .starts_with("token_file in the configuration file (~/x) gives ")
                || error.message.contains("does not give text"),
            "{error}"
        );
        assert!(!error.to_json().contains("hunter"), "{error}");
    }
    let pasted = TokenSource::text(
        Secret::new("hunter2\nX: y"),
        Origin::Environment(MAVI_TOKEN),
    );
    assert_eq!(
        pasted.fetch(WITHIN).unwrap_err().message,
        "MAVI_TOKEN gives a token with control characters or characters outside ASCII in it"
    );
}

#[test]
fn missing_file_is_named() {
    let source = TokenSource::file(written(Path::new("/nonexistent/x")), Origin::File);
    let error = source.fetch(WITHIN).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Auth);
    assert!(error.message.contains("(~/x) cannot be read: "), "{error}");
    assert_eq!(
        error.hint.as_deref(),
        Some("write the token to /nonexistent/x")
    );
}

#[cfg(unix)]
#[test]
fn command_gives_its_first_line_and_may_print_more() {
    let script = "cat; echo hunter2; head -c 1000000 /dev/zero; echo";
    let source = source(&["sh", "-c", script]);
    assert_eq!(source.fetch(WITHIN), Ok(Secret::new("hunter2")));
    assert!(source.can_renew());
}

#[cfg(unix)]
#[test]
fn failed_command_is_named_without_arguments_or_output() {
    for (argv, why) in [
        (
            &["sh", "-c", "echo hunter2; exit 3"][..],
            "failed: exit status: 3",
        ),
        (&["sh", "-c", ": hunter2"], "gives an empty token"),
        (&["mavi-no-such-program", "hunter2"], "cannot be run: "),
    ] {
        let error = source(argv).fetch(WITHIN).unwrap_err();
        let start = format!("token_command in profile work ({}) {why}", argv[0]);
        assert_eq!(error.kind, ErrorKind::Auth);
        assert!(error.message.starts_with(&start), "{error}");
        assert!(!error.to_json().contains("hunter2"), "{error}");
    }
}

#[test]
fn debug_hides_token_and_arguments() {
    let text = TokenSource::text(Secret::new("hunter2"), Origin::File);
    assert_eq!(
        format!("{text:?}"),
        "TokenSource(token in the configuration file)"
    );
    assert_eq!(
        format!("{:?}", source(&["pass", "hunter2"])),
        "TokenSource(token_command in profile work (pass))"
    );
}

#[cfg(unix)]
#[test]
fn child_that_keeps_the_pipe_open_is_left_alone() {
    for script in ["sleep 30 & echo hunter2", "sleep 30 & printf hunter2"] {
        let started = Instant::now();
        let token = source(&["sh", "-c", script]).fetch(Duration::from_secs(20));
        assert_eq!(token, Ok(Secret::new("hunter2")), "{script}");
        assert!(started.elapsed() < Duration::from_secs(10), "{script}");
    }
}

#[cfg(unix)]
#[test]
fn hanging_command_is_stopped_at_the_time_limit() {
    for script in [
        "sleep 30; echo hunter2",
        "exec >&-; sleep 30",
        "printf hun; sleep 30",
    ] {
        let started = Instant::now();
        let error = source(&["sh", "-c", script])
            .fetch(Duration::from_millis(200))
            .unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(10), "{script}");
        assert_eq!(error.kind, ErrorKind::Auth);
        assert_eq!(
            error.message,
            "token_command in profile work (sh) was stopped after 200ms"
        );
    }
}

#[cfg(windows)]
#[test]
fn command_on_windows_has_a_time_limit() {
    let token = source(&["cmd", "/c", "echo hunter2"]).fetch(WITHIN);
    assert_eq!(token, Ok(Secret::new("hunter2")));
    let hanging = source(&["cmd", "/c", "ping -n 30 127.0.0.1 > NUL"]);
    let error = hanging.fetch(Duration::from_millis(200)).unwrap_err();
    assert!(
        error.message.ends_with("was stopped after 200ms"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn complete_line_is_used_although_the_command_runs_on() {
    for script in ["echo hunter2; exec sleep 30", "echo hunter2; exec yes"] {
        let token = source(&["sh", "-c", script]).fetch(Duration::from_millis(200));
        assert_eq!(token, Ok(Secret::new("hunter2")), "{script}");
    }
}
