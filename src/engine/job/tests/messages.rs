//! Messages to the user, and the limits of a run behind them.

use std::time::Duration;

use super::super::super::callback_target::{CallbackTarget, Refresh};
use super::super::super::event::{Action, Event, TaskState};
use super::super::super::item::NewItem;
use super::super::super::rate_limit::{AccountLimits, Endpoint, EndpointLimit, Pacing};
use super::super::{Callbacks, Job, JobOptions, Polls, UploadRules};
use super::file_support::{self, BOTH, file, page, transcribe};
use super::support::*;
use crate::api::FailureClass;
use crate::error::{Error, ErrorKind};

const DONE: TaskState = TaskState::Finished;

/// Returns the limits of an account that may poll and submit once a day.
fn once_a_day() -> AccountLimits {
    AccountLimits {
        get: EndpointLimit::new(50, 1),
        submit_audio: EndpointLimit::new(50, 1),
        ..AccountLimits::default()
    }
}

fn listening(callbacks: Callbacks, polls: Polls) -> JobOptions {
    JobOptions {
        callbacks: Some(callbacks),
        ..options(polls)
    }
}

fn calling(number: usize) -> NewItem {
    NewItem::Task {
        task: task_no(number),
        video: None,
        age: None,
        calls_here: true,
    }
}

#[test]
fn outage_is_told_once_and_its_end_too() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [task(0)]);
    assert_eq!(bench.job.outage(), None);
    for _ in 0..2 {
        bench.polled(Err(failure(FailureClass::ConnectionLost)));
        assert_eq!(bench.job.outage(), Some("failed"));
        bench.pass(S(121));
    }
    assert_eq!(bench.notes(), ["retrying: failed"]);
    bench.polled(Ok(reply(TaskState::Unfinished, 0)));
    assert_eq!(bench.job.outage(), None);
    let expected = ["retrying: failed", "the service responds again"];
    assert_eq!(bench.notes(), expected);
}

#[test]
fn call_that_was_not_sent_gives_its_permit_back() {
    let limits = AccountLimits {
        get: EndpointLimit::new(1, 1),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(options(Polls::UntilEnd), [task(0)], limits);
    bench.polled(Err(failure(FailureClass::NotConnected)));
    bench.pass(S(1));
    assert_eq!(bench.sent(), [0]);
}

#[test]
fn number_of_tasks_that_call_is_told_where_it_is_not_all() {
    let callbacks = Callbacks {
        advice: "; advice",
        ..OWN
    };
    let options = || listening(callbacks, Polls::UntilEnd);
    let note = |calls| format!("{calls} will call here; the other is polled as usual; advice");
    let bench = Bench::new(options(), [calling(0), task(1)]);
    assert_eq!(bench.notes(), [note("1 of 2 tasks")]);
    let bench = Bench::new(options(), [task(0)]);
    assert_eq!(bench.notes(), [note("0 of 1 task")]);
    let bench = Bench::new(options(), [calling(0), calling(1)]);
    assert!(bench.notes().is_empty());

    let mut bench = Bench::new(options(), [task(0), video(1)]);
    assert!(bench.notes().is_empty(), "a task is not known yet");
    bench.submitted(Ok(1));
    let expected = ["V1 (audio): task T1".to_owned(), note("1 of 2 tasks")];
    assert_eq!(bench.notes(), expected);
    bench.pass(S(60));
    assert_eq!(bench.notes(), expected, "it is told once");

    let all = Callbacks {
        takes_all: true,
        ..callbacks
    };
    let bench = Bench::new(listening(all, Polls::UntilEnd), [task(0)]);
    assert!(bench.notes().is_empty());
}

#[test]
fn journal_is_read_again_as_often_as_a_callback_needs_it() {
    let taking_all = |accepts_unknown_tasks| Callbacks {
        takes_all: true,
        accepts_unknown_tasks,
        ..OWN
    };
    for (callbacks, expected) in [
        (OWN, Refresh::Always),
        (taking_all(true), Refresh::Once),
        (taking_all(false), Refresh::IfUnknown),
    ] {
        let mut bench = Bench::new(listening(callbacks, Polls::UntilEnd), [task(0)]);
        let event = Event::Callback {
            request: 1,
            target: CallbackTarget {
                task: task_no(9),
                video: None,
            },
            reply: reply(DONE, 1),
        };
        let (actions, _) = bench.job.on(bench.now, event);
        let refresh = actions.iter().find_map(|action| match action {
            Action::LookUp(_, _, refresh) => Some(*refresh),
            _ => None,
        });
        assert_eq!(refresh, Some(expected));
    }
}

#[test]
fn failed_look_up_is_warned_of_with_advice_once() {
    let all = Callbacks {
        takes_all: true,
        ..OWN
    };
    let mut bench = Bench::new(listening(all, Polls::Never), []);
    for request in [1, 2] {
        bench.callback(request, 7, reply(DONE, 1));
        bench.on(Event::LookedUp {
            request,
            origin: Err(Error::new(ErrorKind::Io, "unreadable")),
        });
    }
    let warning = "could not look up task T7 in the journal: unreadable";
    let advice = "its sender is told to retry later";
    assert_eq!(bench.notes()[0], format!("{warning}; {advice}"));
    assert!(bench.notes()[1..].iter().all(|note| *note == warning));
}

#[test]
fn spent_day_pauses_a_wait_and_fails_a_single_poll() {
    let of = |polls| {
        let options = JobOptions {
            workers: 1,
            ..options(polls)
        };
        let mut bench = Bench::with_limits(options, [task(0), task(1)], once_a_day());
        bench.polled(Ok(reply(TaskState::Unfinished, 1)));
        bench.pass(S(5));
        bench
    };
    let bench = of(Polls::UntilEnd);
    let [note] = bench.notes()[..] else {
        panic!("{:?}", bench.messages)
    };
    assert!(
        note.starts_with("the daily limit of polls is reached; polling goes on in 24h"),
        "{note}"
    );
    assert!(!bench.is_stopped);

    let bench = of(Polls::Once);
    assert!(bench.is_stopped && bench.notes().is_empty());
    let error = bench.errors()[0];
    assert!(
        error.starts_with("could not get task T1") && error.ends_with("polls is reached"),
        "{error}"
    );
}

#[test]
fn spent_day_ends_submits_unless_it_is_to_be_waited_for() {
    let of = |waits_for_parse, timeout: Option<Duration>| {
        let options = JobOptions {
            workers: 1,
            timeout,
            uploads: UploadRules {
                waits_for_parse,
                ..UploadRules::default()
            },
            ..options(Polls::UntilEnd)
        };
        let mut bench = Bench::with_limits(options, [video(0), video(1)], once_a_day());
        bench.submitted(Ok(0));
        let notes = bench.notes().join("\n");
        let is_waiting =
            notes.contains("\nthe daily limit of audio submits is reached; they go on");
        let stop = bench.job.outcome().submit_stop;
        assert_eq!(stop.is_none(), is_waiting, "{notes} {stop:?}");
        is_waiting
    };
    let hours = Duration::from_hours;
    assert!(!of(false, None));
    assert!(of(true, None));
    assert!(of(true, Some(hours(48))));
    assert!(!of(true, Some(hours(1))));
}

#[test]
fn runs_with_files_have_fewer_workers() {
    for (workers, alone, with_files) in [
        (0, 1, 1),
        (1, 1, 1),
        (2, 2, 2),
        (3, 3, 2),
        (4, 4, 3),
        (8, 8, 6),
    ] {
        let of = |items: Vec<NewItem>, has_files| {
            let options = JobOptions {
                workers,
                ..options(Polls::Never)
            };
            let bench = Bench::new(options, items);
            assert_eq!(bench.job.has_files(), has_files);
            bench.job.workers()
        };
        let got = (
            of(vec![video(0)], false),
            of(vec![file("a.mp4", &BOTH, true)], true),
        );
        assert_eq!(got, (alone, with_files), "{workers}");
    }
}

#[test]
fn calls_are_paced_by_who_waits_for_them() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, false)]);
    bench.uploaded(Ok(file_support::video("V1", "a.mp4", "UNPARSE", 0)));
    bench.pass(S(10));
    let listing = (Endpoint::List, Pacing::EvenOverDay);
    assert_eq!(bench.reserved.last(), Some(&listing));

    for (polls, item, expected) in [
        (Polls::Verify, task(0), Pacing::Immediate),
        (Polls::UntilEnd, task(0), Pacing::EvenOverDay),
        (Polls::Once, task(0), Pacing::Even),
        (Polls::UntilEnd, video(0), Pacing::Even),
        (
            Polls::UntilEnd,
            file("a.mp4", &BOTH, false),
            Pacing::Immediate,
        ),
        (Polls::Never, file("a.mp4", &BOTH, false), Pacing::Immediate),
    ] {
        let mut job = Job::<u32>::new(options(polls), [item]);
        let (actions, _) = job.on(S(0), Event::Tick);
        let pacing = actions.iter().find_map(|action| match action {
            Action::Reserve(_, pacing) => Some(*pacing),
            _ => None,
        });
        assert_eq!(pacing, Some(expected), "{polls:?}");
    }
}

#[test]
fn number_of_tasks_that_call_is_told_once_all_files_are_submitted() {
    let options = JobOptions {
        callbacks: Some(OWN),
        ..transcribe()
    };
    let mut bench = Bench::new(options, [task(0), file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(file_support::video("V1", "a.mp4", "UNPARSE", 0)));
    bench.pass(S(10));
    assert!(bench.notes().is_empty(), "a task is not known yet");
    bench.listed(Ok(page(&[file_support::video("V1", "a.mp4", "PARSE", 0)])));
    bench.submitted(Ok(1));
    let expected = "1 of 2 tasks will call here; the other is polled as usual";
    assert_eq!(bench.notes(), [expected]);
}
