//! Facts about the standard streams: which are terminals, how wide they are, and which get colour.
//! The rest of the crate is told, so that tests can tell it anything.

use std::env;
use std::io::{self, IsTerminal as _};
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

use terminal_size::{Width, terminal_size_of};

use crate::names::named;

/// The use of colour (`--color`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// Colour on terminals, unless the environment says otherwise.
    #[default]
    Auto,
    /// Colour everywhere.
    Always,
    /// No colour.
    Never,
}

named!(ColorChoice {
    Auto => "auto",
    Always => "always",
    Never => "never",
});

impl ColorChoice {
    /// Returns `true` if a stream gets colour. The environment's `NO_COLOR` (<https://no-color.org>),
    /// `CLICOLOR_FORCE` and `TERM` count for `Auto` alone.
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
            Self::Auto => is_terminal && obeys_escapes(env("TERM").as_deref()),
        }
    }
}

/// Returns `true` if a terminal of this type obeys escape sequences. Consoles of Windows have no type.
fn obeys_escapes(term: Option<&str>) -> bool {
    match term {
        None | Some("") => cfg!(windows),
        Some(term) => term != "dumb",
    }
}

/// The properties of an output stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// The stream is a terminal.
    pub is_terminal: bool,
    /// The stream gets colour.
    pub colour: bool,
    /// The stream is a terminal that obeys escape sequences: a line can be drawn again. One whose `TERM`
    /// is `dumb` or unset is treated like a log.
    pub is_drawable: bool,
    /// The width in columns, if it is a terminal that reports one.
    pub width: Option<usize>,
}

/// The properties of the standard streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// stdin is a terminal.
    pub stdin_is_terminal: bool,
    /// The stream of results.
    pub stdout: Stream,
    /// The stream of everything else.
    pub stderr: Stream,
}

impl Terminal {
    /// Detects the properties of this process's streams.
    #[must_use]
    pub fn detect(choice: ColorChoice) -> Self {
        let stream = |is_terminal: bool, size: Option<(Width, _)>| Stream {
            is_terminal,
            colour: choice.resolve(is_terminal, |name| env::var(name).ok()),
            is_drawable: is_terminal && obeys_escapes(env::var("TERM").ok().as_deref()),
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

/// Checks stdout before Rust's runtime opens `/dev/null` in place of a closed one: after that every
/// write seems to succeed, and stdout looks as if its output were discarded on purpose.
#[cfg(unix)]
#[ctor::ctor]
fn check_stdout() {
    let is_open = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_ok();
    STDOUT_WAS_CLOSED.store(!is_open, Ordering::Relaxed);
}

/// Returns `true` if the program was started with stdout closed (`>&-`).
#[cfg(unix)]
#[must_use]
pub fn stdout_is_closed() -> bool {
    STDOUT_WAS_CLOSED.load(Ordering::Relaxed)
}

/// Returns `false`: this platform does not tell whether stdout was closed at the start.
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
            (ColorChoice::Auto, true, &[("TERM", "xterm")], true),
            #[cfg(not(windows))]
            (ColorChoice::Auto, true, &[], false),
            (ColorChoice::Auto, false, &[], false),
            (ColorChoice::Auto, true, &[("NO_COLOR", "1")], false),
            (
                ColorChoice::Auto,
                true,
                &[("NO_COLOR", ""), ("TERM", "xterm")],
                true,
            ),
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
