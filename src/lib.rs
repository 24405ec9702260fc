//! `mavi` transcribes videos with the MAVI API of Memories.ai from the command line.

pub mod config;
pub mod captions;
pub mod api;
pub mod duration;
pub mod error;
pub mod journal;
pub mod render;
pub mod sandbox;
pub mod schedule;
pub mod secret;
pub mod task;
pub mod text;
pub mod transcript;
