//! Tests of the decisions: waits, repetitions, permits, and what a failed deletion says.

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

fn video() -> VideoNo {
    VideoNo::new("V1").unwrap()
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
fn failed_attempt_is_repeated_after_a_sleep_until_given_up() {
    let failure = || ApiError::permanent(Error::new(ErrorKind::Network, "why"));
    let renewed = || ApiError {
        renews_token: true,
        ..failure()
    };
    let decide = |_: &ApiError, failures: u32| match failures {
        3.. => Decision::GiveUp,
        _ => Decision::Retry(Duration::from_secs(failures.into())),
    };
    for (results, expected, seconds) in [
        (vec![Ok(7)], Ok(7), vec![]),
        (vec![Err(renewed()), Ok(7)], Ok(7), vec![]),
        (
            vec![Err(failure()), Err(renewed()), Err(failure()), Ok(7)],
            Ok(7),
            vec![1, 2],
        ),
        (vec![Err(failure()); 3], Err(failure()), vec![1, 2]),
    ] {
        let (mut results, mut slept) = (results.into_iter(), Vec::new());
        let result = repeat(
            || results.next().unwrap(),
            decide,
            |wait| slept.push(wait.as_secs()),
        );
        assert_eq!((result, slept), (expected, seconds));
        assert_eq!(results.next(), None);
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
        let error = delete_error(
            ApiError::new(error, class),
            &[video()],
            &HintCommands::default(),
        );
        let unknown = "; it is not known whether it was deleted";
        let expected = if is_unknown { unknown } else { "" };
        let expected = format!("could not delete video V1: why{expected}");
        assert_eq!(error.message, expected, "{class:?} {code:?} {status:?}");
        assert_eq!(error.kind, ErrorKind::Api);
    }
}

#[test]
fn reply_that_contradicts_its_status_is_a_failure_of_the_network() {
    let error = ApiError {
        says_success: true,
        ..ApiError::permanent(Error::new(ErrorKind::Api, "why"))
    };
    let error = delete_error(error, &[video()], &HintCommands::default());
    assert_eq!(error.kind, ErrorKind::Network);
}
