//! Drives the real job, with the real rate limiter, in virtual time, against a service that counts as
//! the API documents. Prints what it finds (`cargo test --test simulation -- --nocapture`) and holds it to the
//! promised figures.

mod batch;
mod callbacks;
mod days;
mod faults;
mod files;
mod outcome;
mod processes;
mod referee;
mod round_robin;
mod service;
mod waits;
mod world;
