//! `mavi wait`: until each task ends, through trouble, up to the timeout; and the command that goes
//! on where it stopped.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::Signal;
use snapbox::{IntoData as _, str};

use crate::support::all_at_once;
use crate::support::env::{TestEnv, finished, unfinished};
use crate::support::fake_server::{Answer, FakeServer, cut, ok, reply};
use crate::support::process::Process;
use crate::support::run::Run;

const HELLO: &str = r#"{"id":1,"startTime":0,"endTime":1.5,"content":" Hello"}"#;

/// A service where each task has ended when it is asked about for the nth time:
/// `slow3` the third time, anything else at once. `never` does not end; `failed` fails, `nobody` is unknown.
fn tasks() -> FakeServer {
    let asked = std::sync::Mutex::new(std::collections::HashMap::new());
    FakeServer::new(move |_, request| {
        let task = request.task();
        let mut asked = asked.lock().unwrap();
        let times = asked.entry(task.clone()).or_insert(0);
        *times += 1;
        let needed = task.strip_prefix("slow").map_or(1, |n| n.parse().unwrap());
        match &*task {
            "never" => ok(unfinished("never")),
            "denied" => ok(r#"{"code":"0401","msg":"expired","data":null}"#),
            "nobody" => ok(r#"{"code":"0001","msg":"no such task","data":null}"#),
            "failed" | "broken" => ok(r#"{"code":"0000","data":{"status":"FAILED"}}"#),
            _ if *times < needed => ok(unfinished(&task)),
            _ => ok(finished(&task, HELLO)),
        }
    })
}

#[test]
fn asks_until_the_task_ends() {
    let service = tasks();
    service
        .env()
        .run("wait slow3 --interval 10ms -f txt")
        .expect_output(
            "Hello\n",
            str![[r#"
waiting for task slow3
task slow3: finished

"#]],
        );
    assert_eq!(service.count(), 3);
    tasks()
        .env()
        .run("wait slow2 --interval 10ms --timeout 0")
        .expect_output(
            str![[r#"
task slow2  video V1  type AUDIO  1 segment  0:00:00.000 to 0:00:01.500
#        start          end  text
1  0:00:00.000  0:00:01.500  Hello

"#]],
            str![[r#"
waiting for task slow2
task slow2: finished

"#]],
        );
}

#[test]
fn several_tasks_are_printed_as_they_end() {
    let run = tasks()
        .env()
        .run("wait slow3 A slow2 B --interval 10ms --jobs 1 -f csv")
        .ok();
    let order: Vec<_> = run
        .stdout
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(order, ["A", "B", "slow2", "slow3"]);
}

#[test]
fn transient_failure_does_not_end_wait() {
    let troubles = [
        reply("502 Bad Gateway", &[], "<html>Bad Gateway</html>"),
        reply(
            "500 Internal Server Error",
            &[],
            r#"{"code":"0003","msg":"x"}"#,
        ),
        reply("429 Too Many Requests", &["retry-after: 0"], ""),
        reply(
            "200 OK",
            &["retry-after: 0"],
            r#"{"code":"0429","msg":"x"}"#,
        ),
        ok("<html>Welcome to the hotel</html>"),
        ok(r#"{"portal":"hotel"}"#),
        ok("[1]"),
        ok(r#"["0000","ok",{"status":"FINISH","taskNo":"T1"}]"#),
        ok(""),
        ok([0xff, 0xfe]),
        cut(),
    ];
    all_at_once(troubles, |trouble| {
        let service = FakeServer::in_turn([trouble, ok(finished("T1", HELLO))]);
        let env = service.env();
        let run = env.run("wait T1 --interval 10ms --retries 0 -f txt").ok();
        assert_eq!((&*run.stdout, service.count()), ("Hello\n", 2), "{run:#?}");
    });
}

#[test]
fn a_request_that_gets_no_answer_does_not_end_a_wait() {
    let service = FakeServer::in_turn([Answer::Silence, ok(finished("T1", HELLO))]);
    let env = service.env();
    env.run("wait T1 --interval 10ms --request-timeout 200ms")
        .ok();
    assert!(service.count() >= 2);
}

#[test]
fn every_other_answer_is_final() {
    let deep = format!(
        r#"{{"code":"0000","data":{}1{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    for (answer, status) in [
        (ok(r#"{"code":"0001","msg":"x","data":null}"#), 5),
        (ok(r#"{"code":"0402","msg":"x","data":null}"#), 5),
        (ok(r#"{"code":"4321","msg":"x","data":null}"#), 5),
        (ok(r#"{"code":"0401","msg":"x","data":null}"#), 4),
        (ok(r#"{"code":"9009","msg":"x","data":null}"#), 4),
        (ok(r#"{"code":"0000","msg":"success","data":null}"#), 5),
        (ok(deep), 5),
        (reply("401 Unauthorized", &[], ""), 4),
        (reply("403 Forbidden", &[], "<html>"), 4),
        (reply("404 Not Found", &[], "<html>"), 5),
        (reply("302 Found", &["location: /login"], ""), 5),
    ] {
        let service = FakeServer::always(answer);
        let run = service
            .env()
            .run("wait T1 --timeout 20s")
            .expect_failure(status);
        assert_eq!(service.count(), 1, "{run:#?}");
    }
}

#[test]
fn a_reply_over_the_size_limit_is_final() {
    let service = FakeServer::always(ok(finished("T1", HELLO)));
    let env = service.env();
    env.write(".config/mavi/config.toml", "max_reply_size = 100\n");
    env.run("wait T1 --timeout 20s")
        .expect_failure(5)
        .expect_stderr(str![[r#"
waiting for task T1
mavi: could not get task T1: the reply is larger than 100 bytes
hint: raise max_reply_size

"#]]);
    assert_eq!(service.count(), 1);
}

#[test]
fn a_code_may_be_a_negative_number_and_is_final_too() {
    let service = FakeServer::always(ok(r#"{"code":-1,"msg":"broken","data":null}"#));
    let run = service
        .env()
        .run("get T1 --error-format json")
        .expect_failure(5);
    let error = &run.errors()[0];
    assert_eq!(
        (&error["kind"], &error["api_code"]),
        (&"api".into(), &"-1".into())
    );
    service
        .env()
        .run("wait T1 --timeout 5s")
        .expect_failure(5)
        .expect_stderr(str![[r#"
waiting for task T1
mavi: could not get task T1: the service refused (code -1): broken
hint: look the code up in the service's list of response codes, or ask its support

"#]]);
    assert_eq!(service.count(), 2);
}

#[test]
fn timeout_exits_8_and_offers_resume() {
    let ended = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&ended);
    let service = FakeServer::new(move |_, request| {
        let task = request.task();
        if flag.load(Ordering::SeqCst) || task == "done" {
            ok(finished(&task, HELLO))
        } else {
            ok(unfinished(&task))
        }
    });
    let env = service.env();
    let options = ["--timeout", "500ms", "--interval", "50ms", "-f", "csv"];
    let mut command = env.command(["wait", "done", "it's 1"]);
    command.args(options);
    let run = Run::of(command);
    assert_eq!(run.status, 8, "{run:#?}");
    let run = run
        .expect_stdout(str![[r#"
task_no,id,start,end,content,video_no,type
done,1,0.000,1.500, Hello,V1,audio

"#]])
        .expect_stderr(str![[r#"
0 of 2 finished
task done: finished
1 of 2 finished
1 of 2 finished, 0 failed, [TIME]
mavi: 1 of 2 tasks still running after 500ms
hint: to resume, run: mavi wait --timeout 500ms --interval 50ms --format csv 'it'\''s 1'

"#]]);
    let line = run.resume_command();
    assert_eq!(
        line,
        r"mavi wait --timeout 500ms --interval 50ms --format csv 'it'\''s 1'"
    );
    ended.store(true, Ordering::SeqCst);
    service.shell(&env, line).expect_output(
        str![[r#"
task_no,id,start,end,content,video_no,type
it's 1,1,0.000,1.500, Hello,V1,audio

"#]],
        str![[r#"
waiting for task it's 1
task it's 1: finished

"#]],
    );
}

#[test]
fn a_timeout_cuts_a_request_in_flight() {
    // Were it not cut, the run would outlast the time limit of a run.
    let service = FakeServer::always(Answer::Silence);
    let run = service
        .env()
        .run("wait T1 --timeout 300ms --request-timeout 10m");
    run.expect_failure(8).expect_stderr(str![[r#"
waiting for task T1
mavi: task T1 is still running after 300ms
hint: to resume, run: mavi wait --request-timeout 10m --timeout 300ms T1

"#]]);
}

#[test]
fn timeout_during_outage_names_last_failure() {
    let service = FakeServer::always(reply("502 Bad Gateway", &[], ""));
    let run = service.env().run("wait T1 --timeout 1s").expect_failure(8);
    run.expect_stderr(str![[r#"
waiting for task T1
retrying: the server failed (HTTP 502): the body is empty
mavi: task T1 is still running after 1s; the last attempt failed: the server failed (HTTP 502): the body is empty
hint: to resume, run: mavi wait --timeout 1s T1

"#]]);
}

#[test]
fn poll_cut_by_timeout_is_no_failure() {
    let service = FakeServer::always(Answer::Silence);
    let run = service
        .env()
        .run("wait T1 --timeout 500ms")
        .expect_failure(8);
    run.expect_stderr(str![[r#"
waiting for task T1
mavi: task T1 is still running after 500ms
hint: to resume, run: mavi wait --timeout 500ms T1

"#]]);
}

#[test]
fn the_configuration_may_set_timeout_and_interval() {
    let service = tasks();
    let env = service.env();
    env.write(
        ".config/mavi/config.toml",
        "[wait]\ntimeout = \"200ms\"\ninterval = \"20ms\"\n",
    );
    env.run("wait never")
        .expect_failure(8)
        .expect_stderr(str![[r#"
waiting for task never
mavi: task never is still running after 200ms
hint: to resume, run: mavi wait never

"#]]);
    assert!(service.count() > 1);
}

#[test]
fn a_failed_task_ends_with_3_and_the_rest_go_on() {
    let run = tasks()
        .env()
        .run("wait failed slow2 broken --interval 10ms -f txt");
    assert_eq!((run.status, &*run.stdout), (3, "Hello\n"), "{run:#?}");
    // In part: three tasks end in any order.
    assert_eq!(run.stderr.matches("mavi: ").count(), 2, "{run:#?}");
    run.stderr_contains(&["task failed", "task broken"]);
}

#[test]
fn the_status_is_the_common_one_or_1() {
    let env = tasks().env();
    env.allow_all();
    for (names, status) in [
        ("A B", 0),
        ("A nobody", 5),
        ("failed nobody A", 1),
        ("failed never", 1),
        ("A never", 8),
    ] {
        // Long enough for all but the one that never ends.
        let timeout = if names.contains("never") { "1s" } else { "1m" };
        let run = env.run(&format!(
            "wait --timeout {timeout} --interval 50ms -f txt --error-format json {names}"
        ));
        assert_eq!(run.status, status, "{names}: {run:#?}");
        let failures = names.split(' ').filter(|name| name.len() > 1).count();
        assert_eq!(run.errors().len(), failures, "{run:#?}");
        // In part: three tasks end in any order.
        assert_eq!(run.stdout.contains("Hello"), names.contains('A'));
    }
}

#[test]
fn refused_token_hides_no_earlier_failure_and_ends_status_lines() {
    tasks().env().run("wait failed denied").expect_failure(1);
    let run = tasks()
        .env()
        .run("wait denied A --jobs 1")
        .expect_failure(4);
    let (before, after) = run.stderr.split_once("mavi: ").unwrap();
    assert!(
        before.contains("0 of 2 finished\n0 of 2 finished, 2 stopped, "),
        "{run:#?}"
    );
    assert!(!after.contains("of 2 finished"), "{run:#?}");
}

#[test]
fn a_refused_token_does_not_lose_what_was_done() {
    let env = tasks().env();
    let run = env.run("wait A denied -o all.txt").expect_failure(4);
    assert_eq!(env.files(), ["all.txt"], "{run:#?}");
    assert_eq!(env.read("all.txt"), "Hello\n");
}

#[test]
fn unwritable_combined_file_offers_resume() {
    let env = tasks().env();
    env.write("d", "a file where the folder should be");
    let run = env.run("wait A B -o d/all.json").expect_failure(1);
    run.expect_stderr(
        str![[r#"
0 of 2 finished
task B: finished
1 of 2 finished
task A: finished
2 of 2 finished, 0 failed, [TIME]
mavi: could not write d/all.json: d is a file, not a directory
hint: to resume, run: mavi wait --output d/all.json A B

"#]]
        .unordered(),
    );
}

#[test]
fn an_unknown_status_is_waited_out_with_one_warning() {
    let odd = ok(r#"{"code":"0000","data":{"status":"QUEUED\u001b[1m","taskNo":"T1"}}"#);
    let service = FakeServer::in_turn([odd.clone(), odd.clone(), odd, ok(finished("T1", HELLO))]);
    service
        .env()
        .run("wait T1 --interval 10ms -f txt")
        .expect_output(
            "Hello\n",
            str![[r#"
waiting for task T1
warning: the service reports the unknown status "QUEUED", which counts as not finished
task T1: finished

"#]],
        );
}

/// Starts a wait for a task that does not end, and sends the signal while a request is in flight.
fn interrupted(env: &TestEnv, service: &FakeServer, args: &[&str], signal: Signal) -> Run {
    let mut process = Process::start(env.command(args));
    service.wait_for(1);
    process.signal(signal);
    process.end()
}

#[test]
fn signal_ends_wait_at_once_and_offers_resume() {
    for (signal, status, said) in [
        (
            Signal::INT,
            130,
            str![[r#"
waiting for task T1
mavi: interrupted: task T1 is still running
hint: to resume, run: mavi wait --request-timeout 10m --format csv T1

"#]],
        ),
        (
            Signal::TERM,
            143,
            str![[r#"
waiting for task T1
mavi: terminated: task T1 is still running
hint: to resume, run: mavi wait --request-timeout 10m --format csv T1

"#]],
        ),
    ] {
        let service = FakeServer::in_turn([Answer::Silence, ok(finished("T1", HELLO))]);
        let env = service.env();
        let args = ["wait", "T1", "--request-timeout", "10m", "-f", "csv"];
        let run = interrupted(&env, &service, &args, signal)
            .expect_failure(status)
            .expect_stderr(said);
        let line = run.resume_command();
        assert_eq!(line, "mavi wait --request-timeout 10m --format csv T1");
        service.shell(&env, line).expect_output(
            str![[r#"
task_no,id,start,end,content,video_no,type
T1,1,0.000,1.500, Hello,V1,audio

"#]],
            str![[r#"
waiting for task T1
task T1: finished

"#]],
        );
    }
}

#[test]
fn signal_between_polls_ends_wait() {
    let service = tasks();
    let env = service.env();
    let args = ["wait", "never", "-o", "{taskNo}.srt", "--interval", "1h"];
    let run = interrupted(&env, &service, &args, Signal::INT).expect_failure(130);
    let line = run.resume_command();
    assert_eq!(
        shell_words::split(line).unwrap(),
        [
            "mavi",
            "wait",
            "--interval",
            "1h",
            "--output",
            "{taskNo}.srt",
            "never"
        ]
    );
    assert_eq!(env.files(), [""; 0]);
}

#[test]
fn signal_is_reported_as_json_error() {
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let service = FakeServer::always(Answer::Silence);
        let env = service.env();
        let args = ["wait", "T1", "--error-format", "json"];
        let run = interrupted(&env, &service, &args, signal).expect_failure(status);
        let error = &run.errors()[0];
        assert_eq!(error["kind"], "interrupted");
        assert_eq!(error["exit_code"], status);
        assert!(error["hint"].as_str().unwrap().contains("mavi wait "));
    }
}

#[test]
fn signal_during_submit_with_wait_offers_resume() {
    let service = FakeServer::new(|number, _| match number {
        0 => ok(r#"{"code":"0000","data":{"taskNo":"paid-1"}}"#),
        _ => Answer::Silence,
    });
    let env = service.env();
    let mut process = Process::start(env.command(["submit", "V1", "--wait", "--interval", "10ms"]));
    service.wait_for(2);
    process.signal(Signal::INT);
    let run = process.end().expect_failure(130);
    assert_eq!(run.resume_command(), "mavi wait --interval 10ms paid-1");
}

/// Returns `true` if a signal to this process waits to be handled, where the system tells.
fn is_pending(process: u32, signal: Signal) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("ShdPnd:"));
    let mask = mask.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    mask & (1 << (signal.as_raw() - 1)) != 0
}

#[test]
fn second_signal_kills_while_submit_is_in_flight() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let mut process = Process::start(env.command(["submit", "V1"]));
    service.wait_for(1);
    process.signal(Signal::INT);
    // Handled by two threads at once, both could be the first.
    process.wait_until(|process| !is_pending(process.id(), Signal::INT));
    process.signal(Signal::TERM);
    let run = process.end();
    assert!(run.status < 0, "it was not killed: {run:#?}");
}

#[test]
fn signal_during_unanswered_submit_says_that_outcome_is_unknown() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let args = ["submit", "V1", "V2", "--jobs", "1"];
    interrupted(&env, &service, &args, Signal::INT)
        .expect_failure(130)
        .expect_stderr(str![[r#"
submitting 2 tasks
mavi: interrupted: V2 (audio) was not submitted; 1 submit got no answer and may have been accepted (`mavi tasks --status unknown` lists such submits)
hint: to resume, run: mavi submit --jobs 1 --reuse V1 V2

"#]]);
    let unknown = env.run("tasks --status unknown --format jsonl").ok();
    assert_eq!(unknown.stdout.lines().count(), 1, "{unknown:#?}");
}

#[test]
fn id_that_makes_no_request_is_tried_once() {
    let (env, task) = (TestEnv::new(), "T".repeat(70_000));
    let run = Run::of(env.command(["wait", &task, "--timeout", "1h"])).expect_failure(7);
    assert!(
        !run.stderr.contains("retrying"),
        "{} bytes",
        run.stderr.len()
    );
    // In part: the ID is long.
    run.stderr_contains(&["the request could not be made: ", "whether the ID is one"]);
}
