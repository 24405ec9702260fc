//! Signals that end the sandbox. They are handled even where their default would do: the first process
//! of a container has no defaults, and the temporary state directory has to be removed.

#[cfg(unix)]
pub(crate) use self::unix::SandboxSignals;
#[cfg(windows)]
pub(crate) use self::windows::SandboxSignals;
use crate::error::ExitStatus;

/// Returns the status of a program that was ended by this signal, as a shell gives it.
pub(super) fn exit_of_signal(signal: i32) -> ExitStatus {
    ExitStatus::new(u8::try_from(128 + signal).unwrap_or(1))
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::process::{self, Child};

    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGCHLD, SIGHUP, SIGTERM};
    use signal_hook::iterator::Signals;

    use super::{ExitStatus, exit_of_signal};
    use crate::signals;

    /// SIGINT, SIGTERM and SIGHUP, unless they were ignored at the start (as by `nohup`).
    pub(crate) struct SandboxSignals(Signals);

    impl SandboxSignals {
        /// Takes the signals over. Call it before a child starts, so that none is missed.
        pub(crate) fn start() -> io::Result<Self> {
            let signals = signals::ending_signals().into_iter();
            Signals::new(signals.chain([SIGCHLD])).map(Self)
        }

        /// Waits for a signal that ends the sandbox, and returns its status.
        pub(crate) fn wait_for_end(mut self) -> ExitStatus {
            let mut signals = self.0.forever();
            exit_of_signal(signals.find(|signal| *signal != SIGCHLD).unwrap_or(SIGTERM))
        }

        /// Waits for the child to end. Forwards SIGTERM and SIGHUP, but not SIGINT, which a terminal
        /// sends to the child as well. One thread both forwards and waits, so a signal is never sent to
        /// a process ID that is no longer the child's.
        pub(crate) fn wait_for_child(
            mut self,
            mut child: Child,
        ) -> io::Result<process::ExitStatus> {
            loop {
                if let Some(status) = child.try_wait()? {
                    return Ok(status);
                }
                for signal in self.0.wait() {
                    let signal = match signal {
                        SIGTERM => Signal::TERM,
                        SIGHUP => Signal::HUP,
                        _ => continue,
                    };
                    // It may have ended just now.
                    let _ = kill_process(Pid::from_child(&child), signal);
                }
            }
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::io;
    use std::process::{self, Child};

    use super::ExitStatus;
    use crate::signals::ConsoleEvents;

    /// Events of the console. A child receives them as well.
    pub(crate) struct SandboxSignals(ConsoleEvents);

    impl SandboxSignals {
        /// Takes the events over. Call it before a child starts, so that none is missed.
        pub(crate) fn start() -> io::Result<Self> {
            ConsoleEvents::start().map(Self)
        }

        /// Waits for an event that ends the sandbox, and returns its status.
        pub(crate) fn wait_for_end(self) -> ExitStatus {
            self.0.wait().exit()
        }

        /// Waits for the child to end, whatever events come.
        pub(crate) fn wait_for_child(self, mut child: Child) -> io::Result<process::ExitStatus> {
            let Self(_events) = self;
            child.wait()
        }
    }
}
