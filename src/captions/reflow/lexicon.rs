//! The words of a language, one data file each in `lexicon/`, read when they are first needed. To add a
//! language, write its file and its row in [`FILES`].
//!
//! A file has one list per line: its name, a colon, and its words, in lower case and without a full stop at
//! their end. The lists are those of [`WordClass`], [`Kinds`] and, for the endings of phrases,
//! [`BreakQuality::after_list`]; `pairs` holds pairs of words that stay together, joined by `·`, with `/`
//! between several second ones; in `verbs`, a word after `-` is the ending of many. `script` names the script,
//! `letters` lists those that are not ASCII, `polite` the pronouns that always have a capital, `nouns:
//! capitalized` says that capitals make no name, `columns`, `speed` and `uncounted: spaces` are the limits of
//! [`super::language`].

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use super::break_quality::BreakQuality;
use super::marks::OPENERS;
use super::table::HashTable;
use super::word_class::{Kinds, WordClass};
use super::word_key::{key, keys, pair_key};

macro_rules! files {
    ($($code:literal)*) => {
        &[$(($code, include_str!(concat!("lexicon/", $code, ".txt")))),*]
    };
}

/// The code (ISO 639-1) and the data file of every language.
const FILES: &[(&str, &str)] = files!(
    "en" "de" "fr" "es" "it" "pt" "nl" "sv" "da" "nb" "fi" "pl" "cs" "tr" "hu" "ro" "id" "ru" "uk" "el"
    "ar" "fa" "ur" "he" "hi" "ko" "ja" "zh" "th"
);

/// The words of one language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub code: &'static str,
    /// The name of the script.
    pub script: &'static str,
    /// The letters besides ASCII's; empty for any.
    letters: &'static str,
    /// The pronouns that have a capital in any place, out of politeness, separated by spaces.
    polite: &'static str,
    /// `true` if all nouns have a capital, as in German.
    pub has_capital_nouns: bool,
    /// Maximum columns of a line and characters a second, where they differ from the defaults.
    pub columns: Option<usize>,
    pub speed: Option<u32>,
    /// `true` if the speed does not count spaces.
    pub ignores_spaces: bool,
    words: HashTable<WordEntry>,
    pairs: HashTable<bool>,
    /// The quality of a break after a phrase, by its ending, read backwards.
    endings: HashTable<Option<BreakQuality>>,
    /// The endings of verbs that end their clause.
    verb_endings: Vec<&'static str>,
}

/// The properties of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WordEntry {
    pub class: WordClass,
    pub kinds: Kinds,
}

impl Lexicon {
    /// Returns the lexicon without words, of languages that have none.
    pub(super) fn empty() -> &'static Self {
        static EMPTY: LazyLock<Lexicon> = LazyLock::new(Lexicon::default);
        &EMPTY
    }

    /// Returns the lexicon of the language with this code.
    pub(super) fn of(code: &str) -> Option<&'static Self> {
        let place = FILES.iter().position(|(known, _)| *known == code)?;
        Some(Self::at(place))
    }

    /// Returns all lexicons.
    pub(super) fn all() -> impl Iterator<Item = &'static Self> {
        (0..FILES.len()).map(Self::at)
    }

    /// Returns the codes of all languages.
    pub(super) fn codes() -> impl Iterator<Item = &'static str> {
        FILES.iter().map(|(code, _)| *code)
    }

    fn at(place: usize) -> &'static Self {
        static READ: [OnceLock<Lexicon>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
        let (code, text) = FILES[place];
        READ[place].get_or_init(|| Self::read(code, text))
    }

    fn read(code: &'static str, text: &'static str) -> Self {
        let mut lexicon = Self {
            code,
            ..Self::default()
        };
        let lists = text.lines().filter_map(|line| line.split_once(": "));
        for (name, words) in lists.filter(|(name, _)| !name.starts_with('#')) {
            match name {
                "script" => lexicon.script = words,
                "letters" => lexicon.letters = words,
                "polite" => lexicon.polite = words,
                "nouns" => lexicon.has_capital_nouns = words == "capitalized",
                "columns" => lexicon.columns = words.parse().ok(),
                "speed" => lexicon.speed = words.parse().ok(),
                "uncounted" => lexicon.ignores_spaces = words == "spaces",
                "pairs" => {
                    for pair in words.split(' ') {
                        let (one, others) = pair.split_once('·').unwrap_or((pair, ""));
                        for other in others.split('/') {
                            *lexicon.pairs.entry(pair_key(one, other)) = true;
                        }
                        lexicon.words.entry(key(one)).kinds.add(Kinds::STARTS_PAIR);
                    }
                }
                _ => {
                    let ending = BreakQuality::after_list(name);
                    for word in words.split(' ') {
                        if ending.is_some() {
                            let backwards: String = word.chars().rev().collect();
                            *lexicon.endings.entry(key(&backwards)) = ending;
                            continue;
                        }
                        if let Some(ending) = word.strip_prefix('-') {
                            lexicon.verb_endings.push(ending);
                            continue;
                        }
                        let entry = lexicon.words.entry(key(word));
                        if let Some(kind) = Kinds::named(name) {
                            entry.kinds.add(kind);
                        } else if entry.class == WordClass::Other {
                            entry.class = WordClass::named(name).unwrap_or_default();
                        }
                    }
                }
            }
        }
        lexicon
    }

    /// Returns the properties of `word`, in any case, also after opening marks or an elision.
    pub(super) fn entry(&self, word: &str) -> WordEntry {
        if word.len() > MAX_WORD_BYTES {
            return WordEntry::default();
        }
        let word = without_openers(word);
        self.words.get(key(word)).unwrap_or_else(|| {
            let rest = elided(word).and_then(|rest| self.words.get(key(rest)));
            // `d’or` is not the conjunction.
            rest.filter(|rest| rest.class != WordClass::Conjunction)
                .unwrap_or_default()
        })
    }

    /// Returns `true` if its script has no spaces between words.
    pub(super) fn is_unspaced(&self) -> bool {
        matches!(self.script, "Han" | "Japanese" | "Thai")
    }

    /// Returns the quality of a break after `word` by the longest listed ending that it has.
    pub(super) fn ending(&self, word: &str) -> Option<BreakQuality> {
        let keys = keys(word.chars().rev().take(MAX_ENDING));
        keys.filter_map(|key| self.endings.get(key)).last()?
    }

    /// Returns the class of the longest listed word that `phrase` starts with.
    pub(super) fn opening(&self, phrase: &str) -> WordClass {
        let keys = keys(phrase.chars().take(MAX_OPENING));
        let listed = keys.filter_map(|key| self.words.get(key));
        listed.last().unwrap_or_default().class
    }

    /// Returns `true` if `word` without its full stop is of this kind.
    pub(super) fn is(&self, kind: Kinds, word: &str) -> bool {
        let word = word.strip_suffix('.').unwrap_or(word);
        self.entry(word).kinds.has(kind)
    }

    /// Returns `true` if the two words stay together.
    pub(super) fn is_pair(&self, word: &str, next: &str) -> bool {
        let next = if next.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            next
        } else {
            next.trim_end_matches(CLOSING)
        };
        self.pairs
            .get(pair_key(without_openers(word), next))
            .is_some()
    }

    /// Returns `true` if `word` is a verb that ends its clause, in languages where verbs come last.
    pub(super) fn ends_clause(&self, word: &str, entry: WordEntry) -> bool {
        entry.kinds.has(Kinds::FINAL_VERB)
            || entry.class == WordClass::Other
                && self
                    .verb_endings
                    .iter()
                    .any(|ending| word.ends_with(ending))
    }

    /// Returns `true` if `word` is a pronoun whose capital starts no sentence.
    pub(super) fn is_polite(&self, word: &str) -> bool {
        self.polite.split(' ').any(|polite| polite == word)
    }

    fn has_letters_of(&self, word: &str) -> bool {
        let is_own = |c: char| c.is_ascii() || !c.is_alphabetic() || self.letters.contains(c);
        word.is_ascii() || self.letters.is_empty() || word.to_lowercase().chars().all(is_own)
    }

    /// Iterates over the keys of the function words.
    fn function_words(&self) -> impl Iterator<Item = u64> {
        let words = self.words.iter();
        words
            .filter(|(_, entry)| entry.class != WordClass::Other)
            .map(|(key, _)| key)
    }
}

/// No listed ending, and no listed word of Chinese or Japanese, has more characters.
const MAX_ENDING: usize = 4;
const MAX_OPENING: usize = 5;

/// No listed word is longer; the words of scripts without spaces may be.
const MAX_WORD_BYTES: usize = 64;

/// The count of a word that all languages have.
pub(super) const FULL_COUNT: usize = 60;

/// Counts the function words of each language in `words`; returns the counts with the lexicons.
///
/// A word of several languages counts for each of them in part; one with letters that a language does not
/// have counts against it.
pub(super) fn count_function_words<'t>(
    words: impl Iterator<Item = &'t str>,
    script: &str,
) -> Vec<(&'static Lexicon, usize)> {
    static LANGUAGES: LazyLock<HashMap<u64, u32>> = LazyLock::new(|| {
        let mut languages = HashMap::<u64, u32>::new();
        const { assert!(FILES.len() <= u32::BITS as usize) };
        for (place, lexicon) in Lexicon::all().enumerate() {
            for word in lexicon.function_words() {
                *languages.entry(word).or_default() |= 1 << place;
            }
        }
        languages
    });
    let mut counts = [0_usize; FILES.len()];
    for word in words {
        let word = word.trim_start_matches(OPENERS).trim_end_matches(CLOSING);
        let lexicons = counts
            .iter_mut()
            .zip(Lexicon::all())
            .filter(|_| !word.is_ascii());
        for (count, lexicon) in lexicons {
            if lexicon.script == script && !lexicon.has_letters_of(word) {
                *count = count.saturating_sub(FULL_COUNT);
            }
        }
        let word = elided(word).unwrap_or(word);
        if let Some(mut languages) = LANGUAGES.get(&key(word)).copied() {
            let share = FULL_COUNT / languages.count_ones() as usize;
            while languages != 0 {
                counts[languages.trailing_zeros() as usize] += FULL_COUNT + share;
                languages &= languages - 1;
            }
        }
    }
    let lexicons = Lexicon::all().zip(counts);
    lexicons
        .filter(|(lexicon, _)| lexicon.script == script)
        .collect()
}

/// Returns `word` without the marks that open it; there are few.
fn without_openers(word: &str) -> &str {
    if word.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        word
    } else {
        word.trim_start_matches(OPENERS)
    }
}

/// Returns the word after the apostrophe of a French or Italian elision: `une` of `qu’une`.
fn elided(word: &str) -> Option<&str> {
    let at = match word.as_bytes() {
        [_, b'\'' | 0xE2, ..] => 1,
        [_, b'u', b'\'' | 0xE2, ..] => 2,
        [_, _, _, b'l', b'\'' | 0xE2, ..] => 4,
        _ => return None,
    };
    word.get(at..)?.strip_prefix(['\'', '’'])
}

/// Marks that may follow a word.
const CLOSING: [char; 14] = [
    ',', '.', '?', '!', ';', ':', '…', ')', ']', '"', '”', '»', '،', '؟',
];

/// Returns `true` for the initial of a name: `J.`.
pub(super) fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.as_str() == "."
}

/// Returns `true` for the plural in Spanish abbreviations: `EE.` and `UU.`.
pub(super) fn is_doubled(word: &str) -> bool {
    matches!(word.as_bytes(), [one, other, b'.', ..] if one.is_ascii_uppercase() && one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(code: &str, word: &str) -> WordClass {
        Lexicon::of(code).unwrap().entry(word).class
    }

    #[test]
    fn listed_words_are_found_in_any_case() {
        for (code, word, found) in [
            ("en", "The", WordClass::Article),
            ("en", "(the", WordClass::Article),
            ("en", "of", WordClass::Genitive),
            ("en", "with", WordClass::Preposition),
            ("en", "They", WordClass::Pronoun),
            ("en", "they’re", WordClass::Pronoun),
            ("en", "BECAUSE", WordClass::Conjunction),
            ("en", "because,", WordClass::Other),
            ("fr", "d'une", WordClass::Article),
            ("fr", "Qu’un", WordClass::Article),
            ("fr", "d’or", WordClass::Other),
            ("fr", "d'", WordClass::Other),
            ("it", "dell’arte", WordClass::Other),
            ("de", "die", WordClass::Article),
            ("en", "die", WordClass::Other),
            ("ru", "Потому", WordClass::Conjunction),
            ("tr", "İçin", WordClass::Postposition),
            ("tr", "İle", WordClass::Postposition),
            ("hi", "में", WordClass::Postposition),
            ("en", "notwithstanding", WordClass::Other),
            ("en", "’’s", WordClass::Other),
            ("en", "", WordClass::Other),
        ] {
            assert_eq!(class(code, word), found, "{word}");
        }
    }

    #[test]
    fn kinds_and_pairs_are_found() {
        let english = Lexicon::of("en").unwrap();
        assert!(english.is(Kinds::TITLE, "Mr.") && english.is(Kinds::TITLE, "mr"));
        assert!(english.is(Kinds::UNIT, "p.m.") && !english.is(Kinds::UNIT, "words"));
        assert!(english.is_pair("have", "to") && english.is_pair("One", "of,"));
        assert!(!english.is_pair("to", "have"));
        assert!(Lexicon::empty().entry("the").class == WordClass::Other);
    }

    #[test]
    fn every_file_is_well_formed() {
        let mut keys = HashMap::new();
        for (code, text) in FILES {
            let mut class_of = HashMap::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                let (name, words) = line.split_once(": ").expect(line);
                let is_list = WordClass::named(name).is_some()
                    || Kinds::named(name).is_some()
                    || BreakQuality::after_list(name).is_some();
                let is_other = [
                    "script",
                    "letters",
                    "polite",
                    "nouns",
                    "columns",
                    "speed",
                    "uncounted",
                    "pairs",
                ];
                assert!(is_list || is_other.contains(&name), "{code}: {name}");
                for word in words.split(' ').filter(|_| is_list) {
                    assert!(!word.is_empty() && !word.ends_with('.'), "{code}: {line}");
                    assert_eq!(word.to_lowercase(), word, "{code}");
                    if let Some(class) = WordClass::named(name) {
                        let other = class_of.insert(word, class);
                        assert_eq!(other, None, "{code}: {word} is listed twice");
                    }
                    let other = keys.insert(key(word), word);
                    assert!(other.is_none_or(|other| other == word), "{other:?} {word}");
                }
            }
        }
    }
}
