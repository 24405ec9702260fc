//! Tests of the job: each state and each event, in virtual time, with a rate limiter that is told the
//! time too.

mod callbacks;
mod endings;
mod interleavings;
mod listings;
mod messages;
mod polls;
mod submits;
mod support;
mod uploads;
