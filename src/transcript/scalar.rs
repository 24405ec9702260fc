//! Decodes one JSON scalar, borrowed from the source if it holds no escapes. The source has been parsed
//! before, so nothing here can fail.

use std::borrow::Cow;

use memchr::memchr;

/// Returns the text of a JSON string, number or literal that is known to be well-formed. A lone surrogate
/// (`"\ud800"`, which JSON allows and Unicode does not) becomes U+FFFD: a paid-for result is not
/// lost for one broken character.
pub(super) fn scalar_text(json: &str) -> Cow<'_, str> {
    // A pattern, because `strip_prefix` calls a function to compare one byte.
    let inner = match json.as_bytes() {
        [b'"', .., b'"'] => &json[1..json.len() - 1],
        _ => return Cow::Borrowed(json),
    };
    if memchr(b'\\', inner.as_bytes()).is_none() {
        return Cow::Borrowed(inner);
    }
    let decoded = serde_json::from_str(json)
        .or_else(|_| serde_json::from_str(&without_lone_surrogates(json)));
    Cow::Owned(decoded.unwrap_or_else(|_| inner.to_owned()))
}

fn without_lone_surrogates(json: &str) -> String {
    let escape_at = |at: usize| {
        let digits = json.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (mut text, mut at) = (String::with_capacity(json.len()), 0);
    while let Some(c) = json[at..].chars().next() {
        let length = match (escape_at(at), escape_at(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                text.push('\u{fffd}');
                at += 6;
                continue;
            }
            _ if c == '\\' => 2,
            _ => c.len_utf8(),
        };
        text.push_str(&json[at..at + length]);
        at += length;
    }
    text
}
