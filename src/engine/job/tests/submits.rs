//! Submits: order, retries, and what ends a batch.

use super::super::super::event::{Event, RecordedSubmit, RecordedTask, TaskState};
use super::super::super::item::State;
use super::super::super::rate_limit::{
    AccountLimits, Endpoint, EndpointLimit, Pacing, Reservation,
};
use super::super::{JobOptions, Polls};
use super::file_support::{self, BOTH, file, transcribe};
use super::support::*;
use crate::api::{ApiError, FailureClass};
use crate::error::ErrorKind;

#[test]
fn tasks_are_printed_in_input_order() {
    let mut bench = Bench::new(options(Polls::Never), (0..3).map(video));
    assert_eq!(bench.sent(), [0, 1, 2]);
    bench.calls.reverse();
    bench.submitted(Ok(2));
    bench.submitted(Ok(1));
    assert!(bench.printed.is_empty());
    bench.submitted(Ok(0));
    assert_eq!(bench.printed, [0, 1, 2]);
    assert!(bench.is_stopped);
    assert_eq!(bench.exit(), 0);
}

#[test]
fn task_is_printed_as_soon_as_all_before_it_are_answered() {
    let mut bench = Bench::new(options(Polls::Never), (0..3).map(video));
    bench.submitted(Ok(0));
    assert_eq!(bench.printed, [0]);
    bench.submitted(Err(refused("0001")));
    bench.submitted(Ok(2));
    assert_eq!(bench.printed, [0, 2]);
}

#[test]
fn no_more_calls_are_sent_than_there_are_workers() {
    let mut bench = Bench::new(options(Polls::Never), (0..9).map(video));
    assert_eq!(bench.sent(), [0, 1, 2, 3]);
    bench.submitted(Ok(0));
    assert_eq!(bench.sent(), [1, 2, 3, 4]);
}

#[test]
fn submit_without_answer_is_unknown_and_never_repeated() {
    for class in [
        FailureClass::ConnectionLost,
        FailureClass::InvalidBody,
        FailureClass::ServerError {
            status: 504,
            retry_after: Some(S(1)),
        },
    ] {
        let mut bench = Bench::new(options(Polls::Never), [video(0)]);
        bench.submitted(Err(failure(class)));
        assert!(bench.is_stopped && bench.calls.is_empty());
        assert_eq!(bench.state(0), &State::Unknown(ErrorKind::Network.exit()));
        assert_eq!(bench.exit(), 7);
        assert!(
            bench.errors()[0].contains("not known"),
            "{:?}",
            bench.messages
        );
    }
}

#[test]
fn reply_that_names_a_task_ends_the_submit_and_keeps_the_task() {
    let mut bench = Bench::new(options(Polls::Never), [video(0)]);
    bench.submitted(Err(ApiError {
        named_task: Some(task_no(7)),
        ..rate_limited(1)
    }));
    bench.pass(S(600));
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert!(matches!(bench.state(0), State::Unknown(_)));
    assert!(bench.errors()[0].contains("T7"), "{:?}", bench.messages);
    assert_eq!(bench.exit(), 7);
    assert_eq!(bench.hints(), ["to wait for that task, run: mavi wait T7"]);
}

#[test]
fn submit_that_was_not_sent_is_repeated() {
    let mut bench = Bench::new(options(Polls::Never), [video(0)]);
    for _ in 0..3 {
        bench.submitted(Err(failure(FailureClass::NotConnected)));
        assert!(!bench.is_stopped);
        bench.pass(S(30));
        assert_eq!(bench.sent(), [0]);
    }
    bench.submitted(Err(failure(FailureClass::NotConnected)));
    assert!(bench.is_stopped);
    assert_eq!(bench.exit(), 7);
}

#[test]
fn rate_limit_is_waited_out_within_the_retries() {
    let mut bench = Bench::new(options(Polls::Never), [video(0)]);
    bench.submitted(Err(rate_limited(20)));
    bench.pass(S(19));
    assert!(bench.calls.is_empty(), "the service said 20 s");
    bench.pass(S(2));
    bench.submitted(Ok(0));
    assert_eq!((bench.exit(), &*bench.printed), (0, &[0][..]));
}

#[test]
fn rate_limit_that_outlasts_the_retries_ends_the_batch() {
    let mut bench = Bench::new(options(Polls::Never), (0..8).map(video));
    while !bench.is_stopped {
        if bench.calls.is_empty() {
            bench.pass(S(121));
        } else {
            bench.submitted(Err(rate_limited(1)));
        }
    }
    let outcome = bench.job.outcome();
    assert_eq!(outcome.exit.code(), 6);
    assert!(outcome.not_started > 0 && outcome.submit_stop.is_some());
}

#[test]
fn no_credit_ends_the_batch_and_what_was_submitted_is_waited_for() {
    let mut bench = Bench::new(options(Polls::UntilEnd), (0..9).map(video));
    bench.submitted(Ok(0));
    bench.submitted(Err(refused("0402")));
    bench.submitted(Ok(2));
    bench.submitted(Ok(3));
    bench.submitted(Err(refused("0402")));
    assert!(!bench.is_stopped, "three tasks are running");
    for _ in 0..3 {
        bench.pass(S(5));
        bench.polled(Ok(reply(TaskState::Finished, 1)));
    }
    let outcome = bench.job.outcome();
    assert!(bench.is_stopped);
    assert_eq!(
        (outcome.done, outcome.not_started, outcome.exit.code()),
        (3, 6, 5)
    );
    assert!(
        bench.errors().is_empty(),
        "one message at the end: {:?}",
        bench.messages
    );
}

#[test]
fn refused_token_ends_the_run_once() {
    let mut bench = Bench::new(options(Polls::Never), (0..9).map(video));
    for _ in 0..4 {
        bench.submitted(Err(refused("0401")));
    }
    assert!(bench.is_stopped && bench.calls.is_empty());
    let outcome = bench.job.outcome();
    assert_eq!((outcome.exit.code(), outcome.not_started), (4, 9));
}

#[test]
fn refused_token_that_can_be_renewed_is_no_failure() {
    let options = super::super::JobOptions {
        workers: 1,
        ..options(Polls::Never)
    };
    let mut bench = Bench::new(options, (0..2).map(video));
    let renewed = || ApiError {
        renews_token: true,
        ..refused("0401")
    };
    for _ in 0..2 {
        bench.submitted(Err(renewed()));
        assert_eq!(bench.sent(), [0]);
    }
    bench.submitted(Ok(0));
    bench.submitted(Err(renewed()));
    bench.submitted(Err(refused("0401")));
    assert_eq!((bench.exit(), &*bench.printed), (4, &[0][..]));
}

#[test]
fn recorded_task_takes_the_place_of_a_submit_and_gives_its_permit_back() {
    let limits = AccountLimits {
        submit_audio: EndpointLimit::new(1, 1),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(options(Polls::UntilEnd), [video(0)], limits);
    let SentCall::Submit(item, permit) = bench.calls.remove(0) else {
        panic!("a submit")
    };
    let task = RecordedTask {
        task: task_no(5),
        age: Some(S(600)),
        calls_here: false,
    };
    bench.on(Event::Recorded {
        item,
        permit,
        submit: Ok(RecordedSubmit::Task(task)),
    });
    assert!(
        matches!(bench.calls[..], [SentCall::Poll(0, _)]),
        "{:?}",
        bench.calls
    );
    let again = bench
        .limiter()
        .reserve(Endpoint::SubmitAudio, Pacing::Even, S(1_700_000_001));
    assert!(matches!(again, Reservation::Slot { wait, .. } if wait.is_zero()));
}

#[test]
fn unknown_record_is_an_error_and_never_a_submit() {
    let mut bench = Bench::new(options(Polls::Never), [video(0)]);
    let SentCall::Submit(item, permit) = bench.calls.remove(0) else {
        panic!("a submit")
    };
    bench.on(Event::Recorded {
        item,
        permit,
        submit: Ok(RecordedSubmit::Unanswered),
    });
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert_eq!(bench.exit(), 7);
}

#[test]
fn spent_day_ends_a_batch_with_the_time() {
    let limits = AccountLimits {
        submit_audio: EndpointLimit::new(50, 3),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(options(Polls::Never), (0..5).map(video), limits);
    for task in 0..3 {
        bench.submitted(Ok(task));
    }
    assert!(bench.is_stopped);
    let outcome = bench.job.outcome();
    assert_eq!((outcome.exit.code(), outcome.not_started), (6, 2));
    let stop = outcome.submit_stop.expect("a reason");
    assert!(
        stop.hint.expect("the time").contains("24h"),
        "the time is named"
    );
    let again = bench
        .limiter()
        .reserve(Endpoint::SubmitAudio, Pacing::Even, S(1_700_000_001));
    assert!(Bench::is_spent(&again));
}

#[test]
fn submit_of_the_same_video_under_way_is_waited_for() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [video(0)]);
    for _ in 0..10 {
        bench.recorded(Ok(RecordedSubmit::InProgress));
        bench.pass(S(2));
    }
    assert_eq!(bench.errors(), [""; 0]);
    let task = RecordedTask {
        task: task_no(5),
        age: None,
        calls_here: false,
    };
    bench.recorded(Ok(RecordedSubmit::Task(task)));
    assert!(matches!(bench.calls[..], [SentCall::Poll(0, _)]));
}

#[test]
fn submit_of_the_same_video_that_never_ends_is_given_up() {
    for last in [RecordedSubmit::InProgress, RecordedSubmit::Unanswered] {
        let mut bench = Bench::new(options(Polls::UntilEnd), [video(0)]);
        bench.recorded(Ok(RecordedSubmit::InProgress));
        bench.pass(S(120));
        bench.recorded(Ok(last));
        let unknown = "could not submit V0 (audio): an earlier submit has no recorded answer and may have \
                       been accepted";
        assert_eq!(bench.errors(), [unknown]);
        assert_eq!(bench.exit(), 7);
    }
}

#[test]
fn submit_of_the_same_video_is_waited_for_until_the_timeout() {
    let options = JobOptions {
        timeout: Some(S(5)),
        ..options(Polls::UntilEnd)
    };
    let mut bench = Bench::new(options, [video(0)]);
    for _ in 0..10 {
        bench.recorded(Ok(RecordedSubmit::InProgress));
        bench.pass(S(1) / 2);
    }
    let note = "V0 (audio): the same video is being submitted by another run; waiting for it";
    assert_eq!(bench.notes(), [note]);
    assert!(bench.is_stopped && bench.calls.is_empty());
    let outcome = bench.job.outcome();
    assert_eq!((outcome.exit.code(), outcome.running), (8, vec![0]));
}

#[test]
fn timeout_of_a_wait_for_another_run_does_not_end_a_submit_that_is_sent() {
    let options = JobOptions {
        timeout: Some(S(5)),
        ..options(Polls::UntilEnd)
    };
    let mut bench = Bench::new(options, [video(0)]);
    bench.recorded(Ok(RecordedSubmit::InProgress));
    bench.pass(S(2));
    bench.pass(S(8));
    bench.submitted(Ok(1));
    assert_eq!(*bench.state(0), State::Polling);
    bench.pass(S(4));
    assert_eq!(*bench.state(0), State::Polling, "its own timeout counts");
    bench.pass(S(1));
    assert_eq!(bench.exit(), 8);
}

#[test]
fn submit_that_is_refused_fails_alone() {
    let mut bench = Bench::new(options(Polls::Never), (0..9).map(video));
    bench.submitted(Err(refused("0001")));
    for task in 1..9 {
        bench.submitted(Ok(task));
    }
    assert_eq!(bench.printed, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!((bench.is_stopped, bench.exit()), (true, 5));
}

#[test]
fn submit_that_fails_once_the_batch_has_ended_is_not_repeated() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [video(0), video(1)]);
    bench.submitted(Err(refused("0402")));
    bench.submitted(Err(failure(FailureClass::NotConnected)));
    assert!(bench.is_stopped);
    assert_eq!(*bench.state(1), State::Failed(ErrorKind::Network.exit()));
}

#[test]
fn success_that_names_no_task_is_unknown_whatever_its_code_says() {
    let contradiction = ApiError {
        says_success: true,
        ..rate_limited(1)
    };
    let hint = "it was not sent again, since that could be paid for twice; \
                `mavi tasks --status unknown` lists such submits";
    let mut bench = Bench::new(options(Polls::Never), [video(0)]);
    bench.submitted(Err(contradiction));
    assert_eq!(*bench.state(0), State::Unknown(ErrorKind::Network.exit()));
    assert_eq!((bench.exit(), bench.hints()), (7, vec![hint]));
}

#[test]
fn submit_that_was_made_before_leads_to_its_task() {
    let hints = |code| {
        let mut bench = Bench::new(options(Polls::Never), [video(0)]);
        bench.submitted(Err(refused(code)));
        bench.hints().join("")
    };
    assert_eq!(
        hints("0409"),
        "`mavi tasks` may list its task; to print it, run: mavi submit --reuse --type audio V0"
    );
    assert_eq!(hints("0001"), "");
}

#[test]
fn submit_with_an_unanswered_record_says_how_to_risk_another() {
    let unanswered = |mut bench: Bench| {
        bench.recorded(Ok(RecordedSubmit::Unanswered));
        bench.hints().join("")
    };
    let submit = Bench::new(options(Polls::UntilEnd), [video(0)]);
    assert_eq!(
        unanswered(submit),
        "the service has no list of tasks, so mavi cannot find out; to submit it again and risk paying \
         twice, leave out --reuse"
    );
    let mut transcribe = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    transcribe.uploaded(Ok(file_support::video("V1", "a.mp4", "PARSE", 0)));
    assert_eq!(
        unanswered(transcribe),
        "to submit the video again and risk paying twice, before this command is run again, run: mavi \
         submit --type audio V1"
    );
}

#[test]
fn submit_that_is_on_record_is_not_waited_for_at_the_end() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [video(0)]);
    let task = RecordedTask {
        task: task_no(5),
        age: None,
        calls_here: false,
    };
    bench.recorded(Ok(RecordedSubmit::Task(task)));
    bench.on(Event::Signal(ErrorKind::Interrupted));
    assert!(bench.is_stopped);
}
