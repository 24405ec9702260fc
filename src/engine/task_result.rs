//! A result on its way to the output, as it came: a reply of the service, or a callback's body.

use super::callback::{self, CallbackTarget};
use crate::api::Reply;
use crate::error::{Error, Kind};
use crate::ids::TaskNo;
use crate::transcript::{TimeUnit, Transcript};

/// A result, with its text.
pub enum TaskResult {
    /// A reply to a poll.
    Reply(Reply),
    /// A callback's body, checked.
    Callback {
        /// The body.
        body: String,
        /// The task that it is about.
        task: TaskNo,
        /// The unit of its times.
        unit: TimeUnit,
    },
}

impl TaskResult {
    /// Creates the result in a callback's body. Fails with the reason where the body is not a result
    /// of that task.
    pub(super) fn of_callback(
        body: String,
        target: &CallbackTarget,
        unit: TimeUnit,
    ) -> Result<Self, &'static str> {
        let task = target.task.clone();
        callback::parse_result(&body, &task, unit)?;
        Ok(Self::Callback { body, task, unit })
    }

    /// Reads the transcription.
    pub(super) fn transcript(&self) -> Result<Transcript<'_>, Error> {
        match self {
            Self::Reply(reply) => reply.transcript().map_err(|error| error.error),
            Self::Callback { body, task, unit } => callback::parse_result(body, task, *unit)
                .map_err(|why| Error::new(Kind::Internal, why)),
        }
    }
}

impl std::fmt::Debug for TaskResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Reply(_) => "Reply",
            Self::Callback { .. } => "Callback",
        })
    }
}
