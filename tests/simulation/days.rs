//! Days of work within the documented daily numbers.

use std::time::Duration;

use mavi::engine::rate_limit::AccountLimits;

use crate::batch::Lengths;
use crate::service::SimService;
use crate::world::{World, video, waiting};

/// Ten thousand videos are submitted on three days, 4,000 in any 24 h, and fetched with 10,000 polls in
/// any 24 h.
#[test]
fn ten_thousand_videos_are_submitted_and_fetched_within_the_daily_numbers() {
    let limits = AccountLimits::default();
    let service = SimService::new(limits, Lengths::Wide, 1);
    let mut world = World::new(limits, service, 1);
    let mut left: Vec<usize> = (0..10_000).collect();
    let mut days = 0;
    while !left.is_empty() {
        days += 1;
        assert!(days <= 5, "{} are left", left.len());
        world.start(
            Duration::ZERO,
            waiting(days),
            left.iter().map(|number| video(*number)),
        );
        world.run(Duration::from_hours(72));
        let this = world.processes.last().expect("a run");
        assert!(this.ended.is_some(), "it ended within three days");
        left.retain(|number| !world.delivered.contains_key(&format!("task-of-V{number}")));
        // The next run starts when the day's budget of submits is there again.
        world.now += Duration::from_hours(12);
    }
    let (submits, gets) = (&world.service.submits, &world.service.gets);
    println!(
        "10,000 videos in {days} runs: at most {} submits and {} polls in any 24 h, {} polls in all",
        submits.busiest_day, gets.busiest_day, gets.accepted
    );
    assert_eq!((submits.refused, gets.refused), (0, 0));
    assert!(world.service.paid.values().all(|count| *count == 1));
    assert!(world.delivered.values().all(|times| times.len() == 1));
    let vain = world.service.vain_polls.values().copied().max();
    println!("polled in vain at most {} times", vain.unwrap_or(0));
}
