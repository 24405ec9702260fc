//! Speaking to the service: how fast, and what to do when a call fails.

pub mod limiter;
pub mod retry;
