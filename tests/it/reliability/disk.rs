//! Disks that are full and folders that cannot be written: the right status, no half file, and no
//! result lost. A full disk is a limit on the size of files: what does not fit is refused half-way,
//! as by a disk, and no privileges are needed.

use std::fs::{self, OpenOptions};
use std::process::Command;
use std::time::Duration;

use mavi::sandbox::SandboxOptions;
use snapbox::str;

use crate::support::env::{TestEnv, videos};
use crate::support::process::Process;
use crate::support::run::Run;

fn env() -> TestEnv {
    TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::ZERO,
        ..SandboxOptions::default()
    })
}

/// Lets the command write no file beyond this many blocks of 512 bytes.
fn on_a_full_disk(env: &TestEnv, blocks: u32, line: &str) -> Command {
    // The default answer to the limit is to kill the process; a disk only says no.
    env.shell(&format!("trap '' XFSZ; ulimit -f {blocks}; exec {line}"))
}

#[test]
fn journal_on_full_disk_earns_warning_and_task_ids_are_printed() {
    let env = env();
    let line = "mavi submit -t audio A B C D E F G H";
    // In part: which submits are recorded differs.
    let run = Run::of(on_a_full_disk(&env, 4, line));
    let run = run
        .ok()
        .stderr_contains(&["warning: this run is not recorded: ", "the free disk space"]);
    assert_eq!(run.lines().len(), 8);
    assert_eq!(env.sandbox().stats().submits, 8);
    assert_eq!(run.stderr.matches("warning: ").count(), 1, "{run:#?}");
    let journal = fs::read(env.journal()).unwrap();
    assert_eq!(journal.len(), 4 * 512, "the disk was full");
    assert_ne!(journal.last(), Some(&b'\n'), "the last line is torn");

    // With room again, the torn line is in nobody's way.
    let later = env.run("submit later").ok();
    // In part: how many submits are recorded differs.
    let tasks = env
        .run("tasks -f ids")
        .ok()
        .stderr_contains(&["warning: skipped 1 line of the journal that could not be read"]);
    assert!(tasks.stdout.ends_with(&later.stdout), "{tasks:#?}");
    let kept = tasks.lines();
    let (first, rest) = kept.split_at(kept.len() - 1);
    // In part: which submits are recorded differs.
    assert!(first.iter().all(|number| run.stdout.contains(number)));
    assert_eq!((first.len() > 1, rest.len()), (true, 1));
}

#[test]
fn file_on_full_disk_is_whole_or_absent_and_can_be_fetched_later() {
    let env = env();
    let tasks = env.run("submit A B").ok().lines();
    let line = format!(
        "mavi wait --interval 10ms -o '{{taskNo}}.json' {} {}",
        tasks[0], tasks[1]
    );
    // Room for the journal, less than 1,000 bytes, and not for a transcription.
    let run = Run::of(on_a_full_disk(&env, 3, &line)).expect_status(1);
    for (video, task) in ["A", "B"].into_iter().zip(&tasks) {
        let cannot = format!("could not save the result of {video} (audio), task {task}: ");
        // In part: two tasks end in any order.
        assert!(run.stderr.contains(&cannot), "{run:#?}");
    }
    assert_eq!(results(&env), [""; 0]);
    let record = env.reconcile();
    let pending = record.numbered.values();
    assert_eq!(pending.filter(|(_, status)| status == "pending").count(), 2);

    Run::of(env.shell(&line)).ok();
    assert_eq!(results(&env).len(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn full_stdout_ends_submit_and_task_ids_are_on_stderr() {
    let env = env();
    let videos = videos("film", 200);
    let mut command = env.command_with_items("submit --jobs 4 -", &videos);
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = Process::spawn(command.stdout(full)).end().expect_status(1);
    let record = env.reconcile();
    assert_eq!(record.unknown.len(), 0);
    // One for each worker, and what those had begun when the first found out.
    assert!((1..20).contains(&record.numbered.len()), "{record:#?}");
    for number in record.numbered.keys() {
        // In part: which submits were made differs.
        assert!(run.stderr.contains(number), "{number} is not in {run:#?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_loses_no_result() {
    let env = env();
    let tasks = env.run("submit A B C").ok().lines();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    env.run_into("wait --pending --interval 10ms -f jsonl", full)
        .expect_status(1);
    let again = env.run("wait --pending --interval 10ms -f jsonl").ok();
    let mut printed = again.tasks();
    printed.sort();
    let mut expected = tasks;
    expected.sort();
    assert_eq!(printed, expected, "they are still to be had");
}

#[test]
fn unwritable_state_directory_earns_warnings_and_results_are_printed() {
    for in_the_way in [".local/state/mavi", ".local/state", ".local"] {
        let env = env();
        env.write(in_the_way, "a file where a folder should be");
        let once = |run: Run| {
            // One for the rate limits, one for the journal.
            // In part: three commands have these warnings in common.
            assert_eq!(run.stderr.matches("warning: ").count(), 2, "{run:#?}");
            run.ok().stderr_contains(&[
                "warning: cannot use the shared rate limits in ",
                "warning: this run is not recorded: ",
                "is a file, not a directory",
                "check the permissions of the directory",
            ])
        };
        let submitted = once(env.run("submit A B C")).lines();
        assert_eq!(submitted.len(), 3);
        let waited = env.run("submit D E --wait --interval 10ms -f jsonl");
        assert_eq!(once(waited).lines().len(), 2);
        let got = env.run(&format!("get {} -f txt", submitted[0]));
        assert!(!once(got).stdout.is_empty());
    }
}

#[test]
fn journal_that_is_a_directory_earns_warning_and_results_are_printed() {
    let env = env();
    fs::create_dir_all(env.journal()).unwrap();
    // One worker: both are submitted before the first is polled.
    let run = env
        .run("submit A B --jobs 1 --wait --interval 10ms -f jsonl")
        .ok();
    assert_eq!(run.lines().len(), 2);
    run.expect_stderr(str![[r#"
warning: this run is not recorded: could not write the journal [HOME]/.local/state/mavi/journal.jsonl: not a regular file; check the permissions of the directory and the free disk space; until then save task and video IDs yourself: nothing else records them
submitting 2 tasks
A (audio): task [TASK] (not recorded)
A (audio): task [TASK]
B (audio): task [TASK] (not recorded)
B (audio): task [TASK]
0 of 2 finished
A (audio): finished in [TIME]
1 of 2 finished
B (audio): finished in [TIME]
2 of 2 finished, 0 failed, [TIME]

"#]]);
    // What cannot do without the journal says so, and pays for nothing.
    let paid = env.sandbox().stats().submits;
    env.expect_transcript(
        ["tasks", "submit --reuse A", "wait --last", "wait --pending"],
        str![[r#"
$ mavi tasks
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: not a regular file
hint: make it readable, or move it away to start a new one
[1]
$ mavi submit --reuse A
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: not a regular file
hint: make it readable, or move it away to start a new one
[1]
$ mavi wait --last
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: not a regular file
hint: make it readable, or move it away to start a new one
[1]
$ mavi wait --pending
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: not a regular file
hint: make it readable, or move it away to start a new one
[1]

"#]],
    );
    assert_eq!(env.sandbox().stats().submits, paid);
}

/// The files that a command left in the working folder, temporary ones included.
fn results(env: &TestEnv) -> Vec<String> {
    let names = fs::read_dir(env.path("")).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| ![".config", ".local"].contains(&&**name))
        .collect();
    names.sort();
    names
}

#[test]
fn recorded_task_is_printed_where_the_journal_cannot_be_written() {
    let env = env();
    let task = env.run("submit V1").ok().stdout;
    // As a read-only folder has it, for root too.
    let lock = env.journal().with_extension("lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    env.run("submit V1 --reuse").expect_output(&task, "");
    let run = env.run("submit V1 V2 --reuse").expect_status(1);
    run.expect_stdout(&task).expect_stderr(str![[r#"
mavi: could not submit V2 (audio): could not write the journal [HOME]/.local/state/mavi/journal.jsonl: [HOME]/.local/state/mavi/journal.lock: not a regular file
hint: check the permissions of the directory and the free disk space; until then save task and video IDs yourself: nothing else records them

"#]]);
    assert_eq!(env.sandbox().stats().submits, 1);
}
