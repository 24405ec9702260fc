//! Classifies the breaks after the words of a text, by punctuation, white space and class of words.

use memchr::{memchr, memchr2};

use super::break_quality::BreakQuality;
use super::dialogue::{
    DASHES, label_len, starts_turn, starts_turn_line, starts_with_chevrons, starts_with_dash,
};
use super::lexicon::Lexicon;
use super::marks::{OPERATORS, is_hiragana, is_unspaced};
use super::no_break_pairs;
use super::sentences::{Boundary, boundary_after};
use super::unspaced;
use super::word_class::Kinds;
use super::word_pair::{WordPair, is_capitalized_text};
use super::words::Word;

/// Sets the quality of the break after each of the `words` of `text`.
pub(super) fn classify_breaks(lexicon: &Lexicon, text: &str, words: &mut [Word]) {
    let word_at = |words: &[Word], place: usize| words.get(place).map_or("", |word| word.of(text));
    let Some(mut entry) = words.first().map(|first| lexicon.entry(first.of(text))) else {
        return;
    };
    words[0].class = entry.class;
    let (first, second) = (word_at(words, 0), word_at(words, 1));
    let mut state = TextState {
        is_dialogue: starts_turn_line(first),
        ..TextState::default()
    };
    let has_capital_nouns = lexicon.has_capital_nouns || is_capitalized_text(lexicon, text, words);
    let has_labels = memchr(b':', text.as_bytes()).is_some();
    // The index of the first word of the clause.
    let mut clause = 0;
    // The words of the name of a speaker that are still to come.
    let label = |words: &[Word]| label_len(words.iter().map(|word| word.of(text)));
    let mut label_left = if has_labels { label(words) } else { 0 };
    let mut around = ["", "", first, second];
    for place in 1..words.len() {
        around = [around[1], around[2], around[3], word_at(words, place + 1)];
        let [before, word, next, after] = around;
        let next_entry = lexicon.entry(next);
        words[place].class = next_entry.class;
        let is_first = place == 1 || words[place - 2].break_after.ends_sentence();
        if place > 1 && words[place - 2].break_after.is_marked() {
            clause = place - 1;
        }
        let pair = WordPair {
            lexicon,
            word,
            entry,
            next,
            next_entry,
            after,
            has_capital_nouns,
            is_first,
            clause_words: place - clause,
        };
        entry = next_entry;
        if label_left > 0 || starts_with_chevrons(word) && word.len() == 2 {
            label_left = label_left.saturating_sub(1);
            words[place - 1].break_after = BreakQuality::Forbidden;
            continue;
        }
        let gap = &text[words[place - 1].end..words[place].start];
        if gap == " " && is_plain(word) && is_plain_start(next) {
            // Nearly always.
            words[place - 1].break_after = pair.unmarked();
            continue;
        }
        let before = if is_first { "" } else { before };
        let is_weak = words[place - 1].is_weak;
        let mut quality = state.quality_between(before, &pair, gap, is_weak);
        if has_labels && quality == BreakQuality::Sentence {
            label_left = label(&words[place..]);
            if label_left > 0 {
                quality = BreakQuality::Turn;
            }
        }
        words[place - 1].break_after = quality;
    }
    keep_brackets_whole(text, words);
    unspaced::keep_terms_whole(lexicon, text, words);
    // The end of a segment is as good as that of a sentence.
    words[words.len() - 1].break_after = BreakQuality::Sentence;
}

/// The state of the text before a break.
#[derive(Default)]
struct TextState {
    /// `true` inside a quotation in a script without spaces.
    is_quotation: bool,
    /// `true` once a dash started a turn.
    is_dialogue: bool,
}

impl TextState {
    /// Classifies the break between the words of `pair`, any words, with `gap` between; `before` is the word
    /// of the sentence before them, if any, and a weak break may be inside a word.
    fn quality_between(
        &mut self,
        before: &str,
        pair: &WordPair<'_>,
        gap: &str,
        is_weak: bool,
    ) -> BreakQuality {
        let (lexicon, word, next) = (pair.lexicon, pair.word, pair.next);
        if gap.is_empty() {
            self.is_quotation =
                next.starts_with(['「', '『']) || self.is_quotation && !word.contains(['」', '』']);
        }
        if starts_with_dash(next)
            && (gap.contains('\n') && starts_turn_line(next)
                || starts_turn(lexicon, [before, word], next, pair.after, self.is_dialogue))
        {
            self.is_dialogue = true;
            BreakQuality::Turn
        } else if starts_with_chevrons(next) {
            BreakQuality::Turn
        } else if starts_with_ellipsis(next) && !pair.is_bound() {
            // Someone goes on, or starts in the middle of a sentence (Netflix, Continuity).
            BreakQuality::Sentence
        } else if starts_with_ellipsis(next)
            // Someone falters: "a ...friend". Or a dash or a mark before what someone says.
            || pair.is_first && !word.contains(char::is_alphanumeric)
        {
            BreakQuality::Discouraged
        } else if is_weak {
            BreakQuality::Forbidden
        } else {
            no_break_pairs::splits_pair(lexicon, before, word, next)
                .or_else(|| marked(pair, before, gap, self.is_quotation))
                .unwrap_or_else(|| pair.unmarked())
        }
    }
}

/// Maximum words of a bracket that stays whole: `(3, 0)`, `(so called)`.
const MAX_BRACKET_WORDS: usize = 4;

/// Forbids breaks inside short brackets.
fn keep_brackets_whole(text: &str, words: &mut [Word]) {
    if memchr2(b'(', b'[', text.as_bytes()).is_none() {
        return;
    }
    for open in 0..words.len() {
        let word = words[open].of(text);
        let is_open = |open: char, close: char| word.rfind(open) > word.rfind(close);
        if !is_open('(', ')') && !is_open('[', ']') {
            continue;
        }
        let last = words.len().min(open + MAX_BRACKET_WORDS);
        let close = (open + 1..last).find(|place| words[*place].of(text).contains([')', ']']));
        for word in &mut words[open..close.unwrap_or(open)] {
            word.break_after = BreakQuality::Forbidden;
        }
    }
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

/// Classifies a break by punctuation and white space; `None` if they say nothing.
fn marked(pair: &WordPair<'_>, before: &str, gap: &str, quoted: bool) -> Option<BreakQuality> {
    let (lexicon, word, next) = (pair.lexicon, pair.word, pair.next);
    if !word.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        if DASHES.contains(&word) && pair.is_range(before) {
            return Some(BreakQuality::Discouraged);
        }
        match boundary_after(lexicon, before, word, next) {
            Boundary::Sentence => return Some(BreakQuality::Sentence),
            Boundary::MainClause => return Some(BreakQuality::MainClause),
            Boundary::Clause => return Some(BreakQuality::Clause),
            Boundary::None if word.ends_with('.') && lexicon.is(Kinds::TITLE, word) => {
                return Some(BreakQuality::Forbidden);
            }
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
            } else if quoted {
                BreakQuality::Word
            } else {
                unspaced::between(lexicon, (word, pair.entry), (next, pair.next_entry))
            });
        }
    }
    if OPERATORS.contains(&word) {
        return Some(BreakQuality::Discouraged);
    }
    if next.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    // A number or a variable before its noun: "2 次元".
    let variable = word.trim_start_matches(is_unspaced);
    if matches!(variable.len(), 1 | 2)
        && variable.bytes().all(|b| b.is_ascii_alphanumeric())
        && next.starts_with(is_unspaced)
    {
        return Some(BreakQuality::Discouraged);
    }
    // A particle of Japanese after a word of another script: "(x, y) の".
    if next.starts_with(is_hiragana)
        && (!word.ends_with(is_unspaced) || next.chars().nth(1).is_none())
    {
        return Some(BreakQuality::Discouraged);
    }
    // Where words have no spaces between them, clauses have: in Thai, always.
    if word.ends_with(is_unspaced) && next.starts_with(is_unspaced) {
        return Some(BreakQuality::Clause);
    }
    if DASHES.contains(&next) {
        return Some(BreakQuality::Discouraged);
    }
    if OPERATORS.contains(&next) {
        return Some(BreakQuality::Phrase);
    }
    // "the point (1, 2)", "times -1", but not after a particle: "点を (1, 2) に"
    if is_value(next) {
        return Some(if word.ends_with(is_hiragana) {
            unspaced::between(lexicon, (word, pair.entry), (next, pair.next_entry))
        } else {
            BreakQuality::Discouraged
        });
    }
    // "one of the (so-called)"
    (!pair.is_bound() && (starts_with_dash(next) || next.starts_with(['(', '['])))
        .then_some(BreakQuality::Clause)
}

/// Returns `true` if `word` starts with an ellipsis, and a letter after it.
fn starts_with_ellipsis(word: &str) -> bool {
    let rest = word.strip_prefix("...").or(word.strip_prefix('…'));
    rest.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// Returns `true` if `word` is a negative number, or a bracket that starts with a number or a variable.
fn is_value(word: &str) -> bool {
    let inner = word.trim_start_matches(['(', '[', '-', '−']);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    inner.len() < word.len()
        && (inner.starts_with(|c: char| c.is_ascii_digit())
            || inner.len() == rest.len() + 1 && rest.starts_with([',', ')', ']']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_each_word(text: &str) -> Vec<BreakQuality> {
        let mut words = Vec::new();
        super::super::words::read_words(text, 42, None, &mut words);
        classify_breaks(Lexicon::of("en").unwrap(), text, &mut words);
        words.iter().map(|word| word.break_after).collect()
    }

    #[test]
    fn breaks_are_classified() {
        use BreakQuality::{
            Clause, Complement, Conjunction, Discouraged, Forbidden, Forced, Genitive, MainClause,
            Phrase, Sentence, Turn, Word,
        };
        for (text, after) in [
            (
                "Go on, please. Now",
                &[Word, Clause, Sentence, Sentence][..],
            ),
            (
                "walk because the day",
                &[Conjunction, Discouraged, Forbidden, Sentence],
            ),
            (
                "I told her that they saw Sir Arthur",
                &[
                    Discouraged,
                    Complement,
                    Discouraged,
                    Discouraged,
                    Discouraged,
                    Complement,
                    Forbidden,
                    Sentence,
                ],
            ),
            (
                "it fell into parts of stone",
                &[
                    Discouraged,
                    Phrase,
                    Discouraged,
                    Genitive,
                    Discouraged,
                    Sentence,
                ],
            ),
            (
                "the point (1, 2) is",
                &[Forbidden, Discouraged, Forbidden, Phrase, Sentence],
            ),
            (
                "値 (x, y) の",
                &[Discouraged, Forbidden, Discouraged, Sentence],
            ),
            ("times -1 is", &[Discouraged, Phrase, Sentence]),
            (
                "and How People With Power",
                &[Discouraged, Discouraged, Discouraged, Forbidden, Sentence],
            ),
            (
                "NOBODY KNEW THE OLD MAN HAD LEFT",
                &[
                    Word,
                    Complement,
                    Forbidden,
                    Word,
                    Conjunction,
                    Discouraged,
                    Sentence,
                ],
            ),
            ("after a while", &[Discouraged, Forbidden, Sentence]),
            ("Mr. Smith (again)", &[Forbidden, Clause, Sentence]),
            (
                "he said – and left",
                &[Discouraged, Discouraged, MainClause, Discouraged, Sentence],
            ),
            (
                "from Ghent – Bruges by",
                &[Discouraged, Discouraged, Discouraged, Phrase, Sentence],
            ),
            ("– Yes. – No", &[Discouraged, Turn, Discouraged, Sentence]),
            (
                "a line\nbroken\n- twice",
                &[Forbidden, Clause, Turn, Discouraged, Sentence],
            ),
            ("I think ...perhaps", &[Discouraged, Sentence, Sentence]),
            ("with a ...neighbour", &[Discouraged, Discouraged, Sentence]),
            (
                "a reason to …leave",
                &[Forbidden, Phrase, Discouraged, Sentence],
            ),
            ("! Run", &[Discouraged, Sentence]),
            ("Where? here", &[Sentence, Sentence]),
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
