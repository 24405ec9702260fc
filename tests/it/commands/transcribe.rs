//! `mavi transcribe`: from files and video IDs to transcriptions.

use std::process::Command;

use crate::support::env::TestEnv;
use crate::support::fake_server::{FakeServer, ok};
use crate::support::process::WriteStdin as _;
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
             hint: name the files in it: mavi transcribe directory/*.mp4\n"
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
            "mavi: \"V1,V2\" contains commas or spaces, not a video ID\n\
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
             txt, csv, tsv\n"
                .to_owned(),
        ),
        (
            "a.mp4 V1 -f srt",
            "mavi: a srt file holds one transcription, and several were asked for\n\
             hint: give a file name with a placeholder: -o '{taskNo}.{ext}'\n"
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
