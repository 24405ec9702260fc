//! Input that the terminal does not show. The echo is off from before the first question until after the
//! last answer, so that what is pasted or typed ahead is not shown either; and it comes back when a
//! signal ends the program in between. (rpassword and dialoguer bring the echo back when their call
//! returns, which a signal prevents that ends this program from another thread.)

use std::io;

use super::Reporter;
use crate::secret::Secret;

/// Asks questions on the terminal of stdin, and keeps the answers from being shown until it is dropped.
pub struct HiddenInput<'r> {
    reporter: &'r Reporter,
    _echo: echo::EchoOff,
}

impl<'r> HiddenInput<'r> {
    /// Switches the echo off.
    pub fn start(reporter: &'r Reporter) -> io::Result<Self> {
        let echo = echo::EchoOff::start()?;
        Ok(Self {
            reporter,
            _echo: echo,
        })
    }

    /// Asks for one line. Enter alone, or the end of input, gives an empty answer.
    pub fn ask(&self, question: &str) -> io::Result<Secret> {
        self.reporter.prompt(question);
        let line = echo::read_line()?;
        // Enter is not shown either.
        self.reporter.prompt("\n");
        Ok(Secret::new(line.trim()))
    }
}

/// Switches the echo on again. Returns `true` if it was off: a question is left without an answer. For the
/// caller that ends the program.
#[must_use]
pub fn restore_echo() -> bool {
    echo::restore()
}

#[cfg(unix)]
mod echo {
    use std::io::{self, Read as _};
    use std::sync::{Mutex, PoisonError};

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use zeroize::Zeroizing;

    use crate::streams;

    /// The modes of the terminal before the echo was switched off.
    static MODES: Mutex<Option<Termios>> = Mutex::new(None);

    /// Maximum length of an answer, in bytes: that of a line of a terminal.
    const MAX_ANSWER: usize = 4096;

    pub(super) struct EchoOff;

    impl EchoOff {
        pub(super) fn start() -> io::Result<Self> {
            let modes = tcgetattr(io::stdin())?;
            let mut hidden = modes.clone();
            hidden.local_modes.remove(LocalModes::ECHO);
            *MODES.lock().unwrap_or_else(PoisonError::into_inner) = Some(modes);
            tcsetattr(io::stdin(), OptionalActions::Now, &hidden)?;
            Ok(Self)
        }
    }

    impl Drop for EchoOff {
        fn drop(&mut self) {
            restore();
        }
    }

    pub(super) fn restore() -> bool {
        let modes = MODES.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The terminal may be gone.
        modes.is_some_and(|modes| tcsetattr(io::stdin(), OptionalActions::Now, &modes).is_ok())
    }

    pub(super) fn read_line() -> io::Result<Zeroizing<String>> {
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_ANSWER));
        let mut byte = Zeroizing::new([0]);
        while line.len() < MAX_ANSWER
            && streams::stdin().read(&mut *byte)? == 1
            && !matches!(byte[0], b'\n' | b'\r')
        {
            line.push(byte[0]);
        }
        let text = std::str::from_utf8(&line).map_err(io::Error::other)?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

#[cfg(not(unix))]
mod echo {
    use std::io;

    use zeroize::Zeroizing;

    /// The console switches the echo off and on for each line by itself.
    pub(super) struct EchoOff;

    impl EchoOff {
        #[expect(clippy::unnecessary_wraps, reason = "fails on Unix")]
        pub(super) fn start() -> io::Result<Self> {
            Ok(Self)
        }
    }

    pub(super) fn restore() -> bool {
        false
    }

    pub(super) fn read_line() -> io::Result<Zeroizing<String>> {
        console::Term::stderr()
            .read_secure_line()
            .map(Zeroizing::new)
    }
}
