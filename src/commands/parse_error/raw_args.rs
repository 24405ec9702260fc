//! Looks up flags and the subcommand in arguments that do not parse.

use std::ffi::OsString;

use clap::Command;

/// Returns the arguments before `--`, as far as they are text.
fn before_dashes(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    let arguments = arguments.iter().skip(1);
    arguments
        .take_while(|argument| *argument != "--")
        .map(|argument| argument.to_str().unwrap_or_default())
}

/// Returns the value that a flag has been given last.
pub(super) fn last_value<'a>(arguments: &'a [OsString], flag: &str) -> Option<&'a str> {
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

/// Returns the name of the subcommand, `auth login` of one in another: the words that are no flags and no
/// values of global flags, as far as they name one.
pub(super) fn subcommand_name(mavi: &Command, arguments: &[OsString]) -> Option<String> {
    let takes_value = |flag: &str| {
        mavi.get_arguments().any(|arg| {
            let long = arg.get_long().map(|long| format!("--{long}"));
            let short = arg.get_short().map(|short| format!("-{short}"));
            [long, short].iter().flatten().any(|name| name == flag)
                && arg.get_action().takes_values()
        })
    };
    let (mut command, mut names) = (mavi, Vec::new());
    let mut arguments = before_dashes(arguments);
    while let Some(argument) = arguments.next() {
        if takes_value(argument) {
            arguments.next();
        } else if !argument.starts_with('-') {
            let Some(found) = command.find_subcommand(argument) else {
                break;
            };
            names.push(found.get_name());
            command = found;
        }
    }
    (!names.is_empty()).then(|| names.join(" "))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

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
            ("mavi auth --quiet login --nonsense x", Some("auth login")),
            ("mavi auth nonsense login", Some("auth")),
            ("mavi nonsense get", None),
            ("mavi -- get", None),
        ] {
            let found = subcommand_name(&mavi, &words(line));
            assert_eq!(found.as_deref(), name, "{line}");
        }
    }
}
