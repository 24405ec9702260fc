//! A result as it was received: a reply of the service, or a callback's body.

use super::callback;
use super::callback_target::CallbackTarget;
use crate::api::Reply;
use crate::error::{Error, ErrorKind};
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
        /// The task concerned.
        task: TaskNo,
        /// The unit of its times.
        unit: TimeUnit,
    },
}

impl TaskResult {
    /// Parses a callback's body. Fails with the reason if it is not a result of that task.
    pub(super) fn of_callback(
        body: String,
        target: &CallbackTarget,
        unit: TimeUnit,
    ) -> Result<Self, &'static str> {
        let task = target.task.clone();
        callback::parse_result(&body, &task, unit)?;
        Ok(Self::Callback { body, task, unit })
    }

    /// Parses the transcription.
    pub(super) fn transcript(&self) -> Result<Transcript<'_>, Error> {
        match self {
            Self::Reply(reply) => reply.transcript().map_err(|error| error.error),
            Self::Callback { body, task, unit } => callback::parse_result(body, task, *unit)
                .map_err(|why| Error::new(ErrorKind::Internal, why)),
        }
    }
}
