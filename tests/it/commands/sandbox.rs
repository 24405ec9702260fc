//! `mavi sandbox`: behind a real command, a script, and a shell that has its exports.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::process::Process;
use crate::support::run::Run;

/// What the demo says first, as SubRip.
const FIRST_CUE: &str =
    "1\n00:00:00,480 --> 00:00:04,120\nIt is half past three, and the whole street is asleep.\n\n";

/// `mavi sandbox` with these flags and a script for its command.
fn script(env: &TestEnv, flags: &str, script: &str) -> Run {
    let flags = flags.split_whitespace();
    let args = ["sandbox"]
        .into_iter()
        .chain(flags)
        .chain(["--", "sh", "-euc", script]);
    let mut command = env.command(args);
    command.env_remove("MAVI_TOKEN");
    Run::of(command)
}

#[test]
fn the_command_of_the_readme_works() {
    TestEnv::new()
        .run(
            "sandbox --delay 200ms -- mavi submit mavi_video_demo --type audio --wait --format srt",
        )
        .expect_output(
            str![[r#"
1
00:00:00,480 --> 00:00:04,120
It is half past three, and the whole street is asleep.

2
00:00:04,600 --> 00:00:09,050
Well, almost. There is one window with a light in it, and that one is mine.

3
00:00:10,720 --> 00:00:15,300
Bread does not wait for anybody. You feed the starter at six, you fold the dough at ten,

4
00:00:15,300 --> 00:00:18,840
and at half past three it tells you when it is ready.

5
00:00:21,500 --> 00:00:24,000
Careful, that tray is hot.

6
00:00:24,250 --> 00:00:26,900
はい、すみません。気をつけます。

7
00:00:27,400 --> 00:00:31,960
Haruka came for two weeks. That was four years ago, and now she bakes better than I do.

8
00:00:33,080 --> 00:00:36,200
Listen. Do you hear it crackle?

9
00:00:39,750 --> 00:00:43,500
That is the crust, cooling down. We call it the song.

10
00:00:44,100 --> 00:00:50,330
By seven there will be a queue out of the door, and nobody in it will know about any of this.

11
00:00:51,000 --> 00:00:53,680
I think that is rather nice. Bon appétit.


"#]],
            str![[r#"
submitting mavi_video_demo (audio)
mavi_video_demo (audio): task [TASK]
waiting for mavi_video_demo (audio)
mavi_video_demo (audio): finished in [TIME]

"#]],
        );
}

#[test]
fn every_format_comes_out_of_it() {
    let env = TestEnv::new();
    let all = r"
        for type in audio video; do
            task=$(mavi submit mavi_video_demo --type $type)
            for format in table json jsonl srt vtt txt csv tsv; do
                mavi get $task -f $format > $type.$format
            done
        done";
    script(&env, "--delay 0", all).ok();
    assert_eq!(env.files().len(), 16);
    for (name, starts_with, lines) in [
        ("audio.table", "task ", 13),
        ("audio.srt", FIRST_CUE, 44),
        ("audio.vtt", "WEBVTT\n\n00:00:00.480 --> 00:00:04.120\n", 34),
        ("audio.txt", "It is half past three", 11),
        (
            "audio.csv",
            "task_no,id,start,end,content,video_no,type\n",
            12,
        ),
        (
            "audio.tsv",
            "task_no\tid\tstart\tend\tcontent\tvideo_no\ttype\n",
            12,
        ),
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
        let text = env.read(name);
        assert!(text.starts_with(starts_with), "{name}: {text}");
        assert_eq!(text.lines().count(), lines, "{name}: {text}");
    }
    let json: serde_json::Value = serde_json::from_str(&env.read("audio.json")).unwrap();
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
    let run = script(&TestEnv::new(), "--delay 1h", steps).ok();
    let (json, rest) = run.stdout.split_once("}\n").expect("a JSON object");
    let data: serde_json::Value = serde_json::from_str(&format!("{json}}}")).unwrap();
    assert_eq!(data["status"], "UNFINISHED");
    assert_eq!(rest, "status 8\nstatus 8\n");
}

#[test]
fn the_status_of_the_command_is_the_status() {
    for (command, status) in [("exit 0", 0), ("exit 42", 42), ("kill -9 $$", 137)] {
        let run = script(&TestEnv::new(), "", command);
        assert_eq!((run.status, &*run.stderr), (status, ""), "{command}");
    }
    let run = TestEnv::new()
        .run("sandbox -- no-such-command")
        .expect_failure(2);
    run.expect_stderr(str![[r#"
mavi: could not run no-such-command: no such command
hint: give the command's path, or put its directory on PATH

"#]]);
}

#[test]
fn refusals_have_their_own_status() {
    let env = TestEnv::new();
    script(&env, "", "MAVI_TOKEN=wrong mavi submit V1")
        .expect_failure(4)
        .expect_stderr(str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): the token is invalid or has expired (code 0401): Authorization is invalid. V1 (audio) was not submitted
hint: set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login
hint: to resume, run: mavi submit --reuse V1

"#]]);
    script(&env, "", "MAVI_TOKEN=wrong mavi get T1").expect_failure(4);
    script(&env, "", "mavi get no-such-task")
        .expect_failure(5)
        .expect_stderr(str![[r#"
getting task no-such-task
mavi: could not get task no-such-task: a parameter is wrong (code 0001): The task does not exist.
hint: check the ID; it must belong to this account

"#]]);
}

#[test]
fn the_command_finds_this_mavi_and_no_other_account() {
    let env = TestEnv::new();
    env.write(
        ".config/mavi/config.toml",
        "base_url = \"https://example.invalid\"\ntoken = \"mine\"\n\
         [profiles.work]\nbase_url = \"https://work.invalid\"\ntoken = \"work\"\n",
    );
    env.write("bin/mavi", "#!/bin/sh\nexit 99\n");
    let steps = r"
        mavi --version
        mavi submit V1 > /dev/null
        mavi --profile work submit V1 > /dev/null";
    let mut command = env.command(["sandbox", "--", "sh", "-euc", steps]);
    let path = format!(
        "{}:{}",
        env.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    command
        .env("PATH", path)
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9");
    command.env("http_proxy", "http://127.0.0.1:9");
    Run::of(command).expect_output(
        format!("mavi {}\n", env!("CARGO_PKG_VERSION")),
        str![[r#"
submitting V1 (audio)
submitting V1 (audio)

"#]],
    );
}

#[test]
fn without_a_command_it_prints_exports_that_a_shell_can_use() {
    let env = TestEnv::new();
    let (sandbox, exports) = serving(env.command(["sandbox", "--delay", "0"]));
    assert!(
        exports.contains("export MAVI_BASE_URL=http://127.0.0.1:"),
        "{exports}"
    );

    let mut shell =
        env.shell("eval \"$EXPORTS\"; mavi submit mavi_video_demo --wait --interval 10ms -f srt");
    shell.env("EXPORTS", &exports).env_remove("MAVI_TOKEN");
    // In part: the whole demo is compared above.
    assert!(Run::of(shell).ok().stdout.starts_with(FIRST_CUE));
    drop(sandbox);
    assert!(
        !env.path(".local").exists(),
        "recorded among one's own tasks"
    );
}

/// Starts a sandbox without a command, and reads its exports.
fn serving(mut command: Command) -> (Process, String) {
    let mut sandbox = Process::spawn(command.stdout(Stdio::piped()));
    let lines = BufReader::new(sandbox.take_stdout()).lines();
    let mut exports = String::new();
    for line in lines.map(Result::unwrap) {
        exports.push_str(&line);
        exports.push('\n');
        if line.starts_with("export MAVI_STATE_DIR=") {
            return (sandbox, exports);
        }
    }
    panic!("no exports: {exports}");
}

/// Its exit status shows that the signal was handled: the first process of a container would not end
/// by default.
#[test]
fn signal_ends_it_and_removes_its_state_directory() {
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let env = TestEnv::new();
        let (mut sandbox, exports) = serving(env.command(["sandbox"]));
        let (_, directory) = exports.trim_end().rsplit_once('=').unwrap();
        assert!(Path::new(directory).is_dir(), "{directory}");
        sandbox.signal(signal);
        sandbox.end().expect_status(status);
        assert!(!Path::new(directory).exists(), "{directory} is left");
    }
}

#[test]
fn ignored_hangup_does_not_end_it() {
    let env = TestEnv::new();
    let (mut sandbox, _) = serving(env.shell("trap '' HUP; exec mavi sandbox"));
    sandbox.signal(Signal::HUP);
    sandbox.signal(Signal::TERM);
    sandbox.end().expect_status(143);
}

#[test]
fn signals_are_forwarded_to_the_command() {
    let script = "trap 'exit 7' TERM HUP; echo ready; while :; do sleep 0.02; done";
    for signal in [Signal::TERM, Signal::HUP] {
        let env = TestEnv::new();
        let mut sandbox = Process::start(env.command(["sandbox", "--", "sh", "-c", script]));
        sandbox.wait_until(|sandbox| sandbox.printed() == "ready\n");
        sandbox.signal(signal);
        sandbox.end().expect_status(7);
    }
}

#[test]
fn command_is_found_without_path() {
    let env = TestEnv::new();
    let mut command = env.command(["sandbox", "--", "sh", "-c", "echo ok; mavi --version"]);
    command.env_remove("PATH");
    let run = Run::of(command).ok();
    let version = env!("CARGO_PKG_VERSION");
    run.expect_stdout(format!("ok\nmavi {version}\n"))
        .expect_stderr("");
    let mut command = env.command(["sandbox", "--", "no-such-command"]);
    command.env_remove("PATH");
    Run::of(command).expect_failure(2).expect_stderr(str![[r#"
mavi: could not run no-such-command: no such command
hint: give the command's path, or put its directory on PATH

"#]]);
}

#[test]
fn either_auth_scheme_works() {
    for scheme in ["raw", "bearer"] {
        let env = TestEnv::new();
        let setting = format!("auth_scheme = \"{scheme}\"\n");
        env.write(".config/mavi/config.toml", &setting);
        let run = script(&env, "", "mavi submit V1").ok();
        assert_eq!(run.stdout.lines().count(), 1, "{scheme}");
    }
}

#[test]
fn tasks_are_recorded_inside_it_and_nowhere_else() {
    let env = TestEnv::new();
    let steps = "mavi submit V1; mavi tasks -f ids; mavi wait --last --interval 10ms -f jsonl | grep -c FINISH";
    let run = script(&env, "--delay 0", steps).ok();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[2]), (3, lines[1], "1"));
    env.run("tasks --all-services -f ids").expect_output(
        "",
        "no tasks recorded yet: `mavi submit` records what it submits\n",
    );

    // Nor does a second one at the same address know of the first.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = format!("--addr {}", free.local_addr().unwrap());
    drop(free);
    script(&env, &addr, "mavi submit V1").ok();
    script(&env, &addr, "mavi wait --pending").ok();
}

#[test]
fn it_answers_from_a_folder() {
    let env = TestEnv::new();
    env.write(
        "films/V1.json",
        r#"[{"startTime":1,"endTime":2,"content":"mine"}]"#,
    );
    env.write(
        "films/V2.video.json",
        r#"{"code":"0000","data":{"status":"FAIL","transcriptions":null}}"#,
    );
    let folder = "--delay 0 --transcripts films";
    // One worker: both are submitted before the first is polled.
    script(
        &env,
        folder,
        "mavi submit V1 -t audio,video --jobs 1 --wait --interval 10ms -f txt",
    )
    .expect_output(
        "mine\n\nmine\n",
        str![[r#"
submitting 2 tasks
V1 (audio): task [TASK]
V1 (video): task [TASK]
0 of 2 finished
V1 (audio): finished in [TIME]
1 of 2 finished
V1 (video): finished in [TIME]
2 of 2 finished, 0 failed, [TIME]

"#]],
    );
    script(
        &env,
        folder,
        "mavi submit V2 -t video --wait --interval 10ms",
    )
    .expect_failure(3);
    for (unknown, said) in [
        (
            "V2",
            str![[r#"
submitting V2 (audio)
mavi: could not submit V2 (audio): a parameter is wrong (code 0001): The video does not exist.
hint: check the ID; it must belong to this account

"#]],
        ),
        (
            "V3",
            str![[r#"
submitting V3 (audio)
mavi: could not submit V3 (audio): a parameter is wrong (code 0001): The video does not exist.
hint: check the ID; it must belong to this account

"#]],
        ),
        (
            "../films/V1",
            str![[r#"
submitting ../films/V1 (audio)
mavi: could not submit ../films/V1 (audio): a parameter is wrong (code 0001): The video does not exist.
hint: check the ID; it must belong to this account

"#]],
        ),
    ] {
        script(&env, folder, &format!("mavi submit {unknown}"))
            .expect_failure(5)
            .expect_stderr(said);
    }
}

#[test]
fn invalid_transcripts_directory_fails_before_command_runs() {
    let env = TestEnv::new();
    env.write("broken/V1.json", "[\n  {\"startTime\" 1}\n]");
    env.write("empty/readme.txt", "");
    for (folder, status, says) in [
        (
            "broken",
            2,
            str![[r#"
mavi: broken/V1.json:2:16: expected `:`
hint: a file holds a reply of the API, its `data` object, or a list of segments

"#]],
        ),
        (
            "empty",
            2,
            str![[r#"
mavi: empty holds no .json file
hint: name the files <VIDEO_NO>.json, <VIDEO_NO>.audio.json or <VIDEO_NO>.video.json

"#]],
        ),
        (
            "missing",
            1,
            str![[r#"
mavi: could not read missing: No such file or directory (os error 2)

"#]],
        ),
    ] {
        script(&env, &format!("--transcripts {folder}"), "echo ran")
            .expect_failure(status)
            .expect_stderr(says);
    }
}

#[test]
fn odd_listing_has_the_same_videos() {
    let env = TestEnv::new();
    let all = "mavi videos -f ids | sort";
    let plain = script(&env, "", all).ok().stdout;
    let odd = script(&env, "--seed 1 --fault list-odd:1", all).ok().stdout;
    assert_eq!((plain.lines().count(), odd), (6, plain));
}

#[test]
fn fault_of_one_call_spares_the_others() {
    let env = TestEnv::new();
    let steps = "mavi submit V1 > /dev/null; mavi videos";
    script(&env, "--fault list-html:1", steps)
        .expect_failure(5)
        .expect_stderr(str![[r#"
submitting V1 (audio)
listing videos
mavi: could not list the videos: the reply is not what the API describes (expected value at line 1 column 1): a web page titled "200 OK"
hint: check base_url; --verbose shows each request

"#]]);
    script(&env, "--fault submit-html:0,html:1", "mavi submit V1").ok();
    env.run("sandbox --fault list-http-413:1 -- true")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: invalid value 'list-http-413:1' for '--fault <SPEC>': there is no fault "list-http-413"; the faults are http-500:P, http-503:P, reset:P, slow:DUR:P, html:P, truncate:P, rate-limit:P, drop-after-accept:P, upload-cut:P, upload-throttle:DUR:P, upload-http-413:P, parse-fail:P, list-odd:P, list-empty:P, fail:P, callback-lose:P, callback-duplicate:P, callback-delay:DUR:P, callback-reorder:P
hint: for help, run: mavi sandbox --help

"#]]);
}

#[test]
fn upload_over_a_plain_socket_is_accepted_without_a_word() {
    let env = TestEnv::new();
    let (mut sandbox, exports) = serving(env.command(["sandbox", "--fault", "upload-cut:once"]));
    let value = |name: &str| {
        let mut lines = exports.lines();
        lines.find_map(|line| line.split_once(name)).unwrap().1
    };
    let upload = || {
        let mut stream = TcpStream::connect(value("BASE_URL=http://")).unwrap();
        let part = "content-disposition: form-data; name=\"file\"; filename=\"talk.mp4\"";
        let body = format!("--x\r\n{part}\r\ncontent-type: video/mp4\r\n\r\nfilm\r\n--x--\r\n");
        write!(
            stream,
            "POST /api/serve/video/upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: {}\r\n\
             content-type: multipart/form-data; boundary=x\r\ncontent-length: {}\r\n\r\n{body}",
            value("TOKEN="),
            body.len()
        )
        .unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).map(|_| reply)
    };
    assert!(upload().is_err());
    let reply = upload().unwrap();
    assert!(reply.contains(r#""videoName":"talk.mp4""#), "{reply}");
    sandbox.signal(Signal::TERM);
    let run = sandbox.end().expect_status(143);
    assert_eq!(run.stderr, "");
}
