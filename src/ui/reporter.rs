//! Writes status, notes, warnings and errors to stderr: above a spinner on a terminal, as plain lines
//! elsewhere, with a heartbeat so that a CI log does not look dead. Nothing here writes to stdout.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::spinner_terminal::SpinnerTerminal;
use super::wrap::wrap;
use super::{Progress, Stream};
use crate::error::{Error, ErrorFormat};

/// Interval of the heartbeat where stderr is not a terminal.
const HEARTBEAT: Duration = Duration::from_mins(1);
/// Interval at which the spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// Writes to stderr for one run. Clones share the spinner; all may be used from any thread.
#[derive(Clone)]
pub struct Reporter {
    shared: Arc<Shared>,
}

struct Shared {
    out: Mutex<Box<dyn io::Write + Send>>,
    heartbeat: Duration,
    stderr: Stream,
    quiet: bool,
    errors: ErrorFormat,
    activity: Mutex<Activity>,
}

/// The status and the means that show it.
#[derive(Default)]
struct Activity {
    status: String,
    spinner: Option<ProgressBar>,
    heartbeat: Option<Sender<()>>,
    /// The run calls [`Reporter::tick`], so that no thread is needed.
    is_driven: bool,
    next_tick: Option<Instant>,
}

impl Reporter {
    /// Creates a reporter for a stderr of this kind. `quiet` silences all but errors and
    /// [`always`](Self::always).
    #[must_use]
    pub fn new(stderr: Stream, quiet: bool, errors: ErrorFormat) -> Self {
        Self::to(Box::new(io::stderr()), HEARTBEAT, stderr, quiet, errors)
    }

    fn to(
        out: Box<dyn io::Write + Send>,
        heartbeat: Duration,
        stderr: Stream,
        quiet: bool,
        errors: ErrorFormat,
    ) -> Self {
        let (out, activity) = (Mutex::new(out), Mutex::default());
        Self {
            shared: Arc::new(Shared {
                out,
                heartbeat,
                stderr,
                quiet,
                errors,
                activity,
            }),
        }
    }

    /// Sets the status: the text of the spinner, or a line in a log each time it changes.
    pub fn status(&self, status: &str) {
        let mut activity = self.activity();
        if activity.status == status || self.shared.quiet {
            return;
        }
        status.clone_into(&mut activity.status);
        if !self.draws() {
            self.line(&activity, Style::new(), "", status, "note");
            if activity.is_driven {
                activity.next_tick = Some(Instant::now() + self.shared.heartbeat);
            } else {
                activity
                    .heartbeat
                    .get_or_insert_with(|| self.spawn_heartbeat(self.shared.heartbeat));
            }
            return;
        }
        let is_driven = activity.is_driven;
        if is_driven && activity.next_tick.is_none() {
            activity.next_tick = Some(Instant::now() + TICK);
        }
        activity
            .spinner
            .get_or_insert_with(|| {
                let target = ProgressDrawTarget::term_like(Box::new(SpinnerTerminal::stderr()));
                let spinner = ProgressBar::with_draw_target(None, target);
                if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
                    spinner.set_style(style);
                }
                if !is_driven {
                    spinner.enable_steady_tick(TICK);
                }
                spinner
            })
            .set_message(status.to_owned());
    }

    /// Sets the status without a line in a log, for counts that would flood it.
    pub fn status_quiet(&self, status: &str) {
        let mut activity = self.activity();
        if let Some(spinner) = &activity.spinner {
            spinner.set_message(status.to_owned());
        }
        if activity.heartbeat.is_some() || (activity.is_driven && activity.spinner.is_none()) {
            status.clone_into(&mut activity.status);
        }
    }

    /// Returns `true` if [`progress`](Self::progress) is drawn: stderr is a terminal that obeys escape
    /// sequences, and messages are for people and not silenced.
    #[must_use]
    pub fn shows_progress(&self) -> bool {
        self.draws() && !self.shared.quiet
    }

    /// Shows the progress of a run, which passes it anew as often as it likes. In a log, its total is the
    /// text of the heartbeat.
    pub fn progress(&self, progress: &Progress) {
        self.status_quiet(&progress.total);
    }

    /// Prints a change of an item's state, unless [`progress`](Self::progress) shows it.
    pub fn change(&self, text: &str) {
        if !self.shows_progress() {
            self.info(text);
        }
    }

    /// Leaves spinner and heartbeat to the caller, who calls [`tick`](Self::tick) from now on.
    pub fn drive(&self) {
        self.activity().is_driven = true;
    }

    /// Turns the spinner or prints the heartbeat if it is due. Returns the time until the next call;
    /// `None` if there is nothing to show.
    #[must_use]
    pub fn tick(&self) -> Option<Duration> {
        let mut activity = self.activity();
        let next = activity.next_tick?;
        let now = Instant::now();
        if now < next {
            return Some(next - now);
        }
        let gap = if let Some(spinner) = &activity.spinner {
            spinner.tick();
            TICK
        } else {
            self.print_heartbeat(&activity);
            self.shared.heartbeat
        };
        activity.next_tick = Some(now + gap);
        Some(gap)
    }

    fn print_heartbeat(&self, activity: &Activity) {
        if !activity.status.is_empty() {
            let text = format!("still working: {}", activity.status);
            self.line(activity, Style::new(), "", &text, "note");
        }
    }

    /// Clears the status; nothing of it stays on the terminal.
    pub fn finish(&self) {
        let mut activity = self.activity();
        if let Some(spinner) = activity.spinner.take() {
            spinner.finish_and_clear();
        }
        *activity = Activity {
            is_driven: activity.is_driven,
            ..Activity::default()
        };
    }

    /// Runs `print`, which writes to stdout, while the spinner is hidden.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        let spinner = self.activity().spinner.clone();
        match spinner {
            Some(spinner) => spinner.suspend(print),
            None => print(),
        }
    }

    /// Prints a note.
    pub fn info(&self, text: &str) {
        if !self.shared.quiet {
            self.line(&self.activity(), Style::new(), "", text, "note");
        }
    }

    /// Prints a note that must not be lost, such as the ID of a task that is paid for, also with
    /// `quiet`.
    pub fn always(&self, text: &str) {
        self.line(&self.activity(), Style::new(), "", text, "note");
    }

    /// Prints a question, also with `quiet`. The answer follows on the same line.
    pub fn prompt(&self, question: &str) {
        let _activity = self.activity();
        let mut out = self
            .shared
            .out
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(question.as_bytes());
    }

    /// Prints a warning: something may be wrong, but the work goes on.
    pub fn warn(&self, text: &str) {
        if !self.shared.quiet {
            let yellow = AnsiColor::Yellow.on_default().bold();
            self.line(&self.activity(), yellow, "warning: ", text, "warning");
        }
    }

    /// Prints an error and its hint, also with `quiet`.
    pub fn error(&self, error: &Error) {
        let activity = self.activity();
        match self.shared.errors {
            ErrorFormat::Json => self.print(&activity, &error.to_json()),
            ErrorFormat::Human => {
                let red = AnsiColor::Red.on_default().bold();
                self.line(&activity, red, "mavi: ", &error.message, "error");
                if let Some(hint) = &error.hint {
                    let cyan = AnsiColor::Cyan.on_default().bold();
                    self.line(&activity, cyan, "hint: ", hint, "hint");
                }
            }
        }
    }

    fn draws(&self) -> bool {
        self.shared.stderr.is_drawable && self.shared.errors == ErrorFormat::Human
    }

    fn line(&self, activity: &Activity, style: Style, label: &str, text: &str, kind: &str) {
        if self.shared.errors == ErrorFormat::Json {
            self.print(activity, &json!({ kind: { "message": text } }).to_string());
            return;
        }
        let text = match self.shared.stderr.width {
            Some(width) => wrap(label, text, width),
            None => format!("{label}{text}"),
        };
        match text.strip_prefix(label) {
            Some(text) if self.shared.stderr.colour && !label.is_empty() => {
                self.print(activity, &format!("{style}{label}{style:#}{text}"));
            }
            _ => self.print(activity, &text),
        }
    }

    /// Prints a line above the spinner. Write errors on stderr are ignored.
    fn print(&self, activity: &Activity, line: &str) {
        let print = || {
            let mut out = self
                .shared
                .out
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let _ = out.write_all(format!("{line}\n").as_bytes());
        };
        match &activity.spinner {
            Some(spinner) => spinner.suspend(print),
            None => print(),
        }
    }

    /// Starts a thread that repeats the status until the sender is dropped.
    fn spawn_heartbeat(&self, every: Duration) -> Sender<()> {
        let (alive, ended) = mpsc::channel();
        let shared = Arc::downgrade(&self.shared);
        thread::spawn(move || {
            while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let Some(shared) = shared.upgrade() else {
                    return;
                };
                let reporter = Self { shared };
                reporter.print_heartbeat(&reporter.activity());
            }
        });
        alive
    }

    fn activity(&self) -> MutexGuard<'_, Activity> {
        self.shared
            .activity
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Receiver;

    use super::*;

    /// Sends on every line.
    struct Lines(Sender<String>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn plain(
        heartbeat: Duration,
        quiet: bool,
        errors: ErrorFormat,
    ) -> (Reporter, Receiver<String>) {
        let (sender, lines) = mpsc::channel();
        let out = Box::new(Lines(sender));
        (
            Reporter::to(out, heartbeat, Stream::default(), quiet, errors),
            lines,
        )
    }

    fn printed(lines: &Receiver<String>) -> String {
        lines.try_iter().collect()
    }

    const NEVER: Duration = Duration::MAX;

    #[test]
    fn log_has_each_status_once() {
        let (reporter, lines) = plain(NEVER, false, ErrorFormat::Human);
        for status in ["waiting", "waiting", "nearly"] {
            reporter.status(status);
        }
        reporter.status_quiet("too fine for a log");
        reporter.warn("odd");
        reporter.error(&Error::usage("bad").with_hint("good"));
        reporter.finish();
        assert_eq!(
            printed(&lines),
            "waiting\nnearly\nwarning: odd\nmavi: bad\nhint: good\n"
        );
    }

    #[test]
    fn heartbeat_repeats_status_until_finish() {
        let (reporter, lines) = plain(Duration::from_millis(1), false, ErrorFormat::Human);
        reporter.status("waiting");
        let printed: Vec<String> = lines
            .iter()
            .filter(|line| line.len() > 1)
            .take(3)
            .map(|line| line.trim().to_owned())
            .collect();
        assert!(
            printed
                .concat()
                .starts_with("waitingstill working: waiting"),
            "{printed:?}"
        );
        reporter.finish();
    }

    #[test]
    fn quiet_keeps_errors_and_always() {
        let (reporter, lines) = plain(NEVER, true, ErrorFormat::Human);
        reporter.status("waiting");
        reporter.info("by the way");
        reporter.warn("odd");
        reporter.always("task T1");
        reporter.error(&Error::usage("bad"));
        assert_eq!(printed(&lines), "task T1\nmavi: bad\n");
    }

    #[test]
    fn json_format_applies_to_every_line() {
        let (reporter, lines) = plain(NEVER, false, ErrorFormat::Json);
        reporter.status("waiting");
        reporter.warn("a \"b\"");
        reporter.error(&Error::usage("bad"));
        let kinds: Vec<String> = printed(&lines)
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|line| line.as_object().unwrap().keys().next().unwrap().clone())
            .collect();
        assert_eq!(kinds, ["note", "warning", "error"]);
    }
}
