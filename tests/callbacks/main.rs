//! `mavi listen` as the world meets it: the real binary on a real socket, with senders that are
//! honest, forgetful or hostile. `receiver` starts one and speaks HTTP to it by hand.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is the report, in its helpers too"
)]

mod address;
mod again;
mod crash;
mod hostile;
mod life;
mod receiver;
mod restart;
#[expect(dead_code, reason = "shared in the same way")]
#[path = "../cli/service.rs"]
mod service;
#[expect(
    dead_code,
    reason = "shared with the tests of the command line, which use more of it"
)]
#[path = "../cli/support.rs"]
mod support;
mod trust;
mod verify;
mod waiting;
