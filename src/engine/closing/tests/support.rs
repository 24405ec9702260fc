//! Runs at their end, and what they tell.

use std::sync::Arc;

use super::super::super::command_line::{CommandLine, HintCommands};
use super::super::*;
use crate::error::ExitStatus;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::video_file::VideoFile;

pub(super) const DONE: State = State::Done;
pub(super) const FAILED: State = State::Failed(ExitStatus::SUCCESS);
pub(super) const SENT: State = State::Submitting { is_sent: true };

/// A run at its end.
pub(super) struct Run {
    pub(super) items: Vec<Item>,
    pub(super) ending: Option<Ending>,
    pub(super) stop: Option<Error>,
    pub(super) outage: Option<&'static str>,
    pub(super) count: Option<usize>,
    pub(super) waits: bool,
    pub(super) polls_once: bool,
    pub(super) is_recorded: bool,
}

/// Returns a run that waited for these items.
pub(super) fn waited(items: impl IntoIterator<Item = Item>) -> Run {
    Run {
        items: items.into_iter().collect(),
        ending: None,
        stop: None,
        outage: None,
        count: None,
        waits: true,
        polls_once: false,
        is_recorded: true,
    }
}

/// Returns a run that submits or fetches, and waits for nothing.
pub(super) fn passed(items: impl IntoIterator<Item = Item>) -> Run {
    Run {
        waits: false,
        ..waited(items)
    }
}

/// Returns a task in this state.
pub(super) fn task(number: usize, state: State) -> Item {
    Item {
        task: TaskNo::new(&format!("T{number}")).ok(),
        ..submit(number, state)
    }
}

/// Returns a video to submit.
pub(super) fn submit(number: usize, state: State) -> Item {
    Item {
        video: VideoNo::new(&format!("V{number}")).ok(),
        transcription_type: Some(TranscriptionType::Audio),
        ..Item::new(state)
    }
}

/// Returns a file that is not uploaded yet.
pub(super) fn file(name: &str, state: State) -> Item {
    let file = VideoFile {
        path: name.into(),
        name: name.to_owned(),
        size: 10,
        modified: None,
    };
    Item {
        file: Some(Arc::new(file)),
        transcription_type: Some(TranscriptionType::Audio),
        ..Item::new(state)
    }
}

impl Run {
    pub(super) fn ended(self, ending: Ending) -> Self {
        let ending = Some(ending);
        Self { ending, ..self }
    }

    /// Returns what the user is told, a line a message or hint.
    pub(super) fn told(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for message in self.messages() {
            match message {
                Message::Error(error) => {
                    lines.push(error.message);
                    lines.extend(error.hint.map(|hint| format!("hint: {hint}")));
                    lines.extend(error.second_hint.map(|hint| format!("hint: {hint}")));
                }
                Message::Info(text) => lines.push(text),
                other => panic!("{other:?}"),
            }
        }
        lines
    }

    pub(super) fn messages(&self) -> Vec<Message> {
        let is_running =
            |state: &State| matches!(state, State::Polling | State::TimedOut | State::Parsing);
        let count = |is: &dyn Fn(&State) -> bool| {
            let items = self.items.iter();
            items.filter(|item| is(&item.state)).count()
        };
        let running = self.items.iter().enumerate();
        let running = running.filter(|(_, item)| is_running(&item.state));
        let outcome = JobOutcome {
            ending: self.ending.clone(),
            submit_stop: self.stop.clone(),
            not_started: count(&State::is_unpaid),
            running: running.map(|(id, _)| id).collect(),
            done: count(&|state| *state == DONE),
            failed: count(&|state| *state == FAILED || state.is_unanswered()),
            exit: ExitStatus::SUCCESS,
        };
        let resume = ResumeCommands {
            wait: CommandLine::new(["mavi", "wait"]),
            ..ResumeCommands::default()
        };
        let closing = Closing {
            timeout: Some(Duration::from_hours(1)),
            outage: self.outage,
            count: self.count,
            waits: self.waits,
            is_recorded: self.is_recorded,
            polls_once: self.polls_once,
            resume: &resume,
            commands: &HintCommands::default(),
        };
        closing.messages(&self.items, &outcome, Duration::from_millis(42_900))
    }

    /// Returns the first line of the error, and that there is one.
    pub(super) fn error(&self) -> String {
        let is_error = |message: &Message| matches!(message, Message::Error(_));
        let error = self.messages().into_iter().find(is_error);
        let Some(Message::Error(error)) = error else {
            panic!("there is an error: {:?}", self.messages())
        };
        error.message
    }
}

pub(super) fn interrupted() -> Ending {
    Ending::Signal(ErrorKind::Interrupted)
}
