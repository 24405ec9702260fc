//! `mavi sandbox`: the stand-in API behind a real command, a script, and a shell that has its
//! exports.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Bench, Run};

/// What the demo says first, as SubRip.
const FIRST_CUE: &str =
    "1\n00:00:00,480 --> 00:00:04,120\nIt is half past three, and the whole street is asleep.\n\n";

/// `mavi sandbox` with these flags and a script for its command.
fn script(bench: &Bench, flags: &str, script: &str) -> Run {
    let flags = flags.split_whitespace();
    let args = ["sandbox"]
        .into_iter()
        .chain(flags)
        .chain(["--", "sh", "-euc", script]);
    let mut command = bench.command(args);
    command.env_remove("MAVI_TOKEN");
    Run::of(command)
}

#[test]
fn the_command_of_the_readme_works() {
    let run = Bench::new()
        .run(
            "sandbox --delay 200ms -- mavi submit mavi_video_demo --type audio --wait --format srt",
        )
        .ok();
    assert!(run.stdout.starts_with(FIRST_CUE), "{run:?}");
    assert_eq!(run.stdout.matches(" --> ").count(), 11);
}

#[test]
fn every_format_comes_out_of_it() {
    let bench = Bench::new();
    let all = r"
        for type in audio video; do
            for format in table json jsonl srt vtt txt csv tsv; do
                mavi submit mavi_video_demo --type $type --wait -f $format > $type.$format
            done
        done";
    script(&bench, "--delay 0", all).ok();
    assert_eq!(bench.files().len(), 16);
    for (name, starts_with, lines) in [
        ("audio.table", "task ", 13),
        ("audio.srt", FIRST_CUE, 44),
        ("audio.vtt", "WEBVTT\n\n00:00:00.480 --> 00:00:04.120\n", 34),
        ("audio.txt", "It is half past three", 11),
        ("audio.csv", "task_no,id,start,end,content\n", 12),
        ("audio.tsv", "task_no\tid\tstart\tend\tcontent\n", 12),
        (
            "audio.jsonl",
            "{\"status\":\"FINISH\",\"type\":\"AUDIO\",",
            1,
        ),
        (
            "video.jsonl",
            "{\"status\":\"FINISH\",\"type\":\"VIDEO\",",
            1,
        ),
        ("video.txt", "A narrow street at night", 5),
    ] {
        let text = bench.read(name);
        assert!(text.starts_with(starts_with), "{name}: {text}");
        assert_eq!(text.lines().count(), lines, "{name}: {text}");
    }
    let json: serde_json::Value = serde_json::from_str(&bench.read("audio.json")).unwrap();
    // As the service sends it: the space, and times as text.
    assert_eq!(json["transcriptions"][4]["startTime"], "21.5");
    assert_eq!(
        json["transcriptions"][4]["content"],
        " Careful, that tray is hot."
    );
}

#[test]
fn a_task_takes_its_time() {
    let steps = r#"
        task=$(mavi submit V1)
        mavi get "$task" -f json || echo "status $?"
        mavi get "$task" -f srt || echo "status $?""#;
    let run = script(&Bench::new(), "--delay 1h", steps).ok();
    let (json, rest) = run.stdout.split_once("}\n").expect("a JSON object");
    let data: serde_json::Value = serde_json::from_str(&format!("{json}}}")).unwrap();
    assert_eq!(data["status"], "UNFINISHED");
    assert_eq!(rest, "status 8\nstatus 8\n");
}

#[test]
fn the_status_of_the_command_is_the_status() {
    for (command, status) in [("exit 0", 0), ("exit 42", 42), ("kill -9 $$", 137)] {
        let run = script(&Bench::new(), "", command);
        assert_eq!((run.status, &*run.stderr), (status, ""), "{command}");
    }
    let run = Bench::new().run("sandbox -- no-such-command").fails(2);
    run.says(&["mavi: could not run no-such-command"]);
}

#[test]
fn refusals_have_their_own_status() {
    let bench = Bench::new();
    script(&bench, "", "MAVI_TOKEN=wrong mavi submit V1")
        .fails(4)
        .says(&["0401"]);
    script(&bench, "", "MAVI_TOKEN=wrong mavi get T1").fails(4);
    script(&bench, "", "mavi get no-such-task")
        .fails(5)
        .says(&["no-such-task", "0001"]);
}

#[test]
fn the_command_finds_this_mavi_and_no_other_account() {
    let bench = Bench::new();
    bench.write(
        ".config/mavi/config.toml",
        "base_url = \"https://example.invalid\"\ntoken = \"mine\"\n\
         [profiles.work]\nbase_url = \"https://work.invalid\"\ntoken = \"work\"\n",
    );
    bench.write("bin/mavi", "#!/bin/sh\nexit 99\n");
    let steps = r"
        mavi --version
        mavi submit V1 > /dev/null
        mavi --profile work submit V1 > /dev/null";
    let mut command = bench.command(["sandbox", "--", "sh", "-euc", steps]);
    let path = format!(
        "{}:{}",
        bench.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    command
        .env("PATH", path)
        .env("HTTP_PROXY", "http://127.0.0.1:9");
    command.env("http_proxy", "http://127.0.0.1:9");
    let run = Run::of(command).ok();
    assert_eq!(run.stdout, format!("mavi {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn without_a_command_it_prints_exports_that_a_shell_can_use() {
    let bench = Bench::new();
    let mut sandbox = bench.std_command("sandbox --delay 0");
    let mut sandbox = Ended(sandbox.stdout(Stdio::piped()).spawn().unwrap());
    let lines = BufReader::new(sandbox.0.stdout.take().unwrap()).lines();
    let mut exports = String::new();
    for line in lines.map(Result::unwrap) {
        let last = line.starts_with("export MAVI_TOKEN=");
        exports.push_str(&line);
        exports.push('\n');
        if last {
            break;
        }
    }
    assert!(
        exports.contains("export MAVI_BASE_URL=http://127.0.0.1:"),
        "{exports}"
    );

    let mavi = bench.command([""]).get_program().to_owned();
    let steps = "eval \"$EXPORTS\"; \"$MAVI\" submit mavi_video_demo --wait -f srt";
    let mut shell = assert_cmd::Command::new("sh");
    shell
        .env_clear()
        .env("HOME", bench.path(""))
        .env("EXPORTS", &exports)
        .env("MAVI", mavi);
    let run = Run::of({
        shell.args(["-euc", steps]);
        shell
    });
    assert!(run.ok().stdout.starts_with(FIRST_CUE));

    kill_process(Pid::from_child(&sandbox.0), Signal::TERM).unwrap();
    assert!(!sandbox.0.wait().unwrap().success());
}

#[test]
fn it_answers_from_a_folder() {
    let bench = Bench::new();
    bench.write(
        "films/V1.json",
        r#"[{"startTime":1,"endTime":2,"content":"mine"}]"#,
    );
    bench.write(
        "films/V2.video.json",
        r#"{"code":"0000","data":{"status":"FAIL","transcriptions":null}}"#,
    );
    let folder = "--delay 0 --transcripts films";
    let run = script(
        &bench,
        folder,
        "mavi submit V1 -t audio,video --wait -f txt",
    )
    .ok();
    assert_eq!(run.stdout, "mine\n\nmine\n");
    script(&bench, folder, "mavi submit V2 -t video --wait").fails(3);
    for unknown in ["V2", "V3", "../films/V1"] {
        script(&bench, folder, &format!("mavi submit {unknown}"))
            .fails(5)
            .says(&["0001"]);
    }
}

#[test]
fn a_folder_that_is_no_good_is_told_before_anything_runs() {
    let bench = Bench::new();
    bench.write("broken/V1.json", "[\n  {\"startTime\" 1}\n]");
    bench.write("empty/readme.txt", "");
    for (folder, status, says) in [
        ("broken", 2, "broken/V1.json:2:16: "),
        ("empty", 2, "empty"),
        ("missing", 1, "missing"),
    ] {
        let run = script(&bench, &format!("--transcripts {folder}"), "echo ran");
        run.fails(status).says(&["mavi: ", says]);
    }
}

/// A process that does not outlive its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
