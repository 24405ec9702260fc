//! The flags that set keys of the configuration, made from the table of keys.

use std::ffi::OsStr;
use std::ops::Deref;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, ValueHint};

use crate::config::{Group, Key, Layer, in_group};

/// The flags of one `Group`, given as its number. Dereferences to the values that they give.
#[derive(Clone, Debug, Default)]
pub struct KeyFlags<const GROUP: u8>(Box<Layer>);

/// The flags of every command.
pub type GlobalKeys = KeyFlags<{ Group::Global as u8 }>;
/// The types of transcription of commands that submit.
pub type TypeKeys = KeyFlags<{ Group::Type as u8 }>;
/// The other flags of commands that submit.
pub type SubmitKeys = KeyFlags<{ Group::Submit as u8 }>;
/// The timeout of commands that wait.
pub type TimeoutKeys = KeyFlags<{ Group::Timeout as u8 }>;
/// The other flags of commands that wait.
pub type WaitKeys = KeyFlags<{ Group::Wait as u8 }>;
/// The flags of commands that print transcriptions.
pub type OutputKeys = KeyFlags<{ Group::Output as u8 }>;
/// The limits of `--reflow`.
pub type CaptionKeys = KeyFlags<{ Group::Captions as u8 }>;

impl<const GROUP: u8> KeyFlags<GROUP> {
    /// Returns the values that the flags give.
    #[must_use]
    pub fn layer(&self) -> Layer {
        Layer::clone(self)
    }
}

impl<const GROUP: u8> Deref for KeyFlags<GROUP> {
    type Target = Layer;

    fn deref(&self) -> &Layer {
        &self.0
    }
}

fn keys(group: u8) -> impl Iterator<Item = &'static Key> {
    in_group(move |other| other as u8 == group)
}

impl<const GROUP: u8> Args for KeyFlags<GROUP> {
    fn augment_args(command: Command) -> Command {
        command.args(keys(GROUP).map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const GROUP: u8> FromArgMatches for KeyFlags<GROUP> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for key in keys(GROUP) {
            let name = key.flag_name();
            if let Some(values) = matches.get_many::<String>(&name) {
                let text = values.map(String::as_str).collect::<Vec<_>>().join(",");
                key.set_text(&mut self.0, &text).map_err(|why| {
                    Error::raw(ErrorKind::ValueValidation, format!("--{name} {why}\n"))
                })?;
            }
        }
        Ok(())
    }
}

/// The flag of a key.
fn arg(key: &'static Key) -> Arg {
    let name = key.flag_name();
    let group = key.extra.flag;
    let mut arg = Arg::new(name.clone())
        .long(name)
        .short(key.extra.short)
        .value_name(key.value_name)
        .help(format!("{}{}", key.help, default(key)))
        .long_help(long_help(key))
        .global(group == Some(Group::Global))
        .hide_short_help(!key.extra.in_short_help)
        .value_hint(match key.value_name {
            "URL" => ValueHint::Url,
            _ => ValueHint::Other,
        })
        .action(ArgAction::Set)
        // A value such as -5 is answered with what would be right.
        .allow_negative_numbers(true);
    let names = (key.names)();
    if !names.is_empty() {
        arg = arg.value_parser(PossibleValuesParser::new(names));
    } else if !key.is_private {
        arg = arg.value_parser(KeyParser(key));
    }
    if key.is_list {
        arg = arg.action(ArgAction::Append).value_delimiter(',');
    }
    if let Some(other) = key.extra.conflicts_with {
        arg = arg.conflicts_with(other);
    }
    if group == Some(Group::Captions) {
        arg = arg.requires("reflow");
    }
    arg
}

/// Takes what the key takes, and offers its suggestions for completion.
#[derive(Clone)]
struct KeyParser(&'static Key);

impl TypedValueParser for KeyParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        let check = |text: &str| {
            let set = self.0.set_text(&mut Layer::default(), text);
            set.map(|()| text.to_owned())
        };
        TypedValueParser::parse_ref(&check, command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let suggestions = (self.0.suggestions)();
        let are_some = !suggestions.is_empty();
        are_some.then(|| Box::new(suggestions.into_iter().map(PossibleValue::new)) as Box<_>)
    }
}

/// The help for `--help`; `-h` shows its first paragraph without the sources.
fn long_help(key: &Key) -> String {
    let details = match key.extra.details {
        "" => String::new(),
        details => format!("\n\n{details}"),
    };
    let variable = key.extra.variable;
    let variable = variable.map_or_else(String::new, |name| format!(" [env: {name}]"));
    let (help, default, name) = (key.help, default(key), key.name);
    format!("{help}{details}{default}{variable} [key: {name}]")
}

/// The default as clap shows those that it knows.
fn default(key: &Key) -> String {
    let default = key.default_text();
    default.map_or_else(String::new, |default| format!(" [default: {default}]"))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;
    use crate::cli::{self, Cli};
    use crate::config::{Env, Selection, Settings, show};

    /// A command line that sets the key, where its flag is made from the table.
    fn command_line(key: &Key, text: &str) -> Option<Vec<String>> {
        let command = match key.extra.flag? {
            Group::Global | Group::Type | Group::Submit | Group::Timeout | Group::Wait => {
                "submit V --wait"
            }
            Group::Output => "convert",
            Group::Captions => "convert --reflow",
            Group::Declared => return None,
        };
        let words = format!("mavi {command} --{} {text}", key.flag_name());
        Some(words.split_whitespace().map(str::to_owned).collect())
    }

    fn layer(cli: Cli) -> Layer {
        let own = match cli.command {
            cli::Command::Submit(args) => args.layer(),
            cli::Command::Convert(args) => args.output.layer(),
            other => panic!("{other:?}"),
        };
        own.or(cli.global.keys.layer())
    }

    #[test]
    fn every_flag_sets_its_key_and_is_written_again() {
        let mut count = 0;
        for key in in_group(|_| true) {
            let example = key.example();
            let text = example.split_once(" = ").unwrap().1.trim_matches('"');
            let Some(words) = command_line(key, text) else {
                continue;
            };
            count += 1;
            let flags = layer(Cli::try_parse_from(words).unwrap());
            let again = [(format!("--{}", key.flag_name()), text.to_owned())];
            assert_eq!(flags.flags().collect::<Vec<_>>(), again);
            let loaded = Settings::load(&Selection::default(), flags, &Env::default()).unwrap();
            let page = show(&loaded.settings, None);
            let from_flags: Vec<_> = page
                .lines()
                .filter(|line| line.ends_with("# flag"))
                .collect();
            assert_eq!(from_flags.len(), 1, "{page}");
            assert!(from_flags[0].starts_with(example.split(' ').next().unwrap()));
        }
        assert!(count >= 14, "{count} flags");
    }

    #[test]
    fn every_flag_is_in_the_help_with_its_key() {
        let mavi = Cli::command();
        for key in in_group(|_| true) {
            let name = key.flag_name();
            let commands = std::iter::once(&mavi).chain(mavi.get_subcommands());
            let args = commands.flat_map(clap::Command::get_arguments);
            // Another command may have a flag of this name that is no key.
            let mut helps = args
                .filter(|arg| arg.get_long() == Some(&name))
                .filter_map(|arg| Some(arg.get_long_help()?.to_string()));
            let help = helps.find(|help| help.contains(&format!("[key: {}", key.name)));
            let help = help.expect(&name);
            let variable = key.extra.variable.map(|name| format!("[env: {name}]"));
            assert!(
                variable.is_none_or(|variable| help.contains(&variable)),
                "{help}"
            );
        }
    }

    #[test]
    fn wrong_value_of_an_address_is_not_shown() {
        for flag in ["--base-url", "--callback"] {
            let error = Cli::try_parse_from(["mavi", "submit", "V", flag, "hunter2"]).unwrap_err();
            let text = error.to_string();
            assert!(
                text.starts_with(&format!("error: {flag} must be an absolute")),
                "{text}"
            );
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
