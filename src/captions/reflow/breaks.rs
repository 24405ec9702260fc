//! What it means to break a text after a word, from the end of a sentence, which is welcome, to the
//! middle of what belongs together.

use super::kinds::Kind;
use super::pairs;
use super::sentences::{Ending, ending, is_title};
use super::turns::{DASHES, opens_line, opens_turn, starts_with_dash};
use super::words::{Word, is_unspaced};

/// What ends, or is torn apart, where a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// What one person says ends: what the next says starts a new line.
    Turn,
    /// A sentence ends.
    Sentence,
    /// A clause ends.
    Clause,
    /// A conjunction or a preposition follows.
    Phrase,
    /// Only a word ends.
    Word,
    /// A preposition, a conjunction or a subject is parted from what it belongs to.
    Tight,
    /// An article, a possessive or a title is parted from its noun.
    Bound,
    /// A word longer than a line is broken.
    Forced,
}

impl Break {
    /// Whether a sentence ends there.
    pub(super) fn ends_sentence(self) -> bool {
        matches!(self, Self::Turn | Self::Sentence)
    }

    /// Whether it is where a sentence or a clause ends.
    pub(super) fn is_marked(self) -> bool {
        matches!(self, Self::Turn | Self::Sentence | Self::Clause)
    }

    /// What it costs the reader.
    pub(super) fn cost(self) -> u64 {
        match self {
            Self::Turn => 0,
            Self::Sentence => 2,
            Self::Clause => 6,
            Self::Phrase => 11,
            Self::Word => 16,
            Self::Tight => 26,
            Self::Bound => BOUND,
            Self::Forced => 30,
        }
    }
}

/// More than one more cue, and than lines as uneven as can be.
const BOUND: u64 = 110;

/// Says of each of the `words` of `text` what a break after it means.
pub(super) fn weigh(text: &str, words: &mut [Word]) {
    let Some(mut kind) = words.first().map(|first| Kind::of(first.of(text))) else {
        return;
    };
    let mut quoted = false;
    let mut dialogue = opens_line(words[0].of(text));
    for place in 1..words.len() {
        let next = words[place];
        let next_kind = Kind::of(next.of(text));
        let is_first = place == 1 || words[place - 2].after.ends_sentence();
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
            words[place - 1].after = unmarked(kind, next_kind, next);
            kind = next_kind;
            continue;
        }
        if gap.is_empty() {
            quoted = next.starts_with(['「', '『']) || quoted && !word.contains(['」', '』']);
        }
        words[place - 1].after = if starts_with_dash(next)
            && (gap.contains('\n') && opens_line(next)
                || opens_turn([before, word], next, around(words.get(after)), dialogue))
        {
            dialogue = true;
            Break::Turn
        } else if is_first && DASHES.contains(&word) {
            // A dash before what someone says, not between clauses.
            Break::Tight
        } else if gap.is_empty() && !quoted && is_seam(word, next) {
            Break::Phrase
        } else {
            pairs::torn(before, word, next)
                .or_else(|| marked(before, word, gap, next))
                .unwrap_or_else(|| unmarked(kind, next_kind, next))
        };
        kind = next_kind;
    }
    // The end of a segment is as good as that of a sentence.
    words[words.len() - 1].after = Break::Sentence;
}

/// Whether `word` has no mark after it, and no number in front: neither punctuation nor what is
/// around it says anything.
fn is_plain(word: &str) -> bool {
    let letter = u8::is_ascii_alphabetic;
    let word = word.as_bytes();
    word.first().is_some_and(letter) && word.last().is_some_and(letter)
}

/// Whether `next` starts with a letter, and is not the initial of a name.
fn is_plain_start(next: &str) -> bool {
    match next.as_bytes() {
        [first, b'.'] => !first.is_ascii_uppercase() && first.is_ascii_alphabetic(),
        [first, ..] => first.is_ascii_alphabetic(),
        [] => false,
    }
}

/// What the kinds of a word and of the one after it, `next`, say.
fn unmarked(kind: Kind, next_kind: Kind, next: &str) -> Break {
    match kind {
        Kind::Conjunction | Kind::Preposition => Break::Tight,
        Kind::Article => Break::Bound,
        // No noun follows in "I told her that".
        _ if next_kind.starts_phrase() => Break::Phrase,
        Kind::Possessive => Break::Bound,
        Kind::Title | Kind::Foreign if next.starts_with(char::is_uppercase) => Break::Bound,
        Kind::Lead | Kind::Foreign => Break::Tight,
        Kind::Title | Kind::Other => Break::Word,
    }
}

/// What punctuation and white space say, if they say something.
fn marked(before: &str, word: &str, gap: &str, next: &str) -> Option<Break> {
    if !word.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        match ending(before, word, next) {
            Ending::Sentence => return Some(Break::Sentence),
            Ending::Clause => return Some(Break::Clause),
            Ending::None if is_title(word) => return Some(Break::Bound),
            // After a quotation, better than inside it.
            Ending::None if word.ends_with(['」', '』', '）', '】', '》', '〉']) => {
                return Some(Break::Phrase);
            }
            Ending::None => {}
        }
    }
    if gap != " " {
        if gap.contains('\n') {
            return Some(Break::Clause);
        }
        if gap.is_empty() {
            let forced = word.is_ascii() && next.is_ascii();
            return Some(if forced { Break::Forced } else { Break::Word });
        }
    }
    if next.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    // Where words have no spaces between them, clauses have: in Thai, always.
    if word.ends_with(is_unspaced) && next.starts_with(is_unspaced) {
        return Some(Break::Clause);
    }
    if DASHES.contains(&next) {
        return Some(Break::Tight);
    }
    (starts_with_dash(next) || next.starts_with(['(', '['])).then_some(Break::Clause)
}

/// Whether a phrase of Japanese starts between `word` and `next`, with a noun or a verb, which is
/// written otherwise than the ending before it.
fn is_seam(word: &str, next: &str) -> bool {
    let is_hiragana = |c: char| matches!(c, '\u{3041}'..='\u{309f}');
    word.ends_with(is_hiragana) && !next.starts_with(is_hiragana)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_each_word(text: &str) -> Vec<Break> {
        let mut words = Vec::new();
        super::super::words::read(text, 42, &mut words);
        weigh(text, &mut words);
        words.iter().map(|word| word.after).collect()
    }

    #[test]
    fn every_break_is_weighed() {
        use Break::{Bound, Clause, Forced, Phrase, Sentence, Tight, Turn, Word};
        for (text, after) in [
            (
                "Go on, please. Now",
                &[Word, Clause, Sentence, Sentence][..],
            ),
            ("walk because the day", &[Phrase, Tight, Bound, Sentence]),
            (
                "I told her that they saw Sir Arthur",
                &[Tight, Word, Phrase, Tight, Tight, Word, Bound, Sentence],
            ),
            ("after a while", &[Tight, Bound, Sentence]),
            ("Mr. Smith (again)", &[Bound, Clause, Sentence]),
            (
                "he said – and left",
                &[Tight, Tight, Clause, Tight, Sentence],
            ),
            ("– Yes. – No", &[Tight, Turn, Tight, Sentence]),
            (
                "a line\nbroken\n- twice",
                &[Bound, Clause, Turn, Tight, Sentence],
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
