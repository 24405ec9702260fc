//! An item of a run, which is a file to upload, a video to submit or a task to wait for, and its state.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::event::{ItemId, RequestId};
use crate::api::Video;
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::text;
use crate::video_file::VideoFile;

/// An item as the command gives it.
#[derive(Clone, Debug)]
pub enum NewItem {
    /// A file to upload: one item for each type of transcription, or for the upload alone if there is
    /// none.
    Upload {
        /// The file.
        file: Arc<VideoFile>,
        /// The types of transcription.
        types: Vec<TranscriptionType>,
        /// The record may have the content: it is hashed and looked up before it is uploaded.
        is_hashed: bool,
    },
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
    /// The content of the file is hashed and looked up in the record.
    Hashing {
        /// The file is being read.
        is_running: bool,
    },
    /// The file is uploaded.
    Uploading(UploadStage),
    /// The answer to the upload was lost: the service is asked whether it has the video.
    LookingUp,
    /// Another item uploads the file.
    AwaitingUpload,
    /// The service is parsing the video.
    Parsing,
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
    /// The task was still running at the timeout, or at its only poll.
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
            Self::Hashing { .. }
                | Self::Uploading(_)
                | Self::LookingUp
                | Self::AwaitingUpload
                | Self::Parsing
                | Self::Submitting { .. }
                | Self::Polling
                | Self::Delivering
        )
    }

    /// Returns `true` for an item whose upload or submit is sent and has no answer yet.
    #[must_use]
    pub const fn is_unanswered(&self) -> bool {
        matches!(
            self,
            Self::Submitting { is_sent: true }
                | Self::Uploading(UploadStage::Sent)
                | Self::LookingUp
        )
    }

    /// Returns `true` for an item for which nothing has been paid yet, nor may have been.
    #[must_use]
    pub const fn is_unpaid(&self) -> bool {
        matches!(
            self,
            Self::Hashing { .. }
                | Self::Uploading(UploadStage::Waiting | UploadStage::Sending)
                | Self::AwaitingUpload
                | Self::Submitting { is_sent: false }
                | Self::NotStarted
        )
    }
}

/// The stage of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadStage {
    /// It waits for its turn, or for another run that uploads the same content.
    Waiting,
    /// Bytes are handed over.
    Sending,
    /// The last byte may have been handed over: from here on the service may accept it.
    Sent,
}

/// An upload whose answer was lost.
#[derive(Clone, Debug)]
pub(super) struct LookUp {
    /// The time at which the upload began.
    pub(super) began: Timestamp,
    /// The failure of the upload, if it was in this run.
    pub(super) error: Option<Error>,
    /// The number of listings without the video so far.
    pub(super) listings: usize,
}

/// An item of a run.
#[derive(Clone, Debug)]
pub struct Item {
    /// The file, if the item has one.
    pub file: Option<Arc<VideoFile>>,
    /// The SHA-256 of the file in hexadecimal digits, once it is known.
    pub sha256: Option<String>,
    /// The video as the service or the record describes it, for items with a file.
    pub details: Option<Video>,
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
    /// The time on the job's clock at which the present stage began.
    pub since: Duration,
    /// The upload whose answer was lost, while it is looked for.
    pub(super) look_up: Option<LookUp>,
    /// The time on the job's clock since which an upload of the same content, or a submit of the same
    /// video and type, is under way elsewhere.
    pub(super) awaits_other_since: Option<Duration>,
    /// The number of successive listings that did not have the video.
    pub(super) missing_listings: u32,
    /// The item that uploads the file, if it is another one.
    pub(super) leader: Option<ItemId>,
    /// The time on the job's clock at which work on the item began.
    pub(super) started_at: Option<Duration>,
    /// The timeout of the wait, as a time on the job's clock.
    pub(super) deadline: Option<Duration>,
    /// The number of failed attempts of the current call.
    pub(super) failures: u32,
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
            file: None,
            sha256: None,
            details: None,
            video: None,
            transcription_type: None,
            task: None,
            state,
            submitted_at: None,
            since: Duration::ZERO,
            look_up: None,
            awaits_other_since: None,
            missing_listings: 0,
            leader: None,
            started_at: None,
            deadline: None,
            failures: 0,
            senders: Vec::new(),
            by_callback: false,
            is_deferred: false,
            reported: None,
        }
    }

    /// Returns the name of the item for messages: its file or video and its type, or its task if the
    /// video is not known.
    #[must_use]
    pub fn label(&self) -> String {
        let source = self.source();
        match (source, self.transcription_type, &self.task) {
            (Some(source), Some(transcription_type), _) => {
                format!("{source} ({transcription_type})")
            }
            (Some(source), None, _) => source,
            (None, _, Some(task)) => format!("task {task}"),
            (None, _, None) => "a task".to_owned(),
        }
    }

    /// Returns the file or the video, as it may be shown.
    #[must_use]
    pub fn source(&self) -> Option<String> {
        let file = self.file.as_ref();
        let path = file.map(|file| text::one_line(&file.path.to_string_lossy()).into_owned());
        path.or_else(|| self.video.as_ref().map(ToString::to_string))
    }

    /// Returns the label and the task: `V1 (audio), task T1`.
    #[must_use]
    pub fn full_label(&self) -> String {
        match (self.source(), &self.task) {
            (Some(_), Some(task)) => format!("{}, task {task}", self.label()),
            _ => self.label(),
        }
    }

    /// Returns the error for a task that its only poll found unfinished.
    pub(super) fn unfinished(&self) -> Error {
        let message = format!("{} has not finished yet", self.subject());
        let mut error = Error::new(ErrorKind::Unfinished, message);
        if let Some(task) = &self.task {
            error = error.with_task(task.as_str());
        }
        if let Some(video) = &self.video {
            error = error.with_video(video.as_str());
        }
        error
    }

    /// Returns the full label as the subject of a sentence: `V1 (audio), task T1,`.
    #[must_use]
    pub fn subject(&self) -> String {
        let comma = if self.source().is_some() && self.task.is_some() {
            ","
        } else {
            ""
        };
        format!("{}{comma}", self.full_label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_is_named_by_what_is_known_of_it() {
        let video = VideoNo::new("V1").ok();
        let task = TaskNo::new("T1").ok();
        let audio = Some(TranscriptionType::Audio);
        for (video, transcription_type, task, label, full_label, subject) in [
            (&None, None, &None, "a task", "a task", "a task"),
            (&None, None, &task, "task T1", "task T1", "task T1"),
            (&video, None, &None, "V1", "V1", "V1"),
            (
                &video,
                audio,
                &None,
                "V1 (audio)",
                "V1 (audio)",
                "V1 (audio)",
            ),
            (
                &video,
                audio,
                &task,
                "V1 (audio)",
                "V1 (audio), task T1",
                "V1 (audio), task T1,",
            ),
        ] {
            let item = Item {
                video: video.clone(),
                transcription_type,
                task: task.clone(),
                ..Item::new(State::Polling)
            };
            assert_eq!(item.label(), label);
            assert_eq!(item.full_label(), full_label);
            assert_eq!(item.subject(), subject);
        }
    }
}
