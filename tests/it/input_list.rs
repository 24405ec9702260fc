//! Lists of videos and tasks: arguments, `-`, comments, duplicates, and bad items, which end a run
//! before anything is sent.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::fake_server::{FakeServer, Request, ok};
use crate::support::process::WriteStdin as _;
use crate::support::run::{Run, Transcript};

/// A service whose reply to every get is an empty transcription of the task asked for, and to
/// every submit a task ID made of the video's.
fn any() -> FakeServer {
    FakeServer::new(|_, request| {
        let task = request.task();
        if request.line.starts_with("GET") {
            return ok(crate::support::env::finished(&task, ""));
        }
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let task = format!("of-{}", body["videoNo"].as_str().unwrap());
        ok(json!({"code": "0000", "data": {"taskNo": task}}).to_string())
    })
}

fn fed(env: &TestEnv, args: &str, stdin: impl Into<Vec<u8>>) -> Run {
    let mut command = env.command(args.split_whitespace());
    command.write_stdin(stdin);
    Run::of(command)
}

#[test]
fn dash_inserts_items_from_stdin() {
    let service = any();
    let list = "# tasks of today\r\nB\r\n\n   \n\t C \n  # D\n#E\nF#1";
    for command in ["get A - G -f csv", "wait A - G -f csv --jobs 1"] {
        fed(&service.env(), command, list).ok();
    }
    let asked: Vec<_> = service.requests().iter().map(Request::task).collect();
    assert_eq!(asked[..5], ["A", "B", "C", "F#1", "G"]);
    assert_eq!(asked[..5], asked[5..]);
}

#[test]
fn duplicate_items_count_once() {
    let service = any();
    fed(&service.env(), "get A A - A", "A\nB\nB\nA\n").ok();
    assert_eq!(service.count(), 2);
    fed(&service.env(), "submit V - V", "W\nV\n")
        .expect_output("of-V\nof-W\n", "submitting 2 tasks\n");
}

#[test]
fn an_empty_list_is_nothing_to_do() {
    let service = any();
    for command in ["get -", "wait -", "submit -"] {
        for list in ["", "\n\n", "# none today\n"] {
            let run = fed(&service.env(), command, list).ok();
            assert_eq!(run.stdout, "", "{run:#?}");
        }
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn a_bad_item_ends_the_run_before_any_request() {
    let service = any();
    let env = service.env();
    let bad: [&[u8]; 6] = [b"", b"  ", b"a\x1bb", b"a\tb", b"a\nb", b"\xff\xfe"];
    let mut transcript = Transcript::default();
    for name in bad {
        for command in ["get", "wait", "submit"] {
            let args = [
                OsStr::new(command),
                OsStr::new("A"),
                OsStr::from_bytes(name),
            ];
            transcript.add(&format!("{command} {name:?}"), &Run::of(env.command(args)));
        }
    }
    for list in [&b"A\nB\x1b[31m\n"[..], b"A\n\xff\n"] {
        for command in ["get -", "wait -", "submit -"] {
            let title = format!("{command} < {:?}", String::from_utf8_lossy(list));
            transcript.add(&title, &fed(&env, command, list));
        }
    }
    transcript.expect(str![[r#"
$ get []
mavi: a task ID is empty
hint: is the variable that holds it set?
[2]
$ wait []
mavi: a task ID is empty
hint: is the variable that holds it set?
[2]
$ submit []
mavi: a video ID is empty
hint: is the variable that holds it set?
[2]
$ get [32, 32]
mavi: a task ID is empty
hint: is the variable that holds it set?
[2]
$ wait [32, 32]
mavi: a task ID is empty
hint: is the variable that holds it set?
[2]
$ submit [32, 32]
mavi: a video ID is empty
hint: is the variable that holds it set?
[2]
$ get [97, 27, 98]
mavi: the task ID "a\u{1b}b" contains control characters
hint: give the IDs alone, one per line
[2]
$ wait [97, 27, 98]
mavi: the task ID "a\u{1b}b" contains control characters
hint: give the IDs alone, one per line
[2]
$ submit [97, 27, 98]
mavi: the video ID "a\u{1b}b" contains control characters
hint: give the IDs alone, one per line
[2]
$ get [97, 9, 98]
mavi: the task ID "a\tb" contains control characters
hint: give the IDs alone, one per line
[2]
$ wait [97, 9, 98]
mavi: the task ID "a\tb" contains control characters
hint: give the IDs alone, one per line
[2]
$ submit [97, 9, 98]
mavi: the video ID "a\tb" contains control characters
hint: give the IDs alone, one per line
[2]
$ get [97, 10, 98]
mavi: the task ID "a\nb" contains control characters
hint: give the IDs alone, one per line
[2]
$ wait [97, 10, 98]
mavi: the task ID "a\nb" contains control characters
hint: give the IDs alone, one per line
[2]
$ submit [97, 10, 98]
mavi: the video ID "a\nb" contains control characters
hint: give the IDs alone, one per line
[2]
$ get [255, 254]
mavi: �� is not UTF-8
[2]
$ wait [255, 254]
mavi: �� is not UTF-8
[2]
$ submit [255, 254]
mavi: �� is not UTF-8
[2]
$ get - < "A\nB\u{1b}[31m\n"
mavi: line 2 of stdin: the task ID "B\u{1b}[31m" contains control characters
hint: give the IDs alone, one per line
[2]
$ wait - < "A\nB\u{1b}[31m\n"
mavi: line 2 of stdin: the task ID "B\u{1b}[31m" contains control characters
hint: give the IDs alone, one per line
[2]
$ submit - < "A\nB\u{1b}[31m\n"
mavi: line 2 of stdin: the video ID "B\u{1b}[31m" contains control characters
hint: give the IDs alone, one per line
[2]
$ get - < "A\n�\n"
mavi: line 2 of stdin: � is not UTF-8
[2]
$ wait - < "A\n�\n"
mavi: line 2 of stdin: � is not UTF-8
[2]
$ submit - < "A\n�\n"
mavi: line 2 of stdin: � is not UTF-8
[2]

"#]]);
    assert_eq!(service.count(), 0);
}

#[test]
fn control_characters_of_a_bad_item_do_not_reach_the_terminal() {
    let env = any().env();
    Run::of(env.command(["get", "a\u{1b}]0;x\u{7}b"]))
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: the task ID "a\u{1b}]0;x\u{7}b" contains control characters
hint: give the IDs alone, one per line

"#]]);
    let run = Run::of(env.command(["get", "--error-format=json", ""])).expect_failure(2);
    assert_eq!(run.errors()[0]["kind"], "usage");
}

#[test]
fn unusual_ids_are_passed_on_unchanged() {
    let service = any();
    let odd = ["a b&c=d/é+%#?", "任务", "../x", "VI605961375402668032", "1"];
    let env = service.env();
    for task in odd {
        Run::of(env.command(["get", task, "-f", "jsonl"])).ok();
    }
    Run::of(env.command(["get", "-f", "jsonl", "--", "-x"])).ok();
    let asked: Vec<_> = service.requests().iter().map(Request::task).collect();
    assert_eq!(asked[..5], odd);
    assert_eq!(asked[5], "-x");
    let run = Run::of(env.command([
        "submit",
        "--jobs",
        "1",
        "mavi_video_554046065381212160",
        "任务\\\"1",
    ]));
    assert_eq!(run.status, 0);
    let bodies: Vec<_> = service.requests()[6..]
        .iter()
        .map(|request| request.body.clone())
        .collect();
    assert_eq!(
        bodies,
        [
            r#"{"videoNo":"mavi_video_554046065381212160","type":"AUDIO"}"#,
            r#"{"videoNo":"任务\\\"1","type":"AUDIO"}"#
        ]
    );
}

#[test]
fn empty_list_is_noted() {
    let service = any();
    for command in ["submit -", "get -", "wait -"] {
        fed(&service.env(), command, "# nothing today\n\n")
            .ok()
            .expect_output("", "no IDs on stdin, nothing to do\n");
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn file_url_or_row_is_no_video_id() {
    let service = any();
    let env = service.env();
    env.write("talk.mp4", "x");
    env.write("clip", "x");
    for (argument, what) in [
        ("talk.mp4", "is a file, not a video ID"),
        ("./talk.mp4", "is a file, not a video ID"),
        ("elsewhere/clip.MOV", "is a file, not a video ID"),
        ("clip", "is a file, not a video ID"),
        ("https://example.com/talk.mp4", "is a URL, not a video ID"),
        (
            "bad name",
            "is not a video ID: it contains commas or spaces",
        ),
        ("V1,V2", "is not a video ID: it contains commas or spaces"),
    ] {
        Run::of(env.command(["submit", "--", argument]))
            .expect_failure(2)
            .expect_stderr(format!("mavi: {argument:?} {what}\nhint: [..]\n"));
    }
    fed(&env, "submit -", "VI1\nvideo_no,title\n")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: line 2 of stdin: "video_no,title" is not a video ID: it contains commas or spaces
hint: give the IDs alone: one per argument, or one per line of stdin with -

"#]]);
    assert_eq!(service.count(), 0);
}

#[test]
fn directory_may_be_named_like_a_video() {
    let service = any();
    let env = service.env();
    env.write("VI1/talk.srt", "");
    env.run("submit VI1")
        .expect_output("of-VI1\n", "submitting VI1 (audio)\n");
}
