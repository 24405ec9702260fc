//! `mavi sandbox`: starts the sandbox, and runs a command against it or serves.

use std::ffi::OsString;
use std::io::{self, Write};

use crate::cli::SandboxArgs;
use crate::config::env::{self, MAVI_STATE_DIR};
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::output::to_stdout;
use crate::sandbox::signals::SandboxSignals;
use crate::sandbox::{Sandbox, SandboxOptions, child};

use super::Context;

pub(super) fn run(context: &Context, args: &SandboxArgs) -> anyhow::Result<ExitStatus> {
    let options = SandboxOptions {
        addr: args.addr,
        delay: args.delay,
        parse_delay: args.parse_delay,
        token_lifetime: args.token_lifetime,
        auth_callback: args.auth_callback.clone(),
        transcripts: args.transcripts.clone(),
        rate_limits: args.rate_limits,
        faults: args.fault.clone(),
        callbacks_anywhere: args.callbacks_anywhere,
        seed: args.seed,
    };
    let reporter = context.reporter.clone();
    let sandbox = Sandbox::start_with_log(options, move |line| reporter.warn(line))?;
    let signals = SandboxSignals::start()?;
    // So that trying things never mixes with what was paid for.
    let state_dir = tempfile::Builder::new()
        .prefix("mavi-sandbox-")
        .tempdir()
        .map_err(|error| {
            let message = format!("could not create a temporary directory: {error}");
            Error::new(ErrorKind::Io, message).with_hint("set TMPDIR to a directory of your own")
        })?;
    let state = (MAVI_STATE_DIR, state_dir.path().into());
    let variables = sandbox
        .variables()
        .map(|(name, value)| (name, OsString::from(value)));
    let mut variables: Vec<(&str, OsString)> = variables.into_iter().chain([state]).collect();
    if args.command.is_empty() {
        to_stdout(|out| write_exports(out, &sandbox.base_url(), &variables))?;
        if context.terminal.stdout.is_terminal {
            let note = "give these lines to another shell; Ctrl-C stops the sandbox";
            context.reporter.info(note);
        }
        return Ok(signals.wait_for_end());
    }
    let program = env::own_program()?;
    let directory = program.parent().unwrap_or(&program);
    variables.push(("PATH", env::path_with_first(directory)?));
    Ok(child::run(&args.command, variables, signals)?)
}

/// Writes lines for a shell to evaluate.
fn write_exports(
    out: &mut dyn Write,
    base_url: &str,
    variables: &[(&str, OsString)],
) -> io::Result<()> {
    writeln!(out, "# the sandbox listens on {base_url}")?;
    for (name, value) in variables {
        let value = value.to_string_lossy();
        writeln!(out, "export {name}={}", shell_words::quote(&value))?;
    }
    Ok(())
}
