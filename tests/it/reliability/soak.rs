//! Bad days: every fault of the sandbox at once. What `mavi` says must still be the truth.

use std::collections::HashSet;
use std::time::Duration;

use mavi::sandbox::SandboxOptions;

use super::{figure, length};
use crate::support::env::{TestEnv, videos};
use crate::support::run::Run;

/// Everything that can befall a submit or a get.
const EVERY_FAULT: &str = "http-500:0.05,http-503:0.02,reset:0.05,slow:20ms:0.1,html:0.04,truncate:0.04,fail:0.05,drop-after-accept:0.05";

/// The words for a submit that may have been accepted.
const NOT_KNOWN: &str = "it is not known whether the service accepted it";

fn env(faults: &str) -> TestEnv {
    TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::from_millis(100),
        faults: faults.parse().unwrap(),
        seed: Some(7),
        ..SandboxOptions::default()
    })
}

#[test]
fn every_task_ends_and_journal_matches_service_under_all_faults() {
    let env = env(EVERY_FAULT);
    let videos = videos("film", length(100, 500));
    let args =
        "submit --wait --interval 50ms --jobs 16 --retries 6 --format jsonl --error-format json -";
    let run = Run::of(env.command_with_items(args, &videos));
    let stats = env.sandbox().stats();
    let record = env.reconcile();

    // Every submit that was not refused for certain is on record, with its number or as unknown.
    let recorded = record.numbered.len() + record.unknown.len();
    let not_refused = stats.submits - stats.submits_refused;
    assert_eq!(recorded as u64, not_refused, "{stats:?}");

    // Every unknown one was said to be so. The rest of what failed is what was refused to the last.
    let errors = run.errors();
    let not_known: HashSet<String> = errors
        .iter()
        .filter(|error| error["message"].as_str().unwrap().contains(NOT_KNOWN))
        .map(|error| error["video_no"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(not_known, record.unknown);
    let refused = errors
        .iter()
        .filter(|error| {
            let message = error["message"].as_str().unwrap();
            message.starts_with("could not submit ")
        })
        .count()
        - not_known.len();
    assert_eq!(recorded + refused, videos.len());

    // Every task whose number is known ended: as finished and printed once, or as failed, and then
    // the sandbox had made it fail.
    let printed = run.tasks();
    let ended = |wanted: &str| -> HashSet<String> {
        let tasks = record.numbered.iter();
        tasks
            .filter(|(_, (_, status))| status == wanted)
            .map(|(number, _)| number.clone())
            .collect()
    };
    let (finished, failed) = (ended("finished"), ended("failed"));
    assert_eq!(finished.len() + failed.len(), record.numbered.len());
    assert_eq!(printed.len(), finished.len());
    assert_eq!(printed.into_iter().collect::<HashSet<_>>(), finished);
    let made_to_fail = env.sandbox().tasks().into_iter();
    let made_to_fail =
        made_to_fail.filter(|task| task.fails && record.numbered.contains_key(&task.task_no));
    assert_eq!(failed, made_to_fail.map(|task| task.task_no).collect());
    assert!(stats.faults > 0 && !failed.is_empty() && !record.unknown.is_empty());

    figure(&format!(
        "{} videos with every fault: {} finished, {} failed, {} unknown, {refused} refused; {stats:?}",
        videos.len(),
        finished.len(),
        failed.len(),
        record.unknown.len(),
    ));
}

#[test]
fn lost_answers_make_exactly_their_submits_unknown() {
    let env = env("slow:20ms:0.2,truncate:0.1,drop-after-accept:0.1");
    let videos = videos("film", 60);
    let run = Run::of(env.command_with_items("submit --jobs 8 -", &videos)).expect_status(7);
    let stats = env.sandbox().stats();
    let record = env.reconcile();
    assert_eq!(stats.submits, 60, "nothing was sent again");
    assert_eq!(stats.submits_accepted, 60);
    assert_eq!(record.numbered.len() + record.unknown.len(), 60);
    assert_eq!(run.lines().len(), record.numbered.len());
    // In part: it is the number that matters.
    let said = run.stderr.matches(NOT_KNOWN);
    assert_eq!(said.count(), record.unknown.len());
    assert!(!record.unknown.is_empty());
}
