//! Parsers for the values of flags. Their errors say what would be right.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Returns a parser for the names of an enum that does not depend on clap.
pub(super) fn named<const N: usize, T: Clone + Send + Sync + 'static>(
    names: [&'static str; N],
    from_name: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(move |name| from_name(&name).ok_or("not a known name"))
}

/// Parses a whole number.
pub(super) fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is not a whole number such as 3"))
}
