//! The long-running part of every command that calls the service: submit, poll, receive, deliver.
//! Decisions are pure and made by [`job`]; the driver ([`run`]) takes the actions. The job is told the
//! time and what happened, and says what to do; so all of it is tested in virtual time.

pub mod callback;
pub mod callback_target;
mod calls;
mod closing;
pub mod command_line;
mod driver;
pub mod event;
mod event_queue;
mod file_progress;
pub mod item;
pub mod job;
mod journal_writer;
mod listing;
pub mod plan;
mod progress;
mod progress_line;
pub mod rate_limit;
mod receive;
mod result_names;
mod result_writer;
pub mod resume;
pub mod retry;
mod run_parts;
pub mod schedule;
mod submit_output;
mod task_index;
mod task_result;
mod upload_output;
mod video_record;
mod videos;
mod warnings;
mod workers;

use std::time::Duration;

use jiff::Timestamp;

pub use driver::run;
pub use event_queue::EventQueue;
pub use journal_writer::JournalWriter;
pub use receive::{CallbackReceiver, ListenOptions};
pub use result_writer::ResultWriter;
pub use run_parts::RunParts;
pub use submit_output::SubmitOutput;
pub use task_result::TaskResult;
pub use upload_output::UploadOutput;
pub use video_record::VideoRecord;
pub use videos::VideoCalls;

/// Returns the time since a submit; zero where the clock was set back since.
#[must_use]
pub fn age(submitted: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().duration_since(submitted)).unwrap_or_default()
}
