//! Fetching the token from each kind of place, and what is said, and not shown, where that fails.

use super::*;

fn source(argv: &[&str]) -> TokenSource {
    let argv = argv.iter().map(|&arg| arg.to_owned()).collect();
    TokenSource::command(argv, Origin::Profile("work".into()))
}

fn file_with(content: &[u8]) -> (tempfile::NamedTempFile, TokenSource) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    let source = TokenSource::file(file.path().into(), "~/x".into(), Origin::File);
    (file, source)
}

#[test]
fn a_file_gives_its_first_line() {
    for content in [
        &b"hunter2"[..],
        b"hunter2\n",
        b" hunter2 \r\nsecond line\xff\n",
        b"\xef\xbb\xbfhunter2\n",
    ] {
        let (_file, source) = file_with(content);
        assert_eq!(source.fetch(), Ok(Secret::new("hunter2")), "{content:?}");
    }
}

#[test]
fn a_token_that_no_header_can_hold_is_refused_and_not_shown() {
    for content in [
        &b""[..],
        b"\nhunter2",
        b"hunter2\x07",
        b"hunter2\xc3\xa9",
        b"hunter2\xff",
        b"h\0u\0n\0",
        "hunter2".repeat(20_000).as_bytes(),
    ] {
        let (_file, source) = file_with(content);
        let error = source.fetch().unwrap_err();
        assert_eq!(error.kind, Kind::Auth);
        assert!(
            error
                .message
                .starts_with("token_file in the configuration file (~/x) gives ")
                || error.message.contains("does not give text"),
            "{error}"
        );
        assert!(!error.for_people().contains("hunter"), "{error}");
    }
    let pasted = TokenSource::text(
        Secret::new("hunter2\nX: y"),
        Origin::Environment(MAVI_TOKEN),
    );
    assert_eq!(
        pasted.fetch().unwrap_err().message,
        "MAVI_TOKEN gives a token with control characters or characters outside ASCII in it"
    );
}

#[test]
fn a_missing_file_is_named() {
    let source = TokenSource::file("/nonexistent/x".into(), "~/x".into(), Origin::File);
    let error = source.fetch().unwrap_err();
    assert_eq!(error.kind, Kind::Auth);
    assert!(error.message.contains("(~/x) cannot be read: "), "{error}");
    assert_eq!(
        error.hint.as_deref(),
        Some("put the token into /nonexistent/x")
    );
}

#[cfg(unix)]
#[test]
fn a_command_gives_its_first_line_and_may_print_more() {
    let script = "cat; echo hunter2; head -c 1000000 /dev/zero; echo";
    let source = source(&["sh", "-c", script]);
    assert_eq!(source.fetch(), Ok(Secret::new("hunter2")));
    assert!(source.can_renew());
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_is_named_without_its_arguments_or_output() {
    for (argv, why) in [
        (
            &["sh", "-c", "echo hunter2; exit 3"][..],
            "failed: exit status: 3",
        ),
        (&["sh", "-c", ": hunter2"], "gives an empty token"),
        (&["mavi-no-such-program", "hunter2"], "cannot be run: "),
    ] {
        let error = source(argv).fetch().unwrap_err();
        let start = format!("token_command in profile work ({}) {why}", argv[0]);
        assert_eq!(error.kind, Kind::Auth);
        assert!(error.message.starts_with(&start), "{error}");
        assert!(!error.for_people().contains("hunter2"), "{error}");
    }
}

#[test]
fn debug_shows_neither_token_nor_arguments() {
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

#[test]
fn a_command_does_not_get_the_token_of_the_environment() {
    let command = command(&["pass".to_owned()]);
    let removed = command
        .get_envs()
        .any(|(name, value)| name == MAVI_TOKEN && value.is_none());
    assert!(removed);
}
