//! What the user is told while a run goes on: failures of items, outages of the service, warnings.

use super::super::event::{Action, ItemId, Message};
use super::super::item::{Item, State};
use super::Job;
use crate::error::{Error, ErrorKind};

impl<R> Job<R> {
    /// Tells the user something.
    pub(super) fn tell(&mut self, message: Message) {
        self.actions.push(Action::Tell(message));
    }

    /// Tells the user of a change of an item's state, where nothing else shows it.
    pub(super) fn tell_change(&mut self, note: String) {
        self.tell(if self.files.has_files {
            Message::Change(note)
        } else {
            Message::Info(note)
        });
    }

    /// Reports an item's failure, unless the same was reported when the same result came before.
    pub(super) fn report(&mut self, id: ItemId, error: Error) {
        let item = &mut self.items[id];
        if item.reported.as_ref() != Some(&error.message) {
            item.reported = Some(error.message.clone());
            self.tell(Message::Error(error));
        }
    }

    /// Ends an item with this failure.
    pub(super) fn fail(&mut self, id: ItemId, error: Error) {
        let exit = error.kind.exit();
        self.report(id, error);
        self.set_state(id, State::Failed(exit));
    }

    pub(super) fn outage_started(&mut self, error: &Error) {
        let why = error.message.trim_end_matches('.').to_owned();
        if self.outage.is_none() {
            self.tell(Message::Info(format!("retrying: {why}")));
        }
        self.outage = Some(why);
    }

    pub(super) fn outage_ended(&mut self) {
        if self.outage.take().is_some() {
            let note = "the service responds again".to_owned();
            self.tell(Message::Info(note));
        }
    }

    /// Warns about a callback, unless there were too many warnings already.
    pub(super) fn warn(&mut self, text: String) {
        let warnings = self.warnings.warn(text).into_iter();
        self.actions
            .extend(warnings.map(|text| Action::Tell(Message::Warning(text))));
    }

    /// Warns, with advice that is given once.
    pub(super) fn warn_with_advice(&mut self, text: String, advice: &'static str) {
        let text = if self.warnings.is_first(advice) {
            format!("{text}; {advice}")
        } else {
            text
        };
        self.warn(text);
    }

    /// Tells the user something the first time that it happens.
    pub(super) fn note_once(&mut self, what: &'static str, text: impl FnOnce() -> String) {
        if self.warnings.is_first(what) {
            self.tell(Message::Info(text()));
        }
    }
}

/// Returns the error for a task that the service reports as failed.
pub(super) fn task_failed(item: &Item) -> Error {
    let message = format!(
        "{}: the service reports that the transcription failed",
        item.full_label()
    );
    let again = if item.file.is_some() {
        "running the command again submits the video again, and pays again"
    } else {
        "submit the video again"
    };
    with_names(Error::new(ErrorKind::TaskFailed, message), item).with_hint(format!(
        "{again}; if it fails again, contact the service's support"
    ))
}

/// Adds the item's video and task to the fields of an error.
pub(super) fn with_names(mut error: Error, item: &Item) -> Error {
    if let Some(task) = &item.task {
        error = error.with_task(task.as_str());
    }
    if let Some(video) = &item.video {
        error = error.with_video(video.as_str());
    }
    error
}
