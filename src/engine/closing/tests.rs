//! Tests of the messages at the end of a run.

mod support;

use self::support::*;
use super::super::item::UploadStage;
use super::*;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::render::RenderReport;

#[test]
fn several_items_are_summed_up_and_one_is_not() {
    let tasks = |states: &[State]| waited((0..).zip(states).map(|(at, it)| task(at, it.clone())));
    assert_eq!(tasks(&[DONE]).told(), [""; 0]);
    assert_eq!(
        tasks(&[DONE, DONE]).told(),
        ["2 of 2 finished, 0 failed, 42s"]
    );
    assert_eq!(
        tasks(&[DONE, FAILED, DONE]).told(),
        ["2 of 3 finished, 1 failed, 42s"]
    );
    let submits = passed([task(0, DONE), task(1, DONE)]);
    assert_eq!(submits.told(), [""; 0], "their tasks are printed");
    let uploads = passed(["a.mp4", "b.mp4"].map(|name| file(name, DONE)));
    assert_eq!(uploads.told(), ["2 of 2 uploaded, 0 failed, 42s"]);
}

#[test]
fn closed_pipe_is_no_error() {
    let run = waited([task(0, State::Polling)]).ended(Ending::OutputClosed);
    assert_eq!(run.told(), [""; 0]);
}

#[test]
fn signal_says_what_is_left_and_how_to_resume() {
    let run = waited([task(0, DONE), task(1, State::Polling)]).ended(interrupted());
    assert_eq!(
        run.told(),
        [
            "1 of 2 finished, 0 failed, 42s",
            "interrupted: 1 of 2 tasks still running",
            "hint: to resume, run: mavi wait T1",
        ]
    );
    let run = waited([task(0, State::Polling)]).ended(Ending::Signal(ErrorKind::Terminated));
    assert_eq!(
        run.error(),
        "terminated: V0 (audio), task T0, is still running"
    );
    let run = waited([]).ended(interrupted());
    assert_eq!(run.told(), ["interrupted"], "nothing is left");
}

#[test]
fn signal_names_results_that_were_not_fetched() {
    let get = |running: usize| {
        let state = |at| if at < running { State::Polling } else { DONE };
        passed((0..3).map(|at| task(at, state(at)))).ended(interrupted())
    };
    assert_eq!(
        get(1).error(),
        "interrupted: the result of V0 (audio), task T0, was not fetched"
    );
    assert_eq!(
        get(2).error(),
        "interrupted: the results of 2 of 3 tasks were not fetched"
    );
}

#[test]
fn refused_token_counts_what_it_stopped_and_keeps_its_own_hint() {
    let refused = || {
        let error = Error::new(ErrorKind::Auth, "the service refuses the token.");
        Ending::AuthFailed(error.with_hint("log in"))
    };
    let run = waited([task(0, DONE), task(1, State::Polling)]).ended(refused());
    assert_eq!(
        run.told(),
        [
            "1 of 2 finished, 1 stopped, 42s",
            "the service refuses the token.",
            "hint: log in",
            "hint: to resume, run: mavi wait T1",
        ]
    );
    let left = submit(2, State::NotStarted);
    let run = waited([task(0, FAILED), task(1, DONE), left]).ended(refused());
    assert_eq!(
        run.told()[..2],
        [
            "1 of 3 finished, 1 failed, 1 stopped, 42s",
            "the service refuses the token. V2 (audio) was not submitted",
        ]
    );
}

#[test]
fn end_of_the_submits_counts_those_that_were_not_made() {
    let stopped = |left: &[Item]| {
        let all = [task(0, DONE), task(1, DONE)];
        let run = passed(all.into_iter().chain(left.iter().cloned()));
        let stop = Some(Error::new(ErrorKind::Api, "no credit is left"));
        Run { stop, ..run }.error()
    };
    let left = |number| submit(number, State::NotStarted);
    assert_eq!(stopped(&[]), "no credit is left");
    assert_eq!(
        stopped(&[left(2)]),
        "no credit is left. V2 (audio) was not submitted"
    );
    assert_eq!(
        stopped(&[left(2), left(3)]),
        "no credit is left. 2 of 4 videos were not submitted"
    );
    let other_type = Item {
        transcription_type: Some(TranscriptionType::Video),
        ..left(3)
    };
    assert_eq!(
        stopped(&[left(2), other_type]),
        "no credit is left. 2 of 4 tasks were not submitted"
    );
}

#[test]
fn files_that_were_not_uploaded_are_counted_once_for_all_types() {
    let left = |name| file(name, State::NotStarted);
    let follower = |name| Item {
        leader: Some(0),
        ..left(name)
    };
    let uploaded = |name| Item {
        video: VideoNo::new("V9").ok(),
        ..file(name, DONE)
    };
    let told = |items: Vec<Item>| waited(items).ended(interrupted()).error();
    assert_eq!(
        told(vec![left("a.mp4"), follower("a.mp4")]),
        "interrupted: a.mp4 was not uploaded"
    );
    assert_eq!(
        told(vec![left("a.mp4"), uploaded("b.mp4")]),
        "interrupted: a.mp4 was not uploaded"
    );
    assert_eq!(
        told(vec![left("a.mp4"), left("b.mp4"), uploaded("c.mp4")]),
        "interrupted: 2 of 3 files were not uploaded"
    );
}

#[test]
fn timeout_names_the_one_task_and_counts_several() {
    let run = waited([task(0, State::TimedOut)]);
    let [Message::Error(error)] = &run.messages()[..] else {
        panic!("{:?}", run.messages())
    };
    assert_eq!(
        error.message,
        "V0 (audio), task T0, is still running after 1h"
    );
    assert_eq!(error.kind, ErrorKind::Unfinished);
    assert_eq!(error.task_no.as_deref(), Some("T0"));

    let run = Run {
        outage: Some("could not connect"),
        ..waited([0, 1].map(|at| task(at, State::TimedOut)))
    };
    assert_eq!(
        run.told(),
        [
            "0 of 2 finished, 0 failed, 42s",
            "2 of 2 tasks still running after 1h; the last attempt failed: could not connect",
            "hint: to resume, run: mavi wait T0 T1",
        ]
    );
    let one_of_two = waited([task(0, DONE), task(1, State::TimedOut)]);
    assert_eq!(one_of_two.error(), "1 of 2 tasks still running after 1h");
}

#[test]
fn timeout_says_how_far_files_have_come() {
    let parsing = || Item {
        video: VideoNo::new("V1").ok(),
        ..file("a.mp4", State::TimedOut)
    };
    let running = || Item {
        task: TaskNo::new("T1").ok(),
        ..parsing()
    };
    let elsewhere = file("b.mp4", State::TimedOut);
    assert_eq!(
        waited([parsing()]).error(),
        "a.mp4 (audio): video V1 is still being parsed after 1h"
    );
    assert_eq!(
        waited([elsewhere]).error(),
        "b.mp4 (audio) is still being uploaded by another run after 1h"
    );
    assert_eq!(
        waited([parsing(), parsing()]).error(),
        "2 of 2 items still being parsed and not submitted after 1h"
    );
    assert_eq!(
        waited([running(), running(), parsing()]).error(),
        "2 of 3 items still running, 1 still being parsed and not submitted after 1h"
    );
}

#[test]
fn uploads_that_are_waited_for_are_no_results() {
    let parsing = |name| Item {
        video: VideoNo::new("V1").ok(),
        transcription_type: None,
        ..file(name, State::TimedOut)
    };
    let one = passed([parsing("a.mp4")]);
    assert_eq!(
        one.error(),
        "a.mp4: video V1 is still being parsed after 1h"
    );
    let two = passed(["a.mp4", "b.mp4"].map(parsing));
    assert_eq!(two.error(), "2 of 2 items still being parsed after 1h");
    assert_eq!(
        two.ended(interrupted()).error(),
        "interrupted: 2 of 2 items still being parsed"
    );
}

#[test]
fn results_that_did_not_arrive_are_counted() {
    let listened = |count| Run {
        count: Some(count),
        ..passed([task(0, DONE)])
    };
    assert_eq!(
        listened(2).told(),
        [
            "1 of 2 results arrived in time",
            "hint: to fetch the results by polling, run: mavi wait --pending",
        ]
    );
    assert_eq!(listened(1).told(), [""; 0]);
}

#[test]
fn calls_without_an_answer_are_told_apart_from_failures() {
    let run = waited([task(0, FAILED), submit(1, SENT), submit(2, SENT)]).ended(interrupted());
    assert_eq!(
        run.told(),
        [
            "0 of 3 finished, 1 failed, 42s",
            "interrupted: 2 submits got no answer and may have been accepted (`mavi tasks --status \
             unknown` lists such submits)",
        ]
    );
    let run = Run {
        is_recorded: false,
        ..passed([submit(1, SENT)]).ended(interrupted())
    };
    assert_eq!(
        run.error(),
        "interrupted: 1 submit got no answer and may have been accepted (nothing records it: V1 (audio))"
    );
    let sent = file("a.mp4", State::Uploading(UploadStage::Sent));
    let run = waited([sent, submit(1, SENT)]).ended(interrupted());
    assert_eq!(
        run.error(),
        "interrupted: 1 upload got no answer and may have been accepted (a later run looks for the \
         video): a.mp4; 1 submit got no answer and may have been accepted (`mavi tasks --status unknown` \
         lists such submits)"
    );
}

#[test]
fn finished_item_is_told_with_its_time_and_files() {
    let line = |item: &Item, written: &[&str], cues| {
        let report = WriteReport {
            rendered: RenderReport {
                cues,
                ..RenderReport::default()
            },
            written: written.iter().map(Into::into).collect(),
            ..WriteReport::default()
        };
        finished_line(item, Duration::from_millis(50_900), &report)
    };
    let unknown = task(1, DONE);
    assert_eq!(line(&unknown, &[], Some(8)), "V1 (audio): finished");
    assert_eq!(
        line(&unknown, &["a.json"], None),
        "V1 (audio): finished, wrote a.json"
    );
    let own = Item {
        submitted_at: Some(SignedDuration::from_secs(8)),
        ..task(1, DONE)
    };
    assert_eq!(
        line(&own, &["a.srt", "a.json"], Some(118)),
        "V1 (audio): finished in 42s, wrote a.srt, a.json (118 cues)"
    );
    let of_earlier_run = Item {
        submitted_at: Some(SignedDuration::from_secs(-10)),
        ..task(1, DONE)
    };
    assert_eq!(
        line(&of_earlier_run, &[], None),
        "V1 (audio): finished in 1m"
    );
    // The wait for a video to be parsed is no part of the time of its task.
    let parsed = Item {
        started_at: Some(Duration::from_secs(1)),
        ..own
    };
    assert_eq!(line(&parsed, &[], None), "V1 (audio): finished in 42s");
    let of_file = Item {
        file: file("talk.mp4", State::Hashing { is_running: true }).file,
        ..parsed
    };
    assert_eq!(
        line(&of_file, &[], None),
        "talk.mp4 (audio): finished in 49s"
    );
}

#[test]
fn tasks_that_one_poll_found_unfinished_are_counted_apart() {
    let got = |items: &[Item]| Run {
        polls_once: true,
        ..passed(items.iter().cloned())
    };
    let (done, unfinished) = (task(0, DONE), |number| task(number, State::TimedOut));
    assert_eq!(
        got(&[done.clone(), done.clone()]).told(),
        ["2 of 2 finished, 0 failed, 42s"]
    );
    assert_eq!(
        got(&[done.clone(), unfinished(1), task(2, FAILED)]).told(),
        [
            "V1 (audio), task T1, has not finished yet",
            "hint: to wait for it, run: mavi wait T1",
            "1 of 3 finished, 1 failed, 1 unfinished, 42s"
        ]
    );
    let told = got(&[1, 2, 3, 4].map(unfinished)).told();
    assert_eq!(told[3], "V4 (audio), task T4, has not finished yet");
    assert_eq!(
        told[4],
        "hint: to wait for them, run: mavi wait T1 T2 T3 T4"
    );
    assert_eq!(told[5..], ["0 of 4 finished, 0 failed, 4 unfinished, 42s"]);
}

#[test]
fn submits_of_another_run_are_told_from_tasks_that_are_running() {
    let awaited = |at| Item {
        task: None,
        awaits_other_since: Some(Duration::ZERO),
        ..task(at, State::TimedOut)
    };
    let run = waited([awaited(0)]);
    let rest = "is still being submitted by another run after 1h";
    assert_eq!(run.error(), format!("V0 (audio) {rest}"));
    let run = waited([awaited(0), task(1, State::TimedOut), awaited(2)]);
    let rest = "still running, 2 still being submitted by another run after 1h";
    assert_eq!(run.error(), format!("1 of 3 tasks {rest}"));
}
