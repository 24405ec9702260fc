//! What an English word is, where that matters for breaks: looked up in one short table.

/// What a word is to the word after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An article or a possessive, which starts a noun phrase.
    Article,
    /// A possessive that may also stand by itself: `her`.
    Possessive,
    /// A demonstrative, or a pronoun that is a subject: a noun or a verb follows.
    Lead,
    Conjunction,
    Preposition,
    /// `Sir` and the like: a name may follow.
    Title,
    Other,
}

impl Kind {
    pub(super) fn of(word: &str) -> Self {
        match KINDS.binary_search_by_key(&key(word), |(word, _)| *word) {
            Ok(at) => KINDS[at].1,
            Err(_) => Self::Other,
        }
    }

    /// Whether a phrase or a clause starts with such a word.
    pub(super) fn starts_phrase(self) -> bool {
        matches!(self, Self::Conjunction | Self::Preposition)
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
const KINDS: [(u64, Kind); 97] = [
    (key("a"), Kind::Article),
    (key("i"), Kind::Lead),
    (key("an"), Kind::Article),
    (key("as"), Kind::Conjunction),
    (key("at"), Kind::Preposition),
    (key("by"), Kind::Preposition),
    (key("he"), Kind::Lead),
    (key("if"), Kind::Conjunction),
    (key("in"), Kind::Preposition),
    (key("my"), Kind::Article),
    (key("no"), Kind::Possessive),
    (key("of"), Kind::Preposition),
    (key("on"), Kind::Preposition),
    (key("or"), Kind::Conjunction),
    (key("so"), Kind::Conjunction),
    (key("to"), Kind::Preposition),
    (key("we"), Kind::Lead),
    (key("and"), Kind::Conjunction),
    (key("any"), Kind::Lead),
    (key("but"), Kind::Conjunction),
    (key("for"), Kind::Preposition),
    (key("her"), Kind::Possessive),
    (key("his"), Kind::Possessive),
    (key("its"), Kind::Article),
    (key("nor"), Kind::Conjunction),
    (key("our"), Kind::Article),
    (key("she"), Kind::Lead),
    (key("sir"), Kind::Title),
    (key("the"), Kind::Article),
    (key("who"), Kind::Conjunction),
    (key("aunt"), Kind::Title),
    (key("dame"), Kind::Title),
    (key("each"), Kind::Lead),
    (key("from"), Kind::Preposition),
    (key("into"), Kind::Preposition),
    (key("king"), Kind::Title),
    (key("lady"), Kind::Title),
    (key("lord"), Kind::Title),
    (key("near"), Kind::Preposition),
    (key("onto"), Kind::Preposition),
    (key("over"), Kind::Preposition),
    (key("past"), Kind::Preposition),
    (key("pope"), Kind::Title),
    (key("some"), Kind::Lead),
    (key("than"), Kind::Conjunction),
    (key("that"), Kind::Conjunction),
    (key("then"), Kind::Conjunction),
    (key("they"), Kind::Lead),
    (key("this"), Kind::Lead),
    (key("upon"), Kind::Preposition),
    (key("what"), Kind::Conjunction),
    (key("when"), Kind::Conjunction),
    (key("with"), Kind::Preposition),
    (key("your"), Kind::Article),
    (key("about"), Kind::Preposition),
    (key("above"), Kind::Preposition),
    (key("after"), Kind::Conjunction),
    (key("along"), Kind::Preposition),
    (key("among"), Kind::Preposition),
    (key("every"), Kind::Lead),
    (key("major"), Kind::Title),
    (key("queen"), Kind::Title),
    (key("saint"), Kind::Title),
    (key("since"), Kind::Conjunction),
    (key("their"), Kind::Article),
    (key("these"), Kind::Lead),
    (key("those"), Kind::Lead),
    (key("uncle"), Kind::Title),
    (key("under"), Kind::Preposition),
    (key("until"), Kind::Conjunction),
    (key("where"), Kind::Conjunction),
    (key("which"), Kind::Conjunction),
    (key("while"), Kind::Conjunction),
    (key("whose"), Kind::Lead),
    (key("across"), Kind::Preposition),
    (key("around"), Kind::Preposition),
    (key("before"), Kind::Conjunction),
    (key("behind"), Kind::Preposition),
    (key("doctor"), Kind::Title),
    (key("during"), Kind::Preposition),
    (key("prince"), Kind::Title),
    (key("though"), Kind::Conjunction),
    (key("toward"), Kind::Preposition),
    (key("within"), Kind::Preposition),
    (key("against"), Kind::Preposition),
    (key("another"), Kind::Lead),
    (key("because"), Kind::Conjunction),
    (key("between"), Kind::Preposition),
    (key("captain"), Kind::Title),
    (key("colonel"), Kind::Title),
    (key("emperor"), Kind::Title),
    (key("through"), Kind::Preposition),
    (key("towards"), Kind::Preposition),
    (key("whether"), Kind::Conjunction),
    (key("without"), Kind::Preposition),
    (key("although"), Kind::Conjunction),
    (key("princess"), Kind::Title),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_word_is_found() {
        assert!(KINDS.is_sorted_by_key(|(word, _)| *word));
        for (word, kind) in [
            ("The", Kind::Article),
            ("of", Kind::Preposition),
            ("They", Kind::Lead),
            ("sir", Kind::Title),
            ("BECAUSE", Kind::Conjunction),
            ("because,", Kind::Other),
            ("notwithstanding", Kind::Other),
            ("", Kind::Other),
        ] {
            assert!(Kind::of(word) == kind, "{word}");
        }
    }
}
