//! Characters as people count them: grapheme clusters (UAX #29), with a fast path for most text.

use icu_segmenter::GraphemeClusterSegmenter;

/// Returns the number of characters of `text`, spaces and line breaks included.
pub(super) fn grapheme_count(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let mut chars = 0;
    for c in text.chars() {
        if c != '\n' && !starts_grapheme(c) {
            // A boundary at either end.
            return GraphemeClusterSegmenter::new().segment_str(text).count() - 1;
        }
        chars += 1;
    }
    chars
}

/// Returns a predicate for the offsets in `word` at which a grapheme cluster starts. It must be called
/// with ascending offsets.
pub(super) fn grapheme_boundaries(word: &str) -> impl FnMut(&usize) -> bool {
    let mut graphemes = GraphemeClusterSegmenter::new().segment_str(word).peekable();
    move |at| {
        let (before, after) = word.split_at(*at);
        let is_plain = |c: Option<char>| c.is_none_or(starts_grapheme);
        if is_plain(before.chars().next_back()) && is_plain(after.chars().next()) {
            return true;
        }
        while graphemes.next_if(|boundary| boundary < at).is_some() {}
        graphemes.peek() == Some(at)
    }
}

/// Returns `true` if `word` continues the grapheme cluster of a space before it.
pub(super) fn joins_previous(word: &str) -> bool {
    word.chars().next().is_some_and(|first| {
        !starts_grapheme(first) && {
            let joined = [' ', first].iter().collect::<String>();
            GraphemeClusterSegmenter::new().segment_str(&joined).count() == 2
        }
    })
}

/// Returns `true` if `c` always starts a grapheme cluster, after white space or another such character:
/// the fast path for most text.
#[inline]
fn starts_grapheme(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{c0}'..'\u{300}' | '\u{370}'..'\u{483}' | '\u{5d0}'..'\u{5eb}'
        | '\u{620}'..'\u{64b}' | '\u{2010}'..'\u{2028}' | '\u{3001}'..'\u{302a}'
        | '\u{3041}'..'\u{3097}' | '\u{30a0}'..'\u{a000}' | '\u{ac00}'..'\u{d7a4}'
        | '\u{ff01}'..'\u{ff9e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grapheme_clusters_are_counted() {
        for (text, count) in [
            ("", 0),
            ("two\nlines", 9),
            ("über, день", 10),
            ("你好，世界", 5),
            ("한국어", 3),
            ("e\u{301}te\u{301}", 3),
            ("👩‍👩‍👧 ok", 4),
            ("क्षत्रिय", 3),
        ] {
            assert_eq!(grapheme_count(text), count, "{text}");
        }
    }
}
