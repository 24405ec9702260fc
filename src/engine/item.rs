//! An item of a run, which is a video to submit or a task to wait for, and its state.

use std::time::Duration;

use super::event::RequestId;
use crate::error::ExitStatus;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};

/// An item as the command gives it.
#[derive(Clone, Debug)]
pub enum NewItem {
    /// A video to submit.
    Submit {
        /// The video.
        video: VideoNo,
        /// The type of transcription.
        transcription_type: TranscriptionType,
    },
    /// A task that was submitted before.
    Task {
        /// The ID.
        task: TaskNo,
        /// The video and type, if they are recorded.
        video: Option<(VideoNo, TranscriptionType)>,
        /// The time since its submit, if it is recorded.
        age: Option<Duration>,
        /// The service calls the receiver of this run when the task ends.
        calls_here: bool,
    },
}

/// The state of an item, in the order in which it goes through them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The submit is waiting, or has no answer yet.
    Submitting {
        /// A request has been sent.
        is_sent: bool,
    },
    /// The service is working on the task.
    Polling,
    /// The result is being written.
    Delivering,
    /// The result could not be written; a callback may bring it again.
    Undelivered(ExitStatus),
    /// Everything that was asked for has been done.
    Done,
    /// The item failed, and the error has been reported.
    Failed(ExitStatus),
    /// The task was still running at the timeout.
    TimedOut,
    /// The submit was sent, and it is not known whether the service accepted it.
    Unknown(ExitStatus),
    /// The run ended before the submit.
    NotStarted,
}

impl State {
    /// Returns `true` while the run has something to do about the item.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Submitting { .. } | Self::Polling | Self::Delivering
        )
    }
}

/// An item of a run.
#[derive(Clone, Debug)]
pub struct Item {
    /// The video, if it is known.
    pub video: Option<VideoNo>,
    /// The type of transcription, if it is known.
    pub transcription_type: Option<TranscriptionType>,
    /// The task, once it is known.
    pub task: Option<TaskNo>,
    /// The state.
    pub state: State,
    /// The time of the task's submit on the job's clock, if it is known. Negative if that was before
    /// the run.
    pub submitted_at: Option<jiff::SignedDuration>,
    /// The timeout of the wait, as a time on the job's clock.
    pub(super) deadline: Option<Duration>,
    /// The number of failed attempts of the current call.
    pub(super) failures: u32,
    /// The token has been renewed for the current call.
    pub(super) has_new_token: bool,
    /// The requests of callbacks that wait for a response.
    pub(super) senders: Vec<RequestId>,
    /// The result being written came by a callback.
    pub(super) by_callback: bool,
    /// A callback for the item could not be verified at once, so that its task is polled again.
    pub(super) is_deferred: bool,
    /// The error that has been reported, so that it is not reported twice.
    pub(super) reported: Option<String>,
}

impl Item {
    pub(super) const fn new(state: State) -> Self {
        Self {
            video: None,
            transcription_type: None,
            task: None,
            state,
            submitted_at: None,
            deadline: None,
            failures: 0,
            has_new_token: false,
            senders: Vec::new(),
            by_callback: false,
            is_deferred: false,
            reported: None,
        }
    }

    /// Returns the name of the item for messages: its video and type, or its task if the video is not
    /// known.
    #[must_use]
    pub fn label(&self) -> String {
        match (&self.video, self.transcription_type, &self.task) {
            (Some(video), Some(transcription_type), _) => format!("{video} ({transcription_type})"),
            (Some(video), None, _) => video.to_string(),
            (None, _, Some(task)) => format!("task {task}"),
            (None, _, None) => "a task".to_owned(),
        }
    }

    /// Returns the label and the task: `V1 (audio), task T1`.
    #[must_use]
    pub fn full_label(&self) -> String {
        match (&self.video, &self.task) {
            (Some(_), Some(task)) => format!("{}, task {task}", self.label()),
            _ => self.label(),
        }
    }
}
