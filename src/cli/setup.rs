//! The commands that set `mavi` up: configuration, doctor, completion scripts and man pages.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use clap_complete::Shell;

/// `mavi config`.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  mavi config init                                   a file to begin with
  pass show mavi | mavi config init --token-stdin    one with the token
  mavi config show --profile work                    what is in force")]
pub struct Config {
    /// What to do.
    #[command(subcommand)]
    pub action: ConfigAction,
}

/// The actions of `mavi config`.
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Print where the configuration file is
    Path,
    /// Print every setting and where it came from
    Show,
    /// Write a commented configuration file that only you can read
    Init {
        /// Read a token from stdin and put it into the file
        #[arg(long)]
        token_stdin: bool,
        /// Replace a file that exists
        #[arg(long)]
        force: bool,
    },
}

/// `mavi doctor`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints one line a check: config, token, proxy, name, tcp, tls, clock, api. The
first check that fails decides the exit status, and its error says what to do.
Nothing is submitted; the API is asked for a task that cannot exist, to see
whether it takes the token.

Examples:
  mavi doctor
  mavi doctor --profile work --error-format json")]
pub struct Doctor {}

/// `mavi completions`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
The script goes where the shell looks for it: for bash into the folder below,
which may have to be made; for zsh into any folder in fpath, before compinit.

Examples:
  mkdir -p ~/.local/share/bash-completion/completions
  mavi completions bash > ~/.local/share/bash-completion/completions/mavi
  mavi completions zsh > ~/.zfunc/_mavi
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
Each command has a page of its own. Without a folder, all pages are printed one
after the other.

Examples:
  mavi man ~/.local/share/man/man1 && man mavi-submit
  mavi man | man -l -")]
pub struct Man {
    /// Write the pages into this folder: mavi.1, mavi-submit.1 and so on
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}
