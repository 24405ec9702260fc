//! What came of a run.

use super::super::event::ItemId;
use crate::error::{Error, ErrorKind, ExitStatus};

/// The reason why a run ends before all its items have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A signal: the kind of error that it ends the run with.
    Signal(ErrorKind),
    /// The reader of stdout closed its pipe.
    OutputClosed,
    /// The service refuses the token.
    AuthFailed(Error),
    /// As many results as were asked for have come (`listen --count`).
    CountReached,
    /// The time of the run is up (`listen --timeout`).
    TimedOut,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobOutcome {
    /// The reason, where it ended before all items had.
    pub ending: Option<Ending>,
    /// The failure that ended the submits or the uploads of the run, if one did.
    pub submit_stop: Option<Error>,
    /// Items that were not submitted.
    pub not_started: usize,
    /// Items whose tasks are still running, and were given up.
    pub running: Vec<ItemId>,
    /// Items whose result is written.
    pub done: usize,
    /// Items that failed.
    pub failed: usize,
    /// The exit status.
    pub exit: ExitStatus,
}
