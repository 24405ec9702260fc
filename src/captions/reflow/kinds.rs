//! What an English word is, where that matters for breaks, and which are the articles of German,
//! French, Spanish, Italian, Portuguese and Dutch: looked up in one short table, whatever the language.
//! So a word has no place there that is an ordinary one in another of them, such as `do`.

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
    /// An article or a preposition in one language, and an ordinary word in another: `die`.
    Foreign,
    /// `Sir` and the like: a name may follow.
    Title,
    Other,
}

impl Kind {
    pub(super) fn of(word: &str) -> Self {
        Self::listed(word).unwrap_or_else(|| match elided(word).and_then(Self::listed) {
            Some(kind @ (Self::Article | Self::Foreign)) => kind,
            // `d’or` is not the `or` of English.
            _ => Self::Other,
        })
    }

    fn listed(word: &str) -> Option<Self> {
        let key = key(word);
        let mut slot = slot(key);
        loop {
            match SLOTS[slot] {
                (0, _) => return None,
                (listed, kind) if listed == key => return Some(kind),
                _ => slot = (slot + 1) % SLOTS.len(),
            }
        }
    }

    /// Whether a phrase or a clause starts with such a word.
    pub(super) fn starts_phrase(self) -> bool {
        matches!(self, Self::Conjunction | Self::Preposition)
    }
}

/// What comes after the apostrophe where French or Italian leaves out a vowel: `une` of `qu’une`.
fn elided(word: &str) -> Option<&str> {
    let at = match word.as_bytes() {
        [_, b'\'' | 0xE2, ..] => 1,
        [_, b'u', b'\'' | 0xE2, ..] => 2,
        _ => return None,
    };
    word.get(at..)?.strip_prefix(['\'', '’'])
}

/// A number for each word of up to 8 ASCII letters, in whatever case: numbers are compared many
/// times as fast. 0 for longer words.
const fn key(word: &str) -> u64 {
    let (word, mut key, mut at) = (word.as_bytes(), 0, 0);
    if word.len() > 8 {
        return 0;
    }
    while at < word.len() {
        // The bit in which capitals and small letters differ; no other character becomes a letter.
        key = key << 8 | (word[at] | 0x20) as u64;
        at += 1;
    }
    key
}

/// [`KINDS`] as a hash table with room to spare: nearly every word takes one look. A key of 0 is a
/// free place: no word of the table has it.
static SLOTS: [(u64, Kind); 512] = {
    let (mut slots, mut at) = ([(0, Kind::Other); 512], 0);
    while at < KINDS.len() {
        let mut place = slot(KINDS[at].0);
        while slots[place].0 != 0 {
            place = (place + 1) % slots.len();
        }
        slots[place] = KINDS[at];
        at += 1;
    }
    slots
};

/// Where the search for `key` starts: the upper bits of its product with 2^64 over the golden ratio,
/// to which each of its bits contributes.
const fn slot(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - 9)) as usize
}

const KINDS: [(u64, Kind); 157] = [
    (key("a"), Kind::Article),
    (key("i"), Kind::Lead),
    (key("o"), Kind::Foreign),
    (key("y"), Kind::Foreign),
    (key("al"), Kind::Foreign),
    (key("an"), Kind::Article),
    (key("ao"), Kind::Article),
    (key("as"), Kind::Conjunction),
    (key("at"), Kind::Preposition),
    (key("au"), Kind::Foreign),
    (key("by"), Kind::Preposition),
    (key("da"), Kind::Foreign),
    (key("de"), Kind::Article),
    (key("du"), Kind::Article),
    (key("el"), Kind::Article),
    (key("he"), Kind::Lead),
    (key("if"), Kind::Conjunction),
    (key("il"), Kind::Article),
    (key("in"), Kind::Preposition),
    (key("la"), Kind::Article),
    (key("le"), Kind::Article),
    (key("lo"), Kind::Article),
    (key("my"), Kind::Article),
    (key("no"), Kind::Possessive),
    (key("of"), Kind::Preposition),
    (key("on"), Kind::Preposition),
    (key("or"), Kind::Conjunction),
    (key("os"), Kind::Article),
    (key("so"), Kind::Conjunction),
    (key("to"), Kind::Preposition),
    (key("um"), Kind::Foreign),
    (key("un"), Kind::Foreign),
    (key("we"), Kind::Lead),
    (key("and"), Kind::Conjunction),
    (key("any"), Kind::Lead),
    (key("aos"), Kind::Article),
    (key("aux"), Kind::Article),
    (key("but"), Kind::Conjunction),
    (key("ces"), Kind::Article),
    (key("das"), Kind::Article),
    (key("dei"), Kind::Article),
    (key("del"), Kind::Article),
    (key("dem"), Kind::Article),
    (key("den"), Kind::Foreign),
    (key("der"), Kind::Article),
    (key("des"), Kind::Article),
    (key("die"), Kind::Foreign),
    (key("dos"), Kind::Article),
    (key("een"), Kind::Article),
    (key("ein"), Kind::Article),
    (key("for"), Kind::Preposition),
    (key("gli"), Kind::Article),
    (key("her"), Kind::Possessive),
    (key("het"), Kind::Article),
    (key("his"), Kind::Possessive),
    (key("its"), Kind::Article),
    (key("las"), Kind::Article),
    (key("les"), Kind::Article),
    (key("los"), Kind::Article),
    (key("nor"), Kind::Conjunction),
    (key("our"), Kind::Article),
    (key("she"), Kind::Lead),
    (key("sir"), Kind::Title),
    (key("the"), Kind::Article),
    (key("uma"), Kind::Article),
    (key("una"), Kind::Article),
    (key("une"), Kind::Article),
    (key("uno"), Kind::Article),
    (key("who"), Kind::Conjunction),
    (key("alla"), Kind::Article),
    (key("alle"), Kind::Article),
    (key("allo"), Kind::Article),
    (key("aunt"), Kind::Title),
    (key("dame"), Kind::Title),
    (key("each"), Kind::Lead),
    (key("eine"), Kind::Article),
    (key("from"), Kind::Preposition),
    (key("into"), Kind::Preposition),
    (key("king"), Kind::Title),
    (key("lady"), Kind::Title),
    (key("lord"), Kind::Title),
    (key("near"), Kind::Preposition),
    (key("onto"), Kind::Preposition),
    (key("over"), Kind::Preposition),
    (key("past"), Kind::Preposition),
    (key("pela"), Kind::Article),
    (key("pelo"), Kind::Article),
    (key("pope"), Kind::Title),
    (key("some"), Kind::Lead),
    (key("than"), Kind::Conjunction),
    (key("that"), Kind::Conjunction),
    (key("then"), Kind::Conjunction),
    (key("they"), Kind::Lead),
    (key("this"), Kind::Lead),
    (key("unas"), Kind::Article),
    (key("unos"), Kind::Article),
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
    (key("dalla"), Kind::Article),
    (key("degli"), Kind::Article),
    (key("della"), Kind::Article),
    (key("delle"), Kind::Article),
    (key("dello"), Kind::Article),
    (key("einem"), Kind::Article),
    (key("einen"), Kind::Article),
    (key("einer"), Kind::Article),
    (key("eines"), Kind::Article),
    (key("every"), Kind::Lead),
    (key("keine"), Kind::Article),
    (key("major"), Kind::Title),
    (key("nella"), Kind::Article),
    (key("nello"), Kind::Article),
    (key("queen"), Kind::Title),
    (key("saint"), Kind::Title),
    (key("since"), Kind::Conjunction),
    (key("sulla"), Kind::Article),
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
            ("d'une", Kind::Article),
            ("Qu’un", Kind::Foreign),
            ("c’est", Kind::Other),
            ("d’or", Kind::Other),
            ("d'", Kind::Other),
            ("’’s", Kind::Other),
            ("a€", Kind::Other),
            ("notwithstanding", Kind::Other),
            ("", Kind::Other),
        ] {
            assert!(Kind::of(word) == kind, "{word}");
        }
    }
}
