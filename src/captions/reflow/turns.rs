//! What another person says: a turn, which a dash opens, and which has lines of its own.

use super::sentences::{Ending, ending};

/// Between two clauses, a dash ends the first; after a sentence, it opens a turn.
pub(super) const DASHES: [&str; 5] = ["–", "—", "--", "-", "―"];

/// Whether `text` starts with a dash, as a turn does.
pub(super) fn starts_with_dash(text: &str) -> bool {
    text.starts_with(['-', '–', '—', '―'])
}

/// Whether `word` starts a line as a turn does: with a dash, before white space or a letter.
pub(super) fn opens_line(word: &str) -> bool {
    starts_with_dash(word) && {
        let said = said(word);
        said.is_empty() || said.starts_with(|c: char| !c.is_ascii_digit())
    }
}

/// Whether `word`, after which comes `next`, opens a turn after the sentence that ends with
/// `before`: "Yes. - No.", but not "“Yes!” – she said".
pub(super) fn opens_turn(before: &str, word: &str, next: &str) -> bool {
    opens_line(word) && ending(before, word) == Ending::Sentence && {
        let said = said(word);
        let first = if said.is_empty() { next } else { said };
        !first.is_empty() && !first.starts_with(char::is_lowercase)
    }
}

fn said(word: &str) -> &str {
    word.trim_start_matches(['-', '–', '—', '―'])
}

/// Whether a turn opens in the middle of `line`.
pub(super) fn holds_turn(line: &str) -> bool {
    if line.is_ascii() && !line.as_bytes().contains(&b'-') {
        return false;
    }
    let mut words = line.split_whitespace();
    let mut before = words.next().unwrap_or("");
    while let Some(word) = words.next() {
        if starts_with_dash(word) && opens_turn(before, word, words.clone().next().unwrap_or("")) {
            return true;
        }
        before = word;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_after_a_sentence_opens_a_turn() {
        for line in [
            "Can you hear it? - Not yet.",
            "Yes! – No.",
            "Да. — Нет.",
            "So? -What?",
            "You... - «What?»",
        ] {
            assert!(holds_turn(line), "{line}");
        }
        for line in [
            "- Not yet.",
            "well-known. So",
            "he was - well - late",
            "It was cold. -5 degrees",
            "Правда? — спросил он",
            "The end. -",
            "Mr. - Smith",
        ] {
            assert!(!holds_turn(line), "{line}");
        }
    }
}
