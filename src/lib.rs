//! `mavi` transcribes videos with the MAVI API of Memories.ai from the command line.
//!
//! The library exists so that every part can be tested without a process; the `mavi` binary is a
//! thin shell around it. It makes no promise to other programs: only the command line is versioned.
//!
//! # The way of a run
//!
//! Data flows one way:
//!
//! ```text
//! argv → cli → commands → api → transcript → captions → render → output
//!                │  ↑      │
//!          config┘  └journal└ limits, retry        progress watches from the side
//! ```
//!
//! 1. [`cli`] turns arguments into types; [`config`] joins them with the environment and the
//!    configuration file into checked settings, each with where it came from.
//! 2. [`commands`] joins the rooms. A session of [`api`] sends the two calls of the service, within
//!    its rate limits ([`api::limiter`]), again only where that is safe ([`api::retry`]); the token is
//!    a [`secret::Secret`] from the edge to the header.
//! 3. Each submit is in the [`journal`] before it is sent, so that nothing paid for is ever lost.
//!    [`schedule`] decides which task to ask about next.
//! 4. A reply becomes a [`transcript::Transcript`] that borrows its text. [`captions`] makes cues of
//!    it, [`render`] writes them in one of the formats, and [`output`] sees to it that a file appears
//!    whole or not at all.
//! 5. [`progress`] is all of stderr. A failure is an [`error::Error`]: its kind decides the exit
//!    status, and it says what to do next.
//!
//! The `receiver` takes results that the service sends by itself; [`sandbox`] stands in for the
//! service. Both stand on the small server of `http_server`.
//!
//! ```
//! use mavi::transcript::{TimeUnit, Transcript};
//!
//! let reply = r#"{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"T1",
//!     "transcriptions":[{"id":1,"startTime":"0.5","endTime":2,"content":" Hello."}]}"#;
//! let transcript = Transcript::parse(reply, TimeUnit::Seconds)?;
//! assert_eq!(transcript.segments.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod api;
pub mod captions;
pub mod cli;
pub mod commands;
pub mod config;
pub mod duration;
pub mod engine;
pub mod envelope;
pub mod error;
pub mod files;
pub(crate) mod http_server;
pub mod ids;
pub mod journal;
pub mod names;
pub mod output;
pub mod permissions;
pub mod receiver;
pub mod render;
pub mod sandbox;
pub mod secret;
pub mod signals;
pub mod streams;
pub mod text;
pub mod transcript;
pub mod ui;
pub mod urls;
pub mod when;
