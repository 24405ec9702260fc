//! Tests of the decisions: waits, permits, and what a failed deletion says.

use super::super::rate_limit::{AccountLimits, EndpointLimit};
use super::*;

/// Returns limits of one listing a minute, which this process counts for itself.
fn one_a_minute() -> SharedRateLimiter {
    let limits = AccountLimits {
        list: EndpointLimit::new(1, 1_000),
        ..AccountLimits::default()
    };
    SharedRateLimiter::open(None, "", b"", limits)
}

fn reserve(limits: &mut SharedRateLimiter) -> (Permit, Duration) {
    let reservation = limits.reserve(Endpoint::List, Pacing::Immediate);
    let Reservation::Slot { permit, wait } = reservation else {
        panic!("{reservation:?}")
    };
    (permit, wait)
}

#[test]
fn slot_is_slept_for_until_its_time_has_come() {
    let [long, short] = [3, 1].map(Duration::from_secs);
    let slot = |wait| Reservation::Slot {
        permit: reserve(&mut one_a_minute()).0,
        wait,
    };
    let (mut waits, mut slept) = ([short, Duration::ZERO].into_iter(), Vec::new());
    let start = |_| slot(waits.next().unwrap());
    let permit = wait_for_slot(slot(long), start, |wait| slept.push(wait));
    assert!(permit.is_ok());
    assert_eq!(slept, [long, short]);
}

#[test]
fn call_takes_its_slot_unless_nothing_was_sent() {
    let window = Duration::from_millis(60_500);
    let refused = FailureClass::RateLimited {
        retry_after: Some(2 * window),
    };
    // The next call goes out at once, in the window after this one, or later.
    let [at_once, next, later] = [(true, false), (false, false), (false, true)];
    for (failure, expected) in [
        (None, next),
        (Some(FailureClass::ConnectionLost), next),
        (Some(FailureClass::NotConnected), at_once),
        (Some(FailureClass::NoToken), at_once),
        (Some(refused), later),
    ] {
        let why = Error::new(ErrorKind::Network, "why");
        let error = failure.map(|class| ApiError::new(why, class));
        let mut limits = one_a_minute();
        let (permit, _) = reserve(&mut limits);
        return_permit(&mut limits, permit, error.as_ref());
        let (_, wait) = reserve(&mut limits);
        assert_eq!((wait.is_zero(), wait > window), expected, "{failure:?}");
    }
}

#[test]
fn outcome_is_unknown_unless_the_service_refused() {
    let server_error = FailureClass::ServerError {
        status: 500,
        retry_after: None,
    };
    let (lost, refused) = (FailureClass::ConnectionLost, FailureClass::Permanent);
    for (class, code, status, is_unknown) in [
        (lost, None, None, true),
        (server_error, None, Some(500), true),
        (server_error, Some("0001"), Some(500), true),
        (refused, None, Some(409), true),
        (refused, None, Some(404), false),
        (refused, Some("4711"), Some(200), false),
        (FailureClass::NotConnected, None, None, false),
    ] {
        let error = Error {
            api_code: code.map(str::to_owned),
            http_status: status,
            ..Error::new(ErrorKind::Api, "why")
        };
        let videos = [VideoNo::new("V1").unwrap()];
        let message = delete_error(ApiError::new(error, class), &videos).message;
        let unknown = "; it is not known whether it was deleted";
        let expected = if is_unknown { unknown } else { "" };
        let expected = format!("could not delete video V1: why{expected}");
        assert_eq!(message, expected, "{class:?} {code:?} {status:?}");
    }
}
