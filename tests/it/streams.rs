//! Which stream gets what: results on stdout and nothing else there, the rest on stderr, and an
//! orderly end where a stream is full, closed, or nobody reads it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, pipe};
use std::process::Stdio;

use mavi::render::Format;
use snapbox::str;

use crate::generated::commands;
use crate::support::env::{TestEnv, finished, unfinished};
use crate::support::fake_server::{FakeServer, Request, ok};
use crate::support::process::Process;
use crate::support::run::{Run, Transcript};

const SUBMITTED: &str = r#"{"code":"0000","msg":"success","data":{"taskNo":"T1"}}"#;
const SEGMENT: &str = r#"{"startTime":1,"endTime":2,"content":"hello"}"#;

/// A server that takes every video as `T1` and has finished it.
fn server() -> FakeServer {
    FakeServer::api(SUBMITTED, &finished("T1", SEGMENT))
}

/// Commands that print a result and end.
const PRINTING: [&str; 12] = [
    "--help",
    "--version",
    "submit V1",
    "submit V1 -f json",
    "submit V1 --wait --interval 10ms -f srt",
    "get T1",
    "get T1 -f json",
    "wait T1 --interval 10ms -f txt",
    "config path",
    "config show",
    "completions fish",
    "man",
];

#[test]
fn stdout_holds_result_only() {
    let server = server();
    for (args, stdout) in [
        ("submit V1", "T1\n"),
        ("submit V1 --verbose", "T1\n"),
        (
            "submit V1 -f jsonl",
            "{\"videoNo\":\"V1\",\"type\":\"AUDIO\",\"taskNo\":\"T1\"}\n",
        ),
        ("submit V1 --wait --interval 10ms -f txt", "hello\n"),
        ("get T1 -f txt --verbose", "hello\n"),
        (
            "get T1 -f srt",
            "1\n00:00:01,000 --> 00:00:02,000\nhello\n\n",
        ),
        (
            "wait T1 -f vtt",
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nhello\n",
        ),
        ("wait T1 -f txt -o x.txt", ""),
        ("config path --config mine.toml", "mine.toml\n"),
        ("config init", ""),
    ] {
        let run = server.env().run(args).ok();
        assert_eq!(run.stdout, stdout, "{args}");
    }
}

#[test]
fn help_is_a_result_and_a_usage_error_is_not() {
    let env = TestEnv::new();
    for command in commands() {
        let command = command.join(" ");
        for flag in ["--help", "-h"] {
            // In part: help pages are compared whole in `generated`.
            let run = env.run(&format!("{command} {flag}")).ok();
            assert!(
                run.stdout.contains("Usage: ") && run.stderr.is_empty(),
                "{command}"
            );
        }
        let run = env
            .run(&format!("{command} --no-such-flag"))
            .expect_failure(2);
        // In part: one for each command.
        assert!(run.stderr.starts_with("mavi: "), "{run:?}");
    }
    env.run("").expect_failure(2).expect_stderr(str![[r#"
Transcribe videos with the MAVI API of Memories.ai

Usage:   mavi [OPTIONS] <COMMAND>
Example: mavi transcribe talk.mp4 -o talk.srt

Commands:
  transcribe   Transcribe video files: upload, submit, wait, print
  upload       Upload videos and print their IDs
  submit       Submit videos for transcription
  get          Fetch the transcriptions of tasks, without waiting
  wait         Wait for tasks to finish and print each transcription
  convert      Convert a saved JSON transcription to another format
  listen       Receive callbacks from the service
  tasks        List the tasks submitted from this machine
  videos       List the videos of the account
  delete       Delete videos permanently
  auth         Log in, log out, and show the login
  sandbox      Run a local stand-in for the API, to try mavi without an account
  config       Show or create the configuration
  doctor       Check settings, token, network and service
  completions  Print a completion script for a shell

Global options:
  -h, --help  Print help; `--help` shows all options, these too

"#]]);
}

#[test]
fn a_failure_leaves_stdout_empty() {
    let refused = r#"{"code":"0001","msg":"nothing of that name","data":null}"#;
    let server = FakeServer::always(ok(refused));
    for (args, said) in [
        (
            "submit V1",
            str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): a parameter is wrong (code 0001): nothing of that name
hint: check the ID; it must belong to this account

"#]],
        ),
        (
            "submit V1 --wait --interval 10ms",
            str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): a parameter is wrong (code 0001): nothing of that name
hint: check the ID; it must belong to this account

"#]],
        ),
        (
            "get T1",
            str![[r#"
getting task T1
mavi: could not get task T1: a parameter is wrong (code 0001): nothing of that name
hint: check the ID; it must belong to this account

"#]],
        ),
        (
            "get T1 -f json",
            str![[r#"
getting task T1
mavi: could not get task T1: a parameter is wrong (code 0001): nothing of that name
hint: check the ID; it must belong to this account

"#]],
        ),
        (
            "wait T1 -f srt",
            str![[r#"
waiting for task T1
mavi: could not get task T1: a parameter is wrong (code 0001): nothing of that name
hint: check the ID; it must belong to this account

"#]],
        ),
    ] {
        server.env().run(args).expect_failure(5).expect_stderr(said);
    }
}

#[test]
fn submit_with_wait_names_the_task_on_stderr() {
    let server = server();
    server
        .env()
        .run("submit V1 --wait --interval 10ms -f txt")
        .expect_output(
            "hello\n",
            str![[r#"
submitting V1 (audio)
V1 (audio): task T1
waiting for V1 (audio)
V1 (audio): finished in [TIME]

"#]],
        );
}

#[test]
fn a_pipe_gets_plain_lines() {
    let server = server();
    let env = server.env();
    for args in [
        "submit V1 --wait --interval 10ms",
        "get T1",
        "get T1 -o {taskno}",
        "wait T1 --interval 10ms -f json",
        "--nope",
    ] {
        let mut command = env.command(args.split_whitespace());
        command
            .env("TERM", "xterm-256color")
            .env("COLORTERM", "truecolor");
        let run = Run::of(command);
        for stream in [&*run.stdout, &*run.stderr] {
            assert!(!stream.contains(['\u{1b}', '\r']), "{args}: {run:?}");
        }
        assert!(!run.stderr.is_empty(), "{args}");
    }
}

#[test]
fn quiet_silences_all_but_errors() {
    let server = server();
    let env = server.env();
    for args in [
        "submit V1 --wait --interval 10ms -q",
        "get T1 --quiet",
        "-q wait T1 --interval 10ms",
        "-q config init",
    ] {
        let run = env.run(args).ok();
        assert_eq!(run.stderr, "", "{args}");
    }
    let server = FakeServer::always(ok(unfinished("T1")));
    let run = server.env().run("-q get T1").expect_failure(8);
    assert_eq!(
        run.stderr,
        "mavi: task T1 has not finished yet\nhint: to wait for it, run: mavi wait --quiet T1\n"
    );
}

#[test]
fn colour_follows_flags_and_variables() {
    let server = FakeServer::always(ok(finished("T1", SEGMENT)));
    let env = server.env();
    let coloured = |args: &str, variables: &[(&str, &str)]| {
        let mut command = env.command(args.split_whitespace());
        command.envs(variables.iter().copied());
        let run = Run::of(command);
        // In part: the colours are what matters.
        (run.stdout.contains('\u{1b}'), run.stderr.contains('\u{1b}'))
    };
    let force = ("CLICOLOR_FORCE", "1");
    let no = ("NO_COLOR", "1");
    // The table on stdout; `-o` of a folder fails, on stderr.
    for (flags, variables, wanted) in [
        ("", &[][..], false),
        ("--color auto", &[], false),
        ("--color always", &[], true),
        ("--color always", &[no], true),
        ("--color never", &[force], false),
        ("", &[force], true),
        ("", &[force, no], false),
    ] {
        assert_eq!(
            coloured(&format!("get T1 {flags}"), variables).0,
            wanted,
            "{flags}"
        );
        let failing = coloured(&format!("get T1 -f srt -o . {flags}"), variables);
        assert_eq!(failing, (false, wanted), "{flags} {variables:?}");
    }
    for format in ["json", "jsonl", "srt", "vtt", "txt", "csv", "tsv"] {
        assert!(
            !coloured(&format!("get T1 --color always -f {format}"), &[]).0,
            "{format}"
        );
    }
    assert!(
        coloured("--color always no-such-command", &[]).1,
        "usage errors obey it too"
    );
    assert!(
        !coloured("--color never no-such-command", &[force]).1,
        "usage errors obey it too"
    );
}

#[test]
fn errors_for_scripts_are_one_object_a_line() {
    let server = server();
    let env = server.env();
    for (args, status) in [
        ("submit V1 --wait --interval 10ms", 0),
        ("get T1 -f srt -o /dev/full", 1),
        ("get T1 -o {nope}", 2),
        ("get", 2),
        ("", 2),
    ] {
        let run = env.run(&format!("{args} --error-format json"));
        assert_eq!(run.status, status, "{args}: {run:?}");
        assert!(!run.stderr.is_empty(), "{args}");
        let mut errors = 0;
        for line in run.stderr.lines() {
            let object: serde_json::Value = serde_json::from_str(line).expect(line);
            if let Some(error) = object.get("error") {
                assert_eq!(error["exit_code"], status, "{line}");
                errors += 1;
            }
        }
        assert_eq!(errors, usize::from(status != 0), "{args}: {run:?}");
    }
}

#[test]
fn closed_pipe_ends_quietly() {
    let server = server();
    let env = server.env();
    for args in PRINTING {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let run = env.run_into(&format!("{args} -q"), writer);
        assert_eq!(run.status, 0, "{args}: {run:?}");
        if args.starts_with("submit V1 --wait") || !args.starts_with("submit") {
            assert_eq!(run.stderr, "", "{args}");
        } else {
            // It is paid for, so its number is not lost with the pipe.
            run.expect_stderr("V1 (audio): task T1\n");
        }
    }
    // The exports are its result; with nobody to read them there is nobody to serve.
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let run = env.run_into("sandbox", writer);
    assert_eq!((run.status, &*run.stderr), (0, ""));
}

#[test]
fn pipe_closed_midway_ends_quietly() {
    // More than a pipe holds, so the writer is still at it when the reader goes.
    let segments = vec![SEGMENT; 20_000].join(",");
    let server = FakeServer::always(ok(finished("T1", &segments)));
    let env = server.env();
    for format in Format::ALL {
        let mut command = env.command(["-q", "get", "T1", "-f", format.name()]);
        let mut process = Process::spawn(command.stdout(Stdio::piped()));
        let mut first = String::new();
        let mut stdout = BufReader::new(process.take_stdout());
        stdout.read_line(&mut first).unwrap();
        drop(stdout);
        process.end().expect_output("", "");
        assert!(!first.is_empty());
    }
    let script = r#"{ mavi -q get T1 -f txt; echo "status $?" >&2; } | head -n 1"#;
    let run = Run::of(env.shell(script)).ok();
    assert_eq!((&*run.stdout, &*run.stderr), ("hello\n", "status 0\n"));
}

#[cfg(unix)]
#[test]
fn closed_stdout_is_error_before_any_submit() {
    let server = server();
    let env = server.env();
    let mut transcript = Transcript::default();
    for args in PRINTING.into_iter().chain(["sandbox"]) {
        transcript.add(args, &Run::of(env.shell(&format!("exec mavi {args} >&-"))));
    }
    transcript.expect(str![[r#"
$ --help
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ --version
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ submit V1
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ submit V1 -f json
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ submit V1 --wait --interval 10ms -f srt
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ get T1
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ get T1 -f json
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ wait T1 --interval 10ms -f txt
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ config path
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ config show
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ completions fish
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ man
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]
$ sandbox
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file
[1]

"#]]);
    assert!(!server.requests().iter().any(Request::is_submit));
    // One that is discarded is open, however it was opened: Python's DEVNULL and others read it too.
    for discarded in ["> /dev/null", "1<> /dev/null"] {
        Run::of(env.shell(&format!("exec mavi get T1 {discarded}"))).ok();
    }
    // Who needs no stdout does not miss it.
    for args in [
        "get T1 -o x.srt",
        "submit V1 --wait --interval 10ms -o y.srt",
        "config init",
        "sandbox -- true",
    ] {
        Run::of(env.shell(&format!("exec mavi {args} >&-"))).ok();
    }
}

#[cfg(unix)]
#[test]
fn closed_stderr_and_stdin_are_tolerated() {
    let server = server();
    let env = server.env();
    for args in [
        "submit V1",
        "get T1 -f txt",
        "wait T1 --interval 10ms",
        "config show",
        "submit V1 --wait --interval 10ms",
    ] {
        let run = Run::of(env.shell(&format!("exec mavi {args} 2>&- <&-"))).ok();
        assert!(!run.stdout.is_empty(), "{args}");
    }
}

#[test]
fn a_full_disk_is_an_error_for_every_result() {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        return;
    };
    let server = server();
    let env = server.env();
    let mut transcript = Transcript::default();
    for args in PRINTING.into_iter().chain(["sandbox"]) {
        let run = env.run_into(&format!("{args} -q"), full.try_clone().unwrap());
        transcript.add(args, &run);
    }
    transcript.expect(str![[r#"
$ --help
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ --version
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ submit V1
V1 (audio): task T1
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ submit V1 -f json
V1 (audio): task T1
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ submit V1 --wait --interval 10ms -f srt
mavi: could not save the result of V1 (audio), task T1: could not write to stdout: No space left on device (os error 28)
hint: nothing is lost; to fetch it again, run: mavi get T1
[1]
$ get T1
mavi: could not save the result of V1 (audio), task T1: could not write to stdout: No space left on device (os error 28)
hint: nothing is lost; to fetch it again, run: mavi get T1
[1]
$ get T1 -f json
mavi: could not save the result of V1 (audio), task T1: could not write to stdout: No space left on device (os error 28)
hint: nothing is lost; to fetch it again, run: mavi get T1
[1]
$ wait T1 --interval 10ms -f txt
mavi: could not save the result of V1 (audio), task T1: could not write to stdout: No space left on device (os error 28)
hint: nothing is lost; to fetch it again, run: mavi get T1
[1]
$ config path
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ config show
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ completions fish
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ man
mavi: could not write to stdout: No space left on device (os error 28)
[1]
$ sandbox
mavi: could not write to stdout: No space left on device (os error 28)
[1]

"#]]);
}
