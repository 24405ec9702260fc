//! Waits for tasks of earlier runs: how soon an end is noticed, and at what cost, compared with plain
//! round-robin.

use std::num::NonZeroU32;
use std::time::Duration;

use mavi::engine::item::NewItem;
use mavi::engine::rate_limit::{AccountLimits, EndpointLimit};
use mavi::ids::TaskNo;

use crate::batch::{self, Batch, Lengths, START, SimTask};
use crate::outcome::Outcome;
use crate::referee::Referee;
use crate::round_robin;
use crate::service::SimService;
use crate::world::{World, waiting};

/// The documented limits, but for the day's: how soon ends are noticed within a minute's budget.
fn without_day() -> AccountLimits {
    let limits = AccountLimits::default();
    AccountLimits {
        get: EndpointLimit {
            per_day: NonZeroU32::MAX,
            ..limits.get
        },
        ..limits
    }
}

/// Waits for these tasks with one run. Returns the figures and the most polls of any 60 s.
fn wait(tasks: &[SimTask], seed: u64) -> (Outcome, usize) {
    let mut service = SimService::new(without_day(), Lengths::Wide, seed);
    let name = |id: usize| format!("T{id}");
    service.ends = (tasks.iter().enumerate())
        .map(|(id, task)| (name(id), task.ends))
        .collect();
    let mut world = World::observed(without_day(), service, seed, Referee::new(tasks));
    let item = |(id, task): (usize, &SimTask)| NewItem::Task {
        task: TaskNo::new(&name(id)).expect("a name"),
        video: None,
        age: Some(START.saturating_sub(task.submitted)),
        calls_here: false,
    };
    let process = world.start(
        Duration::ZERO,
        waiting(seed),
        tasks.iter().enumerate().map(item),
    );
    world.run(Duration::from_hours(1000));
    assert!(world.processes[process].ended.is_some());
    assert_eq!(world.service.gets.refused, 0);
    let noticed: Vec<Duration> = (0..tasks.len())
        .map(|id| world.delivered[&name(id)][0])
        .collect();
    let outcome = Outcome::new(tasks, &noticed, world.processes[process].calls);
    (outcome, world.service.gets.busiest_minute)
}

/// Waits for `runs` batches both ways. Returns the ratio of the mean delays, with a line to print.
fn compare(count: usize, batch: Batch, lengths: Lengths, runs: u32) -> (f64, String) {
    let (mut requests, mut plain_requests, mut busiest) = (0, 0, 0);
    let (mut mean, mut plain_mean, mut p95) = (0.0, 0.0, 0.0f64);
    for seed in 0..runs {
        let tasks = batch::tasks(count, batch, lengths, seed.into());
        // Another seed than the batch's, or the jitter would be in step with the lengths.
        let (ours, busiest_minute) = wait(&tasks, u64::from(seed) + 1000);
        let plain = round_robin::wait(&tasks, 50);
        requests += ours.requests / runs as usize;
        plain_requests += plain.requests / runs as usize;
        busiest = busiest.max(busiest_minute);
        mean += ours.mean / f64::from(runs);
        plain_mean += plain.mean / f64::from(runs);
        p95 = p95.max(ours.p95);
    }
    let ratio = mean / plain_mean;
    let line = format!(
        "{count:5} tasks, {:9} {:8} {requests:5} requests, {busiest} a minute at most, \
         notice mean {mean:6.1} s, p95 {p95:7.1} s; \
         round-robin {plain_requests:5} requests, mean {plain_mean:6.1} s; ratio {ratio:.3}",
        format!("{batch:?},"),
        format!("{lengths:?}:"),
    );
    assert!(busiest <= 50, "{line}");
    (ratio, line)
}

/// With few tasks the interval decides, not the budget: later than round-robin by choice, for a fraction
/// of its requests. So there is no bound on the ratio here.
#[test]
fn few_tasks_stay_within_the_limits() {
    for (count, runs) in [(1, 50), (50, 10)] {
        for lengths in Lengths::ALL {
            println!("{}", compare(count, Batch::AtOnce, lengths, runs).1);
        }
    }
    println!("{}", compare(50, Batch::Resumed, Lengths::Wide, 10).1);
}

#[test]
fn thousand_tasks_are_noticed_as_soon_as_the_budget_allows() {
    for batch in [Batch::AtOnce, Batch::Resumed, Batch::InOrder] {
        for lengths in Lengths::ALL {
            let (ratio, line) = compare(1000, batch, lengths, 5);
            println!("{line}");
            // Where the ages differ from the start, polling the oldest first pays.
            let bound = if batch == Batch::Resumed { 0.97 } else { 1.1 };
            assert!(ratio <= bound, "{line}");
        }
    }
}

#[test]
fn ten_thousand_tasks_are_no_worse() {
    for batch in [Batch::AtOnce, Batch::Resumed, Batch::InOrder] {
        let (ratio, line) = compare(10_000, batch, Lengths::Wide, 1);
        println!("{line}");
        assert!(ratio <= 1.1, "{line}");
    }
}

#[test]
fn one_task_is_noticed_within_a_twentieth_of_its_length() {
    // The slowest way there and back, and the answer that just missed the end.
    let network = Duration::from_millis(600);
    for (seconds, most) in [(5, 4), (30, 16), (600, 80), (7200, 320), (20_000, 740)] {
        let length = Duration::from_secs(seconds);
        let allowed = (length / 20).clamp(Duration::from_secs(2), Duration::from_secs(30));
        let (mut requests, mut latest) = (0, 0.0f64);
        for seed in 0..50 {
            let task = SimTask {
                submitted: START,
                ends: START + length,
            };
            let (outcome, _) = wait(&[task], seed);
            let bound = (allowed + network).as_secs_f64();
            assert!(outcome.mean <= bound, "{seconds} s: {}", outcome.mean);
            requests = requests.max(outcome.requests);
            latest = latest.max(outcome.mean);
        }
        println!(
            "one task of {seconds:5} s: {requests:3} requests at most, noticed after {latest:4.1} s at most"
        );
        assert!(requests <= most, "{seconds} s: {requests}");
    }
}
