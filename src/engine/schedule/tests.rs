//! Tests of the order and the intervals of polls.

use fastrand::Rng;
use proptest::prelude::*;

use super::*;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// An interval without jitter, so that times can be told exactly.
const EXACT: PollInterval = PollInterval {
    jitter: 0.0,
    ..PollInterval::adaptive()
};

fn schedule(tasks: &[(usize, Option<Duration>)]) -> Schedule {
    let mut schedule = Schedule::new(0);
    for (id, age) in tasks {
        schedule.add(*id, EXACT, *age, s(0));
    }
    schedule
}

/// Takes the task that is due.
fn take(schedule: &mut Schedule, now: Duration) -> Option<usize> {
    let due = schedule.due(now)?;
    schedule.take(due, now);
    Some(due)
}

#[test]
fn gap_is_a_ratio_of_the_age_within_bounds() {
    for (age, gap) in [
        (s(0), s(2)),
        (s(40), s(2)),
        (s(60), s(3)),
        (s(599), ms(29_950)),
        (s(600), s(30)),
        (s(86_400), s(30)),
        (Duration::MAX, s(30)),
    ] {
        let mut schedule = Schedule::new(0);
        schedule.add(7, EXACT, Some(age), s(5));
        let due = s(5) + s(2).saturating_sub(age);
        assert_eq!(take(&mut schedule, due), Some(7), "{age:?}");
        schedule.reschedule(7);
        assert_eq!(schedule.next_due(), Some(due + gap), "{age:?}");
    }
}

#[test]
fn new_task_waits_two_seconds_and_one_of_unknown_age_does_not() {
    let mut schedule = Schedule::new(0);
    schedule.add(0, EXACT, Some(s(0)), s(10));
    assert_eq!(
        (schedule.due(s(10)), schedule.next_due()),
        (None, Some(s(12)))
    );
    schedule.add(1, EXACT, Some(ms(500)), s(10));
    assert_eq!(schedule.next_due(), Some(ms(11_500)));
    schedule.add(2, EXACT, None, s(10));
    let order: Vec<_> = [s(10), s(10), s(12), s(12), s(12)]
        .map(|now| take(&mut schedule, now))
        .into();
    assert_eq!(order, [Some(2), None, Some(1), Some(0), None]);
}

#[test]
fn oldest_of_those_due_together_goes_first() {
    let ages = [(0, 100), (1, 3000), (2, 50), (3, 7000)].map(|(id, age)| (id, Some(s(age))));
    let mut schedule = schedule(&ages);
    let order: Vec<_> = (0..4).filter_map(|_| take(&mut schedule, s(0))).collect();
    assert_eq!(order, [3, 1, 0, 2]);
}

#[test]
fn longest_due_goes_before_the_older() {
    let mut schedule = schedule(&[(0, Some(s(0)))]);
    schedule.add(1, EXACT, Some(s(5000)), s(3));
    assert_eq!(take(&mut schedule, s(4)), Some(0));
    assert_eq!(take(&mut schedule, s(4)), Some(1));
}

#[test]
fn task_in_flight_is_not_due_and_its_gap_counts_from_the_poll() {
    let mut schedule = schedule(&[(0, None)]);
    assert_eq!(take(&mut schedule, s(0)), Some(0));
    assert!(schedule.is_in_flight(0));
    assert_eq!((schedule.due(s(100)), schedule.next_due()), (None, None));
    schedule.reschedule(0);
    assert_eq!(schedule.next_due(), Some(s(2)));
    schedule.reschedule(0); // a second answer changes nothing
    assert_eq!(take(&mut schedule, s(2)), Some(0));
}

#[test]
fn remove_returns_true_once_in_every_state() {
    let mut schedule = schedule(&[(0, None), (1, Some(s(0)))]);
    assert_eq!(take(&mut schedule, s(0)), Some(0));
    assert!(schedule.remove(0), "in flight");
    assert!(schedule.remove(1), "waiting");
    assert!(!schedule.remove(0) && !schedule.remove(1));
    schedule.reschedule(0); // the answer that was under way when the callback came
    schedule.postpone(1, s(1));
    assert!(schedule.tasks.is_empty());
    assert_eq!(schedule.due(s(9)), None);
}

#[test]
fn task_can_be_postponed_in_flight_and_waiting() {
    let mut schedule = schedule(&[(0, None)]);
    assert_eq!(take(&mut schedule, s(0)), Some(0));
    schedule.postpone(0, s(60));
    assert_eq!(schedule.next_due(), Some(s(60)));
    schedule.postpone(0, s(5));
    assert_eq!(take(&mut schedule, s(4)), None);
    assert_eq!(take(&mut schedule, s(5)), Some(0));
    assert_eq!(schedule.tasks.len(), 1);
}

#[test]
fn task_added_twice_is_one() {
    let mut schedule = schedule(&[(0, None), (0, None)]);
    assert_eq!(take(&mut schedule, s(1)), Some(0));
    schedule.add(0, EXACT, None, s(1));
    assert_eq!(schedule.due(s(1)), None);
    assert_eq!(schedule.tasks.len(), 1);
}

#[test]
fn fixed_interval_is_kept_to_the_letter() {
    let mut schedule = Schedule::new(3);
    schedule.add(0, PollInterval::fixed(s(90)), None, s(0));
    for round in 0..20 {
        assert_eq!(take(&mut schedule, s(90 * round)), Some(0));
        schedule.reschedule(0);
        assert_eq!(schedule.next_due(), Some(s(90 * (round + 1))));
    }
}

#[test]
fn rare_interval_polls_late_and_seldom() {
    let mut schedule = Schedule::new(1);
    schedule.add(0, PollInterval::rare(), Some(s(0)), s(0));
    let mut polls = Vec::new();
    while let Some(now) = schedule.next_due().filter(|now| *now < s(7200)) {
        assert_eq!(take(&mut schedule, now), Some(0));
        polls.push(now);
        schedule.reschedule(0);
    }
    assert!(polls[0] > s(110), "{polls:?}");
    assert!((8..=14).contains(&polls.len()), "{polls:?}");
}

/// Returns the number of polls of a task that takes `length`, were every gap cut by as much as can be.
fn max_polls(length: Duration) -> usize {
    let mut now = Duration::ZERO; // one at once, as if its age were not known
    let mut count = 1;
    while now < length {
        let gap = now.mul_f64(0.05).clamp(s(2), s(30));
        now += gap.mul_f64(1.0 - PollInterval::JITTER);
        count += 1;
    }
    count
}

#[test]
fn worst_jitter_stays_within_poll_limit() {
    assert!(max_polls(s(600)) <= 80, "{}", max_polls(s(600)));
    assert!(max_polls(s(7200)) <= 320, "{}", max_polls(s(7200)));
}

proptest! {
    #[test]
    fn jittered_gap_is_never_longer_and_hardly_shorter(age in 0u64..100_000, seed: u64) {
        let gap = PollInterval::adaptive().gap(s(age), &mut Rng::with_seed(seed));
        let plain = s(age).mul_f64(0.05).clamp(s(2), s(30));
        prop_assert!(gap <= plain && gap + ms(1) >= plain.mul_f64(0.96), "{gap:?} of {plain:?}");
    }

    /// However slow the caller is and whatever the ages.
    #[test]
    fn never_polls_twice_before_overdue_task(
        ages in proptest::collection::vec(proptest::option::of(0u64..8000), 2..12),
        steps in proptest::collection::vec(0u64..6000, 10..120),
        seed: u64,
    ) {
        let mut schedule = Schedule::new(seed);
        for (id, age) in ages.iter().enumerate() {
            schedule.add(id, PollInterval::adaptive(), age.map(s), s(0));
        }
        // The latest time by which each is due, reckoned here, and the last poll.
        let mut due: Vec<_> = ages.iter().map(|age| s(2).saturating_sub(s(age.unwrap_or(9)))).collect();
        let mut last: Vec<Option<Duration>> = vec![None; ages.len()];
        let mut now = s(0);
        for step in steps {
            now += ms(step);
            let Some(id) = take(&mut schedule, now) else { continue };
            for other in (0..ages.len()).filter(|other| *other != id) {
                prop_assert!(last[id].is_none_or(|last| due[other] > last), "{id} before {other}");
            }
            last[id] = Some(now);
            due[id] = now + (s(ages[id].unwrap_or(0)) + now).mul_f64(0.05).clamp(s(2), s(30));
            schedule.reschedule(id);
        }
    }
}

#[test]
fn further_tasks_are_polled_first_when_others_have_ended() {
    let mut schedule = Schedule::new(1);
    schedule.add(0, PollInterval::adaptive(), Some(s(0)), s(0));
    schedule.expect(s(9));
    schedule.expect(s(6));
    schedule.expect(s(7));
    schedule.remove(0);
    schedule.add(1, PollInterval::adaptive(), Some(s(0)), s(100));
    let due = schedule.next_due().unwrap();
    assert!(due > s(105) && due <= s(106), "{due:?}");
    // A fixed interval is what was asked for, and long tasks say little about a short one.
    schedule.remove(1);
    schedule.add(2, PollInterval::fixed(s(1)), Some(s(0)), s(100));
    assert_eq!(schedule.next_due(), Some(s(101)));
    let mut schedule = Schedule::new(1);
    schedule.expect(s(3_600));
    schedule.add(0, PollInterval::adaptive(), Some(s(0)), s(0));
    assert!(schedule.next_due().unwrap() <= s(30));
}
