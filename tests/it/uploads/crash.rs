//! `kill -9` at random instants from a file to its transcription, against the sandbox. `MAVI_LONG_TESTS=1`
//! makes it 200 files in place of 20.

use std::collections::HashSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use mavi::sandbox::SandboxOptions;
use rustix::process::Signal;

use crate::reliability::{figure, length};
use crate::support::env::TestEnv;
use crate::support::process::Process;
use crate::support::run::Run;

/// A size that is sent in several pieces.
const SIZE: usize = 3_000_000;

fn env() -> TestEnv {
    let env = TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::ZERO,
        parse_delay: Duration::ZERO,
        ..SandboxOptions::default()
    });
    env.configure(
        "[wait]\ninterval = \"10ms\"\n[limits]\nupload_per_minute = 100000\n\
         list_per_minute = 100000\nsubmit_audio_per_minute = 100000\nget_per_minute = 100000\n",
    );
    env
}

#[test]
fn files_of_runs_that_are_killed_are_paid_for_once() {
    let env = env();
    let files = length(20, 200);
    let write = |number: usize| {
        let content = format!("{number:08}").into_bytes().repeat(SIZE / 8);
        fs::write(env.path("talk.mp4"), content).unwrap();
    };
    let command = || env.command(["transcribe", "talk.mp4", "-f", "txt", "-o", "talk.txt"]);
    let began = Instant::now();
    write(0);
    Run::of(command()).ok();
    let run_time = u64::try_from(began.elapsed().as_micros()).unwrap();

    let (mut dice, mut kills, mut unknown) = (Rng::with_seed(2), 0, 0);
    for number in 1..files {
        write(number);
        for _ in 0..dice.usize(1..=3) {
            let mut process = Process::start(command());
            thread::sleep(Duration::from_micros(dice.u64(..run_time)));
            process.signal(Signal::KILL);
            kills += usize::from(process.end().status == -9);
        }
        let run = Process::start(command()).end();
        let is_unknown = run.status == 7;
        unknown += usize::from(is_unknown);
        if is_unknown {
            let expected = [
                "may have been accepted",
                "not known whether the service accepted",
            ];
            let is_explained = expected.iter().any(|text| run.stderr.contains(text));
            assert!(is_explained, "file {number}: {run:#?}");
        } else {
            assert_eq!(run.status, 0, "file {number}: {run:#?}");
            assert!(fs::metadata(env.path("talk.txt")).is_ok());
        }
        let _ = fs::remove_file(env.path("talk.txt"));
    }
    let (uploads, tasks) = (env.sandbox().uploads(), env.sandbox().tasks());
    let contents: HashSet<_> = uploads.iter().map(|upload| &upload.sha256).collect();
    assert_eq!(contents.len(), uploads.len(), "no file is uploaded twice");
    let videos: HashSet<_> = tasks.iter().map(|task| &task.video_no).collect();
    assert_eq!(videos.len(), tasks.len(), "no video is submitted twice");
    assert!(tasks.len() + unknown >= files, "nothing is lost");
    assert!(kills >= files / 2, "{kills} of the runs were killed");
    figure(&format!(
        "{files} files: {kills} runs killed, {} uploads, {} tasks, {unknown} unknown, {:?}",
        uploads.len(),
        tasks.len(),
        env.sandbox().stats()
    ));
}
