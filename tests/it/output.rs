//! Where results go and what they look like there: all formats, `-f` and `-o`, one task and
//! several.

use std::collections::HashMap;
use std::fs::{self, File};

use mavi::render::Format;
use snapbox::str;

use crate::generated::is_current;
use crate::support::env::{finished, unfinished};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::run::{Run, Transcript};

/// Two segments with what formats trip over: quotes, times as text, a time that rounds up to a whole
/// second, markup, a blank line and an arrow.
const SEGMENTS: &str = r#"{"id":0,"startTime":0.5,"endTime":"2.25","content":" Hello, \"world\"."},{"id":1,"startTime":61,"endTime":63.9996,"content":"R&D <b>\n\nnext --> 行","speaker":2}"#;

/// A server that has finished `T1` with [`SEGMENTS`].
fn server() -> FakeServer {
    FakeServer::always(ok(finished("T1", SEGMENTS)))
}

/// A server that has finished all tasks but these, each with one segment that says its number.
fn finished_tasks_but(others: &[(&str, &str)]) -> FakeServer {
    let others: HashMap<_, _> = others
        .iter()
        .map(|(task, body)| ((*task).to_owned(), ok(body)))
        .collect();
    FakeServer::new(move |_, request| {
        let task = request.task();
        if let Some(answer) = others.get(&task) {
            return answer.clone();
        }
        let segment = format!(r#"{{"startTime":1,"endTime":2,"content":"said in {task}"}}"#);
        ok(finished(&task, &segment))
    })
}

#[test]
fn every_format_is_as_recorded_on_stdout_and_in_a_file() {
    let server = server();
    for format in Format::ALL {
        let env = server.env();
        let printed = env.run(&format!("get T1 -f {format}")).ok().stdout;
        is_current(
            &format!("tests/snapshots/formats/result.{format}"),
            &printed,
        );

        let run = env.run(&format!("get T1 -o new/folder/talk.{format}")).ok();
        assert_eq!(run.stdout, "", "{format}");
        assert_eq!(env.files(), [format!("new/folder/talk.{format}")]);
        assert_eq!(env.read(&format!("new/folder/talk.{format}")), printed);
    }
}

#[test]
fn format_precedence_is_flag_extension_variable_file() {
    let server = server();
    for (args, variable, file, starts_with) in [
        ("get T1", "", "", "task T1"),
        ("get T1", "", "txt", "Hello"),
        ("get T1", "csv", "txt", "task_no,id"),
        ("get T1 -o x.out", "csv", "txt", "task_no,id"),
        ("get T1 -o x.vtt", "csv", "txt", "WEBVTT"),
        ("get T1 -o x.VTT", "csv", "", "WEBVTT"),
        ("get T1 -o x.vtt -f jsonl", "csv", "txt", "{\"status\""),
        ("get T1 -o - -f srt", "csv", "txt", "1\n00:00:00,500"),
    ] {
        let env = server.env();
        if !file.is_empty() {
            env.write(
                ".config/mavi/config.toml",
                &format!("[output]\nformat = {file:?}"),
            );
        }
        let mut command = env.command(args.split_whitespace());
        command.env("MAVI_FORMAT", variable);
        let printed = Run::of(command).ok().stdout;
        let written = env.files().first().map(|name| env.read(name));
        let text = written.unwrap_or(printed);
        assert!(
            text.starts_with(starts_with),
            "{args} {variable} {file}: {text}"
        );
    }
}

#[test]
fn one_request_writes_every_format() {
    let server = FakeServer::always(ok(finished("T1", SEGMENTS)));
    let env = server.env();
    let mut command = env.command(["get", "T1", "-f", "srt,json", "-f", "vtt", "-o"]);
    command.arg("out/{type}/{videoNo}-{taskNo}.{ext}");
    Run::of(command).expect_output(
        "",
        str![[r#"
getting task T1
task T1: finished, wrote out/audio/V1-T1.srt, out/audio/V1-T1.json, out/audio/V1-T1.vtt (2 cues)

"#]],
    );
    assert_eq!(
        env.files(),
        [
            "out/audio/V1-T1.json",
            "out/audio/V1-T1.srt",
            "out/audio/V1-T1.vtt"
        ]
    );
    assert!(env.read("out/audio/V1-T1.vtt").starts_with("WEBVTT\n"));
    assert_eq!(server.count(), 1);
}

#[test]
fn impossible_output_is_usage_error_before_any_request() {
    let server = FakeServer::always(ok(finished("T1", SEGMENTS)));
    let commands = [
        "get T1 -f mp4",
        "get T1 -f srt,json",
        "get T1 -f srt,json -o -",
        "get T1 -f srt,json -o talk.srt",
        "get T1 -f srt,json -o {taskNo}.srt",
        "get T1 -o {task}.srt",
        "get T1 -o {taskno}.srt",
        "get T1 -o folder/",
        "get T1 T2 -f srt",
        "get T1 T2 -f vtt -o -",
        "get T1 T2 -o all.srt",
        "get T1 T2 -o all.html",
        "get T1 T2 -f vtt -o all.{ext}",
        "get T1 T2 -f csv,srt -o all.{ext}",
        "wait T1 T2 -f srt",
        "submit V1 V2 --wait -f srt",
        "submit V1 -t audio,video --wait -f vtt",
        "submit V1 -o talk.srt",
        "submit V1 -f srt",
        "get T1 -o talk.ass",
        "get T1 -o talk",
        "get T1 -o {videoNo}.{ext}",
        "submit V1 V2 --wait -o out/{videoNo}.docx",
    ];
    let env = server.env();
    env.expect_transcript(
        commands,
        str![[r#"
$ mavi get T1 -f mp4
mavi: invalid value 'mp4' for '--format <FORMAT>'
  [possible values: table, json, jsonl, srt, vtt, txt, csv, tsv, md, html]
hint: for help, run: mavi get --help
[2]
$ mavi get T1 -f srt,json
mavi: several formats cannot share stdout
hint: write files: -o '{videoNo}.{ext}'
[2]
$ mavi get T1 -f srt,json -o -
mavi: several formats cannot share stdout
hint: write files: -o '{videoNo}.{ext}'
[2]
$ mavi get T1 -f srt,json -o talk.srt
mavi: several formats would be written to one file
hint: put {ext} into the name: -o '{videoNo}.{ext}'
[2]
$ mavi get T1 -f srt,json -o {taskNo}.srt
mavi: several formats would be written to one file
hint: put {ext} into the name: -o '{videoNo}.{ext}'
[2]
$ mavi get T1 -o {task}.srt
mavi: unknown placeholder {task} in -o
hint: the placeholders are {taskNo}, {videoNo}, {type}, {stem}, {ext}
[2]
$ mavi get T1 -o {taskno}.srt
mavi: unknown placeholder {taskno} in -o
hint: the placeholders are {taskNo}, {videoNo}, {type}, {stem}, {ext}
[2]
$ mavi get T1 -o folder/
mavi: -o "folder/" names a directory
hint: name a file in it: -o 'directory/{taskNo}.{ext}'
[2]
$ mavi get T1 T2 -f srt
mavi: an srt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi get T1 T2 -f vtt -o -
mavi: a vtt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi get T1 T2 -o all.srt
mavi: an srt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi get T1 T2 -o all.html
mavi: an html file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi get T1 T2 -f vtt -o all.{ext}
mavi: a vtt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi get T1 T2 -f csv,srt -o all.{ext}
mavi: an srt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi wait T1 T2 -f srt
mavi: an srt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi submit V1 V2 --wait -f srt
mavi: an srt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi submit V1 -t audio,video --wait -f vtt
mavi: a vtt file holds one transcription, and several were asked for
hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'
[2]
$ mavi submit V1 -o talk.srt
mavi: --output requires --wait
[2]
$ mavi submit V1 -f srt
mavi: tasks are printed as json, jsonl or table
hint: add --wait to print the transcriptions
[2]
$ mavi get T1 -o talk.ass
mavi: cannot tell the format of -o talk.ass
hint: name one with -f, such as -f srt; the formats are table, json, jsonl, srt, vtt, txt, csv, tsv, md, html
[2]
$ mavi get T1 -o talk
mavi: cannot tell the format of -o talk
hint: name one with -f, such as -f srt; the formats are table, json, jsonl, srt, vtt, txt, csv, tsv, md, html
[2]
$ mavi get T1 -o {videoNo}.{ext}
mavi: cannot tell the format of -o {videoNo}.{ext}
hint: name one with -f, such as -f srt; the formats are table, json, jsonl, srt, vtt, txt, csv, tsv, md, html
[2]
$ mavi submit V1 V2 --wait -o out/{videoNo}.docx
mavi: cannot tell the format of -o out/{videoNo}.docx
hint: name one with -f, such as -f srt; the formats are table, json, jsonl, srt, vtt, txt, csv, tsv, md, html
[2]

"#]],
    );
    assert!(env.files().is_empty());
    assert_eq!(server.count(), 0);
}

#[test]
fn several_tasks_share_stdout_as_each_format_allows() {
    let server = finished_tasks_but(&[]);
    let env = server.env();
    let printed = |format: &str| env.run(&format!("get A B -f {format}")).ok().stdout;

    let documents: Vec<serde_json::Value> = serde_json::Deserializer::from_str(&printed("json"))
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(
        [&documents[0]["taskNo"], &documents[1]["taskNo"]],
        ["A", "B"]
    );
    assert_eq!(documents.len(), 2);
    assert_eq!(printed("jsonl").matches('\n').count(), 2);
    assert_eq!(
        printed("csv"),
        "task_no,id,start,end,content,video_no,type\nA,,1.000,2.000,said in A,V1,audio\nB,,1.000,2.000,said in B,V1,audio\n"
    );
    assert_eq!(printed("tsv"), printed("csv").replace(',', "\t"));
    assert_eq!(printed("txt"), "said in A\n\nsaid in B\n");
    let table = printed("table");
    assert_eq!(table.matches("\n\n").count(), 1, "{table}");
    assert!(
        table.starts_with("task A") && table.contains("\n\ntask B"),
        "{table}"
    );
}

#[test]
fn one_file_for_several_tasks_holds_the_successes() {
    let refused = r#"{"code":"0001","msg":"no such task","data":null}"#;
    let pending = unfinished("pending");
    let server = finished_tasks_but(&[("refused", refused), ("pending", &pending)]);
    let env = server.env();
    env.run("get A refused B -o all.csv")
        .expect_failure(5)
        .expect_stderr(str![[r#"
0 of 3 finished
1 of 3 finished
mavi: could not get task refused: a parameter is wrong (code 0001): no such task
hint: check the ID; it must belong to this account
1 of 3 finished, 1 failed
wrote all.csv
2 of 3 finished, 1 failed, [TIME]

"#]]);
    assert_eq!(
        env.read("all.csv"),
        "task_no,id,start,end,content,video_no,type\nA,,1.000,2.000,said in A,V1,audio\nB,,1.000,2.000,said in B,V1,audio\n"
    );
    env.run("get A pending -o some.jsonl")
        .expect_failure(8)
        .expect_stderr(str![[r#"
0 of 2 finished
1 of 2 finished
wrote some.jsonl
mavi: task pending has not finished yet
hint: to wait for it, run: mavi wait --output some.jsonl A pending
1 of 2 finished, 0 failed, 1 unfinished, [TIME]

"#]]);
    assert_eq!(env.read("some.jsonl").lines().count(), 1);
    env.run("get A pending refused -f txt,tsv -o two.{ext}")
        .expect_failure(1)
        .expect_stderr(str![[r#"
0 of 3 finished
1 of 3 finished
1 of 3 finished, 1 unfinished
mavi: could not get task refused: a parameter is wrong (code 0001): no such task
hint: check the ID; it must belong to this account
wrote two.txt
wrote two.tsv
mavi: task pending has not finished yet
hint: to wait for it, run: mavi wait --format txt,tsv --output 'two.{ext}' A pending refused
1 of 3 finished, 1 failed, 1 unfinished, [TIME]

"#]]);
    assert_eq!(env.read("two.txt"), "said in A\n");
    env.run("get refused pending -o none.csv")
        .expect_failure(1)
        .expect_stderr(str![[r#"
0 of 2 finished
mavi: could not get task refused: a parameter is wrong (code 0001): no such task
hint: check the ID; it must belong to this account
0 of 2 finished, 1 failed
mavi: task pending has not finished yet
hint: to wait for it, run: mavi wait --output none.csv refused pending
0 of 2 finished, 1 failed, 1 unfinished, [TIME]

"#]]);
    assert_eq!(env.files(), ["all.csv", "some.jsonl", "two.tsv", "two.txt"]);
}

#[test]
fn the_second_result_for_one_file_is_an_error_and_the_first_stays() {
    let server = finished_tasks_but(&[]);
    let env = server.env();
    env.run("get A B -o {videoNo}.txt")
        .expect_failure(1)
        .expect_stderr(str![[r#"
0 of 2 finished
task A: finished, wrote V1.txt
1 of 2 finished
mavi: could not save the result of V1 (audio), task B: V1.txt already holds a result of this run
hint: put {taskNo}, {videoNo} or {type} into the file name of -o
1 of 2 finished, 1 failed, [TIME]

"#]]);
    assert_eq!(env.read("V1.txt"), "said in A\n");
    env.run("get A A -f txt")
        .expect_output("said in A\n", "getting V1 (audio)\n");
}

#[test]
fn file_name_comes_from_the_task_asked_about_if_the_reply_lacks_it() {
    let reply = r#"{"code":"0000","data":{"status":"FINISH","transcriptions":[]}}"#;
    let server = FakeServer::always(ok(reply));
    let env = server.env();
    env.run("get A B -o {taskNo}.srt").ok();
    assert_eq!(env.files(), ["A.srt", "B.srt"]);
}

#[test]
fn existing_file_is_replaced_unless_no_clobber() {
    let server = server();
    let env = server.env();
    for name in ["T1.srt", "V1.srt", "all.csv"] {
        env.write(name, "mine");
    }
    env.expect_transcript(
        [
            "get T1 --no-clobber -o T1.srt",
            "get T1 --no-clobber -o {taskNo}.srt",
            "get T1 --no-clobber -o {videoNo}.srt",
        ],
        str![[r#"
$ mavi get T1 --no-clobber -o T1.srt
task T1: its files exist and were left alone
[0]
$ mavi get T1 --no-clobber -o {taskNo}.srt
task T1: its files exist and were left alone
[0]
$ mavi get T1 --no-clobber -o {videoNo}.srt
getting task T1
V1.srt exists and was left alone
[0]

"#]],
    );
    env.run("get T1 T2 --no-clobber -o all.csv")
        .ok()
        .expect_stderr(str![[r#"
0 of 2 finished
1 of 2 finished
warning: asked about task T2, the service answered about task "T1", which was taken as its own
all.csv exists and was left alone
2 of 2 finished, 0 failed, [TIME]

"#]]);
    for name in ["T1.srt", "V1.srt", "all.csv"] {
        assert_eq!(env.read(name), "mine");
    }
    env.run("get T1 -o T1.srt").ok();
    assert!(env.read("T1.srt").starts_with("1\n00:00:00,500"));
    env.run("get T1 --no-clobber -f srt,vtt -o T1.{ext}").ok();
    assert!(env.read("T1.vtt").starts_with("WEBVTT"));
    assert_eq!(env.files(), ["T1.srt", "T1.vtt", "V1.srt", "all.csv"]);
}

#[test]
fn video_id_of_reply_names_a_file_in_its_directory() {
    let mut transcript = Transcript::default();
    for video in [
        "../../up",
        "/tmp/up",
        "..",
        ".",
        "a/b",
        "a\\\\b",
        "",
        "\\u0000\\u001b[2J",
        ".x",
    ] {
        let body = finished("T1", SEGMENTS).replace("\"V1\"", &format!("\"{video}\""));
        let server = FakeServer::always(ok(body));
        let env = server.env();
        transcript.add(video, &env.run("get T1 -o a/b/c/{videoNo}.srt"));
        let files = env.files();
        let name = files[0]
            .strip_prefix("a/b/c/")
            .expect("it is in the folder");
        assert!(
            files.len() == 1 && !name.contains('/') && !name.starts_with('.'),
            "{files:?}"
        );
    }
    transcript.expect(str![[r#"
$ ../../up
getting task T1
task T1: finished, wrote a/b/c/up.srt (2 cues)
[0]
$ /tmp/up
getting task T1
task T1: finished, wrote a/b/c/tmp_up.srt (2 cues)
[0]
$ ..
getting task T1
task T1: finished, wrote a/b/c/unknown.srt (2 cues)
[0]
$ .
getting task T1
task T1: finished, wrote a/b/c/unknown.srt (2 cues)
[0]
$ a/b
getting task T1
task T1: finished, wrote a/b/c/a_b.srt (2 cues)
[0]
$ a\\b
getting task T1
task T1: finished, wrote a/b/c/a_b.srt (2 cues)
[0]
$ 
getting task T1
task T1: finished, wrote a/b/c/unknown.srt (2 cues)
[0]
$ \u0000\u001b[2J
getting task T1
task T1: finished, wrote a/b/c/unknown.srt (2 cues)
[0]
$ .x
getting task T1
task T1: finished, wrote a/b/c/x.srt (2 cues)
[0]

"#]]);
}

#[test]
fn a_disk_that_is_full_is_an_error() {
    if !fs::exists("/dev/full").unwrap() {
        return;
    }
    let server = server();
    let env = server.env();
    for format in Format::ALL {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let run = env.run_into(&format!("get T1 -q -f {format}"), full);
        run.expect_status(1).expect_stderr(
            "mavi: could not save the result of V1 (audio), task T1: could not write to stdout: No space \
             left on device (os error 28)\n\
             hint: nothing is lost; to fetch it again, run: mavi get T1[..]\n",
        );
    }
    env.run("get T1 -f srt -o /dev/full")
        .expect_failure(1)
        .expect_stderr(str![[r#"
getting task T1
mavi: could not save the result of V1 (audio), task T1: could not write /dev/full: No space left on device (os error 28)
hint: nothing is lost; to fetch it again, run: mavi get T1

"#]]);
}

#[test]
fn a_path_that_cannot_be_written_is_an_error_that_names_it() {
    let server = server();
    let env = server.env();
    env.write("file", "mine");
    fs::create_dir(env.path("folder.srt")).unwrap();
    let run = env.run("get T1 -q -o file/talk.srt").expect_failure(1);
    // "File exists" is what the system says of a file in the place of a folder: true, no help.
    run.expect_stderr(str![[r#"
mavi: could not save the result of V1 (audio), task T1: could not write file/talk.srt: file is a file, not a directory
hint: nothing is lost; to fetch it again, run: mavi get T1

"#]]);
    env.run("get T1 -q -o folder.srt")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: -o "folder.srt" names a directory
hint: name a file in it: -o 'directory/{taskNo}.{ext}'

"#]]);
    let long = format!("{}.srt", "x".repeat(300));
    env.run(&format!("get T1 -o {long}"))
        .expect_failure(1)
        .expect_stderr(str![[r#"
getting task T1
mavi: could not save the result of V1 (audio), task T1: could not write xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.srt: File name too long (os error 36)
hint: nothing is lost; to fetch it again, run: mavi get T1

"#]]);
    assert_eq!(env.files(), ["file"]);
    assert_eq!(env.read("file"), "mine");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = server();
    let env = server.env();
    fs::create_dir(env.path("locked")).unwrap();
    fs::set_permissions(env.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    if File::create(env.path("locked/probe")).is_ok() {
        // Root may write everywhere.
        return;
    }
    env.run("get T1 -o locked/talk.srt")
        .expect_failure(1)
        .expect_stderr("");
    assert!(env.files().is_empty());
}

#[test]
fn unfinished_task_prints_state_as_json_and_leaves_no_file() {
    let server = FakeServer::always(ok(unfinished("T1")));
    let env = server.env();
    for format in Format::ALL {
        env.forget_rate_limits();
        let run = env.run(&format!("get T1 -f {format}"));
        assert_eq!(run.status, 8, "{run:?}");
        if matches!(format, Format::Json | Format::Jsonl) {
            let data: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
            assert_eq!(
                (&data["status"], &data["taskNo"]),
                (&"UNFINISHED".into(), &"T1".into())
            );
        } else {
            assert_eq!(run.stdout, "", "{format}");
        }
        run.expect_stderr(format!(
            "getting task T1\nmavi: task T1 has not finished yet\n\
             hint: to wait for it, run: mavi wait --format {format} T1\n",
        ));
        for path in ["talk", "{taskNo}"] {
            env.run(&format!("get T1 -o {path}.{format}"))
                .expect_failure(8);
        }
    }
    env.run("get T1 T2 -o all.json")
        .expect_failure(8)
        .expect_stderr(str![[r#"
0 of 2 finished
0 of 2 finished, 1 unfinished
warning: asked about task T2, the service answered about task "T1", which was taken as its own
mavi: task T1 has not finished yet
mavi: task T2 has not finished yet
hint: to wait for them, run: mavi wait --output all.json T1 T2
0 of 2 finished, 0 failed, 2 unfinished, [TIME]

"#]]);
    assert!(env.files().is_empty());
}

#[test]
fn a_reply_that_is_broken_further_down_prints_nothing() {
    let broken = finished(
        "T1",
        &format!(r#"{SEGMENTS},{{"startTime":[],"content":"x"}}"#),
    );
    let server = FakeServer::always(ok(broken));
    let env = server.env();
    for format in Format::ALL {
        env.run(&format!("get T1 -f {format}")).expect_failure(5);
        env.run(&format!("get T1 -o talk.{format}"))
            .expect_failure(5);
    }
    assert!(env.files().is_empty());
}

#[test]
fn page_plays_its_media() {
    let server = server();
    let env = server.env();
    env.write("films/50% #1?.mp4", "");
    let args = [
        "get",
        "T1",
        "-o",
        "pages/{taskNo}.htm",
        "--media",
        "films/50% #1?.mp4",
    ];
    Run::of(env.command(args)).ok();
    let page = env.read("pages/T1.htm");
    assert!(
        page.contains("<video src=\"../films/50%25%20%231%3F.mp4\""),
        "{page}"
    );
    let args = ["get", "T1", "-f", "html", "--media", "films/50% #1?.mp4"];
    let page = Run::of(env.command(args)).ok().stdout;
    assert!(
        page.contains("<video src=\"films/50%25%20%231%3F.mp4\""),
        "{page}"
    );
}

#[test]
fn media_is_checked_before_any_request() {
    let server = server();
    let env = server.env();
    env.write("talk.mp4", "");
    for (args, stderr) in [
        (
            "get T1 -f html --media nope.mp4",
            "mavi: could not find --media nope.mp4: No such file or directory (os error 2)\n",
        ),
        (
            "wait T1 -f html --media .",
            "mavi: --media . is a directory\nhint: name the video or audio file that the page plays\n",
        ),
        (
            "get T1 -o T1.srt --media talk.mp4",
            "mavi: --media is for web pages alone\n\
             hint: write one: -f html, or -o with a name that ends in .html\n",
        ),
        (
            "get T1 T2 -o {taskNo}.html --media talk.mp4",
            "mavi: --media is the video of one transcription, and several were asked for\n\
             hint: run the command once for each video\n",
        ),
        (
            "get T1 -f html -o talk.mp4 --media talk.mp4",
            "mavi: -o talk.mp4 would replace the input file talk.mp4\n\
             hint: name another file, such as -o 'out/{stem}.{ext}'\n",
        ),
        (
            "get T1 T2 -f html",
            "mavi: an html file holds one transcription, and several were asked for\n\
             hint: put a placeholder into the file name: -o '{stem}.{ext}', or '{taskNo}.{ext}'\n",
        ),
        (
            "submit V1 --media talk.mp4",
            "mavi: --media requires --wait\n",
        ),
    ] {
        env.run(args).expect_failure(2).expect_stderr(stderr);
    }
    assert_eq!(server.count(), 0);
}
