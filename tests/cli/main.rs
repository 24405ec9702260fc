//! The real binary, run as people and scripts run it: real arguments, real sockets, an empty home.
//! One test binary, a module a theme; `support` holds what they share, `service` a server that
//! follows a script.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is the report, in its helpers too"
)]

mod broken;
mod callbacks;
mod config;
mod convert;
mod doctor;
mod ends;
mod errors;
mod generated;
mod get;
mod items;
mod outcomes;
mod output;
mod pty;
mod replies;
mod sandbox;
mod security;
mod service;
mod special_files;
mod streams;
mod submit;
mod support;
mod tasks;
mod tls;
mod token;
mod wait;
mod wire;
