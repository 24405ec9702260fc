//! The origin of a value.

use std::fmt;
use std::ops::Deref;

use crate::error::Error;

/// The source of a value, most specific first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag of this run.
    Flag,
    /// An environment variable, by name.
    Environment(&'static str),
    /// A profile of the configuration file, by name.
    Profile(String),
    /// The top of the configuration file.
    File,
    /// The built-in default.
    Default,
}

impl Origin {
    /// Names the setting the way the user set it: flag, variable, or file key.
    #[must_use]
    pub(crate) fn describe(&self, key: &str) -> String {
        match self {
            Self::Flag => format!("--{}", flag_name(key)),
            Self::Environment(name) => (*name).to_owned(),
            Self::Profile(name) => format!("{key} in profile {name}"),
            Self::File => format!("{key} in the configuration file"),
            Self::Default => format!("the default {key}"),
        }
    }

    /// Returns the error for a value from this source: kind `usage` for a flag, `config` for all
    /// others.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        match self {
            Self::Flag => Error::usage(message),
            _ => Error::config(message),
        }
    }
}

/// Returns the name of the flag that sets a key, without the dashes: the last part of the key.
pub(super) fn flag_name(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).replace('_', "-")
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

/// A value and its source. Dereferences to the value: `*settings.retries`,
/// `settings.base_url.as_str()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Its source.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// Creates a setting.
    #[must_use]
    pub(crate) const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

impl<T> Deref for Setting<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
