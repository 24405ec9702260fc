//! Reading and writing the value of a setting, whatever its type. Errors say what is wrong and
//! never show the value, because it may be a token that was pasted into the wrong place.

use std::marker::PhantomData;

use toml::de::DeValue;

use super::paths::PathBase;

/// A value as it is written somewhere.
#[derive(Clone, Copy)]
pub(crate) enum SettingInput<'a> {
    /// The text of a flag or of an environment variable.
    Text(&'a str),
    /// A value of the configuration file, and what its relative paths start from.
    Toml(&'a DeValue<'a>, &'a PathBase<'a>),
}

impl<'a> SettingInput<'a> {
    /// Returns the text, if it is text.
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Toml(DeValue::String(text), _) => Some(text.as_ref()),
            Self::Toml(..) => None,
        }
    }

    /// Returns the text, if it is text that is not blank.
    pub(super) fn nonblank(self) -> Option<&'a str> {
        self.text().filter(|text| !text.trim().is_empty())
    }

    /// Returns the whole number, if it is one: a TOML integer, or the digits of a flag.
    pub(super) fn number(self) -> Option<u64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Toml(DeValue::Integer(number), _) => {
                u64::from_str_radix(number.as_str(), number.radix()).ok()
            }
            Self::Toml(..) => None,
        }
    }

    /// Returns the texts of a list, or of a text alone; a flag or a variable separates them by commas.
    pub(super) fn texts(self) -> Option<Vec<&'a str>> {
        match self {
            Self::Text(text) => Some(text.split(',').collect()),
            Self::Toml(DeValue::Array(items), base) => items
                .iter()
                .map(|item| SettingInput::Toml(item.get_ref(), base).text())
                .collect(),
            Self::Toml(..) => Some(vec![self.text()?]),
        }
    }
}

/// A type that a setting can have.
pub(crate) trait ValueType {
    /// The Rust type of the value.
    type Value: Clone;

    /// The placeholder of the flag's value in help texts.
    const VALUE_NAME: &'static str;
    /// `true` if a wrong value must not be shown: an address can hold a password or a key.
    const IS_PRIVATE: bool = false;
    /// `true` if a flag of this type may be repeated, and each use adds to the value.
    const IS_LIST: bool = false;
    /// `true` if the value is a string in TOML.
    const IS_STRING: bool = true;

    /// Returns all values, if they can be listed.
    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    /// Returns values to offer where one is typed; others may be right too.
    fn suggestions() -> Vec<&'static str> {
        Self::names()
    }

    /// Reads a value. Fails with what is wrong, as the rest of a sentence about it.
    fn read(input: SettingInput<'_>) -> Result<Self::Value, String>;

    /// Returns the value as a flag would give it. `None` if it is not set.
    fn text(value: &Self::Value) -> Option<String>;

    /// Returns the value as TOML. `None` if it is not set.
    fn toml(value: &Self::Value) -> Option<String> {
        let text = Self::text(value)?;
        Some(if Self::IS_STRING { quoted(&text) } else { text })
    }
}

/// Returns the text as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Returns the value, or says what it has to be.
pub(super) fn must_be<T>(expected: &str, value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| format!("must be {expected}"))
}

/// A setting without a default.
pub(crate) struct Optional<T>(PhantomData<T>);

impl<T: ValueType> ValueType for Optional<T> {
    type Value = Option<T::Value>;
    const VALUE_NAME: &'static str = T::VALUE_NAME;
    const IS_PRIVATE: bool = T::IS_PRIVATE;

    fn suggestions() -> Vec<&'static str> {
        T::suggestions()
    }

    fn read(input: SettingInput<'_>) -> Result<Self::Value, String> {
        T::read(input).map(Some)
    }

    fn text(value: &Self::Value) -> Option<String> {
        value.as_ref().and_then(T::text)
    }

    fn toml(value: &Self::Value) -> Option<String> {
        value.as_ref().and_then(T::toml)
    }
}
