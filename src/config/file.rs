//! The configuration file: one [`Layer`] at its top and one a profile. Every fault in it is answered
//! with file, line, full key and what would be right, and never with the faulty value, which may be
//! a token.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::settings::AuthScheme;
use super::{keys, value};
use crate::error::Error;
use crate::ids::TranscriptionType;
use crate::render::Format;
use crate::secret::Secret;
use crate::text;
use crate::transcript::TimeUnit;

/// The settings of one layer. Unknown keys are found, and named better, before serde sees them;
/// `deny_unknown_fields` keeps this schema from falling behind the list in `keys.rs`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Layer {
    #[serde(deserialize_with = "value::secret")]
    pub token: Option<Secret>,
    #[serde(deserialize_with = "value::text")]
    pub token_file: Option<String>,
    #[serde(deserialize_with = "value::argv")]
    pub token_command: Option<Vec<String>>,
    #[serde(deserialize_with = "value::text")]
    pub base_url: Option<String>,
    pub auth_scheme: Option<AuthScheme>,
    #[serde(deserialize_with = "value::text")]
    pub ca_file: Option<String>,
    pub allow_http: Option<bool>,
    #[serde(deserialize_with = "value::duration")]
    pub request_timeout: Option<Duration>,
    pub retries: Option<u32>,
    pub jobs: Option<NonZeroUsize>,
    #[serde(deserialize_with = "value::size")]
    pub max_reply_size: Option<u64>,
    #[serde(deserialize_with = "value::unit")]
    pub time_unit: Option<TimeUnit>,
    pub submit: Submit,
    pub wait: Wait,
    pub output: Output,
    pub limits: Limits,
    pub captions: Captions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Submit {
    #[serde(rename = "type", deserialize_with = "value::types")]
    pub types: Option<Vec<TranscriptionType>>,
    #[serde(deserialize_with = "value::text")]
    pub callback: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wait {
    #[serde(deserialize_with = "value::duration")]
    pub timeout: Option<Duration>,
    #[serde(deserialize_with = "value::duration")]
    pub interval: Option<Duration>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Output {
    #[serde(deserialize_with = "value::format")]
    pub format: Option<Format>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are the keys of the file"
)]
pub(super) struct Limits {
    pub submit_audio_per_minute: Option<NonZeroU32>,
    pub submit_video_per_minute: Option<NonZeroU32>,
    pub get_per_minute: Option<NonZeroU32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Captions {
    pub max_line_width: Option<NonZeroUsize>,
    pub max_lines: Option<NonZeroUsize>,
    pub max_cps: Option<NonZeroU32>,
    #[serde(deserialize_with = "value::duration")]
    pub min_duration: Option<Duration>,
    #[serde(deserialize_with = "value::duration")]
    pub max_duration: Option<Duration>,
    #[serde(deserialize_with = "value::duration")]
    pub min_gap: Option<Duration>,
}

/// A whole configuration file.
#[derive(Debug, Default)]
pub(super) struct File {
    pub top: Layer,
    pub profiles: BTreeMap<String, Layer>,
}

impl File {
    /// The file whose text this is; `path` only stands in errors.
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let reader = Reader { text, path };
        let mut root = DeTable::parse(text)
            .map_err(|error| reader.fault(error.span().unwrap_or(0..0), error.message().trim()))?;
        let profiles = match root.get_mut().remove_entry("profiles") {
            Some((key, value)) => reader.profiles(&key, value)?,
            None => BTreeMap::new(),
        };
        Ok(Self {
            top: reader.layer(root, "")?,
            profiles,
        })
    }

    /// Whether some layer holds a token itself, not only the way to one.
    pub(super) fn holds_token(&self) -> bool {
        std::iter::once(&self.top)
            .chain(self.profiles.values())
            .any(|layer| layer.token.is_some())
    }
}

/// The text being read and its name, for errors.
struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
}

/// A value whose key is known: where it stands, its full key, and what it has to be.
struct Known {
    span: Range<usize>,
    key: String,
    expected: &'static str,
}

type Key<'a> = Spanned<toml::de::DeString<'a>>;

impl<'a> Reader<'a> {
    fn profiles(
        &self,
        key: &Key<'a>,
        value: Spanned<DeValue<'a>>,
    ) -> Result<BTreeMap<String, Layer>, Error> {
        self.table(key.span(), "profiles", "[profiles.NAME] sections", value)?
            .into_inner()
            .into_iter()
            .map(|(name, value)| {
                let full = format!("profiles.{}", name.get_ref());
                let wanted = format!("a section, [{full}]");
                let table = self.table(name.span(), &full, &wanted, value)?;
                let layer = self.layer(table, &format!("{full}."))?;
                Ok((name.into_inner().into_owned(), layer))
            })
            .collect()
    }

    /// The layer in `table`; `prefix` is what stands before its keys, such as `profiles.work.`.
    fn layer(&self, table: Spanned<DeTable<'a>>, prefix: &str) -> Result<Layer, Error> {
        let known = self.check_keys(table.get_ref(), prefix)?;
        Layer::deserialize(Deserializer::from(table)).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            match known
                .iter()
                .find(|known| known.span.contains(&at) || known.span.start == at)
            {
                Some(Known { key, expected, .. }) => {
                    self.fault(at..at, &format!("`{key}` must be {expected}"))
                }
                None => self.fault(at..at, "a value is of the wrong type"),
            }
        })
    }

    /// All values of a layer, or the first key that is not known.
    fn check_keys(&self, table: &DeTable<'a>, prefix: &str) -> Result<Vec<Known>, Error> {
        let mut known = Vec::new();
        for (name, value) in table {
            if !keys::is_section(name.get_ref()) {
                known.push(self.known(name, value, prefix, "")?);
                continue;
            }
            let full = format!("{prefix}{}", name.get_ref());
            let DeValue::Table(section) = value.get_ref() else {
                return Err(self.fault(
                    name.span(),
                    &format!("`{full}` must be a section, [{full}]"),
                ));
            };
            for (inner, value) in section {
                let section = format!("{}.", name.get_ref());
                known.push(self.known(inner, value, prefix, &section)?);
            }
        }
        Ok(known)
    }

    fn known(
        &self,
        name: &Key<'a>,
        value: &Spanned<DeValue<'a>>,
        prefix: &str,
        section: &str,
    ) -> Result<Known, Error> {
        let key = format!("{section}{}", name.get_ref());
        // A quoted name with a dot in it is not the path that it looks like.
        let expected = keys::expected(&key).filter(|_| !name.get_ref().contains('.'));
        let full = format!("{prefix}{key}");
        match expected {
            Some(expected) => Ok(Known {
                span: value.span(),
                key: full,
                expected,
            }),
            None => Err(self
                .fault(name.span(), &format!("`{full}` is not a known key"))
                .with_hint(keys::advice(&key))),
        }
    }

    fn table(
        &self,
        at: Range<usize>,
        key: &str,
        wanted: &str,
        value: Spanned<DeValue<'a>>,
    ) -> Result<Spanned<DeTable<'a>>, Error> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Ok(Spanned::new(span, table)),
            _ => Err(self.fault(at, &format!("`{key}` must be {wanted}"))),
        }
    }

    /// The error for a fault at this place.
    fn fault(&self, at: Range<usize>, what: &str) -> Error {
        let before = self.text.as_bytes().iter().take(at.start);
        let line = 1 + before.filter(|&&byte| byte == b'\n').count();
        let what = text::one_line(what);
        Error::config(format!("{}:{line}: {what}", self.path.display()))
    }
}

#[cfg(test)]
mod tests;
