//! `listen --verify`: a callback says no more than which task to poll.

use super::super::super::callback_target::{CallbackTarget, TaskOrigin};
use super::super::super::event::{Action, Event, TaskState};
use super::super::super::rate_limit::{AccountLimits, Endpoint, EndpointLimit};
use super::super::{Callbacks, Job, JobOptions, Polls};
use super::permits::permit;
use super::support::*;
use crate::api::FailureClass;
use crate::error::ErrorKind;
use crate::ids::{TranscriptionType, VideoNo};
use crate::receiver::CallbackResponse::{NotStored, RetryAfter, Stored};

const DONE: TaskState = TaskState::Finished;

fn verifying() -> JobOptions {
    JobOptions {
        callbacks: Some(Callbacks {
            takes_all: true,
            accepts_unknown_tasks: true,
            ..OWN
        }),
        ..options(Polls::Verify)
    }
}

/// Returns the events of a callback whose task the record does not know.
fn unknown(request: u64, number: usize, state: TaskState) -> [Event<u32>; 2] {
    let video = VideoNo::new(&format!("V{number}")).unwrap();
    let target = CallbackTarget {
        task: task_no(number),
        video: Some((video, TranscriptionType::Audio)),
    };
    let reply = reply(state, 1);
    let callback = Event::Callback {
        request,
        target,
        reply,
    };
    let origin = Ok(TaskOrigin::Unknown);
    [callback, Event::LookedUp { request, origin }]
}

impl Bench {
    /// Takes in such a callback.
    fn called_back(&mut self, request: u64, number: usize, state: TaskState) {
        for event in unknown(request, number, state) {
            self.on(event);
        }
    }
}

#[test]
fn task_of_a_callback_is_named_as_the_callback_names_it() {
    let mut bench = Bench::new(verifying(), []);
    bench.called_back(1, 1, DONE);
    assert_eq!(bench.job.item(0).full_label(), "V1 (audio), task T1");
}

#[test]
fn callback_that_comes_again_waits_for_the_same_answer() {
    let mut bench = Bench::new(verifying(), []);
    bench.called_back(1, 1, DONE);
    bench.called_back(2, 1, DONE);
    assert_eq!(bench.sent(), [0]);
    bench.polled(Ok(reply(DONE, 99)));
    assert_eq!(bench.delivered, [(0, 99)]);
    assert_eq!(bench.by_callback, [0]);
    assert_eq!(bench.responses, [(1, Stored), (2, Stored)]);
}

#[test]
fn service_is_asked_whatever_state_a_callback_claims() {
    let mut bench = Bench::new(verifying(), []);
    bench.called_back(1, 1, TaskState::Unfinished);
    bench.polled(Ok(reply(DONE, 99)));
    assert_eq!(bench.delivered, [(0, 99)]);
}

#[test]
fn poll_is_given_no_more_time_than_a_sender_waits() {
    let mut bench = Bench::new(verifying(), []);
    bench.called_back(1, 1, DONE);
    assert_eq!(bench.poll_limits, [S(10)]);
}

#[test]
fn task_that_was_not_verified_is_no_unfinished_work() {
    let mut bench = Bench::new(verifying(), []);
    bench.called_back(1, 1, DONE);
    bench.polled(Ok(reply(TaskState::Unfinished, 0)));
    assert_eq!(bench.responses, [(1, NotStored)]);
    bench.on(Event::Signal(ErrorKind::Interrupted));
    let outcome = bench.job.outcome();
    assert_eq!((outcome.not_started, outcome.running), (0, vec![]));
}

#[test]
fn sender_waits_for_a_permit_as_long_as_for_an_answer() {
    let told = |wait| {
        let mut job = Job::new(verifying(), []);
        for event in unknown(1, 1, DONE) {
            job.on(S(0), event);
        }
        let (actions, _) = job.on(S(0), permit(Endpoint::Get, wait));
        actions.into_iter().find_map(|action| match action {
            Action::Respond(_, response) => Some(response),
            _ => None,
        })
    };
    assert_eq!(told(S(10)), None);
    assert_eq!(told(S(11)), Some(RetryAfter(S(11))));
}

#[test]
fn only_those_who_wait_for_a_permit_are_told_to_come_again() {
    let limits = AccountLimits {
        get: EndpointLimit::new(1, 1_000),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(verifying(), [], limits);
    bench.called_back(1, 1, DONE);
    bench.called_back(2, 2, DONE);
    let [(2, RetryAfter(_))] = bench.responses[..] else {
        panic!("{:?}", bench.responses)
    };
    bench.polled(Ok(reply(DONE, 5)));
    assert_eq!(bench.responses[1..], [(1, Stored)]);
}

#[test]
fn spent_day_tells_senders_when_polls_go_on() {
    let limits = AccountLimits {
        get: EndpointLimit::new(50, 1),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(verifying(), [], limits);
    bench.called_back(1, 1, DONE);
    bench.polled(Ok(reply(DONE, 5)));
    bench.called_back(2, 2, DONE);
    let Some((2, RetryAfter(wait))) = bench.responses.last().copied() else {
        panic!("{:?}", bench.responses)
    };
    assert!(wait > S(23 * 3600), "{wait:?}");
    bench.pass(wait);
    bench.polled(Ok(reply(DONE, 6)));
    assert_eq!(bench.delivered, [(0, 5), (1, 6)]);
}

#[test]
fn deferred_verification_that_fails_is_tried_again_after_a_while() {
    let mut bench = Bench::new(verifying(), []);
    bench.called_back(1, 1, DONE);
    bench.polled(Err(rate_limited(30)));
    bench.pass(S(31));
    bench.polled(Err(failure(FailureClass::ConnectionLost)));
    bench.pass(S(9));
    assert!(bench.calls.is_empty());
    bench.pass(S(1));
    bench.polled(Ok(reply(DONE, 5)));
    assert_eq!(bench.delivered, [(0, 5)]);
}

#[test]
fn no_more_than_a_thousand_tasks_wait_to_be_verified() {
    let mut bench = Bench::new(verifying(), []);
    for number in 0..=1_000 {
        bench.called_back(number as u64, number, DONE);
    }
    let told: Vec<_> = bench
        .responses
        .iter()
        .map(|(request, _)| *request)
        .collect();
    assert_eq!(told.last(), Some(&1_000));
    assert_eq!(bench.responses.last(), Some(&(1_000, NotStored)));
    assert_eq!(bench.job.items().len(), 1_000);
}
