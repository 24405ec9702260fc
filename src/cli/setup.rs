//! The commands for setup: configuration, doctor, completion scripts and man pages.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use clap_complete::Shell;

/// `mavi config`.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  mavi config init                                   create the file
  pass show mavi | mavi config init --token-stdin    create it with the token
  mavi config show --profile work                    print the settings in force")]
pub struct Config {
    /// The action.
    #[command(subcommand)]
    pub action: ConfigAction,
}

/// The actions of `mavi config`.
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Print the path of the configuration file
    Path,
    /// Print all settings and where they come from
    Show,
    /// Create a commented configuration file that only you can read
    Init {
        /// Read a token from stdin (prompts on a terminal) and write it to the file
        #[arg(long)]
        token_stdin: bool,
        /// Replace an existing file
        #[arg(long)]
        force: bool,
    },
}

/// `mavi doctor`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Runs the checks that a request depends on, one per line: config, token, proxy,
name, tcp, tls, clock, api. The first failure decides the exit status, and its
error says how to fix it. Nothing is submitted; to check the token, the API is
asked for a task that cannot exist.

Examples:
  mavi doctor
  mavi doctor --profile work --error-format json")]
pub struct Doctor {}

/// `mavi completions`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Write the script to a directory in which the shell looks for completions. For
zsh that is any directory in fpath, such as ~/.zfunc after `fpath+=~/.zfunc`,
which must come before compinit in ~/.zshrc.

Examples:
  mkdir -p ~/.local/share/bash-completion/completions
  mavi completions bash > ~/.local/share/bash-completion/completions/mavi
  mkdir -p ~/.zfunc
  mavi completions zsh > ~/.zfunc/_mavi
  mkdir -p ~/.config/fish/completions
  mavi completions fish > ~/.config/fish/completions/mavi.fish
  mavi completions powershell >> $PROFILE
  mavi completions elvish >> ~/.config/elvish/rc.elv")]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// `mavi man`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Each command has its own page. Without a directory, prints all pages one after
the other.

Examples:
  mavi man ~/.local/share/man/man1 && man mavi-submit
  mavi man | man -l -")]
pub struct Man {
    /// Write the pages to this directory: mavi.1, mavi-submit.1 and so on
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}

/// `mavi help`.
#[derive(Args, Debug)]
pub struct Help {
    /// The command
    #[arg(value_name = "COMMAND", value_hint = ValueHint::Other)]
    pub command: Vec<String>,
}
