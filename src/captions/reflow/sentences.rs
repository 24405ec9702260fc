//! Where sentences and clauses end: by the marks of many scripts, and knowing that abbreviations,
//! initials and ordinals end in a full stop too.

use super::pairs::{NUMBERED, is_doubled};
use super::words::is_plain_letter;

/// What the marks at the end of a word say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Sentence,
    Clause,
    None,
}

/// What ends with `word`, which `next` follows; `before` is the word before it in its sentence.
pub(super) fn ending(before: &str, word: &str, next: &str) -> Ending {
    if word.ends_with(|c: char| c.is_ascii_digit() || is_plain_letter(c)) {
        return Ending::None;
    }
    // French has a space before the mark: "« Quoi ? »".
    let marked = word.trim_end_matches(|c: char| c.is_whitespace() || CLOSERS.contains(&c));
    match marked.chars().next_back() {
        Some('.') if is_abbreviation(before, marked, next) => Ending::None,
        // "Why?" she asked.
        Some(mark) if SENTENCE_ENDS.contains(&mark) => {
            let first = next.trim_start_matches(OPENERS).chars().next();
            if first.is_some_and(char::is_lowercase) {
                Ending::Clause
            } else {
                Ending::Sentence
            }
        }
        Some(mark) if CLAUSE_ENDS.contains(&mark) => Ending::Clause,
        // A word of nothing but closing marks, or one in quotes.
        _ => Ending::None,
    }
}

/// Whether the full stop at the end of `word` belongs to it: `Mr.`, `J.`, `U.S.`, `e.g.`, `3.`.
fn is_abbreviation(before: &str, word: &str, next: &str) -> bool {
    let name = word.trim_start_matches(OPENERS);
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.as_bytes() {
        [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9'] => is_ordinal(before, next),
        // "So do I. Then"
        b"I" if before.starts_with(char::is_lowercase) => is_initial(next),
        _ => {
            let mut chars = name.chars();
            if let (Some(initial), None) = (chars.next(), chars.next()) {
                return initial.is_alphanumeric();
            }
            let inner = name.contains('.') && !name.ends_with('.');
            (inner
                && name
                    .split('.')
                    .all(|part| part.chars().count() <= 2 && is_letters(part)))
                || is_doubled(word.trim_start_matches(OPENERS))
                || is_title(word)
                || listed(&ABBREVIATIONS, name)
        }
    }
}

/// Whether `word` starts with a capital, maybe after opening marks.
pub(super) fn opens_sentence(word: &str) -> bool {
    let word = word.trim_start_matches(OPENERS);
    word.starts_with(char::is_uppercase)
}

/// Whether a number with a full stop, between these words, is that of an item (`1. Open`) or an
/// ordinal (`am 3. Oktober`), not the last word of a sentence (`is only 37. She`).
fn is_ordinal(before: &str, next: &str) -> bool {
    let counts =
        before.ends_with(char::is_alphanumeric) || listed(&NUMBERED, before.trim_end_matches('.'));
    !counts || next.starts_with(char::is_lowercase) || listed(&BEFORE_ORDINALS, before)
}

/// Whether `word` is a letter of a name: `J.`.
pub(super) fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.as_str() == "."
}

/// Whether `word` is a title such as `Mr.`, which must not be parted from the name after it.
pub(super) fn is_title(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|name| listed(&TITLES, name.trim_start_matches(OPENERS)))
}

fn is_letters(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphabetic)
}

fn listed(list: &[&str], name: &str) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// Quotation marks and brackets that may follow the mark that ends a sentence.
const CLOSERS: [char; 19] = [
    '"', '\'', '”', '’', '»', '›', '«', '‹', '“', '‘', ')', ']', '}', '」', '』', '）', '】', '》',
    '〉',
];

/// What may stand before the first letter of a sentence.
const OPENERS: [char; 20] = [
    '"', '\'', '“', '‘', '„', '‚', '«', '‹', '»', '›', '(', '[', '{', '¿', '¡', '「', '『', '（',
    '【', '《',
];

/// Unicode's `Sentence_Terminal`, as far as living scripts have one, and the ellipsis.
const SENTENCE_ENDS: [char; 33] = [
    '.', '!', '?', '…', '‼', '‽', '⁇', '⁈', '⁉', '。', '｡', '．', '！', '？', // Latin, CJK
    '؟', '۔', '؝', '܀', '܁', '܂', // Arabic, Syriac
    '।', '॥', '꣎', '꣏', // Indic
    '։', // Armenian
    '።', '፧', '፨', // Ethiopic
    '။', // Myanmar
    '។', '៕', // Khmer
    '᠃', '᠉', // Mongolian
];

const CLAUSE_ENDS: [char; 24] = [
    ',', ';', ':', '—', '–', '、', '，', '；', '：', '､', '﹐', '﹑', '﹔',
    '﹕', // Latin, CJK
    '،', '؛', '·', // Arabic, Greek
    '፣', '፤', '፥', // Ethiopic
    '၊', // Myanmar
    '།', '༎', // Tibetan
    '᠂', // Mongolian
];

const TITLES: [&str; 22] = [
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "rev", "hon", "gen", "col", "capt", "lt", "sgt",
    "gov", "sen", "rep", "pres", "sr", "sra", "hr", "mme",
];

const ABBREVIATIONS: [&str; 48] = [
    "jr", "vs", "etc", "vol", "fig", "figs", "inc", "ltd", "co", "corp", "dept", "est", "approx",
    "ave", "blvd", "rd", "mt", "ft", "pp", "ed", "eds", "cf", "al", "ca", "viz", "resp", "tel",
    "jan", "feb", "mar", "apr", "aug", "sep", "sept", "oct", "nov", "dec", "usw", "bzw", "evtl",
    "ggf", "inkl", "nr", "str", "vgl", "zzgl", "ph.d", "art",
];

/// German and Danish words with which an ordinal is written as a number with a full stop.
const BEFORE_ORDINALS: [&str; 40] = [
    "am", "im", "vom", "zum", "zur", "beim", "ab", "bis", "seit", "der", "die", "das", "dem",
    "den", "des", "ein", "eine", "einem", "einen", "einer", "mein", "meine", "meinem", "meinen",
    "dein", "sein", "seine", "seinem", "seinen", "ihr", "ihre", "ihrem", "ihren", "unser",
    "unsere", "diese", "dieser", "jede", "jeder", "jeden",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_in_every_script() {
        for (word, next) in [
            ("end.", "Then"),
            ("end ! »", "Then"),
            ("end\u{a0}?\u{a0}»", "Then"),
            ("end!«", "Then"),
            ("end.", "»Then"),
            ("end!\"", "Then"),
            ("(end.)", "“Then"),
            ("2019.", "Then"),
            ("end…", "Then"),
            ("好。", "我"),
            ("好！」", "我"),
            ("كيف؟", "أنا"),
            ("है।", "यह"),
            ("ሰላም።", "እንዴት"),
            ("ہے۔", "یہ"),
            ("သည်။", "က"),
        ] {
            assert_eq!(ending("the", word, next), Ending::Sentence, "{word}");
        }
    }

    #[test]
    fn abbreviations_initials_and_ordinals_end_none() {
        for word in [
            "U.S.", "Mr.", "(Dr.", "e.g.", "J.", "p.m.", "z.B.", "etc.", "Ph.D.", "St.", "EE.",
            "UU.",
        ] {
            assert_eq!(ending("the", word, "Smith"), Ending::None, "{word}");
        }
        for word in ["3.14", "word", "well-known", "\"quoted\"", "你好"] {
            assert_eq!(ending("the", word, "Next"), Ending::None, "{word}");
        }
    }

    #[test]
    fn a_number_with_a_full_stop_may_be_the_last_word_of_a_sentence() {
        for (before, word, next) in [
            ("only", "37.", "She"),
            ("was", "5.", "Mary"),
            ("No.", "5.", "It"),
            ("do", "I.", "Then"),
        ] {
            assert_eq!(ending(before, word, next), Ending::Sentence, "{word}");
        }
        for (before, word, next) in [
            ("", "3.", "Press"),
            ("Donnerstag,", "3.", "Oktober"),
            ("am", "24.", "Dezember"),
            ("Im", "19.", "Jahrhundert"),
            ("v", "3.", "roce"),
            ("as", "I.", "M."),
            ("Elizabeth", "I.", "Then"),
        ] {
            assert_eq!(ending(before, word, next), Ending::None, "{word}");
        }
    }

    #[test]
    fn a_sentence_that_goes_on_in_lower_case_is_a_clause() {
        assert_eq!(ending("", "Why?\"", "she"), Ending::Clause);
        for word in ["then,", "so;", "wait—", "好，", "這、", "نعم،"] {
            assert_eq!(ending("the", word, "Next"), Ending::Clause, "{word}");
        }
    }
}
