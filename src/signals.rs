//! SIGINT, SIGTERM and SIGHUP, and the events of a Windows console. The work runs on a thread of its own; the
//! first of its end and a signal decides how the program ends, at once, however deep in a request the work is.
//! A second signal kills. Only a file that is half-way between its temporary and its final name is waited for,
//! and, for seconds, a call whose answer exists only once.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::ErrorKind;

#[cfg(unix)]
pub use unix::{ending_signals, listen, survive_file_size_limit, unignored};
#[cfg(windows)]
pub use windows::{ConsoleEvents, listen, survive_file_size_limit};

static WRITE_GUARD: Mutex<()> = Mutex::new(());

static PENDING: OnceLock<ErrorKind> = OnceLock::new();

static HAS_LISTENER: AtomicBool = AtomicBool::new(false);

/// Returns `true` if a signal has a listener, so that it does not kill.
#[must_use]
pub fn has_listener() -> bool {
    HAS_LISTENER.load(Ordering::Relaxed)
}

/// Returns the kind of error that the program ends with, once a signal has asked it to end. From then
/// on no write waits for a slow reader.
#[must_use]
pub fn pending() -> Option<ErrorKind> {
    PENDING.get().copied()
}

/// Returns `true` once the program has been asked to end.
#[must_use]
pub fn is_pending() -> bool {
    pending().is_some()
}

/// Maximum time that the end of the program waits for calls that must not be cut off: without a signal,
/// and once one has come.
const MAX_EXIT_DELAY: Duration = Duration::from_secs(10);
const MAX_EXIT_DELAY_AFTER_SIGNAL: Duration = Duration::from_secs(5);

static EXIT_HOLDS: ExitHolds = ExitHolds::new();

/// Delays the end of the program while it lives, within a bound of seconds; see [`wait_for_holds`].
#[derive(Debug)]
pub struct ExitHold {
    holds: &'static ExitHolds,
}

/// Holds the end of the program back, for a call whose answer exists only once. Returns `None` if the
/// program is about to end, so that the call must not begin.
#[must_use]
pub fn hold_exit() -> Option<ExitHold> {
    (!is_pending()).then(|| EXIT_HOLDS.add()).flatten()
}

/// Returns `true` once the program is about to end, so that no call must begin.
#[must_use]
pub fn is_ending() -> bool {
    let state = EXIT_HOLDS.state.lock();
    is_pending() || state.unwrap_or_else(PoisonError::into_inner).is_closed
}

/// Waits until nothing holds the end of the program back, at most ten seconds, and five once a signal has
/// come. From then on there are no new holds. `on_delay` is called if that takes a while.
pub fn wait_for_holds(on_delay: impl FnOnce()) {
    EXIT_HOLDS.wait(MAX_EXIT_DELAY, on_delay);
}

#[derive(Debug)]
struct ExitHolds {
    state: Mutex<HoldState>,
    changed: Condvar,
}

#[derive(Debug)]
struct HoldState {
    count: usize,
    is_closed: bool,
}

impl ExitHolds {
    /// Time after which the user is told that the end is delayed.
    const NOTICE_DELAY: Duration = Duration::from_millis(500);

    const fn new() -> Self {
        Self {
            state: Mutex::new(HoldState {
                count: 0,
                is_closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    fn add(&'static self) -> Option<ExitHold> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_closed {
            return None;
        }
        state.count += 1;
        Some(ExitHold { holds: self })
    }

    fn wait(&self, max: Duration, on_delay: impl FnOnce()) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_closed = true;
        let started = Instant::now();
        let mut on_delay = Some(on_delay);
        while state.count > 0 {
            let max = match pending() {
                Some(_) => max.min(MAX_EXIT_DELAY_AFTER_SIGNAL),
                None => max,
            };
            let waited = started.elapsed();
            if waited >= max {
                return;
            }
            if waited >= Self::NOTICE_DELAY
                && let Some(on_delay) = on_delay.take()
            {
                on_delay();
            }
            // A signal that comes meanwhile shortens the wait.
            let step = max.saturating_sub(waited).min(Duration::from_millis(100));
            let woken = self.changed.wait_timeout(state, step);
            (state, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for ExitHold {
    fn drop(&mut self) {
        let state = self.holds.state.lock();
        state.unwrap_or_else(PoisonError::into_inner).count -= 1;
        self.holds.changed.notify_all();
    }
}

/// Keeps a signal from ending the program while the guard lives. For the short span in which a
/// temporary file exists, so that none is ever left behind.
pub fn write_guard() -> MutexGuard<'static, ()> {
    WRITE_GUARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the write guard and keeps it: no file is begun any more. For the caller that ends the
/// program.
pub fn block_writes() {
    std::mem::forget(write_guard());
}

/// The outcome of [`run`].
#[derive(Debug, PartialEq, Eq)]
pub enum RunOutcome<T> {
    /// The work came to its end.
    Done(T),
    /// A signal came first: [`ErrorKind::Interrupted`] for SIGINT, else [`ErrorKind::Terminated`].
    Signal(ErrorKind),
    /// The work panicked; the panic has been reported.
    Panicked,
}

/// Runs `work` until it ends or a signal comes. After a signal the work still runs: the caller
/// finishes what it must, [blocks writes](block_writes) and ends the program.
pub fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> RunOutcome<T> {
    let (report, outcome) = mpsc::channel();
    let signals = report.clone();
    listen(move |kind| drop(signals.send(RunOutcome::Signal(kind))));
    let work = Arc::new(Mutex::new(Some(work)));
    let take = |work: &Mutex<Option<_>>| work.lock().unwrap_or_else(PoisonError::into_inner).take();
    let theirs = Arc::clone(&work);
    let spawned = thread::Builder::new().spawn(move || {
        let guard = OutcomeSender(report);
        if let Some(work) = take(&theirs) {
            let _ = guard.0.send(RunOutcome::Done(work()));
        }
    });
    if spawned.is_err()
        && let Some(work) = take(&work)
    {
        // There is no thread to be had.
        return RunOutcome::Done(work());
    }
    outcome.recv().unwrap_or(RunOutcome::Panicked)
}

/// Tells the receiver, by sending or by being dropped in a panic, that the work is over.
struct OutcomeSender<T>(mpsc::Sender<RunOutcome<T>>);

impl<T> Drop for OutcomeSender<T> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(RunOutcome::Panicked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_waits_for_holds_within_its_bound() {
        static HOLDS: ExitHolds = ExitHolds::new();
        let hold = HOLDS.add().unwrap();
        let mut is_told = false;
        HOLDS.wait(Duration::from_millis(2), || is_told = true);
        assert!(!is_told, "it was too short");
        assert!(HOLDS.add().is_none(), "the program is about to end");
        let ends = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(5));
            drop(hold);
        });
        HOLDS.wait(Duration::from_hours(1), || ());
        assert_eq!(HOLDS.state.lock().unwrap().count, 0);
        ends.join().unwrap();
    }

    #[test]
    fn work_ends_by_itself_or_by_a_panic() {
        assert_eq!(run(|| 5), RunOutcome::Done(5));
        assert_eq!(
            run::<()>(|| panic!("expected by the test")),
            RunOutcome::Panicked
        );
    }
}
