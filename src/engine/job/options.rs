//! The rules of a run, as commands set them.

use std::time::Duration;

use super::super::command_line::HintCommands;
use super::super::retry::RetryLimit;
use super::super::schedule::PollInterval;

/// The rules of a run: `submit`, `get`, `wait` and `listen` differ only in these and in their items.
#[derive(Clone, Debug)]
pub struct JobOptions {
    /// The answer to a poll that ends an item.
    pub polls: Polls,
    /// The gaps between two polls of one task.
    pub intervals: PollIntervals,
    /// The way in which files are uploaded.
    pub uploads: UploadRules,
    /// The bound on repetitions of an upload or a submit, and of a poll in [`Polls::Once`].
    pub retries: RetryLimit,
    /// The most calls under way at one time, at least 1.
    pub workers: usize,
    /// The end of waiting: for each task from its submit, or from the start where it was submitted
    /// before; for [`Polls::Verify`] of the whole run. `None` waits without end.
    pub timeout: Option<Duration>,
    /// Results are written together at the end, so no sender of a callback may forget its result.
    pub collects_results: bool,
    /// The way in which callbacks are taken, where they are received.
    pub callbacks: Option<Callbacks>,
    /// The commands that hints name.
    pub commands: HintCommands,
    /// Decides the jitter.
    pub seed: u64,
}

/// The way in which files are uploaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct UploadRules {
    /// A video is used once the service has parsed it, and a spent daily limit is waited for; otherwise
    /// the upload is all that is asked for.
    pub waits_for_parse: bool,
    /// Recorded uploads of the same content are used in place of new ones.
    pub reuse: bool,
}

/// The part that polling plays in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polls {
    /// Nothing is polled: items end with their submits.
    Never,
    /// Each task is polled once.
    Once,
    /// Tasks are polled until they end.
    UntilEnd,
    /// A task is polled when a callback names it.
    Verify,
}

/// The gaps between two polls of one task.
#[derive(Clone, Copy, Debug)]
pub struct PollIntervals {
    /// For tasks that will not call the receiver of this run.
    pub default: PollInterval,
    /// For tasks that will: polling is only the safety net.
    pub with_callback: PollInterval,
}

impl PollIntervals {
    /// Returns the intervals for `--interval`, or those that adapt to a task's age.
    #[must_use]
    pub fn new(fixed: Option<Duration>) -> Self {
        let fixed = fixed.map(PollInterval::fixed);
        Self {
            default: fixed.unwrap_or(PollInterval::adaptive()),
            with_callback: fixed.unwrap_or(PollInterval::rare()),
        }
    }
}

/// The way in which callbacks are taken.
#[derive(Clone, Copy, Debug)]
pub struct Callbacks {
    /// Results of tasks that are no items are taken too (`listen`); else they are for another run.
    pub takes_all: bool,
    /// Tasks that are not on record are taken as well (`listen --any`, `--verify`).
    pub accepts_unknown_tasks: bool,
    /// The service can reach the receiver of this run: tasks that are submitted will call it.
    pub is_reachable: bool,
    /// Advice for tasks that will not call, because they know another address.
    pub advice: &'static str,
    /// The run ends after so many results.
    pub count: Option<usize>,
}
