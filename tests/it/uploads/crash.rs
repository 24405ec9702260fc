//! `kill -9` at random instants from a file to its transcription, against the sandbox. `MAVI_LONG_TESTS=1`
//! makes it 200 files in place of 20.

use std::collections::HashSet;
use std::fs;
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use mavi::sandbox::SandboxOptions;
use rustix::process::Signal;

use crate::reliability::{figure, length};
use crate::support::env::TestEnv;
use crate::support::process::Process;

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

/// Returns the numbers that tell how far runs have come: nothing yet, bytes sent, uploads accepted, submits.
fn reached(env: &TestEnv) -> [u64; 4] {
    let stats = env.sandbox().stats();
    [0, stats.upload_bytes, stats.uploads_accepted, stats.submits]
}

#[test]
fn files_of_runs_that_are_killed_are_paid_for_once() {
    let env = env();
    let files = length(20, 200);
    let (mut dice, mut kills, mut unknown) = (Rng::with_seed(2), 0, 0);
    for number in 0..files {
        let name = format!("talk-{number}.mp4");
        let content = format!("{number:08}").into_bytes().repeat(SIZE / 8);
        fs::write(env.path(&name), content).unwrap();
        let command = || env.command(["transcribe", &name, "-f", "txt", "-o", "talk.txt"]);
        for _ in 0..dice.usize(1..=3) {
            let stage = dice.usize(..4);
            let before = reached(&env)[stage];
            let mut process = Process::start(command());
            process.wait_until(|_| stage == 0 || reached(&env)[stage] > before);
            thread::sleep(Duration::from_micros(dice.u64(..20_000)));
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
            // In part: where it was killed differs.
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
    assert!(kills >= files / 3, "{kills} of the runs were killed");
    figure(&format!(
        "{files} files: {kills} runs killed, {} uploads, {} tasks, {unknown} unknown, {:?}",
        uploads.len(),
        tasks.len(),
        env.sandbox().stats()
    ));
}
