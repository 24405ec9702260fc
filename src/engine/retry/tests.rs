//! Tests of the retry policy, as tables.

use super::*;
use crate::error::{Error, ErrorKind};
use crate::ids::{TaskNo, VideoNo};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn failure(class: FailureClass) -> ApiError {
    ApiError::new(Error::new(ErrorKind::Network, "failed"), class)
}

fn server_error(status: u16, retry_after: Option<Duration>) -> ApiError {
    failure(FailureClass::ServerError {
        status,
        retry_after,
    })
}

fn rate_limited(retry_after: Option<Duration>) -> ApiError {
    failure(FailureClass::RateLimited { retry_after })
}

fn bare(http_status: u16) -> ApiError {
    ApiError::permanent(Error {
        http_status: Some(http_status),
        ..Error::new(ErrorKind::Api, "refused")
    })
}

fn code(code: &str) -> ApiError {
    ApiError::permanent(Error {
        api_code: Some(code.to_owned()),
        http_status: Some(200),
        ..Error::new(ErrorKind::Api, "refused")
    })
}

fn repeats(call: Call, error: &ApiError, limit: RetryLimit, failures: u32) -> bool {
    RetryPolicy::new(0).decide(call, error, limit, failures) != Decision::GiveUp
}

#[test]
fn decides_every_failure_of_every_call() {
    // The failure, then whether it is repeated: a submit, a poll with attempts left, a poll of a wait.
    let (yes, no) = (true, false);
    for (error, expected) in [
        (failure(FailureClass::NotConnected), [yes, yes, yes]),
        (failure(FailureClass::NoToken), [no, no, yes]),
        (failure(FailureClass::ConnectionLost), [no, yes, yes]),
        (server_error(500, None), [no, yes, yes]),
        (server_error(500, Some(s(1))), [no, yes, yes]),
        (server_error(503, None), [no, yes, yes]),
        (server_error(503, Some(s(0))), [yes, yes, yes]),
        (server_error(504, Some(s(1))), [no, yes, yes]),
        (rate_limited(None), [yes, yes, yes]),
        (rate_limited(Some(s(1))), [yes, yes, yes]),
        (failure(FailureClass::InvalidBody), [no, no, yes]),
        (code("0001"), [no, no, no]),
        (bare(404), [no, no, no]),
    ] {
        let attempts = RetryLimit::Attempts(1);
        let got = [
            repeats(Call::Submit, &error, attempts, 1),
            repeats(Call::Poll, &error, attempts, 1),
            repeats(Call::Poll, &error, RetryLimit::Unlimited, 1),
        ];
        assert_eq!(got, expected, "{error:?}");
        let upload = repeats(Call::Upload, &error, attempts, 1);
        assert_eq!(
            upload, expected[0],
            "an upload is judged as a submit: {error:?}"
        );
    }
}

#[test]
fn incomplete_upload_is_not_accepted_and_repeated_where_that_may_help() {
    let (yes, no) = (true, false);
    for (error, expected) in [
        (failure(FailureClass::NotConnected), yes),
        (failure(FailureClass::ConnectionLost), yes),
        (server_error(500, None), yes),
        (rate_limited(None), yes),
        (failure(FailureClass::InvalidBody), no),
        (code("4711"), no),
        (bare(413), no),
        // The file changed.
        (failure(FailureClass::Permanent), no),
    ] {
        let error = ApiError {
            is_incomplete: true,
            ..error
        };
        assert!(!is_possibly_accepted(&error), "{error:?}");
        let got = repeats(Call::Upload, &error, RetryLimit::Attempts(1), 1);
        assert_eq!(got, expected, "{error:?}");
        let named = ApiError {
            named_video: Some(VideoNo::new("V").unwrap()),
            ..error
        };
        assert!(is_possibly_accepted(&named), "{named:?}");
        assert!(!repeats(Call::Upload, &named, RetryLimit::Attempts(9), 1));
    }
}

#[test]
fn submit_is_possibly_accepted_unless_refused_clearly() {
    for (error, expected) in [
        (failure(FailureClass::NotConnected), false),
        (failure(FailureClass::ConnectionLost), true),
        (failure(FailureClass::InvalidBody), true),
        (server_error(500, Some(s(1))), true),
        (server_error(503, Some(s(1))), false),
        (rate_limited(None), false),
        (code("0001"), false),
        (code("0402"), false),
        (code("0409"), false),
        (code("4711"), true),
        (code(""), true),
        (bare(200), true),
        (bare(302), false),
        (bare(303), true),
        (bare(400), false),
        (bare(404), false),
        (bare(409), true),
    ] {
        assert_eq!(is_possibly_accepted(&error), expected, "{error:?}");
    }
}

#[test]
fn reply_with_signs_of_success_is_never_followed_by_another_call() {
    for error in [
        rate_limited(Some(s(1))),
        server_error(503, Some(s(1))),
        code("0001"),
    ] {
        let named = ApiError {
            named_task: Some(TaskNo::new("T").unwrap()),
            ..error.clone()
        };
        let video = ApiError {
            named_video: Some(VideoNo::new("V").unwrap()),
            ..error.clone()
        };
        let success = ApiError {
            says_success: true,
            ..error
        };
        for (call, error) in [
            (Call::Submit, &named),
            (Call::Upload, &video),
            (Call::Submit, &success),
            (Call::Upload, &success),
        ] {
            assert!(is_possibly_accepted(error), "{error:?}");
            assert!(!repeats(call, error, RetryLimit::Attempts(9), 1));
        }
    }
}

#[test]
fn attempts_are_counted_and_unlimited_has_no_end() {
    let lost = failure(FailureClass::ConnectionLost);
    for (retries, failures, expected) in [
        (0, 1, false),
        (1, 1, true),
        (1, 2, false),
        (3, 3, true),
        (3, 4, false),
    ] {
        let got = repeats(Call::Poll, &lost, RetryLimit::Attempts(retries), failures);
        assert_eq!(got, expected, "{retries} retries, {failures} failures");
    }
    assert!(repeats(Call::Poll, &lost, RetryLimit::Unlimited, u32::MAX));
}

/// Returns the shortest and the longest delay of many draws.
fn range(call: Call, error: &ApiError, failures: u32) -> (Duration, Duration) {
    let mut policy = RetryPolicy::new(5);
    let delays =
        (0..2000).map(
            |_| match policy.decide(call, error, RetryLimit::Unlimited, failures) {
                Decision::Retry(after) => after,
                Decision::GiveUp => panic!("{error:?}"),
            },
        );
    delays.fold((Duration::MAX, s(0)), |(low, high), delay| {
        (low.min(delay), high.max(delay))
    })
}

#[test]
fn delays_double_up_to_a_maximum_with_full_jitter() {
    for (error, failures, most) in [
        (failure(FailureClass::NotConnected), 1, 0.5),
        (failure(FailureClass::NotConnected), 2, 1.0),
        (failure(FailureClass::ConnectionLost), 3, 2.0),
        (server_error(502, None), 6, 16.0),
        (failure(FailureClass::InvalidBody), 7, 30.0),
        (failure(FailureClass::ConnectionLost), u32::MAX, 30.0),
    ] {
        let (low, high) = range(Call::Poll, &error, failures);
        let most = Duration::from_secs_f64(most);
        assert!(
            high <= most && high > most.mul_f64(0.98),
            "{error:?} {failures}: {high:?}"
        );
        assert!(low < most.mul_f64(0.02), "{error:?} {failures}: {low:?}");
    }
}

#[test]
fn retry_after_is_a_minimum_and_has_a_maximum() {
    for (asked, least) in [(0, 0), (7, 7), (120, 120), (121, 120), (u64::MAX, 120)] {
        let (low, high) = range(Call::Poll, &server_error(503, Some(s(asked))), 1);
        assert!(low >= s(least), "{asked}: {low:?}");
        assert!(
            high <= s(least) + Duration::from_millis(500),
            "{asked}: {high:?}"
        );
    }
}

#[test]
fn deletion_beyond_the_rate_limit_pauses_for_longer_each_time() {
    let half = Duration::from_millis(500);
    for (asked, failures, least, jitter) in [
        (None, 1, 5, half),
        (None, 2, 10, half * 2),
        (None, 9, 120, s(30)),
        (Some(s(0)), 1, 0, half),
        (Some(s(7)), 1, 7, half),
        (Some(s(121)), 1, 120, half),
    ] {
        let (low, high) = range(Call::Delete, &rate_limited(asked), failures);
        assert!(low >= s(least), "{asked:?} {failures}: {low:?}");
        let most = s(least) + jitter;
        assert!(
            high <= most && high > s(least) + jitter.mul_f64(0.9),
            "{asked:?} {failures}: {high:?}"
        );
    }
    let (low, high) = range(Call::Poll, &rate_limited(Some(s(7))), 1);
    assert_eq!((low, high), (s(0), s(0)), "the rate limiter says when");
}
