//! Turns of dialogue: what another person says, on lines of its own (Netflix, Dual Speakers; DCMP, Speaker
//! Identification). A turn is opened by a dash, by `>>`, or by the name of the speaker and a colon.

use std::iter;

use memchr::{memchr, memchr3};

use super::lexicon::Lexicon;
use super::sentences::{Boundary, boundary_after, starts_sentence};
use super::word_class::Kinds;

/// Between two clauses, a dash ends the first; after a sentence, it opens a turn.
pub(super) const DASHES: [&str; 5] = ["–", "—", "--", "-", "―"];

/// Returns `true` if `text` starts with a dash, as a turn does.
pub(super) fn starts_with_dash(text: &str) -> bool {
    text.starts_with(['-', '–', '—', '―'])
}

/// Returns `true` if `word` starts a line as a turn does: with a dash before white space or a letter.
pub(super) fn starts_turn_line(word: &str) -> bool {
    starts_with_dash(word) && {
        let spoken = without_dash(word);
        spoken.is_empty() || spoken.starts_with(|c: char| !c.is_ascii_digit())
    }
}

/// Returns `true` if `word`, followed by `next`, starts a turn after the sentence that ends with the last
/// two words, `before` and `last`: "Yes. - No.", but not "“Yes!” – she said".
///
/// In a `dialogue`, which a dash opened, most dashes start a turn, also after an abbreviation or before
/// an answer in lower case.
pub(super) fn starts_turn(
    lexicon: &Lexicon,
    [before, last]: [&str; 2],
    word: &str,
    next: &str,
    dialogue: bool,
) -> bool {
    if !starts_turn_line(word) {
        return false;
    }
    let spoken = without_dash(word);
    let first = if spoken.is_empty() { next } else { spoken };
    if first.is_empty() {
        return false;
    }
    if boundary_after(lexicon, before, last, word) == Boundary::Sentence {
        // A dash of another kind may be a narrator's: "— Правда? — спросил он".
        let is_answer = dialogue && word.starts_with('-') && last.ends_with(['.', '!', '?']);
        return !first.starts_with(char::is_lowercase) || is_answer && !last.ends_with("..");
    }
    let is_cut_short = last.ends_with(['—', '–', '-']) && last.starts_with(char::is_alphanumeric);
    let is_range = [last, first]
        .iter()
        .all(|word| lexicon.is(Kinds::MONTH, word));
    (is_cut_short || dialogue && last.ends_with('.')) && starts_sentence(first) && !is_range
}

/// Returns the word without its dash.
fn without_dash(word: &str) -> &str {
    word.trim_start_matches(['-', '–', '—', '―'])
}

/// Returns `true` if `line` may hold what opens a turn.
pub(super) fn may_hold_turn(line: &str) -> bool {
    // Dashes other than ASCII's start with this byte.
    memchr3(b'-', b'>', 0xE2, line.as_bytes()).is_some() || memchr(b':', line.as_bytes()).is_some()
}

/// Returns `true` if `word` starts with `>>`.
pub(super) fn starts_with_chevrons(word: &str) -> bool {
    word.starts_with(">>")
}

/// Returns `true` if `text` starts with what opens a turn.
pub(in crate::captions) fn opens_turn(text: &str) -> bool {
    starts_with_dash(text)
        || starts_with_chevrons(text)
        || memchr(b':', text.as_bytes()).is_some() && label_len(text.split_whitespace()) > 0
}

/// Returns the number of `words` in the name of a speaker with a colon that they start with: `Anna:`,
/// `Mr. Lee:`, `Speaker 1:`. Words follow it.
pub(super) fn label_len<'t>(words: impl Iterator<Item = &'t str>) -> usize {
    let mut words = words.peekable();
    for len in 1..=MAX_LABEL_WORDS {
        let Some(word) = words.next() else {
            return 0;
        };
        let name = word.strip_suffix(':').unwrap_or(word);
        let is_name = name.starts_with(char::is_uppercase)
            || len > 1 && name.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '\'' | '’'));
        if name.is_empty() || !is_name || !is_word {
            return 0;
        }
        if name.len() < word.len() {
            return if words.peek().is_some() { len } else { 0 };
        }
    }
    0
}

/// Maximum words of a speaker's name.
const MAX_LABEL_WORDS: usize = 3;

/// Returns `true` if a turn starts in the middle of `line`.
pub(super) fn contains_turn(lexicon: &Lexicon, line: &str) -> bool {
    let mut words = line.split_whitespace();
    let mut last = ["", words.next().unwrap_or("")];
    let dialogue = starts_turn_line(last[1]);
    while let Some(word) = words.next() {
        let next = || words.clone().next().unwrap_or("");
        if starts_with_chevrons(word)
            || starts_with_dash(word) && starts_turn(lexicon, last, word, next(), dialogue)
        {
            return true;
        }
        let is_label = || label_len(iter::once(word).chain(words.clone())) > 0;
        if boundary_after(lexicon, last[0], last[1], word) == Boundary::Sentence && is_label() {
            return true;
        }
        last = [last[1], word];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_with_a_colon_or_chevrons_start_a_turn() {
        for line in [
            "Is it open? Tom: No.",
            "Yes. Mr. Lee: Then why?",
            "I think. DR. GREEN: And you?",
            "Well. Speaker 2: And how?",
            "Yes. >> No.",
            "yes >>No.",
        ] {
            assert!(contains_turn(Lexicon::of("en").unwrap(), line), "{line}");
        }
        for line in [
            "Anna: Is it open?",
            ">> Yes.",
            "I saw Tom: he left.",
            "One more thing. Remember the rule: never.",
            "So. Tom:",
            "It is late. 12:30 already",
        ] {
            assert!(!contains_turn(Lexicon::of("en").unwrap(), line), "{line}");
        }
    }

    #[test]
    fn dash_after_a_sentence_starts_a_turn() {
        for line in [
            "Can you hear it? - Not yet.",
            "Yes! – No.",
            "Да. — Нет.",
            "So? -What?",
            "You... - «What?»",
            "- Around 2 a.m. - I don't believe it.",
            "- Apples, pears, etc. - That's all?",
            "- I'm 12. - Me too.",
            "- 5. - Fine.",
            "- Mr. - Smith?",
            "- Are you coming? - no.",
            "I thought that— - You thought what?",
        ] {
            assert!(contains_turn(Lexicon::of("en").unwrap(), line), "{line}");
        }
        for line in [
            "- Not yet.",
            "well-known. So",
            "he was - well - late",
            "It was cold. -5 degrees",
            "Правда? — спросил он",
            "The end. -",
            "Mr. - Smith",
            "- From 2 p.m. - 5 p.m.",
            "- From Jan. - Mar.",
            "- I was... - um - late",
            "- In the U.S. - mostly",
            "— Правда? — спросил он",
            "- - - Not",
        ] {
            assert!(!contains_turn(Lexicon::of("en").unwrap(), line), "{line}");
        }
    }
}
