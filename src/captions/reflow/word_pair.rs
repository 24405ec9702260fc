//! Classifies the break between two words that no mark divides, by their classes.

use super::break_quality::BreakQuality;
use super::lexicon::{Lexicon, WordEntry};
use super::word_class::{Kinds, WordClass};

/// Two words and what the lexicon says of them.
pub(super) struct WordPair<'t> {
    pub lexicon: &'t Lexicon,
    pub word: &'t str,
    pub entry: WordEntry,
    pub next: &'t str,
    pub next_entry: WordEntry,
    /// `true` if `word` is the first of a sentence.
    pub is_first: bool,
    /// The number of words of the clause up to `word`.
    pub clause_words: usize,
}

/// Minimum words of a subject after which its verb may start another line.
const LONG_SUBJECT_WORDS: usize = 4;

impl WordPair<'_> {
    /// Classifies the break between them by their classes.
    pub(super) fn unmarked(&self) -> BreakQuality {
        let (class, next_class) = (self.entry.class, self.next_entry.class);
        match class {
            WordClass::Article => return BreakQuality::Forbidden,
            // No noun follows in "I told her that".
            WordClass::Possessive if !next_class.starts_phrase() => {
                return BreakQuality::Forbidden;
            }
            _ if self.entry.kinds.has(Kinds::STARTS_PAIR)
                && self.lexicon.is_pair(self.word, self.next) =>
            {
                return BreakQuality::Forbidden;
            }
            WordClass::Other | WordClass::Postposition => {}
            _ => return BreakQuality::Discouraged,
        }
        let has_capital_nouns = self.lexicon.has_capital_nouns;
        let is_capital = self.next.starts_with(char::is_uppercase);
        if is_capital && next_class != WordClass::Pronoun {
            if self.entry.kinds.has(Kinds::TITLE) {
                return BreakQuality::Forbidden;
            }
            // Two names, words of a title, or a name after the first word of a sentence.
            if !has_capital_nouns && self.word.starts_with(char::is_uppercase) {
                return if self.is_first {
                    BreakQuality::Discouraged
                } else {
                    BreakQuality::Forbidden
                };
            }
        }
        let is_capitalized = is_capital && !has_capital_nouns && is_capitalized(self.next);
        match next_class {
            WordClass::Postposition => BreakQuality::Discouraged,
            // A name, which is an object.
            WordClass::Other if is_capitalized => BreakQuality::Complement,
            // A function word has a capital where a sentence starts, whose mark is missing.
            _ if is_capitalized && next_class != WordClass::Auxiliary => BreakQuality::Clause,
            WordClass::Conjunction => BreakQuality::Conjunction,
            _ if self.lexicon.ends_clause(self.word, self.entry) => BreakQuality::Conjunction,
            WordClass::Auxiliary if self.clause_words >= LONG_SUBJECT_WORDS => {
                BreakQuality::Conjunction
            }
            // People end one cue in thirty before these, one in ten before a preposition or an auxiliary.
            WordClass::Article | WordClass::Possessive | WordClass::Genitive => {
                BreakQuality::Complement
            }
            WordClass::Pronoun | WordClass::Other => BreakQuality::Word,
            _ => BreakQuality::Phrase,
        }
    }

    /// Returns `true` if the first, a dash, joins two numbers or names: `1914 – 1918`, `Lisbon – Madrid`;
    /// `before` is the word before it.
    pub(super) fn is_range(&self, before: &str) -> bool {
        let is_digit = |c: char| c.is_numeric();
        let may_be_names =
            !self.lexicon.has_capital_nouns && !self.next_entry.class.starts_phrase();
        before.ends_with(is_digit) && self.next.starts_with(is_digit)
            || may_be_names && is_capitalized(before) && is_capitalized(self.next)
    }

    /// Returns `true` if the first is a function word, which stays with the second.
    pub(super) fn is_bound(&self) -> bool {
        !matches!(self.entry.class, WordClass::Other | WordClass::Postposition)
    }
}

/// Returns `true` if the first letter of `word` is its only capital: `We`, but not `IT`, `I’ll` or `A`.
fn is_capitalized(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the last two words of `text`, a clause.
    fn last_pair<'t>(code: &str, text: &'t str) -> WordPair<'t> {
        let words: Vec<&str> = text.split(' ').collect();
        let [.., word, next] = words[..] else {
            panic!("{text}");
        };
        let lexicon = Lexicon::of(code).unwrap();
        WordPair {
            lexicon,
            word,
            entry: lexicon.entry(word),
            next,
            next_entry: lexicon.entry(next),
            is_first: words.len() == 2,
            clause_words: words.len() - 1,
        }
    }

    /// Returns the quality of the break between the last two words of `text`, a clause.
    fn last_break(code: &str, text: &str) -> BreakQuality {
        last_pair(code, text).unmarked()
    }

    #[test]
    fn dash_joins_numbers_and_names() {
        let is_range = |code, before, text| last_pair(code, text).is_range(before);
        for (before, text) in [("1871", "– 1890,"), ("4", "- 1"), ("Porto", "– Vigo.")] {
            assert!(is_range("en", before, text), "{before} {text}");
        }
        for (code, before, text) in [
            ("en", "1871", "– and"),
            ("en", "Porto", "– They"),
            ("en", "sea", "– Vigo"),
            ("en", "PORTO", "– VIGO"),
            ("de", "Haus", "– Garten"),
        ] {
            assert!(!is_range(code, before, text), "{before} {text}");
        }
    }

    #[test]
    fn verb_may_start_a_line_after_a_long_subject() {
        for (text, quality) in [
            ("everyone in the valley has", BreakQuality::Conjunction),
            ("the valley has", BreakQuality::Phrase),
            ("what they are", BreakQuality::Discouraged),
        ] {
            assert_eq!(last_break("en", text), quality, "{text}");
        }
    }

    #[test]
    fn clause_ends_with_the_verb_where_verbs_come_last() {
        for (code, text) in [
            ("tr", "kapı her sabah açılır bahçe"),
            ("tr", "köpek uyuyor çocuk"),
            ("hi", "दुकान बंद है लड़का"),
            ("fa", "هوا سرد است پنجره"),
        ] {
            assert_eq!(last_break(code, text), BreakQuality::Conjunction, "{text}");
        }
        for (code, text, quality) in [
            ("tr", "köpek bahçe", BreakQuality::Word),
            ("tr", "köpek uyuyor mu", BreakQuality::Discouraged),
            ("hi", "लड़का था ही", BreakQuality::Discouraged),
        ] {
            assert_eq!(last_break(code, text), quality, "{text}");
        }
    }

    #[test]
    fn capital_starts_a_name_or_a_sentence_without_its_mark() {
        for (code, text, quality) in [
            ("en", "she painted Venice", BreakQuality::Complement),
            ("en", "the road was long We", BreakQuality::Clause),
            ("es", "llegamos tarde No", BreakQuality::Clause),
            ("en", "she knew I", BreakQuality::Word),
            ("en", "she knew I’d", BreakQuality::Word),
            ("en", "a box of vitamin A", BreakQuality::Complement),
            ("en", "in early May", BreakQuality::Phrase),
            ("en", "she ran IT", BreakQuality::Word),
            ("de", "sie malte Venedig", BreakQuality::Word),
        ] {
            assert_eq!(last_break(code, text), quality, "{code}: {text}");
        }
    }
}
