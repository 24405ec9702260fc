//! The command line: argument types and help texts, nothing else. Completions, man pages and the
//! help snapshots are made from these types.
//!
//! House rules: short flags are spelled out, long flags follow the field's name; the first line of
//! a help text is a phrase without a full stop; defaults that a configuration key can change name
//! the key; environment variables are read in `config`, where an empty one counts as unset.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are help texts, not Markdown"
)]

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::duration;
use crate::error::ErrorFormat;
use crate::render::Format;
use crate::sandbox::{Faults, RateLimits};
use crate::task::TranscriptionType;
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
    after_help = TOP_EXAMPLES,
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

const TOP_EXAMPLES: &str = "\
Examples:
  mavi submit VI605961375402668032 --type audio --wait -o talk.srt
  TASK=$(mavi submit \"$VIDEO\" --type video) && mavi wait \"$TASK\" -f json | jq .transcriptions
  mavi sandbox -- mavi submit mavi_video_demo --wait      try it, no account needed";

const TOP_REFERENCE: &str = "\
Environment:
  MAVI_TOKEN      the access token
  MAVI_BASE_URL   the service's address
  MAVI_CONFIG     the configuration file
  MAVI_PROFILE    the profile in it
  MAVI_FORMAT     the default output format
  HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, NO_COLOR, CLICOLOR_FORCE as usual

Exit status:
  0 done   1 file or internal error   2 usage or configuration   3 transcription failed
  4 authentication   5 refused by the API   6 rate limit   7 network   8 not finished yet
  130, 143 interrupted";

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Read this configuration file [env: MAVI_CONFIG]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Use this profile of the configuration file [env: MAVI_PROFILE]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Talk to the service at this address [env: MAVI_BASE_URL] [key: base_url]
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub base_url: Option<String>,
    /// Give one request at most this long [key: request_timeout, 60s]
    #[arg(long, global = true, value_name = "DUR", value_parser = duration::parse)]
    pub request_timeout: Option<Duration>,
    /// Try a failed call again up to N times [key: retries, 3]
    #[arg(long, global = true, value_name = "N")]
    pub retries: Option<u32>,
    /// Make up to N calls at the same time [key: jobs, 4]
    #[arg(short = 'j', long, global = true, value_name = "N")]
    pub jobs: Option<usize>,
    /// Say nothing on stderr but errors
    #[arg(short = 'q', long, global = true)]
    pub quiet: bool,
    /// Show each request and reply on stderr, without the token
    #[arg(short = 'v', long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_default_value = true,
          value_parser = named(ColorChoice::ALL.map(ColorChoice::name), ColorChoice::from_name))]
    pub color: ColorChoice,
    /// How errors are printed; `json` is one object a line
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human", hide_default_value = true,
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
    Tasks(Tasks),
    /// Try mavi without an account, against a stand-in of the API on this machine
    Sandbox(Sandbox),
    /// Show or create the configuration
    Config(Config),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the man pages
    #[command(hide = true)]
    Man,
}

/// `mavi submit`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints one task number a line, in the order of the videos, and nothing else:
  TASK=$(mavi submit \"$VIDEO\" --type audio)
  cut -f1 videos.tsv | mavi submit --type audio,video -
  mavi submit VI605961375402668032 --wait -f srt,json -o '{videoNo}.{ext}'")]
pub struct Submit {
    /// Video numbers; `-` reads them from stdin, one a line
    #[arg(required = true, value_name = "VIDEO_NO")]
    pub videos: Vec<OsString>,
    /// What to transcribe; can be repeated [key: submit.type, audio]
    #[arg(short = 't', long = "type", value_name = "TYPE", value_delimiter = ',',
          value_parser = named(TranscriptionType::ALL.map(TranscriptionType::name), TranscriptionType::from_name))]
    pub types: Vec<TranscriptionType>,
    /// Have the service POST each result to this address [key: submit.callback]
    #[arg(long, value_name = "URL", conflicts_with = "listen", value_hint = ValueHint::Url)]
    pub callback: Option<String>,
    /// Print the task that is on record for the same video and type in place of paying again
    #[arg(long)]
    pub reuse: bool,
    /// Wait for the tasks and print what `mavi wait` would print
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
An unfinished task is exit status 8. With -f json its state is printed all the same:
  mavi get \"$TASK\" -f json | jq -r .status")]
pub struct Get {
    /// Task numbers; `-` reads them from stdin, one a line
    #[arg(required = true, value_name = "TASK_NO")]
    pub tasks: Vec<OsString>,
    /// How to print.
    #[command(flatten)]
    pub output: Output,
}

/// `mavi wait`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Each transcription is printed as its task ends. On a timeout (exit status 8) or Ctrl-C (130) the
command that goes on where this one stopped is printed; nothing is lost:
  mavi wait \"$TASK\" --timeout 2h -o talk.vtt
  mavi wait - -f srt -o 'captions/{videoNo}.{ext}' < tasks.txt")]
pub struct Wait {
    /// Task numbers; `-` reads them from stdin, one a line
    #[arg(required_unless_present_any = ["last", "pending"], value_name = "TASK_NO")]
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
    /// Stop waiting after this long; 0 never stops [key: wait.timeout, 1h]
    #[arg(long, value_name = "DUR", value_parser = duration::parse)]
    pub timeout: Option<Duration>,
    /// Ask about a task this often, not at intervals that grow with its age [key: wait.interval]
    #[arg(long, value_name = "DUR", value_parser = duration::parse)]
    pub interval: Option<Duration>,
    /// Receive callbacks at this address, and poll only as a safety net
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// How the service reaches that address: through a tunnel or a reverse proxy
    #[arg(long, value_name = "URL", requires = "listen", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,
}

/// How to print transcriptions.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output options")]
pub struct Output {
    /// Print in this format; several, separated by commas, need `{ext}` in -o [env: MAVI_FORMAT]
    /// [key: output.format, table]
    #[arg(short = 'f', long = "format", value_name = "FORMAT", value_delimiter = ',',
          value_parser = named(Format::ALL.map(Format::name), Format::from_name))]
    pub formats: Vec<Format>,
    /// Write to this file; {taskNo}, {videoNo}, {type} and {ext} are filled in; `-` is stdout
    #[arg(short = 'o', long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Leave files that exist alone
    #[arg(long)]
    pub no_clobber: bool,
    /// The unit of the service's times [key: time_unit, seconds]
    #[arg(long, value_name = "UNIT",
          value_parser = named(TimeUnit::ALL.map(TimeUnit::name), TimeUnit::from_name))]
    pub time_unit: Option<TimeUnit>,
    /// Turn long segments into cues that people can read (srt and vtt)
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
    #[arg(long, value_name = "N", requires = "reflow")]
    pub max_line_width: Option<usize>,
    /// The most lines of a cue [key: captions.max_lines, 2]
    #[arg(long, value_name = "N", requires = "reflow")]
    pub max_lines: Option<usize>,
    /// The most characters a second [key: captions.max_cps, 20]
    #[arg(long, value_name = "N", requires = "reflow")]
    pub max_cps: Option<u32>,
    /// The shortest time of a cue [key: captions.min_duration, 833ms]
    #[arg(long, value_name = "DUR", requires = "reflow", value_parser = duration::parse)]
    pub min_duration: Option<Duration>,
    /// The longest time of a cue [key: captions.max_duration, 7s]
    #[arg(long, value_name = "DUR", requires = "reflow", value_parser = duration::parse)]
    pub max_duration: Option<Duration>,
    /// The least time between two cues [key: captions.min_gap, 83ms]
    #[arg(long, value_name = "DUR", requires = "reflow", value_parser = duration::parse)]
    pub min_gap: Option<Duration>,
}

/// `mavi convert`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Needs no network and no token. Reads what -f json or -f jsonl wrote, a whole reply of the API, its
data object, or a bare list of segments; one or many:
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

/// `mavi listen`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Prints the address to give as --callback, with a path that nobody can guess, and delivers each
result that the service POSTs there:
  mavi listen --public-url https://ci.example.com/mavi -f srt -o '{taskNo}.{ext}'
Only results of tasks on record here are taken, unless --any or --verify says otherwise.")]
pub struct Listen {
    /// Listen on this address
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787")]
    pub addr: SocketAddr,
    /// How the service reaches that address: through a tunnel or a reverse proxy
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,
    /// Keep the secret path in this file, so that a restart does not change the address
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub path_secret_file: Option<PathBuf>,
    /// Stop after N results
    #[arg(long, value_name = "N")]
    pub count: Option<usize>,
    /// Stop after this long
    #[arg(long, value_name = "DUR", value_parser = duration::parse)]
    pub timeout: Option<Duration>,
    /// Ask the service for each result again, and use its answer
    #[arg(long)]
    pub verify: bool,
    /// Take results of tasks that are not on record here too
    #[arg(long)]
    pub any: bool,
    /// How to print.
    #[command(flatten)]
    pub output: Output,
}

/// `mavi tasks`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
The service has no list of tasks; this one is kept on this machine, for every submit:
  mavi tasks --status pending --format ids | mavi wait - -o '{videoNo}.{ext}' -f srt
A submit whose answer never came is `unknown`: it may have been accepted, and paid for.")]
pub struct Tasks {
    /// Show only tasks of this status
    #[arg(
        long,
        value_name = "STATUS",
        value_enum,
        default_value = "all",
        hide_default_value = true
    )]
    pub status: StatusFilter,
    /// Print in this format
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "table",
        hide_default_value = true
    )]
    pub format: TasksFormat,
    /// Forget the tasks that ended longer ago than this
    #[arg(long, value_name = "DUR", value_parser = duration::parse)]
    pub prune: Option<Duration>,
}

/// Which tasks `mavi tasks` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum StatusFilter {
    Pending,
    Finished,
    Failed,
    Unknown,
    All,
}

/// How `mavi tasks` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum TasksFormat {
    Table,
    Json,
    Jsonl,
    Ids,
}

/// `mavi sandbox`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
With a command, runs it with MAVI_BASE_URL and MAVI_TOKEN set and this mavi first on PATH, and
exits with its status:
  mavi sandbox -- ./nightly.sh
Without one, prints two export lines and serves until it is interrupted.

Faults, each with its probability:
  http-500:P http-503:P reset:P slow:DUR:P html:P truncate:P drop-after-accept:P    requests
  fail:P                                                                            tasks
  callback-lose:P callback-duplicate:P callback-delay:DUR:P callback-reorder:P      callbacks")]
pub struct Sandbox {
    /// Listen on this address; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub addr: SocketAddr,
    /// How long a task takes
    #[arg(long, value_name = "DUR", default_value = "3s", value_parser = duration::parse)]
    pub delay: Duration,
    /// Answer with the transcriptions in this folder, one <videoNo>.json a video
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub transcripts: Option<PathBuf>,
    /// Keep the service's rate limits: `documented`, `off`, or calls a minute such as 500,200,500
    /// for audio submits, video submits and gets
    #[arg(long, value_name = "LIMITS", default_value = "off")]
    pub rate_limits: RateLimits,
    /// Go wrong now and then, such as `http-500:0.1,slow:2s:0.1`; see `mavi help sandbox`
    #[arg(long, value_name = "SPEC", default_value_t, hide_default_value = true)]
    pub fault: Faults,
    /// Make the same choices in every run
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Send callbacks to other machines too, not only to this one
    #[arg(long)]
    pub callbacks_anywhere: bool,
    /// A command to run against the sandbox, with its arguments
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
}

/// `mavi config`.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true)]
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

/// `mavi completions`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Where the script goes:
  bash         mavi completions bash > ~/.local/share/bash-completion/completions/mavi
  zsh          mavi completions zsh > ~/.zfunc/_mavi    (with ~/.zfunc in fpath, before compinit)
  fish         mavi completions fish > ~/.config/fish/completions/mavi.fish
  powershell   mavi completions powershell >> $PROFILE
  elvish       mavi completions elvish >> ~/.config/elvish/rc.elv")]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// A parser for the names of one of our own enums, so that they need not know clap.
fn named<const N: usize, T: Clone + Send + Sync + 'static>(
    names: [&'static str; N],
    from_name: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(move |name| from_name(&name).ok_or("not a known name"))
}
