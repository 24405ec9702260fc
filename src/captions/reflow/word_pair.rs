//! Classifies the break between two words that no mark divides, by their classes.

use super::break_quality::BreakQuality;
use super::lexicon::{Lexicon, WordEntry};
use super::word_class::{Kinds, WordClass};
use super::words::Word;

/// Two words and what the lexicon says of them.
pub(super) struct WordPair<'t> {
    pub lexicon: &'t Lexicon,
    pub word: &'t str,
    pub entry: WordEntry,
    pub next: &'t str,
    pub next_entry: WordEntry,
    /// `true` if a capital makes no name: in German, or in capitals.
    pub has_capital_nouns: bool,
    /// The word after `next`, if any.
    pub after: &'t str,
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
            _ if self.joins_title() => return BreakQuality::Forbidden,
            _ => return BreakQuality::Discouraged,
        }
        let is_capital = self.next.starts_with(char::is_uppercase);
        if is_capital && next_class != WordClass::Pronoun {
            if self.entry.kinds.has(Kinds::TITLE) {
                return BreakQuality::Forbidden;
            }
            // Two names, words of a title, or a name after the first word of a sentence.
            if !self.has_capital_nouns && self.word.starts_with(char::is_uppercase) {
                let may_end = next_class == WordClass::Preposition;
                return if self.is_first || may_end {
                    BreakQuality::Discouraged
                } else {
                    BreakQuality::Forbidden
                };
            }
        }
        let is_capitalized = is_capital && !self.has_capital_nouns && is_capitalized(self.next);
        match next_class {
            WordClass::Postposition => BreakQuality::Discouraged,
            // A name, which is an object.
            WordClass::Other if is_capitalized => BreakQuality::Complement,
            _ if is_capitalized && self.starts_name() => BreakQuality::Complement,
            _ if is_capitalized && self.starts_sentence() => BreakQuality::Clause,
            WordClass::Conjunction => BreakQuality::Conjunction,
            _ if self.lexicon.ends_clause(self.word, self.entry) => BreakQuality::Conjunction,
            WordClass::Auxiliary if self.clause_words >= LONG_SUBJECT_WORDS => {
                BreakQuality::Conjunction
            }
            // People end one cue in thirty before these, one in ten before a preposition or an auxiliary.
            WordClass::Article | WordClass::Possessive => BreakQuality::Complement,
            WordClass::Genitive => BreakQuality::Genitive,
            WordClass::Other if self.ends_noun_phrase() => BreakQuality::Complement,
            WordClass::Pronoun | WordClass::Other => BreakQuality::Word,
            _ => BreakQuality::Phrase,
        }
    }

    /// Returns `true` if the first is a noun by its capital, in a language that gives one to nouns, and the
    /// second is none: the line would end in an adjective otherwise.
    fn ends_noun_phrase(&self) -> bool {
        self.lexicon.has_capital_nouns
            && !self.is_first
            && self.word.starts_with(char::is_uppercase)
            && self.next.starts_with(char::is_lowercase)
    }

    /// Returns `true` if the second, a function word with a capital, may start a name: `The Hague`, `Di Maio`.
    fn starts_name(&self) -> bool {
        let may_start = matches!(
            self.next_entry.class,
            WordClass::Article | WordClass::Preposition | WordClass::Genitive
        );
        may_start && self.after.starts_with(char::is_uppercase)
    }

    /// Returns `true` if the first, a preposition with a capital, is inside a title, which a line ends before
    /// it rather than after it: `How People With Power`.
    fn joins_title(&self) -> bool {
        self.entry.class == WordClass::Preposition
            && !(self.is_first || self.has_capital_nouns)
            && is_capitalized(self.word)
            && is_capitalized(self.next)
    }

    /// Returns `true` if the second, a function word with a capital, starts a sentence: the mark before it
    /// is missing.
    fn starts_sentence(&self) -> bool {
        let is_auxiliary = self.next_entry.class == WordClass::Auxiliary;
        !is_auxiliary && !self.lexicon.is_polite(self.next)
    }

    /// Returns `true` if the first, a dash, joins two numbers or names: `1914 – 1918`, `Lisbon – Madrid`;
    /// `before` is the word before it.
    pub(super) fn is_range(&self, before: &str) -> bool {
        let is_digit = |c: char| c.is_numeric();
        let may_be_names = !self.has_capital_nouns && !self.next_entry.class.starts_phrase();
        before.ends_with(is_digit) && self.next.starts_with(is_digit)
            || may_be_names && is_capitalized(before) && is_capitalized(self.next)
    }

    /// Returns `true` if the first is a function word, which stays with the second.
    pub(super) fn is_bound(&self) -> bool {
        !matches!(self.entry.class, WordClass::Other | WordClass::Postposition)
    }
}

/// Minimum capitalized words of a text in capitals or in title case; fewer may be one name.
const MIN_CAPITALIZED_WORDS: usize = 4;

/// Minimum letters of a word that title case capitalizes.
const MIN_TITLE_LETTERS: usize = 4;

/// Returns `true` if `text` is in capitals or in title case, where no capital tells a name.
pub(super) fn is_capitalized_text(lexicon: &Lexicon, text: &str, words: &[Word]) -> bool {
    if words.len() < MIN_CAPITALIZED_WORDS {
        return false;
    }
    let has_lower_case = text.contains(char::is_lowercase);
    let min_letters = if has_lower_case { MIN_TITLE_LETTERS } else { 1 };
    let (mut capitalized, mut others) = (0, 0);
    for word in words.iter().map(|word| word.of(text)) {
        let is_long = word.len() >= min_letters && word.chars().nth(min_letters - 1).is_some();
        if word.starts_with(char::is_uppercase) {
            capitalized += usize::from(is_long);
        } else {
            others += usize::from(is_long);
            // Nearly always, and soon.
            if 4 * others > words.len() {
                return false;
            }
        }
    }
    // Many names have capitals as well, but no function words beside them.
    let has_function_word = || {
        words.windows(2).any(|pair| {
            let (word, next) = (pair[0].of(text), pair[1].of(text));
            let is_inside = word.ends_with(char::is_alphanumeric) && is_capitalized(next);
            is_inside && lexicon.entry(next).class.starts_phrase()
        })
    };
    capitalized >= MIN_CAPITALIZED_WORDS.max(3 * others) && (!has_lower_case || has_function_word())
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
            after: "",
            has_capital_nouns: lexicon.has_capital_nouns,
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
    fn text_in_capitals_or_title_case_is_told_from_names() {
        let is_capitalized_text = |text| {
            let mut words = Vec::new();
            super::super::words::read_words(text, 42, None, &mut words);
            is_capitalized_text(Lexicon::of("en").unwrap(), text, &words)
        };
        for text in [
            "NOBODY KNEW HE HAD LEFT",
            "The Gardener Thought That She Should Water the Roses",
        ] {
            assert!(is_capitalized_text(text), "{text}");
        }
        for text in [
            "JOHN RONALD TOLKIEN",
            "Martha Jones met Oscar Klein in Berlin",
            "Then Martha Jones went to see them",
            "Then the NASA and the ESA said NO",
            "数据库 SQL 和 API",
            "1 2 3 4 5",
        ] {
            assert!(!is_capitalized_text(text), "{text}");
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
            ("de", "das alte Haus brannte", BreakQuality::Complement),
            ("de", "Häuser brannten", BreakQuality::Word),
            ("en", "old Tom slept", BreakQuality::Word),
        ] {
            assert_eq!(last_break(code, text), quality, "{code}: {text}");
        }
    }

    #[test]
    fn capital_of_a_name_or_a_polite_pronoun_starts_no_sentence() {
        for (code, text, after) in [
            ("it", "la proposta sorprese Di", "Pietro"),
            ("nl", "daarna sprak Van", "Leeuwen"),
            ("fr", "nous aimons Le", "Mans"),
            ("es", "ella recuerda La", "Coruña"),
            ("en", "they left The", "Hague"),
        ] {
            let mut pair = last_pair(code, text);
            assert_eq!(pair.unmarked(), BreakQuality::Clause, "{text}");
            pair.after = after;
            assert_eq!(pair.unmarked(), BreakQuality::Complement, "{text}");
        }
        for (code, text) in [
            ("id", "kami mengundang Anda"),
            ("ru", "мы пригласили Вас"),
            ("it", "aspettavo Lei"),
            ("nb", "vi inviterte Dem"),
        ] {
            assert_ne!(last_break(code, text), BreakQuality::Clause, "{text}");
        }
    }
}
