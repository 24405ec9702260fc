//! `mavi convert`: no configuration, no token, no network.

use crate::support::{Bench, Run, finished, unfinished};

const SEGMENTS: &str = r#"{"id":1,"startTime":"0","endTime":1.50,"content":" Hello"},{"id":2,"startTime":2,"endTime":3,"content":"a & b"}"#;
const SRT: &str =
    "1\n00:00:00,000 --> 00:00:01,500\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\na & b\n\n";

/// Runs with nothing in the environment but a path.
fn convert(bench: &Bench, args: &str, stdin: &str) -> Run {
    let mut command = bench.command(args.split_whitespace());
    command.env_clear().write_stdin(stdin);
    Run::of(command)
}

#[test]
fn every_shape_is_recognised() {
    let bench = Bench::new();
    let reply = finished("T1", SEGMENTS);
    let data = reply
        .split_once(r#""data":"#)
        .unwrap()
        .1
        .strip_suffix('}')
        .unwrap();
    let list = format!("[{SEGMENTS}]");
    for json in [&reply, data, &list, &format!("\u{feff}{data}\n")] {
        assert_eq!(
            convert(&bench, "convert -f srt", json).ok().stdout,
            SRT,
            "{json}"
        );
    }
}

#[test]
fn json_comes_out_as_it_went_in() {
    let bench = Bench::new();
    let reply = finished("T1", SEGMENTS);
    let once = convert(&bench, "convert -f json", &reply).ok().stdout;
    assert!(once.contains(r#""endTime": 1.50"#), "{once}");
    assert_eq!(
        convert(&bench, "convert - -f json", &once).ok().stdout,
        once
    );
    let line = convert(&bench, "convert - -f jsonl", &once).ok().stdout;
    assert!(reply.contains(line.trim_end()), "{line}");
}

#[test]
fn many_are_written_like_the_results_of_a_wait() {
    let bench = Bench::new();
    let many = [finished("T1", SEGMENTS), finished("T2", SEGMENTS)].join("\n");
    bench.write("many.json", &many);
    let csv = convert(&bench, "convert many.json -f csv", "").ok().stdout;
    assert_eq!(csv.lines().count(), 5, "{csv}");
    convert(&bench, "convert many.json -f srt", "")
        .fails(2)
        .says(&["srt holds one", "{taskNo}"]);
    convert(&bench, "convert many.json -o {taskNo}.srt", "").ok();
    assert_eq!(
        (bench.read("T1.srt"), bench.read("T2.srt")),
        (SRT.to_owned(), SRT.to_owned())
    );
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let bench = Bench::new();
    for (json, why) in [
        ("", "stdin is no transcription: it is empty"),
        (
            "{\"transcriptions\":[{},\n{\"content\":5}]}",
            "segment 2: `content` is 5, not a text at line 2 column",
        ),
        (
            "[{\"startTime\":1,}]",
            "segment 1: trailing comma at line 1 column",
        ),
        ("[{\"id\":1}", "EOF while parsing a list at line 1 column"),
        ("<html>", "expected value at line 1 column 1"),
        ("[{\"transcriptions\":[]}]", "jq '.[]'"),
    ] {
        convert(&bench, "convert -f srt", json)
            .fails(2)
            .says(&["mavi: stdin is no transcription", why]);
    }
    bench.write("bad.json", "[{\"content\":5}]");
    convert(&bench, "convert bad.json", "")
        .fails(2)
        .says(&["bad.json is no transcription: segment 1"]);
    convert(&bench, "convert none.json", "")
        .fails(1)
        .says(&["could not read none.json"]);
}

#[test]
fn what_holds_no_transcription_is_not_an_empty_one() {
    let bench = Bench::new();
    for (json, status, why) in [
        (
            unfinished("T1"),
            8,
            "mavi: stdin was saved before the task ended: it has no text yet\n\
             hint: mavi wait T1 -f json\n",
        ),
        (
            unfinished("T1").replace("UNFINISHED", "FAIL"),
            3,
            "mavi: stdin: the service says that the transcription failed",
        ),
        (
            r#"{"code":"0001","msg":"no such task"}"#.to_owned(),
            2,
            r#"stdin is no transcription: the API refused with code "0001": no such task"#,
        ),
        (
            r#"{"a":1}"#.to_owned(),
            2,
            "stdin is no transcription: it has no `transcriptions`",
        ),
    ] {
        convert(&bench, "convert -o x.srt", &json)
            .fails(status)
            .says(&[why]);
    }
    assert_eq!(bench.files(), [""; 0], "a file of nothing was written");
}

#[test]
fn silence_is_a_transcription_and_a_part_of_one_is_said_to_be_one() {
    let bench = Bench::new();
    for json in ["[]", r#"{"transcriptions":[]}"#, &finished("T1", "")] {
        let run = convert(&bench, "convert -f srt", json).ok();
        assert_eq!((&*run.stdout, &*run.stderr), ("", ""), "{json}");
    }
    let part = finished("T1", SEGMENTS).replace("FINISH", "UNFINISHED");
    let run = convert(&bench, "convert -f srt", &part).ok();
    assert_eq!(run.stdout, SRT);
    run.says(&["warning: stdin was saved before the task ended"]);
}

#[test]
fn a_file_that_cannot_be_written_is_no_lost_task() {
    let bench = Bench::new();
    bench.write("file", "");
    let run = convert(&bench, "convert -o file/x.srt", "[]").fails(1);
    assert_eq!(
        run.stderr,
        "mavi: could not write file/x.srt: file is a file, not a folder\n"
    );
}
