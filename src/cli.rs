//! The command line: argument types and help texts, nothing else. Completions, man pages and the
//! help snapshots are made from these types.
//!
//! House rules: short flags are spelled out, long flags follow the field's name; the first paragraph
//! of a help text is a phrase without a full stop, and all that `-h` shows, which fits a screen; what
//! most runs do not need is in `--help` alone; defaults that a configuration key can change name the
//! key; environment variables are read in `config`, where an empty one counts as unset.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are help texts, not Markdown"
)]

mod address;
mod listen;
mod sandbox;
mod setup;
mod tasks;
mod values;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueHint};

pub use listen::Listen;
pub use sandbox::Sandbox;
pub use setup::{Completions, Config, ConfigAction, Doctor, Man};
pub use tasks::{StatusFilter, TasksArgs, TasksFormat};

use values::{named, number};

use crate::duration;
use crate::error::ErrorFormat;
use crate::ids::TranscriptionType;
use crate::render::Format;
use crate::terminal::ColorChoice;
use crate::transcript::TimeUnit;

/// Transcribe videos with the MAVI API of Memories.ai
#[derive(Debug, Parser)]
#[command(
    name = "mavi",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    infer_long_args = false,
    after_help = TOP_SHORT,
    after_long_help = format!("{TOP_EXAMPLES}\n\n{TOP_REFERENCE}"),
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const TOP_SHORT: &str = "\
Examples:
  mavi submit VI605961375402668032 --wait -o talk.srt
  mavi sandbox -- mavi submit mavi_video_demo --wait   no account needed";

const TOP_EXAMPLES: &str = "\
Examples:
  mavi submit VI605961375402668032 --type audio --wait -o talk.srt
  TASK=$(mavi submit \"$VIDEO\" --type video) && mavi wait \"$TASK\" -f vtt
  mavi sandbox -- mavi submit mavi_video_demo --wait   no account needed
  mavi doctor                                          find out what is wrong";

const TOP_REFERENCE: &str = "\
Environment:
  MAVI_TOKEN      the access token
  MAVI_BASE_URL   the service's address
  MAVI_CONFIG     the configuration file
  MAVI_PROFILE    the profile in it
  MAVI_FORMAT     the default output format
  HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, NO_COLOR, CLICOLOR_FORCE: as usual

Files:
  mavi/config.toml     settings; `mavi config path` says in which folder
  mavi/journal.jsonl   what `mavi tasks` lists, in the user's state folder

Exit status:
  0         all that was asked for was done
  1         a file could not be written, or something unforeseen happened
  2         wrong arguments or configuration; nothing was sent
  3         the service says that the transcription failed
  4         no token, or the service refuses it
  5         the service refuses the request, or its reply makes no sense
  6         still over the rate limit after the retries
  7         no connection, no answer in time, or a server error
  8         not finished yet
  130, 143  interrupted";

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Read this configuration file [env: MAVI_CONFIG]
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Use this profile of the configuration file [env: MAVI_PROFILE]
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME", value_hint = ValueHint::Other)]
    pub profile: Option<String>,
    /// Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]
    #[arg(long, global = true, hide_short_help = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub base_url: Option<String>,
    /// Give one request at most this long [key: request_timeout, 1m]
    #[arg(long, global = true, hide_short_help = true, value_name = "DUR", value_hint = ValueHint::Other,
          value_parser = duration::parse, allow_negative_numbers = true)]
    pub request_timeout: Option<Duration>,
    /// Try a failed call again up to N times [key: retries, 3]
    #[arg(long, global = true, hide_short_help = true, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<u32>)]
    pub retries: Option<u32>,
    /// Make up to N calls of a kind at the same time [key: jobs, 4]
    #[arg(short = 'j', long, global = true, hide_short_help = true, value_name = "N", value_hint = ValueHint::Other, value_parser = number::<usize>)]
    pub jobs: Option<usize>,
    /// Say nothing on stderr but errors
    #[arg(short = 'q', long, global = true, hide_short_help = true)]
    pub quiet: bool,
    /// Show each request and reply on stderr, without the token
    #[arg(
        short = 'v',
        long,
        global = true,
        hide_short_help = true,
        conflicts_with = "quiet"
    )]
    pub verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto",
          hide_default_value = true, hide_short_help = true,
          value_parser = named(ColorChoice::ALL.map(ColorChoice::name), ColorChoice::from_name))]
    pub color: ColorChoice,
    /// How errors are printed; `json` is one object a line
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human",
          hide_default_value = true, hide_short_help = true,
          value_parser = named(ErrorFormat::ALL.map(ErrorFormat::name), ErrorFormat::from_name))]
    pub error_format: ErrorFormat,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Submit videos for transcription
    Submit(Submit),
    /// Ask once for the transcription of tasks
    Get(Get),
    /// Wait for tasks to end and print each transcription
    Wait(Wait),
    /// Convert a saved JSON transcription to another format
    Convert(Convert),
    /// Receive the callbacks of the service
    Listen(Listen),
    /// List the tasks that were submitted from this machine
    Tasks(TasksArgs),
    /// Try mavi with no account, against a stand-in of the API
    Sandbox(Sandbox),
    /// Show or create the configuration
    Config(Config),
    /// Find out what is wrong: settings, token, network or service
    Doctor(Doctor),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the man pages, or write them into a folder
    #[command(hide = true)]
    Man(Man),
}

/// `mavi submit`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints one task number a line, in the order of the videos, and nothing else.

Examples:
  TASK=$(mavi submit \"$VIDEO\" --type audio)
  cut -f1 videos.tsv | mavi submit --type audio,video -
  mavi submit VI605961375402668032 --wait -f srt,json -o '{videoNo}.{ext}'")]
pub struct Submit {
    /// Video numbers; `-` reads them from stdin, one a line
    #[arg(required = true, value_name = "VIDEO_NO", value_hint = ValueHint::Other)]
    pub videos: Vec<OsString>,
    /// What to transcribe: what is said, or what is seen
    ///
    /// Both, separated by a comma or in two flags, are two tasks a video. [key: submit.type, audio]
    #[arg(short = 't', long = "type", value_name = "TYPE", value_delimiter = ',',
          value_parser = named(TranscriptionType::ALL.map(TranscriptionType::name), TranscriptionType::from_name))]
    pub types: Vec<TranscriptionType>,
    /// Have the service POST each result to this address
    ///
    /// [key: submit.callback]
    #[arg(long, value_name = "URL", conflicts_with = "listen", value_hint = ValueHint::Url)]
    pub callback: Option<String>,
    /// Do not pay again for what is on record
    ///
    /// Where the same video and type were submitted to the same host before, and did not fail, the
    /// task of that time is printed in place of a new one: a script that is run again stays cheap.
    #[arg(long)]
    pub reuse: bool,
    /// Wait, and print what `mavi wait` would print
    #[arg(short = 'w', long)]
    pub wait: bool,
    /// How to wait.
    #[command(flatten)]
    pub waiting: Waiting,
    /// How to print.
    #[command(flatten)]
    pub output: Output,
}

/// `mavi get`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
An unfinished task is exit status 8. With -f json its state is printed all the
same.

Examples:
  mavi get \"$TASK\" -o talk.srt
  mavi get \"$TASK\" -f json | jq -r .status")]
pub struct Get {
    /// Task numbers; `-` reads them from stdin, one a line
    #[arg(required = true, value_name = "TASK_NO", value_hint = ValueHint::Other)]
    pub tasks: Vec<OsString>,
    /// How to print.
    #[command(flatten)]
    pub output: Output,
}

/// `mavi wait`.
#[derive(Args, Debug)]
#[command(override_usage = "\
mavi wait [OPTIONS] <TASK_NO>...
       mavi wait [OPTIONS] --last
       mavi wait [OPTIONS] --pending")]
#[command(after_long_help = "\
Each transcription is printed as its task ends. On a timeout (exit status 8) or
Ctrl-C (130) the command that goes on where this one stopped is printed; nothing
is lost.

Examples:
  mavi wait \"$TASK\" --timeout 2h -o talk.vtt
  mavi wait - -f srt -o 'captions/{videoNo}.{ext}' < tasks.txt")]
pub struct Wait {
    /// Task numbers; `-` reads them from stdin, one a line
    #[arg(required_unless_present_any = ["last", "pending"], value_name = "TASK_NO",
          value_hint = ValueHint::Other)]
    pub tasks: Vec<OsString>,
    /// Wait for the task that was submitted last
    #[arg(long, conflicts_with_all = ["tasks", "pending"])]
    pub last: bool,
    /// Wait for every unfinished task on record
    #[arg(long, conflicts_with = "tasks")]
    pub pending: bool,
    /// How to wait.
    #[command(flatten)]
    pub waiting: Waiting,
    /// How to print.
    #[command(flatten)]
    pub output: Output,
}

/// How to wait for tasks.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Waiting")]
pub struct Waiting {
    /// Stop waiting after this long; 0 never stops
    ///
    /// The command that goes on is printed then. [key: wait.timeout, 1h]
    #[arg(long, value_name = "DUR", value_hint = ValueHint::Other, value_parser = duration::parse, allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
    /// Ask about a task this often, not at intervals that grow with its age [key: wait.interval]
    #[arg(long, hide_short_help = true, value_name = "DUR", value_hint = ValueHint::Other,
          value_parser = duration::parse, allow_negative_numbers = true)]
    pub interval: Option<Duration>,
    /// Receive callbacks at this address, and poll only as a safety net
    #[arg(long, hide_short_help = true, value_name = "ADDR", value_hint = ValueHint::Other,
          value_parser = address::parse)]
    pub listen: Option<SocketAddr>,
    /// How the service reaches that address
    ///
    /// The address of a tunnel or a reverse proxy that leads here; a path prefix is kept.
    #[arg(long, hide_short_help = true, value_name = "URL", requires = "listen", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,
    /// Keep the secret path of --listen in this file
    ///
    /// It is made where it does not exist. A later run with the same file and address is called by
    /// the tasks of this one.
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "listen", value_hint = ValueHint::FilePath)]
    pub path_secret_file: Option<PathBuf>,
}

/// How to print transcriptions.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output options")]
pub struct Output {
    /// Print in this format
    ///
    /// Without it, the extension of -o says. Several, separated by commas, need `{ext}` in -o.
    /// [env: MAVI_FORMAT] [key: output.format, table]
    #[arg(short = 'f', long = "format", value_name = "FORMAT", value_delimiter = ',',
          value_parser = named(Format::ALL.map(Format::name), Format::from_name))]
    pub formats: Vec<Format>,
    /// Write to a file such as talk.srt or '{videoNo}.{ext}'
    ///
    /// {taskNo}, {videoNo}, {type} and {ext} are filled in. Missing folders are made; a file appears
    /// whole or not at all. `-` is stdout.
    #[arg(short = 'o', long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Leave files that exist alone
    #[arg(long, hide_short_help = true)]
    pub no_clobber: bool,
    /// The unit of the service's times [key: time_unit, seconds]
    #[arg(long, hide_short_help = true, value_name = "UNIT",
          value_parser = named(TimeUnit::ALL.map(TimeUnit::name), TimeUnit::from_name))]
    pub time_unit: Option<TimeUnit>,
    /// Make readable cues of long segments (srt, vtt)
    #[arg(long)]
    pub reflow: bool,
    /// The limits of --reflow.
    #[command(flatten)]
    pub limits: CaptionLimits,
}

/// What `--reflow` keeps to.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Limits of --reflow")]
pub struct CaptionLimits {
    /// The longest line, in columns [key: captions.max_line_width, 42]
    #[arg(long, hide_short_help = true, value_name = "N", requires = "reflow",
          value_hint = ValueHint::Other, value_parser = number::<usize>)]
    pub max_line_width: Option<usize>,
    /// The most lines of a cue [key: captions.max_lines, 2]
    #[arg(long, hide_short_help = true, value_name = "N", requires = "reflow",
          value_hint = ValueHint::Other, value_parser = number::<usize>)]
    pub max_lines: Option<usize>,
    /// The most characters a second [key: captions.max_cps, 20]
    #[arg(long, hide_short_help = true, value_name = "N", requires = "reflow",
          value_hint = ValueHint::Other, value_parser = number::<u32>)]
    pub max_cps: Option<u32>,
    /// The shortest time of a cue [key: captions.min_duration, 833ms]
    #[arg(long, hide_short_help = true, value_name = "DUR", requires = "reflow",
          value_hint = ValueHint::Other, value_parser = duration::parse)]
    pub min_duration: Option<Duration>,
    /// The longest time of a cue [key: captions.max_duration, 7s]
    #[arg(long, hide_short_help = true, value_name = "DUR", requires = "reflow",
          value_hint = ValueHint::Other, value_parser = duration::parse)]
    pub max_duration: Option<Duration>,
    /// The least time between two cues [key: captions.min_gap, 83ms]
    #[arg(long, hide_short_help = true, value_name = "DUR", requires = "reflow",
          value_hint = ValueHint::Other, value_parser = duration::parse)]
    pub min_gap: Option<Duration>,
}

/// `mavi convert`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Needs no network and no token. Reads what -f json or -f jsonl wrote, a whole
reply of the API, its data object, or a bare list of segments; one or many.

Examples:
  mavi convert talk.json -o talk.srt
  mavi wait \"$TASK\" -f json | tee talk.json | mavi convert -f vtt")]
pub struct Convert {
    /// The file; `-` is stdin
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true, value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// How to print.
    #[command(flatten)]
    pub output: Output,
}
