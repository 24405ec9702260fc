//! The task of a callback, and its relation to the journal.

use crate::ids::{TaskNo, TranscriptionType, VideoNo};

/// The task of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackTarget {
    /// The ID.
    pub task: TaskNo,
    /// The video and type, if the callback names them.
    pub video: Option<(VideoNo, TranscriptionType)>,
}

/// The relation of a callback's task to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskOrigin {
    /// Not recorded for the service of this run.
    Unknown,
    /// Not recorded, but a submit of the same video and type with this callback address got no answer:
    /// most likely the task is its own.
    Recovered,
    /// Recorded.
    Recorded {
        /// The submit had the callback address of this receiver.
        calls_here: bool,
    },
    /// Recorded as finished by a callback: this one is a duplicate.
    Completed,
}

/// The look-ups for which the journal is read again, if it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Those of tasks that are not known yet: they may have been submitted just now.
    IfUnknown,
    /// All.
    Always,
    /// The first one.
    Once,
}
