//! The long-running part: what submits, polls, receives and delivers.

pub mod rate_limit;
