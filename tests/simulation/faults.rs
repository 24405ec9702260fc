//! Bad days: every fault at once, many seeds. Nothing is paid for twice, every result that can come
//! comes once, and the status is the documented one.

use std::time::Duration;

use mavi::engine::item::State;
use mavi::engine::rate_limit::AccountLimits;

use crate::batch::Lengths;
use crate::service::SimService;
use crate::world::{Faults, World, video, waiting};

#[test]
fn every_fault_at_once_pays_for_nothing_twice_and_loses_nothing() {
    let limits = AccountLimits::default();
    for seed in 0..40 {
        let mut world = World::new(
            limits,
            SimService::new(limits, Lengths::Mixture, seed),
            seed,
        );
        world.faults = Faults {
            no_connection: 10,
            lost_answer: 10,
            server_error: 10,
            disk_full: 5,
            cut_upload: 0,
        };
        let run = world.start(Duration::ZERO, waiting(seed), (0..60).map(video));
        world.run(Duration::from_hours(48));
        let process = &world.processes[run];
        assert!(process.ended.is_some(), "seed {seed}: it ended");
        let paid = &world.service.paid;
        assert!(
            paid.values().all(|count| *count == 1),
            "seed {seed}: {paid:?}"
        );
        for item in process.job.items() {
            let video = item.video.as_ref().expect("a video").to_string();
            let task = format!("task-of-{video}");
            let delivered = world.delivered.get(&task).map_or(0, Vec::len);
            match item.state {
                State::Done => assert_eq!(delivered, 1, "seed {seed}: {video}"),
                // Accepted or not: the answer was lost, so it was not sent again.
                State::Unknown(exit) => assert_eq!((delivered, exit.code()), (0, 7)),
                State::Undelivered(exit) => assert_eq!((delivered, exit.code()), (0, 1)),
                // Never accepted, after all retries.
                State::Failed(_) => assert!(!paid.contains_key(&video), "seed {seed}: {video}"),
                ref state => panic!("seed {seed}: {video} ended as {state:?}"),
            }
        }
        let outcome = process.job.outcome();
        assert_ne!(outcome.exit.code(), 0, "seed {seed}: something failed");
    }
}

#[test]
fn outage_of_an_hour_ends_no_wait() {
    let limits = AccountLimits::default();
    let mut world = World::new(limits, SimService::new(limits, Lengths::Wide, 2), 2);
    let run = world.start(Duration::ZERO, waiting(2), (0..20).map(video));
    world.run(Duration::from_mins(2));
    world.faults.no_connection = 100;
    world.run(Duration::from_hours(1));
    world.faults.no_connection = 0;
    world.run(Duration::from_hours(10));
    assert_eq!(world.processes[run].job.outcome().exit.code(), 0);
    assert_eq!(world.delivered.len(), 20);
}
