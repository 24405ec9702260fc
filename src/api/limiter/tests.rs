//! Tests of the budgets: no minute holds more than is allowed, and little goes unused.

use proptest::prelude::*;

use super::*;

const MINUTE: Duration = Duration::from_mins(1);

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn budget(calls: u32) -> Budget {
    Budget::new(NonZeroU32::new(calls).unwrap())
}

/// The most calls that any 60 s hold, both ends included.
fn most_in_a_minute(times: &mut [Duration]) -> usize {
    times.sort_unstable();
    let mut start = 0;
    let mut most = 0;
    for end in 0..times.len() {
        while times[end] > times[start] + MINUTE {
            start += 1;
        }
        most = most.max(end - start + 1);
    }
    most
}

/// When each call goes if there is always one to send, and each takes `latency`.
fn saturated(budget: &mut Budget, until: Duration, latency: Duration) -> Vec<Duration> {
    let mut sent = Vec::new();
    let mut in_flight = VecDeque::new();
    let mut now = Duration::ZERO;
    while now < until {
        while in_flight.front().is_some_and(|(over, _)| *over <= now) {
            let (over, permit) = in_flight.pop_front().unwrap();
            budget.answered(permit, over);
        }
        match budget.reserve(now) {
            Ok(permit) => {
                sent.push(now);
                in_flight.push_back((now + latency, permit));
            }
            Err(wait) => {
                let answer = in_flight.front().map_or(now + wait, |(over, _)| *over);
                now = (now + wait).min(answer);
            }
        }
    }
    sent
}

#[test]
fn half_of_an_unused_budget_goes_at_once_and_the_rest_is_spread() {
    let sent = saturated(&mut budget(50), ms(200_000), Duration::ZERO);
    assert!(sent[..25].iter().all(Duration::is_zero), "{sent:?}");
    assert!(!sent[25].is_zero());
    for pair in sent[25..].windows(2) {
        let gap = pair[1].saturating_sub(pair[0]);
        assert!(
            gap >= ms(1209) && gap <= ms(31_500),
            "{gap:?} before {:?}",
            pair[1]
        );
    }
    let silences = sent.windows(2).filter(|pair| pair[1] > pair[0] + ms(1300));
    assert_eq!(
        silences.count(),
        1,
        "one pause pays for the burst: {sent:?}"
    );
}

#[test]
fn the_whole_budget_goes_at_once_where_somebody_waits_and_no_minute_holds_more() {
    let mut budget = budget(50);
    for _ in 0..50 {
        assert!(budget.reserve_at_once(ms(1000)).is_ok());
    }
    let full = Some(WINDOW);
    assert_eq!(budget.reserve_at_once(ms(1000)).err(), full);
    assert!(budget.reserve(ms(1000)).is_err());
    assert!(budget.reserve_at_once(ms(1000) + WINDOW).is_ok());
    budget.pause_until(ms(100_000));
    let paused = budget.reserve_at_once(ms(90_000)).err();
    assert_eq!(paused, Some(ms(10_000)));
}

#[test]
fn a_long_run_uses_the_whole_budget() {
    for (calls, latency) in [
        (50, 0),
        (50, 200),
        (50, 1000),
        (20, 200),
        (1, 200),
        (3000, 200),
    ] {
        let until = WINDOW * 40;
        let sent = saturated(&mut budget(calls), until, ms(latency)).len();
        let full = 40 * calls as usize;
        assert!(
            sent * 100 >= full * 97,
            "{calls} a minute, {latency} ms: {sent} of {full}"
        );
        assert!(sent <= full);
    }
}

#[test]
fn late_wake_ups_cost_no_throughput() {
    let mut budget = budget(50);
    let mut now = Duration::ZERO;
    let mut sent = 0;
    while now < WINDOW * 40 {
        match budget.reserve(now) {
            Ok(_) => sent += 1,
            Err(wait) => now += wait + ms(50),
        }
    }
    assert!(sent >= 1980, "{sent}");
}

#[test]
fn a_quiet_budget_bursts_again() {
    let mut budget = budget(10);
    for _ in 0..5 {
        budget.reserve(ms(0)).unwrap();
    }
    assert_eq!(budget.reserve(ms(0)).unwrap_err(), WINDOW / 2);
    for _ in 0..5 {
        budget.reserve(ms(70_000)).unwrap();
    }
    budget.reserve(ms(70_000)).unwrap_err();
}

#[test]
fn the_window_of_a_call_starts_when_it_is_answered() {
    let mut budget = budget(1);
    let permit = budget.reserve(ms(0)).unwrap();
    budget.answered(permit, ms(4000));
    assert_eq!(budget.reserve(ms(5000)).unwrap_err(), ms(59_500));
    budget.reserve(ms(64_500)).unwrap();
}

#[test]
fn an_answer_that_comes_after_its_window_is_no_trouble() {
    let mut budget = budget(1);
    let first = budget.reserve(ms(0)).unwrap();
    let second = budget.reserve(ms(60_500)).unwrap();
    budget.answered(first, ms(61_000));
    budget.answered(second, ms(62_000));
    assert_eq!(budget.reserve(ms(62_000)).unwrap_err(), WINDOW);
}

#[test]
fn a_pause_holds_everyone_and_a_shorter_one_does_not_cut_it() {
    let limiter = Limiter::new(NonZeroU32::new(50).unwrap());
    limiter.pause_until(ms(9000));
    limiter.pause_until(ms(3000));
    assert_eq!(limiter.reserve(ms(1000)).unwrap_err(), ms(8000));
    let permit = limiter.reserve(ms(9000)).unwrap();
    limiter.answered(permit, ms(9200));
}

#[test]
fn a_clock_read_before_waiting_for_the_lock_does_not_turn_time_back() {
    let mut budget = budget(2);
    budget.reserve(ms(1000)).unwrap();
    let _ = budget.reserve(ms(31_250)).unwrap();
    assert_eq!(budget.reserve(ms(900)).unwrap_err(), ms(30_250));
}

proptest! {
    /// Whenever workers ask, however long their calls take, and whenever in that time the service
    /// counts them: no 60 s hold more than the limit, by its clock.
    #[test]
    fn no_minute_holds_more_than_the_limit(
        calls in 1u32..60,
        steps in proptest::collection::vec((0u64..4000, 0u64..5000, 0.0f64..=1.0), 1..400),
        eager: bool,
    ) {
        let mut budget = budget(calls);
        let mut now = Duration::ZERO;
        let mut in_flight: Vec<(Duration, Permit)> = Vec::new();
        let mut counted = Vec::new();
        for (idle, latency, when) in steps {
            now += if eager { ms(idle / 200) } else { ms(idle) };
            loop {
                in_flight.sort_by_key(|(over, _)| *over);
                while in_flight.first().is_some_and(|(over, _)| *over <= now) {
                    let (over, permit) = in_flight.remove(0);
                    budget.answered(permit, over);
                }
                match budget.reserve(now) {
                    Ok(permit) => {
                        in_flight.push((now + ms(latency), permit));
                        counted.push(now + ms(latency).mul_f64(when));
                        break;
                    }
                    Err(wait) => {
                        prop_assert!(!wait.is_zero());
                        let wake = now + wait;
                        now = in_flight.first().map_or(wake, |(over, _)| wake.min(*over));
                    }
                }
            }
        }
        prop_assert!(most_in_a_minute(&mut counted) <= calls as usize);
    }
}
