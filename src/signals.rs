//! SIGINT, SIGTERM and SIGHUP. The work runs on a thread of its own; the first of its end and a signal
//! decides how the program ends, at once, however deep in a request the work is. A second signal
//! kills. Only a file that is half-way between its temporary and its final name is waited for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::ErrorKind;

static WRITE_GUARD: Mutex<()> = Mutex::new(());

static IS_PENDING: AtomicBool = AtomicBool::new(false);

/// Records that the program has been asked to end. From now on no write waits for a slow reader.
pub fn set_pending() {
    IS_PENDING.store(true, Ordering::Relaxed);
}

/// Returns `true` once the program has been asked to end.
#[must_use]
pub fn is_pending() -> bool {
    IS_PENDING.load(Ordering::Relaxed)
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

/// Hands the first signal to `on_signal`, from a thread of its own; the second one kills. Where no
/// thread can be had, a signal kills at once.
#[cfg(unix)]
pub fn listen(on_signal: impl Fn(ErrorKind) + Send + 'static) {
    use std::sync::Arc;
    use std::thread;

    use signal_hook::consts::SIGINT;
    use signal_hook::flag;
    use signal_hook::iterator::Signals;

    let signals = ending_signals();
    let Ok(mut waiting) = Signals::new(&signals) else {
        return;
    };
    let handle = waiting.handle();
    let spawned = thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            if let Some(signal) = waiting.forever().next() {
                set_pending();
                on_signal(if signal == SIGINT {
                    ErrorKind::Interrupted
                } else {
                    ErrorKind::Terminated
                });
            }
        });
    let is_armed = spawned.is_ok();
    let seen = Arc::new(AtomicBool::new(!is_armed));
    for signal in signals {
        // In this order: the first signal only sets the flag, the second finds it set.
        let armed = flag::register_conditional_default(signal, Arc::clone(&seen))
            .and_then(|_| flag::register(signal, Arc::clone(&seen)));
        if armed.is_err() {
            handle.close();
        }
    }
}

/// On this platform an interrupt ends the program by itself.
#[cfg(not(unix))]
pub fn listen(_on_signal: impl Fn(ErrorKind) + Send + 'static) {}

/// Returns the signals that end the program: SIGINT, SIGTERM and SIGHUP, but for those that were ignored
/// at the start (by `nohup`, or in a shell's background). Call it before they are handled.
#[cfg(unix)]
pub(crate) fn ending_signals() -> Vec<i32> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let ignored = ignored_signals();
    let mut signals = vec![SIGINT, SIGTERM, SIGHUP];
    signals.retain(|signal| match ignored {
        Some(mask) => mask & (1 << (signal - 1)) == 0,
        // Not known here. Handling SIGHUP could undo a `nohup`.
        None => *signal != SIGHUP,
    });
    signals
}

/// Returns the signals that this process ignores, as a bit mask; `None` where the system does not tell.
#[cfg(unix)]
fn ignored_signals() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
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
#[cfg(unix)]
pub fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> RunOutcome<T> {
    use std::sync::{Arc, mpsc};
    use std::thread;

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
#[cfg(unix)]
struct OutcomeSender<T>(std::sync::mpsc::Sender<RunOutcome<T>>);

#[cfg(unix)]
impl<T> Drop for OutcomeSender<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.0.send(RunOutcome::Panicked);
        }
    }
}

/// Runs `work`; on this platform an interrupt ends the program by itself.
#[cfg(not(unix))]
pub fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> RunOutcome<T> {
    RunOutcome::Done(work())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_by_itself_or_by_a_panic() {
        assert_eq!(run(|| 5), RunOutcome::Done(5));
        assert_eq!(
            run::<()>(|| panic!("expected by the test")),
            RunOutcome::Panicked
        );
    }
}
