//! Tests of the job: each state and each event, in virtual time, with a rate limiter that is told the
//! time too.

mod callbacks;
mod endings;
mod file_support;
mod interleavings;
mod listings;
mod messages;
mod parses;
mod permits;
mod polls;
mod progress;
mod submits;
mod support;
mod upload_outcomes;
mod uploads;
mod verification;
