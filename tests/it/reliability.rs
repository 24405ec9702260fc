//! "Nothing lost, nothing paid for twice, never over the limit": the real binary against the real
//! sandbox, on bad days. Processes are killed, disks are full, connections break; what `mavi` says
//! and records is then compared with what the sandbox knows.
//!
//! The suite runs a short version. With `MAVI_LONG_TESTS=1` in the environment there are 200 kills
//! in place of 20 and a soak of 500 tasks in place of 100, and the figures are printed.

mod concurrency;
mod crash;
mod disk;
mod limits;
mod signals;
mod soak;
mod token;
mod token_leaks;
