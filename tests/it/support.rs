//! Shared by all tests: an environment for one test, the program in it as a run or as a process, a
//! server that follows a script, and a receiver of callbacks.

pub(crate) mod env;
pub(crate) mod fake_server;
pub(crate) mod journal;
pub(crate) mod login;
pub(crate) mod pages;
pub(crate) mod process;
pub(crate) mod receiver;
pub(crate) mod run;

use std::thread;

/// Checks all cases at the same time: for those that spend their time waiting.
pub(crate) fn all_at_once<T: Send>(cases: impl IntoIterator<Item = T>, check: impl Fn(T) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            let check = &check;
            scope.spawn(move || check(case));
        }
    });
}
