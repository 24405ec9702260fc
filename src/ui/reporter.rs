//! Writes status, notes, warnings and errors to stderr: above a spinner on a terminal, as plain lines
//! elsewhere, with a heartbeat so that a CI log does not look dead. Nothing here writes to stdout.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use serde_json::json;

use super::progress::ProgressBars;
use super::spinner_terminal::{MARGIN, SpinnerTerminal};
use super::wrap::wrap;
use super::{Progress, Stream};
use crate::error::{Error, ErrorFormat};
use crate::text::clean;

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
    /// The terminal of the bars.
    terminal: Box<dyn TermLike>,
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
    bars: Option<ProgressBars>,
    heartbeat: Option<Sender<()>>,
    /// The run calls [`Reporter::tick`], so that no thread is needed.
    is_driven: bool,
    next_tick: Option<Instant>,
    /// A question stands on the line, without an answer.
    is_asking: bool,
}

impl Reporter {
    /// Creates a reporter for a stderr of this kind. `quiet` silences all but errors and
    /// [`always`](Self::always).
    #[must_use]
    pub fn new(stderr: Stream, quiet: bool, errors: ErrorFormat) -> Self {
        let terminal = Box::new(Term::buffered_stderr());
        let out = Box::new(io::stderr());
        Self::to(out, terminal, HEARTBEAT, stderr, quiet, errors)
    }

    fn to(
        out: Box<dyn io::Write + Send>,
        terminal: Box<dyn TermLike>,
        heartbeat: Duration,
        stderr: Stream,
        quiet: bool,
        errors: ErrorFormat,
    ) -> Self {
        let (out, activity) = (Mutex::new(out), Mutex::default());
        Self {
            shared: Arc::new(Shared {
                out,
                terminal,
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
            self.line(&mut activity, Style::new(), "", status, "note");
            activity.next_tick = None;
            self.start_heartbeat(&mut activity);
            return;
        }
        if activity.bars.is_some() {
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

    /// Shows the progress of a run, which passes it anew as often as it likes: a line for each item in
    /// work and one for the run, below all that is printed. In a log, the total is the text of the
    /// heartbeat.
    pub fn progress(&self, progress: &Progress) {
        if self.shared.quiet {
            return;
        }
        let mut activity = self.activity();
        if !self.draws() {
            activity.status.clone_from(&progress.total);
            self.start_heartbeat(&mut activity);
            return;
        }
        if let Some(spinner) = activity.spinner.take() {
            spinner.finish_and_clear();
        }
        let now = Instant::now();
        activity.next_tick.get_or_insert(now + TICK);
        let bars = activity
            .bars
            .get_or_insert_with(|| ProgressBars::new(self.shared.stderr.colour, MARGIN, now));
        bars.update(&*self.shared.terminal, progress, now);
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
        let gap = if let Some(bars) = &mut activity.bars {
            bars.tick(&*self.shared.terminal, now)
        } else if let Some(spinner) = &activity.spinner {
            spinner.tick();
            TICK
        } else {
            self.print_heartbeat(&mut activity);
            self.shared.heartbeat
        };
        activity.next_tick = Some(now + gap);
        Some(gap)
    }

    fn print_heartbeat(&self, activity: &mut Activity) {
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
        if let Some(mut bars) = activity.bars.take() {
            bars.clear(&*self.shared.terminal);
        }
        *activity = Activity {
            is_driven: activity.is_driven,
            is_asking: activity.is_asking,
            ..Activity::default()
        };
    }

    /// Runs `print`, which writes to stdout, while spinner and bars are hidden.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        let mut activity = self.activity();
        if let Some(bars) = &mut activity.bars {
            bars.suspend(&*self.shared.terminal);
        }
        let spinner = activity.spinner.clone();
        drop(activity);
        let printed = match spinner {
            Some(spinner) => spinner.suspend(print),
            None => print(),
        };
        if let Some(bars) = &mut self.activity().bars {
            bars.resume(&*self.shared.terminal, Instant::now());
        }
        printed
    }

    /// Prints a note.
    pub fn info(&self, text: &str) {
        if !self.shared.quiet {
            self.line(&mut self.activity(), Style::new(), "", text, "note");
        }
    }

    /// Prints a note that must not be lost, such as the ID of a task that is paid for, also with
    /// `quiet`.
    pub fn always(&self, text: &str) {
        self.line(&mut self.activity(), Style::new(), "", text, "note");
    }

    /// Prints a question, also with `quiet`. The answer follows on the same line; what is printed before
    /// it came to an end, as [`answered`](Self::answered) tells, begins on a new one.
    pub fn prompt(&self, question: &str) {
        self.activity().is_asking = !question.ends_with('\n');
        let mut out = self
            .shared
            .out
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(question.as_bytes());
    }

    /// The user has ended the answer by Enter.
    pub fn answered(&self) {
        self.activity().is_asking = false;
    }

    /// Prints a warning: something may be wrong, but the work goes on.
    pub fn warn(&self, text: &str) {
        if !self.shared.quiet {
            let yellow = AnsiColor::Yellow.on_default().bold();
            self.line(&mut self.activity(), yellow, "warning: ", text, "warning");
        }
    }

    /// Prints an error and its hint, also with `quiet`.
    pub fn error(&self, error: &Error) {
        let mut activity = self.activity();
        match self.shared.errors {
            ErrorFormat::Json => self.print(&mut activity, &error.to_json()),
            ErrorFormat::Human => {
                let red = AnsiColor::Red.on_default().bold();
                self.line(&mut activity, red, "mavi: ", &error.message, "error");
                for hint in error.hints() {
                    let cyan = AnsiColor::Cyan.on_default().bold();
                    self.line(&mut activity, cyan, "hint: ", hint, "hint");
                }
            }
        }
    }

    fn draws(&self) -> bool {
        self.shared.stderr.is_drawable && self.shared.errors == ErrorFormat::Human
    }

    fn line(&self, activity: &mut Activity, style: Style, label: &str, text: &str, kind: &str) {
        if self.shared.errors == ErrorFormat::Json {
            self.print(activity, &json!({ kind: { "message": text } }).to_string());
            return;
        }
        // A message may quote anything: names of files, settings, replies.
        let text = &*clean(text);
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

    /// Prints a line above spinner and bars. Write errors on stderr are ignored.
    fn print(&self, activity: &mut Activity, line: &str) {
        let start = if std::mem::take(&mut activity.is_asking) {
            "\n"
        } else {
            ""
        };
        let print = || {
            let mut out = self
                .shared
                .out
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let _ = out.write_all(format!("{start}{line}\n").as_bytes());
        };
        if let Some(bars) = &mut activity.bars {
            bars.suspend(&*self.shared.terminal);
            print();
            bars.resume(&*self.shared.terminal, Instant::now());
            return;
        }
        match &activity.spinner {
            Some(spinner) => spinner.suspend(print),
            None => print(),
        }
    }

    /// Starts the heartbeat if it does not run yet.
    fn start_heartbeat(&self, activity: &mut Activity) {
        let heartbeat = self.shared.heartbeat;
        if !activity.is_driven {
            activity
                .heartbeat
                .get_or_insert_with(|| self.spawn_heartbeat(heartbeat));
        } else if activity.next_tick.is_none() {
            activity.next_tick = Some(Instant::now() + heartbeat);
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
                reporter.print_heartbeat(&mut reporter.activity());
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
mod tests;
