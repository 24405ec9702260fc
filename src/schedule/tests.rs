//! Tests of the order and the pace of questions.

use fastrand::Rng;
use proptest::prelude::*;

use super::*;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A pace without jitter, so that times can be told exactly.
fn exact() -> Schedule {
    let pace = Pace {
        jitter: 0.0,
        ..Pace::adaptive()
    };
    Schedule::new(pace, 0)
}

#[test]
fn a_gap_is_a_share_of_the_age_within_bounds() {
    for (age, gap) in [
        (s(0), s(2)),
        (s(40), s(2)),
        (s(60), s(3)),
        (s(599), ms(29_950)),
        (s(600), s(30)),
        (s(86_400), s(30)),
        (Duration::MAX, s(30)),
    ] {
        let mut schedule = exact();
        schedule.add(7, Some(age), s(5));
        let due = s(5) + s(2).saturating_sub(age);
        assert_eq!(schedule.next(due), Next::Ask(7), "{age:?}");
        schedule.pending(7);
        assert_eq!(schedule.peek(due), Next::Wait(due + gap), "{age:?}");
    }
}

#[test]
fn a_new_task_is_left_alone_for_two_seconds_and_one_of_unknown_age_is_not() {
    let mut schedule = exact();
    schedule.add(0, Some(s(0)), s(10));
    assert_eq!(schedule.next(s(10)), Next::Wait(s(12)));
    schedule.add(1, Some(ms(500)), s(10));
    assert_eq!(schedule.next(s(10)), Next::Wait(ms(11_500)));
    schedule.add(2, None, s(10));
    assert_eq!(schedule.next(s(10)), Next::Ask(2));
    assert_eq!(schedule.next(s(10)), Next::Wait(ms(11_500)));
    assert_eq!(schedule.next(s(12)), Next::Ask(1));
    assert_eq!(schedule.next(s(12)), Next::Ask(0));
    assert_eq!(schedule.next(s(12)), Next::Busy);
}

#[test]
fn the_oldest_of_those_due_together_goes_first() {
    let mut schedule = exact();
    for (id, age) in [(0, s(100)), (1, s(3000)), (2, s(50)), (3, s(7000))] {
        schedule.add(id, Some(age), s(0));
    }
    let order: Vec<_> = (0..4).map(|_| schedule.next(s(0))).collect();
    assert_eq!(order, [3, 1, 0, 2].map(Next::Ask));
}

#[test]
fn the_longest_due_goes_before_the_older() {
    let mut schedule = exact();
    schedule.add(0, Some(s(0)), s(0));
    schedule.add(1, Some(s(5000)), s(3));
    assert_eq!(schedule.next(s(4)), Next::Ask(0));
    assert_eq!(schedule.next(s(4)), Next::Ask(1));
}

#[test]
fn a_task_in_flight_is_not_given_out_again_and_its_gap_counts_from_the_question() {
    let mut schedule = exact();
    schedule.add(0, None, s(0));
    assert_eq!(schedule.next(s(0)), Next::Ask(0));
    assert_eq!(schedule.next(s(100)), Next::Busy);
    schedule.pending(0);
    assert_eq!(schedule.peek(s(1)), Next::Wait(s(2)));
    schedule.pending(0); // a second answer changes nothing
    assert_eq!(schedule.next(s(2)), Next::Ask(0));
}

#[test]
fn an_end_is_told_once_in_every_state() {
    let mut schedule = exact();
    assert_eq!(schedule.next(s(0)), Next::Done);
    schedule.add(0, None, s(0));
    schedule.add(1, Some(s(0)), s(0));
    assert_eq!(schedule.next(s(0)), Next::Ask(0));
    assert_eq!(schedule.open(), 2);
    assert!(schedule.ended(0), "in flight");
    assert!(schedule.ended(1), "waiting for its turn");
    assert!(!schedule.ended(0) && !schedule.ended(1));
    schedule.pending(0); // the answer that was under way when the callback came
    schedule.postpone(1, s(1));
    assert_eq!(schedule.open(), 0);
    assert_eq!(schedule.next(s(9)), Next::Done);
}

#[test]
fn a_task_can_be_put_off_in_flight_and_waiting() {
    let mut schedule = exact();
    schedule.add(0, None, s(0));
    assert_eq!(schedule.next(s(0)), Next::Ask(0));
    schedule.postpone(0, s(60));
    assert_eq!(schedule.next(s(59)), Next::Wait(s(60)));
    schedule.postpone(0, s(5));
    assert_eq!(schedule.next(s(4)), Next::Wait(s(5)));
    assert_eq!(schedule.next(s(5)), Next::Ask(0));
    assert_eq!(schedule.open(), 1);
}

#[test]
fn a_task_added_twice_is_one() {
    let mut schedule = exact();
    schedule.add(0, None, s(0));
    schedule.add(0, None, s(1));
    assert_eq!(schedule.next(s(1)), Next::Ask(0));
    schedule.add(0, None, s(1));
    assert_eq!(schedule.next(s(1)), Next::Busy);
    assert_eq!(schedule.open(), 1);
}

#[test]
fn a_fixed_gap_is_kept_to_the_letter() {
    let mut schedule = Schedule::new(Pace::fixed(s(90)), 3);
    schedule.add(0, None, s(0));
    for round in 0..20 {
        assert_eq!(schedule.next(s(90 * round)), Next::Ask(0));
        schedule.pending(0);
        assert_eq!(
            schedule.peek(s(90 * round)),
            Next::Wait(s(90 * (round + 1)))
        );
    }
}

#[test]
fn with_callbacks_the_first_question_is_late_and_the_rest_are_few() {
    let mut schedule = Schedule::new(Pace::rare(), 1);
    schedule.add(0, Some(s(0)), s(0));
    let mut asked = Vec::new();
    let mut now = s(0);
    while now < s(7200) {
        match schedule.next(now) {
            Next::Ask(_) => {
                asked.push(now);
                schedule.pending(0);
            }
            Next::Wait(until) => now = until,
            next => panic!("{next:?}"),
        }
    }
    assert!(asked[0] > s(110), "{asked:?}");
    assert!((8..=14).contains(&asked.len()), "{asked:?}");
}

/// The questions about one task that takes `length`, were every gap cut by as much as can be.
fn most_questions(length: Duration) -> usize {
    let mut now = Duration::ZERO; // one at once, as if its age were not known
    let mut count = 1;
    while now < length {
        let gap = now.mul_f64(0.05).clamp(s(2), s(30));
        now += gap.mul_f64(1.0 - Pace::JITTER);
        count += 1;
    }
    count
}

#[test]
fn no_luck_with_the_jitter_breaks_the_bound_on_questions() {
    assert!(most_questions(s(600)) <= 80, "{}", most_questions(s(600)));
    assert!(
        most_questions(s(7200)) <= 320,
        "{}",
        most_questions(s(7200))
    );
}

proptest! {
    #[test]
    fn a_jittered_gap_is_never_longer_and_hardly_shorter(age in 0u64..100_000, seed: u64) {
        let gap = Pace::adaptive().gap(s(age), &mut Rng::with_seed(seed));
        let plain = s(age).mul_f64(0.05).clamp(s(2), s(30));
        prop_assert!(gap <= plain && gap + ms(1) >= plain.mul_f64(0.96), "{gap:?} of {plain:?}");
    }

    /// However slow the caller is and whatever the ages: nobody is asked about twice while another
    /// stays overdue.
    #[test]
    fn nobody_is_asked_about_twice_while_another_is_overdue(
        ages in proptest::collection::vec(proptest::option::of(0u64..8000), 2..12),
        steps in proptest::collection::vec(0u64..6000, 10..120),
        seed: u64,
    ) {
        let mut schedule = Schedule::new(Pace::adaptive(), seed);
        for (id, age) in ages.iter().enumerate() {
            schedule.add(id, age.map(s), s(0));
        }
        // The latest time by which each is due, reckoned here, and the last question.
        let mut due: Vec<_> = ages.iter().map(|age| s(2).saturating_sub(s(age.unwrap_or(9)))).collect();
        let mut last: Vec<Option<Duration>> = vec![None; ages.len()];
        let mut now = s(0);
        for step in steps {
            now += ms(step);
            let Next::Ask(id) = schedule.next(now) else { continue };
            for other in (0..ages.len()).filter(|other| *other != id) {
                prop_assert!(last[id].is_none_or(|last| due[other] > last), "{id} before {other}");
            }
            last[id] = Some(now);
            due[id] = now + (s(ages[id].unwrap_or(0)) + now).mul_f64(0.05).clamp(s(2), s(30));
            schedule.pending(id);
        }
    }
}
