//! How values are written in the configuration file: durations, sizes, names, non-empty text. The
//! errors made here are never shown: `file.rs` answers a wrong value with what the key wants, because
//! the value itself may be a secret.

use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::duration;
use crate::ids::TranscriptionType;
use crate::render::Format;
use crate::secret::Secret;
use crate::transcript::TimeUnit;

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(u64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Whole seconds, or text that [`duration::parse`] reads.
pub(super) fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    match NumberOrText::deserialize(from)? {
        NumberOrText::Number(seconds) => Ok(Some(Duration::from_secs(seconds))),
        NumberOrText::Text(text) => duration::parse(&text).map(Some).map_err(D::Error::custom),
    }
}

/// A number of bytes, or text with a binary unit (IEC 80000-13); at least 1.
pub(super) fn size<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let size = match NumberOrText::deserialize(from)? {
        NumberOrText::Number(bytes) => Some(bytes),
        NumberOrText::Text(text) => parse_size(&text),
    };
    some(size.filter(|&bytes| bytes > 0))
}

/// The types of transcription, each once, at least one.
pub(super) fn types<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Vec<TranscriptionType>>, D::Error> {
    let names = match OneOrMore::deserialize(from)? {
        OneOrMore::One(name) => vec![name],
        OneOrMore::More(names) => names,
    };
    let types: Option<Vec<_>> = names
        .iter()
        .map(|name| TranscriptionType::from_name(name))
        .collect();
    some(types.filter(|types| !types.is_empty()).map(each_once))
}

/// The same types in the same order without repetitions.
pub(super) fn each_once(types: Vec<TranscriptionType>) -> Vec<TranscriptionType> {
    let mut unique = Vec::new();
    for kind in types {
        if !unique.contains(&kind) {
            unique.push(kind);
        }
    }
    unique
}

/// A unit of time by its name.
pub(super) fn unit<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TimeUnit>, D::Error> {
    let name = String::deserialize(from)?;
    some(
        [TimeUnit::Seconds, TimeUnit::Milliseconds]
            .into_iter()
            .find(|unit| unit.name() == name),
    )
}

/// An output format by its name.
pub(super) fn format<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Format>, D::Error> {
    some(Format::from_name(&String::deserialize(from)?))
}

/// Text that is not blank.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    some(Some(text).filter(|text| !text.trim().is_empty()))
}

/// A secret that is not blank.
pub(super) fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    text(from).map(|secret| secret.map(Secret::new))
}

/// A program and its arguments.
pub(super) fn argv<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    let argv = Vec::<String>::deserialize(from)?;
    some(Some(argv).filter(|argv| argv.first().is_some_and(|program| !program.is_empty())))
}

fn some<T, E: serde::de::Error>(value: Option<T>) -> Result<Option<T>, E> {
    match value {
        Some(value) => Ok(Some(value)),
        None => Err(E::custom("not a value of this key")),
    }
}

const SIZE_UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, factor) = SIZE_UNITS
        .into_iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))
        .unwrap_or((text, 1));
    number.trim_end().parse::<u64>().ok()?.checked_mul(factor)
}

/// The shortest text that reads back as this number of bytes.
pub(super) fn format_size(bytes: u64) -> String {
    SIZE_UNITS
        .into_iter()
        .find(|(_, factor)| bytes > 0 && bytes.is_multiple_of(*factor))
        .map_or_else(
            || bytes.to_string(),
            |(unit, factor)| format!("{}{unit}", bytes / factor),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        for (text, bytes) in [
            ("1", Some(1)),
            ("256MiB", Some(256 << 20)),
            (" 4 KiB ", Some(4096)),
            ("2GiB", Some(2 << 30)),
            ("", None),
            ("MiB", None),
            ("-1", None),
            ("1.5GiB", None),
            ("256MB", None),
            ("99999999999GiB", None),
        ] {
            assert_eq!(parse_size(text), bytes, "{text:?}");
        }
        for bytes in [1, 1023, 1024, 1536, 256 << 20, 3 << 30] {
            assert_eq!(parse_size(&format_size(bytes)), Some(bytes));
        }
        assert_eq!(format_size(256 << 20), "256MiB");
    }
}
