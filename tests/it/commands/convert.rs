//! `mavi convert`: no configuration, no token, no network.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use snapbox::str;

use crate::support::env::{TestEnv, finished, unfinished};
use crate::support::process::WriteStdin as _;
use crate::support::run::{Run, Transcript};

const SEGMENTS: &str = r#"{"id":1,"startTime":"0","endTime":1.50,"content":" Hello"},{"id":2,"startTime":2,"endTime":3,"content":"a & b"}"#;
const SRT: &str =
    "1\n00:00:00,000 --> 00:00:01,500\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\na & b\n\n";

/// Runs with nothing in the environment but a path.
fn convert(env: &TestEnv, args: &str, stdin: &str) -> Run {
    let mut command = env.command(args.split_whitespace());
    command.env_clear().write_stdin(stdin);
    Run::of(command)
}

#[test]
fn every_shape_is_recognised() {
    let env = TestEnv::new();
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
            convert(&env, "convert -f srt", json).ok().stdout,
            SRT,
            "{json}"
        );
    }
}

#[test]
fn json_comes_out_as_it_went_in() {
    let env = TestEnv::new();
    let reply = finished("T1", SEGMENTS);
    let once = convert(&env, "convert -f json", &reply).ok().stdout;
    assert!(once.contains(r#""endTime": 1.50"#), "{once}");
    assert_eq!(convert(&env, "convert - -f json", &once).ok().stdout, once);
    let line = convert(&env, "convert - -f jsonl", &once).ok().stdout;
    assert!(reply.contains(line.trim_end()), "{line}");
}

#[test]
fn many_are_written_like_the_results_of_a_wait() {
    let env = TestEnv::new();
    let many = [finished("T1", SEGMENTS), finished("T2", SEGMENTS)].join("\n");
    env.write("many.json", &many);
    let csv = convert(&env, "convert many.json -f csv", "").ok().stdout;
    assert_eq!(csv.lines().count(), 5, "{csv}");
    convert(&env, "convert many.json -f srt", "")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: an srt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'

"#]]);
    convert(&env, "convert many.json -o {taskNo}.srt", "").ok();
    assert_eq!(
        (env.read("T1.srt"), env.read("T2.srt")),
        (SRT.to_owned(), SRT.to_owned())
    );
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let env = TestEnv::new();
    let mut transcript = Transcript::default();
    for json in [
        "",
        "{\"transcriptions\":[{},\n{\"content\":5}]}",
        "[{\"startTime\":1,}]",
        "[{\"id\":1}",
        "<html>",
        "[{\"transcriptions\":[]}]",
    ] {
        let run = convert(&env, "convert -f srt", json).expect_failure(2);
        transcript.add(json, &run);
    }
    transcript.expect(str![[r#"
$ 
mavi: stdin is not a mavi JSON transcription: it is empty
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"transcriptions":[{},
{"content":5}]}
mavi: stdin is not a mavi JSON transcription: segment 2: `content` is 5, not a text (line 2, column 13)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ [{"startTime":1,}]
mavi: stdin is not JSON (line 1, column 17): segment 1: trailing comma
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ [{"id":1}
mavi: stdin is not JSON (line 1, column 9): segment 2: EOF while parsing a list
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ <html>
mavi: stdin is not JSON (line 1, column 1): expected value
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ [{"transcriptions":[]}]
mavi: stdin is not a mavi JSON transcription: segment 1: this is a whole transcription; to unpack a list of them: jq '.[]' (line 1, column 18)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]

"#]]);
    env.write("bad.json", "[{\"content\":5}]");
    convert(&env, "convert bad.json", "")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: bad.json is not a mavi JSON transcription: segment 1: `content` is 5, not a text (line 1, column 14)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API

"#]]);
    convert(&env, "convert none.json", "")
        .expect_failure(1)
        .expect_stderr(str![[r#"
mavi: there is no file none.json

"#]]);
}

#[test]
fn invalid_input_leaves_output_file_unchanged() {
    let env = TestEnv::new();
    env.write("x.srt", SRT);
    let mut transcript = Transcript::default();
    for json in [
        "{}",
        r#"{"code":"0401","msg":"bad token"}"#,
        r#"{"code":"0401","data":null,"msg":"bad token"}"#,
        r#"{"code":"0000","data":null}"#,
        r#"{"code":"0000","data":{}}"#,
        r#"[{"text":"hello","start":0,"end":1}]"#,
        r#"{"taskNo":"T1","transcriptions":[{},{"text":"hello"}]}"#,
        "{\n",
        r#"{"results":[{"transcriptions":[]}]}"#,
        r#"{"data":{"data":{"transcriptions":[]}}}"#,
    ] {
        let run = convert(&env, "convert -o x.srt", json).expect_failure(2);
        transcript.add(json, &run);
        assert_eq!(env.read("x.srt"), SRT, "{json}");
    }
    transcript.expect(str![[r#"
$ {}
mavi: stdin is not a mavi JSON transcription: an object with neither `transcriptions` nor a `status` (line 1, column 2)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"code":"0401","msg":"bad token"}
mavi: stdin is an error reply of the API: the token is invalid or has expired (code 0401)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"code":"0401","data":null,"msg":"bad token"}
mavi: stdin is an error reply of the API: the token is invalid or has expired (code 0401)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"code":"0000","data":null}
mavi: stdin is not a mavi JSON transcription: a reply without `data` (line 1, column 27)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"code":"0000","data":{}}
mavi: stdin is not a mavi JSON transcription: an object with neither `transcriptions` nor a `status` (line 1, column 24)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ [{"text":"hello","start":0,"end":1}]
mavi: stdin is not a mavi JSON transcription: no segment has a `content`, a `startTime` or an `endTime`
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"taskNo":"T1","transcriptions":[{},{"text":"hello"}]}
mavi: stdin: task T1 is not a mavi JSON transcription: no segment has a `content`, a `startTime` or an `endTime`
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {

mavi: stdin is not JSON (line 2, column 1): EOF while parsing an object
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"results":[{"transcriptions":[]}]}
mavi: stdin is not a mavi JSON transcription: an object with neither `transcriptions` nor a `status` (line 1, column 35)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"data":{"data":{"transcriptions":[]}}}
mavi: stdin is not a mavi JSON transcription: an object with neither `transcriptions` nor a `status` (line 1, column 38)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]

"#]]);
    // Those beside it are converted.
    let some = format!(
        "{} {{\"taskNo\":\"T2\",\"status\":\"UNFINISHED\"}}",
        finished("T1", SEGMENTS)
    );
    convert(&env, "convert -o {taskNo}.srt", &some)
        .expect_failure(8)
        .expect_stderr(str![[r#"
mavi: stdin: task T2: saved before the task finished, so it has no text
hint: to fetch it, run: mavi wait -f json T2

"#]]);
    assert_eq!(env.read("T1.srt"), SRT);
}

#[test]
fn lists_without_a_task_number_have_files_of_their_own() {
    let env = TestEnv::new();
    let list = format!("[{SEGMENTS}]\n");
    convert(&env, "convert -o {taskNo}.{ext} -f srt", &list.repeat(3)).ok();
    assert_eq!(
        env.files(),
        ["unknown-2.srt", "unknown-3.srt", "unknown.srt"]
    );
    let twice = [finished("T1", SEGMENTS), finished("T1", SEGMENTS)].join("\n");
    convert(&env, "convert -o {taskNo}.srt", &twice)
        .expect_failure(1)
        .expect_stderr(str![[r#"
mavi: T1.srt already holds a result of this run
hint: the same task came twice; the first is kept

"#]]);
    convert(&env, "convert -o {videoNo}.srt", &twice)
        .expect_failure(1)
        .expect_stderr(str![[r#"
mavi: V1.srt already holds a result of this run
hint: put {taskNo}, {videoNo} or {type} into the file name of -o

"#]]);
}

#[test]
fn invalid_input_is_located_by_line_and_column() {
    let env = TestEnv::new();
    convert(&env, "convert", r#"[{"content":"你好","endTime":"x"}]"#)
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: stdin is not a mavi JSON transcription: segment 1: `endTime` is "x", not a number (line 1, column 31)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API

"#]]);
    let mut transcript = Transcript::default();
    for bytes in [
        &b"[\n{\"content\":\"\xc3\xa9 \xff\"}]"[..],
        b"\xff\xfe[\0]\0",
    ] {
        let mut command = env.command(["convert"]);
        command.write_stdin(bytes);
        let run = Run::of(command).expect_failure(2);
        transcript.add(&bytes.escape_ascii().to_string(), &run);
    }
    transcript.expect(str![[r#"
$ [\n{\"content\":\"\xc3\xa9 \xff\"}]
mavi: stdin is not a mavi JSON transcription: byte 0xff is not UTF-8 (line 2, column 15)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ \xff\xfe[\x00]\x00
mavi: stdin is not a mavi JSON transcription: byte 0xff is not UTF-8 (line 1, column 1)
hint: it looks like UTF-16: save it as UTF-8, or let mavi write it with -o
[2]

"#]]);
}

#[test]
fn estimated_times_and_exceeded_limits_earn_one_warning_each() {
    let env = TestEnv::new();
    let json = r#"[{"startTime":5,"endTime":5,"content":"a"},{"startTime":9,"endTime":1,"content":"b"},
        {"content":"no times"},{"startTime":-3,"endTime":2,"content":"fine"}]"#;
    let run = convert(&env, "convert -f srt", json).ok();
    assert_eq!(
        run.stderr,
        "warning: the transcription: 4 times were missing or impossible, and estimated, of 4 segments\n"
    );
    assert_eq!(convert(&env, "convert -f csv", json).ok().stderr, "");

    let long = format!(
        r#"[{{"startTime":0,"endTime":1,"content":"{}"}},{{"startTime":1,"endTime":3,"content":"then"}}]"#,
        "word ".repeat(40)
    );
    let run = convert(&env, "convert -f vtt --reflow", &long).ok();
    assert_eq!(
        run.stderr,
        "warning: the transcription: 3 cues exceed the limits (3 too much text for the time, 3 too short or too close to the next)\n"
    );
    assert_eq!(
        convert(
            &env,
            "convert -f vtt --reflow",
            r#"[{"startTime":0,"endTime":1,"content":"Nobody can read this in a second"}]"#
        )
        .ok()
        .stderr,
        "warning: the transcription: the last words are too fast to read: they stay for 0.6 s after the last segment, and are cut off if the video ends there\n"
    );
    assert_eq!(
        convert(&env, "convert -f vtt --reflow --quiet", &long)
            .ok()
            .stderr,
        ""
    );
}

#[test]
fn every_limit_of_reflow_reaches_the_captions() {
    let env = TestEnv::new();
    let json = r#"[{"startTime":0,"endTime":9,"content":"One two three four five six seven eight nine ten, eleven twelve thirteen fourteen."},
        {"startTime":20,"endTime":20.2,"content":"Short."},{"startTime":40,"endTime":60,"content":"Long."}]"#;
    let cues = |flags: &str| {
        let args = format!("convert -f srt --reflow {flags}");
        let run = convert(&env, &args, json).ok();
        run.allow_warnings("some limits are too narrow for this text")
            .stdout
    };
    let longest = |srt: &str| srt.lines().map(str::len).max().unwrap();
    let plain = cues("");
    assert!(longest(&plain) <= 42 && longest(&plain) > 30, "{plain}");
    assert!(longest(&cues("--max-line-width 30")) <= 30);
    let one_line = cues("--max-lines 1");
    assert!(
        one_line.split("\n\n").all(|cue| cue.lines().count() <= 3),
        "{one_line}"
    );
    // At 20 characters a second, the first cue has the time that was said; at 4 it needs more.
    assert_ne!(plain, cues("--max-cps 4"));
    assert!(plain.contains("00:00:20,000 --> 00:00:20,833"), "{plain}");
    let patient = cues("--min-duration 2s");
    assert!(
        patient.contains("00:00:20,000 --> 00:00:22,000"),
        "{patient}"
    );
    assert!(plain.contains("00:00:40,000 --> 00:00:47,000"), "{plain}");
    let brief = cues("--max-duration 5s");
    assert!(brief.contains("00:00:40,000 --> 00:00:45,000"), "{brief}");
    let gap = cues("--min-gap 1s --max-lines 1");
    let ends: Vec<_> = gap.lines().filter(|line| line.contains("-->")).collect();
    assert_ne!(
        ends,
        one_line
            .lines()
            .filter(|line| line.contains("-->"))
            .collect::<Vec<_>>()
    );

    env.write(
        "c.toml",
        "[captions]\nmin_duration = \"2s\"\nmax_line_width = 30\n",
    );
    let configured = cues("--config c.toml");
    assert_eq!(configured, cues("--min-duration 2s --max-line-width 30"));
}

#[test]
fn json_without_transcription_is_an_error() {
    let env = TestEnv::new();
    let mut transcript = Transcript::default();
    for (json, status) in [
        (unfinished("T1"), 8),
        (unfinished("T1").replace("UNFINISHED", "FAIL"), 3),
        (r#"{"code":"0001","msg":"no such task"}"#.to_owned(), 2),
        (r#"{"a":1}"#.to_owned(), 2),
    ] {
        let run = convert(&env, "convert -o x.srt", &json).expect_failure(status);
        transcript.add(&json, &run);
    }
    transcript.expect(str![[r#"
$ {"code":"0000","msg":"success","data":{"status":"UNFINISHED","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":null}}
mavi: stdin: task T1: saved before the task finished, so it has no text
hint: to fetch it, run: mavi wait -f json T1
[8]
$ {"code":"0000","msg":"success","data":{"status":"FAIL","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":null}}
mavi: stdin: task T1: the service reports that the transcription failed
hint: submit the video again, then convert its result
[3]
$ {"code":"0001","msg":"no such task"}
mavi: stdin is an error reply of the API: a parameter is wrong (code 0001)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ {"a":1}
mavi: stdin is not a mavi JSON transcription: an object with neither `transcriptions` nor a `status` (line 1, column 7)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]

"#]]);
    assert_eq!(env.files(), [""; 0], "a file of nothing was written");
}

#[test]
fn refusal_with_text_is_converted_with_a_warning_and_without_is_an_error() {
    let env = TestEnv::new();
    let (with, without) = (finished("T1", SEGMENTS), finished("T1", ""));
    let mut transcript = Transcript::default();
    for code in ["\"0001\"", "401", "\"\"", "true"] {
        let of = |reply: &str| reply.replace("\"0000\"", code);
        let run = convert(&env, "convert -f srt", &of(&with)).expect_status(0);
        assert_eq!(run.stdout, SRT, "{run:#?}");
        transcript.add(&format!("code {code}, text"), &run);
        let run = convert(&env, "convert -f srt", &of(&without)).expect_failure(2);
        transcript.add(&format!("code {code}, no text"), &run);
    }
    transcript.expect(str![[r#"
$ code "0001", text
1
00:00:00,000 --> 00:00:01,500
Hello

2
00:00:02,000 --> 00:00:03,000
a & b

warning: stdin: task T1: saved from a reply that does not say success (code 0001); its text may be incomplete
[0]
$ code "0001", no text
mavi: stdin: task T1 is an error reply of the API: a parameter is wrong (code 0001)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ code 401, text
1
00:00:00,000 --> 00:00:01,500
Hello

2
00:00:02,000 --> 00:00:03,000
a & b

warning: stdin: task T1: saved from a reply that does not say success (code 0401); its text may be incomplete
[0]
$ code 401, no text
mavi: stdin: task T1 is an error reply of the API: the token is invalid or has expired (code 0401)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ code "", text
1
00:00:00,000 --> 00:00:01,500
Hello

2
00:00:02,000 --> 00:00:03,000
a & b

warning: stdin: task T1: saved from a reply that does not say success (an empty code); its text may be incomplete
[0]
$ code "", no text
mavi: stdin: task T1 is an error reply of the API: the service refused (an empty code)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]
$ code true, text
1
00:00:00,000 --> 00:00:01,500
Hello

2
00:00:02,000 --> 00:00:03,000
a & b

warning: stdin: task T1: saved from a reply that does not say success (code true); its text may be incomplete
[0]
$ code true, no text
mavi: stdin: task T1 is an error reply of the API: the service refused (code true)
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API
[2]

"#]]);
    for code in ["0", "\"0\"", "null"] {
        let json = with.replace("\"0000\"", code);
        convert(&env, "convert -f srt", &json).expect_output(SRT, "");
    }
    let json = with.replace("\"code\":\"0000\",", "");
    convert(&env, "convert -f srt", &json).expect_output(SRT, "");
}

#[test]
fn empty_transcription_is_converted() {
    let env = TestEnv::new();
    for json in ["[]", r#"{"transcriptions":[]}"#, &finished("T1", "")] {
        let run = convert(&env, "convert -f srt", json).ok();
        assert_eq!((&*run.stdout, &*run.stderr), ("", ""), "{json}");
    }
    let part = finished("T1", SEGMENTS).replace("FINISH", "UNFINISHED");
    let run = convert(&env, "convert -f srt", &part).ok();
    assert_eq!(run.stdout, SRT);
    run.expect_stderr(str![[r#"
warning: stdin: task T1: saved before the task finished; its text may be incomplete

"#]]);
}

#[test]
fn unwritable_output_offers_no_resume() {
    let env = TestEnv::new();
    env.write("file", "");
    let run = convert(&env, "convert -o file/x.srt", "[]").expect_failure(1);
    assert_eq!(
        run.stderr,
        "mavi: could not write file/x.srt: file is a file, not a directory\n"
    );
}

#[test]
fn several_files_are_converted_and_the_bad_one_is_named() {
    let env = TestEnv::new();
    for name in ["a", "b"] {
        env.write(
            &format!("{name}.json"),
            &format!(r#"[{{"startTime":0,"endTime":1,"content":"{name}"}}]"#),
        );
    }
    let run = env.run("convert a.json b.json -f txt").ok();
    assert_eq!(run.stdout, "a\n\nb\n");
    env.write("bad.json", "{");
    let run = env
        .run("convert a.json bad.json b.json -o {stem}.srt")
        .expect_failure(2);
    run.expect_stderr(str![[r#"
mavi: bad.json is not JSON (line 1, column 1): EOF while parsing an object
hint: convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API

"#]]);
    assert_eq!(
        env.files(),
        ["a.json", "a.srt", "b.json", "b.srt", "bad.json"]
    );
    env.run("convert a.json b.json -f srt")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: an srt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'

"#]]);
}

#[test]
fn stdin_is_one_of_several_files_once() {
    let env = TestEnv::new();
    let list = |text: &str| format!(r#"[{{"startTime":0,"endTime":1,"content":"{text}"}}]"#);
    env.write("a.json", &list("a"));
    convert(&env, "convert a.json - -f txt", &list("b")).expect_output("a\n\nb\n", "");
    let run = convert(&env, "convert - a.json - -f txt", &list("b")).expect_failure(2);
    assert_eq!(run.stdout, "");
    assert_eq!(
        run.stderr,
        "mavi: `-` is given twice, and stdin can be read once\n"
    );
}

#[test]
fn several_failures_of_one_kind_have_its_status() {
    let env = TestEnv::new();
    env.write("a.json", r#"[{"startTime":0,"endTime":1,"content":"a"}]"#);
    env.write("sub/x", "");
    let run = env.run("convert none.json sub a.json -f txt");
    assert_eq!((run.status, &*run.stdout), (1, "a\n"), "{run:#?}");
    assert_eq!(
        run.stderr,
        "mavi: there is no file none.json\nmavi: sub is a directory, not a JSON file\n"
    );
    env.write("bad.json", "[{}]");
    let run = env.run("convert bad.json a.json bad.json -f txt");
    assert_eq!((run.status, &*run.stdout), (2, "a\n"), "{run:#?}");
    env.run("convert bad.json none.json").expect_failure(1);
}

#[test]
fn input_is_never_replaced() {
    let env = TestEnv::new();
    let list = r#"[{"startTime":0,"endTime":1,"content":"a"}]"#;
    env.write("a.json", list);
    env.write("b.json", list);
    for (args, output, input) in [
        ("a.json -f srt -o a.json", "a.json", "a.json"),
        ("a.json -f srt -o new/../a.json", "new/../a.json", "a.json"),
        ("a.json -f srt -o {stem}.json", "a.json", "a.json"),
        ("b.json ./a.json -f txt -o a.json", "a.json", "./a.json"),
        ("b.json a.json -f json -o {stem}.json", "b.json", "b.json"),
    ] {
        let run = env.run(&format!("convert {args}")).expect_failure(2);
        run.expect_stderr(format!(
            "mavi: -o {output} would replace the input file {input}\n\
             hint: name another file, such as -o 'out/{{stem}}.{{ext}}'\n"
        ));
    }
    let run = env.run("convert a.json -f json -o a.json --no-clobber");
    run.ok().expect_stderr("a.json exists and was left alone\n");
    assert_eq!(env.files(), ["a.json", "b.json"]);
    assert_eq!([env.read("a.json"), env.read("b.json")], [list, list]);
}

#[test]
fn names_that_are_not_utf8_have_files_of_their_own() {
    let env = TestEnv::new();
    let list = r#"[{"startTime":0,"endTime":1,"content":"a"}]"#;
    let names = [&b"bad\xff.json"[..], b"na\xef.json"].map(OsStr::from_bytes);
    for name in names {
        std::fs::write(env.path("").join(name), list).unwrap();
    }
    let args = ["convert", "-o", "{stem}.srt"].map(OsStr::new);
    Run::of(env.command(args.into_iter().chain(names))).expect_output("", "");
    assert!(env.path("bad\u{fffd}.srt").is_file() && env.path("na\u{fffd}.srt").is_file());
}

#[test]
fn warnings_name_the_file_if_there_are_several() {
    let env = TestEnv::new();
    env.write("a.json", r#"[{"startTime":0,"endTime":1,"content":"a"}]"#);
    env.write("b.json", r#"[{"startTime":0,"content":"b"}]"#);
    let warning = "1 time was missing or impossible, and estimated, of 1 segment\n";
    let run = env.run("convert a.json b.json -o {stem}.srt").ok();
    run.expect_stderr(format!("warning: b.json: {warning}"));
    let run = env.run("convert b.json -o {stem}.srt").ok();
    run.expect_stderr(format!("warning: the transcription: {warning}"));
}

#[test]
fn error_of_a_task_without_an_id_names_none() {
    let env = TestEnv::new();
    env.write("a.json", r#"{"status":"FAIL","transcriptions":[]}"#);
    let run = env
        .run("convert a.json --error-format json")
        .expect_failure(3);
    assert!(run.errors()[0].get("task_no").is_none(), "{run:#?}");
}
