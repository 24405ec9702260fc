//! What can go wrong, as a user and a script see it: the kinds of failure, the exit status of each,
//! and the two forms in which a failure is printed. Every room of the crate fails with [`Error`];
//! commands add what they were doing with `anyhow` context, and [`Error::from_anyhow`] joins the two.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::process::ExitCode;

use serde::Serialize;

use crate::names::named;

/// The stable name of a class of failures. It decides the exit status; the table is part of the
/// command line's contract and stands in the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// A file or stream could not be read or written.
    Io,
    /// Anything unforeseen.
    Internal,
    /// Bad arguments.
    Usage,
    /// Bad configuration.
    Config,
    /// The service says that the transcription failed.
    TaskFailed,
    /// No token, or the service refuses it.
    Auth,
    /// The service refused the request, or its reply is not what its documentation describes.
    Api,
    /// Still over the rate limit after the retries.
    RateLimit,
    /// Could not connect, TLS, timeout, connection cut, 5xx after the retries.
    Network,
    /// The task has not ended yet.
    Unfinished,
    /// Ended by SIGINT.
    Interrupted,
    /// Ended by SIGTERM; its name is `interrupted` too, its exit status is its own.
    #[serde(rename = "interrupted")]
    Terminated,
}

impl ErrorKind {
    /// The documented exit status of this kind.
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
    /// All that was asked for was done.
    pub const SUCCESS: Self = Self(0);

    /// The status with this number.
    #[must_use]
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// The status of several items: success if all succeeded, the common status if all failures
    /// share one, else 1.
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

/// A failure: why, what to do next, and the facts a script may want.
///
/// `message` says why; what was being done is added by the caller as context.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The class of the failure.
    pub kind: ErrorKind,
    /// Why it failed, with no full stop. Foreign text in it has been cleaned and redacted.
    pub message: String,
    /// The next command to try, or the next thing to do.
    pub hint: Option<String>,
    /// The service's own code, where it answered with one.
    pub api_code: Option<String>,
    /// The HTTP status, where a reply came.
    pub http_status: Option<u16>,
    /// The video that it was about.
    pub video_no: Option<String>,
    /// The task that it was about.
    pub task_no: Option<String>,
}

impl Error {
    /// A failure of this kind, for this reason.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            api_code: None,
            http_status: None,
            video_no: None,
            task_no: None,
        }
    }

    /// Bad arguments.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// Bad configuration.
    #[must_use]
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// The same failure with advice on what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same failure, about this video.
    #[must_use]
    pub fn with_video(mut self, video_no: impl Into<String>) -> Self {
        self.video_no = Some(video_no.into());
        self
    }

    /// The same failure, about this task.
    #[must_use]
    pub fn with_task(mut self, task_no: impl Into<String>) -> Self {
        self.task_no = Some(task_no.into());
        self
    }

    /// Returns the failure with `what` failed in front of the reason: `could not get task T1: …`.
    #[must_use]
    pub fn prefixed(mut self, what: impl fmt::Display) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// Whether the token itself is refused, so that every other call would be too: any [`ErrorKind::Auth`]
    /// but the missing permission for one item (9009).
    #[must_use]
    pub fn is_refused_token(&self) -> bool {
        self.kind == ErrorKind::Auth && self.api_code.as_deref() != Some("9009")
    }

    /// What a chain of contexts comes to: the innermost [`Error`] gives kind, hint and facts, an
    /// `io::Error` counts as [`ErrorKind::Io`], anything else as [`ErrorKind::Internal`]; the message is the
    /// whole chain, outermost first.
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

    /// The form for people: `mavi: <message>`, then `hint: <hint>` where there is one.
    #[must_use]
    pub fn to_human(&self) -> String {
        let hint = self
            .hint
            .as_ref()
            .map_or(Cow::Borrowed(""), |hint| format!("\nhint: {hint}").into());
        format!("mavi: {}{hint}", self.message)
    }

    /// The form for scripts: one JSON object on one line.
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
            hint: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            api_code: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            video_no: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            task_no: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            http_status: Option<u16>,
        }
        let line = JsonLine {
            error: Fields {
                kind: self.kind,
                exit_code: self.kind.exit().code(),
                message: &self.message,
                hint: self.hint.as_deref(),
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

/// Whether this failure is a reader that closed its pipe: not a failure at all, but the end.
#[must_use]
pub fn is_closed_pipe(chain: &anyhow::Error) -> bool {
    chain
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Returns `true` if writing was given up because a signal came while nobody read.
#[must_use]
pub fn is_interrupted(chain: &anyhow::Error) -> bool {
    chain
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::Interrupted)
}

/// How failures are printed (`--error-format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorFormat {
    /// `mavi: …` and `hint: …`.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

named!(ErrorFormat {
    Human => "human",
    Json => "json",
});

impl ErrorFormat {
    /// The failure in this form, without a line end.
    #[must_use]
    pub fn render(self, error: &Error) -> String {
        match self {
            Self::Human => error.to_human(),
            Self::Json => error.to_json(),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The serialised name is the one in the contract; there is no second list to keep in step.
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn the_chain_is_the_message_and_the_inner_error_gives_the_rest() {
        let inner =
            Error::new(ErrorKind::Auth, "no token is set").with_hint("run `mavi config init`");
        let chain = Err::<(), _>(inner)
            .context("could not get task T1")
            .unwrap_err();
        let error = Error::from_anyhow(&chain);
        assert_eq!(
            error.to_human(),
            "mavi: could not get task T1: no token is set\nhint: run `mavi config init`"
        );
        assert_eq!(error.kind.exit().code(), 4);
    }

    #[test]
    fn io_errors_and_strangers_have_a_kind_too() {
        let io = anyhow::Error::from(io::Error::from(io::ErrorKind::NotFound))
            .context("could not write x.srt");
        assert_eq!(Error::from_anyhow(&io).kind, ErrorKind::Io);
        assert_eq!(
            Error::from_anyhow(&anyhow::anyhow!("odd")).kind,
            ErrorKind::Internal
        );
    }

    #[test]
    fn a_script_gets_one_line_with_the_known_fields_only() {
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
    fn sigterm_is_named_interrupted_with_its_own_status() {
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
    fn several_failures_share_a_status_or_become_1() {
        let of =
            |codes: &[u8]| ExitStatus::combine(codes.iter().copied().map(ExitStatus::new)).code();
        assert_eq!((of(&[]), of(&[5, 5]), of(&[5, 8]), of(&[8])), (0, 5, 1, 8));
    }

    #[test]
    fn a_closed_pipe_is_found_under_contexts() {
        let pipe = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe))
            .context("a")
            .context("b");
        assert!(is_closed_pipe(&pipe));
        assert!(!is_closed_pipe(&anyhow::anyhow!("a")));
    }
}
