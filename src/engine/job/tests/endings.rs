//! The ends of runs: signals, closed pipes, and the status.

use super::super::super::event::{Delivery, Event, TaskState};
use super::super::{Ending, JobOptions, Polls};
use super::file_support::{BOTH, file, transcribe};
use super::support::*;
use crate::api::FailureClass;
use crate::error::{Error, ErrorKind};

#[test]
fn signal_stops_at_once_where_nothing_paid_is_under_way() {
    for (kind, exit) in [(ErrorKind::Interrupted, 130), (ErrorKind::Terminated, 143)] {
        let mut bench = Bench::new(options(Polls::UntilEnd), [task(0), task(1)]);
        bench.on(Event::Signal(kind));
        assert!(bench.is_stopped);
        let outcome = bench.job.outcome();
        assert_eq!((outcome.exit.code(), outcome.running), (exit, vec![0, 1]));
    }
}

#[test]
fn signal_leaves_submits_under_way_a_moment_to_be_answered() {
    let mut bench = Bench::new(options(Polls::Never), (0..9).map(video));
    bench.on(Event::Signal(ErrorKind::Interrupted));
    assert!(!bench.is_stopped);
    bench.submitted(Ok(0));
    assert_eq!(bench.calls.len(), 3, "nothing more is submitted");
    bench.pass(S(1));
    assert!(bench.is_stopped);
    let outcome = bench.job.outcome();
    assert_eq!((outcome.not_started, outcome.exit.code()), (5, 130));
    assert_eq!(outcome.failed, 3, "they got no answer");
    assert_eq!(bench.printed, [0]);
}

#[test]
fn submits_under_way_are_waited_for_unless_a_signal_comes() {
    let closed = || Event::OutputClosed;
    for signal in [false, true] {
        let mut bench = Bench::new(options(Polls::Never), (0..4).map(video));
        bench.on(closed());
        bench.pass(S(60));
        bench.submitted(Ok(0));
        assert_eq!((bench.is_stopped, bench.wake), (false, None));
        if signal {
            bench.on(Event::Signal(ErrorKind::Interrupted));
            bench.pass(S(1));
        } else {
            for task in 1..4 {
                bench.submitted(Ok(task));
            }
        }
        assert!(bench.is_stopped);
        assert_eq!(bench.printed.len(), if signal { 1 } else { 4 });
    }
}

#[test]
fn refused_token_loses_no_submit_under_way() {
    let mut bench = Bench::new(options(Polls::Never), (0..9).map(video));
    bench.submitted(Err(refused("0401")));
    bench.pass(S(60));
    for task in 1..4 {
        bench.submitted(Ok(task));
    }
    assert_eq!((bench.is_stopped, bench.exit()), (true, 4));
    assert_eq!(bench.printed, [1, 2, 3]);
    assert_eq!(bench.job.outcome().not_started, 6);
}

#[test]
fn refused_token_leaves_polls_a_moment() {
    let mut bench = Bench::new(options(Polls::UntilEnd), (0..4).map(task));
    bench.polled(Err(refused("0401")));
    assert!(!bench.is_stopped);
    bench.pass(S(1));
    assert_eq!((bench.is_stopped, bench.exit()), (true, 4));
}

#[test]
fn tasks_that_are_known_are_printed_at_the_end_whatever_is_missing_before_them() {
    let mut bench = Bench::new(options(Polls::Never), (0..3).map(video));
    bench.calls.remove(0);
    bench.submitted(Ok(1));
    bench.submitted(Ok(2));
    assert!(bench.printed.is_empty());
    bench.on(Event::Signal(ErrorKind::Interrupted));
    bench.pass(S(2));
    assert_eq!(bench.printed, [1, 2]);
}

#[test]
fn closed_pipe_ends_the_run_quietly() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0), task(1)]);
    bench.on(Event::OutputClosed);
    assert!(bench.is_stopped);
    assert_eq!(bench.job.outcome().ending, Some(Ending::OutputClosed));
    assert_eq!(bench.exit(), 0);
}

#[test]
fn result_that_a_signal_interrupts_stays_open() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0), task(1)]);
    bench.delivery = Some(Delivery::Interrupted);
    bench.polled(Ok(reply(TaskState::Finished, 1)));
    bench.on(Event::Signal(ErrorKind::Terminated));
    let outcome = bench.job.outcome();
    assert_eq!((outcome.exit.code(), outcome.running), (143, vec![0, 1]));
}

#[test]
fn differing_failures_share_status_one() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0), task(1)]);
    bench.polled(Ok(reply(TaskState::Failed, 1)));
    bench.polled(Err(refused("0001")));
    assert_eq!((bench.is_stopped, bench.exit()), (true, 1));
    assert_eq!(bench.job.outcome().failed, 2);
}

#[test]
fn run_without_items_ends_at_once() {
    let bench = Bench::new(options(Polls::UntilEnd), []);
    assert!(bench.is_stopped);
    assert_eq!(bench.exit(), 0);
}

#[test]
fn signal_ends_the_waiting_for_polls() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0), video(1)]);
    bench.on(Event::Signal(ErrorKind::Interrupted));
    bench.polled(Ok(reply(TaskState::Finished, 1)));
    assert!(bench.delivered.is_empty());
    bench.submitted(Ok(1));
    assert!(bench.is_stopped);
}

#[test]
fn refused_token_is_no_reason_to_wait_for_a_file_to_be_read() {
    let files = [("a.mp4", false), ("b.mp4", true)];
    let files = files.map(|(name, is_hashed)| file(name, &BOTH, is_hashed));
    let mut bench = Bench::new(transcribe(), files);
    assert_eq!(bench.sent(), [2, 0]);
    bench.uploaded(Err(refused("0401")));
    assert!(bench.is_stopped);
}

#[test]
fn wait_prints_no_tasks() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0)]);
    bench.polled(Ok(reply(TaskState::Finished, 1)));
    assert!(bench.is_stopped && bench.printed.is_empty());
}

#[test]
fn item_has_its_deadline_and_the_counts_follow_its_state() {
    let options = JobOptions {
        timeout: Some(S(60)),
        ..options(Polls::UntilEnd)
    };
    let mut bench = Bench::new(options, [task(0), video(1)]);
    assert_eq!(
        (bench.job.deadline(0), bench.job.deadline(1)),
        (Some(S(60)), None)
    );
    let counts = |bench: &Bench| {
        let counts = bench.job.counts();
        (counts.submitting, counts.waiting, counts.done, counts.left)
    };
    assert_eq!(counts(&bench), (1, 1, 0, 0));
    bench.pass(S(10));
    bench.submitted(Ok(1));
    assert_eq!(bench.job.deadline(1), Some(S(70)));
    bench.polled(Ok(reply(TaskState::Finished, 1)));
    assert_eq!(counts(&bench), (0, 1, 1, 0));
    bench.pass(S(60));
    assert_eq!(counts(&bench), (0, 0, 1, 1));
}

#[test]
fn call_that_a_signal_left_without_a_token_or_record_is_not_made() {
    let no_token = || failure(FailureClass::NoToken);
    for case in ["no token", "no record", "upload"] {
        let item = match case {
            "upload" => file("a.mp4", &BOTH, false),
            _ => video(0),
        };
        let mut bench = Bench::new(transcribe(), [item]);
        bench.on(Event::Signal(ErrorKind::Interrupted));
        assert!(!bench.is_stopped);
        match case {
            "no token" => assert_eq!(bench.submitted(Err(no_token())), 0),
            "no record" => bench.recorded(Err(Error::interrupted(ErrorKind::Interrupted))),
            _ => bench.uploaded(Err(no_token())),
        }
        assert!(bench.is_stopped);
        assert_eq!(bench.errors(), [""; 0]);
        let outcome = bench.job.outcome();
        let items = bench.job.items().len();
        assert_eq!((outcome.not_started, outcome.exit.code()), (items, 130));
    }
}
