//! `mavi` transcribes videos with the MAVI API of Memories.ai from the command line.
//!
//! The library exists so that every part can be tested without a process; the `mavi` binary is a
//! thin shell around it. It makes no promise to other programs: only the command line is versioned.
//!
//! # Data flow
//!
//! ```text
//! argv → cli → commands → engine → api, receiver, journal, output → render → captions → transcript
//!                 │                                                                         │
//!                 └→ config, sandbox                                 leaves: text, ids, error, …
//! ```
//!
//! An arrow means "may import"; nothing points back up.
//!
//! 1. [`cli`] parses the arguments; [`config`] merges them with the environment and the configuration
//!    file into checked settings, each with its origin.
//! 2. [`commands`] turns arguments and settings into plain options and starts a run of the [`engine`].
//! 3. In the engine, [`engine::job`] decides: it is told the time and what happened, and returns the
//!    actions to take. One loop takes them, with worker threads for the calls of [`api`], within rate
//!    limits shared by all processes ([`engine::rate_limit`]); [`engine::retry`] repeats a call only
//!    where that cannot cost money twice. The token is a [`secret::Secret`] up to the request header.
//! 4. Each submit is in the [`journal`] before it is sent, so that nothing paid for is ever lost.
//! 5. A reply is parsed into a [`transcript::Transcript`], which borrows its text. [`captions`] makes
//!    cues of it, [`render`] writes them in one of the formats, and [`output`] makes a file appear
//!    whole or not at all.
//! 6. [`ui`] writes everything to stderr. A failure is an [`error::Error`]: its kind decides the exit
//!    status, and its hint says what to do next.
//!
//! [`login`] keeps the tokens of `mavi auth login` and renews them.
//!
//! [`receiver`] receives results that the service sends by itself; [`sandbox`] is a local stand-in for
//! the service. Both use the HTTP server in `http_server`.
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
pub mod json;
pub mod login;
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
pub mod video_file;
pub mod when;
