//! The direction of lines of Hebrew, Arabic and other scripts from right to left. `SubRip` has none, and
//! players such as libass take a line for one from left to right: its marks and numbers are then shown on
//! the wrong side. An embedding around the line says how it runs (UAX #9, X2); `WebVTT` needs none,
//! because browsers tell the direction by the text.

use std::borrow::Cow;

use memchr::memchr3;

/// U+202B, RIGHT-TO-LEFT EMBEDDING.
const EMBED: char = '\u{202b}';
/// U+202C, POP DIRECTIONAL FORMATTING.
const POP: char = '\u{202c}';

/// Returns `text` with an embedding around each line from right to left that needs one.
pub(super) fn embedded(text: &str) -> Cow<'_, str> {
    // Text of these scripts has one of these bytes in UTF-8: the first of most letters.
    if memchr3(0xD7, 0xD8, 0xD9, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let (line, end) = line
            .strip_suffix('\n')
            .map_or((line, ""), |line| (line, "\n"));
        if needs_embedding(line) {
            shown.extend([EMBED]);
            shown.push_str(line);
            shown.push(POP);
        } else {
            shown.push_str(line);
        }
        shown.push_str(end);
    }
    Cow::Owned(shown)
}

/// Returns `true` if `line` runs from right to left, and has anything that would be shown elsewhere in a
/// line from left to right.
fn needs_embedding(line: &str) -> bool {
    let (mut right, mut left, mut others, mut first) = (0, 0, 0, None);
    for c in line.chars() {
        if is_right_to_left(c) {
            right += 1;
            first = first.or(Some(true));
        } else if c.is_alphabetic() {
            left += 1;
            first = first.or(Some(false));
        } else if matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            // The text says itself how it runs.
            return false;
        } else if c != ' ' {
            others += 1;
        }
        if first == Some(true) && left + others > 0 {
            return true;
        }
    }
    right > left && left + others > 0
}

/// Returns `true` for letters and vowel signs from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{591}'..='\u{5f4}' | '\u{610}'..='\u{61a}' | '\u{620}'..='\u{65f}' | '\u{66e}'..='\u{6d3}'
        | '\u{6d5}'..='\u{6ef}' | '\u{6fa}'..='\u{7ff}' | '\u{800}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_from_right_to_left_are_embedded() {
        for (text, shown) in [
            ("مرحبا، كيف حالك؟", "\u{202b}مرحبا، كيف حالك؟\u{202c}"),
            ("OK זה בסדר!", "\u{202b}OK זה בסדר!\u{202c}"),
            ("- כן.\nYes.", "\u{202b}- כן.\u{202c}\nYes."),
        ] {
            assert_eq!(embedded(text), shown);
        }
        for text in [
            "plain",
            "é",
            "שלום",
            "the word שלום means peace",
            "\u{202b}כן.\u{202c}",
            "Да.",
            "१२३",
        ] {
            assert_eq!(embedded(text), text);
        }
    }
}
