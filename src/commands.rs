//! What each command does: joins settings, API, rendering and output. This file holds what they
//! share, the context of a run, and the way from a failure to an exit status.

mod completions;
mod config;
mod connect;
mod convert;
mod doctor;
mod get;
mod items;
mod listen;
mod man;
mod run;
mod sandbox;
mod submit;
mod tasks;
mod wait;

use std::ffi::OsString;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::{Cli, Command, Doctor, Global};
use crate::config::{Env, Overrides, Settings, env};
use crate::error::{self, Error, ErrorFormat, Exit, Kind};
use crate::interrupt::{self, Ended};
use crate::output::to_stdout;
use crate::progress::Progress;
use crate::terminal::{ColorChoice, Terminal};

/// What every command has at hand.
#[derive(Clone)]
struct Context {
    global: Global,
    env: Env,
    terminal: Terminal,
    progress: Progress,
}

/// Runs the command and reports its failure, if any: the program's exit status.
#[must_use]
pub fn run(cli: Cli) -> Exit {
    let terminal = Terminal::detect(cli.global.color);
    let progress = Progress::new(terminal.stderr, cli.global.quiet, cli.global.error_format);
    let context = Context {
        global: cli.global,
        env: Env::from_process(),
        terminal,
        progress,
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
    fn until_signal(self, command: Command) -> Exit {
        let worker = self.clone();
        match interrupt::run(move || worker.status_of(dispatch(&worker, command))) {
            Ended::Done(exit) => exit,
            Ended::Signal(kind) => {
                interrupt::hold();
                self.progress.finish();
                let what = if kind == Kind::Terminated {
                    "terminated"
                } else {
                    "interrupted"
                };
                self.progress.error(&Error::new(kind, what));
                kind.exit()
            }
            Ended::Panicked => Kind::Internal.exit(),
        }
    }

    /// Reports a failure and gives its status. A reader that closed its pipe has had enough:
    /// that is no failure.
    fn status_of(&self, result: anyhow::Result<Exit>) -> Exit {
        self.progress.finish();
        match result {
            Ok(exit) => exit,
            Err(chain) if error::is_closed_pipe(&chain) => Exit::SUCCESS,
            Err(chain) => {
                let error = Error::from_chain(&chain);
                self.progress.error(&error);
                error.kind.exit()
            }
        }
    }

    /// Reports the failure of one item among several, while the others go on: its status. A closed
    /// pipe is handed back: with no reader left there is nothing to go on for.
    fn report(&self, chain: anyhow::Error) -> anyhow::Result<Exit> {
        if error::is_closed_pipe(&chain) {
            return Err(chain);
        }
        let error = Error::from_chain(&chain);
        self.progress.error(&error);
        Ok(error.kind.exit())
    }

    /// The settings of this run; what is odd about them is said on the way.
    fn settings(&self, overrides: &Overrides) -> Result<Settings, Error> {
        let loaded = Settings::load(overrides, &self.env)?;
        for warning in &loaded.warnings {
            self.progress.warn(warning);
        }
        Ok(loaded.settings)
    }
}

fn dispatch(context: &Context, command: Command) -> anyhow::Result<Exit> {
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

/// What a command line that does not parse comes to: help and version are results, anything else
/// is a usage error in the form that was asked for.
#[must_use]
pub fn unparsed(error: &clap::Error) -> Exit {
    let flags = EarlyFlags::of(&env::raw_args());
    let stderr = Terminal::detect(flags.color).stderr;
    let progress = Progress::new(stderr, false, flags.error_format);
    let text = error.render();
    if !error.use_stderr() {
        let styled = Terminal::detect(flags.color).stdout.colour;
        let text = if styled {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        return match to_stdout(|out| out.write_all(text.as_bytes())) {
            Err(chain) if !error::is_closed_pipe(&chain) => {
                let error = Error::from_chain(&chain);
                progress.error(&error);
                error.kind.exit()
            }
            _ => Exit::SUCCESS,
        };
    }
    let text = text.to_string();
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        progress.essential(text.trim_end());
        return Kind::Usage.exit();
    }
    progress.error(&misused(error, &text, flags.error_format));
    Kind::Usage.exit()
}

/// What the argument parser says, as an error of ours: its first paragraph is the reason; a tip may
/// follow, then how the command is used, which people get to see.
fn misused(error: &clap::Error, said: &str, format: ErrorFormat) -> Error {
    let mut parts = said.split("\n\n").map(str::trim);
    let reason = parts.next().unwrap_or_default();
    let reason = reason.trim_start_matches("error: ");
    let meant = command_meant();
    let (mut usage, mut hint) = (String::new(), format!("{meant} --help"));
    for part in parts {
        if let Some(tip) = part.strip_prefix("tip: ") {
            hint = tip.replace("\n  tip: ", "; ");
        } else if part.starts_with("Usage: ") && format == ErrorFormat::Human {
            usage = format!("\n{part}");
        }
    }
    if let (Some(ContextValue::String(word)), "mavi sandbox") =
        (error.get(ContextKind::InvalidArg), &*meant)
        && !word.starts_with('-')
    {
        hint = format!("put `--` before the command: mavi sandbox -- {word} …");
    }
    Error::usage(format!("{reason}{usage}")).with_hint(hint)
}

/// The command that an argument list which does not parse is about, as it would be typed.
fn command_meant() -> String {
    let mavi = Cli::command();
    let arguments = env::raw_args();
    let names = arguments.iter().skip(1).filter_map(|name| name.to_str());
    let meant = names
        .filter_map(|name| mavi.find_subcommand(name))
        .map(clap::Command::get_name)
        .next();
    meant.map_or_else(|| "mavi".to_owned(), |name| format!("mavi {name}"))
}

/// The flags that decide how a command line that does not parse is complained about.
#[derive(Default)]
struct EarlyFlags {
    color: ColorChoice,
    error_format: ErrorFormat,
}

impl EarlyFlags {
    fn of(arguments: &[OsString]) -> Self {
        let value = |flag: &str| {
            arguments.iter().enumerate().find_map(|(at, argument)| {
                match argument.to_str()?.strip_prefix(flag)? {
                    "" => arguments.get(at + 1)?.to_str(),
                    rest => rest.strip_prefix('='),
                }
            })
        };
        Self {
            color: value("--color")
                .and_then(ColorChoice::from_name)
                .unwrap_or_default(),
            error_format: value("--error-format")
                .and_then(ErrorFormat::from_name)
                .unwrap_or_default(),
        }
    }
}
