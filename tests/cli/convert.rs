//! `mavi convert`: no configuration, no token, no network.

use crate::support::{Bench, Run, finished};

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
