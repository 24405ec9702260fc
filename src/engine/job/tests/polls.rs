//! Polls: retries, limits, deadlines.

use jiff::SignedDuration;

use super::super::super::event::{Delivery, TaskReply, TaskState};
use super::super::super::item::{NewItem, State};
use super::super::super::rate_limit::{AccountLimits, EndpointLimit};
use super::super::{JobOptions, PollIntervals, Polls};
use super::support::*;
use crate::api::FailureClass;
use crate::error::{Error, ErrorKind};
use crate::ids::{TranscriptionType, VideoNo};

const DONE: TaskState = TaskState::Finished;

#[test]
fn task_is_polled_until_it_ends() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0)]);
    for _ in 0..3 {
        bench.polled(Ok(reply(TaskState::Unfinished, 0)));
        assert!(bench.calls.is_empty());
        bench.pass(S(1));
        assert_eq!(bench.sent(), [0]);
    }
    bench.polled(Ok(reply(DONE, 8)));
    assert_eq!(bench.delivered, [(0, 8)]);
    assert!(bench.is_stopped);
}

#[test]
fn reply_about_another_task_is_taken_with_a_warning() {
    let of = |state| TaskReply {
        other_task: Some("T9".to_owned()),
        ..reply(state, 8)
    };
    let warning =
        "asked about task T0, the service answered about task \"T9\", which was taken as its own";
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0)]);
    bench.polled(Ok(of(TaskState::Unfinished)));
    assert_eq!(bench.notes(), [""; 0], "it is asked about again");
    bench.pass(S(1));
    bench.sent();
    bench.polled(Ok(of(DONE)));
    assert_eq!(bench.delivered, [(0, 8)]);
    assert_eq!(bench.notes()[0], warning);
    for state in [TaskState::Unfinished, TaskState::Failed, DONE] {
        let mut bench = Bench::new(options(Polls::Once), [task(0)]);
        bench.polled(Ok(of(state)));
        assert_eq!(bench.notes()[0], warning, "{state:?}");
    }
}

#[test]
fn failed_task_is_recorded_and_reported() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0)]);
    bench.polled(Ok(reply(TaskState::Failed, 0)));
    assert_eq!((bench.exit(), &*bench.failed), (3, &[0][..]));
    assert!(bench.errors()[0].contains("task T0"));
}

#[test]
fn passing_failures_never_end_a_wait() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0)]);
    for class in [
        FailureClass::NotConnected,
        FailureClass::NoToken,
        FailureClass::ConnectionLost,
        FailureClass::InvalidBody,
        FailureClass::ServerError {
            status: 500,
            retry_after: None,
        },
        FailureClass::RateLimited { retry_after: None },
    ] {
        bench.polled(Err(failure(class)));
        bench.pass(S(121));
        assert_eq!(bench.sent(), [0], "{class:?}");
    }
    bench.polled(Ok(reply(DONE, 1)));
    assert_eq!(bench.exit(), 0);
}

#[test]
fn get_gives_up_after_its_retries() {
    let mut bench = Bench::new(options(Polls::Once), [task(0)]);
    for _ in 0..3 {
        bench.polled(Err(failure(FailureClass::ConnectionLost)));
        bench.pass(S(30));
    }
    bench.polled(Err(failure(FailureClass::ConnectionLost)));
    assert!(bench.is_stopped);
    assert_eq!(bench.exit(), 7);
}

#[test]
fn get_of_a_running_task_is_unfinished() {
    let mut bench = Bench::new(options(Polls::Once), [task(0)]);
    bench.polled(Ok(reply(TaskState::Unfinished, 0)));
    assert_eq!((bench.is_stopped, bench.exit()), (true, 8));
}

#[test]
fn get_of_several_names_the_command_once_at_the_end() {
    let mut bench = Bench::new(options(Polls::Once), [task(0), task(1)]);
    bench.polled(Ok(reply(TaskState::Unfinished, 0)));
    assert_eq!((bench.job.counts().failed, bench.job.counts().left), (0, 1));
    bench.polled(Ok(reply(DONE, 1)));
    assert!(bench.is_stopped && bench.hints().is_empty());
    let outcome = bench.job.outcome();
    assert_eq!((outcome.exit.code(), outcome.running), (8, vec![0]));
    assert_eq!((outcome.done, outcome.failed), (1, 0));
}

#[test]
fn deadline_gives_up_what_is_running() {
    let options = JobOptions {
        timeout: Some(S(60)),
        ..options(Polls::UntilEnd)
    };
    let mut bench = Bench::new(options, [task(0), task(1)]);
    bench.polled(Ok(reply(DONE, 1)));
    bench.polled(Ok(reply(TaskState::Unfinished, 1)));
    while !bench.is_stopped {
        bench.pass(S(1));
        if !bench.calls.is_empty() {
            bench.polled(Ok(reply(TaskState::Unfinished, 1)));
        }
    }
    assert_eq!(bench.now, S(60));
    let outcome = bench.job.outcome();
    assert_eq!(
        (outcome.exit.code(), outcome.running, outcome.done),
        (8, vec![1], 1)
    );
}

#[test]
fn timeout_of_a_submitted_task_counts_from_its_submit() {
    let options = JobOptions {
        timeout: Some(S(60)),
        ..options(Polls::UntilEnd)
    };
    let mut bench = Bench::new(options, [video(0)]);
    bench.pass(S(100));
    bench.submitted(Ok(0));
    assert!(!bench.is_stopped);
    bench.pass(S(59));
    assert!(!bench.is_stopped);
    bench.pass(S(1));
    assert!(bench.is_stopped);
    assert_eq!(bench.exit(), 8);
}

#[test]
fn spent_day_is_waited_out() {
    let limits = AccountLimits {
        get: EndpointLimit::new(50, 2),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(options(Polls::UntilEnd), [task(0)], limits);
    for _ in 0..2 {
        bench.polled(Ok(reply(TaskState::Unfinished, 0)));
        bench.pass(S(90_000));
    }
    bench.polled(Ok(reply(DONE, 1)));
    assert_eq!(bench.exit(), 0);
}

#[test]
fn spent_day_ends_a_get_with_the_time() {
    let limits = AccountLimits {
        get: EndpointLimit::new(50, 1),
        ..AccountLimits::default()
    };
    let one = JobOptions {
        workers: 1,
        ..options(Polls::Once)
    };
    let mut bench = Bench::with_limits(one, [task(0), task(1)], limits);
    bench.polled(Ok(reply(DONE, 1)));
    assert!(bench.is_stopped);
    assert_eq!((bench.exit(), bench.delivered.len()), (6, 1));
}

#[test]
fn refused_token_leaves_all_that_is_open() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0), task(1), task(2)]);
    bench.polled(Err(refused("0401")));
    bench.polled(Ok(reply(DONE, 1)));
    bench.polled(Err(refused("0401")));
    assert!(bench.is_stopped);
    let outcome = bench.job.outcome();
    assert_eq!((outcome.exit.code(), outcome.done), (4, 1));
    assert_eq!(outcome.running, [0, 2]);
}

#[test]
fn missing_permission_fails_one_item_alone() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0), task(1)]);
    bench.polled(Err(refused("9009")));
    assert!(!bench.is_stopped);
    bench.polled(Ok(reply(DONE, 1)));
    assert_eq!(bench.exit(), 4);
    assert_eq!(bench.state(0), &State::Failed(ErrorKind::Auth.exit()));
}

#[test]
fn result_that_cannot_be_written_fails_its_item() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0)]);
    bench.delivery = Some(Delivery::Failed(Error::new(ErrorKind::Io, "disk full")));
    bench.polled(Ok(reply(DONE, 1)));
    assert_eq!((bench.is_stopped, bench.exit()), (true, 1));
    assert_eq!(bench.errors(), ["disk full"]);
}

#[test]
fn each_task_of_a_get_has_its_own_retries() {
    let one = JobOptions {
        workers: 1,
        ..options(Polls::Once)
    };
    let mut bench = Bench::new(one, [task(0), task(1)]);
    for _ in 0..6 {
        bench.polled(Err(failure(FailureClass::ConnectionLost)));
        bench.pass(S(30));
    }
    assert_eq!((bench.calls.len(), bench.errors().len()), (1, 0));
}

#[test]
fn failed_poll_is_repeated_before_the_deadline_and_says_nothing_after_it() {
    let options = JobOptions {
        timeout: Some(S(60)),
        ..options(Polls::UntilEnd)
    };
    let mut bench = Bench::new(options, [task(0)]);
    bench.polled(Err(failure(FailureClass::NotConnected)));
    bench.pass(S(5));
    assert_eq!(bench.sent(), [0]);
    bench.now = S(60);
    bench.polled(Err(failure(FailureClass::Permanent)));
    assert_eq!(bench.errors(), [""; 0]);
    assert_eq!(*bench.state(0), State::TimedOut);
}

#[test]
fn task_is_polled_first_when_those_before_it_had_ended() {
    let options = JobOptions {
        intervals: PollIntervals::new(None),
        ..options(Polls::UntilEnd)
    };
    let mut bench = Bench::new(options, [video(0), video(1)]);
    bench.submitted(Ok(0));
    while bench.delivered.is_empty() {
        bench.pass(S(1));
        if bench.sent() == [1, 0] {
            let has_ended = bench.now > S(40);
            let state = if has_ended {
                DONE
            } else {
                TaskState::Unfinished
            };
            bench.polled(Ok(reply(state, 1)));
        }
    }
    bench.submitted(Ok(1));
    bench.pass(S(25));
    assert!(bench.calls.is_empty());
    bench.pass(S(6));
    assert_eq!(bench.sent(), [1]);
}

#[test]
fn task_is_named_as_the_record_names_it_and_its_age_counts() {
    let video = VideoNo::new("V1").unwrap();
    let known = NewItem::Task {
        task: task_no(1),
        video: Some((video, TranscriptionType::Video)),
        age: Some(S(600)),
        calls_here: false,
    };
    let bench = Bench::new(options(Polls::UntilEnd), [known]);
    let item = bench.job.item(0);
    assert_eq!(item.full_label(), "V1 (video), task T1");
    assert_eq!(item.submitted_at, Some(SignedDuration::from_secs(-600)));
}
