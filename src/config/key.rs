//! A row of the table of keys, as code that works on any key sees it.

use super::origin::{Origin, Setting, flag_name};
use super::value::{SettingInput, ValueType};

/// A key of the configuration. `L` are the values that one source gives, `V` the values in force.
pub(crate) struct Key<L, V> {
    /// The full name, such as `wait.timeout`.
    pub name: &'static str,
    /// The meaning, as a phrase without a full stop.
    pub help: &'static str,
    /// The parts that only some keys have.
    pub extra: Extra,
    /// The placeholder of the flag's value, by the type.
    pub value_name: &'static str,
    /// `true` if a wrong value must not be shown.
    pub is_private: bool,
    /// `true` if a flag of this key may be repeated, and each use adds to the value.
    pub is_list: bool,
    /// Returns all values, if they can be listed.
    pub names: fn() -> Vec<&'static str>,
    /// Returns values to offer where one is typed; others may be right too.
    pub suggestions: fn() -> Vec<&'static str>,
    pub(super) set: fn(&mut L, SettingInput<'_>) -> Result<(), String>,
    pub(super) text: fn(&L) -> Option<String>,
    pub(super) default: fn() -> Option<String>,
    pub(super) shown: fn(&V) -> Option<Shown<'_>>,
}

/// A value as TOML, `None` if it is not set, and its source.
pub(super) type Shown<'v> = (Option<String>, &'v Origin);

/// The parts that only some keys have.
#[derive(Clone, Copy)]
pub(crate) struct Extra {
    /// Sentences that follow the help.
    pub details: &'static str,
    /// The flags that its flag stands among. A flag is called by the last part of its key.
    pub flag: Option<Group>,
    /// The short form of the flag.
    pub short: Option<char>,
    /// `true` if `-h` shows the flag.
    pub in_short_help: bool,
    /// A flag that cannot be used together with it.
    pub conflicts_with: Option<&'static str>,
    /// The environment variable.
    pub variable: Option<&'static str>,
    /// A value, in TOML, for the example file where there is no default.
    pub example: &'static str,
}

/// The flags of keys, grouped by the commands that have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Every command.
    Global,
    /// Commands that submit.
    Type,
    /// Commands that submit and do not wait, or do so only if they are asked to.
    Submit,
    /// Commands that wait for anything.
    Timeout,
    /// Commands that wait for tasks.
    Wait,
    /// Commands that print transcriptions.
    Output,
    /// Commands that print transcriptions: the limits of `--reflow`.
    Captions,
    /// Declared by hand, because the flag takes more than a value of the key.
    Declared,
}

impl Extra {
    pub(super) const NONE: Self = Self {
        details: "",
        flag: None,
        short: None,
        in_short_help: false,
        conflicts_with: None,
        variable: None,
        example: "",
    };
}

impl<L, V> Key<L, V> {
    /// Returns the name of the flag, without the dashes.
    #[must_use]
    pub(crate) fn flag_name(&self) -> String {
        flag_name(self.name)
    }

    /// Returns the default as text; `None` if there is none.
    #[must_use]
    pub(crate) fn default_text(&self) -> Option<String> {
        (self.default)().map(|toml| toml.trim_matches('"').to_owned())
    }

    /// Returns a line of TOML that sets the key, with its default if there is one.
    pub(crate) fn example(&self) -> String {
        let name = self.name.rsplit('.').next().unwrap_or(self.name);
        let value = (self.default)();
        format!(
            "{name} = {}",
            value.as_deref().unwrap_or(self.extra.example)
        )
    }

    /// Sets the value from the text of a flag or a variable. Fails with what is wrong with it, as
    /// the rest of a sentence.
    pub(crate) fn set_text(&self, layer: &mut L, text: &str) -> Result<(), String> {
        (self.set)(layer, SettingInput::Text(text))
    }
}

/// The source of a layer.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Flags,
    Environment,
    Profile(String),
    File,
}

impl Source {
    /// Returns the origin of a value in a layer from here; `variable` is that of its key.
    pub(super) fn origin(&self, variable: Option<&'static str>) -> Origin {
        match self {
            Self::Flags => Origin::Flag,
            Self::Environment => Origin::Environment(variable.unwrap_or_default()),
            Self::Profile(name) => Origin::Profile(name.clone()),
            Self::File => Origin::File,
        }
    }
}

/// Returns the value of the first layer that has one, else the default.
pub(super) fn pick<L, T: Clone>(
    layers: &[(Source, L)],
    variable: Option<&'static str>,
    get: impl Fn(&L) -> &Option<T>,
    default: T,
) -> Setting<T> {
    layers
        .iter()
        .find_map(|(source, layer)| {
            let value = get(layer).clone()?;
            Some(Setting::new(value, source.origin(variable)))
        })
        .unwrap_or_else(|| Setting::new(default, Origin::Default))
}

/// Returns a setting as TOML, with its source.
pub(super) fn shown<T: ValueType>(setting: &Setting<T::Value>) -> Shown<'_> {
    (T::toml(&setting.value), &setting.origin)
}
