//! The one seam for facts about the terminal: whether a stream is one, how wide it is, whether
//! colour is wanted. Everything else in the crate is told, so that tests can tell it anything.

use std::env;
use std::io::{self, IsTerminal as _};
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

use terminal_size::{Width, terminal_size_of};

use crate::names::named;

/// What the user said about colour (`--color`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// As the stream and the environment suggest.
    #[default]
    Auto,
    /// Colour always.
    Always,
    /// Colour never.
    Never,
}

named!(ColorChoice {
    Auto => "auto",
    Always => "always",
    Never => "never",
});

impl ColorChoice {
    /// Whether a stream gets colour, given whether it is a terminal and the environment's
    /// `NO_COLOR` (<https://no-color.org>), `CLICOLOR_FORCE` and `TERM`.
    fn resolve(self, is_terminal: bool, env: impl Fn(&str) -> Option<String>) -> bool {
        let set = |name| env(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR") => false,
            Self::Auto
                if set("CLICOLOR_FORCE") && env("CLICOLOR_FORCE").as_deref() != Some("0") =>
            {
                true
            }
            Self::Auto => is_terminal && env("TERM").as_deref() != Some("dumb"),
        }
    }
}

/// What one output stream is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// Whether a person reads it directly.
    pub is_terminal: bool,
    /// Whether it gets colour.
    pub colour: bool,
    /// Its columns, where it is a terminal that says.
    pub width: Option<usize>,
}

/// The facts about the standard streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Whether a person types what is read.
    pub stdin_is_terminal: bool,
    /// Where results go.
    pub stdout: Stream,
    /// Where everything else goes.
    pub stderr: Stream,
}

impl Terminal {
    /// The facts of this process.
    #[must_use]
    pub fn detect(choice: ColorChoice) -> Self {
        let stream = |is_terminal: bool, size: Option<(Width, _)>| Stream {
            is_terminal,
            colour: choice.resolve(is_terminal, |name| env::var(name).ok()),
            width: if is_terminal {
                size.map(|(Width(columns), _)| usize::from(columns))
            } else {
                None
            },
        };
        Self {
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout: stream(io::stdout().is_terminal(), terminal_size_of(io::stdout())),
            stderr: stream(io::stderr().is_terminal(), terminal_size_of(io::stderr())),
        }
    }
}

#[cfg(unix)]
static STDOUT_WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Looks before Rust's runtime opens `/dev/null` in the place of a stdout that is closed: then every
/// write seems to succeed, and a program that discards its output (Python's `DEVNULL`, for one) looks
/// just the same.
#[cfg(unix)]
#[ctor::ctor]
fn look_at_stdout() {
    let is_open = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_ok();
    STDOUT_WAS_CLOSED.store(!is_open, Ordering::Relaxed);
}

/// Whether the program was started with stdout closed (`>&-`).
#[cfg(unix)]
#[must_use]
pub fn stdout_is_closed() -> bool {
    STDOUT_WAS_CLOSED.load(Ordering::Relaxed)
}

/// Whether the program was started with stdout closed; not known on this platform.
#[cfg(not(unix))]
#[must_use]
pub fn stdout_is_closed() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_obeys_flag_then_environment_then_terminal() {
        let env = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                pairs
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            }
        };
        for (choice, is_terminal, pairs, colour) in [
            (ColorChoice::Always, false, &[("NO_COLOR", "1")][..], true),
            (ColorChoice::Never, true, &[("CLICOLOR_FORCE", "1")], false),
            (ColorChoice::Auto, true, &[], true),
            (ColorChoice::Auto, false, &[], false),
            (ColorChoice::Auto, true, &[("NO_COLOR", "1")], false),
            (ColorChoice::Auto, true, &[("NO_COLOR", "")], true),
            (ColorChoice::Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (ColorChoice::Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (
                ColorChoice::Auto,
                false,
                &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
                false,
            ),
            (ColorChoice::Auto, true, &[("TERM", "dumb")], false),
        ] {
            assert_eq!(
                choice.resolve(is_terminal, env(pairs)),
                colour,
                "{choice:?} {is_terminal} {pairs:?}"
            );
        }
    }
}
