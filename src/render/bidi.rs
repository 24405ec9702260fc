//! The direction of lines of Hebrew, Arabic and other scripts from right to left. `SubRip` has none, and
//! players such as libass take a line for one from left to right: its marks and numbers are then shown on
//! the wrong side. An embedding around the line says how it runs (UAX #9, X2). `WebVTT` and HTML need none,
//! because browsers tell the direction by the text, if only by its first letter.

use std::borrow::Cow;

use memchr::memchr3;

use crate::text::is_bidi_control;

/// U+202B, RIGHT-TO-LEFT EMBEDDING.
const EMBED: char = '\u{202b}';
/// U+200F, RIGHT-TO-LEFT MARK.
const RIGHT_TO_LEFT_MARK: &str = "\u{200f}";
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

/// Returns `text` with a mark before each line from right to left that starts with a word from left to right:
/// browsers take the direction of a line from its first letter (UAX #9, P2).
pub(super) fn marked(text: &str) -> Cow<'_, str> {
    if memchr3(0xD7, 0xD8, 0xD9, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let marked = |line| {
        if is_misread(line) {
            [RIGHT_TO_LEFT_MARK, line].concat()
        } else {
            String::from(line)
        }
    };
    Cow::Owned(text.split_inclusive('\n').map(marked).collect())
}

/// Returns `true` if most of `line` runs from right to left, but not its first letter.
fn is_misread(line: &str) -> bool {
    let letters = || line.chars().filter(|c| c.is_alphabetic());
    let right = letters().filter(|c| is_right_to_left(*c)).count();
    letters()
        .next()
        .is_some_and(|first| !is_right_to_left(first))
        && 2 * right > letters().count()
        && !line.contains(is_bidi_control)
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
        } else if is_bidi_control(c) {
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
    fn first_word_from_left_to_right_is_marked() {
        for (text, shown) in [
            ("- OK זה בסדר?\n- כן.", "\u{200f}- OK זה בסדר?\n- כן."),
            ("Yes.\niPhone החדש יצא!", "Yes.\n\u{200f}iPhone החדש יצא!"),
        ] {
            assert_eq!(marked(text), shown);
        }
        for text in [
            "מה?",
            "the word שלום means peace",
            "\u{200f}OK זה בסדר",
            "plain",
            "- 10:30!",
        ] {
            assert_eq!(marked(text), text);
        }
    }

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
