//! Permits: who waits for one, who is told, and when it is given back.

use std::time::Duration;

use super::super::super::event::{Action, Event, TaskState};
use super::super::super::item::NewItem;
use super::super::super::rate_limit::{
    AccountLimits, Endpoint, EndpointLimit, Pacing, RateLimiter, Reservation,
};
use super::super::{Job, JobOptions, Polls};
use super::file_support::{BOTH, file, page, transcribe, upload_alone, video as uploaded};
use super::support::*;
use crate::error::ErrorKind;

const HOUR: Duration = Duration::from_hours(1);

/// Returns a permit that may be used after this time.
pub(super) fn permit(endpoint: Endpoint, wait: Duration) -> Event<u32> {
    let mut limiter = RateLimiter::new(AccountLimits::default());
    let reservation = limiter.reserve(endpoint, Pacing::Immediate, S(1_700_000_000));
    let Reservation::Slot { permit, .. } = reservation else {
        panic!("{reservation:?}")
    };
    let reservation = Reservation::Slot { permit, wait };
    Event::Reserved {
        endpoint,
        reservation,
    }
}

/// Returns what a job does about an event at its start.
fn actions(job: &mut Job<u32>, event: Event<u32>) -> Vec<Action<u32>> {
    job.on(S(0), event).0
}

fn reserved(actions: &[Action<u32>]) -> Vec<Endpoint> {
    let reserved = |action: &Action<u32>| match action {
        Action::Reserve(endpoint, _) => Some(*endpoint),
        _ => None,
    };
    actions.iter().filter_map(reserved).collect()
}

/// Returns limits with so many calls a minute and a day at one kind of call.
fn polls(per_minute: u32, per_day: u32) -> AccountLimits {
    AccountLimits {
        get: EndpointLimit::new(per_minute, per_day),
        ..AccountLimits::default()
    }
}

#[test]
fn each_kind_of_call_asks_for_its_permit_as_long_as_there_are_workers() {
    let all = [Endpoint::Get, Endpoint::SubmitAudio, Endpoint::Upload];
    for (workers, expected) in [(1, 1), (4, 3)] {
        let options = JobOptions {
            workers,
            ..options(Polls::UntilEnd)
        };
        let items = [task(0), video(1), file("a.mp4", &BOTH, false)];
        let mut job = Job::new(options, items);
        let actions = actions(&mut job, Event::Tick);
        assert_eq!(reserved(&actions), all[..expected], "{workers} workers");
    }
}

#[test]
fn permit_that_comes_once_the_run_is_ending_is_given_back() {
    let mut job = Job::new(options(Polls::Never), [video(0), video(1)]);
    actions(&mut job, Event::Tick);
    let submit = actions(&mut job, permit(Endpoint::SubmitAudio, S(0)));
    assert!(matches!(submit[0], Action::Submit(0, _)), "{submit:?}");
    actions(&mut job, Event::Signal(ErrorKind::Interrupted));
    let late = actions(&mut job, permit(Endpoint::SubmitAudio, S(0)));
    assert!(matches!(late[..], [Action::Cancel(_)]), "{late:?}");
}

#[test]
fn permit_of_a_task_that_has_ended_is_given_back_though_no_worker_is_free() {
    let options = JobOptions {
        workers: 2,
        callbacks: Some(OWN),
        ..options(Polls::UntilEnd)
    };
    let items = [task(0), task(1), video(2), video(3)];
    let mut bench = Bench::with_limits(options, items, polls(1, 1_000));
    bench.polled(Ok(reply(TaskState::Unfinished, 0)));
    assert_eq!(bench.sent(), [2, 3], "a poll waits for its permit");
    for number in 0..2 {
        bench.callback(1, number, reply(TaskState::Finished, 1));
    }
    bench.pass(S(61));
    assert_eq!(bench.wait_elsewhere(Endpoint::Get), S(0));
}

#[test]
fn permits_are_given_back_at_the_end() {
    let mut bench = Bench::with_limits(
        options(Polls::UntilEnd),
        [task(0), task(1)],
        polls(1, 1_000),
    );
    bench.on(Event::Signal(ErrorKind::Interrupted));
    assert!(bench.is_stopped);
    bench.now = S(61);
    assert_eq!(bench.wait_elsewhere(Endpoint::Get), S(0));
}

#[test]
fn poll_is_given_no_more_time_than_its_task_has() {
    let within = |timeout| {
        let options = JobOptions {
            timeout,
            ..options(Polls::UntilEnd)
        };
        let bench = Bench::new(options, [task(0)]);
        bench.poll_limits[0]
    };
    assert_eq!(within(Some(S(60))), S(60));
    assert_eq!(within(None), Duration::MAX);
}

#[test]
fn long_wait_for_the_limit_of_the_minute_is_told_unless_it_is_normal() {
    let told = |options, item: NewItem, endpoint, wait| {
        let mut bench = Bench::new(options, [item]);
        bench.on(permit(endpoint, wait));
        bench.notes().join("\n")
    };
    let note =
        |calls| format!("the limit of {calls} per minute is reached; the next one starts in 6s");
    let file = || file("a.mp4", &[], false);
    let (never, once) = (|| options(Polls::Never), || options(Polls::Once));
    assert_eq!(
        told(upload_alone(), file(), Endpoint::Upload, S(6)),
        note("uploads")
    );
    assert_eq!(told(upload_alone(), file(), Endpoint::Upload, S(5)), "");
    assert_eq!(
        told(never(), video(0), Endpoint::SubmitAudio, S(6)),
        note("audio submits")
    );
    assert_eq!(
        told(never(), video(0), Endpoint::SubmitVideo, S(6)),
        note("video submits")
    );
    assert_eq!(told(once(), task(0), Endpoint::Get, S(6)), note("polls"));
    assert_eq!(
        told(options(Polls::UntilEnd), task(0), Endpoint::Get, S(60)),
        ""
    );
}

#[test]
fn waits_for_the_limit_of_the_minute_are_told_once_a_minute() {
    let mut bench = Bench::new(options(Polls::Never), [video(0)]);
    for (at, notes) in [(0, 1), (59, 1), (60, 2), (61, 2)] {
        bench.now = S(at);
        bench.on(permit(Endpoint::SubmitAudio, S(6)));
        assert_eq!(bench.notes().len(), notes, "at {at} s");
    }
}

#[test]
fn spent_day_of_polls_is_over_after_a_day() {
    let mut bench = Bench::with_limits(options(Polls::UntilEnd), [task(0)], polls(50, 1));
    bench.polled(Ok(reply(TaskState::Unfinished, 1)));
    bench.pass(HOUR * 23);
    assert!(bench.calls.is_empty());
    bench.pass(HOUR * 2);
    assert_eq!(bench.sent(), [0]);
}

#[test]
fn spent_day_of_listings_is_told_and_waited_out() {
    let limits = AccountLimits {
        list: EndpointLimit::new(50, 1),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(transcribe(), [file("a.mp4", &BOTH, false)], limits);
    let unparsed = || uploaded("V1", "a.mp4", "UNPARSE", 0);
    bench.uploaded(Ok(unparsed()));
    bench.pass(S(10));
    bench.listed(Ok(page(&[unparsed()])));
    bench.pass(S(60));
    let [note] = bench.notes()[..] else {
        panic!("{:?}", bench.messages)
    };
    let expected =
        "the daily limit of listings is reached; mavi looks for parsed videos again in 2";
    assert!(note.starts_with(expected), "{note}");
    bench.pass(HOUR * 25);
    assert!(bench.has_listing());
}

#[test]
fn spent_day_of_uploads_ends_these_and_what_was_uploaded_is_submitted() {
    let limits = AccountLimits {
        upload: EndpointLimit::new(50, 1),
        ..AccountLimits::default()
    };
    let files = || ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH[..1], false));
    let parsed = || uploaded("V1", "a.mp4", "PARSE", 0);

    let mut bench = Bench::with_limits(upload_alone(), files(), limits);
    bench.uploaded(Ok(parsed()));
    assert_eq!(bench.sent(), [0], "its video is submitted");
    bench.submitted(Ok(0));
    let outcome = bench.job.outcome();
    assert!(bench.is_stopped);
    assert_eq!((outcome.exit.code(), outcome.not_started), (6, 1));
    let hint = outcome.submit_stop.and_then(|error| error.hint);
    assert!(hint.is_some_and(|hint| hint.contains("24h")));

    let short = JobOptions {
        timeout: Some(HOUR),
        ..transcribe()
    };
    let mut bench = Bench::with_limits(short, files(), limits);
    bench.uploaded(Ok(parsed()));
    assert_eq!(
        (bench.sent(), bench.job.outcome().not_started),
        (vec![0], 1)
    );
}

#[test]
fn timeout_is_the_cause_where_the_day_is_spent_too() {
    let limits = AccountLimits {
        upload: EndpointLimit::new(50, 1),
        ..AccountLimits::default()
    };
    let files = ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH[..1], false));
    let short = JobOptions {
        timeout: Some(S(2)),
        ..transcribe()
    };
    let mut bench = Bench::with_limits(short, files, limits);
    bench.uploaded(Ok(uploaded("V1", "a.mp4", "UNPARSE", 0)));
    bench.pass(S(2));
    let outcome = bench.job.outcome();
    assert_eq!((outcome.running, outcome.not_started), (vec![0], 1));
    assert_eq!(outcome.exit.code(), 8);
}

#[test]
fn spent_day_is_waited_for_only_where_time_is_left_after_it() {
    for (wait, is_over) in [(S(3599), false), (HOUR, true)] {
        let short = JobOptions {
            timeout: Some(HOUR),
            ..transcribe()
        };
        let mut bench = Bench::new(short, [file("a.mp4", &BOTH, false)]);
        bench.on(Event::Reserved {
            endpoint: Endpoint::Upload,
            reservation: Reservation::DaySpent { wait },
        });
        let stop = bench.job.outcome().submit_stop;
        assert_eq!(stop.is_some(), is_over, "{wait:?}");
    }
}
