//! The text of one cue: clean, trimmed, and without the blank lines that would end the cue early in
//! a player.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use crate::text::{clean, is_printable_ascii};

/// Returns `text` as a cue shows it: [`clean`], every line trimmed, blank lines left out. A line with
/// nothing but white space and characters without width is blank. Empty if nothing is left.
#[must_use]
pub fn cue_text(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) if is_printable_ascii(text) => Cow::Borrowed(text.trim_ascii()),
        Cow::Borrowed(text) => match clean(text) {
            Cow::Borrowed(text) => tidy(text),
            Cow::Owned(text) => Cow::Owned(tidy(&text).into_owned()),
        },
        Cow::Owned(text) => Cow::Owned(tidy(&clean(&text)).into_owned()),
    }
}

fn tidy(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if is_blank(text) {
        return Cow::Borrowed("");
    }
    let is_tidy = |line: &str| line.trim().len() == line.len() && !is_blank(line);
    if memchr(b'\n', text.as_bytes()).is_none() || text.split('\n').all(is_tidy) {
        return Cow::Borrowed(text);
    }
    let mut tidied = String::with_capacity(text.len());
    for line in text
        .split('\n')
        .map(str::trim)
        .filter(|line| !is_blank(line))
    {
        if !tidied.is_empty() {
            tidied.push('\n');
        }
        tidied.push_str(line);
    }
    Cow::Owned(tidied)
}

fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Format characters that show nothing by themselves: soft hyphen, joiners, directional marks,
/// variation selectors, tags (a choice from Unicode's `Default_Ignorable_Code_Point`).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Returns `true` if parsers would take `line` for the number of a cue.
#[must_use]
pub(crate) fn is_number(line: &str) -> bool {
    line.chars()
        .all(|c| c.is_numeric() || matches!(c, '-' | '.'))
}

/// Returns the number of times such as `00:00:01,500` and `00:01.500` in `text`. Parsers take a line
/// with two of them for the start of a cue.
#[must_use]
pub(crate) fn timestamps(text: &str) -> usize {
    let shape = text.replace(|c: char| c.is_ascii_digit(), "0");
    shape.matches("00:00.0").count() + shape.matches(":00:00,0").count()
}

/// Returns `false` if `text` cannot hold two [`timestamps`], which have two colons.
#[must_use]
pub(crate) fn may_hold_two_timestamps(text: &str) -> bool {
    memchr_iter(b':', text.as_bytes()).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Cow<'_, str> {
        cue_text(Cow::Borrowed(text))
    }

    #[test]
    fn unchanged_text_is_borrowed() {
        for text in [
            "plain",
            " leading space",
            "two\nlines",
            "你好，世界",
            "👩‍👩‍👧",
            "",
        ] {
            assert!(matches!(of(text), Cow::Borrowed(_)), "{text:?}");
        }
        assert_eq!(of(" leading space \n"), "leading space");
    }

    #[test]
    fn lines_are_trimmed_and_blank_ones_removed() {
        for (raw, shown) in [
            ("a\n\nb", "a\nb"),
            ("a\r\n \r\n\u{a0}\r\nb", "a\nb"),
            (
                "a\n\u{3000}\u{2003}\n\u{200b}\n\u{200b} \u{feff}\n  b  ",
                "a\nb",
            ),
            ("a\u{85}\u{2028}\u{2029}b", "a\nb"),
            ("\u{1b}[2Ja\n\u{1b}[0m\nb", "a\nb"),
            ("\n\u{a0}\n", ""),
            (" \u{2060}\u{ad}", ""),
            ("\u{a0}\u{301}", "\u{301}"),
        ] {
            assert_eq!(of(raw), shown, "{raw:?}");
            assert_eq!(cue_text(Cow::Owned(raw.to_owned())), shown, "{raw:?}");
        }
    }
}
