//! The progress of a run: its status line, and the items in work where it has files.

use super::super::super::event::{Event, TaskState};
use super::super::super::progress::progress;
use super::super::super::progress_line::{StatusLine, status_line};
use super::super::{Callbacks, JobOptions, Polls};
use super::file_support::{BOTH, file, transcribe, video as uploaded};
use super::support::*;
use crate::ui::Stage;

/// Returns the status of a run with one submit a minute; that of the spinner alone in brackets.
fn status(bench: &Bench) -> Option<String> {
    status_line(&bench.job, 1).map(|line| match line {
        StatusLine::Status(text) => text,
        StatusLine::Quiet(text) => format!("({text})"),
    })
}

fn assert_status(bench: &Bench, expected: &str) {
    assert_eq!(status(bench).as_deref(), Some(expected));
}

#[test]
fn one_item_is_named() {
    let mut bench = Bench::new(options(Polls::UntilEnd), [video(0)]);
    assert_status(&bench, "submitting V0 (audio)");
    bench.submitted(Ok(0));
    assert_status(&bench, "waiting for V0 (audio)");
    let bench = Bench::new(options(Polls::Once), [task(0)]);
    assert_status(&bench, "getting task T0");
}

#[test]
fn several_items_are_counted() {
    let mut bench = Bench::new(options(Polls::UntilEnd), (0..4).map(video));
    assert_status(&bench, "submitting 4 tasks");
    bench.submitted(Ok(0));
    assert_status(&bench, "(submitted 1 of 4, about 3m left)");
    let fast = status_line(&bench.job, 4);
    assert_eq!(fast, Some(StatusLine::Quiet("submitted 1 of 4".to_owned())));
    for task in 1..4 {
        bench.submitted(Ok(task));
    }
    assert_status(&bench, "0 of 4 finished");
    for state in [TaskState::Finished, TaskState::Failed, TaskState::Finished] {
        bench.pass(S(5));
        bench.polled(Ok(reply(state, 1)));
    }
    assert_status(&bench, "2 of 4 finished, 1 failed");
    bench.polled(Ok(reply(TaskState::Finished, 1)));
    assert_eq!(status(&bench), None, "nothing is open");
}

#[test]
fn listen_has_no_status() {
    let callbacks = Some(Callbacks {
        takes_all: true,
        ..OWN
    });
    let options = JobOptions {
        callbacks,
        ..options(Polls::UntilEnd)
    };
    assert_eq!(status(&Bench::new(options, [task(0)])), None);
}

#[test]
fn files_in_work_are_shown_with_their_stage() {
    let files = ["a.mp4", "b.mp4", "c.mp4"].map(|name| file(name, &BOTH[..1], false));
    let mut bench = Bench::new(transcribe(), files);
    let shown = |bench: &Bench| {
        let progress = progress(&bench.job, bench.now, |id| id as u64 + 3);
        let items = progress.items.into_iter();
        let items: Vec<_> = items.map(|item| (item.label, item.stage)).collect();
        (items, progress.total, (progress.done, progress.count))
    };
    let item = |name, stage| (format!("{name}.mp4 (audio)"), stage);
    let sending = |done| Stage::Uploading { done, size: 10 };
    let expected = vec![item("a", sending(3)), item("b", sending(4))];
    let none = "0 of 3 finished".to_owned();
    assert_eq!(shown(&bench), (expected, none.clone(), (0, 3)));

    bench.on(Event::LastBytes(0));
    bench.pass(S(5));
    bench.calls.swap(0, 1);
    bench.uploaded(Ok(uploaded("V2", "b.mp4", "UNPARSE", 0)));
    bench.pass(S(7));
    let answer = Stage::Waiting("waiting for the answer".to_owned());
    let expected = vec![
        item("a", answer),
        item("b", Stage::Parsing { waited: S(7) }),
        item("c", sending(5)),
    ];
    assert_eq!(shown(&bench), (expected, none, (0, 3)));

    bench.uploaded(Err(refused("0001")));
    let (_, total, ended) = shown(&bench);
    assert_eq!((&*total, ended), ("0 of 3 finished, 1 failed", (1, 3)));
    bench.uploaded(Err(refused("0402")));
    let (_, total, ended) = shown(&bench);
    assert_eq!((&*total, ended), ("0 of 3 finished, 1 failed", (2, 3)));
}
