//! SIGINT and SIGTERM. The work runs on a thread of its own; the first of its end and a signal
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

    use signal_hook::consts::SIGTERM;
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
                on_signal(if signal == SIGTERM {
                    ErrorKind::Terminated
                } else {
                    ErrorKind::Interrupted
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

/// Returns the signals that end a run.
#[cfg(unix)]
fn ending_signals() -> Vec<i32> {
    use signal_hook::consts::{SIGINT, SIGTERM};

    vec![SIGINT, SIGTERM]
}

/// The outcome of [`run`].
#[derive(Debug, PartialEq, Eq)]
pub enum RunOutcome<T> {
    /// The work came to its end.
    Done(T),
    /// A signal came first: [`ErrorKind::Interrupted`] or [`ErrorKind::Terminated`].
    Signal(ErrorKind),
    /// The work panicked; the panic has been reported.
    Panicked,
}

/// Runs `work` until it ends or a signal comes. After a signal the work still runs: the caller
/// finishes what it must, [blocks writes](block_writes) and ends the program.
#[cfg(unix)]
pub fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> RunOutcome<T> {
    use std::sync::Arc;
    use std::sync::mpsc;
    use std::thread;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::iterator::Signals;

    let (report, outcome) = mpsc::channel();
    let seen = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal only sets the flag, the second finds it set.
        let armed = flag::register_conditional_default(signal, Arc::clone(&seen))
            .and_then(|_| flag::register(signal, Arc::clone(&seen)));
        if armed.is_err() {
            return RunOutcome::Done(work());
        }
    }
    if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) {
        let report = report.clone();
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                set_pending();
                let kind = if signal == SIGTERM {
                    ErrorKind::Terminated
                } else {
                    ErrorKind::Interrupted
                };
                let _ = report.send(RunOutcome::Signal(kind));
            }
        });
    }
    thread::spawn(move || {
        let guard = OutcomeSender(report);
        let done = RunOutcome::Done(work());
        let _ = guard.0.send(done);
    });
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
