//! Turns of dialogue: what another person says, opened by a dash, on lines of its own.

use memchr::memchr;

use super::lexicon::is_month;
use super::sentences::{Boundary, boundary_after, starts_sentence};

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
    if boundary_after(before, last, word) == Boundary::Sentence {
        // A dash of another kind may be a narrator's: "— Правда? — спросил он".
        let is_answer = dialogue && word.starts_with('-') && last.ends_with(['.', '!', '?']);
        return !first.starts_with(char::is_lowercase) || is_answer && !last.ends_with("..");
    }
    let is_cut_short = last.ends_with(['—', '–', '-']) && last.starts_with(char::is_alphanumeric);
    let is_range = is_month(last) && is_month(first);
    (is_cut_short || dialogue && last.ends_with('.')) && starts_sentence(first) && !is_range
}

/// Returns the word without its dash.
fn without_dash(word: &str) -> &str {
    word.trim_start_matches(['-', '–', '—', '―'])
}

/// Returns `true` if a turn starts in the middle of `line`.
pub(super) fn contains_turn(line: &str) -> bool {
    if line.is_ascii() && memchr(b'-', line.as_bytes()).is_none() {
        return false;
    }
    let mut words = line.split_whitespace();
    let mut last = ["", words.next().unwrap_or("")];
    let dialogue = starts_turn_line(last[1]);
    while let Some(word) = words.next() {
        let next = || words.clone().next().unwrap_or("");
        if starts_with_dash(word) && starts_turn(last, word, next(), dialogue) {
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
            assert!(contains_turn(line), "{line}");
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
            assert!(!contains_turn(line), "{line}");
        }
    }
}
