//! Several runs at once on one account: no call is refused, the budget is used, nobody starves.

use std::time::Duration;

use mavi::engine::job::{JobOptions, Polls};
use mavi::engine::rate_limit::{AccountLimits, EndpointLimit};

use crate::batch::Lengths;
use crate::service::SimService;
use crate::world::{World, video, waiting};

const MINUTES: u64 = 30;
/// The polls that the account allows in this time.
const BUDGET: usize = 50 * 30;

/// Starts runs of 40 videos each, which all wait for long tasks.
fn crowd(processes: usize, seed: u64) -> World {
    let limits = AccountLimits::default();
    let mut world = World::new(limits, SimService::new(limits, Lengths::Even, seed), seed);
    for process in 0..processes {
        let videos = (0..40).map(|number| video(process * 1000 + number));
        let after = Duration::from_millis(137 * process as u64);
        world.start(after, waiting(seed + process as u64), videos);
    }
    world
}

#[test]
fn shared_limits_are_used_and_never_exceeded() {
    for processes in [1, 5, 10] {
        let mut world = crowd(processes, 3);
        world.run(Duration::from_mins(MINUTES));
        let (submits, gets) = (&world.service.submits, &world.service.gets);
        let used = gets.accepted * 1000 / BUDGET;
        let calls: Vec<usize> = world
            .processes
            .iter()
            .map(|process| process.calls)
            .collect();
        println!("{processes} processes: {used} ‰ of the polls used, calls {calls:?}");
        assert_eq!((submits.refused, gets.refused), (0, 0));
        assert!(processes == 1 || used >= 900, "{used}");
        let fair = calls.iter().sum::<usize>() / processes;
        assert!(calls.iter().all(|calls| *calls * 2 >= fair), "{calls:?}");
    }
}

#[test]
fn killed_process_blocks_nobody() {
    let mut world = crowd(5, 7);
    for process in 0..3 {
        world.kill(process, Duration::from_secs(40 + 10 * process as u64));
    }
    world.run(Duration::from_mins(MINUTES));
    let gets = &world.service.gets;
    let used = gets.accepted * 1000 / BUDGET;
    println!("3 of 5 killed: {used} ‰ of the polls used");
    assert_eq!((world.service.submits.refused, gets.refused), (0, 0));
    assert!(used >= 800, "{used}");
}

/// The account may do less than is configured: found out from refusals and waited out.
#[test]
fn smaller_limit_of_the_account_costs_few_refusals_and_no_video() {
    let configured = AccountLimits::default();
    let real = AccountLimits {
        submit_audio: EndpointLimit::new(10, 4000),
        ..configured
    };
    let mut world = World::new(configured, SimService::new(real, Lengths::Wide, 5), 5);
    for process in 0..5 {
        let options = JobOptions {
            polls: Polls::Never,
            workers: 1,
            ..waiting(process as u64)
        };
        let videos = (0..40).map(|number| video(process * 1000 + number));
        world.start(Duration::from_millis(100 * process as u64), options, videos);
    }
    world.run(Duration::from_hours(3));
    let submits = &world.service.submits;
    println!(
        "5 submitters of 40 at 10 a minute: {} refused",
        submits.refused
    );
    assert_eq!(submits.accepted, 200, "none was given up");
    assert!(submits.refused <= 20, "{}", submits.refused);
    assert!(
        world
            .processes
            .iter()
            .all(|process| process.job.outcome().exit.code() == 0)
    );
}
