//! A command that runs against the stand-in: `mavi sandbox -- ./nightly.sh`. It gets the address
//! and the token in its environment, its streams are ours, its status becomes ours, and the
//! stand-in outlives it, also when a signal ends it.

use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitStatus};

use super::Sandbox;
use crate::error::{Error, Exit, Kind};

/// Runs `command` (the program, then its arguments) with `MAVI_BASE_URL`, `MAVI_TOKEN` and
/// `PATH` set, the last to the whole of `path`, and waits for it.
///
/// The status is the command's own, or 128+N where signal N killed it. Fails with [`Kind::Usage`]
/// if there is no such command, with [`Kind::Io`] if it could not be run.
///
/// On Unix a SIGINT is left to the command (a terminal sends it to both), and a SIGTERM is passed
/// on to it: in both cases this returns once the command has ended.
pub fn run(sandbox: &Sandbox, command: &[OsString], path: OsString) -> Result<Exit, Error> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| Error::usage("no command is given after `--`"))?;
    let failed = |error: io::Error| could_not_run(program, &error);
    let signals = signals::Watch::start().map_err(failed)?;
    let child = Command::new(program)
        .args(arguments)
        .env("MAVI_BASE_URL", sandbox.base_url())
        .env("MAVI_TOKEN", sandbox.token())
        .env("PATH", path)
        .spawn()
        .map_err(failed)?;
    signals.wait(child).map(status_of).map_err(failed)
}

fn could_not_run(program: &OsString, error: &io::Error) -> Error {
    let name = program.to_string_lossy();
    let name = crate::text::one_line(&name);
    match error.kind() {
        io::ErrorKind::NotFound => Error::usage(format!("could not run {name}: no such command"))
            .with_hint("give the command's path, or put its folder on PATH"),
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

    /// Takes over SIGINT and SIGTERM. One thread both passes signals on and collects the child,
    /// so a signal is never sent to a process number that is no longer the child's.
    pub(super) struct Watch(Signals);

    impl Watch {
        /// To be called before the child starts, so that no signal is missed.
        pub(super) fn start() -> io::Result<Self> {
            Signals::new([SIGCHLD, SIGINT, SIGTERM]).map(Self)
        }

        pub(super) fn wait(mut self, mut child: Child) -> io::Result<ExitStatus> {
            loop {
                if let Some(status) = child.try_wait()? {
                    return Ok(status);
                }
                if self.0.wait().any(|signal| signal == SIGTERM) {
                    // It may have ended just now: then there is nobody left to tell.
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

    /// Nothing to take over: a console's Ctrl-C goes to the child as well.
    pub(super) struct Watch;

    impl Watch {
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
    use super::super::Options;
    use super::*;

    fn shell(script: &str) -> Result<u8, Error> {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let command = ["sh", "-c", script].map(OsString::from);
        run(&sandbox, &command, "/usr/bin:/bin".into()).map(Exit::code)
    }

    #[test]
    fn the_status_of_the_command_is_the_result() {
        assert_eq!(shell("exit 0").unwrap(), 0);
        assert_eq!(shell("exit 42").unwrap(), 42);
        assert_eq!(shell("kill -9 $$").unwrap(), 128 + 9);
    }

    #[test]
    fn the_command_is_pointed_at_the_sandbox() {
        let script = r#"
            case $MAVI_BASE_URL in http://127.0.0.1:*) ;; *) exit 1 ;; esac
            case $MAVI_TOKEN in sandbox-*) ;; *) exit 2 ;; esac
            test "$PATH" = /usr/bin:/bin || exit 3
        "#;
        assert_eq!(shell(script).unwrap(), 0);
    }

    #[test]
    fn a_command_is_looked_for_on_the_path_given() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/bin/sh", folder.path().join("only-here")).unwrap();
        std::fs::write(folder.path().join("no-program"), "").unwrap();
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let run_it = |program: &str, path: &std::path::Path| {
            let command = [program, "-c", "exit 5"].map(OsString::from);
            run(&sandbox, &command, path.into())
        };

        assert_eq!(run_it("only-here", folder.path()).unwrap().code(), 5);
        let error = run_it("no-program", folder.path()).unwrap_err();
        assert_eq!(error.kind, Kind::Io);
        let error = run_it("only-here", "/nowhere".as_ref()).unwrap_err();
        assert_eq!(error.kind, Kind::Usage);
        assert_eq!(error.message, "could not run only-here: no such command");
        assert_eq!(
            run(&sandbox, &[], OsString::new()).unwrap_err().kind,
            Kind::Usage
        );
    }
}
