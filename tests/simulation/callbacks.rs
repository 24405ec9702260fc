//! Waiting with callbacks: what the safety net of polls catches of those that are lost, how late, and
//! what it costs.

use std::time::Duration;

use fastrand::Rng;
use mavi::engine::job::{Callbacks, JobOptions};
use mavi::engine::rate_limit::AccountLimits;
use mavi::receiver::CallbackResponse;

use crate::batch::Lengths;
use crate::service::SimService;
use crate::world::{World, video, waiting};

const COUNT: usize = 200;

/// Submits and waits, with callbacks of which some are lost, doubled or late.
fn run(lengths: Lengths, seed: u64, with_callbacks: bool) -> World {
    let limits = AccountLimits::default();
    let mut world = World::new(limits, SimService::new(limits, lengths, seed), seed);
    let options = JobOptions {
        callbacks: with_callbacks.then_some(Callbacks {
            takes_all: false,
            accepts_unknown_tasks: false,
            is_reachable: true,
            advice: "",
            count: None,
        }),
        ..waiting(seed)
    };
    let process = world.start(Duration::ZERO, options, (0..COUNT).map(video));
    let (mut rng, mut request, mut called) = (Rng::with_seed(seed), 0, 0);
    while world.processes[process].ended.is_none() {
        world.run(Duration::from_secs(20));
        if !with_callbacks {
            continue;
        }
        // The service calls back about what it has accepted since.
        let mut tasks = world.service.accepted[called..].to_vec();
        called += tasks.len();
        tasks.sort_unstable();
        for task in tasks {
            if rng.bool() {
                continue;
            }
            let late = if rng.u8(..3) == 0 { rng.u64(1..10) } else { 0 };
            let end = world.service.ends[&task];
            let at = end.max(world.now) + Duration::from_millis(200) + Duration::from_secs(late);
            for again in 0..=u32::from(rng.bool()) {
                let gap = Duration::from_millis(200) * again;
                world.call_back(process, request, &task, at + gap);
                request += 1;
            }
        }
    }
    world
}

#[test]
fn polls_catch_every_lost_callback_once_and_in_time() {
    for lengths in Lengths::ALL {
        for seed in 0..4 {
            let ours = run(lengths, seed, true);
            let plain = run(lengths, seed, false);
            assert_eq!(ours.delivered.len(), COUNT);
            for (task, times) in &ours.delivered {
                assert_eq!(times.len(), 1, "{task}");
                let end = ours.service.ends[task];
                // A gap of at most a quarter of an hour, and what the rate limit adds.
                let late = times[0].saturating_sub(end);
                assert!(
                    late <= Duration::from_mins(17),
                    "{lengths:?} {seed}: {late:?}"
                );
            }
            let stored = |response: &&CallbackResponse| **response == CallbackResponse::Stored;
            assert_eq!(
                ours.responses.values().filter(stored).count(),
                ours.responses.len()
            );
            let (polls, usual) = (ours.service.gets.accepted, plain.service.gets.accepted);
            assert!(polls * 3 <= usual, "{lengths:?} {seed}: {polls} of {usual}");
            if seed == 0 {
                println!(
                    "{COUNT} tasks, {:9} half of the callbacks lost: {polls} polls in place of {usual}",
                    format!("{lengths:?},")
                );
            }
        }
    }
}
