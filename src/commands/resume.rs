//! The command that goes on where this one stopped, ready to be pasted into a shell.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::cli::{Global, Output, Waiting};
use crate::duration;
use crate::error::{Error, ErrorFormat, Kind};
use crate::progress::Progress;
use crate::task::TaskNo;
use crate::terminal::ColorChoice;
use crate::transcript::TimeUnit;

/// What an end may take before it is explained.
const A_WHILE: Duration = Duration::from_millis(500);

/// What is still open, as far as the command has said; shared with whoever hears of a signal.
#[derive(Clone, Default)]
pub(super) struct Resume {
    open: Arc<Mutex<Option<Ask>>>,
    first: Arc<Mutex<Option<Close>>>,
    closing: Arc<AtomicBool>,
}

type Ask = Box<dyn Fn() -> Option<Open> + Send>;
type Close = Box<dyn FnOnce() + Send>;

/// Work that is paid for and not delivered.
pub(super) struct Open {
    /// What is open, as a phrase: `2 of 3 tasks are still open`.
    pub(super) what: String,
    /// The command that goes on, or what it is in words.
    pub(super) command: String,
}

impl Resume {
    /// From now on, this is what is open.
    pub(super) fn set(&self, open: impl Fn() -> Option<Open> + Send + 'static) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(open));
    }

    /// From now on, a signal finishes this before it ends the program.
    pub(super) fn close_first(&self, close: impl FnOnce() + Send + 'static) {
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(close));
    }

    /// Finishes what has to be finished, and says so where that takes a while.
    pub(super) fn close(&self, progress: &Progress) {
        self.closing.store(true, Ordering::SeqCst);
        let close = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(close) = close {
            let (_closed, is_closed) = mpsc::channel::<()>();
            let progress = progress.clone();
            thread::spawn(move || {
                if is_closed.recv_timeout(A_WHILE) == Err(RecvTimeoutError::Timeout) {
                    progress
                        .essential("finishing the result in hand; a second signal stops at once");
                }
            });
            close();
        }
    }

    /// Whether a signal has come: what is not done is then no failure of its own.
    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// What a signal comes to, for the user.
    pub(super) fn interrupted(&self, kind: Kind) -> Error {
        let open = self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .and_then(|open| open());
        let said = if kind == Kind::Terminated {
            "terminated"
        } else {
            "interrupted"
        };
        match open {
            Some(open) => {
                Error::new(kind, format!("{said}: {}", open.what)).with_hint(hint(&open.command))
            }
            None => Error::new(kind, said),
        }
    }
}

/// How the command is offered.
pub(super) fn hint(command: &str) -> String {
    format!("to go on: {command}")
}

/// `mavi wait` for these tasks, with the options that this run was given.
pub(super) fn command(
    global: &Global,
    waiting: &Waiting,
    output: &Output,
    tasks: &[&TaskNo],
) -> String {
    let mut line = Line("mavi wait".to_owned());
    line.path("--config", global.config.as_deref());
    line.option("--profile", global.profile.as_deref());
    line.option("--base-url", global.base_url.as_deref());
    line.duration("--request-timeout", global.request_timeout);
    line.option(
        "--retries",
        global.retries.map(|retries| retries.to_string()).as_deref(),
    );
    line.option(
        "--jobs",
        global.jobs.map(|jobs| jobs.to_string()).as_deref(),
    );
    line.switch("--quiet", global.quiet);
    line.switch("--verbose", global.verbose);
    let color = (global.color != ColorChoice::default()).then(|| global.color.name());
    line.option("--color", color);
    let errors =
        (global.error_format != ErrorFormat::default()).then(|| global.error_format.name());
    line.option("--error-format", errors);
    line.duration("--timeout", waiting.timeout);
    line.duration("--interval", waiting.interval);
    line.option(
        "--listen",
        waiting.listen.map(|addr| addr.to_string()).as_deref(),
    );
    line.option("--public-url", waiting.public_url.as_deref());
    line.path("--path-secret-file", waiting.path_secret_file.as_deref());
    let formats: Vec<&str> = output.formats.iter().map(|format| format.name()).collect();
    line.option(
        "--format",
        (!formats.is_empty()).then(|| formats.join(",")).as_deref(),
    );
    line.path("--output", output.output.as_deref());
    line.switch("--no-clobber", output.no_clobber);
    line.option("--time-unit", output.time_unit.map(TimeUnit::name));
    line.switch("--reflow", output.reflow);
    let limits = &output.limits;
    let number = |number: Option<usize>| number.map(|number| number.to_string());
    line.option("--max-line-width", number(limits.max_line_width).as_deref());
    line.option("--max-lines", number(limits.max_lines).as_deref());
    line.option(
        "--max-cps",
        limits.max_cps.map(|cps| cps.to_string()).as_deref(),
    );
    line.duration("--min-duration", limits.min_duration);
    line.duration("--max-duration", limits.max_duration);
    line.duration("--min-gap", limits.min_gap);
    line.switch(
        "--",
        tasks.iter().any(|task| task.as_str().starts_with('-')),
    );
    for task in tasks {
        line.word(task.as_str());
    }
    line.0
}

/// A command line in the making; every word is quoted as a POSIX shell needs it.
struct Line(String);

impl Line {
    fn word(&mut self, word: &str) {
        let _ = write!(self.0, " {}", shell_words::quote(word));
    }

    fn switch(&mut self, name: &str, on: bool) {
        if on {
            self.word(name);
        }
    }

    fn option(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.word(name);
            self.word(value);
        }
    }

    fn duration(&mut self, name: &str, value: Option<std::time::Duration>) {
        self.option(name, value.map(duration::format).as_deref());
    }

    fn path(&mut self, name: &str, value: Option<&Path>) {
        self.option(name, value.map(|path| path.to_string_lossy()).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

    #[test]
    fn the_command_carries_the_options_and_is_quoted() {
        let given = "mavi wait --base-url http://127.0.0.1:1 --timeout 90 -f srt,json -o '{taskNo} x.{ext}' --no-clobber A B";
        let cli = Cli::parse_from(shell_words::split(given).unwrap());
        let Command::Wait(wait) = cli.command else {
            panic!("a wait")
        };
        let tasks = ["B", "it's"].map(|task| TaskNo::new(task).unwrap());
        let tasks = tasks.each_ref();
        let command = command(&cli.global, &wait.waiting, &wait.output, &tasks);
        assert_eq!(
            command,
            r"mavi wait --base-url http://127.0.0.1:1 --timeout 1m30s --format srt,json --output '{taskNo} x.{ext}' --no-clobber B 'it'\''s'"
        );
        assert!(Cli::try_parse_from(shell_words::split(&command).unwrap()).is_ok());
    }

    #[test]
    fn a_task_that_looks_like_a_flag_is_kept_apart() {
        let task = TaskNo::new("-x").unwrap();
        let tasks = [&task];
        let cli = Cli::parse_from(["mavi", "wait", "A"]);
        assert_eq!(
            command(&cli.global, &Waiting::default(), &Output::default(), &tasks),
            "mavi wait -- -x"
        );
    }
}
