//! The commands for setup: configuration, doctor, completion scripts and man pages.

use std::ffi::OsString;
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
Run the lines of your shell once, and start a new shell. Completed are commands,
flags, their values, files, the profiles of the configuration file, and the
tasks and videos that are recorded on this machine.

Examples:
  mkdir -p ~/.local/share/mavi ~/.config/fish/completions
  mavi completions bash > ~/.local/share/mavi/mavi.bash
  echo '. ~/.local/share/mavi/mavi.bash' >> ~/.bashrc
  mavi completions zsh > ~/.local/share/mavi/_mavi
  echo '. ~/.local/share/mavi/_mavi' >> ~/.zshrc
  mavi completions fish > ~/.config/fish/completions/mavi.fish
  mkdir -p ~/.config/elvish
  echo 'eval (mavi completions elvish | slurp)' >> ~/.config/elvish/rc.elv

PowerShell:
  New-Item -ItemType Directory -Force (Split-Path $PROFILE)
  Add-Content $PROFILE 'mavi completions powershell | Out-String | iex'")]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// `mavi __complete`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints one word per line, after a tab its description. A line `:files` or
`:directories` stands for the names of such. Prints nothing on stderr.

Examples:
  mavi __complete --word=su --
  mavi __complete --word= -- get --format")]
pub struct Complete {
    /// The word at the cursor, as far as it is typed
    #[arg(
        long,
        value_name = "WORD",
        allow_hyphen_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub word: OsString,
    /// The words before it, without the name of the program
    #[arg(last = true, value_name = "WORD")]
    pub words: Vec<OsString>,
}

/// `mavi man`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Each command has its own page. Without a directory, prints all pages one after
the other. Where ~/.local/bin is in PATH, man finds pages in ~/.local/share/man
without -M.

Examples:
  mavi man ~/.local/share/man/man1
  man -M ~/.local/share/man mavi-submit
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
