//! Finds the ends of sentences and clauses: by the marks of many scripts, telling full stops from those
//! of abbreviations, initials and ordinals.

use super::lexicon::{Lexicon, is_doubled, is_initial};
use super::marks::{CLOSERS, OPENERS, is_plain_letter};
use super::word_class::Kinds;

/// The unit of text that ends with a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Sentence,
    /// A clause that a semicolon, a colon or a dash ends.
    MainClause,
    Clause,
    None,
}

/// Returns what ends with `word`, which `next` follows; `before` is the word before it in its sentence.
pub(super) fn boundary_after(lexicon: &Lexicon, before: &str, word: &str, next: &str) -> Boundary {
    if word.ends_with(|c: char| c.is_ascii_digit() || is_plain_letter(c)) {
        return Boundary::None;
    }
    // French has a space before the mark: "« Quoi ? »".
    let marked = word.trim_end_matches(|c: char| c.is_whitespace() || CLOSERS.contains(&c));
    match marked.chars().next_back() {
        Some('.') if is_abbreviation(lexicon, before, marked, next) => Boundary::None,
        Some(mark) if SENTENCE_ENDS.contains(&mark) || asks_in_greek(lexicon, mark) => {
            let first = next.trim_start_matches(OPENERS).chars().next();
            // "Why?" she asked. But after a bare question mark, the capital is missing.
            if first.is_some_and(char::is_lowercase) && !word.ends_with(['?', ';', '\u{37e}']) {
                Boundary::Clause
            } else {
                Boundary::Sentence
            }
        }
        Some(mark) if CLAUSE_ENDS.contains(&mark) => Boundary::Clause,
        Some(mark) if MAIN_CLAUSE_ENDS.contains(&mark) => Boundary::MainClause,
        // A word of nothing but closing marks, or one in quotes.
        _ => Boundary::None,
    }
}

/// Returns `true` for a semicolon in Greek, which is the question mark there.
fn asks_in_greek(lexicon: &Lexicon, mark: char) -> bool {
    mark == ';' && lexicon.script == "Greek"
}

/// Returns `true` if the full stop at the end of `word` belongs to it: `Mr.`, `J.`, `U.S.`, `e.g.`, `3.`.
fn is_abbreviation(lexicon: &Lexicon, before: &str, word: &str, next: &str) -> bool {
    let name = word.trim_start_matches(OPENERS);
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.as_bytes() {
        [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9'] => is_ordinal(lexicon, before, next),
        // "So do I. Then"
        b"I" if before.starts_with(char::is_lowercase) => is_initial(next),
        _ => {
            let mut chars = name.chars();
            if let (Some(letter), None) = (chars.next(), chars.next()) {
                // "is equal to x. Then", but "z. B." and "p. 12".
                let may_end = letter.is_lowercase() && starts_sentence(next) && !is_initial(next);
                let is_listed = || LISTED.iter().any(|kind| lexicon.is(*kind, name));
                return letter.is_alphanumeric() && (!may_end || is_listed());
            }
            let inner = name.contains('.') && !name.ends_with('.');
            (inner
                && name
                    .split('.')
                    .all(|part| part.chars().count() <= 2 && is_letters(part)))
                || is_doubled(word.trim_start_matches(OPENERS))
                || lexicon.is(Kinds::ABBREVIATION, name)
        }
    }
}

/// The kinds of abbreviations that a single letter may be.
const LISTED: [Kinds; 2] = [Kinds::ABBREVIATION, Kinds::NUMBERED];

/// Returns `true` if `word` starts with a capital, possibly after opening marks.
pub(super) fn starts_sentence(word: &str) -> bool {
    let word = word.trim_start_matches(OPENERS);
    word.starts_with(char::is_uppercase)
}

/// Returns `true` if a number with a full stop, between these words, is that of a list item (`1. Open`)
/// or an ordinal (`am 3. Oktober`), not the last word of a sentence (`is only 37. She`).
fn is_ordinal(lexicon: &Lexicon, before: &str, next: &str) -> bool {
    let counts = before.ends_with(char::is_alphanumeric) || lexicon.is(Kinds::NUMBERED, before);
    !counts || next.starts_with(char::is_lowercase) || lexicon.is(Kinds::BEFORE_ORDINAL, before)
}

fn is_letters(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphabetic)
}

/// Unicode's `Sentence_Terminal`, as far as living scripts have one, and the ellipsis.
const SENTENCE_ENDS: [char; 34] = [
    '.', '!', '?', '…', '‼', '‽', '⁇', '⁈', '⁉', '。', '｡', '．', '！', '？',      // Latin, CJK
    '\u{37e}', // Greek
    '؟', '۔', '؝', '܀', '܁', '܂', // Arabic, Syriac
    '।', '॥', '꣎', '꣏', // Indic
    '։', // Armenian
    '።', '፧', '፨', // Ethiopic
    '။', // Myanmar
    '។', '៕', // Khmer
    '᠃', '᠉', // Mongolian
];

const MAIN_CLAUSE_ENDS: [char; 13] = [
    ';', ':', '—', '–', '；', '：', '﹔', '﹕', // Latin, CJK
    '؛', '·', // Arabic, Greek
    '፤', '፥', // Ethiopic
    '༎', // Tibetan
];

const CLAUSE_ENDS: [char; 11] = [
    ',', '、', '，', '､', '﹐', '﹑', // Latin, CJK
    '،',  // Arabic
    '፣',  // Ethiopic
    '၊',  // Myanmar
    '།',  // Tibetan
    '᠂',  // Mongolian
];

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> &'static Lexicon {
        Lexicon::of("en").unwrap()
    }

    #[test]
    fn sentence_ends_in_every_script() {
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
            assert_eq!(
                boundary_after(lexicon(), "the", word, next),
                Boundary::Sentence,
                "{word}"
            );
        }
    }

    #[test]
    fn abbreviations_initials_and_ordinals_end_no_sentence() {
        for word in [
            "U.S.", "Mr.", "(Dr.", "e.g.", "J.", "p.m.", "z.B.", "etc.", "Ph.D.", "St.", "EE.",
            "UU.",
        ] {
            assert_eq!(
                boundary_after(lexicon(), "the", word, "Smith"),
                Boundary::None,
                "{word}"
            );
        }
        for word in ["3.14", "word", "well-known", "\"quoted\"", "你好"] {
            assert_eq!(
                boundary_after(lexicon(), "the", word, "Next"),
                Boundary::None,
                "{word}"
            );
        }
    }

    #[test]
    fn number_with_full_stop_may_end_a_sentence() {
        for (before, word, next) in [
            ("only", "37.", "She"),
            ("was", "5.", "Mary"),
            ("No.", "5.", "It"),
            ("to", "x.", "Then"),
            ("in", "general.", "Then"),
            ("do", "I.", "Then"),
        ] {
            assert_eq!(
                boundary_after(lexicon(), before, word, next),
                Boundary::Sentence,
                "{word}"
            );
        }
        for (before, word, next) in [
            ("", "3.", "Press"),
            ("Donnerstag,", "3.", "Oktober"),
            ("v", "3.", "roce"),
            ("as", "I.", "M."),
            ("Elizabeth", "I.", "Then"),
            ("see", "p.", "Then"),
            ("so", "z.", "B."),
        ] {
            assert_eq!(
                boundary_after(lexicon(), before, word, next),
                Boundary::None,
                "{word}"
            );
        }
    }

    #[test]
    fn german_ordinal_ends_no_sentence() {
        let german = Lexicon::of("de").unwrap();
        for (before, word, next) in [("am", "24.", "Dezember"), ("Im", "19.", "Jahrhundert")] {
            let boundary = boundary_after(german, before, word, next);
            assert_eq!(boundary, Boundary::None, "{word}");
        }
    }

    #[test]
    fn semicolon_asks_in_greek() {
        let greek = Lexicon::of("el").unwrap();
        for (word, next) in [
            ("σπίτι;", "Ναι"),
            ("σπίτι;", "ναι"),
            ("σπίτι\u{37e}", "Ναι"),
        ] {
            let boundary = boundary_after(greek, "στο", word, next);
            assert_eq!(boundary, Boundary::Sentence, "{word} {next}");
        }
        let quoted = boundary_after(greek, "", "Γιατί;»", "ρώτησε");
        assert_eq!(quoted, Boundary::Clause);
    }

    #[test]
    fn sentence_end_before_lower_case_is_a_clause() {
        assert_eq!(
            boundary_after(lexicon(), "", "Why?\"", "she"),
            Boundary::Clause
        );
        let bare = boundary_after(lexicon(), "", "Why?", "she");
        assert_eq!(bare, Boundary::Sentence);
    }

    #[test]
    fn commas_end_clauses_and_stronger_marks_main_clauses() {
        for (words, ended) in [
            (["then,", "好，", "這、", "نعم،"], Boundary::Clause),
            (["so;", "this:", "wait—", "好；"], Boundary::MainClause),
        ] {
            for word in words {
                let boundary = boundary_after(lexicon(), "the", word, "Next");
                assert_eq!(boundary, ended, "{word}");
            }
        }
    }
}
