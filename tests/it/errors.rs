//! Every row of the exit status table, provoked, in both forms that an error has; and every way in
//! which the service, or something before it, says no.

use std::fs;

use serde_json::Value;
use snapbox::str;

use crate::support::env::{TestEnv, finished, unfinished};
use crate::support::fake_server::{Answer, FakeServer, cut, expect_failure_both_ways, ok, reply};
use crate::support::run::{Run, Transcript};

/// A refusal in an envelope.
fn refusal(code: &str, msg: &str) -> String {
    format!(r#"{{"code":"{code}","msg":"{msg}","data":null}}"#)
}

/// What a get without retries comes to.
#[track_caller]
fn get(answer: Answer, status: i32, kind: &str) -> Value {
    let env = FakeServer::always(answer).env();
    let error = expect_failure_both_ways(&env, &["get", "T1", "--retries", "0"], status, kind);
    assert_eq!(error["task_no"], "T1", "{error:#}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("task T1"), "{message}");
    error
}

#[test]
fn status_0_success() {
    let env = FakeServer::always(ok(finished("T1", ""))).env();
    let run = env.run("--error-format json get T1 -f srt").ok();
    assert!(run.errors().is_empty());
}

#[test]
fn status_1_a_file_cannot_be_written() {
    let env = FakeServer::always(ok(finished("T1", ""))).env();
    env.write("file", "");
    let error = expect_failure_both_ways(&env, &["get", "T1", "-o", "file/x.srt"], 1, "io");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("file/x.srt"), "{message}");
    assert_eq!(env.files(), ["file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn status_1_stdout_is_full() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    for format in ["table", "jsonl", "vtt"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let mut command = service.command(&env, &["get", "T1", "-f", format]);
        let output = command.stdout(full.unwrap()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {said}");
        assert!(said.contains("\nmavi: "), "{said}");
    }
}

#[test]
fn status_1_stdout_is_not_open() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    let run = service.shell(&env, "mavi get T1 >&-").expect_failure(1);
    run.expect_stderr(str![[r#"
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file

"#]]);
}

#[test]
fn status_2_bad_arguments() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    for args in [
        &["get"][..],
        &["get", "T1", "--nonsense"],
        &["get", "T1", "-f", "docx"],
        &["get", "T1", "--retries", "many"],
        &["get", "T1", "--time-unit", "days"],
        &["get", "T1", "T2", "-f", "srt"],
        &["get", "T1", "-f", "srt,vtt"],
        &["get", "T1", "-f", "srt,vtt", "-o", "x.srt"],
        &["get", "T1", "-o", "{oops}.srt"],
        &["wait", "T1", "--timeout", "soon"],
        &["submit", "V1", "--type", "text"],
        &["submit", "V1", "--callback", "/here"],
        &["submit", "V1", "--callback", "ftp://example.com/"],
        &["submit", "V1", "-f", "srt"],
        &["submit", "V1", "--timeout", "1h"],
        &["get", "T1", "--base-url", "example.com"],
        &["transcribe"],
    ] {
        expect_failure_both_ways(&env, args, 2, "usage");
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn arguments_that_do_not_parse_are_one_message_and_a_hint() {
    for args in [
        &["get", "T1", "-f", "docx"][..],
        &["get", "T1", "--retries", "many"],
        &["get", "T1", "--nonsense"],
        &["get"],
        &["transcribe"],
    ] {
        let error = expect_failure_both_ways(&TestEnv::new(), args, 2, "usage");
        let message = error["message"].as_str().unwrap();
        assert!(!message.contains("For more information"), "{message}");
        assert!(error["hint"].is_string(), "{error:#}");
    }
}

#[test]
fn typo_suggests_nearest_argument() {
    let env = TestEnv::new();
    for (args, says) in [
        (
            "wait --nonsense",
            str![[r#"
mavi: unexpected argument '--nonsense' found
Usage: mavi wait [OPTIONS] <TASK_NO>...
       mavi wait [OPTIONS] --last
       mavi wait [OPTIONS] --pending
hint: for help, run: mavi wait --help

"#]],
        ),
        (
            "sandbox --timeout 1",
            str![[r#"
mavi: unexpected argument '--timeout' found
Usage: mavi sandbox [OPTIONS] [-- <COMMAND>...]
hint: for help, run: mavi sandbox --help

"#]],
        ),
        (
            "sumbit V1",
            str![[r#"
mavi: unrecognized subcommand 'sumbit'
Usage: mavi [OPTIONS] <COMMAND>
hint: a similar subcommand exists: 'submit'

"#]],
        ),
        (
            "submit V1 --wiat",
            str![[r#"
mavi: unexpected argument '--wiat' found
Usage: mavi submit --wait <VIDEO_NO>...
hint: a similar argument exists: '--wait'

"#]],
        ),
        (
            "get",
            str![[r#"
mavi: the following required arguments were not provided:
  <TASK_NO>...
Usage: mavi get [OPTIONS] <TASK_NO>...
       mavi get [OPTIONS] --last
       mavi get [OPTIONS] --pending
hint: for help, run: mavi get --help

"#]],
        ),
        (
            "--nonsense",
            str![[r#"
mavi: unexpected argument '--nonsense' found
Usage: mavi [OPTIONS] <COMMAND>
hint: for help, run: mavi --help

"#]],
        ),
        (
            "wait",
            str![[r#"
mavi: the following required arguments were not provided:
  <TASK_NO>...
Usage: mavi wait [OPTIONS] <TASK_NO>...
       mavi wait [OPTIONS] --last
       mavi wait [OPTIONS] --pending
hint: for help, run: mavi wait --help

"#]],
        ),
        (
            "auth login --nonsense",
            str![[r#"
mavi: unexpected argument '--nonsense' found
Usage: mavi auth login [OPTIONS]
hint: for help, run: mavi auth login --help

"#]],
        ),
        (
            "config init --nonsense",
            str![[r#"
mavi: unexpected argument '--nonsense' found
Usage: mavi config init [OPTIONS]
hint: for help, run: mavi config init --help

"#]],
        ),
        (
            "wait T1 --retries -1",
            str![[r#"
mavi: invalid value '-1' for '--retries <N>': must be 0 or a positive whole number
hint: for help, run: mavi wait --help

"#]],
        ),
        (
            "sandbox mavi submit V1",
            str![[r#"
mavi: unexpected argument 'mavi' found
Usage: mavi sandbox [OPTIONS] [-- <COMMAND>...]
hint: put `--` before the command: mavi sandbox -- mavi …

"#]],
        ),
        (
            "wait T1 --timeout -5",
            str![[r#"
mavi: invalid value '-5' for '--timeout <DUR>': must be a number of seconds, or a duration such as "90s", "15m", "1h30m" or "30d", at most 10 years
hint: for help, run: mavi wait --help

"#]],
        ),
        (
            "wait T1 --jobs many",
            str![[r#"
mavi: invalid value 'many' for '--jobs <N>': must be a whole number from 1 to 1024
hint: for help, run: mavi wait --help

"#]],
        ),
        (
            "listen --addr localhost",
            str![[r#"
mavi: invalid value 'localhost' for '--addr <ADDR>': "localhost" is not an address with a port, such as 127.0.0.1:8787 or localhost:8787
hint: for help, run: mavi listen --help

"#]],
        ),
    ] {
        env.run(args).expect_failure(2).expect_stderr(says);
    }
    env.expect_transcript(
        ["submit V1 --callback foo", "--base-url foo videos"],
        str![[r#"
$ mavi submit V1 --callback foo
mavi: --callback must be an absolute http or https URL, such as https://host/path
hint: for help, run: mavi submit --help
[2]
$ mavi --base-url foo videos
mavi: --base-url must be an absolute http or https URL, such as https://host/prefix
hint: for help, run: mavi videos --help
[2]

"#]],
    );
}

#[test]
fn status_2_bad_configuration() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    env.write(".config/mavi/config.toml", "retries = \"many\"\n");
    for command in ["get", "wait", "submit"] {
        expect_failure_both_ways(&env, &[command, "X"], 2, "config");
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn status_3_the_service_says_that_the_transcription_failed() {
    let data = r#"{"code":"0000","msg":"success","data":{"status":"FAIL","taskNo":"T1"}}"#;
    get(ok(data), 3, "task_failed");
}

#[test]
fn status_4_there_is_no_token() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    let mut transcript = Transcript::default();
    for command in ["get", "wait", "submit"] {
        let mut run = env.command([command, "X"]);
        run.env_remove("MAVI_TOKEN");
        transcript.add(command, &Run::of(run));
    }
    transcript.expect(str![[r#"
$ get
mavi: no token is set
hint: log in with `mavi auth login`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`
[4]
$ wait
mavi: no token is set
hint: log in with `mavi auth login`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`
[4]
$ submit
mavi: no token is set
hint: log in with `mavi auth login`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`
[4]

"#]]);
    let mut run = env.command(["get", "T1", "--error-format", "json"]);
    let said = Run::of({
        run.env("MAVI_TOKEN", "");
        run
    })
    .expect_failure(4);
    assert_eq!(said.errors()[0]["kind"], "auth");
    assert_eq!(service.count(), 0);
}

#[test]
fn statuses_4_5_and_6_by_the_code_of_the_reply() {
    for (code, status, kind) in [
        ("0001", 5, "api"),
        ("0003", 5, "api"),
        ("0401", 4, "auth"),
        ("0403", 4, "auth"),
        ("9009", 4, "auth"),
        ("0402", 5, "api"),
        ("0409", 5, "api"),
        ("0429", 6, "rate_limit"),
        ("1234", 5, "api"),
        ("x\\u001by", 5, "api"),
        ("", 5, "api"),
    ] {
        let error = get(ok(refusal(code, "what it says")), status, kind);
        let shown = code.replace("\\u001b", "");
        let known = !code.is_empty() && !code.contains('\\');
        assert!(!known || error["api_code"] == shown, "{error:#}");
        assert_eq!(error["http_status"], 200, "{error:#}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("what it says"), "{message}");
        assert!(!known || message.contains(code), "{message}");
        assert!(!message.contains('\u{1b}'), "{message:?}");
    }
}

#[test]
fn numeric_code_and_missing_fields_are_accepted() {
    for (body, status, kind, code) in [
        (r#"{"code":401,"msg":"x"}"#, 4, "auth", "0401"),
        (r#"{"code":9009,"data":null}"#, 4, "auth", "9009"),
        (r#"{"code":1}"#, 5, "api", "0001"),
        (r#"{"code":"0402","msg":null}"#, 5, "api", "0402"),
        (r#"{"code":"0402","msg":{"a":1}}"#, 5, "api", "0402"),
        (r#"{"code":"0402","msg":"","data":"why"}"#, 5, "api", "0402"),
        (
            r#"{"code":"0429","msg":"Request has exceeded the limit."}"#,
            6,
            "rate_limit",
            "0429",
        ),
    ] {
        let error = get(ok(body), status, kind);
        assert_eq!(error["api_code"], code, "{body}: {error:#}");
    }
}

#[test]
fn refused_submit_names_video_in_both_error_formats() {
    for (code, status, kind) in [
        ("0003", 5, "api"),
        ("0402", 5, "api"),
        ("0409", 5, "api"),
        ("0403", 4, "auth"),
        ("9009", 4, "auth"),
    ] {
        let service = FakeServer::always(ok(refusal(code, "said")));
        let error = expect_failure_both_ways(&service.env(), &["submit", "V1"], status, kind);
        assert_eq!(error["video_no"], "V1");
        assert_eq!(error["api_code"], code);
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("could not submit V1 (audio): "),
            "{message}"
        );
        assert!(!message.contains("not known"), "{message}");
        assert_eq!(service.count(), 2, "a refusal is final");
    }
}

#[test]
fn envelope_decides_over_http_status() {
    for (http, code, status, kind) in [
        ("400 Bad Request", "0402", 5, "api"),
        ("400 Bad Request", "0401", 4, "auth"),
        ("401 Unauthorized", "0401", 4, "auth"),
        ("403 Forbidden", "9009", 4, "auth"),
        ("404 Not Found", "0001", 5, "api"),
        ("429 Too Many Requests", "0429", 6, "rate_limit"),
        ("500 Internal Server Error", "0003", 7, "network"),
    ] {
        let error = get(reply(http, &[], refusal(code, "said")), status, kind);
        assert_eq!(error["api_code"], code, "{error:#}");
        let number: u16 = http[..3].parse().unwrap();
        assert_eq!(error["http_status"], number, "{error:#}");
        assert!(error["message"].as_str().unwrap().contains("said"));
    }
}

#[test]
fn bare_http_status_maps_to_its_kind() {
    for (http, status, kind) in [
        ("400 Bad Request", 5, "api"),
        ("401 Unauthorized", 4, "auth"),
        ("403 Forbidden", 4, "auth"),
        ("404 Not Found", 5, "api"),
        ("418 I'm a teapot", 5, "api"),
        ("429 Too Many Requests", 6, "rate_limit"),
        ("500 Internal Server Error", 7, "network"),
        ("502 Bad Gateway", 7, "network"),
        ("503 Service Unavailable", 7, "network"),
        ("504 Gateway Timeout", 7, "network"),
    ] {
        for body in ["", "<html>\n<h1>Sorry</h1></html>", "{\"error\":\"x\"}"] {
            let error = get(reply(http, &[], body), status, kind);
            let number: u16 = http[..3].parse().unwrap();
            assert_eq!(error["http_status"], number, "{error:#}");
            assert_eq!(error.get("api_code"), None, "{error:#}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&http[..3]), "{message}");
            assert!(!message.contains('\n'), "{message:?}");
        }
    }
}

#[test]
fn status_7_the_connection_is_cut_or_no_answer_comes() {
    let error = get(cut(), 7, "network");
    assert_eq!(error.get("http_status"), None);
    let env = FakeServer::always(Answer::Silence).env();
    let args = ["get", "T1", "--retries", "0", "--request-timeout", "200ms"];
    let error = expect_failure_both_ways(&env, &args, 7, "network");
    assert!(error["message"].as_str().unwrap().contains("in time"));
}

#[cfg(target_os = "linux")]
#[test]
fn status_7_the_connection_is_refused() {
    let (_taken, url) = crate::support::fake_server::refusing();
    let env = TestEnv::at(&url);
    for command in ["get", "submit"] {
        let args = [command, "X", "--retries", "0"];
        let error = expect_failure_both_ways(&env, &args, 7, "network");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("connect"), "{message}");
        assert!(!message.contains("not known"), "{message}");
    }
}

#[test]
fn status_7_tls_fails() {
    let plain = FakeServer::always(reply("200 OK", &[], ""));
    let env = TestEnv::at(&format!("https://127.0.0.1:{}", plain.port()));
    expect_failure_both_ways(&env, &["get", "T1", "--retries", "0"], 7, "network");
}

#[test]
fn status_8_unfinished_task() {
    let error = get(ok(unfinished("T1")), 8, "unfinished");
    assert_eq!(
        error["hint"],
        "to wait for it, run: mavi wait --retries 0 --error-format json T1"
    );
    let env = FakeServer::always(ok(unfinished("T1"))).env();
    let args = ["wait", "T1", "--timeout", "100ms", "--interval", "10ms"];
    let error = expect_failure_both_ways(&env, &args, 8, "unfinished");
    assert_eq!(error["task_no"], "T1");
}

#[test]
fn a_closed_pipe_is_quiet_and_no_failure() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = service.command(&env, &["get", "T1", "-q", "-f", "csv"]);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(output.stderr, b"");
}

#[test]
fn missing_command_lists_those_that_are_not_hidden() {
    let run = TestEnv::new().run("--error-format json").expect_failure(2);
    let message = run.errors()[0]["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("doctor, completions]"), "{message}");
}

#[test]
fn columns_of_zero_are_unset() {
    let env = TestEnv::new();
    let help = |columns: &[(&str, &str)]| {
        let mut command = env.command(["get", "-h"]);
        command.env_remove("COLUMNS").envs(columns.iter().copied());
        Run::of(command).ok().stdout
    };
    assert_eq!(help(&[("COLUMNS", "0")]), *help(&[]));
    assert_ne!(help(&[("COLUMNS", "50")]), *help(&[]));
}
