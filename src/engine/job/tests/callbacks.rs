//! Callbacks: who is told what, and when.

use super::super::super::callback_target::TaskOrigin;
use super::super::super::event::{Delivery, Event, TaskState};
use super::super::{Callbacks, Ending, JobOptions, Polls};
use super::support::*;
use crate::error::{Error, ErrorKind};
use crate::receiver::CallbackResponse::{NotStored, Rejected, RetryAfter, Stored};

const DONE: TaskState = TaskState::Finished;

fn waiting() -> JobOptions {
    JobOptions {
        callbacks: Some(OWN),
        ..options(Polls::UntilEnd)
    }
}

fn listening(polls: Polls, accepts_unknown_tasks: bool) -> JobOptions {
    JobOptions {
        callbacks: Some(Callbacks {
            takes_all: true,
            accepts_unknown_tasks,
            count: Some(2),
            ..OWN
        }),
        ..options(polls)
    }
}

#[test]
fn what_is_no_result_is_told_once_for_each_reason() {
    let mut bench = Bench::new(listening(Polls::Never, true), []);
    for reason in ["one", "other", "one", "other", "one"] {
        bench.on(Event::NotAResult(reason));
    }
    assert_eq!(bench.notes(), ["one", "other"]);
}

/// A receiver of three tasks, with the rate limit pausing all polls.
#[test]
fn callbacks_end_the_job_while_the_rate_limit_pauses_polls() {
    let options = JobOptions {
        workers: 1,
        ..waiting()
    };
    let mut bench = Bench::new(options, [task(0), task(1), task(2)]);
    bench.polled(Err(rate_limited(25)));
    bench.pass(S(4));
    assert!(bench.calls.is_empty());
    for (request, number) in (0..).zip(0..3) {
        bench.callback(request, number, reply(DONE, 1));
    }
    assert!(bench.is_stopped, "at 4 s, not when the pause is over");
    assert_eq!(bench.delivered.len(), 3);
    assert_eq!(bench.responses, [(0, Stored), (1, Stored), (2, Stored)]);
}

#[test]
fn result_that_comes_twice_is_delivered_once_and_both_senders_are_told() {
    let mut bench = Bench::new(waiting(), [task(0), task(1)]);
    bench.callback(7, 0, reply(DONE, 1));
    bench.callback(8, 0, reply(DONE, 1));
    bench.polled(Ok(reply(DONE, 2)));
    assert_eq!(bench.delivered, [(0, 1)]);
    assert_eq!(bench.responses, [(7, Stored), (8, Stored)]);
}

#[test]
fn result_that_could_not_be_written_is_taken_again() {
    let mut bench = Bench::new(waiting(), [task(0), task(1)]);
    for _ in 0..2 {
        bench.delivery = Some(Delivery::Failed(Error::new(ErrorKind::Io, "disk full")));
        bench.callback(1, 0, reply(DONE, 1));
    }
    assert_eq!(bench.responses, [(1, NotStored), (1, NotStored)]);
    assert_eq!(bench.errors(), ["disk full"], "it is said once");
    bench.callback(2, 0, reply(DONE, 1));
    assert_eq!(bench.responses.last(), Some(&(2, Stored)));
    bench.polled(Ok(reply(TaskState::Unfinished, 2)));
    bench.polled(Ok(reply(DONE, 2)));
    assert_eq!((bench.exit(), bench.is_stopped), (0, true));
}

#[test]
fn collected_results_are_never_called_stored() {
    let options = JobOptions {
        collects_results: true,
        ..waiting()
    };
    let mut bench = Bench::new(options, [task(0), task(1)]);
    bench.callback(1, 0, reply(DONE, 1));
    bench.callback(2, 0, reply(DONE, 1));
    assert_eq!(bench.responses, [(1, NotStored), (2, NotStored)]);
    assert_eq!(bench.delivered.len(), 1);
}

#[test]
fn callback_before_the_answer_to_its_submit_has_to_come_again() {
    let mut bench = Bench::new(waiting(), [video(0)]);
    bench.callback(1, 5, reply(DONE, 1));
    assert_eq!(bench.responses, [(1, NotStored)]);
    bench.submitted(Ok(5));
    bench.callback(2, 5, reply(DONE, 1));
    assert_eq!(bench.responses[1], (2, Stored));
    assert!(bench.is_stopped);
}

#[test]
fn result_of_another_run_depends_on_the_record() {
    for (origin, response) in [
        (TaskOrigin::Completed, Stored),
        (TaskOrigin::Recorded { calls_here: true }, NotStored),
        (TaskOrigin::Recorded { calls_here: false }, Rejected),
        (TaskOrigin::Recovered, NotStored),
        (TaskOrigin::Unknown, Rejected),
    ] {
        let mut bench = Bench::new(waiting(), [task(0)]);
        bench.callback(3, 9, reply(DONE, 1));
        assert_eq!(bench.lookups.len(), 1);
        bench.on(Event::LookedUp {
            request: 3,
            origin: Ok(origin),
        });
        assert_eq!(bench.responses, [(3, response)], "{origin:?}");
        assert!(bench.delivered.is_empty());
    }
}

#[test]
fn listen_takes_recorded_tasks_and_ends_after_its_count() {
    let mut bench = Bench::new(listening(Polls::Never, false), []);
    for (request, number, origin) in [
        (1, 1, TaskOrigin::Recorded { calls_here: true }),
        (2, 2, TaskOrigin::Unknown),
        (3, 3, TaskOrigin::Recovered),
    ] {
        bench.callback(request, number, reply(DONE, 1));
        bench.on(Event::LookedUp {
            request,
            origin: Ok(origin),
        });
    }
    assert_eq!(bench.responses, [(1, Stored), (2, Rejected), (3, Stored)]);
    assert!(bench.is_stopped, "two results were asked for");
    assert_eq!(bench.exit(), 0);
}

#[test]
fn listen_with_an_unreadable_journal_has_senders_come_again() {
    let error = || Err(Error::new(ErrorKind::Io, "unreadable"));
    for (accepts, response) in [(false, NotStored), (true, Stored)] {
        let mut bench = Bench::new(listening(Polls::Never, accepts), []);
        bench.callback(1, 1, reply(DONE, 1));
        bench.on(Event::LookedUp {
            request: 1,
            origin: error(),
        });
        assert_eq!(bench.responses, [(1, response)]);
    }
}

/// Hands a callback over and says that its task is not on record.
fn unknown(bench: &mut Bench, request: u64, number: usize) {
    bench.callback(request, number, reply(DONE, 1));
    if bench
        .lookups
        .last()
        .is_some_and(|(held, _)| *held == request)
    {
        bench.on(Event::LookedUp {
            request,
            origin: Ok(TaskOrigin::Unknown),
        });
    }
}

#[test]
fn verified_result_is_the_one_of_the_service() {
    let mut bench = Bench::new(listening(Polls::Verify, true), []);
    unknown(&mut bench, 1, 1);
    assert!(bench.responses.is_empty() && bench.delivered.is_empty());
    bench.polled(Ok(reply(DONE, 99)));
    assert_eq!(
        (&*bench.delivered, &*bench.responses),
        (&[(0, 99)][..], &[(1, Stored)][..])
    );
}

#[test]
fn result_that_cannot_be_verified_is_not_taken() {
    for (result, response) in [
        (Ok(reply(TaskState::Unfinished, 1)), NotStored),
        (Err(refused("0003")), Rejected),
        (Err(refused("0401")), NotStored),
        (
            Err(failure(crate::api::FailureClass::ConnectionLost)),
            NotStored,
        ),
    ] {
        let mut bench = Bench::new(listening(Polls::Verify, true), []);
        unknown(&mut bench, 1, 1);
        bench.polled(result);
        assert_eq!(bench.responses, [(1, response)]);
        bench.pass(S(60));
        assert!(bench.calls.is_empty(), "its sender comes again, or not");
    }
}

#[test]
fn verification_that_the_rate_limit_defers_is_made_without_its_sender() {
    let mut bench = Bench::new(listening(Polls::Verify, true), []);
    unknown(&mut bench, 1, 1);
    bench.polled(Err(rate_limited(30)));
    let Some((1, RetryAfter(wait))) = bench.responses.pop() else {
        panic!("{:?}", bench.responses)
    };
    assert!(wait <= S(30), "{wait:?}");
    bench.pass(S(31));
    bench.polled(Ok(reply(DONE, 5)));
    assert_eq!(bench.delivered, [(0, 5)]);
}

#[test]
fn no_callback_is_taken_once_the_run_is_ending() {
    let mut bench = Bench::new(waiting(), [task(0), video(1)]);
    bench.on(Event::Signal(ErrorKind::Interrupted));
    bench.callback(1, 0, reply(DONE, 1));
    assert_eq!(bench.responses, [(1, NotStored)]);
    assert!(bench.delivered.is_empty());
}

#[test]
fn failed_task_that_calls_again_is_recorded_once() {
    let mut bench = Bench::new(waiting(), [task(0), task(1)]);
    for request in [1, 2] {
        bench.callback(request, 0, reply(TaskState::Failed, 1));
    }
    assert_eq!(bench.responses, [(1, Stored), (2, Stored)]);
    assert_eq!((&*bench.failed, bench.errors().len()), (&[0][..], 1));
}

#[test]
fn result_is_recorded_as_come_by_callback_or_by_poll() {
    let mut bench = Bench::new(waiting(), [task(0), task(1)]);
    bench.callback(1, 1, reply(DONE, 1));
    bench.polled(Ok(reply(DONE, 2)));
    assert_eq!(bench.delivered, [(1, 1), (0, 2)]);
    assert_eq!(bench.by_callback, [1]);
}

#[test]
fn listen_takes_no_task_that_has_not_ended() {
    let mut bench = Bench::new(listening(Polls::Never, true), []);
    bench.callback(1, 1, reply(TaskState::Unfinished, 1));
    bench.on(Event::LookedUp {
        request: 1,
        origin: Ok(TaskOrigin::Unknown),
    });
    assert_eq!(bench.responses, [(1, Rejected)]);
    assert!(bench.job.items().is_empty());
}

#[test]
fn listen_counts_tasks_that_failed_as_results() {
    let mut bench = Bench::new(listening(Polls::Never, true), []);
    for (request, state) in [(1, TaskState::Failed), (2, DONE)] {
        bench.callback(request, 1, reply(state, 1));
        bench.callback(request, 2, reply(state, 1));
        let origin = Ok(TaskOrigin::Unknown);
        bench.on(Event::LookedUp { request, origin });
    }
    assert!(bench.is_stopped);
    assert_eq!(bench.job.outcome().ending, Some(Ending::CountReached));
    assert_eq!(bench.exit(), 3);
    assert!(
        bench.printed.is_empty(),
        "results are printed, and no tasks"
    );
}

#[test]
fn listen_ends_at_its_timeout() {
    for (count, exit) in [(None, 0), (Some(1), 0), (Some(2), 8)] {
        let mut options = listening(Polls::Never, true);
        options.timeout = Some(S(60));
        options.callbacks = options.callbacks.map(|it| Callbacks { count, ..it });
        let mut bench = Bench::new(options, []);
        bench.pass(S(59));
        assert!(!bench.is_stopped);
        unknown(&mut bench, 1, 1);
        assert_eq!(bench.is_stopped, count == Some(1));
        bench.pass(S(1));
        assert_eq!((bench.is_stopped, bench.exit()), (true, exit), "{count:?}");
    }
}

#[test]
fn wait_with_an_unreadable_journal_has_senders_come_again() {
    let mut bench = Bench::new(waiting(), [task(0)]);
    bench.callback(1, 9, reply(DONE, 1));
    let origin = Err(Error::new(ErrorKind::Io, "unreadable"));
    bench.on(Event::LookedUp { request: 1, origin });
    assert_eq!(bench.responses, [(1, NotStored)]);
}
