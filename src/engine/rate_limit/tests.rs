//! Tests of the rate limits in virtual time, one call at a time. [`simulation`] has many callers.

mod shared;
mod simulation;

use super::*;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
const FULL_WINDOW: Duration = ms(WINDOW);

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Virtual time: this many milliseconds after some instant.
const fn at(millis: u64) -> Duration {
    ms(1_800_000_000_000 + millis)
}

/// A limiter with these limits for polls.
fn limiter(per_minute: u32, per_day: u32) -> RateLimiter {
    RateLimiter::new(AccountLimits {
        get: EndpointLimit::new(per_minute, per_day),
        ..AccountLimits::default()
    })
}

/// The slot of a reservation, and the time until it.
fn slot(reservation: Reservation) -> (Permit, Duration) {
    match reservation {
        Reservation::Slot { permit, wait } => (permit, wait),
        Reservation::DaySpent { wait } => panic!("the day is spent for {wait:?}"),
    }
}

fn reserve(limiter: &mut RateLimiter, pacing: Pacing, now: Duration) -> (Permit, Duration) {
    slot(limiter.reserve(Endpoint::Get, pacing, now))
}

/// Starts a call that has to be possible now.
fn start_now(limiter: &mut RateLimiter, pacing: Pacing, now: Duration) -> Permit {
    let (permit, wait) = reserve(limiter, pacing, now);
    assert_eq!(wait, Duration::ZERO);
    permit
}

/// The time until the next call, which is not made.
fn next(limiter: &RateLimiter, pacing: Pacing, now: Duration) -> Duration {
    reserve(&mut limiter.clone(), pacing, now).1
}

fn burst(limiter: &mut RateLimiter, calls: u32, now: Duration) {
    for _ in 0..calls {
        let permit = start_now(limiter, Pacing::Immediate, now);
        limiter.complete(permit, now);
    }
}

#[test]
fn default_limits_are_documented_ones() {
    let limits = AccountLimits::default();
    let of = |endpoint| {
        let limit = limits.of(endpoint);
        (limit.per_minute.get(), limit.per_day.get())
    };
    assert_eq!(of(Endpoint::SubmitAudio), (50, 4_000));
    assert_eq!(of(Endpoint::SubmitVideo), (20, 2_000));
    assert_eq!(of(Endpoint::Get), (50, 10_000));
    assert_eq!(of(Endpoint::Upload), (10, 1_000));
    assert_eq!(of(Endpoint::List), (200, 1_000));
}

#[test]
fn immediate_calls_use_whole_minute_at_once() {
    let mut limiter = limiter(50, 10_000);
    burst(&mut limiter, 50, at(0));
    assert_eq!(next(&limiter, Pacing::Immediate, at(0)), FULL_WINDOW);
    assert_eq!(next(&limiter, Pacing::Even, at(500)), ms(WINDOW - 500));
    let other = limiter.reserve(Endpoint::List, Pacing::Immediate, at(500));
    assert_eq!(slot(other).1, Duration::ZERO, "an endpoint of its own");
    burst(&mut limiter, 50, at(WINDOW));
}

#[test]
fn even_calls_are_spaced_after_half_of_minute() {
    let mut limiter = limiter(10, 10_000);
    for _ in 0..5 {
        let _ = start_now(&mut limiter, Pacing::Even, at(0));
    }
    let waits: Vec<_> = (0..6)
        .map(|_| reserve(&mut limiter, Pacing::Even, at(0)).1)
        .collect();
    // The rest of the minute's budget, spread over the minute.
    let expected = [12_100, 24_200, 36_300, 48_400, 54_450, WINDOW].map(ms);
    assert_eq!(waits, expected);
}

#[test]
fn unused_budget_may_burst_again() {
    let mut limiter = limiter(10, 10_000);
    burst(&mut limiter, 10, at(0));
    for _ in 0..5 {
        let _ = start_now(&mut limiter, Pacing::Even, at(70_000));
    }
    assert!(!next(&limiter, Pacing::Even, at(70_000)).is_zero());
}

#[test]
fn window_of_call_starts_at_completion() {
    let mut limiter = limiter(1, 10_000);
    let permit = start_now(&mut limiter, Pacing::Immediate, at(0));
    let (waiting, wait) = reserve(&mut limiter, Pacing::Immediate, at(100));
    assert_eq!(wait, ms(WINDOW - 100));
    limiter.complete(permit, at(4_000));
    let (waiting, wait) = slot(limiter.start(waiting, at(WINDOW)));
    assert_eq!(wait, ms(4_000), "later than thought at first");
    let (_, wait) = slot(limiter.start(waiting, at(WINDOW + 4_000)));
    assert_eq!(wait, Duration::ZERO);
}

#[test]
fn call_longer_than_window_counts_as_of_start() {
    let mut limiter = limiter(1, 10_000);
    let first = start_now(&mut limiter, Pacing::Immediate, at(0));
    let second = start_now(&mut limiter, Pacing::Immediate, at(WINDOW));
    limiter.complete(first, at(WINDOW + 500));
    limiter.complete(second, at(WINDOW + 1_500));
    assert_eq!(
        next(&limiter, Pacing::Immediate, at(WINDOW + 1_500)),
        FULL_WINDOW
    );
}

#[test]
fn later_reservation_never_gets_earlier_slot() {
    let mut limiter = limiter(3, 10_000);
    let first = start_now(&mut limiter, Pacing::Immediate, at(0));
    burst(&mut limiter, 2, at(0));
    let (second, wait) = reserve(&mut limiter, Pacing::Immediate, at(0));
    let (third, _) = reserve(&mut limiter, Pacing::Immediate, at(0));
    assert_eq!(wait, FULL_WINDOW);
    // One of the three is over late, so two have room in the next window, and the third waits.
    limiter.complete(first, at(2_000));
    let (fourth, _) = reserve(&mut limiter, Pacing::Immediate, at(WINDOW));
    let mut started = Vec::new();
    for (name, permit) in [(4, fourth), (3, third), (2, second)] {
        let (_, wait) = slot(limiter.start(permit, at(WINDOW)));
        if wait.is_zero() {
            started.push(name);
        }
    }
    assert_eq!(started, [3, 2]);
}

#[test]
fn immediate_call_passes_those_spaced_over_day() {
    let mut limiter = limiter(5, 1_000);
    for minute in 0..120 {
        burst(&mut limiter, 5, at(minute * WINDOW));
    }
    let now = 120 * WINDOW;
    let waits: Vec<_> = (0..10)
        .map(|_| reserve(&mut limiter, Pacing::EvenOverDay, at(now)).1)
        .collect();
    assert!(waits[1] > MINUTE * 3, "{waits:?}");
    assert_eq!(next(&limiter, Pacing::Immediate, at(now)), Duration::ZERO);
}

#[test]
fn cancelled_slot_is_given_back() {
    let mut limiter = limiter(10, 10);
    burst(&mut limiter, 9, at(0));
    let before = next(&limiter, Pacing::Even, at(1_000));
    let (permit, wait) = reserve(&mut limiter, Pacing::Even, at(1_000));
    assert!(next(&limiter, Pacing::Even, at(1_000)) > before);
    limiter.cancel(permit, at(1_000));
    assert_eq!(next(&limiter, Pacing::Even, at(1_000)), wait);
    let started = start_now(&mut limiter, Pacing::Immediate, at(1_000));
    let spent = limiter
        .clone()
        .reserve(Endpoint::Get, Pacing::Immediate, at(1_000));
    assert!(matches!(spent, Reservation::DaySpent { .. }));
    limiter.cancel(started, at(2_000));
    let _ = start_now(&mut limiter, Pacing::Immediate, at(2_000));
}

#[test]
fn cancelled_slot_gives_back_its_place_in_the_spacing() {
    let mut limiter = limiter(10, 10_000);
    let mut permits: Vec<_> = (0..10)
        .map(|_| reserve(&mut limiter, Pacing::Even, at(0)))
        .collect();
    let (last, wait) = permits.pop().unwrap();
    limiter.cancel(last, at(0));
    assert_eq!(next(&limiter, Pacing::Even, at(0)), wait);
}

#[test]
fn slot_of_killed_process_expires_and_late_owner_gets_another() {
    let mut limiter = limiter(1, 10_000);
    burst(&mut limiter, 1, at(0));
    let (lost, _) = reserve(&mut limiter, Pacing::Immediate, at(0));
    assert_eq!(
        next(&limiter, Pacing::Immediate, at(WINDOW + 4_999)),
        FULL_WINDOW
    );
    let now = at(WINDOW + 5_000);
    let _ = start_now(&mut limiter, Pacing::Immediate, now);
    let (_, wait) = slot(limiter.start(lost, now));
    assert_eq!(wait, FULL_WINDOW);
}

#[test]
fn started_call_may_be_started_again() {
    let mut limiter = limiter(50, 1);
    let permit = start_now(&mut limiter, Pacing::Even, at(0));
    assert_eq!(slot(limiter.start(permit, at(10))).1, Duration::ZERO);
}

#[test]
fn spent_day_says_when_it_goes_on() {
    let mut limiter = limiter(50, 20);
    burst(&mut limiter, 12, at(0));
    burst(&mut limiter, 8, at(3_600_000));
    let Reservation::DaySpent { wait } =
        limiter.reserve(Endpoint::Get, Pacing::Even, at(7_200_000))
    else {
        panic!("21 calls in a day of 20");
    };
    assert!(
        wait + ms(7_200_000) > DAY && wait + ms(7_200_000) < DAY + MINUTE * 12,
        "{wait:?}"
    );
    let now = at(7_200_000) + wait;
    burst(&mut limiter, 12, now);
    assert!(matches!(
        limiter.reserve(Endpoint::Get, Pacing::Even, now),
        Reservation::DaySpent { .. }
    ));
}

#[test]
fn slot_is_lost_if_day_is_spent_at_its_time() {
    let mut limiter = limiter(2, 3);
    burst(&mut limiter, 2, at(0));
    let (first, _) = reserve(&mut limiter, Pacing::Immediate, at(0));
    let (second, _) = reserve(&mut limiter, Pacing::Immediate, at(0));
    assert_eq!(slot(limiter.start(first, at(WINDOW))).1, Duration::ZERO);
    let spent = limiter.start(second, at(WINDOW));
    assert!(matches!(spent, Reservation::DaySpent { .. }));
}

#[test]
fn clock_set_back_blocks_nobody_and_forgets_nothing() {
    let hour = 3_600_000;
    let mut limiter = limiter(10, 15);
    burst(&mut limiter, 10, at(hour));
    limiter.advance(at(1_000));
    assert_eq!(next(&limiter, Pacing::Immediate, at(1_000)), FULL_WINDOW);
    burst(&mut limiter, 5, at(1_000 + WINDOW));
    let spent = limiter.reserve(Endpoint::Get, Pacing::Even, at(1_000 + WINDOW));
    assert!(matches!(spent, Reservation::DaySpent { wait } if wait < DAY + MINUTE * 12));
}

#[test]
fn clock_set_back_keeps_age_of_calls_and_length_of_pause() {
    let hours = |hours: u64| at(hours * 3_600_000);
    let mut limiter = limiter(10, 10);
    burst(&mut limiter, 10, hours(0));
    limiter.advance(hours(10));
    let spent = limiter.reserve(Endpoint::Get, Pacing::Even, hours(5));
    let left = Duration::from_hours(14);
    assert!(
        matches!(spent, Reservation::DaySpent { wait } if wait >= left && wait < left + MINUTE * 12),
        "{spent:?}"
    );

    let mut limiter = self::limiter(50, 10_000);
    let permit = start_now(&mut limiter, Pacing::Immediate, hours(10));
    limiter.rate_limited(permit, Some(ms(90_000)), hours(10));
    let wait = next(&limiter, Pacing::Immediate, hours(5));
    assert_eq!(wait, ms(90_000));
}

#[test]
fn clock_set_forth_and_back_blocks_nobody() {
    let mut limiter = limiter(10, 10_000);
    let (waiting, _) = reserve(&mut limiter, Pacing::Even, at(0));
    burst(&mut limiter, 9, at(1_000));
    let year = DAY * 365;
    burst(&mut limiter, 10, at(2_000) + year);
    limiter.complete(waiting, at(3_000));
    assert_eq!(next(&limiter, Pacing::Immediate, at(3_000)), FULL_WINDOW);
    burst(&mut limiter, 10, at(3_000 + WINDOW));
}

#[test]
fn clock_read_before_lock_does_not_turn_time_back() {
    let mut limiter = limiter(2, 10_000);
    let _ = start_now(&mut limiter, Pacing::Even, at(1_000));
    let _ = start_now(&mut limiter, Pacing::Even, at(31_250));
    assert_eq!(next(&limiter, Pacing::Even, at(900)), ms(30_250));
}

#[test]
fn retry_after_pauses_all_for_two_minutes_at_most() {
    for (asked, paused) in [(0, 1_000), (9_000, 9_000), (86_400_000, 120_000)] {
        let mut limiter = limiter(50, 10_000);
        let permit = start_now(&mut limiter, Pacing::Immediate, at(0));
        limiter.rate_limited(permit, Some(ms(asked)), at(500));
        assert_eq!(next(&limiter, Pacing::Immediate, at(500)), ms(paused));
    }
}

#[test]
fn longer_pause_is_not_cut_by_shorter_one() {
    let mut limiter = limiter(50, 10_000);
    let first = start_now(&mut limiter, Pacing::Immediate, at(0));
    let second = start_now(&mut limiter, Pacing::Immediate, at(0));
    limiter.rate_limited(first, Some(ms(90_000)), at(500));
    limiter.rate_limited(second, Some(ms(5_000)), at(600));
    assert_eq!(next(&limiter, Pacing::Immediate, at(600)), ms(89_900));
}

#[test]
fn accepted_call_does_not_end_pause_that_was_asked_for() {
    let mut limiter = limiter(50, 10_000);
    let refused = start_now(&mut limiter, Pacing::Immediate, at(0));
    let accepted = start_now(&mut limiter, Pacing::Immediate, at(0));
    limiter.rate_limited(refused, Some(ms(90_000)), at(500));
    limiter.complete(accepted, at(600));
    assert_eq!(next(&limiter, Pacing::Immediate, at(600)), ms(89_900));
}

#[test]
fn refusal_teaches_smaller_limit_and_time_unlearns_it() {
    let mut limiter = limiter(50, 10_000);
    burst(&mut limiter, 10, at(0));
    let refused = start_now(&mut limiter, Pacing::Immediate, at(100));
    limiter.rate_limited(refused, None, at(200));
    let room = |limiter: &RateLimiter, minutes: u64| {
        let mut limiter = limiter.clone();
        let now = at(200) + MINUTE * u32::try_from(minutes).unwrap();
        let is_free = |_: &u32| reserve(&mut limiter, Pacing::Immediate, now).1.is_zero();
        (0..100).take_while(is_free).count()
    };
    assert_eq!(
        [0, 2, 4].map(|minutes| room(&limiter, minutes)),
        [0, 10, 10]
    );
    assert_eq!(
        [5, 6, 7, 8, 9].map(|minutes| room(&limiter, minutes)),
        [11, 13, 17, 25, 41]
    );
    assert_eq!([10, 600].map(|minutes| room(&limiter, minutes)), [50, 50]);

    // A trial that is refused makes the belief hold for longer.
    let now = at(200) + MINUTE * 5;
    burst(&mut limiter, 10, now);
    let refused = start_now(&mut limiter, Pacing::Immediate, now + ms(1));
    limiter.rate_limited(refused, None, now + ms(2));
    assert_eq!([14, 16].map(|minutes| room(&limiter, minutes)), [10, 11]);
}

#[test]
fn calls_refused_together_teach_once() {
    let mut limiter = limiter(50, 10_000);
    let permits: Vec<_> = (0..20)
        .map(|_| start_now(&mut limiter, Pacing::Immediate, at(0)))
        .collect();
    // The refusals are faster than the other answers.
    for (number, permit) in permits.into_iter().enumerate().rev() {
        if number < 10 {
            limiter.complete(permit, at(400));
        } else {
            limiter.rate_limited(permit, None, at(200));
        }
    }
    let now = at(400 + WINDOW);
    burst(&mut limiter, 10, now);
    assert!(!next(&limiter, Pacing::Immediate, now).is_zero());
}

#[test]
fn account_used_by_others_is_tried_by_one_call_at_a_time() {
    let mut limiter = limiter(50, 10_000);
    let mut now = at(0);
    for (least, most) in [(5, 10), (10, 20), (20, 40), (30, 60), (30, 60)] {
        let permit = start_now(&mut limiter, Pacing::Immediate, now);
        now += ms(100);
        limiter.rate_limited(permit, None, now);
        let wait = next(&limiter, Pacing::Immediate, now);
        assert!(
            wait >= ms(least * 1_000) && wait <= ms(most * 1_000),
            "{wait:?}"
        );
        now += wait;
    }
    let trial = start_now(&mut limiter, Pacing::Immediate, now);
    let wait = next(&limiter, Pacing::Immediate, now);
    assert_eq!(wait, ms(10_000), "others wait for the trial");
    limiter.complete(trial, now + ms(100));
    burst(&mut limiter, 40, now + ms(100));
}

#[test]
fn damaged_state_changes_nothing_and_absurd_times_block_nobody() {
    let mut limiter = limiter(10, 100);
    burst(&mut limiter, 10, at(0));
    for damaged in ["", "{", "[]", "{\"clock\":-1}", "null"] {
        limiter.load(damaged.as_bytes());
    }
    assert_eq!(next(&limiter, Pacing::Immediate, at(0)), FULL_WINDOW);
    let json = serde_json::to_string(&limiter).unwrap();
    let year = format!("{}", at(0).as_millis() + 365 * DAY.as_millis());
    limiter.load(
        json.replace(&at(0).as_millis().to_string(), &year)
            .as_bytes(),
    );
    assert!(next(&limiter, Pacing::Immediate, at(0)) <= FULL_WINDOW);
    let largest = u64::MAX.to_string();
    limiter.load(
        json.replace(&at(0).as_millis().to_string(), &largest)
            .as_bytes(),
    );
    assert!(next(&limiter, Pacing::Immediate, at(0)) <= FULL_WINDOW);
}

#[test]
fn least_wait_counts_what_is_used() {
    let waits = |limiter: &RateLimiter, calls: &[usize]| {
        let wait = |calls: &usize| limiter.least_wait(Endpoint::Get, *calls).as_secs();
        calls.iter().map(wait).collect::<Vec<_>>()
    };
    let mut used = limiter(10, 1_000);
    used.advance(at(0));
    assert_eq!(
        waits(&used, &[0, 10, 11, 21, 1_000, 1_001]),
        [0, 0, 60, 120, 5_940, 86_400]
    );
    burst(&mut used, 4, at(0));
    used.advance(at(20_000));
    assert_eq!(
        waits(&used, &[6, 7, 10, 11, 16, 17]),
        [0, 40, 40, 60, 60, 100]
    );
    // Buckets of ten minutes, and a window for the service's own count.
    let day = 24 * 60 * 60 + 600 + 60;
    let mut spent = limiter(10, 2);
    burst(&mut spent, 1, at(0));
    spent.advance(at(0));
    assert_eq!(waits(&spent, &[1]), [0]);
    burst(&mut spent, 1, at(0));
    spent.advance(at(3_600_000));
    let left = day - 3_600;
    assert_eq!(waits(&spent, &[1, 2, 3]), [left, left, left + 86_400]);
    spent.advance(at((day + 1) * 1_000));
    assert_eq!(waits(&spent, &[1, 2, 3]), [0, 0, 86_400]);
}
