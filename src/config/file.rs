//! The configuration file: one [`Layer`] at its top and one for each profile. Errors name file, line
//! and full key and say what would be right, and never show the value, which may be a token.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::Layer;
use super::lookup;
use super::paths::PathBase;
use super::value::SettingInput;
use crate::error::Error;
use crate::text;

/// A whole configuration file.
#[derive(Debug, Default)]
pub(super) struct ConfigFile {
    pub top: Layer,
    pub profiles: BTreeMap<String, Layer>,
}

impl ConfigFile {
    /// Parses the text of the file at `base`. Fails with kind `config`.
    pub(super) fn parse(text: &str, base: &PathBase<'_>) -> Result<Self, Error> {
        let reader = Reader { text, base };
        let mut root = DeTable::parse(text).map_err(|error| {
            reader.error_at(&error.span().unwrap_or(0..0), error.message().trim())
        })?;
        let profiles = match root.get_mut().remove_entry("profiles") {
            Some((key, value)) => reader.profiles(&key, &value)?,
            None => BTreeMap::new(),
        };
        Ok(Self {
            top: reader.layer(root.get_ref(), "")?,
            profiles,
        })
    }

    /// Returns `true` if the file holds a token itself, not only the way to one.
    pub(super) fn holds_token(&self) -> bool {
        std::iter::once(&self.top)
            .chain(self.profiles.values())
            .any(|layer| layer.token.is_some())
    }
}

/// The text being read and where it comes from, for errors and paths.
struct Reader<'a> {
    text: &'a str,
    base: &'a PathBase<'a>,
}

type TomlKey<'a> = Spanned<toml::de::DeString<'a>>;
type TomlValue<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn profiles(
        &self,
        key: &TomlKey<'_>,
        value: &TomlValue<'_>,
    ) -> Result<BTreeMap<String, Layer>, Error> {
        self.table(key, value, "profiles", "[profiles.NAME] sections")?
            .iter()
            .map(|(name, value)| {
                let full = format!("profiles.{}", name.get_ref());
                let table = self.table(name, value, &full, &format!("a section, [{full}]"))?;
                let layer = self.layer(table, &format!("{full}."))?;
                Ok((name.get_ref().to_string(), layer))
            })
            .collect()
    }

    /// Reads the layer in `table`; `prefix` is what stands before its keys, such as `profiles.work.`.
    fn layer(&self, table: &DeTable<'_>, prefix: &str) -> Result<Layer, Error> {
        let mut layer = Layer::default();
        for (name, value) in table {
            if !lookup::sections().any(|section| section == name.get_ref()) {
                self.set(&mut layer, prefix, "", name, value)?;
                continue;
            }
            let full = format!("{prefix}{}", name.get_ref());
            let section = format!("{}.", name.get_ref());
            let table = self.table(name, value, &full, &format!("a section, [{full}]"))?;
            for (name, value) in table {
                self.set(&mut layer, prefix, &section, name, value)?;
            }
        }
        Ok(layer)
    }

    /// Sets the value of one key.
    fn set(
        &self,
        layer: &mut Layer,
        prefix: &str,
        section: &str,
        name: &TomlKey<'_>,
        value: &TomlValue<'_>,
    ) -> Result<(), Error> {
        let key = format!("{section}{}", name.get_ref());
        // A quoted name with a dot in it is not the path that it looks like.
        let Some(known) = lookup::find(&key).filter(|_| !name.get_ref().contains('.')) else {
            let message = format!("`{prefix}{key}` is not a known key");
            let error = self.error_at(&name.span(), &message);
            return Err(error.with_hint(lookup::advice(&key)));
        };
        (known.set)(layer, SettingInput::Toml(value.get_ref(), self.base)).map_err(|why| {
            let error = self.error_at(&value.span(), &format!("`{prefix}{key}` {why}"));
            error.with_hint(format!("for example: {}", known.example()))
        })
    }

    fn table<'v>(
        &self,
        key: &TomlKey<'_>,
        value: &'v TomlValue<'v>,
        name: &str,
        expected: &str,
    ) -> Result<&'v DeTable<'v>, Error> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.error_at(&key.span(), &format!("`{name}` must be {expected}"))),
        }
    }

    /// Returns the error for this place of the text.
    fn error_at(&self, at: &Range<usize>, message: &str) -> Error {
        let before = self.text.as_bytes().iter().take(at.start);
        let line = 1 + before.filter(|&&byte| byte == b'\n').count();
        let message = text::one_line(message);
        Error::config(format!("{}:{line}: {message}", self.base.file.display()))
    }
}

#[cfg(test)]
mod tests;
