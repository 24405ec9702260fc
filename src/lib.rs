//! `mavi` transcribes videos with the MAVI API of Memories.ai from the command line.
//!
//! The library exists so that every part can be tested without a process; the `mavi` binary is a
//! thin shell around it. Data flows one way:
//!
//! ```text
//! argv → cli → commands → api → transcript → captions → render → output
//!                │  ↑      │
//!          config┘  └journal└ limits, retry        progress watches from the side
//! ```

pub mod api;
pub mod captions;
pub mod cli;
pub mod commands;
pub mod config;
pub mod duration;
pub mod error;
pub mod interrupt;
pub mod journal;
pub mod listen;
pub mod output;
pub mod progress;
pub mod render;
pub mod sandbox;
pub mod schedule;
pub mod secret;
pub mod task;
pub mod terminal;
pub mod text;
pub mod transcript;
