//! Failures as a user and a script see them: their kinds, the exit status of each, and the JSON form.
//! Every room of the crate fails with [`Error`]; commands add context with `anyhow`, and
//! [`Error::from_anyhow`] combines the two.

use std::fmt;
use std::io;
use std::process::ExitCode;

use serde::Serialize;

use crate::names::named;

/// The class of a failure. It decides the exit status; names and statuses are part of the command
/// line's contract (see the table in the README).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// A file or stream could not be read or written.
    Io,
    /// A failure of the program itself.
    Internal,
    /// Invalid arguments.
    Usage,
    /// Invalid configuration.
    Config,
    /// The service reports that the transcription failed.
    TaskFailed,
    /// No token, or the service rejects it.
    Auth,
    /// The service rejected the request, or its reply does not follow its documentation.
    Api,
    /// The rate limit was still exceeded after all retries.
    RateLimit,
    /// Connecting or TLS failed, a request timed out or its connection was closed, or the service still
    /// answered 5xx after all retries.
    Network,
    /// The task has not finished yet.
    Unfinished,
    /// Stopped by SIGINT.
    Interrupted,
    /// Stopped by SIGTERM or SIGHUP; named `interrupted` too, with an exit status of its own.
    #[serde(rename = "interrupted")]
    Terminated,
}

impl ErrorKind {
    /// Returns the documented exit status of this kind.
    #[must_use]
    pub const fn exit(self) -> ExitStatus {
        ExitStatus(match self {
            Self::Io | Self::Internal => 1,
            Self::Usage | Self::Config => 2,
            Self::TaskFailed => 3,
            Self::Auth => 4,
            Self::Api => 5,
            Self::RateLimit => 6,
            Self::Network => 7,
            Self::Unfinished => 8,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        })
    }
}

/// An exit status of this program, or of the command that the sandbox ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitStatus(u8);

impl ExitStatus {
    /// Everything that was asked for has been done.
    pub const SUCCESS: Self = Self(0);

    /// Creates the status with this number.
    #[must_use]
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// Returns the number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Combines the statuses of the items that failed: success if there are none, their status if
    /// all share one, else 1.
    #[must_use]
    pub fn combine(failures: impl IntoIterator<Item = Self>) -> Self {
        failures
            .into_iter()
            .reduce(|common, next| if common == next { common } else { Self(1) })
            .unwrap_or(Self::SUCCESS)
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(exit: ExitStatus) -> Self {
        Self::from(exit.0)
    }
}

/// A failure: the reason, what to do next, and the details that scripts need.
///
/// `message` is the reason; the caller adds what it was doing as context.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The class of the failure.
    pub kind: ErrorKind,
    /// The reason, with no full stop. Foreign text in it has been sanitized and redacted.
    pub message: String,
    /// The next command to try, or the next thing to do.
    pub hint: Option<String>,
    /// A second command to try, or thing to do.
    pub second_hint: Option<String>,
    /// The service's own code, if its reply had one.
    pub api_code: Option<String>,
    /// The HTTP status, if there was a reply.
    pub http_status: Option<u16>,
    /// The ID of the video concerned.
    pub video_no: Option<String>,
    /// The ID of the task concerned.
    pub task_no: Option<String>,
}

impl Error {
    /// Creates a failure of this kind, for this reason.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            second_hint: None,
            api_code: None,
            http_status: None,
            video_no: None,
            task_no: None,
        }
    }

    /// Creates a failure of kind [`ErrorKind::Usage`].
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// Creates a failure of kind [`ErrorKind::Config`].
    #[must_use]
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// Creates the failure of a run that a signal has ended; `kind` is that of [`crate::signals::pending`].
    #[must_use]
    pub fn interrupted(kind: ErrorKind) -> Self {
        let what = match kind {
            ErrorKind::Terminated => "terminated",
            _ => "interrupted",
        };
        Self::new(kind, what)
    }

    /// Adds advice on what to do next; it replaces an earlier hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds advice that is independent of the hint.
    #[must_use]
    pub fn with_second_hint(mut self, hint: impl Into<String>) -> Self {
        self.second_hint = Some(hint.into());
        self
    }

    /// Adds the ID of the video concerned.
    #[must_use]
    pub fn with_video(mut self, video_no: impl Into<String>) -> Self {
        self.video_no = Some(video_no.into());
        self
    }

    /// Adds the ID of the task concerned.
    #[must_use]
    pub fn with_task(mut self, task_no: impl Into<String>) -> Self {
        self.task_no = Some(task_no.into()).filter(|task| !task.is_empty());
        self
    }

    /// Puts `what` in front of the message: `could not get task T1: …`.
    #[must_use]
    pub fn prefixed(mut self, what: impl fmt::Display) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// Returns `true` if the token itself is rejected, so that every other call would fail too: any
    /// [`ErrorKind::Auth`] except a missing permission for one item (9009).
    #[must_use]
    pub fn is_refused_token(&self) -> bool {
        self.kind == ErrorKind::Auth && self.api_code.as_deref() != Some("9009")
    }

    /// Converts an `anyhow` error. Kind, hint and details are those of the [`Error`] in its chain;
    /// without one, the kind is [`ErrorKind::Io`] if the chain has an `io::Error`, else
    /// [`ErrorKind::Internal`]. The message is the whole chain, outermost context first.
    #[must_use]
    pub fn from_anyhow(chain: &anyhow::Error) -> Self {
        let message = format!("{chain:#}");
        if let Some(error) = chain.chain().find_map(|cause| cause.downcast_ref::<Self>()) {
            return Self {
                message,
                ..error.clone()
            };
        }
        let is_io = chain.chain().any(<dyn std::error::Error>::is::<io::Error>);
        Self::new(
            if is_io {
                ErrorKind::Io
            } else {
                ErrorKind::Internal
            },
            message,
        )
    }

    /// Returns the hints.
    pub fn hints(&self) -> impl Iterator<Item = &str> {
        [&self.hint, &self.second_hint]
            .into_iter()
            .filter_map(Option::as_deref)
    }

    /// Returns the failure as one line of JSON, without a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct JsonLine<'a> {
            error: Fields<'a>,
        }
        #[derive(Serialize)]
        struct Fields<'a> {
            kind: ErrorKind,
            exit_code: u8,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            hint: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            api_code: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            video_no: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            task_no: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            http_status: Option<u16>,
        }
        let hints: Vec<&str> = self.hints().collect();
        let line = JsonLine {
            error: Fields {
                kind: self.kind,
                exit_code: self.kind.exit().code(),
                message: &self.message,
                hint: (!hints.is_empty()).then(|| hints.join("; ")),
                api_code: self.api_code.as_deref(),
                video_no: self.video_no.as_deref(),
                task_no: self.task_no.as_deref(),
                http_status: self.http_status,
            },
        };
        serde_json::to_string(&line)
            .unwrap_or_else(|error| format!("{{\"error\":{{\"message\":\"{error}\"}}}}"))
    }
}

/// Returns `true` if the reader of a pipe has closed it, which ends the program quietly.
#[must_use]
pub fn is_closed_pipe(chain: &anyhow::Error) -> bool {
    has_io_error(chain, io::ErrorKind::BrokenPipe)
}

/// Returns `true` if a write was abandoned because a signal arrived while nobody read.
#[must_use]
pub fn is_interrupted(chain: &anyhow::Error) -> bool {
    has_io_error(chain, io::ErrorKind::Interrupted)
}

fn has_io_error(chain: &anyhow::Error, kind: io::ErrorKind) -> bool {
    let mut causes = chain.chain();
    causes.any(|cause| {
        let error = cause.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == kind)
    })
}

/// The form in which failures are printed (`--error-format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorFormat {
    /// `mavi: …` and `hint: …`.
    #[default]
    Human,
    /// One JSON object per line.
    Json,
}

named!(ErrorFormat {
    Human => "human",
    Json => "json",
});

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The serialized name is the one in the contract; there is no second list to keep in step.
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn second_hint_follows_the_hint() {
        let error = Error::usage("no").with_hint("a").with_second_hint("b\nc");
        assert_eq!(error.hints().collect::<Vec<_>>(), ["a", "b\nc"]);
        assert!(error.to_json().contains(r#""hint":"a; b\nc""#));
    }

    #[test]
    fn from_anyhow_keeps_chain_as_message_and_inner_details() {
        let inner =
            Error::new(ErrorKind::Auth, "no token is set").with_hint("run `mavi config init`");
        let chain = Err::<(), _>(inner)
            .context("could not get task T1")
            .unwrap_err();
        let error = Error::from_anyhow(&chain);
        assert_eq!(error.message, "could not get task T1: no token is set");
        assert_eq!(error.hint.as_deref(), Some("run `mavi config init`"));
        assert_eq!(error.kind.exit().code(), 4);
    }

    #[test]
    fn from_anyhow_classifies_io_and_unknown_errors() {
        let io = anyhow::Error::from(io::Error::from(io::ErrorKind::NotFound))
            .context("could not write x.srt");
        assert_eq!(Error::from_anyhow(&io).kind, ErrorKind::Io);
        assert_eq!(
            Error::from_anyhow(&anyhow::anyhow!("odd")).kind,
            ErrorKind::Internal
        );
    }

    #[test]
    fn json_has_one_line_and_known_fields_only() {
        let error = Error {
            api_code: Some("0402".into()),
            http_status: Some(200),
            ..Error::new(ErrorKind::Api, "a\nb")
        }
        .with_video("V1");
        assert_eq!(
            error.to_json(),
            r#"{"error":{"kind":"api","exit_code":5,"message":"a\nb","api_code":"0402","video_no":"V1","http_status":200}}"#
        );
    }

    #[test]
    fn sigterm_is_named_interrupted_with_own_status() {
        assert_eq!(ErrorKind::Terminated.to_string(), "interrupted");
        assert_eq!(
            (
                ErrorKind::Interrupted.exit().code(),
                ErrorKind::Terminated.exit().code()
            ),
            (130, 143)
        );
    }

    #[test]
    fn combine_keeps_common_status_or_gives_1() {
        let of =
            |codes: &[u8]| ExitStatus::combine(codes.iter().copied().map(ExitStatus::new)).code();
        assert_eq!((of(&[]), of(&[5, 5]), of(&[5, 8]), of(&[8])), (0, 5, 1, 8));
    }

    #[test]
    fn closed_pipe_is_found_under_contexts() {
        let pipe = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe))
            .context("a")
            .context("b");
        assert!(is_closed_pipe(&pipe));
        assert!(!is_closed_pipe(&anyhow::anyhow!("a")));
    }
}
