//! Punctuation marks of many scripts: those that open and close, and scripts without spaces.

/// Returns `true` for most letters: a fast path.
pub(super) fn is_plain_letter(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}')
}

/// Marks that close what was before them, where a word has nothing else.
pub(super) const CLOSING: [char; 7] = ['.', '…', '%', '»', '›', '”', '’'];

/// Returns the length of the marks at the start of `word` that close what was before them, in bytes: no line
/// starts with one (UAX #14, LB13; Netflix and JIS X 4051 for Japanese).
pub(super) fn closing_prefix(word: &str) -> usize {
    let is_mark = |c: char| {
        matches!(
            c,
            ',' | ';'
                | ':'
                | '!'
                | '?'
                | ')'
                | ']'
                | '}'
                | '‼'
                | '‽'
                | '⁇'
                | '⁈'
                | '⁉'
                | '،'
                | '؛'
                | '؟'
                | '۔'
                | '।'
                | '॥'
                | '։'
                | '՝'
                | '՞'
                | '՜'
                | '።'
                ..='፨'
                    | '၊'
                    | '။'
                    | '។'
                    | '៕'
                    | 'ៗ'
                    | 'ๆ'
                    | '༎'
                    | '།'
                    | '、'
                    | '。'
                    | '〉'
                    | '》'
                    | '」'
                    | '』'
                    | '】'
                    | '〕'
                    | '〗'
                    | '・'
                    | '！'
                    | '）'
                    | '，'
                    | '．'
                    | '：'
                    | '；'
                    | '？'
                    | '］'
                    | '｝'
                    | '｡'
                    | '｣'
                    | '､'
        )
    };
    let rest = word.trim_start_matches(is_mark);
    // In scripts without spaces, text follows these at once: `”แม่น้ำ`.
    let text = rest.trim_start_matches(|c| CLOSING.contains(&c) || is_mark(c));
    if text.is_empty() || text.len() < rest.len() && starts_unspaced(text) {
        return word.len() - text.len();
    }
    if rest.starts_with(is_plain_letter) || !rest.starts_with('.') {
        return word.len() - rest.len();
    }
    let after = rest.trim_start_matches('.');
    let is_stop = rest.len() - after.len() == 1 && !after.starts_with(char::is_alphanumeric);
    word.len() - if is_stop { after.len() } else { rest.len() }
}

/// Marks that open what comes after them.
pub(super) const OPENING: [char; 18] = [
    '(', '[', '{', '«', '‹', '“', '‘', '¿', '¡', '（', '［', '｛', '「', '『', '【', '《', '〈',
    '〔',
];

/// Returns `true` for marks after which a line may break in scripts without spaces, and white space.
pub(super) fn is_break_mark(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '。' | '，' | '、' | '！' | '？' | '；' | '：' | '…' | '｡' | '．'
        )
}

pub(super) fn is_only(word: &str, marks: &[char]) -> bool {
    word.chars().all(|c| marks.contains(&c))
}

/// Returns `true` if the script of `c` is written without spaces between words (unlike Hangul), or `c` is
/// the zero-width space.
pub(super) fn is_unspaced(c: char) -> bool {
    c >= '\u{e00}'
        && matches!(c,
        '\u{e00}'..='\u{fff}' // Thai, Lao, Tibetan
        | '\u{1000}'..='\u{109f}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{19ff}' // Khmer
        | '\u{1950}'..='\u{19df}' | '\u{1a20}'..='\u{1aaf}' | '\u{aa80}'..='\u{aadf}' // Tai
        | '\u{1b00}'..='\u{1b7f}' | '\u{a980}'..='\u{a9df}' // Balinese, Javanese
        | '\u{200b}'
        | '\u{2e80}'..='\u{312f}' | '\u{31a0}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' // Han, Kana
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff9f}' | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Returns `true` if `word`, after opening marks, starts in a script without spaces, or has nothing else.
pub(super) fn starts_unspaced(word: &str) -> bool {
    let rest = word.trim_start_matches(OPENING);
    rest.starts_with(is_unspaced) || rest.is_empty() && !word.is_empty()
}

/// Returns `true` if a phrase of Japanese starts between `word` and `next`: with a noun or a verb, which
/// is written in another script than the ending before it.
pub(super) fn is_seam(word: &str, next: &str) -> bool {
    word.ends_with(is_hiragana) && !next.starts_with(is_hiragana)
}

/// Returns `true` if Japanese or Chinese changes its script between `word` and `next`, but not before the
/// ending of a word: a place for a break inside a phrase that is longer than a line.
pub(super) fn changes_script(word: &str, next: &str) -> bool {
    let script = |c: char| match c {
        '\u{30a1}'..='\u{30ff}' => 'ア',
        '\u{4e00}'..='\u{9fff}' => '漢',
        _ if is_hiragana(c) => 'あ',
        _ => 'A',
    };
    let (last, first) = (word.chars().next_back(), next.chars().next());
    last.map(script) != first.map(script) && !next.starts_with(is_hiragana)
}

pub(super) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

/// Marks that may stand before the first letter of a sentence.
pub(super) const OPENERS: [char; 20] = [
    '"', '\'', '“', '‘', '„', '‚', '«', '‹', '»', '›', '(', '[', '{', '¿', '¡', '「', '『', '（',
    '【', '《',
];

/// Quotation marks and brackets that may follow the mark that ends a sentence.
pub(super) const CLOSERS: [char; 19] = [
    '"', '\'', '”', '’', '»', '›', '«', '‹', '“', '‘', ')', ']', '}', '」', '』', '）', '】', '》',
    '〉',
];

/// Operators of sums and equations: a line breaks before them, not after them.
pub(super) const OPERATORS: [&str; 12] =
    ["+", "=", "×", "÷", "±", "≠", "≤", "≥", "<", "*", "/", "≈"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_marks_are_told_from_opening_ones() {
        for (word, closing) in [
            (")so", ")"),
            ("»,", "»,"),
            ("»so", ""),
            ("»ภูเขา", "»"),
            ("”“ภูเขา", "”"),
            (")(ภูเขา)", ")"),
            ("។ភ្នំ", "។"),
            ("“ภูเขา", ""),
            ("...so", ""),
            ("!...so", "!"),
        ] {
            assert_eq!(&word[..closing_prefix(word)], closing, "{word}");
        }
    }

    #[test]
    fn script_changes_before_a_noun_not_before_an_ending() {
        for (word, next) in [
            ("読むか", "聞く"),
            ("外部", "キー"),
            ("データ", "型"),
            ("SQL", "文"),
        ] {
            assert!(changes_script(word, next), "{word}|{next}");
        }
        for (word, next) in [("読", "む"), ("データ", "の"), ("外", "部"), ("デー", "タ")]
        {
            assert!(!changes_script(word, next), "{word}|{next}");
        }
    }
}
