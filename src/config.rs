//! The settings of a run: what the flags, the environment and the configuration file say, joined by
//! one rule of precedence, each value with the place that it came from. Nothing here knows clap or
//! HTTP: flags arrive as plain [`Overrides`], and what leaves is plain [`Settings`], already checked.

pub mod env;
pub mod init;
pub mod paths;
pub mod token;

mod check;
mod file;
mod keys;
mod layers;
mod load;
mod settings;
mod show;
mod value;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

pub use env::Env;
pub use load::Loaded;
pub use settings::{
    AuthScheme, Captions, Limits, Origin, Setting, Settings, SubmitSettings, WaitSettings,
};
pub use show::show;
pub use token::TokenSource;

use crate::ids::TranscriptionType;
use crate::transcript::TimeUnit;

/// What the flags of this run say; `None` and the empty list are flags that were not given.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--config`: the configuration file, which must then exist.
    pub config: Option<PathBuf>,
    /// `--profile`: the profile, which must then exist.
    pub profile: Option<String>,
    /// `--base-url`.
    pub base_url: Option<String>,
    /// `--request-timeout`: for one HTTP call in all.
    pub request_timeout: Option<Duration>,
    /// `--retries`: further tries of one call.
    pub retries: Option<u32>,
    /// `--jobs`: calls at the same time.
    pub jobs: Option<usize>,
    /// `--time-unit`: of the service's times.
    pub time_unit: Option<TimeUnit>,
    /// `--timeout` of a wait; zero is none.
    pub timeout: Option<Duration>,
    /// `--interval` between two questions about one task.
    pub interval: Option<Duration>,
    /// `--type`, as often as it was given.
    pub types: Vec<TranscriptionType>,
    /// `--callback`.
    pub callback: Option<String>,
    /// `--max-line-width`, in columns.
    pub max_line_width: Option<usize>,
    /// `--max-lines` of a cue.
    pub max_lines: Option<usize>,
    /// `--max-cps`: characters a second.
    pub max_cps: Option<u32>,
    /// `--min-duration` of a cue.
    pub min_duration: Option<Duration>,
    /// `--max-duration` of a cue.
    pub max_duration: Option<Duration>,
    /// `--min-gap` between two cues.
    pub min_gap: Option<Duration>,
}
