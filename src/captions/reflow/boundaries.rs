//! Places where a word may end without white space, beyond those of UAX #14.

use super::dialogue::DASHES;
use super::graphemes::joins_previous;
use super::marks::{OPENING, OPERATORS, is_unspaced};

/// Quotation marks that may open or close: UAX #14 cannot tell.
pub(super) const QUOTES: [char; 4] = ['“', '”', '‘', '’'];

/// Iterates over the offsets where a quotation starts after a mark of Chinese or Japanese, or ends with
/// one: a line may break there, which a rule without context cannot tell (UAX #14, LB19).
pub(super) fn beside_quotes(word: &str) -> impl Iterator<Item = usize> {
    let is_mark = |c: char| matches!(c, '，' | '。' | '！' | '？' | '；' | '：' | '、' | '…');
    word.match_indices(QUOTES).filter_map(move |(at, quote)| {
        let after = at + quote.len();
        let follows_mark = word[..at].ends_with(is_mark);
        match quote {
            "“" | "‘" => follows_mark.then_some(at),
            _ => (follows_mark
                && word[after..].starts_with(is_unspaced)
                && !word[after..].starts_with(is_mark))
            .then_some(after),
        }
    })
}

/// Returns the offsets where Thai and another script meet: a word ends there, though its space is missing,
/// which UAX #14 takes for one word (LB28).
pub(super) fn script_changes(word: &str) -> Vec<usize> {
    let is_thai = |c: char| matches!(c, '\u{e01}'..='\u{e4e}');
    let mut changes = Vec::new();
    if !word.contains(is_thai) {
        return changes;
    }
    let mut before = None;
    for (at, c) in word.char_indices() {
        let thai = is_thai(c);
        if thai || c.is_alphanumeric() {
            if before.is_some_and(|before| before != thai) {
                changes.push(at);
            }
            before = Some(thai);
        } else if c.is_ascii() {
            before = None;
        }
    }
    changes
}

/// Marks that end a sentence, or what is said, without a space after them.
const SENTENCE_MARKS: [char; 6] = ['。', '！', '？', '…', '」', '』'];

/// Returns the length of a sign to which text without spaces is glued, but which belongs to what follows
/// `word`: an operator (`2倍+ 3倍`), or the dash of a turn (`はい。- いいえ`).
pub(super) fn trailing_sign(word: &str) -> usize {
    let Some((at, _)) = word.char_indices().next_back() else {
        return 0;
    };
    let (before, sign) = word.split_at(at);
    let is_sign = if before.ends_with(SENTENCE_MARKS) {
        DASHES.contains(&sign)
    } else {
        before.ends_with(is_unspaced) && OPERATORS.contains(&sign)
    };
    if is_sign { sign.len() } else { 0 }
}

/// Returns the offset at which a line may break after a dash between clauses: "important—the".
pub(super) fn after_dash(word: &str) -> Option<usize> {
    let is_between = |at: &usize| {
        word[..*at].ends_with(|c: char| c != '—') && {
            let after = word[*at..].trim_start_matches('—');
            after.starts_with(|c: char| c.is_alphabetic() || OPENING.contains(&c))
                && !joins_previous(after)
        }
    };
    let (at, _) = word.match_indices('—').find(|(at, _)| is_between(at))?;
    Some(word.len() - word[at..].trim_start_matches('—').len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thai_ends_where_another_script_starts() {
        assert_eq!(script_changes("ซื้อiPadใหม่"), ["ซื้อ".len(), "ซื้อiPad".len()]);
        assert_eq!(script_changes("ห้อง12").len(), 1);
        for word in ["ภาษาไทย", "ดีๆ", "ก.ค.", "(กข)", "abc", "第2节", ""]
        {
            assert!(script_changes(word).is_empty(), "{word}");
        }
    }

    #[test]
    fn operator_or_dash_belongs_to_what_follows() {
        for (word, length) in [
            ("重さ+", 1),
            ("速度×", 2),
            ("はい。-", 1),
            ("はい-", 0),
            ("C++", 0),
            ("好。", 0),
            ("No.\u{a0}-", 0),
            ("+", 0),
            ("", 0),
        ] {
            assert_eq!(trailing_sign(word), length, "{word}");
        }
    }
}
