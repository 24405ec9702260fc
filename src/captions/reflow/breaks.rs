//! What it means to break a text after a word, from the end of a sentence, which is welcome, to the
//! middle of what belongs together.

use super::sentences::{Ending, ending, is_title};
use super::words::Word;

/// What ends, or is torn apart, where a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// A sentence ends.
    Sentence,
    /// A clause ends.
    Clause,
    /// A conjunction or a preposition follows.
    Phrase,
    /// Only a word ends.
    Word,
    /// An article, a preposition or a title is parted from what it belongs to.
    Tight,
    /// A word longer than a line is broken.
    Forced,
}

impl Break {
    /// Whether it is where a sentence or a clause ends.
    pub(super) fn is_marked(self) -> bool {
        matches!(self, Self::Sentence | Self::Clause)
    }

    /// What it costs the reader.
    pub(super) fn cost(self) -> u64 {
        match self {
            Self::Sentence => 0,
            Self::Clause => 6,
            Self::Phrase => 11,
            Self::Word => 16,
            Self::Tight => 26,
            Self::Forced => 30,
        }
    }
}

/// Says of each of the `words` of `text` what a break after it means.
pub(super) fn weigh(text: &str, words: &mut [Word]) {
    let Some(mut kind) = words.first().map(|first| Kind::of(first.of(text))) else {
        return;
    };
    for place in 1..words.len() {
        let next = words[place];
        let next_kind = Kind::of(next.of(text));
        let is_first = place == 1 || words[place - 2].after == Break::Sentence;
        let word = &mut words[place - 1];
        let gap = &text[word.end..next.start];
        word.after = match marked(word.of(text), gap, next.of(text)) {
            // A dash before what someone says, not between clauses.
            Some(_) if is_first && DASHES.contains(&word.of(text)) => Break::Tight,
            Some(marked) => marked,
            None if kind == Kind::Article || kind == Kind::Preposition => Break::Tight,
            None if next_kind == Kind::Conjunction || next_kind == Kind::Preposition => {
                Break::Phrase
            }
            None => Break::Word,
        };
        kind = next_kind;
    }
    // The end of a segment is as good as that of a sentence.
    words[words.len() - 1].after = Break::Sentence;
}

/// What punctuation and white space say, if they say something.
fn marked(word: &str, gap: &str, next: &str) -> Option<Break> {
    if !word.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        match ending(word, next) {
            Ending::Sentence => return Some(Break::Sentence),
            Ending::Clause => return Some(Break::Clause),
            Ending::None if is_title(word) => return Some(Break::Tight),
            Ending::None => {}
        }
    }
    if gap != " " {
        if gap.contains('\n') {
            let speaks = starts_with_dash(next);
            return Some(if speaks {
                Break::Sentence
            } else {
                Break::Clause
            });
        }
        if gap.is_empty() {
            let forced = word.is_ascii() && next.is_ascii();
            return Some(if forced { Break::Forced } else { Break::Word });
        }
    }
    if next.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    if DASHES.contains(&next) {
        return Some(Break::Tight);
    }
    (starts_with_dash(next) || next.starts_with(['(', '['])).then_some(Break::Clause)
}

/// Between two clauses, a dash ends the first.
const DASHES: [&str; 3] = ["–", "—", "--"];

/// Whether `text` starts with a dash, as what another person says does.
pub(super) fn starts_with_dash(text: &str) -> bool {
    text.starts_with(['-', '–', '—', '―'])
}

/// What a word is, where that matters for breaks; `Article` are the words that start a noun phrase.
/// English only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Article,
    Conjunction,
    Preposition,
    Other,
}

impl Kind {
    fn of(word: &str) -> Self {
        match KINDS.binary_search_by_key(&key(word), |(word, _)| *word) {
            Ok(at) => KINDS[at].1,
            Err(_) => Self::Other,
        }
    }
}

/// A number for each word of up to 8 ASCII letters, in whatever case: numbers are compared many
/// times as fast. 0 for longer words.
const fn key(word: &str) -> u64 {
    let (word, mut key, mut at) = (word.as_bytes(), 0, 0);
    if word.len() > 8 {
        return 0;
    }
    while at < word.len() {
        key = key << 8 | word[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    key
}

/// By [`key`], so by length first.
const KINDS: [(u64, Kind); 43] = [
    (key("a"), Kind::Article),
    (key("an"), Kind::Article),
    (key("as"), Kind::Conjunction),
    (key("at"), Kind::Preposition),
    (key("by"), Kind::Preposition),
    (key("if"), Kind::Conjunction),
    (key("in"), Kind::Preposition),
    (key("my"), Kind::Article),
    (key("no"), Kind::Article),
    (key("of"), Kind::Preposition),
    (key("on"), Kind::Preposition),
    (key("or"), Kind::Conjunction),
    (key("so"), Kind::Conjunction),
    (key("to"), Kind::Preposition),
    (key("and"), Kind::Conjunction),
    (key("but"), Kind::Conjunction),
    (key("for"), Kind::Preposition),
    (key("her"), Kind::Article),
    (key("his"), Kind::Article),
    (key("its"), Kind::Article),
    (key("nor"), Kind::Conjunction),
    (key("our"), Kind::Article),
    (key("the"), Kind::Article),
    (key("who"), Kind::Conjunction),
    (key("from"), Kind::Preposition),
    (key("into"), Kind::Preposition),
    (key("over"), Kind::Preposition),
    (key("than"), Kind::Conjunction),
    (key("that"), Kind::Conjunction),
    (key("then"), Kind::Conjunction),
    (key("when"), Kind::Conjunction),
    (key("with"), Kind::Preposition),
    (key("your"), Kind::Article),
    (key("about"), Kind::Preposition),
    (key("their"), Kind::Article),
    (key("under"), Kind::Preposition),
    (key("where"), Kind::Conjunction),
    (key("which"), Kind::Conjunction),
    (key("while"), Kind::Conjunction),
    (key("because"), Kind::Conjunction),
    (key("between"), Kind::Preposition),
    (key("through"), Kind::Preposition),
    (key("without"), Kind::Preposition),
];

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
        use Break::{Clause, Forced, Phrase, Sentence, Tight, Word};
        for (text, after) in [
            (
                "Go on, please. Now",
                &[Word, Clause, Sentence, Sentence][..],
            ),
            ("walk because the day", &[Phrase, Word, Tight, Sentence]),
            ("Mr. Smith (again)", &[Tight, Clause, Sentence]),
            ("he said – and left", &[Word, Tight, Clause, Word, Sentence]),
            ("– Yes. – No", &[Tight, Sentence, Tight, Sentence]),
            (
                "a line\nbroken\n- twice",
                &[Tight, Clause, Sentence, Word, Sentence],
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

    #[test]
    fn every_listed_word_is_found() {
        assert!(KINDS.is_sorted_by_key(|(word, _)| *word));
        for (word, kind) in [
            ("The", Kind::Article),
            ("of", Kind::Preposition),
            ("BECAUSE", Kind::Conjunction),
            ("because,", Kind::Other),
            ("notwithstanding", Kind::Other),
            ("", Kind::Other),
        ] {
            assert!(Kind::of(word) == kind, "{word}");
        }
    }
}
