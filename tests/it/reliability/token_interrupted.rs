//! A signal while the token is fetched: the run ends with its status, nothing is sent, and the command that
//! prints the token is ended too.

use std::fs::File;
use std::process::Command;

use rustix::process::{Pid, Signal, test_kill_process};

use crate::support::all_at_once;
use crate::support::env::TestEnv;
use crate::support::fake_server::{Answer, FakeServer};
use crate::support::process::Process;

/// Starts `mavi` with the token of the configuration file.
fn start(env: &TestEnv, args: &str) -> Process {
    let mut command = env.command(args.split(' '));
    command.env_remove("MAVI_TOKEN");
    Process::start(command)
}

#[test]
fn signal_ends_the_run_and_its_token_command() {
    let cases = [
        ("submit V1", Signal::INT, 130, "interrupted"),
        ("submit --reuse V1 --wait", Signal::HUP, 143, "terminated"),
        (
            "transcribe talk.mp4 -f txt",
            Signal::TERM,
            143,
            "terminated",
        ),
        ("upload talk.mp4", Signal::INT, 130, "interrupted"),
        ("get T1", Signal::TERM, 143, "terminated"),
        ("wait T1", Signal::HUP, 143, "terminated"),
    ];
    all_at_once(cases, |(args, signal, status, what)| {
        let service = FakeServer::always(Answer::Silence);
        let env = service.env();
        env.write("talk.mp4", "content");
        env.configure("token_command = [\"sh\", \"-c\", \"echo $$ >&2; exec sleep 100\"]\n");
        let mut process = start(&env, args);
        let seen = process.wait_for_stderr("\n");
        process.signal(signal);
        let run = process.end().expect_status(status);
        let child: i32 = seen.lines().next().unwrap().parse().unwrap();
        let run = run
            .expect_stdout("")
            .expect_stderr(format!("{child}\nmavi: {what}\n"));
        assert_eq!(service.count(), 0, "{run:#?}");
        let child = Pid::from_raw(child).unwrap();
        assert!(
            test_kill_process(child).is_err(),
            "{args}: the command goes on"
        );
    });
}

#[test]
fn token_command_has_time_to_end_by_itself() {
    // A terminal's Ctrl-C reaches the command too, and `kill` this process alone.
    for (signal, to_command, status) in [
        (Signal::TERM, "", 143),
        (Signal::INT, "kill -INT $$ & ", 130),
    ] {
        let service = FakeServer::always(Answer::Silence);
        let env = service.env();
        let script = env.write(
            "token.sh",
            &format!(
                "trap 'sleep 0.1; echo saved > state; exit 1' TERM INT\n\
                 echo started >&2\nread go < go\n{to_command}while :; do sleep 0.01; done\n"
            ),
        );
        let pipe = env.path("go");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let script = script.display();
        env.configure(&format!("token_command = [\"sh\", \"{script}\"]\n"));
        let mut process = start(&env, "get T1");
        process.wait_for_stderr("started\n");
        drop(File::options().write(true).open(&pipe).unwrap());
        process.signal(signal);
        // In part: a shell may tell of its child.
        process
            .end()
            .expect_status(status)
            .stderr_contains(&["mavi: "]);
        assert_eq!(env.read("state"), "saved\n", "{status}");
    }
}

#[test]
fn signal_ends_the_run_that_waits_for_a_pipe_with_the_token() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let pipe = env.path("token");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    env.configure("token_file = \"~/token\"\n");
    let mut process = start(&env, "submit V1");
    // Opens once the other end is open.
    let _writer = File::options().write(true).open(&pipe).unwrap();
    process.signal(Signal::HUP);
    process
        .end()
        .expect_failure(143)
        .expect_stderr("mavi: terminated\n");
    assert_eq!(service.count(), 0);
}
