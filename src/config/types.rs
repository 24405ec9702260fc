//! The types of settings: what a value has to be.

use std::fmt::Display;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeValue;
use url::Url;

use super::value::{SettingInput, ValueType, must_be, quoted};
use crate::duration;
use crate::ids::TranscriptionType;
use crate::names::Named;
use crate::secret::Secret;
use crate::urls::parse_http;

/// A token. Blank text is refused in the file; elsewhere the token is checked when it is used.
pub(crate) struct Token;

impl ValueType for Token {
    type Value = Secret;
    const VALUE_NAME: &'static str = "TOKEN";
    const IS_PRIVATE: bool = true;

    fn read(input: SettingInput<'_>) -> Result<Secret, String> {
        let text = match input {
            SettingInput::Text(text) => Some(text),
            SettingInput::Toml(..) => input.nonblank(),
        };
        must_be("text that is not empty", text.map(Secret::new))
    }

    fn text(_: &Secret) -> Option<String> {
        None
    }
}

/// A path; in the file, `~/` is the home directory, and a relative path starts at the directory of
/// the file.
pub(crate) struct FilePath;

/// A path and the text that stands for it in the configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrittenPath {
    /// The resolved path.
    pub path: PathBuf,
    /// The path as it is written.
    pub written: String,
}

impl ValueType for FilePath {
    type Value = WrittenPath;
    const VALUE_NAME: &'static str = "FILE";

    fn read(input: SettingInput<'_>) -> Result<WrittenPath, String> {
        let written = must_be("a path", input.nonblank())?;
        let path = match input {
            SettingInput::Text(_) => PathBuf::from(written),
            SettingInput::Toml(_, base) => base.resolve(written)?,
        };
        let written = written.to_owned();
        Ok(WrittenPath { path, written })
    }

    fn text(value: &WrittenPath) -> Option<String> {
        Some(value.path.to_string_lossy().into_owned())
    }
}

/// A program and its arguments. No flag or variable takes it.
pub(crate) struct Argv;

impl ValueType for Argv {
    type Value = Vec<String>;
    const VALUE_NAME: &'static str = "COMMAND";

    fn read(input: SettingInput<'_>) -> Result<Vec<String>, String> {
        let argv = match input {
            SettingInput::Toml(DeValue::Array(_), _) => input.texts(),
            _ => None,
        };
        let argv = argv.map(|argv| argv.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let argv = argv.filter(|argv| argv.first().is_some_and(|program| !program.is_empty()));
        must_be("a list: a program and its arguments", argv)
    }

    fn text(_: &Vec<String>) -> Option<String> {
        None
    }
}

/// An absolute http(s) URL without user, query and fragment, and without a slash at the end of its
/// path: one spelling for one service, because the journal compares base URLs.
pub(crate) struct BaseUrl;

impl ValueType for BaseUrl {
    type Value = Url;
    const VALUE_NAME: &'static str = "URL";
    const IS_PRIVATE: bool = true;

    fn read(input: SettingInput<'_>) -> Result<Url, String> {
        let url = input.text().and_then(parse_http);
        let mut url = must_be(
            "an absolute http or https URL, such as https://host/prefix",
            url,
        )?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not contain a user name or a password".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must not contain a query (?) or a fragment (#)".to_owned());
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(url)
    }

    fn text(url: &Url) -> Option<String> {
        Some(url.as_str().trim_end_matches('/').to_owned())
    }
}

/// An absolute http(s) URL, kept as it is written.
pub(crate) struct HttpUrl;

impl ValueType for HttpUrl {
    type Value = String;
    const VALUE_NAME: &'static str = "URL";
    const IS_PRIVATE: bool = true;

    fn read(input: SettingInput<'_>) -> Result<String, String> {
        let text = input.text().filter(|text| parse_http(text).is_some());
        must_be(
            "an absolute http or https URL, such as https://host/path",
            text.map(str::to_owned),
        )
    }

    fn text(value: &String) -> Option<String> {
        Some(value.clone())
    }
}

/// `true` or `false`.
pub(crate) struct Switch;

impl ValueType for Switch {
    type Value = bool;
    const VALUE_NAME: &'static str = "BOOL";
    const IS_STRING: bool = false;

    fn read(input: SettingInput<'_>) -> Result<bool, String> {
        let value = match input {
            SettingInput::Text(text) => text.parse().ok(),
            SettingInput::Toml(DeValue::Boolean(value), _) => Some(*value),
            SettingInput::Toml(..) => None,
        };
        must_be("true or false", value)
    }

    fn text(value: &bool) -> Option<String> {
        Some(value.to_string())
    }
}

/// A whole number from `MIN` to `MAX`.
pub(crate) struct Int<T, const MIN: u32, const MAX: u32>(PhantomData<T>);

/// A whole number, at least 1.
pub(crate) type Count<T> = Int<T, 1, { u32::MAX }>;

impl<T, const MIN: u32, const MAX: u32> ValueType for Int<T, MIN, MAX>
where
    T: TryFrom<u32> + Clone + Display,
{
    type Value = T;
    const VALUE_NAME: &'static str = "N";
    const IS_STRING: bool = false;

    fn read(input: SettingInput<'_>) -> Result<T, String> {
        let number = input.number().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| (MIN..=MAX).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        let is_too_large = input.number().is_some_and(|number| number > u64::from(MAX));
        match (MIN, MAX) {
            _ if is_too_large => must_be(&format!("a whole number from {MIN} to {MAX}"), number),
            (0, u32::MAX) => must_be("0 or a positive whole number", number),
            (_, u32::MAX) => must_be(&format!("a whole number, at least {MIN}"), number),
            _ => must_be(&format!("a whole number from {MIN} to {MAX}"), number),
        }
    }

    fn text(value: &T) -> Option<String> {
        Some(value.to_string())
    }
}

/// A number of bytes, at least 1, also with a binary unit (IEC 80000-13).
pub(crate) struct Size;

const SIZE_UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

impl ValueType for Size {
    type Value = u64;
    const VALUE_NAME: &'static str = "SIZE";

    fn read(input: SettingInput<'_>) -> Result<u64, String> {
        let bytes = match input {
            SettingInput::Toml(DeValue::Integer(_), _) => input.number(),
            _ => input.text().and_then(parse_size),
        };
        must_be(
            "a number of bytes, or a size such as \"256MiB\"",
            bytes.filter(|&bytes| bytes > 0),
        )
    }

    fn text(&bytes: &u64) -> Option<String> {
        let unit = SIZE_UNITS
            .into_iter()
            .find(|(_, factor)| bytes.is_multiple_of(*factor));
        Some(unit.map_or_else(
            || bytes.to_string(),
            |(unit, factor)| format!("{}{unit}", bytes / factor),
        ))
    }
}

fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, factor) = SIZE_UNITS
        .into_iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))
        .unwrap_or((text, 1));
    number.trim_end().parse::<u64>().ok()?.checked_mul(factor)
}

/// A duration: whole seconds, or text that [`duration::parse`] reads. It may be 0 unless it is
/// `POSITIVE`.
pub(crate) struct SpanOf<const POSITIVE: bool>;
pub(crate) type Span = SpanOf<false>;
pub(crate) type PositiveSpan = SpanOf<true>;

impl<const POSITIVE: bool> ValueType for SpanOf<POSITIVE> {
    type Value = Duration;
    const VALUE_NAME: &'static str = "DUR";

    fn read(input: SettingInput<'_>) -> Result<Duration, String> {
        let duration = match input {
            SettingInput::Toml(DeValue::Integer(_), _) => input.number().map(Duration::from_secs),
            _ => input.text().and_then(|text| duration::parse(text).ok()),
        };
        match duration.filter(|duration| *duration <= duration::MAX) {
            Some(Duration::ZERO) if POSITIVE => Err("must be longer than 0".to_owned()),
            duration => must_be(
                "a number of seconds, or a duration such as \"90s\", \"15m\", \"1h30m\" or \"30d\", \
                 at most 10 years",
                duration,
            ),
        }
    }

    fn text(value: &Duration) -> Option<String> {
        Some(duration::format(*value))
    }
}

/// A time limit; 0 is none.
pub(crate) struct TimeLimit;

impl ValueType for TimeLimit {
    type Value = Option<Duration>;
    const VALUE_NAME: &'static str = Span::VALUE_NAME;

    fn read(input: SettingInput<'_>) -> Result<Option<Duration>, String> {
        Span::read(input).map(|limit| Some(limit).filter(|limit| !limit.is_zero()))
    }

    fn text(value: &Option<Duration>) -> Option<String> {
        value.as_ref().map_or(Some("0".to_owned()), Span::text)
    }
}

/// One of the names of an enum.
pub(crate) struct Name<T>(PhantomData<T>);

impl<T: Named> ValueType for Name<T> {
    type Value = T;
    const VALUE_NAME: &'static str = "NAME";

    fn names() -> Vec<&'static str> {
        T::names()
    }

    fn read(input: SettingInput<'_>) -> Result<T, String> {
        must_be(&one_of(&T::names()), input.text().and_then(T::from_name))
    }

    fn text(value: &T) -> Option<String> {
        Some(value.name().to_owned())
    }
}

/// Types of transcription, each once, at least one.
pub(crate) struct Types;

impl ValueType for Types {
    type Value = Vec<TranscriptionType>;
    const VALUE_NAME: &'static str = "TYPE";
    const IS_LIST: bool = true;

    fn names() -> Vec<&'static str> {
        TranscriptionType::names()
    }

    fn read(input: SettingInput<'_>) -> Result<Self::Value, String> {
        let types = input.texts().and_then(|names| {
            let types = names.into_iter().map(TranscriptionType::from_name);
            types.collect::<Option<Vec<_>>>()
        });
        let expected = format!("{}, or a list of them", one_of(&Self::names()));
        must_be(
            &expected,
            types.filter(|types| !types.is_empty()).map(dedup),
        )
    }

    fn text(types: &Self::Value) -> Option<String> {
        let names: Vec<_> = types.iter().map(|kind| kind.name()).collect();
        Some(names.join(","))
    }

    fn toml(types: &Self::Value) -> Option<String> {
        let names: Vec<_> = types.iter().map(|kind| quoted(kind.name())).collect();
        Some(match &*names {
            [one] => one.clone(),
            names => format!("[{}]", names.join(", ")),
        })
    }
}

/// Removes repetitions, keeping the order.
fn dedup(types: Vec<TranscriptionType>) -> Vec<TranscriptionType> {
    let mut unique = Vec::new();
    for kind in types {
        if !unique.contains(&kind) {
            unique.push(kind);
        }
    }
    unique
}

/// Returns the names as text: `"a" or "b"`, `one of "a", "b" and "c"`.
fn one_of(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    match &quoted[..] {
        [first, second] => format!("{first} or {second}"),
        [names @ .., last] => format!("one of {} and {last}", names.join(", ")),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_take_binary_units() {
        for (text, bytes) in [
            ("1", Some(1)),
            ("256MiB", Some(256 << 20)),
            (" 4 KiB ", Some(4096)),
            ("2GiB", Some(2 << 30)),
            ("", None),
            ("0", None),
            ("MiB", None),
            ("-1", None),
            ("1.5GiB", None),
            ("256MB", None),
            ("99999999999GiB", None),
        ] {
            assert_eq!(Size::read(SettingInput::Text(text)).ok(), bytes, "{text:?}");
        }
        for bytes in [1, 1023, 1024, 1536, 256 << 20, 3 << 30] {
            let text = Size::text(&bytes).unwrap();
            assert_eq!(Size::read(SettingInput::Text(&text)), Ok(bytes));
        }
        assert_eq!(Size::text(&(256 << 20)).as_deref(), Some("256MiB"));
    }

    #[test]
    fn base_url_is_a_host_and_maybe_a_prefix() {
        let read = |text| BaseUrl::read(SettingInput::Text(text)).map(|url| url.to_string());
        for (text, url) in [
            ("https://example.com", "https://example.com/"),
            ("HTTPS://Example.com:8443/", "https://example.com:8443/"),
            ("https://example.com/api/v1/", "https://example.com/api/v1"),
            ("http://localhost:80", "http://localhost/"),
            ("http://[::1]:9", "http://[::1]:9/"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(url), "{text}");
        }
        for bad in [
            "",
            "example.com",
            "//example.com",
            "https:example.com",
            "https:///example.com",
            "https://",
            "ftp://example.com",
            "file:///etc/passwd",
            "https://exa mple.com",
            "https://example.com\n",
            "https://user@example.com",
            "https://:hunter2@example.com",
            "https://user:hunter2@example.com",
            "https://example.com?key=hunter2",
            "https://example.com/#hunter2",
        ] {
            let error = read(bad).unwrap_err();
            assert!(error.starts_with("must "), "{bad}: {error}");
            assert!(!error.contains("hunter2"), "{bad}: {error}");
        }
    }

    #[test]
    fn http_url_is_kept_as_written() {
        let text = "https://example.com/hook?key=%7e";
        assert_eq!(HttpUrl::read(SettingInput::Text(text)).as_deref(), Ok(text));
        for bad in ["/hook", "example.com/hook", "ftp://example.com", "https://"] {
            assert!(HttpUrl::read(SettingInput::Text(bad)).is_err(), "{bad}");
        }
    }
}
