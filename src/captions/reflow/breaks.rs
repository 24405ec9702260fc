//! Classifies the breaks after the words of a text, by punctuation, white space and classs of words.

use super::break_quality::BreakQuality;
use super::dialogue::{DASHES, starts_turn, starts_turn_line, starts_with_dash};
use super::lexicon::is_title;
use super::no_break_pairs;
use super::sentences::{Boundary, boundary_after};
use super::word_class::WordClass;
use super::words::{Word, is_unspaced};

/// Sets the quality of the break after each of the `words` of `text`.
pub(super) fn classify_breaks(text: &str, words: &mut [Word]) {
    let Some(mut class) = words.first().map(|first| WordClass::of(first.of(text))) else {
        return;
    };
    let mut quoted = false;
    let mut dialogue = starts_turn_line(words[0].of(text));
    for place in 1..words.len() {
        let next = words[place];
        let next_class = WordClass::of(next.of(text));
        let is_first = place == 1 || words[place - 2].break_after.ends_sentence();
        let word = words[place - 1];
        let gap = &text[word.end..next.start];
        let around = |place: Option<&Word>| place.map_or("", |word| word.of(text));
        let after = place + 1;
        let before = if is_first {
            ""
        } else {
            words[place - 2].of(text)
        };
        let (word, next) = (word.of(text), next.of(text));
        if gap == " " && is_plain(word) && is_plain_start(next) {
            // Nearly always.
            words[place - 1].break_after = unmarked(class, next_class, next);
            class = next_class;
            continue;
        }
        if gap.is_empty() {
            quoted = next.starts_with(['「', '『']) || quoted && !word.contains(['」', '』']);
        }
        words[place - 1].break_after = if starts_with_dash(next)
            && (gap.contains('\n') && starts_turn_line(next)
                || starts_turn([before, word], next, around(words.get(after)), dialogue))
        {
            dialogue = true;
            BreakQuality::Turn
        } else if is_first && DASHES.contains(&word) {
            // A dash before what someone says, not between clauses.
            BreakQuality::Discouraged
        } else if gap.is_empty() && !quoted && is_seam(word, next) {
            BreakQuality::Phrase
        } else {
            no_break_pairs::splits_pair(before, word, next)
                .or_else(|| marked(before, word, gap, next))
                .unwrap_or_else(|| unmarked(class, next_class, next))
        };
        class = next_class;
    }
    // The end of a segment is as good as that of a sentence.
    words[words.len() - 1].break_after = BreakQuality::Sentence;
}

/// Returns `true` if `word` starts and ends with a letter: punctuation says nothing about its break.
fn is_plain(word: &str) -> bool {
    let letter = u8::is_ascii_alphabetic;
    let word = word.as_bytes();
    word.first().is_some_and(letter) && word.last().is_some_and(letter)
}

/// Returns `true` if `next` starts with a letter and is not the initial of a name.
fn is_plain_start(next: &str) -> bool {
    match next.as_bytes() {
        [first, b'.'] => !first.is_ascii_uppercase() && first.is_ascii_alphabetic(),
        [first, ..] => first.is_ascii_alphabetic(),
        [] => false,
    }
}

/// Classifies a break by the classes of the words around it.
fn unmarked(class: WordClass, next_class: WordClass, next: &str) -> BreakQuality {
    match class {
        WordClass::Conjunction | WordClass::Preposition => BreakQuality::Discouraged,
        WordClass::Article => BreakQuality::Forbidden,
        // No noun follows in "I told her that".
        _ if next_class.starts_phrase() => BreakQuality::Phrase,
        WordClass::Possessive => BreakQuality::Forbidden,
        WordClass::Title | WordClass::Foreign if next.starts_with(char::is_uppercase) => {
            BreakQuality::Forbidden
        }
        WordClass::Determiner | WordClass::Foreign => BreakQuality::Discouraged,
        WordClass::Title | WordClass::Other => BreakQuality::Word,
    }
}

/// Classifies a break by punctuation and white space; `None` if they say nothing.
fn marked(before: &str, word: &str, gap: &str, next: &str) -> Option<BreakQuality> {
    if !word.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        match boundary_after(before, word, next) {
            Boundary::Sentence => return Some(BreakQuality::Sentence),
            Boundary::Clause => return Some(BreakQuality::Clause),
            Boundary::None if is_title(word) => return Some(BreakQuality::Forbidden),
            // After a quotation, better than inside it.
            Boundary::None if word.ends_with(['」', '』', '）', '】', '》', '〉']) => {
                return Some(BreakQuality::Phrase);
            }
            Boundary::None => {}
        }
    }
    if gap != " " {
        if gap.contains('\n') {
            return Some(BreakQuality::Clause);
        }
        if gap.is_empty() {
            let forced = word.is_ascii() && next.is_ascii();
            return Some(if forced {
                BreakQuality::Forced
            } else {
                BreakQuality::Word
            });
        }
    }
    if next.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    // Where words have no spaces between them, clauses have: in Thai, always.
    if word.ends_with(is_unspaced) && next.starts_with(is_unspaced) {
        return Some(BreakQuality::Clause);
    }
    if DASHES.contains(&next) {
        return Some(BreakQuality::Discouraged);
    }
    (starts_with_dash(next) || next.starts_with(['(', '['])).then_some(BreakQuality::Clause)
}

/// Returns `true` if a phrase of Japanese starts between `word` and `next`: with a noun or a verb, which
/// is written in another script than the ending before it.
fn is_seam(word: &str, next: &str) -> bool {
    let is_hiragana = |c: char| matches!(c, '\u{3041}'..='\u{309f}');
    word.ends_with(is_hiragana) && !next.starts_with(is_hiragana)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_each_word(text: &str) -> Vec<BreakQuality> {
        let mut words = Vec::new();
        super::super::words::read_words(text, 42, &mut words);
        classify_breaks(text, &mut words);
        words.iter().map(|word| word.break_after).collect()
    }

    #[test]
    fn breaks_are_classified() {
        use BreakQuality::{Clause, Discouraged, Forbidden, Forced, Phrase, Sentence, Turn, Word};
        for (text, after) in [
            (
                "Go on, please. Now",
                &[Word, Clause, Sentence, Sentence][..],
            ),
            (
                "walk because the day",
                &[Phrase, Discouraged, Forbidden, Sentence],
            ),
            (
                "I told her that they saw Sir Arthur",
                &[
                    Discouraged,
                    Word,
                    Phrase,
                    Discouraged,
                    Discouraged,
                    Word,
                    Forbidden,
                    Sentence,
                ],
            ),
            ("after a while", &[Discouraged, Forbidden, Sentence]),
            ("Mr. Smith (again)", &[Forbidden, Clause, Sentence]),
            (
                "he said – and left",
                &[Discouraged, Discouraged, Clause, Discouraged, Sentence],
            ),
            ("– Yes. – No", &[Discouraged, Turn, Discouraged, Sentence]),
            (
                "a line\nbroken\n- twice",
                &[Forbidden, Clause, Turn, Discouraged, Sentence],
            ),
            ("你好，世", &[Word, Clause, Sentence]),
            (
                "https://example.com/a/very/long/path/indeed",
                &[Forced, Forced, Forced, Forced, Forced, Forced, Sentence],
            ),
        ] {
            assert_eq!(after_each_word(text), after, "{text}");
        }
    }
}
