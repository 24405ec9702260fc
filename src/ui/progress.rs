//! The progress of a run with many items: a line for each item in work, and one for all of them.

mod bars;
mod layout;
mod line;
mod rate;
mod units;

use std::time::Duration;

pub(super) use bars::ProgressBars;

/// The progress of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The items in work, in input order.
    pub items: Vec<ItemProgress>,
    /// The state of the run: `3 of 20 finished, 1 failed`.
    pub total: String,
    /// The number of items that have ended.
    pub done: usize,
    /// The number of all items.
    pub count: usize,
}

/// The progress of an item in work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemProgress {
    /// Tells the items of a run apart, whatever they are called.
    pub id: usize,
    /// The name of the item. May hold anything: it is cleaned before it is shown.
    pub label: String,
    /// The stage of the item.
    pub stage: Stage,
}

/// The stage of an item in work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The file is read to compute its hash.
    Hashing {
        /// The bytes read so far.
        done: u64,
        /// The size of the file in bytes.
        size: u64,
    },
    /// The file is uploaded.
    Uploading {
        /// The bytes handed over so far.
        done: u64,
        /// The size of the file in bytes.
        size: u64,
    },
    /// The service parses the video.
    Parsing {
        /// The time since the upload.
        waited: Duration,
    },
    /// The transcription is requested.
    Submitting,
    /// The service transcribes the video.
    Transcribing {
        /// The time since the submit.
        waited: Duration,
    },
    /// The item waits for something else, such as `waiting for the rate limit`.
    Waiting(String),
    /// The result is written.
    Writing,
}

impl Stage {
    /// Returns the name of a transfer, and the bytes that are done.
    fn transferred(&self) -> Option<(&'static str, u64)> {
        match self {
            Self::Hashing { done, .. } => Some(("hashing", *done)),
            Self::Uploading { done, .. } => Some(("uploading", *done)),
            _ => None,
        }
    }
}
