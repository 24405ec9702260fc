//! The settled values and their origins: what the rest of the program reads. Every value here has
//! been checked, so that no caller has to ask again whether it makes sense.

use std::fmt;
use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::paths::Location;
use super::token::TokenSource;
use crate::error::{Error, Kind};
use crate::ids::TranscriptionType;
use crate::names::named;
use crate::render::Format;
use crate::transcript::TimeUnit;

/// Where a value came from, most specific first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of this run.
    Flag,
    /// This environment variable.
    Environment(&'static str),
    /// The profile with this name.
    Profile(String),
    /// The top of the configuration file.
    File,
    /// Built in.
    Default,
}

impl Origin {
    /// How a person knows the setting with this key: by its flag, its variable, or its key and the
    /// place where that stands.
    #[must_use]
    pub fn describe(&self, key: &str) -> String {
        match self {
            Self::Flag => {
                let name = key.rsplit('.').next().unwrap_or(key);
                format!("--{}", name.replace('_', "-"))
            }
            Self::Environment(name) => (*name).to_owned(),
            Self::Profile(name) => format!("{key} in profile {name}"),
            Self::File => format!("{key} in the configuration file"),
            Self::Default => format!("the default {key}"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(name) => f.write_str(name),
            Self::Profile(name) => write!(f, "profile {name}"),
            Self::File => f.write_str("file"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and where it came from. It dereferences to the value: `*settings.retries`,
/// `settings.base_url.as_str()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// A value from this place.
    #[must_use]
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// The same place with what `change` makes of the value.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting::new(change(self.value), self.origin)
    }
}

impl<T> Deref for Setting<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// How the token stands in the `Authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthScheme {
    /// `Bearer <token>` (RFC 6750 §2.1).
    #[default]
    Bearer,
    /// The token alone, for hosts that want the bare key.
    Raw,
}

named!(AuthScheme {
    Bearer => "bearer",
    Raw => "raw",
});

/// Everything that configuration decides about a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file; `None` where none is named and there is no home folder.
    pub file: Option<Location>,
    /// Whether that file exists.
    pub file_exists: bool,
    /// The profile in force.
    pub profile: Option<Setting<String>>,
    /// Where the token is to be had; see [`Settings::token`].
    pub token_source: Option<TokenSource>,
    /// Where the API is: an http(s) URL without user, query and fragment. A path prefix is kept,
    /// without a slash at its end; with no prefix the path is `/`.
    pub base_url: Setting<Url>,
    /// How the token is sent.
    pub auth_scheme: Setting<AuthScheme>,
    /// Certificates to trust besides the system's, in PEM.
    pub ca_file: Setting<Option<PathBuf>>,
    /// Whether plain http may leave this machine.
    pub allow_http: Setting<bool>,
    /// For one HTTP call in all; never zero.
    pub request_timeout: Setting<Duration>,
    /// Further tries of one call.
    pub retries: Setting<u32>,
    /// Calls at the same time, 1 to 1024.
    pub jobs: Setting<usize>,
    /// The largest reply that is read, in bytes after decompression.
    pub max_reply_size: Setting<u64>,
    /// The unit of the service's times.
    pub time_unit: Setting<TimeUnit>,
    /// What `submit` asks for.
    pub submit: SubmitSettings,
    /// How `wait` waits.
    pub wait: WaitSettings,
    /// The output format where neither `-f` nor the extension of `-o` says one.
    pub format: Setting<Format>,
    /// What the service allows a minute.
    pub limits: Limits,
    /// What `--reflow` keeps to.
    pub captions: Captions,
}

impl Settings {
    /// Where to fetch the token, or the error that says how to set one.
    pub fn token(&self) -> Result<&TokenSource, Error> {
        self.token_source.as_ref().ok_or_else(|| {
            let file = self.file.as_ref().map_or_else(
                || "a configuration file (--config FILE)".to_owned(),
                |file| file.path.display().to_string(),
            );
            Error::new(Kind::Auth, "no token is set").with_hint(format!(
                "set MAVI_TOKEN, or put the token into {file}, which `mavi config init` \
                 writes; with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`"
            ))
        })
    }
}

/// `[submit]`.
#[derive(Clone, Debug)]
pub struct SubmitSettings {
    /// The types of transcription, each once, at least one.
    pub types: Setting<Vec<TranscriptionType>>,
    /// Where the service is to send results: an absolute http(s) URL, as it was written.
    pub callback: Setting<Option<String>>,
}

/// `[wait]`.
#[derive(Clone, Debug)]
pub struct WaitSettings {
    /// When to give up; `None` is never.
    pub timeout: Setting<Option<Duration>>,
    /// The gap between two questions about one task; `None` lets the schedule adapt.
    pub interval: Setting<Option<Duration>>,
}

/// `[limits]`: calls in any minute, each at least 1.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Submits of type audio.
    pub submit_audio_per_minute: Setting<u32>,
    /// Submits of type video.
    pub submit_video_per_minute: Setting<u32>,
    /// Questions about tasks.
    pub get_per_minute: Setting<u32>,
}

/// `[captions]`: the limits of `--reflow`; none of the counts is zero, and no cue's longest time is
/// below its shortest.
#[derive(Clone, Debug)]
pub struct Captions {
    /// Columns of a line.
    pub max_line_width: Setting<usize>,
    /// Lines of a cue.
    pub max_lines: Setting<usize>,
    /// Characters a second.
    pub max_cps: Setting<u32>,
    /// The shortest time of a cue.
    pub min_duration: Setting<Duration>,
    /// The longest time of a cue.
    pub max_duration: Setting<Duration>,
    /// The least time between two cues.
    pub min_gap: Setting<Duration>,
}
