//! What a run works with: plain values and parts, which commands build from arguments and settings.

use std::sync::Arc;
use std::time::Duration;

use super::event_queue::EventQueue;
use super::journal_writer::JournalWriter;
use super::rate_limit::SharedRateLimiter;
use super::receive::CallbackReceiver;
use super::result_writer::ResultWriter;
use super::resume::ResumeCommands;
use super::submit_output::SubmitOutput;
use crate::api::ApiClient;
use crate::transcript::TimeUnit;
use crate::ui::Reporter;

/// The parts that a run works with.
pub struct RunParts {
    /// The service; `None` where nothing is called.
    pub api: Option<Arc<ApiClient>>,
    /// The rate limits of the account; `None` where nothing is called.
    pub limits: Option<SharedRateLimiter>,
    /// The journal.
    pub journal: JournalWriter,
    /// The place for results, where results are written.
    pub results: Option<ResultWriter>,
    /// The form in which tasks are printed, where they are all that was asked for.
    pub submit_output: Option<SubmitOutput>,
    /// The callback receiver, where there is one.
    pub receiver: Option<CallbackReceiver>,
    /// The callback address that submits tell the service.
    pub callback: Option<String>,
    /// Use tasks on record in place of submitting again.
    pub reuse: bool,
    /// The unit of times in callbacks.
    pub time_unit: TimeUnit,
    /// The most calls at one time.
    pub workers: usize,
    /// The timeout, for the last message.
    pub timeout: Option<Duration>,
    /// The number of results that were asked for, for the last message.
    pub count: Option<usize>,
    /// The commands that go on.
    pub resume: ResumeCommands,
    /// The submits of a minute, for the time that the rest takes.
    pub submits_per_minute: u32,
    /// stderr.
    pub reporter: Reporter,
    /// The events of other threads.
    pub queue: EventQueue,
}
