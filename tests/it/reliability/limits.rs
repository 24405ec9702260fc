//! Many tasks under limits like those of the service, at another scale: of the calls that a
//! minute allows, half may go at once, and the rest are spread over that minute. The suite has limits
//! of which that half is just enough; the long test lower ones, so that it lasts most of a minute.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use mavi::sandbox::{RateLimits, SandboxOptions};

use super::{figure, length};
use crate::support::env::{TestEnv, videos};
use crate::support::process::Process;
use crate::support::run::Run;

#[test]
fn many_tasks_stay_within_the_limits_and_are_printed_once() {
    let tasks = length(100, 1_000);
    let [audio, gets] =
        [length(200, 1_800), length(500, 1_800)].map(|count| u32::try_from(count).unwrap());
    let env = TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::from_secs(1),
        rate_limits: RateLimits::PerMinute {
            audio,
            video: 0,
            gets,
        },
        ..SandboxOptions::default()
    });
    env.configure(&format!(
        "[limits]\nsubmit_audio_per_minute = {audio}\nget_per_minute = {gets}\n"
    ));
    let args = "submit --wait --jobs 8 --format jsonl -";
    let run = Run::of(env.command_with_items(args, &videos("film", tasks))).ok();

    let stats = env.sandbox().stats();
    assert_eq!(stats.rate_limited, 0, "{stats:?}");
    assert_eq!(stats.submits, tasks as u64);
    let printed = run.tasks();
    assert_eq!(printed.len(), tasks);
    let record = env.reconcile();
    let finished = record
        .numbered
        .iter()
        .filter(|(_, (_, status))| status == "finished");
    let finished: HashSet<_> = finished.map(|(number, _)| number.clone()).collect();
    assert_eq!(printed.into_iter().collect::<HashSet<_>>(), finished);
    figure(&format!("{tasks} tasks: {stats:?}"));
}

#[test]
fn permits_of_a_run_are_used_or_given_back() {
    let env = TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::ZERO,
        ..SandboxOptions::default()
    });
    env.run("submit V1 --wait --interval 10ms").ok();
    // It needs none for its submit, which the record has.
    env.run("submit V1 --reuse").ok();

    let files = fs::read_dir(env.path(".local/state/mavi")).unwrap();
    let mut paths = files.map(|file| file.unwrap().path());
    let limits = paths.find(|path| path.to_string_lossy().contains("/limits-"));
    let limits = fs::read_to_string(limits.unwrap()).unwrap();
    // Answered; reserved; in flight.
    let counts = ["a", "r", "f"].map(|state| limits.matches(&format!(r#""s":"{state}""#)).count());
    assert_eq!(
        (counts[0] >= 2, counts[1], counts[2]),
        (true, 0, 0),
        "{limits}"
    );
}

#[test]
fn long_wait_for_the_limit_of_the_minute_is_told() {
    let env = TestEnv::with_sandbox(SandboxOptions::default());
    env.configure("[limits]\nsubmit_audio_per_minute = 1\nget_per_minute = 1\n");
    let submit = Process::start(env.command(["submit", "V1", "V2"]));
    submit.wait_for_stderr(
        "the limit of audio submits per minute is reached; the next one starts in ",
    );
    let task = env.run("tasks --format ids").ok().stdout;
    let get = format!("get {} other -f json", task.trim());
    let get = Process::start(env.command(get.split(' ')));
    get.wait_for_stderr("the limit of polls per minute is reached; the next one starts in ");
    assert_eq!(env.sandbox().stats().submits, 1);
}
