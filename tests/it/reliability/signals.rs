//! SIGINT and SIGTERM in the middle of many results: nothing half-written stays, and the command
//! that is offered brings the rest.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use mavi::sandbox::SandboxOptions;
use rustix::process::Signal;

use super::figure;
use crate::support::all_at_once;
use crate::support::env::{TestEnv, videos};
use crate::support::process::Process;
use crate::support::run::Run;

const TASKS: usize = 120;

/// A sandbox with tasks that have ended.
fn env() -> (TestEnv, Vec<String>) {
    let env = TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::ZERO,
        ..SandboxOptions::default()
    });
    let submitted = Run::of(env.command_with_items("submit --jobs 8 -", &videos("film", TASKS)));
    let tasks = submitted.ok().lines();
    (env, tasks)
}

/// The results in a folder, with what tells whether a file was written anew.
fn files(env: &TestEnv) -> HashMap<String, (u64, String)> {
    let Ok(entries) = fs::read_dir(env.path("results")) else {
        return HashMap::new();
    };
    let file = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        (name, (entry.metadata().unwrap().ino(), text))
    };
    entries.map(|entry| file(entry.unwrap())).collect()
}

#[test]
fn signal_amid_files_leaves_whole_ones_and_resume_fetches_rest() {
    let cases = [
        (Signal::INT, 130, 1),
        (Signal::TERM, 143, 20),
        (Signal::INT, 130, 60),
    ];
    all_at_once(cases, |(signal, status, results)| {
        let (env, tasks) = env();
        env.allow_at_once(1, 80);
        let args = "wait --jobs 4 --interval 10ms --output results/{taskNo}.srt -";
        let mut process = Process::start(env.command_with_items(args, &tasks));
        let folder = env.path("results");
        process.wait_until(|_| fs::read_dir(&folder).is_ok_and(|files| files.count() >= results));
        process.signal(signal);
        let run = process.end().expect_status(status);
        env.allow_all();

        let before = files(&env);
        for name in before.keys() {
            let task = name.strip_suffix(".srt");
            let known = task.is_some_and(|task| tasks.iter().any(|known| known == task));
            assert!(known && !name.starts_with('.'), "{name} was left behind");
        }
        assert!((results..TASKS).contains(&before.len()), "{}", before.len());

        let offered = run.resume_command();
        Run::of(env.shell(offered)).ok();
        let after = files(&env);
        let names: HashSet<_> = after.keys().cloned().collect();
        assert_eq!(
            names,
            tasks.iter().map(|task| format!("{task}.srt")).collect()
        );
        for (name, (_, text)) in &after {
            assert!(
                text.starts_with("1\n00:") && text.ends_with("\n\n"),
                "{name}"
            );
        }
        // What was there and not offered again was left alone.
        for (name, (inode, _)) in &before {
            let again = offered.contains(name.trim_end_matches(".srt"));
            assert!(again || after[name].0 == *inode, "{name} was written anew");
        }
        // A result may have been written and not yet be on record as the signal came, one for each
        // worker; asking again settles that.
        let open = env.run("tasks --status pending -f ids").ok();
        assert!(open.lines().len() <= 4, "{open:#?}");
        env.run("wait --pending -o results/{taskNo}.srt").ok();
        let record = env.reconcile();
        assert!(
            record
                .numbered
                .values()
                .all(|(_, status)| status == "finished")
        );
    });
}

#[test]
fn signal_amid_printed_results_loses_none() {
    all_at_once([Signal::INT, Signal::TERM], |signal| {
        let (env, tasks) = env();
        env.allow_at_once(1, 80);
        let args = "wait --jobs 4 --interval 10ms --format jsonl -";
        let mut process = Process::start(env.command_with_items(args, &tasks));
        process.wait_until(|process| process.printed().lines().count() >= 20);
        process.signal(signal);
        let run = process.end();
        env.allow_all();
        let first = run.tasks();
        let rest = Run::of(env.shell(run.resume_command())).ok().tasks();
        let all: HashSet<_> = first.iter().chain(&rest).cloned().collect();
        assert_eq!(all, tasks.iter().cloned().collect());
        // A result that was on its way out as the signal came may come again, one for each worker.
        let again = first.len() + rest.len() - TASKS;
        figure(&format!("{again} results came twice after a signal"));
        assert!(again <= 4, "{again} results came twice");
    });
}

#[test]
fn signal_during_submits_offers_resume_that_pays_nothing_twice() {
    for (signal, status, said) in [
        (Signal::INT, 130, "mavi: interrupted: "),
        (Signal::TERM, 143, "mavi: terminated: "),
    ] {
        let env = TestEnv::with_sandbox(SandboxOptions::default());
        env.allow_at_once(50, 1);
        let videos = videos("film", 200);
        let mut process = Process::start(env.command_with_items("submit --jobs 4 -", &videos));
        process.wait_until(|_| env.sandbox().stats().submits >= 20);
        process.signal(signal);
        let run = process.end().expect_status(status);
        // In part: how many submits were made differs.
        let run = run.stderr_contains(&[
            said,
            "of 200 videos were not submitted",
            "\nhint: to resume, run the same command again with --reuse\n",
        ]);
        let record = env.reconcile();
        assert!(record.numbered.len() <= 50, "it was interrupted");
        let is_known = |number: &String| record.numbered.contains_key(number);
        assert!(run.lines().iter().all(is_known), "{run:#?}");
    }
}
