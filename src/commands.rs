//! What each command does: joins settings, API, rendering and output. This file holds what they
//! share, the context of a run, and the way from a failure to an exit status.

mod callback_receiver;
mod completions;
mod config;
mod connect;
mod convert;
mod doctor;
mod get;
mod input_list;
mod listen;
mod man;
mod parse_error;
mod results;
mod resume_line;
mod run_parts;
mod sandbox;
mod submit;
mod tasks;
mod videos;
mod wait;

use crate::cli::{Cli, Command, Doctor, Global};
use crate::config::{Env, Layer, Selection, Settings};
use crate::error::{self, Error, ErrorKind, ExitStatus};
use crate::signals::{self, RunOutcome};
use crate::ui::{Reporter, Terminal};

pub use parse_error::report_parse_error;

/// What every command has at hand.
#[derive(Clone)]
struct Context {
    global: Global,
    env: Env,
    terminal: Terminal,
    reporter: Reporter,
}

/// Runs the command and reports its failure, if any: the program's exit status.
#[must_use]
pub fn run(cli: Cli) -> ExitStatus {
    let terminal = Terminal::detect(cli.global.color);
    let reporter = Reporter::new(terminal.stderr, cli.global.quiet, cli.global.error_format);
    let context = Context {
        global: cli.global,
        env: Env::from_process(),
        terminal,
        reporter,
    };
    match cli.command {
        // The sandbox leaves signals to the command that it runs.
        Command::Sandbox(args) => context.status_of(sandbox::run(&context, &args)),
        // To a run of the engine, a signal is an event like any other.
        Command::Submit(args) => context.status_of(submit::run(&context, &args)),
        Command::Get(args) => context.status_of(get::run(&context, &args)),
        Command::Wait(args) => context.status_of(wait::run(&context, &args)),
        Command::Listen(args) => context.status_of(listen::run(&context, &args)),
        command => context.until_signal(command),
    }
}

impl Context {
    fn until_signal(self, command: Command) -> ExitStatus {
        let worker = self.clone();
        match signals::run(move || worker.status_of(dispatch(&worker, command))) {
            RunOutcome::Done(exit) => exit,
            RunOutcome::Signal(kind) => {
                signals::block_writes();
                self.reporter.finish();
                let what = if kind == ErrorKind::Terminated {
                    "terminated"
                } else {
                    "interrupted"
                };
                self.reporter.error(&Error::new(kind, what));
                kind.exit()
            }
            RunOutcome::Panicked => ErrorKind::Internal.exit(),
        }
    }

    /// Reports a failure and gives its status. A reader that closed its pipe has had enough:
    /// that is no failure.
    fn status_of(&self, result: anyhow::Result<ExitStatus>) -> ExitStatus {
        self.reporter.finish();
        match result {
            Ok(exit) => exit,
            Err(chain) if error::is_closed_pipe(&chain) => ExitStatus::SUCCESS,
            Err(chain) => {
                let error = Error::from_anyhow(&chain);
                self.reporter.error(&error);
                error.kind.exit()
            }
        }
    }

    /// Reports the failure of one item among several, while the others go on: its status. A closed
    /// pipe is handed back: with no reader left there is nothing to go on for.
    fn report(&self, chain: anyhow::Error) -> anyhow::Result<ExitStatus> {
        if error::is_closed_pipe(&chain) {
            return Err(chain);
        }
        let error = Error::from_anyhow(&chain);
        self.reporter.error(&error);
        Ok(error.kind.exit())
    }

    /// Loads the settings of this run, with the values that the command's own flags give; prints
    /// warnings about them.
    fn settings(&self, flags: Layer) -> Result<Settings, Error> {
        let selection = Selection {
            config: self.global.config.clone(),
            profile: self.global.profile.clone(),
        };
        let flags = flags.or(self.global.keys.layer());
        let loaded = Settings::load(&selection, flags, &self.env)?;
        for warning in &loaded.warnings {
            self.reporter.warn(warning);
        }
        Ok(loaded.settings)
    }
}

fn dispatch(context: &Context, command: Command) -> anyhow::Result<ExitStatus> {
    match command {
        Command::Submit(args) => submit::run(context, &args),
        Command::Get(args) => get::run(context, &args),
        Command::Wait(args) => wait::run(context, &args),
        Command::Sandbox(args) => sandbox::run(context, &args),
        Command::Listen(args) => listen::run(context, &args),
        Command::Convert(args) => convert::run(context, &args),
        Command::Tasks(args) => tasks::run(context, &args),
        Command::Config(args) => config::run(context, &args),
        Command::Doctor(Doctor {}) => doctor::run(context),
        Command::Completions(args) => completions::script(args.shell),
        Command::Man(args) => man::run(args.dir.as_deref()),
    }
}
