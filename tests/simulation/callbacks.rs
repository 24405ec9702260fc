//! Waiting with callbacks, in virtual time: what the safety net catches of those that are lost, how
//! late, and what it costs.

use std::time::Duration;

use fastrand::Rng;
use mavi::schedule::{Next, Pace, Schedule};

use crate::batch::{self, Batch, Lengths, START, Task};
use crate::limiter;

/// The way there and back.
const NETWORK: Duration = Duration::from_millis(200);

/// What came of it.
struct Caught {
    /// How often each task was taken as ended.
    ends: Vec<usize>,
    /// How long after its end.
    delays: Vec<Duration>,
    questions: usize,
}

/// Waits for tasks of which some call, at these times: more than once, late, or not at all.
fn wait(tasks: &[Task], calls: &[(Duration, usize)], pace: Pace, seed: u64) -> Caught {
    let limiter = limiter();
    let mut schedule = Schedule::new(Pace::adaptive(), seed);
    let mut caught = Caught {
        ends: vec![0; tasks.len()],
        delays: vec![Duration::MAX; tasks.len()],
        questions: 0,
    };
    let mut unknown = tasks.iter().enumerate().peekable();
    let mut calls = calls.iter().copied().peekable();
    let mut now = START;
    while unknown.peek().is_some() || schedule.open() > 0 {
        while let Some((id, task)) = unknown.next_if(|(_, task)| task.known <= now) {
            schedule.add_at(pace, id, Some(now.saturating_sub(task.submitted)), now);
        }
        let mut ended = |id: usize, schedule: &mut Schedule| {
            if schedule.ended(id) {
                caught.ends[id] += 1;
                caught.delays[id] = now.saturating_sub(tasks[id].ends);
            }
        };
        while let Some((_, id)) = calls.next_if(|(time, _)| *time <= now) {
            ended(id, &mut schedule);
        }
        let mut wake = unknown.peek().map_or(Duration::MAX, |(_, task)| task.known);
        wake = wake.min(calls.peek().map_or(Duration::MAX, |(time, _)| *time));
        match schedule.peek(now) {
            Next::Ask(id) => match limiter.reserve(now) {
                Ok(permit) => {
                    assert_eq!(schedule.next(now), Next::Ask(id));
                    caught.questions += 1;
                    let has_ended = tasks[id].ends <= now;
                    limiter.answered(permit, now);
                    if has_ended {
                        ended(id, &mut schedule);
                    } else {
                        schedule.pending(id);
                    }
                    wake = now + NETWORK;
                }
                Err(pause) => wake = wake.min(now + pause),
            },
            Next::Wait(until) => wake = wake.min(until),
            Next::Busy | Next::Done => {}
        }
        now = wake;
    }
    caught
}

/// The calls: half of them lost, half of the others made twice, a third of all late, so that others
/// overtake them.
fn faulty(tasks: &[Task], rng: &mut Rng) -> Vec<(Duration, usize)> {
    let mut calls = Vec::new();
    for (id, task) in tasks.iter().enumerate() {
        if rng.bool() {
            continue;
        }
        let late = if rng.u8(..3) == 0 { rng.u64(1..10) } else { 0 };
        let call = task.ends + NETWORK + Duration::from_secs(late);
        calls.push((call, id));
        if rng.bool() {
            calls.push((call + NETWORK, id));
        }
    }
    calls.sort_unstable();
    calls
}

#[test]
fn the_safety_net_catches_every_lost_callback_once_and_in_time() {
    for lengths in [Lengths::Wide, Lengths::Mixture, Lengths::Even] {
        for seed in 0..20 {
            let tasks = batch::tasks(200, Batch::OverTime, lengths, seed);
            let calls = faulty(&tasks, &mut Rng::with_seed(seed));
            let ours = wait(&tasks, &calls, Pace::rare(), seed);
            let plain = wait(&tasks, &[], Pace::adaptive(), seed);
            assert!(
                ours.ends.iter().all(|count| *count == 1),
                "{lengths:?} {seed}"
            );
            let late = tasks.iter().zip(&ours.delays).map(|(task, delay)| {
                // A gap of half the age, and what the rate limit adds where many are due at once.
                let length = task.ends.saturating_sub(task.submitted);
                let gap = (length / 2).clamp(Duration::from_mins(2), Duration::from_mins(15));
                delay.saturating_sub(gap)
            });
            let late = late.max().expect("there are tasks");
            assert!(
                late <= Duration::from_mins(2),
                "{lengths:?} {seed}: {late:?}"
            );
            let (questions, usual) = (ours.questions, plain.questions);
            assert!(
                questions * 3 <= usual,
                "{lengths:?} {seed}: {questions} of {usual}"
            );
            if seed == 0 {
                println!(
                    "200 tasks, {:9} half of the callbacks lost: {questions} questions in place of {usual}",
                    format!("{lengths:?},")
                );
            }
        }
    }
}

/// Tasks that end before the first question is due cost none at all.
#[test]
fn where_no_callback_is_lost_short_tasks_cost_no_question() {
    let mut tasks = batch::tasks(200, Batch::OverTime, Lengths::Wide, 1);
    for task in &mut tasks {
        task.ends = task.ends.min(task.submitted + Duration::from_secs(110));
    }
    let mut calls: Vec<_> = (tasks.iter().enumerate())
        .map(|(id, task)| (task.ends + NETWORK, id))
        .collect();
    calls.sort_unstable();
    let ours = wait(&tasks, &calls, Pace::rare(), 1);
    assert_eq!(ours.questions, 0);
    assert!(ours.ends.iter().all(|count| *count == 1));
}
