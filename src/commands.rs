//! One file per command: each turns arguments and settings into plain options, calls the rooms below,
//! and returns an exit status. This file has the context that they share, and reports their errors.

mod auth;
mod callback_receiver;
mod client;
mod complete;
mod completions;
mod config;
mod convert;
mod delete;
mod doctor;
mod dry_run;
mod get;
mod help;
mod input_list;
mod listen;
mod man;
mod parse_error;
mod results;
mod resume_line;
mod run_parts;
mod sandbox;
mod secret_input;
mod submit;
mod task_selection;
mod tasks;
mod token_source;
mod transcribe;
mod upload;
mod video_ids;
mod video_inputs;
mod videos;
mod wait;
mod wanted;

use crate::cli::{Cli, Command, Doctor, Global};
use crate::config::{Env, Layer, Selection, Settings};
use crate::error::{self, Error, ErrorKind, ExitStatus};
use crate::signals::{self, RunOutcome};
use crate::ui::{self, Reporter, Terminal};

pub use parse_error::report_parse_error;

/// The context of a run, shared by all commands.
#[derive(Clone)]
struct Context {
    global: Global,
    env: Env,
    terminal: Terminal,
    reporter: Reporter,
}

/// Runs the command and reports its error, if it fails. Returns the program's exit status.
#[must_use]
pub fn run(cli: Cli) -> ExitStatus {
    signals::survive_file_size_limit();
    let terminal = Terminal::detect(cli.global.color);
    let reporter = Reporter::new(terminal.stderr, cli.global.quiet, cli.global.error_format);
    let context = Context {
        global: cli.global,
        env: Env::from_process(),
        terminal,
        reporter,
    };
    // The sandbox leaves signals to the command that it runs; to a run of the engine, a signal is an
    // event like any other.
    let handles_signals = match &cli.command {
        Command::Sandbox(_) | Command::Get(_) | Command::Wait(_) | Command::Listen(_) => true,
        Command::Transcribe(args) => !args.dry_run,
        Command::Upload(args) => !args.dry_run,
        Command::Submit(args) => !args.dry_run,
        _ => false,
    };
    if handles_signals {
        let exit = context.finish(dispatch(&context, cli.command));
        context.wait_for_refresh();
        exit
    } else {
        context.run_with_signals(cli.command)
    }
}

impl Context {
    /// Runs the command until it ends or a signal arrives.
    fn run_with_signals(self, command: Command) -> ExitStatus {
        let worker = self.clone();
        match signals::run(move || worker.finish(dispatch(&worker, command))) {
            RunOutcome::Done(exit) => exit,
            RunOutcome::Signal(kind) => {
                self.wait_for_refresh();
                signals::block_writes();
                ui::restore_echo();
                self.reporter.finish();
                self.reporter.error(&Error::interrupted(kind));
                kind.exit()
            }
            RunOutcome::Panicked => ErrorKind::Internal.exit(),
        }
    }

    /// Lets a refresh that has been sent end, so that its new tokens are stored.
    fn wait_for_refresh(&self) {
        signals::wait_for_holds(|| {
            let note = "the login is being renewed: waiting a few seconds to store its tokens";
            self.reporter.info(note);
        });
    }

    /// Clears the status line, reports an error, and returns the exit status. A closed pipe is a
    /// success: the reader has all that it wants.
    fn finish(&self, result: anyhow::Result<ExitStatus>) -> ExitStatus {
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

    /// Reports the error of one item among several, and returns its exit status. A closed pipe is
    /// returned as an error: with no reader left, the other items need not be done.
    fn report(&self, chain: anyhow::Error) -> anyhow::Result<ExitStatus> {
        if error::is_closed_pipe(&chain) {
            return Err(chain);
        }
        let error = Error::from_anyhow(&chain);
        self.reporter.error(&error);
        Ok(error.kind.exit())
    }

    /// Loads the settings of this run; `flags` are the values of the command's own flags. Prints
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
        Command::Transcribe(args) => transcribe::run(context, &args),
        Command::Upload(args) => upload::run(context, &args),
        Command::Submit(args) => submit::run(context, &args),
        Command::Get(args) => get::run(context, &args),
        Command::Wait(args) => wait::run(context, &args),
        Command::Sandbox(args) => sandbox::run(context, &args),
        Command::Listen(args) => listen::run(context, &args),
        Command::Convert(args) => convert::run(context, &args),
        Command::Tasks(args) => tasks::run(context, &args),
        Command::Videos(args) => videos::run(context, &args),
        Command::Delete(args) => delete::run(context, &args),
        Command::Auth(args) => auth::run(context, &args),
        Command::Config(args) => config::run(context, &args),
        Command::Doctor(Doctor {}) => doctor::run(context),
        Command::Completions(args) => completions::run(args.shell),
        Command::Complete(args) => complete::run(context, args),
        Command::Help(args) => Ok(help::run(&args)),
        Command::Man(args) => man::run(args.dir.as_deref()),
    }
}
