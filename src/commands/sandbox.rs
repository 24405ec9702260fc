//! `mavi sandbox`: starts the stand-in API, and runs a command against it or serves.

use std::thread;

use crate::cli::Sandbox as Args;
use crate::config::env;
use crate::error::Exit;
use crate::output::to_stdout;
use crate::sandbox::{Options, Sandbox, child};

use super::Context;

pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Exit> {
    let options = Options {
        addr: args.addr,
        delay: args.delay,
        transcripts: args.transcripts.clone(),
        rate_limits: args.rate_limits,
        faults: args.fault.clone(),
        callbacks_anywhere: args.callbacks_anywhere,
        seed: args.seed,
    };
    let progress = context.progress.clone();
    let sandbox = Sandbox::start_and_tell(options, move |line| progress.warn(line))?;
    if args.command.is_empty() {
        to_stdout(|out| out.write_all(sandbox.exports().as_bytes()))?;
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
    let folder = program.parent().unwrap_or(&program);
    Ok(child::run(
        &sandbox,
        &args.command,
        env::path_with_first(folder)?,
    )?)
}
