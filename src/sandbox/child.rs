//! Runs a command against the sandbox: `mavi sandbox -- ./nightly.sh`. It finds the sandbox by its
//! environment, shares our streams, and its status becomes ours. The sandbox outlives it, also when
//! a signal ends it.

use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitStatus};

use crate::error::{Error, Exit, Kind};
use signals::SignalForwarder;

/// Runs `command` (the program, then its arguments) with these environment variables set, and waits
/// for it. The program is looked for on the `PATH` among them.
///
/// The status is the command's own, or 128+N where signal N killed it. Fails with [`Kind::Usage`]
/// if there is no such command, with [`Kind::Io`] if it could not be run.
///
/// On Unix a SIGINT is left to the command (a terminal sends it to both), and a SIGTERM is passed
/// on to it: in both cases this returns once the command has ended.
pub fn run(
    command: &[OsString],
    variables: impl IntoIterator<Item = (&'static str, OsString)>,
) -> Result<Exit, Error> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| Error::usage("no command is given after `--`"))?;
    let failed = |error: io::Error| could_not_run(program, &error);
    let signals = SignalForwarder::start().map_err(failed)?;
    let child = Command::new(program)
        .args(arguments)
        .envs(variables)
        .spawn()
        .map_err(failed)?;
    signals.wait(child).map(status_of).map_err(failed)
}

fn could_not_run(program: &OsString, error: &io::Error) -> Error {
    let name = program.to_string_lossy();
    let name = crate::text::one_line(&name);
    match error.kind() {
        io::ErrorKind::NotFound => Error::usage(format!("could not run {name}: no such command"))
            .with_hint("give the command's path, or put its directory on PATH"),
        io::ErrorKind::PermissionDenied => Error::new(
            Kind::Io,
            format!("could not run {name}: it is not executable"),
        )
        .with_hint(format!("chmod +x {name}")),
        _ => Error::new(Kind::Io, format!("could not run {name}: {error}")),
    }
}

fn status_of(status: ExitStatus) -> Exit {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = signal.map_or(status.code(), |signal| Some(128 + signal));
    // Outside Unix a status has 32 bits; one that does not fit must still not read as success.
    Exit::new(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

#[cfg(unix)]
mod signals {
    use std::io;
    use std::process::{Child, ExitStatus};

    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGCHLD, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    /// Takes over SIGINT and SIGTERM. One thread both forwards signals and waits for the child, so a
    /// signal is never sent to a process ID that is no longer the child's.
    pub(super) struct SignalForwarder(Signals);

    impl SignalForwarder {
        /// Takes the signals over. Call it before the child starts, so that none is missed.
        pub(super) fn start() -> io::Result<Self> {
            Signals::new([SIGCHLD, SIGINT, SIGTERM]).map(Self)
        }

        pub(super) fn wait(mut self, mut child: Child) -> io::Result<ExitStatus> {
            loop {
                if let Some(status) = child.try_wait()? {
                    return Ok(status);
                }
                if self.0.wait().any(|signal| signal == SIGTERM) {
                    // It may have ended just now.
                    let _ = kill_process(Pid::from_child(&child), Signal::TERM);
                }
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    use std::io;
    use std::process::{Child, ExitStatus};

    /// Does nothing: a console's Ctrl-C goes to the child as well.
    pub(super) struct SignalForwarder;

    impl SignalForwarder {
        pub(super) fn start() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) fn wait(self, mut child: Child) -> io::Result<ExitStatus> {
            child.wait()
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<u8, Error> {
        let command = ["sh", "-c", script].map(OsString::from);
        let variables = [("PATH", "/usr/bin:/bin"), ("MAVI_BASE_URL", "http://x")];
        run(
            &command,
            variables.map(|(name, value)| (name, value.into())),
        )
        .map(Exit::code)
    }

    #[test]
    fn status_of_command_is_the_result() {
        assert_eq!(shell("exit 0").unwrap(), 0);
        assert_eq!(shell("exit 42").unwrap(), 42);
        assert_eq!(shell("kill -9 $$").unwrap(), 128 + 9);
    }

    #[test]
    fn command_gets_the_variables() {
        let script = r#"
            test "$MAVI_BASE_URL" = http://x || exit 1
            test "$PATH" = /usr/bin:/bin || exit 2
        "#;
        assert_eq!(shell(script).unwrap(), 0);
    }

    #[test]
    fn command_is_looked_for_on_the_given_path() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/bin/sh", folder.path().join("only-here")).unwrap();
        std::fs::write(folder.path().join("no-program"), "").unwrap();
        let run_it = |program: &str, path: &std::path::Path| {
            let command = [program, "-c", "exit 5"].map(OsString::from);
            run(&command, [("PATH", path.into())])
        };

        assert_eq!(run_it("only-here", folder.path()).unwrap().code(), 5);
        let error = run_it("no-program", folder.path()).unwrap_err();
        assert_eq!(error.kind, Kind::Io);
        let error = run_it("only-here", "/nowhere".as_ref()).unwrap_err();
        assert_eq!(error.kind, Kind::Usage);
        assert_eq!(error.message, "could not run only-here: no such command");
        assert_eq!(run(&[], []).unwrap_err().kind, Kind::Usage);
    }
}
