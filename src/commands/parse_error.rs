//! A command line that does not parse: help and version are results, anything else is a usage error
//! in the form that was asked for, with the command that was probably meant.

use std::ffi::OsString;

use clap::error::{self as parser, ContextKind, ContextValue};
use clap::{Command, CommandFactory as _};

use crate::cli::Cli;
use crate::config::env;
use crate::error::{self, Error, ErrorFormat, ErrorKind, ExitStatus};
use crate::output::to_stdout;
use crate::ui::{ColorChoice, Reporter, Terminal};

use super::videos;

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
    let reason = reason.trim_start_matches("error: ");
    let mut usage = String::new();
    let mut hint = subcommand.map_or_else(
        || "mavi --help".to_owned(),
        |subcommand| format!("mavi {subcommand} --help"),
    );
    for paragraph in paragraphs {
        if let Some(tip) = paragraph.strip_prefix("tip: ") {
            hint = tip.replace("\n  tip: ", "; ");
        } else if paragraph.starts_with("Usage: ") && format == ErrorFormat::Human {
            usage = format!("\n{paragraph}");
        }
    }
    let invalid = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand];
    let invalid = invalid.into_iter().find_map(|kind| error.get(kind));
    if let Some(ContextValue::String(word)) = invalid {
        let meant = meant(word, error.kind(), subcommand);
        hint = meant.unwrap_or(hint);
    }
    Error::usage(format!("{reason}{usage}")).with_hint(hint)
}

/// Returns what was probably meant by a word that the parser does not know.
fn meant(word: &str, kind: parser::ErrorKind, subcommand: Option<&str>) -> Option<String> {
    let hint = match (word, kind) {
        ("--token", _) => format!("arguments show in process lists, so {SET_TOKEN}"),
        (_, parser::ErrorKind::InvalidSubcommand) => match word {
            "list" | "ls" | "status" => "to list the submitted tasks, run: mavi tasks".to_owned(),
            "login" => SET_TOKEN.to_owned(),
            _ => videos::advice(word)?,
        },
        _ if subcommand == Some("sandbox") && !word.starts_with('-') => {
            format!("put `--` before the command: mavi sandbox -- {word} …")
        }
        _ => return None,
    };
    Some(hint)
}

const SET_TOKEN: &str = "set MAVI_TOKEN, or write the token to the configuration file with: mavi config init --token-stdin";

/// Returns the arguments before `--`, as far as they are text.
fn before_dashes(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    let arguments = arguments.iter().skip(1);
    arguments
        .take_while(|argument| *argument != "--")
        .map(|argument| argument.to_str().unwrap_or_default())
}

/// Returns the value that a flag has been given last.
fn last_value<'a>(arguments: &'a [OsString], flag: &str) -> Option<&'a str> {
    let mut arguments = before_dashes(arguments).peekable();
    let mut value = None;
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix(flag) {
            Some("") => value = arguments.peek().copied(),
            Some(rest) => value = rest.strip_prefix('=').or(value),
            None => {}
        }
    }
    value
}

/// Returns the name of the subcommand: the first word that is no flag and no value of a global flag.
fn subcommand_name(mavi: &Command, arguments: &[OsString]) -> Option<String> {
    let takes_value = |flag: &str| {
        mavi.get_arguments().any(|arg| {
            let long = arg.get_long().map(|long| format!("--{long}"));
            let short = arg.get_short().map(|short| format!("-{short}"));
            [long, short].iter().flatten().any(|name| name == flag)
                && arg.get_action().takes_values()
        })
    };
    let mut arguments = before_dashes(arguments);
    while let Some(argument) = arguments.next() {
        if takes_value(argument) {
            arguments.next();
        } else if !argument.starts_with('-') {
            let found = mavi.find_subcommand(argument)?;
            return Some(found.get_name().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn last_value_counts_before_the_dashes() {
        for (line, value) in [
            ("mavi get --color never", Some("never")),
            ("mavi --color always get --color=never T", Some("never")),
            ("mavi get --color=always --colorful x", Some("always")),
            ("mavi sandbox -- x --color never", None),
            ("mavi get --color", None),
        ] {
            assert_eq!(last_value(&words(line), "--color"), value, "{line}");
        }
    }

    #[test]
    fn subcommand_is_the_first_word_that_is_no_value() {
        let mavi = Cli::command();
        for (line, name) in [
            ("mavi get T1 --nonsense", Some("get")),
            ("mavi --profile get -j 3 --quiet wait T1", Some("wait")),
            ("mavi --profile=get submit", Some("submit")),
            ("mavi nonsense get", None),
            ("mavi -- get", None),
        ] {
            let found = subcommand_name(&mavi, &words(line));
            assert_eq!(found.as_deref(), name, "{line}");
        }
    }
}
