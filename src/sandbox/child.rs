//! Runs a command against the sandbox: `mavi sandbox -- ./nightly.sh`. It finds the sandbox by its
//! environment, shares our streams, and its status becomes ours. The sandbox outlives it, also when
//! a signal ends it.

use std::ffi::OsString;
use std::io;
use std::process::{self, Command};

use super::signals::{SandboxSignals, exit_of_signal};
use crate::error::{Error, ErrorKind, ExitStatus};

/// Runs `command` (the program, then its arguments) with these environment variables set, and waits
/// for it. The program is looked for on the `PATH` among them.
///
/// The status is the command's own, or 128+N where signal N killed it. Fails with [`ErrorKind::Usage`]
/// if there is no such command, with [`ErrorKind::Io`] if it could not be run.
///
/// On Unix a SIGINT is left to the command (a terminal sends it to both), and SIGTERM and SIGHUP are
/// forwarded to it: in each case this returns once the command has ended.
pub(crate) fn run(
    command: &[OsString],
    variables: impl IntoIterator<Item = (&'static str, OsString)>,
    signals: SandboxSignals,
) -> Result<ExitStatus, Error> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| Error::usage("no command is given after `--`"))?;
    let failed = |error: io::Error| could_not_run(program, &error);
    let child = Command::new(program)
        .args(arguments)
        .envs(variables)
        .spawn()
        .map_err(failed)?;
    signals.wait_for_child(child).map(status_of).map_err(failed)
}

fn could_not_run(program: &OsString, error: &io::Error) -> Error {
    let name = program.to_string_lossy();
    let name = crate::text::one_line(&name);
    match error.kind() {
        io::ErrorKind::NotFound => Error::usage(format!("could not run {name}: no such command"))
            .with_hint("give the command's path, or put its directory on PATH"),
        io::ErrorKind::PermissionDenied => Error::new(
            ErrorKind::Io,
            format!("could not run {name}: it is not executable"),
        )
        .with_hint(format!("chmod +x {name}")),
        _ => Error::new(ErrorKind::Io, format!("could not run {name}: {error}")),
    }
}

fn status_of(status: process::ExitStatus) -> ExitStatus {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    // Outside Unix a status has 32 bits; one that does not fit must still not read as success.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    signal.map_or(ExitStatus::new(code.unwrap_or(1)), exit_of_signal)
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
            SandboxSignals::start().unwrap(),
        )
        .map(ExitStatus::code)
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
            run(
                &command,
                [("PATH", path.into())],
                SandboxSignals::start().unwrap(),
            )
        };

        assert_eq!(run_it("only-here", folder.path()).unwrap().code(), 5);
        let error = run_it("no-program", folder.path()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Io);
        let error = run_it("only-here", "/nowhere".as_ref()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage);
        assert_eq!(error.message, "could not run only-here: no such command");
        assert_eq!(
            run(&[], [], SandboxSignals::start().unwrap())
                .unwrap_err()
                .kind,
            ErrorKind::Usage
        );
    }
}
