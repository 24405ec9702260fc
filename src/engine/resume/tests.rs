//! Tests of the hint that resumes a run.

use super::super::item::UploadStage;
use super::*;
use crate::error::ExitStatus;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};

const DONE: State = State::Done;
const RUNNING: State = State::Polling;
const LEFT: State = State::NotStarted;

fn submit(number: usize, state: State) -> Item {
    Item {
        video: VideoNo::new(&format!("V{number}")).ok(),
        transcription_type: Some(TranscriptionType::Audio),
        ..Item::new(state)
    }
}

/// Returns items in these states; those that are done or running have tasks.
fn items(states: &[State]) -> Vec<Item> {
    let mut items = Vec::new();
    for (number, state) in states.iter().enumerate() {
        let has_task = *state == DONE || *state == RUNNING;
        items.push(Item {
            task: TaskNo::new(&format!("T{number}")).ok().filter(|_| has_task),
            ..submit(number, state.clone())
        });
    }
    items
}

fn outcome(items: &[Item]) -> JobOutcome {
    let running = (0..items.len()).filter(|id| {
        let state = &items[*id].state;
        matches!(state, State::Polling | State::Parsing | State::TimedOut)
    });
    JobOutcome {
        ending: None,
        submit_stop: None,
        not_started: items.iter().filter(|item| item.state == LEFT).count(),
        running: running.collect(),
        done: 0,
        failed: 0,
        exit: ExitStatus::SUCCESS,
    }
}

/// Returns the commands of a run of `mavi submit --wait`.
fn commands() -> ResumeCommands {
    ResumeCommands {
        wait: CommandLine::new(["mavi", "wait"]),
        again: Some(CommandLine::new(["mavi", "submit", "--reuse", "V1"])),
        has_journal: true,
        ..ResumeCommands::default()
    }
}

impl ResumeCommands {
    /// Returns the hint for a run that left its items in these states.
    fn recorded(&self, states: &[State]) -> Option<String> {
        let items = items(states);
        self.hint(&items, &outcome(&items), true)
    }

    fn unrecorded(&self, states: &[State]) -> Option<String> {
        let items = items(states);
        self.hint(&items, &outcome(&items), false)
    }
}

#[test]
fn finished_run_has_nothing_to_resume() {
    for repeats in [false, true] {
        let commands = ResumeCommands {
            repeats,
            ..commands()
        };
        assert_eq!(
            commands.recorded(&[DONE, State::Failed(ExitStatus::SUCCESS)]),
            None
        );
        assert_eq!(commands.unrecorded(&[DONE]), None);
    }
}

#[test]
fn few_tasks_are_named_and_many_are_found_in_the_journal() {
    let hint = |count| commands().recorded(&vec![RUNNING; count]).unwrap();
    assert_eq!(hint(1), "to resume, run: mavi wait T0");
    assert_eq!(hint(3), "to resume, run: mavi wait T0 T1 T2");
    assert_eq!(hint(4), "to resume, run: mavi wait --pending");
    let one = commands().recorded(&[DONE, RUNNING, DONE, DONE, DONE]);
    assert_eq!(
        one.unwrap(),
        "to resume, run: mavi wait T1",
        "the others are done"
    );
}

#[test]
fn many_tasks_of_no_journal_are_those_of_the_same_command() {
    let no_journal = ResumeCommands {
        has_journal: false,
        ..commands()
    };
    let many = [RUNNING; 4];
    let hint = no_journal.recorded(&many).unwrap();
    assert_eq!(hint, "to resume, run: mavi submit --reuse V1");
    let stdin = ResumeCommands {
        again: None,
        ..no_journal
    };
    let hint = stdin.recorded(&many).unwrap();
    assert_eq!(hint, "to resume, run: mavi wait T0 T1 T2 T3");
}

#[test]
fn one_file_for_all_results_needs_all_tasks_again() {
    let collecting = ResumeCommands {
        collects_results: true,
        ..commands()
    };
    let hint = collecting.recorded(&[DONE, RUNNING]).unwrap();
    assert_eq!(hint, "to resume, run: mavi wait T0 T1");
    let many = [DONE, DONE, DONE, RUNNING];
    let hint = collecting.recorded(&many).unwrap();
    assert_eq!(hint, "to resume, run: mavi submit --reuse V1");
    let stdin = ResumeCommands {
        again: None,
        ..collecting.clone()
    };
    let hint = stdin.recorded(&many).unwrap();
    assert_eq!(hint, "to resume, run: mavi wait T0 T1 T2 T3");
    let unrecorded = collecting.unrecorded(&[DONE, RUNNING]).unwrap();
    assert_eq!(unrecorded, "to resume, run: mavi wait T0 T1");
    assert_eq!(collecting.unrecorded(&[DONE]), None);
}

#[test]
fn what_was_not_submitted_takes_the_same_command_again() {
    let left = [RUNNING, LEFT];
    let hint = |commands: &ResumeCommands| commands.recorded(&left).unwrap();
    assert_eq!(hint(&commands()), "to resume, run: mavi submit --reuse V1");
    let of_length = |length: usize| ResumeCommands {
        again: Some(CommandLine::new(["x".repeat(length)])),
        ..commands()
    };
    let longest = format!("to resume, run: {}", "x".repeat(1_000));
    assert_eq!(hint(&of_length(1_000)), longest);
    let same = "to resume, run the same command again";
    assert_eq!(hint(&of_length(1_001)), same);
    let stdin = ResumeCommands {
        again: None,
        reuse_flag: Some("--reuse"),
        ..commands()
    };
    assert_eq!(hint(&stdin), format!("{same} with --reuse"));
}

#[test]
fn command_that_goes_on_where_it_stopped_is_repeated_whatever_is_left() {
    let transcribe = ResumeCommands {
        repeats: true,
        again: Some(CommandLine::new(["mavi", "transcribe", "a.mp4"])),
        ..commands()
    };
    let expected = "to resume, run: mavi transcribe a.mp4";
    for state in [RUNNING, LEFT, State::Parsing] {
        let hint = transcribe.recorded(&[DONE, state.clone()]);
        assert_eq!(hint.as_deref(), Some(expected), "{state:?}");
    }
    let mut items = items(&[DONE, State::Uploading(UploadStage::Sent)]);
    items[1].video = None;
    let hint = transcribe.hint(&items, &outcome(&items), true);
    assert_eq!(hint.as_deref(), Some(expected), "its answer is lost");
    let hint = commands().hint(&items, &outcome(&items), true);
    assert_eq!(hint, None, "`mavi upload` says it with the error");
    let sent = [DONE, State::Submitting { is_sent: true }];
    assert_eq!(transcribe.recorded(&sent), None, "it is not sent again");
}

#[test]
fn results_of_listen_are_fetched_by_polling() {
    let listen = ResumeCommands {
        purpose: Some(TO_POLL),
        ..commands()
    };
    let hint = listen.recorded(&[RUNNING]).unwrap();
    assert_eq!(hint, "to fetch the results by polling, run: mavi wait T0");
}

#[test]
fn run_without_a_journal_names_all_that_is_left() {
    let hint = commands().unrecorded(&[DONE, RUNNING, LEFT, State::Parsing, LEFT]);
    assert_eq!(
        hint.unwrap(),
        "not submitted: V2 (audio), V4 (audio); uploaded: V3 (audio): V3; to resume, run: mavi wait T1"
    );
    let timed_out = commands().unrecorded(&[State::TimedOut]);
    assert_eq!(timed_out.unwrap(), "uploaded: V0 (audio): V0");
    let mut with_task = items(&[RUNNING]);
    with_task[0].state = State::TimedOut;
    let hint = commands().hint(&with_task, &outcome(&with_task), false);
    assert_eq!(hint.unwrap(), "to resume, run: mavi wait T0");
    let mut nameless = items(&[LEFT]);
    nameless[0].video = None;
    let hint = commands().hint(&nameless, &outcome(&nameless), false);
    assert_eq!(hint, None);
}

#[test]
fn command_that_cannot_be_shown_is_the_same_command_again() {
    let odd = ResumeCommands {
        wait: CommandLine::new(["mavi", "wait", "-o", "esc\u{1b}[31m.srt"]),
        again: Some(CommandLine::new(["mavi", "submit", "two\nlines"])),
        ..commands()
    };
    let same = "to resume, run the same command again";
    assert_eq!(odd.recorded(&[RUNNING]).as_deref(), Some(same));
    assert_eq!(odd.recorded(&[LEFT]).as_deref(), Some(same));
    let odd = ResumeCommands {
        reuse_flag: Some("--reuse"),
        ..odd
    };
    for state in [RUNNING, LEFT] {
        assert_eq!(
            odd.recorded(&[state]).unwrap(),
            format!("{same} with --reuse")
        );
    }
    assert_eq!(odd.unrecorded(&[RUNNING]).unwrap(), "not fetched: T0");
}
