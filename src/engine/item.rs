//! One item of a run: a video to submit or a task to wait for, and the one state that it is in.

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
        /// Its number.
        task: TaskNo,
        /// Its video and type, where the record knows them.
        video: Option<(VideoNo, TranscriptionType)>,
        /// The time since it was submitted, where the record says.
        age: Option<Duration>,
        /// It will call the receiver of this run.
        calls_here: bool,
    },
}

/// The states of an item, in their order. A run of `upload` or `transcribe` begins before the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for its submit, or for the answer to it.
    Submitting {
        /// A request is under way.
        is_sent: bool,
    },
    /// Its task runs at the service.
    Polling,
    /// Its result is being written.
    Delivering,
    /// Its result came and could not be written; a callback may bring it again.
    Undelivered(ExitStatus),
    /// All that was asked for is done.
    Done,
    /// It failed, which was reported.
    Failed(ExitStatus),
    /// Its task was still running when its time was up.
    TimedOut,
    /// It was submitted, and whether the service accepted it is not known.
    Unknown(ExitStatus),
    /// The run ended before its submit.
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
    /// The video, where it is known.
    pub video: Option<VideoNo>,
    /// The type of transcription, where it is known.
    pub transcription_type: Option<TranscriptionType>,
    /// The task, once it is known.
    pub task: Option<TaskNo>,
    /// The state.
    pub state: State,
    /// The time on the job's clock when its task was submitted, where that is known. Negative where
    /// that was before the run.
    pub submitted_at: Option<jiff::SignedDuration>,
    /// The time on the job's clock when its wait ends.
    pub(super) deadline: Option<Duration>,
    /// Failed attempts of the present call.
    pub(super) failures: u32,
    /// The token was renewed for the present call.
    pub(super) has_new_token: bool,
    /// Senders of callbacks that wait for the outcome.
    pub(super) senders: Vec<RequestId>,
    /// The result that is being delivered came by a callback.
    pub(super) by_callback: bool,
    /// It came by a callback that could not be verified at once, and is polled again.
    pub(super) is_deferred: bool,
    /// The failure that was reported, so that the same is not reported twice.
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

    /// Returns the name of the item for people: its video and type, or its task where the video is
    /// not known.
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
