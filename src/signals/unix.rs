//! Signals that end a program on Unix.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io, thread};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;

use super::{HAS_LISTENER, PENDING, is_pending, pending};
use crate::error::ErrorKind;

/// Hands the first signal to `on_signal`, from a thread of its own, also one that came to an earlier
/// listener; the second one kills. Where no thread can be had, a signal kills at once.
pub fn listen(on_signal: impl Fn(ErrorKind) + Send + 'static) {
    let signals = ending_signals();
    let Ok(mut waiting) = Signals::new(&signals) else {
        return;
    };
    HAS_LISTENER.store(true, Ordering::Relaxed);
    let handle = waiting.handle();
    let spawned = thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let earlier = pending();
            let kind = earlier.or_else(|| waiting.forever().next().map(kind_of));
            if let Some(kind) = kind {
                on_signal(*PENDING.get_or_init(|| kind));
            }
        });
    if kill_on_second(&signals, spawned.is_err() || is_pending()).is_err() {
        handle.close();
    }
}

/// Makes the second signal kill, or already the first one if `is_armed`.
fn kill_on_second(signals: &[i32], is_armed: bool) -> io::Result<()> {
    let seen = Arc::new(AtomicBool::new(is_armed));
    for &signal in signals {
        // In this order: the first signal only sets the flag, the second finds it set.
        flag::register_conditional_default(signal, Arc::clone(&seen))?;
        flag::register(signal, Arc::clone(&seen))?;
    }
    Ok(())
}

/// Returns the kind of error that a signal ends the program with.
fn kind_of(signal: i32) -> ErrorKind {
    match signal {
        SIGINT => ErrorKind::Interrupted,
        _ => ErrorKind::Terminated,
    }
}

/// Returns the signals that end a program: SIGINT, SIGTERM and SIGHUP, but for those that were ignored
/// when it was started, as `nohup` does, and a shell for SIGINT of what runs in the background.
#[must_use]
pub fn ending_signals() -> Vec<i32> {
    unignored([SIGINT, SIGTERM, SIGHUP])
}

/// Returns those of the signals that were not ignored when the program was started.
#[must_use]
pub fn unignored(signals: impl IntoIterator<Item = i32>) -> Vec<i32> {
    let ignored = ignored_signals();
    let is_handled = |signal: &i32| match ignored {
        Some(mask) => mask & (1 << (signal - 1)) == 0,
        // Not known here. Handling SIGHUP could undo a `nohup`.
        None => *signal != SIGHUP,
    };
    signals.into_iter().filter(is_handled).collect()
}

/// Returns the signals that this process ignores, as a bit mask; `None` where the system does not tell.
fn ignored_signals() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// Turns the end of the program by SIGXFSZ into an error of the write that would exceed the limit on the
/// size of files (`ulimit -f`): what is in memory only, such as the ID of a task, is not lost.
pub fn survive_file_size_limit() {
    // A handler, unlike an ignored signal, is not inherited by the commands that are run.
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}
