//! "Nothing lost, nothing paid for twice, never over the limit": the real binary against the real
//! sandbox, on bad days. Processes are killed, disks are full, connections break; what `mavi` says
//! and records is then compared with what the sandbox knows.
//!
//! The suite runs a short version. With `MAVI_LONG_TESTS=1` in the environment there are 200 kills
//! in place of 20 and a soak of 500 tasks in place of 100, and the figures are printed.

mod concurrency;
mod crash;
mod disk;
mod journal_lock;
mod limits;
mod signals;
mod soak;
mod token;
mod token_interrupted;
mod token_leaks;

use std::io::Write as _;

/// Returns `long` where long tests are asked for, else `short`.
pub(crate) fn length(short: usize, long: usize) -> usize {
    if std::env::var_os("MAVI_LONG_TESTS").is_some() {
        long
    } else {
        short
    }
}

/// Prints a figure of a long test.
pub(crate) fn figure(text: &str) {
    if std::env::var_os("MAVI_LONG_TESTS").is_some() {
        let line = format!("{text}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
