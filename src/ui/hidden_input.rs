//! Input that the terminal does not show. The echo is off from before the first question until after the
//! last answer, so that what is pasted or typed ahead is not shown either; it comes back when a signal ends
//! the program in between, and is switched off again when the program goes on after a stop (Ctrl-Z and
//! `fg`), since shells switch it on. (rpassword and dialoguer bring the echo back when their call
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
        echo::watch_signals(reporter);
        Ok(Self {
            reporter,
            _echo: echo,
        })
    }

    /// Asks for one line. Enter alone, or the end of input, gives an empty answer.
    pub fn ask(&self, question: &str) -> io::Result<Secret> {
        // In this order: once the question is seen, the program may be stopped, and repeats it afterwards.
        echo::set_question(question);
        self.reporter.prompt(question);
        let line = echo::read_line();
        echo::set_question("");
        let line = line?;
        // Enter is not shown either.
        self.reporter.prompt("\n");
        Ok(Secret::new(line.trim()))
    }
}

/// Switches the echo on again, if it is off. For the caller that ends the program.
pub fn restore_echo() {
    echo::restore();
}

#[cfg(unix)]
mod echo {
    use std::io::{self, Read as _};
    use std::sync::{Mutex, Once, PoisonError};
    use std::thread;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGCONT, SIGQUIT};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    use zeroize::Zeroizing;

    use super::Reporter;
    use crate::{signals, streams};

    /// The question that waits for an answer; empty if there is none.
    static QUESTION: Mutex<String> = Mutex::new(String::new());

    /// Starts the thread that handles signals, which never ends.
    static WATCH: Once = Once::new();

    /// The modes of the terminal before the echo was switched off.
    static MODES: Mutex<Option<Termios>> = Mutex::new(None);

    /// Maximum length of an answer, in bytes: that of a line of a terminal.
    const MAX_ANSWER: usize = 4096;

    pub(super) struct EchoOff;

    impl EchoOff {
        pub(super) fn start() -> io::Result<Self> {
            let modes = tcgetattr(io::stdin())?;
            *MODES.lock().unwrap_or_else(PoisonError::into_inner) = Some(modes);
            hide()?;
            Ok(Self)
        }
    }

    impl Drop for EchoOff {
        fn drop(&mut self) {
            restore();
        }
    }

    /// Switches the echo off, if it is to be off.
    fn hide() -> io::Result<()> {
        let modes = MODES.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut hidden) = modes.clone() else {
            return Ok(());
        };
        hidden.local_modes.remove(LocalModes::ECHO);
        Ok(tcsetattr(io::stdin(), OptionalActions::Now, &hidden)?)
    }

    pub(super) fn set_question(question: &str) {
        let mut present = QUESTION.lock().unwrap_or_else(PoisonError::into_inner);
        question.clone_into(&mut present);
    }

    /// Hides the input again and repeats the question when the program goes on after a stop, and switches
    /// the echo on before SIGQUIT ends the program. Where no thread can be had, it does neither.
    pub(super) fn watch_signals(reporter: &Reporter) {
        WATCH.call_once(|| {
            let Ok(mut waiting) = Signals::new(signals::unignored([SIGCONT, SIGQUIT])) else {
                return;
            };
            let (handle, reporter) = (waiting.handle(), reporter.clone());
            let spawned = thread::Builder::new()
                .name("echo".to_owned())
                .spawn(move || {
                    for signal in waiting.forever() {
                        if signal == SIGQUIT {
                            if restore() {
                                reporter.prompt("\n");
                            }
                            let _ = emulate_default_handler(signal);
                        }
                        let question = QUESTION.lock().unwrap_or_else(PoisonError::into_inner);
                        if hide().is_ok() && !question.is_empty() {
                            reporter.prompt(&question);
                        }
                    }
                });
            if spawned.is_err() {
                handle.close();
            }
        });
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

    pub(super) fn watch_signals(_reporter: &super::Reporter) {}

    pub(super) fn set_question(_question: &str) {}

    pub(super) fn restore() -> bool {
        false
    }

    pub(super) fn read_line() -> io::Result<Zeroizing<String>> {
        console::Term::stderr()
            .read_secure_line()
            .map(Zeroizing::new)
    }
}
