//! `mavi sandbox`: starts the sandbox, and runs a command against it or serves.

use std::ffi::OsString;
use std::thread;

use crate::cli::Sandbox as Args;
use crate::config::env;
use crate::error::Exit;
use crate::output::to_stdout;
use crate::sandbox::{Sandbox, SandboxOptions, child};

use super::Context;

pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Exit> {
    let options = SandboxOptions {
        addr: args.addr,
        delay: args.delay,
        transcripts: args.transcripts.clone(),
        rate_limits: args.rate_limits,
        faults: args.fault.clone(),
        callbacks_anywhere: args.callbacks_anywhere,
        seed: args.seed,
    };
    let progress = context.progress.clone();
    let sandbox = Sandbox::start_with_log(options, move |line| progress.warn(line))?;
    let variables = sandbox.variables();
    if args.command.is_empty() {
        to_stdout(|out| {
            writeln!(out, "# the sandbox listens on {}", sandbox.base_url())?;
            for (name, value) in &variables {
                writeln!(out, "export {name}={value}")?;
            }
            Ok(())
        })?;
        if context.terminal.stdout.is_terminal {
            let note = "give these lines to another shell; Ctrl-C stops the sandbox";
            context.progress.note(note);
        }
        loop {
            // It serves on its own thread, until a signal ends the program.
            thread::park();
        }
    }
    let program = env::own_program()?;
    let directory = program.parent().unwrap_or(&program);
    let path = ("PATH", env::path_with_first(directory)?);
    let variables = variables.map(|(name, value)| (name, OsString::from(value)));
    Ok(child::run(
        &args.command,
        variables.into_iter().chain([path]),
    )?)
}
