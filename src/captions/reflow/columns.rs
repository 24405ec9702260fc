//! Columns of text (UAX #11), with fast paths for most text.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns the width of `word` in columns (UAX #11), with a fast path for most text.
pub(super) fn width(word: &str) -> usize {
    if word.is_ascii() {
        return word.len();
    }
    let mut columns = 0;
    for c in word.chars() {
        columns += match c {
            ' '..='~' => 1,
            _ if is_wide(c) => 2,
            // Lam and alef, which join to one glyph, are two letters.
            _ => return word.split_inclusive('ل').map(UnicodeWidthStr::width).sum(),
        };
    }
    columns
}

/// Returns `true` for characters of two columns, next to ASCII and to each other: a fast path.
pub(super) fn is_wide(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}')
}

/// Returns the width of white space in columns. A line break counts as the space that it becomes.
pub(super) fn gap_width(gap: &str) -> usize {
    match gap.len() {
        few @ (0 | 1) => few,
        _ => gap.chars().map(|c| c.width().unwrap_or(1)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_path_agrees_with_unicode_width() {
        for c in ('\u{20}'..='\u{1ffff}').filter(|c| is_wide(*c)) {
            assert_eq!(width(&c.to_string()), c.to_string().width(), "{c:?}");
        }
        for text in [
            "plain",
            "你好，world",
            "カード",
            "한국어",
            "é",
            "e\u{301}",
            "👩‍👩‍👧",
            "ｱ",
        ] {
            assert_eq!(width(text), text.width(), "{text}");
        }
    }

    #[test]
    fn letters_of_a_ligature_count() {
        assert_eq!(width("سلام"), 4);
        assert_eq!(width("«سَلام»"), 6);
    }
}
