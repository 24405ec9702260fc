//! `mavi transcribe`: from files and video IDs to transcriptions.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mavi::sandbox::SandboxOptions;
use rustix::process::Signal;
use serde_json::Value;
use snapbox::{IntoData as _, str};

use crate::support::all_at_once;
use crate::support::env::{TestEnv, unfinished};
use crate::support::fake_server::{Answer, FakeServer, ok};
use crate::support::process::{Process, WriteStdin as _};
use crate::support::run::Run;

#[test]
fn usage_errors_come_before_any_request() {
    let server = FakeServer::always(ok("{}"));
    let env = server.env();
    env.write("a.mp4", "a");
    env.write("other/a.mp4", "b");
    env.write("empty.mp4", "");
    let fifo = env.path("clip");
    let made = Command::new("mkfifo").arg(fifo).status().unwrap();
    assert!(made.success());
    let pipe = "hint: save the video to a file first: its size has to be known beforehand\n";
    for (args, expected) in [
        (
            "a.mp4 none.mp4",
            "mavi: there is no file none.mp4\n".to_owned(),
        ),
        ("./none V1", "mavi: there is no file ./none\n".to_owned()),
        ("V1 empty.mp4", "mavi: empty.mp4 is empty\n".to_owned()),
        (
            "V1 clip",
            format!("mavi: clip is not a regular file\n{pipe}"),
        ),
        (
            "other",
            "mavi: other is a directory\n\
             hint: name the files in it: mavi transcribe other/*.mp4\n"
                .to_owned(),
        ),
        (
            "https://example.com/a.mp4",
            "mavi: \"https://example.com/a.mp4\" is a URL, not a file\n\
             hint: the API takes no URLs: download the video, then run: mavi transcribe FILE\n"
                .to_owned(),
        ),
        (
            "V1,V2",
            "mavi: \"V1,V2\" is not a video ID: it contains commas or spaces\n\
             hint: give the IDs alone: one per argument, or one per line of stdin with -\n"
                .to_owned(),
        ),
        (
            "a.mp4 other/a.mp4 -o {stem}.srt",
            "mavi: a.mp4 (audio) and other/a.mp4 (audio) would both be written to a.srt\n\
             hint: put {taskNo}, {videoNo} or {type} into the file name of -o\n"
                .to_owned(),
        ),
        (
            "a.mp4 -t audio,video -o {stem}.srt",
            "mavi: a.mp4 (audio) and a.mp4 (video) would both be written to a.srt\n\
             hint: put {taskNo}, {videoNo} or {type} into the file name of -o\n"
                .to_owned(),
        ),
        (
            "a.mp4 -o talk.ass",
            "mavi: cannot tell the format of -o talk.ass\n\
             hint: name one with -f, such as -f srt; the formats are table, json, jsonl, srt, vtt, \
             txt, csv, tsv, md, html\n"
                .to_owned(),
        ),
        (
            "a.mp4 V1 -f srt",
            "mavi: an srt file holds one transcription, and several were asked for\n\
             hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'\n"
                .to_owned(),
        ),
    ] {
        env.run(&format!("transcribe {args}"))
            .expect_failure(2)
            .expect_stderr(&expected);
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn existing_files_count_as_done_with_no_clobber() {
    let server = FakeServer::always(ok("{}"));
    let env = server.env();
    env.write("a.mp4", "a");
    env.write("a.srt", "mine");
    env.write("V1.srt", "mine");
    let stderr = "\
a.mp4 (audio): its files exist and were left alone
V1 (audio): its files exist and were left alone
";
    env.run("transcribe a.mp4 ./a.mp4 V1 V1 --no-clobber -o {stem}.srt")
        .expect_output("", stderr);
    assert_eq!(server.count(), 0);
    assert_eq!(env.read("a.srt"), "mine");
}

#[test]
fn nothing_on_stdin_is_nothing_to_do() {
    let env = TestEnv::new();
    let mut command = env.command(["transcribe", "-"]);
    command.write_stdin("# none today\n");
    Run::of(command).expect_output("", "no files or IDs on stdin, nothing to do\n");
}

/// Replies as a service that parses every upload at once: videos `V1`, `V2` and so on, and tasks that
/// are named after their video and type, and are finished.
pub(super) fn service() -> FakeServer {
    let uploads = AtomicUsize::new(0);
    FakeServer::new(move |_, request| {
        if request.line.starts_with("POST /api/serve/video/upload") {
            let number = uploads.fetch_add(1, Ordering::Relaxed) + 1;
            return uploaded(&format!("V{number}"), "PARSE");
        }
        if request.is_submit() {
            let body: Value = request.body.parse().unwrap();
            let field = |name: &str| body[name].as_str().unwrap().to_lowercase();
            let task = format!("{}-{}", field("videoNo"), field("type"));
            return ok(format!(
                r#"{{"code":"0000","msg":"success","data":{{"taskNo":"{task}"}}}}"#
            ));
        }
        let task = request.task();
        let (video, kind) = task.split_once('-').unwrap();
        let (video, kind) = (video.to_uppercase(), kind.to_uppercase());
        ok(format!(
            r#"{{"code":"0000","msg":"success","data":{{"status":"FINISH","type":"{kind}","videoNo":"{video}","taskNo":"{task}","transcriptions":[{{"id":1,"startTime":0,"endTime":2,"content":"of {task}"}}]}}}}"#
        ))
    })
}

fn uploaded(video: &str, status: &str) -> Answer {
    ok(format!(
        r#"{{"code":"0000","msg":"success","data":{{"videoNo":"{video}","videoName":"n","videoStatus":"{status}"}}}}"#
    ))
}

/// The calls that arrived, each with its method and the last part of its path.
fn calls(server: &FakeServer) -> Vec<String> {
    let requests = server.requests();
    let call = |line: &str| {
        let (method, target) = line.split_once(' ').unwrap();
        let path = target.split('?').next().unwrap();
        format!("{method} {}", path.rsplit('/').next().unwrap())
    };
    requests.iter().map(|request| call(&request.line)).collect()
}

/// Without the seconds that a task took.
fn timeless(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| match line.split_once(" finished in ") {
            Some((start, end)) => {
                let rest = end.split_once(',').map(|(_, rest)| format!(",{rest}"));
                format!("{start} finished{}\n", rest.unwrap_or_default())
            }
            None => format!("{line}\n"),
        });
    lines.collect()
}

#[test]
fn file_is_uploaded_submitted_and_printed_once() {
    let server = service();
    let env = server.env();
    env.write("my talk.mp4", "film");
    let args = [
        "transcribe",
        "my talk.mp4",
        "-f",
        "txt",
        "--interval",
        "10ms",
    ];
    let run = Run::of(env.command(args)).ok();
    let run = run.expect_stdout("of v1-audio\n").expect_stderr(str![[r#"
my talk.mp4: uploading 4 bytes
my talk.mp4: uploaded as V1
my talk.mp4 (audio): task v1-audio
my talk.mp4 (audio): finished in [TIME]

"#]]);
    let stderr = "\
my talk.mp4: uploading 4 bytes
my talk.mp4: uploaded as V1
my talk.mp4 (audio): task v1-audio
my talk.mp4 (audio): finished
";
    assert_eq!(timeless(&run.stderr), stderr);
    let all = [
        "POST upload",
        "POST subTranscription",
        "GET getTranscription",
    ];
    assert_eq!(calls(&server), all);
    // The same command uses what is on record, also under another name.
    env.write("copy.mp4", "film");
    let run = env.run("transcribe copy.mp4 -f txt --interval 10ms").ok();
    let run = run.expect_stdout("of v1-audio\n").expect_stderr(str![[r#"
copy.mp4: uploaded before as V1
copy.mp4 (audio): task v1-audio
copy.mp4 (audio): finished in [TIME]

"#]]);
    let stderr = "\
copy.mp4: uploaded before as V1
copy.mp4 (audio): task v1-audio
copy.mp4 (audio): finished
";
    assert_eq!(timeless(&run.stderr), stderr);
    assert_eq!(calls(&server)[3..], ["GET getTranscription"]);
    // `--again` does not.
    let run = env.run("transcribe copy.mp4 -f txt --interval 10ms --again");
    assert_eq!(run.ok().stdout, "of v2-audio\n");
    assert_eq!(calls(&server)[4..], all);
}

#[test]
fn files_videos_and_types_are_mixed_and_named_by_stem() {
    let server = service();
    let env = server.env();
    env.write("clips/a.mp4", "a");
    let args = "transcribe clips/a.mp4 ./clips/a.mp4 VX --type audio,video -f srt,json \
                -o out/{stem}.{type}.{ext} --interval 10ms";
    let run = env.run(args).ok();
    assert_eq!(run.stdout, "");
    let mut expected = Vec::new();
    for stem in ["VX", "a"] {
        for kind in ["audio", "video"] {
            expected.extend(["json", "srt"].map(|ext| format!("out/{stem}.{kind}.{ext}")));
        }
    }
    let files = env
        .files()
        .into_iter()
        .filter(|file| file.starts_with("out"));
    assert_eq!(files.collect::<Vec<_>>(), expected);
    assert!(env.read("out/a.video.srt").contains("of v1-video"));
    let count = |call: &str| calls(&server).iter().filter(|it| *it == call).count();
    assert_eq!(
        (count("POST upload"), count("POST subTranscription")),
        (1, 4)
    );
    // Tasks of videos are reused without being told to.
    env.run("transcribe VX -f txt --interval 10ms").ok();
    assert_eq!(count("POST subTranscription"), 4);
    env.run("transcribe VX -f txt --interval 10ms --again").ok();
    assert_eq!(count("POST subTranscription"), 5);
}

#[test]
fn video_that_cannot_be_parsed_fails_until_it_is_uploaded_again() {
    let server = FakeServer::always(uploaded("V1", "FAIL"));
    let env = server.env();
    env.write("a.mp4", "a");
    let hint = "hint: check that the file plays and has a sound track; to upload it anew, run the \
                command with --again\n";
    let first = format!(
        "a.mp4: uploading 1 byte\n\
         a.mp4: uploaded as V1\n\
         mavi: a.mp4: the service could not parse the video V1 (status FAIL)\n{hint}"
    );
    env.run("transcribe a.mp4")
        .expect_failure(3)
        .expect_stderr(&first);
    let second = format!(
        "a.mp4: uploaded before as V1\n\
         mavi: a.mp4: it was uploaded before as V1, which the service could not parse\n{hint}"
    );
    env.run("transcribe a.mp4")
        .expect_failure(3)
        .expect_stderr(&second);
    assert_eq!(server.count(), 1);
    env.run("transcribe a.mp4 --again")
        .expect_failure(3)
        .expect_stderr(&first);
    assert_eq!(server.count(), 2);
}

/// A service that parses every upload at once, as video `V1`, and never finishes a task.
fn endless() -> FakeServer {
    FakeServer::new(|_, request| {
        if request.line.starts_with("POST /api/serve/video/upload") {
            return uploaded("V1", "PARSE");
        }
        if request.is_submit() {
            let body: Value = request.body.parse().unwrap();
            let task = body["videoNo"].as_str().unwrap().replace('V', "T");
            return ok(format!(
                r#"{{"code":"0000","msg":"success","data":{{"taskNo":"{task}"}}}}"#
            ));
        }
        ok(unfinished(&request.task()))
    })
}

#[test]
fn hint_is_the_same_command() {
    let server = endless();
    let env = server.env();
    env.write("my talk.mp4", "film");
    let args = [
        "transcribe",
        "my talk.mp4",
        "--again",
        "-t",
        "audio",
        "--timeout",
        "300ms",
        "--interval",
        "50ms",
        "-o",
        "{stem}.html",
        "--no-clobber",
        "--media",
        "my talk.mp4",
    ];
    let stderr = "\
my talk.mp4: uploading 4 bytes
my talk.mp4: uploaded as V1
my talk.mp4 (audio): task T1
mavi: my talk.mp4 (audio), task T1, is still running after 300ms
hint: to resume, run: mavi transcribe --type audio --timeout 300ms --interval 50ms \
--output '{stem}.html' --no-clobber --media 'my talk.mp4' 'my talk.mp4'
";
    Run::of(env.command(args))
        .expect_failure(8)
        .expect_stderr(stderr);
    let mut command = env.command([
        "transcribe",
        "-",
        "--timeout",
        "100ms",
        "--interval",
        "50ms",
    ]);
    command.write_stdin("my talk.mp4\n");
    let run = Run::of(command).expect_failure(8);
    run.expect_stderr(str![[r#"
my talk.mp4: uploaded before as V1
my talk.mp4 (audio): task T1
mavi: my talk.mp4 (audio), task T1, is still running after 100ms
hint: to resume, run the same command again

"#]]);
}

#[test]
fn configured_types_and_callback_apply() {
    let server = service();
    let env = server.env();
    env.write("a.mp4", "a");
    let callback = "https://example.com/hook";
    env.configure(&format!(
        "[submit]\ntype = \"video\"\ncallback = \"{callback}\"\n[wait]\ninterval = \"10ms\"\n"
    ));
    env.run("transcribe a.mp4 -f txt").expect_output(
        "of v1-video\n",
        str![[r#"
a.mp4: uploading 1 byte
a.mp4: uploaded as V1
a.mp4 (video): task v1-video
a.mp4 (video): finished in [TIME]

"#]],
    );
    let submit = &server.requests()[1];
    let body = format!(r#"{{"videoNo":"V1","type":"VIDEO","callBackURI":"{callback}"}}"#);
    assert_eq!(submit.body, body);
    assert_eq!(server.requests()[0].line, "POST /api/serve/video/upload");
}

#[test]
fn two_runs_at_once_pay_once() {
    let options = SandboxOptions {
        delay: Duration::from_millis(100),
        parse_delay: Duration::ZERO,
        ..SandboxOptions::default()
    };
    let env = TestEnv::with_sandbox(options);
    let film = "film".repeat(1_000_000);
    env.write("a.mp4", &film);
    env.write("copy.mp4", &film);
    all_at_once(vec!["a.mp4", "copy.mp4", "a.mp4"], |file| {
        let run = env
            .run(&format!("transcribe {file} -f txt --interval 50ms"))
            .ok();
        assert!(!run.stdout.is_empty(), "{run:#?}");
    });
    let uploads = env.sandbox().uploads();
    assert_eq!(
        (uploads.len(), env.sandbox().tasks().len()),
        (1, 1),
        "{uploads:#?}"
    );
    assert_eq!(uploads[0].size, 4_000_000);
}

#[test]
fn file_name_may_be_in_another_encoding() {
    let server = service();
    let env = server.env();
    let name = OsStr::from_bytes(b"caf\xe9.mp4");
    std::fs::write(env.path(".").join(name), "film").unwrap();
    for (number, from_stdin) in [false, true].into_iter().enumerate() {
        let argument = if from_stdin { OsStr::new("-") } else { name };
        let args = ["transcribe", "-f", "txt", "-q", "--interval", "10ms"].map(OsStr::new);
        let mut command = env.command(args.into_iter().chain([argument]));
        command.write_stdin(name.as_bytes());
        Run::of(command).expect_output("of v1-audio\n", "");
        assert_eq!(server.count(), 3 + number);
    }
}

#[test]
fn interrupt_names_the_same_command() {
    let server = endless();
    let env = server.env();
    env.write("a.mp4", "a");
    let mut process = Process::start(env.command(["transcribe", "a.mp4", "V9", "-t", "audio"]));
    process.wait_for_stderr("a.mp4 (audio): task T1\n");
    process.wait_for_stderr("V9 (audio): task T9\n");
    process.signal(Signal::INT);
    let run = process.end().expect_failure(130);
    run.expect_stderr(
        str![[r#"
a.mp4: uploading 1 byte
a.mp4: uploaded as V1
V9 (audio): task T9
a.mp4 (audio): task T1
0 of 2 finished, 0 failed, [TIME]
mavi: interrupted: 2 of 2 items still running
hint: to resume, run: mavi transcribe --type audio a.mp4 V9

"#]]
        .unordered(),
    );
}
