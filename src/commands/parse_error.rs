//! Reports a command line that does not parse: help and version go to stdout, anything else is a usage
//! error in the format that was asked for, with the command that was probably meant.

mod raw_args;

use clap::CommandFactory as _;
use clap::error::{self as parser, ContextKind, ContextValue};

use crate::cli::Cli;
use crate::config::env;
use crate::error::{self, Error, ErrorFormat, ErrorKind, ExitStatus};
use crate::output::to_stdout;
use crate::ui::{ColorChoice, Reporter, Terminal};

use super::video_ids;
use raw_args::{last_value, subcommand_name};

/// Prints the help or the error, and returns the exit status.
#[must_use]
pub fn report_parse_error(error: &clap::Error) -> ExitStatus {
    let arguments = env::raw_args();
    let color = last_value(&arguments, "--color").and_then(ColorChoice::from_name);
    let format = last_value(&arguments, "--error-format").and_then(ErrorFormat::from_name);
    let (color, format) = (color.unwrap_or_default(), format.unwrap_or_default());
    let terminal = Terminal::detect(color);
    let reporter = Reporter::new(terminal.stderr, false, format);
    let text = error.render();
    if !error.use_stderr() {
        let text = if terminal.stdout.colour {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        return match to_stdout(|out| out.write_all(text.as_bytes())) {
            Err(chain) if !error::is_closed_pipe(&chain) => {
                let error = Error::from_anyhow(&chain);
                reporter.error(&error);
                error.kind.exit()
            }
            _ => ExitStatus::SUCCESS,
        };
    }
    let text = text.to_string();
    if error.kind() == parser::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        reporter.always(text.trim_end());
    } else {
        let subcommand = subcommand_name(&Cli::command(), &arguments);
        reporter.error(&usage_error(error, &text, subcommand.as_deref(), format));
    }
    ErrorKind::Usage.exit()
}

/// Converts a parser's error: its first paragraph is the reason; tips may follow, then the usage,
/// which only people get to see.
fn usage_error(
    error: &clap::Error,
    text: &str,
    subcommand: Option<&str>,
    format: ErrorFormat,
) -> Error {
    let mut paragraphs = text.split("\n\n").map(str::trim);
    let reason = paragraphs.next().unwrap_or_default();
    let reason = without_hidden(reason.trim_start_matches("error: "));
    // The usage of a wrong value is that of `mavi`, where the flag is one of a key.
    let is_wrong_value = error.kind() == parser::ErrorKind::ValueValidation;
    let shows_usage = format == ErrorFormat::Human && !is_wrong_value;
    let mut usage = String::new();
    let mut hint = subcommand.map_or_else(
        || "for help, run: mavi --help".to_owned(),
        |subcommand| format!("for help, run: mavi {subcommand} --help"),
    );
    for paragraph in paragraphs {
        if let Some(tip) = paragraph.strip_prefix("tip: ") {
            // That an unknown flag could be a value after `--` is never what was meant.
            if !tip.starts_with("to pass ") {
                hint = tip.replace("\n  tip: ", "; ");
            }
        } else if paragraph.starts_with("Usage: ") && shows_usage {
            usage = format!("\n{paragraph}");
        }
    }
    let invalid = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand];
    let invalid = invalid.into_iter().find_map(|kind| error.get(kind));
    if let Some(ContextValue::String(word)) = invalid {
        let meant = meant(word, error.kind(), subcommand);
        hint = meant.unwrap_or(hint);
    }
    let mut failure = Error::usage(format!("{reason}{usage}")).with_hint(hint);
    let is_subcommand = error.kind() == parser::ErrorKind::InvalidSubcommand;
    if is_subcommand && invalid == Some(&ContextValue::String("status".to_owned())) {
        failure = failure.with_second_hint("to see the login, run: mavi auth status");
    }
    failure
}

/// Returns the reason with a list of subcommands without those that are hidden.
fn without_hidden(reason: &str) -> String {
    let mavi = Cli::command();
    let hidden = mavi
        .get_subcommands()
        .filter(|command| command.is_hide_set());
    hidden.fold(reason.to_owned(), |reason, command| {
        reason
            .replace(&format!(", {}]", command.get_name()), "]")
            .replace(&format!(", {},", command.get_name()), ",")
    })
}

/// Returns what was probably meant by a word that the parser does not know.
fn meant(word: &str, kind: parser::ErrorKind, subcommand: Option<&str>) -> Option<String> {
    let hint = match (word, kind) {
        ("--token", _) => TOKEN_ADVICE.to_owned(),
        (_, parser::ErrorKind::InvalidSubcommand) => match word {
            "list" | "ls" => "to list the submitted tasks, run: mavi tasks".to_owned(),
            "status" => "to list tasks, run: mavi tasks".to_owned(),
            "login" => "to log in, run: mavi auth login".to_owned(),
            "logout" => "to log out, run: mavi auth logout".to_owned(),
            _ => video_ids::advice(word)?,
        },
        _ if subcommand == Some("sandbox") && !word.starts_with('-') => {
            format!("put `--` before the command: mavi sandbox -- {word} …")
        }
        _ => return None,
    };
    Some(hint)
}

const TOKEN_ADVICE: &str = "arguments show in process lists: log in with `mavi auth login`, set MAVI_TOKEN, or write the token \
                            to the configuration file with `mavi config init --token-stdin`";
