//! The parts of a run, which commands build from arguments and settings.

use std::sync::Arc;
use std::time::Duration;

use super::command_line::HintCommands;
use super::event_queue::EventQueue;
use super::journal_writer::JournalWriter;
use super::rate_limit::SharedRateLimiter;
use super::receive::CallbackReceiver;
use super::result_writer::ResultWriter;
use super::resume::ResumeCommands;
use super::submit_output::SubmitOutput;
use super::upload_output::UploadOutput;
use crate::api::ApiClient;
use crate::transcript::TimeUnit;
use crate::ui::Reporter;

/// The parts of a run.
pub struct RunParts {
    /// The client of the service; `None` if nothing is called.
    pub api: Option<Arc<ApiClient>>,
    /// The rate limits of the account; `None` if nothing is called.
    pub limits: Option<SharedRateLimiter>,
    /// The journal.
    pub journal: JournalWriter,
    /// The writer of results, if results are written.
    pub results: Option<ResultWriter>,
    /// The form of the list of tasks, if the run does not wait for results.
    pub submit_output: Option<SubmitOutput>,
    /// The form of the list of uploads, if the run ends with them.
    pub upload_output: Option<UploadOutput>,
    /// The callback receiver, if there is one.
    pub receiver: Option<CallbackReceiver>,
    /// The callback address that is sent with submits.
    pub callback: Option<String>,
    /// The callback address that is sent with uploads.
    pub upload_callback: Option<String>,
    /// Recorded uploads and tasks are used in place of new ones.
    pub reuse: bool,
    /// The unit of times in callbacks.
    pub time_unit: TimeUnit,
    /// The timeout, for the message at the end.
    pub timeout: Option<Duration>,
    /// The number of results that were asked for, for the message at the end.
    pub count: Option<usize>,
    /// The commands that hints name.
    pub commands: HintCommands,
    /// The commands that resume the run.
    pub resume: ResumeCommands,
    /// The rate limit of submits per minute, for estimates of the remaining time.
    pub submits_per_minute: u32,
    /// The writer to stderr.
    pub reporter: Reporter,
    /// The queue of events from other threads.
    pub queue: EventQueue,
}
