//! What another person says: a turn, which a dash opens, and which has lines of its own.

use memchr::memchr;

use super::pairs::is_month;
use super::sentences::{Ending, ending, opens_sentence};

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

/// Whether `word`, after which comes `next`, opens a turn after the sentence that ends with the last
/// two words, `before` and `last`: "Yes. - No.", but not "“Yes!” – she said".
///
/// In a `dialogue`, which a dash opened, most dashes open a turn, after an abbreviation too, or an
/// answer in lower case.
pub(super) fn opens_turn(
    [before, last]: [&str; 2],
    word: &str,
    next: &str,
    dialogue: bool,
) -> bool {
    if !opens_line(word) {
        return false;
    }
    let said = said(word);
    let first = if said.is_empty() { next } else { said };
    if first.is_empty() {
        return false;
    }
    if ending(before, last, word) == Ending::Sentence {
        // A dash of another kind may be a narrator's: "— Правда? — спросил он".
        let is_answer = dialogue && word.starts_with('-') && last.ends_with(['.', '!', '?']);
        return !first.starts_with(char::is_lowercase) || is_answer && !last.ends_with("..");
    }
    let is_cut_short = last.ends_with(['—', '–', '-']) && last.starts_with(char::is_alphanumeric);
    let is_range = is_month(last) && is_month(first);
    (is_cut_short || dialogue && last.ends_with('.')) && opens_sentence(first) && !is_range
}

fn said(word: &str) -> &str {
    word.trim_start_matches(['-', '–', '—', '―'])
}

/// Whether a turn opens in the middle of `line`.
pub(super) fn holds_turn(line: &str) -> bool {
    if line.is_ascii() && memchr(b'-', line.as_bytes()).is_none() {
        return false;
    }
    let mut words = line.split_whitespace();
    let mut last = ["", words.next().unwrap_or("")];
    let dialogue = opens_line(last[1]);
    while let Some(word) = words.next() {
        let next = || words.clone().next().unwrap_or("");
        if starts_with_dash(word) && opens_turn(last, word, next(), dialogue) {
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
    fn a_dash_after_a_sentence_opens_a_turn() {
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
            "- From 2 p.m. - 5 p.m.",
            "- From Jan. - Mar.",
            "- I was... - um - late",
            "- In the U.S. - mostly",
            "— Правда? — спросил он",
            "- - - Not",
        ] {
            assert!(!holds_turn(line), "{line}");
        }
    }
}
