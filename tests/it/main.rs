//! The real binary, run as people and scripts run it: real arguments, real sockets, an empty home.
//! `support` holds what the tests share.

#![cfg(unix)]
#![cfg_attr(
    not(target_os = "linux"),
    expect(unused_imports, reason = "tests of what Linux alone has need them")
)]
#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is the report, in its helpers too"
)]
#![expect(
    clippy::needless_raw_string_hashes,
    clippy::too_many_lines,
    reason = "`SNAPSHOTS=overwrite` writes them, and what is printed are no lines of code"
)]

mod callbacks;
mod commands {
    mod auth;
    mod auth_listen;
    mod auth_status;
    mod auth_terminal;
    mod completions;
    mod config;
    mod convert;
    mod delete;
    mod doctor;
    mod dry_run;
    mod get;
    mod sandbox;
    mod submit;
    mod tasks;
    mod transcribe;
    mod transcribe_inputs;
    mod upload;
    mod videos;
    mod wait;
}
mod conformance;
mod docs;
mod ends;
mod errors;
mod generated;
mod hints;
mod input_list;
mod malformed_replies;
mod output;
mod proxy;
mod recipes;
mod reliability;
mod replies;
mod requests;
mod resolver;
mod security;
mod signals;
mod special_files;
mod streams;
mod submit_outcomes;
mod support;
mod terminal;
mod tls;
mod token;
mod token_renewal;
mod uploads;
mod wire;
