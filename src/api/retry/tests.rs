//! Tests of the retry policy, as tables.

use proptest::prelude::*;

use super::*;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn error(status: u16, retry_after: Option<Duration>) -> Trouble {
    Trouble::ServerError {
        status,
        retry_after,
    }
}

const fn limited(retry_after: Option<Duration>) -> Trouble {
    Trouble::RateLimited { retry_after }
}

fn retried(patience: Patience, call: Call, failure: Trouble, failed: u32) -> bool {
    Policy::new(patience, 0).decide(call, failure, failed) != Decision::GiveUp
}

#[test]
fn every_failure_of_every_call() {
    // The failure, then whether it is tried again: a submit with tries left, a submit without end,
    // a get with tries left, a get inside a wait.
    let (yes, no) = (true, false);
    for (failure, expected) in [
        (Trouble::NotConnected, [yes, yes, yes, yes]),
        (Trouble::Cut, [no, no, yes, yes]),
        (error(500, None), [no, no, yes, yes]),
        (error(500, Some(s(1))), [no, no, yes, yes]),
        (error(502, None), [no, no, yes, yes]),
        (error(503, None), [no, no, yes, yes]),
        (error(503, Some(s(1))), [yes, yes, yes, yes]),
        (error(503, Some(s(0))), [yes, yes, yes, yes]),
        (error(504, Some(s(1))), [no, no, yes, yes]),
        (limited(None), [yes, yes, yes, yes]),
        (limited(Some(s(1))), [yes, yes, yes, yes]),
        (Trouble::Unreadable, [no, no, no, yes]),
        (Trouble::Final, [no, no, no, no]),
    ] {
        let tries = Patience::Tries(1);
        let got = [
            retried(tries, Call::Submit, failure, 1),
            retried(Patience::Unlimited, Call::Submit, failure, 1),
            retried(tries, Call::Get, failure, 1),
            retried(Patience::Unlimited, Call::Get, failure, 1),
        ];
        assert_eq!(got, expected, "{failure:?}");
    }
}

#[test]
fn tries_are_counted_and_patience_has_no_end() {
    for (tries, failed, expected) in [
        (0, 1, false),
        (1, 1, true),
        (1, 2, false),
        (3, 3, true),
        (3, 4, false),
    ] {
        let got = retried(Patience::Tries(tries), Call::Get, Trouble::Cut, failed);
        assert_eq!(got, expected, "{tries} tries, {failed} failed");
    }
    assert!(retried(
        Patience::Unlimited,
        Call::Get,
        Trouble::Cut,
        u32::MAX
    ));
}

/// The shortest and the longest delay of many draws.
fn range(failure: Trouble, failed: u32) -> (Duration, Duration) {
    let mut policy = Policy::new(Patience::Unlimited, 5);
    let delays = (0..2000).map(|_| match policy.decide(Call::Get, failure, failed) {
        Decision::Retry(after) => after,
        Decision::GiveUp => panic!("{failure:?}"),
    });
    delays.fold((Duration::MAX, s(0)), |(low, high), delay| {
        (low.min(delay), high.max(delay))
    })
}

#[test]
fn delays_double_up_to_a_cap_with_full_jitter() {
    for (failure, failed, most) in [
        (Trouble::NotConnected, 1, 0.5),
        (Trouble::NotConnected, 2, 1.0),
        (Trouble::Cut, 3, 2.0),
        (error(502, None), 6, 16.0),
        (Trouble::Unreadable, 7, 30.0),
        (Trouble::Cut, u32::MAX, 30.0),
        (limited(None), 1, 10.0),
        (limited(None), 2, 20.0),
        (limited(None), 9, 60.0),
    ] {
        let (low, high) = range(failure, failed);
        let most = Duration::from_secs_f64(most);
        assert!(
            high <= most && high > most.mul_f64(0.98),
            "{failure:?} {failed}: {high:?}"
        );
        assert!(low < most.mul_f64(0.02), "{failure:?} {failed}: {low:?}");
    }
}

#[test]
fn retry_after_is_a_minimum_and_has_a_cap() {
    for (asked, least) in [(0, 0), (7, 7), (120, 120), (121, 120), (u64::MAX, 120)] {
        for failure in [limited(Some(s(asked))), error(503, Some(s(asked)))] {
            let (low, high) = range(failure, 1);
            assert!(low >= s(least), "{failure:?}: {low:?}");
            assert!(
                high <= s(least) + Duration::from_millis(500),
                "{failure:?}: {high:?}"
            );
        }
    }
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now: Timestamp = "1994-11-06T08:49:00Z".parse().unwrap();
    for (header, expected) in [
        ("0", Some(0)),
        ("120", Some(120)),
        (" 5 ", Some(5)),
        ("99999999999999999999999", Some(u64::MAX)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(37)),
        ("Sun Nov  6 08:49:37 1994", Some(37)),
        ("Sun, 06 Nov 1994 08:48:00 GMT", Some(0)),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("1e3", None),
        ("soon", None),
        ("٣", None),
        ("Sun, 32 Nov 1994 08:49:37 GMT", None),
        ("Sun, 06 Nov 1994", None),
    ] {
        assert_eq!(retry_after(header, now), expected.map(s), "{header:?}");
    }
}

proptest! {
    #[test]
    fn no_header_makes_it_panic(header in "\\PC{0,40}", seconds in -1_000_000_000i64..10_000_000_000) {
        let _ = retry_after(&header, Timestamp::from_second(seconds).unwrap());
    }
}
