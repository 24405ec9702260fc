//! The real binary, run as people and scripts run it: real arguments, real sockets, an empty home.
//! One test binary, a module a theme; `support` holds what they share.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod generated;
mod output;
mod pty;
mod sandbox;
mod streams;
mod submit;
mod support;
