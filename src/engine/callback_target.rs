//! The task that a callback is about, and how it relates to the journal.

use crate::ids::{TaskNo, TranscriptionType, VideoNo};

/// The task that a callback is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackTarget {
    /// Its number.
    pub task: TaskNo,
    /// Its video and type, where the callback names them.
    pub video: Option<(VideoNo, TranscriptionType)>,
}

/// How a callback's task relates to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskOrigin {
    /// Not on record for the service of this run.
    Unknown,
    /// Not on record, but a submit of the video and the type that the callback names got no answer and
    /// was told this address: it is likely to be its task.
    Recovered,
    /// On record.
    Recorded {
        /// It was told the callback address of this receiver.
        calls_here: bool,
    },
    /// On record, and a receiver has stored its result and told the sender so: a duplicate.
    Completed,
}

/// When the journal is read for a look-up, if it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Where the task is not known yet: it may have been submitted this moment.
    IfUnknown,
    /// Always.
    Always,
    /// For the first look-up alone.
    Once,
}
