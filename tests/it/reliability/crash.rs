//! `kill -9` at random instants, and what the next run makes of what is left.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use mavi::sandbox::SandboxOptions;
use rustix::process::Signal;

use super::{figure, length};
use crate::support::env::{TestEnv, videos};
use crate::support::process::Process;
use crate::support::run::Run;

/// A sandbox whose tasks do not end while the test lasts.
fn env() -> TestEnv {
    TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::from_hours(1),
        ..SandboxOptions::default()
    })
}

/// As many submits as are made at once: fewer than there are videos, so that no process ends before
/// it is killed.
const AT_ONCE: usize = 30;

/// Submits these videos and kills the process after that many submits have arrived at the sandbox
/// and a little while more.
fn killed(env: &TestEnv, videos: &[String], submits: usize, more: Duration) -> Run {
    env.allow_at_once(AT_ONCE, 1);
    env.forget_rate_limits();
    let so_far = env.sandbox().stats().submits;
    let mut process = Process::start(env.command_with_items("submit --jobs 8 -", videos));
    process.wait_until(|_| env.sandbox().stats().submits >= so_far + submits as u64);
    thread::sleep(more);
    process.signal(Signal::KILL);
    process.end().expect_status(-9)
}

#[test]
fn a_process_that_is_killed_at_any_instant_loses_no_task() {
    let env = env();
    let rounds = length(20, 200);
    let (mut dice, mut printed) = (Rng::with_seed(1), HashSet::new());
    for round in 0..rounds {
        let videos = videos(&format!("round-{round}"), AT_ONCE + 10);
        let more = Duration::from_micros(dice.u64(..10_000));
        let run = killed(&env, &videos, dice.usize(..=AT_ONCE), more);
        printed.extend(run.lines());

        let record = env.reconcile();
        for number in &printed {
            let found = record.numbered.get(number);
            assert!(
                found.is_some_and(|(_, status)| status == "pending"),
                "round {round}: {number} was printed and is not on record as pending"
            );
        }
    }
    let record = env.reconcile();
    figure(&format!(
        "{rounds} kills: {} submits arrived, {} accepted, {} numbers printed, {} on record, {} unknown",
        env.sandbox().stats().submits,
        env.sandbox().stats().submits_accepted,
        printed.len(),
        record.numbered.len(),
        record.unknown.len(),
    ));
}

#[test]
fn reuse_after_a_crash_pays_for_the_missing_ones_only() {
    let env = env();
    let videos = videos("film", 40);
    killed(&env, &videos, 20, Duration::ZERO);
    env.allow_all();
    let before = env.reconcile();
    let missing = videos.len() - before.numbered.len() - before.unknown.len();
    assert!(missing >= 10, "it was killed");
    let paid = env.sandbox().stats().submits;

    let run = Run::of(env.command_with_items("submit --reuse --jobs 8 -", &videos));
    let after = env.reconcile();
    assert_eq!(env.sandbox().stats().submits - paid, missing as u64);
    assert_eq!(after.unknown, before.unknown, "left to the user to decide");
    assert_eq!(after.numbered.len(), before.numbered.len() + missing);
    let status = if after.unknown.is_empty() { 0 } else { 7 };
    let run = run.expect_status(status);
    let printed: HashSet<_> = run.lines().into_iter().collect();
    assert_eq!(printed, after.numbered.into_keys().collect());

    // And once more it is free.
    let again = Run::of(env.command_with_items("submit --reuse --jobs 8 -", &videos));
    assert_eq!((again.status, again.stdout), (status, run.stdout));
    assert_eq!(env.sandbox().stats().submits - paid, missing as u64);
}
