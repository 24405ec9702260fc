//! The command line: argument types and help texts, nothing else. Completions, man pages and the
//! help snapshots are made from these types.
//!
//! House rules: short flags are spelled out, long flags follow the field's name; the first paragraph
//! of a help text is a phrase without a full stop, and all that `-h` shows, which fits a screen; what
//! most runs do not need is in `--help` alone. The flags of configuration keys come from the table of
//! keys ([`KeyFlags`]); environment variables are read in `config`, where an empty one is unset.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are help texts, not Markdown"
)]

mod address;
mod auth;
mod key_flags;
mod listen;
mod sandbox;
mod setup;
mod tasks;
mod transcribe;
mod upload;
mod values;
mod videos;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueHint};

pub use auth::{Auth, AuthAction, AuthFormat, AuthLogin, AuthStatus};
pub use key_flags::{
    CaptionKeys, GlobalKeys, KeyFlags, OutputKeys, SubmitKeys, TimeoutKeys, TypeKeys, WaitKeys,
};
pub use listen::Listen;
pub use sandbox::SandboxArgs;
pub use setup::{Complete, Completions, Config, ConfigAction, Doctor, Help, Man};
pub use tasks::{StatusFilter, TasksArgs, TasksFormat};
pub use transcribe::Transcribe;
pub use upload::{UploadArgs, UploadFormat};
pub use videos::{Delete, VideoStatusFilter, VideosArgs, VideosFormat};

use values::named;

use crate::config::Layer;
use crate::error::ErrorFormat;
use crate::render::Format;
use crate::ui::ColorChoice;

/// Transcribe videos with the MAVI API of Memories.ai
#[derive(Debug, Parser)]
#[command(
    name = "mavi",
    version,
    arg_required_else_help = true,
    args_override_self = true,
    max_term_width = 100,
    infer_long_args = false,
    disable_help_subcommand = true,
    disable_version_flag = true,
    disable_help_flag = true,
    // The usual one, with an example that takes one line: -h has to fit a screen.
    help_template = "{about-with-newline}\n{usage-heading}   {usage}\nExample: mavi transcribe talk.mp4 -o talk.srt\n\n{all-args}{after-help}",
    after_long_help = format!("{TOP_EXAMPLES}\n\n{TOP_REFERENCE}"),
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// Print version
    #[arg(short = 'V', long, action = ArgAction::Version, hide_short_help = true)]
    pub version: Option<bool>,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const TOP_EXAMPLES: &str = "\
Examples:
  mavi transcribe talk.mp4 -o talk.srt
  mavi transcribe *.mp4 -o '{stem}.srt' --reflow
  TASK=$(mavi submit \"$VIDEO\" --type video) && mavi wait \"$TASK\" -f vtt
  mavi sandbox -- mavi submit mavi_video_demo --wait   no account needed
  mavi doctor                                          check the setup";

const TOP_REFERENCE: &str = "\
Environment:
  MAVI_TOKEN      the access token
  MAVI_API_KEY    the API key, used only by `mavi auth login --listen`
  MAVI_BASE_URL   the base URL of the API
  MAVI_CONFIG     the configuration file
  MAVI_PROFILE    the profile to use
  MAVI_FORMAT     the default output format
  MAVI_STATE_DIR  the directory of the journal and of logins
  HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, NO_COLOR, CLICOLOR_FORCE: as usual

Files:
  mavi/config.toml     settings; `mavi config path` prints where
  mavi/journal.jsonl   the tasks that `mavi tasks` lists, in the state directory
  mavi/login-*.json    the tokens of `mavi auth login`, in the state directory

Exit status:
  0         success
  1         a file could not be read or written, an internal error, or several
            failures of different kinds
  2         wrong arguments or configuration; nothing was sent
  3         the service reports that the transcription failed
  4         no token, or the service refused it
  5         the service refused the request, or sent an unreadable reply
  6         still over the rate limit after the retries
  7         no connection, a timeout, or a server error
  8         not finished yet
  130, 143  interrupted";

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Configuration file [env: MAVI_CONFIG]
    #[arg(long, allow_hyphen_values = true, global = true, hide_short_help = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Profile of the configuration file [env: MAVI_PROFILE]
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME", value_hint = ValueHint::Other)]
    pub profile: Option<String>,
    /// The keys of the configuration that every command takes.
    #[command(flatten)]
    pub keys: GlobalKeys,
    /// Print only errors to stderr
    #[arg(short = 'q', long, global = true, hide_short_help = true)]
    pub quiet: bool,
    /// Print a line for each request and reply to stderr; never the token
    #[arg(
        short = 'v',
        long,
        global = true,
        hide_short_help = true,
        conflicts_with = "quiet"
    )]
    pub verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_short_help = true,
          value_parser = named(ColorChoice::ALL.map(ColorChoice::name), ColorChoice::from_name))]
    pub color: ColorChoice,
    /// Format of errors; `json` prints one object per line
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human", hide_short_help = true,
          value_parser = named(ErrorFormat::ALL.map(ErrorFormat::name), ErrorFormat::from_name))]
    pub error_format: ErrorFormat,
    // The one that -h shows of this section, so that its page says that there are more.
    /// Print help; `--help` shows all options, these too
    #[arg(short = 'h', long, global = true, action = ArgAction::Help, long_help = "Print help (-h: a summary)")]
    pub help: Option<bool>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Transcribe video files: upload, submit, wait, print
    Transcribe(Transcribe),
    /// Upload videos and print their IDs
    Upload(UploadArgs),
    /// Submit videos for transcription
    Submit(Submit),
    /// Fetch the transcriptions of tasks, without waiting
    Get(Get),
    /// Wait for tasks to finish and print each transcription
    Wait(Wait),
    /// Convert a saved JSON transcription to another format
    Convert(Convert),
    /// Receive callbacks from the service
    Listen(Listen),
    /// List the tasks submitted from this machine
    Tasks(TasksArgs),
    /// List the videos of the account
    Videos(VideosArgs),
    /// Delete videos permanently
    Delete(Delete),
    /// Log in, log out, and show the login
    Auth(Auth),
    /// Run a local stand-in for the API, to try mavi without an account
    Sandbox(SandboxArgs),
    /// Show or create the configuration
    Config(Config),
    /// Check settings, token, network and service
    Doctor(Doctor),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the words that complete a command line; the completion scripts call this
    #[command(name = "__complete", hide = true)]
    Complete(Complete),
    /// Print the man pages, or write them to a directory
    #[command(hide = true)]
    Man(Man),
    /// Print the help of a command
    #[command(hide = true)]
    Help(Help),
}

/// `mavi submit`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints one task ID per line, in the order of the videos, and nothing else. With
-f json, jsonl or table, prints the videos and types as well.

Examples:
  TASK=$(mavi submit \"$VIDEO\" --type audio)
  cut -f1 videos.tsv | mavi submit --type audio,video -
  mavi submit VI605961375402668032 --wait -f srt,json -o '{videoNo}.{ext}'")]
pub struct Submit {
    /// Video IDs; `-` reads them from stdin, one per line
    #[arg(required = true, value_name = "VIDEO_NO", value_hint = ValueHint::Other)]
    pub videos: Vec<OsString>,
    /// The types of transcription.
    #[command(flatten)]
    pub types: TypeKeys,
    /// The keys of the configuration about submits.
    #[command(flatten)]
    pub keys: SubmitKeys,
    /// Reuse tasks already submitted instead of paying again
    ///
    /// If the same video and type were submitted to the same service before, and did not fail, prints
    /// that task instead of submitting a new one. Makes scripts cheap to run again.
    #[arg(long)]
    pub reuse: bool,
    /// Wait and print the transcriptions, like `mavi wait`
    #[arg(short = 'w', long)]
    pub wait: bool,
    /// Print what would be done; send nothing
    #[arg(long, hide_short_help = true)]
    pub dry_run: bool,
    /// Options for waiting.
    #[command(flatten)]
    pub waiting: Waiting,
    /// Options for output.
    #[command(flatten)]
    pub output: OutputArgs,
}

impl Submit {
    /// Returns the values of keys that these flags give.
    #[must_use]
    pub fn layer(&self) -> Layer {
        let submit = self.types.layer().or(self.keys.layer());
        submit.or(self.waiting.layer()).or(self.output.layer())
    }
}

/// `mavi get`.
#[derive(Args, Debug)]
#[command(override_usage = "\
mavi get [OPTIONS] <TASK_NO>...
       mavi get [OPTIONS] --last
       mavi get [OPTIONS] --pending")]
#[command(after_long_help = "\
If a task is unfinished, the exit status is 8; -f json prints its state even
then.

Examples:
  mavi get \"$TASK\" -o talk.srt
  mavi get \"$TASK\" -f json | jq -r .status")]
pub struct Get {
    /// Task IDs; `-` reads them from stdin, one per line
    #[arg(required_unless_present_any = ["last", "pending"], value_name = "TASK_NO",
          value_hint = ValueHint::Other)]
    pub tasks: Vec<OsString>,
    /// Get the most recently submitted task
    #[arg(long, conflicts_with_all = ["tasks", "pending"])]
    pub last: bool,
    /// Get all pending tasks
    #[arg(long, conflicts_with = "tasks")]
    pub pending: bool,
    /// Options for output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `mavi wait`.
#[derive(Args, Debug)]
#[command(override_usage = "\
mavi wait [OPTIONS] <TASK_NO>...
       mavi wait [OPTIONS] --last
       mavi wait [OPTIONS] --pending")]
#[command(after_long_help = "\
Prints each transcription when its task finishes. On a timeout (exit status 8)
or Ctrl-C (130), prints the command that resumes the wait; nothing is lost.

Examples:
  mavi wait \"$TASK\" --timeout 2h -o talk.vtt
  mavi wait - -f srt -o 'captions/{videoNo}.{ext}' < tasks.txt")]
pub struct Wait {
    /// Task IDs; `-` reads them from stdin, one per line
    #[arg(required_unless_present_any = ["last", "pending"], value_name = "TASK_NO",
          value_hint = ValueHint::Other)]
    pub tasks: Vec<OsString>,
    /// Wait for the most recently submitted task
    #[arg(long, conflicts_with_all = ["tasks", "pending"])]
    pub last: bool,
    /// Wait for all pending tasks
    #[arg(long, conflicts_with = "tasks")]
    pub pending: bool,
    /// Options for waiting.
    #[command(flatten)]
    pub waiting: Waiting,
    /// Options for output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Options for waiting for tasks.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Waiting")]
pub struct Waiting {
    /// The timeout.
    #[command(flatten)]
    pub timeout: TimeoutKeys,
    /// The keys of the configuration about waiting.
    #[command(flatten)]
    pub keys: WaitKeys,
    /// Receive callbacks at this address, and poll only as a fallback
    #[arg(long, hide_short_help = true, value_name = "ADDR", value_hint = ValueHint::Other,
          value_parser = address::parse)]
    pub listen: Option<SocketAddr>,
    /// URL at which the service reaches that address
    ///
    /// The URL of a tunnel or a reverse proxy that leads here; a path prefix is kept.
    #[arg(long, hide_short_help = true, value_name = "URL", requires = "listen", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,
    /// File that stores the secret path of --listen
    ///
    /// Created if missing. Reusing it keeps the callback address, so a later run receives the results
    /// of tasks submitted by this one.
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "FILE", requires = "listen", value_hint = ValueHint::FilePath)]
    pub path_secret_file: Option<PathBuf>,
}

impl Waiting {
    /// Returns the values of keys that these flags give.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.timeout.layer().or(self.keys.layer())
    }
}

/// Options for printing transcriptions.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output options")]
pub struct OutputArgs {
    /// Format of results [default: table]
    ///
    /// With -o, defaults to its extension. To write several formats, separate them with commas and use
    /// {ext} in -o. [env: MAVI_FORMAT] [key: output.format]
    #[arg(short = 'f', long = "format", value_name = "FORMAT", value_delimiter = ',',
          value_parser = named(Format::ALL.map(Format::name), Format::from_name))]
    pub formats: Vec<Format>,
    /// Write to a file, such as talk.srt or '{videoNo}.{ext}'
    ///
    /// Placeholders: {taskNo}, {videoNo}, {type}, {ext}, and {stem}, the name of the video file without
    /// its extension. Creates missing directories; a file appears whole or not at all. `-` is stdout.
    #[arg(short = 'o', long, allow_hyphen_values = true, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Do not replace existing files
    #[arg(long, hide_short_help = true)]
    pub no_clobber: bool,
    /// Video or audio file that a web page plays (html)
    ///
    /// The captions follow as it plays. The page refers to the file by its path relative to the page.
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub media: Option<PathBuf>,
    /// The keys of the configuration about what is printed.
    #[command(flatten)]
    pub keys: OutputKeys,
    /// Split long segments into readable cues (srt, vtt, html)
    #[arg(long)]
    pub reflow: bool,
    /// The limits of --reflow.
    #[command(flatten)]
    pub limits: CaptionLimits,
}

impl OutputArgs {
    /// Returns the values of keys that these flags give.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.keys.layer().or(self.limits.keys.layer())
    }
}

/// The limits of `--reflow`.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Limits of --reflow")]
pub struct CaptionLimits {
    /// The keys of the configuration about captions.
    #[command(flatten)]
    pub keys: CaptionKeys,
}

/// `mavi convert`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Needs no network and no token. Reads the output of -f json or -f jsonl, an API
reply, its data object, or a list of segments; one or several.

Examples:
  mavi convert talk.json -o talk.srt
  mavi convert *.json -f vtt -o '{stem}.vtt'
  mavi wait \"$TASK\" -f json | tee talk.json | mavi convert -f vtt")]
pub struct Convert {
    /// JSON files; `-` is stdin
    #[arg(value_name = "FILE", default_value = "-", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Options for output.
    #[command(flatten)]
    pub output: OutputArgs,
}
