//! The ends of runs whose tasks nothing else would name: signals, and a journal that cannot be written.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{PipeReader, PipeWriter, pipe};
use std::process::Command;
use std::sync::Barrier;

use rustix::process::Signal;
use snapbox::{IntoData as _, str};

use crate::support::env::{TestEnv, unfinished};
use crate::support::fake_server::{Answer, FakeServer, Request, ok};
use crate::support::process::Process;
use crate::support::run::Run;

/// The warnings of a run whose state directory cannot be used.
const UNRECORDED: &[&str] = &[
    "warning: cannot use the shared rate limits in ",
    "warning: this run is not recorded: ",
];

/// A service that gives the video `V0` the task `T0`, and so on. No task ever ends.
fn service() -> FakeServer {
    FakeServer::new(|_, request| answer(request))
}

fn answer(request: &Request) -> Answer {
    if request.line.starts_with("GET") {
        return ok(unfinished(&request.task()));
    }
    let video = request.body.strip_prefix(r#"{"videoNo":"V"#).unwrap();
    let (number, _) = video.split_once('"').unwrap();
    ok(format!(
        r#"{{"code":"0000","msg":"success","data":{{"taskNo":"T{number}"}}}}"#
    ))
}

/// Sends the signal once `requests` have arrived, and waits for the end.
fn end(service: &FakeServer, command: Command, requests: usize, signal: Signal) -> Run {
    let mut process = Process::start(command);
    service.wait_for(requests);
    process.signal(signal);
    process.end()
}

#[test]
fn what_nothing_records_is_named_in_full() {
    let (service, env) = (service(), TestEnv::new());
    let videos = ["V0", "V1", "V2", "V3", "V4"];
    let mut command = service.command(&env, &["submit", "--wait", "--interval", "10ms"]);
    command
        .args(videos)
        .env("MAVI_STATE_DIR", "/dev/null/state");
    // In part: five workers take turns.
    let run = end(&service, command, 2 * videos.len(), Signal::INT)
        .expect_failure(130)
        .stderr_contains(UNRECORDED);
    let stderr = &*run.stderr;
    let resume = stderr
        .split("hint: to resume, run: mavi wait --interval 10ms ")
        .nth(1);
    let mut tasks: Vec<_> = resume.expect(stderr).split_whitespace().collect();
    tasks.sort_unstable();
    assert_eq!(tasks, ["T0", "T1", "T2", "T3", "T4"], "{stderr}");
}

#[test]
fn submit_without_answer_is_named_where_nothing_records_it() {
    let (service, env) = (FakeServer::always(Answer::Silence), TestEnv::new());
    let mut command = service.command(&env, &["submit", "V1"]);
    command.env("MAVI_STATE_DIR", "/dev/null/state");
    end(&service, command, 1, Signal::INT)
        .expect_failure(130)
        .expect_stderr(str![[r#"
warning: cannot use the shared rate limits in /dev/null/state: Not a directory (os error 20); this process counts only its own calls
warning: this run is not recorded: could not write the journal /dev/null/state/journal.jsonl: Not a directory (os error 20); check the permissions of the directory and the free disk space; until then save task and video IDs yourself: nothing else records them
submitting V1 (audio)
mavi: interrupted: 1 submit got no answer and may have been accepted (nothing records it: V1 (audio))

"#]]);
}

/// Returns the two ends of a pipe that takes no more.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, writer) = pipe().unwrap();
    let flags = rustix::fs::fcntl_getfl(&writer).unwrap();
    rustix::fs::fcntl_setfl(&writer, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
    while rustix::io::write(&writer, &[b'x'; 4096]).is_ok() {}
    rustix::fs::fcntl_setfl(&writer, flags).unwrap();
    (reader, writer)
}

#[test]
fn signal_ends_a_submit_whose_reader_pauses() {
    let (service, env) = (service(), TestEnv::new());
    let (_reader, writer) = full_pipe();
    let mut command = service.command(&env, &["submit", "V1", "V2"]);
    let mut process = Process::spawn(command.stdout(writer));
    service.wait_for(2);
    process.signal(Signal::INT);
    process.end().expect_status(130).expect_stderr(
        str![[r#"
submitting 2 tasks
V1 (audio): task T1
V2 (audio): task T2
mavi: interrupted

"#]]
        .unordered(),
    );
}

#[test]
fn signal_ends_a_submit_whose_reader_pauses_before_the_last_task() {
    let (service, env) = (service(), TestEnv::new());
    let (_reader, writer) = full_pipe();
    let mut command = service.command(&env, &["submit", "V1"]);
    let mut process = Process::spawn(command.stdout(writer));
    // Nothing is left of the run then but to print the task.
    let is_recorded = |journal: String| journal.contains(r#""taskNo":"T1""#);
    process.wait_until(|_| fs::read_to_string(env.journal()).is_ok_and(is_recorded));
    process.signal(Signal::INT);
    process.end().expect_status(130).expect_stderr(str![[r#"
submitting V1 (audio)
V1 (audio): task T1
mavi: interrupted

"#]]);
}

#[test]
fn closed_pipe_hides_no_task_that_is_answered_later() {
    // Both submits are under way before either is answered.
    let both = Barrier::new(2);
    let service = FakeServer::new(move |_, request| {
        both.wait();
        answer(request)
    });
    let env = service.env();
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut command = env.command(["submit", "V1", "V2"]);
    let run = Process::spawn(command.stdout(writer)).end();
    run.expect_status(0).expect_stderr(
        str![[r#"
submitting 2 tasks
V1 (audio): task T1
V2 (audio): task T2

"#]]
        .unordered(),
    );
}

#[test]
fn limit_on_the_size_of_files_loses_no_task() {
    let (service, env) = (service(), TestEnv::new());
    let run = service.shell(&env, "ulimit -f 0; mavi submit V0 2>&1").ok();
    run.expect_stdout(str![[r#"
warning: cannot use the shared rate limits in [HOME]/.local/state/mavi: File too large (os error 27); this process counts only its own calls
warning: this run is not recorded: could not write the journal [HOME]/.local/state/mavi/journal.jsonl: File too large (os error 27); check the permissions of the directory and the free disk space; until then save task and video IDs yourself: nothing else records them
submitting V0 (audio)
V0 (audio): task T0 (not recorded)
T0

"#]]).expect_stderr("");
}

#[test]
fn task_of_a_contradictory_reply_is_offered_as_it_can_be_typed() {
    let reply = r#"{"code":"0402","msg":"no credit","data":{"taskNo":"-T !"}}"#;
    let service = FakeServer::always(ok(reply));
    let run = service.env().run("submit V1").expect_failure(7);
    run.expect_stderr(str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): not enough credit (code 0402): no credit; it is not known whether the service accepted it (its reply names task -T !)
hint: to wait for that task, run: mavi wait -- '-T !'

"#]]);
}

#[test]
fn interrupted_get_offers_itself() {
    for (args, said) in [
        (
            &["get", "T1"][..],
            str![[r#"
getting task T1
mavi: interrupted: the result of task T1 was not fetched
hint: to resume, run: mavi get T1

"#]],
        ),
        (
            &["get", "T1", "T2", "T3", "T4", "-f", "jsonl"],
            str![[r#"
0 of 4 finished
mavi: interrupted: the results of 4 of 4 tasks were not fetched
hint: to resume, run: mavi get --format jsonl T1 T2 T3 T4

"#]],
        ),
    ] {
        let (service, env) = (FakeServer::always(Answer::Silence), TestEnv::new());
        let command = service.command(&env, args);
        end(&service, command, 1, Signal::INT)
            .expect_failure(130)
            .expect_stderr(said);
    }
}

#[test]
fn refusal_of_all_ends_a_run_once_and_counts_the_rest() {
    let refused = |code| FakeServer::always(ok(format!(r#"{{"code":"{code}","msg":"no"}}"#)));
    let service = refused("0401");
    let run = service.env().run("get T1 T2 T3").expect_failure(4);
    run.expect_stderr(str![[r#"
0 of 3 finished
mavi: could not get task T[..]: the token is invalid or has expired (code 0401): no
hint: set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login
hint: to resume, run: mavi get T1 T2 T3

"#]]);
    assert_eq!(service.count(), 1);

    let run = refused("0402").env().run("submit V1 V2 V3");
    let run = run.expect_failure(5);
    run.expect_stderr(str![[r#"
submitting 3 tasks
mavi: could not submit V[..] (audio): not enough credit (code 0402): no. 3 of 3 videos were not submitted
hint: add credit to the account, then run the command again
hint: to resume, run: mavi submit --reuse V1 V2 V3

"#]]);
}
