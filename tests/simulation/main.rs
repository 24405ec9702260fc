//! Drives the schedule and the limiter as a `wait` of many tasks does, with four workers and a slow
//! network, through virtual time, and compares with plain round-robin. Prints what it finds
//! (`cargo test --test simulation -- --nocapture`) and holds it to the promised figures.

mod batch;
mod callbacks;
mod outcome;
mod referee;
mod wait;

use std::num::NonZeroU32;
use std::time::Duration;

use mavi::api::limiter::Limiter;

use crate::batch::{Batch, Lengths, START, Task};

/// The documented limit of both submits and gets.
const PER_MINUTE: u32 = 50;

fn limiter() -> Limiter {
    Limiter::new(NonZeroU32::new(PER_MINUTE).expect("not zero"))
}

/// Waits for `runs` batches both ways, and gives the ratio of the mean notice delays with a line to
/// print: means over the batches, and the worst p95.
fn compare(count: usize, batch: Batch, lengths: Lengths, runs: u32) -> (f64, String) {
    let (mut requests, mut plain_requests, mut busiest) = (0, 0, 0);
    let (mut mean, mut plain_mean, mut p95) = (0.0, 0.0, 0.0f64);
    for seed in 0..runs {
        let tasks = batch::tasks(count, batch, lengths, seed.into());
        // Another seed than the batch's, or the jitter would be in step with the lengths.
        let ours = wait::ours(&tasks, u64::from(seed) + 1000);
        let plain = wait::round_robin(&tasks);
        requests += ours.requests / runs as usize;
        plain_requests += plain.requests / runs as usize;
        busiest = busiest.max(ours.busiest);
        mean += ours.mean / f64::from(runs);
        plain_mean += plain.mean / f64::from(runs);
        p95 = p95.max(ours.p95);
    }
    let ratio = mean / plain_mean;
    let line = format!(
        "{count:5} tasks, {:12} {:8} {requests:5} requests, {busiest} a minute at most, \
         notice mean {mean:6.1} s, p95 {p95:7.1} s; \
         round-robin {plain_requests:5} requests, mean {plain_mean:6.1} s; ratio {ratio:.3}",
        format!("{batch:?},"),
        format!("{lengths:?}:"),
    );
    assert!(busiest <= PER_MINUTE as usize, "{line}");
    (ratio, line)
}

const ALL_LENGTHS: [Lengths; 3] = [Lengths::Wide, Lengths::Mixture, Lengths::Even];

const ALL_BATCHES: [Batch; 4] = [
    Batch::AtOnce,
    Batch::OverTime,
    Batch::Resumed,
    Batch::InOrder,
];

/// With few tasks the pace decides, not the budget: later than round-robin by choice, for a fraction
/// of its requests. So there is no bound on the ratio here.
#[test]
fn a_few_tasks_stay_within_the_limits() {
    for (count, runs) in [(1, 50), (50, 10)] {
        for lengths in ALL_LENGTHS {
            let (_, line) = compare(count, Batch::AtOnce, lengths, runs);
            println!("{line}");
        }
    }
    println!("{}", compare(50, Batch::Resumed, Lengths::Wide, 10).1);
}

#[test]
fn a_thousand_tasks_are_noticed_as_soon_as_the_budget_allows() {
    for batch in ALL_BATCHES {
        for lengths in ALL_LENGTHS {
            let (ratio, line) = compare(1000, batch, lengths, 5);
            println!("{line}");
            // Where the ages differ from the start, asking about the oldest first pays.
            let bound = if batch == Batch::Resumed { 0.97 } else { 1.1 };
            assert!(ratio <= bound, "{line}");
        }
    }
}

#[test]
fn ten_thousand_tasks_are_no_worse() {
    for batch in ALL_BATCHES {
        let (ratio, line) = compare(10_000, batch, Lengths::Wide, 1);
        println!("{line}");
        assert!(ratio <= 1.1, "{line}");
    }
}

#[test]
fn one_task_is_noticed_within_a_twentieth_of_its_length() {
    // The slowest way there and back, and the answer that just missed the end.
    let network = Duration::from_millis(400);
    for (seconds, most) in [(5, 4), (30, 16), (600, 80), (7200, 320), (20_000, 740)] {
        let length = Duration::from_secs(seconds);
        let allowed = (length / 20).clamp(Duration::from_secs(2), Duration::from_secs(30));
        let (mut requests, mut latest) = (0, 0.0f64);
        for seed in 0..50 {
            let task = Task {
                submitted: START,
                ends: START + length,
                known: START,
            };
            let outcome = wait::ours(&[task], seed);
            assert!(
                outcome.mean <= (allowed + network).as_secs_f64(),
                "{seconds} s: {}",
                outcome.mean
            );
            requests = requests.max(outcome.requests);
            latest = latest.max(outcome.mean);
        }
        println!(
            "one task of {seconds:5} s: {requests:3} requests at most, noticed after {latest:4.1} s at most"
        );
        assert!(requests <= most, "{seconds} s: {requests}");
    }
}
