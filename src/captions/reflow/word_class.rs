//! Classes of English words that matter for breaks, and the articles of German, French, Spanish,
//! Italian, Portuguese and Dutch: looked up in one short table, whatever the language. A word that is
//! an ordinary one in another of these languages, such as `do`, is left out.

/// The relation of a word to the word after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordClass {
    /// An article or a possessive, which starts a noun phrase.
    Article,
    /// A possessive that may also stand by itself: `her`.
    Possessive,
    /// A demonstrative, or a pronoun that is a subject: a noun or a verb follows.
    Determiner,
    Conjunction,
    Preposition,
    /// An article or a preposition in one language, and an ordinary word in another: `die`.
    Foreign,
    /// `Sir` and the like: a name may follow.
    Title,
    Other,
}

impl WordClass {
    /// Returns the class of a word, in any case, also after an elided article.
    pub(super) fn of(word: &str) -> Self {
        Self::listed(word).unwrap_or_else(|| match elided(word).and_then(Self::listed) {
            Some(class @ (Self::Article | Self::Foreign)) => class,
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
                (listed, class) if listed == key => return Some(class),
                _ => slot = (slot + 1) % SLOTS.len(),
            }
        }
    }

    /// Returns `true` if a phrase or a clause starts with such a word.
    pub(super) fn starts_phrase(self) -> bool {
        matches!(self, Self::Conjunction | Self::Preposition)
    }
}

/// Returns the word after the apostrophe of a French or Italian elision: `une` of `qu’une`.
fn elided(word: &str) -> Option<&str> {
    let at = match word.as_bytes() {
        [_, b'\'' | 0xE2, ..] => 1,
        [_, b'u', b'\'' | 0xE2, ..] => 2,
        _ => return None,
    };
    word.get(at..)?.strip_prefix(['\'', '’'])
}

/// Returns a number that identifies a word of up to 8 ASCII letters, in any case: numbers are compared
/// many times as fast. 0 for longer words.
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

/// [`CLASSES`] as a hash table with slot to spare: nearly every word takes one look. A key of 0 is a
/// free place: no word of the table has it.
static SLOTS: [(u64, WordClass); 512] = {
    let (mut slots, mut at) = ([(0, WordClass::Other); 512], 0);
    while at < CLASSES.len() {
        let mut place = slot(CLASSES[at].0);
        while slots[place].0 != 0 {
            place = (place + 1) % slots.len();
        }
        slots[place] = CLASSES[at];
        at += 1;
    }
    slots
};

/// Returns the slot where the search for `key` starts: the upper bits of its product with 2^64 over the
/// golden ratio, to which each of its bits contributes.
const fn slot(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - 9)) as usize
}

const CLASSES: [(u64, WordClass); 157] = [
    (key("a"), WordClass::Article),
    (key("i"), WordClass::Determiner),
    (key("o"), WordClass::Foreign),
    (key("y"), WordClass::Foreign),
    (key("al"), WordClass::Foreign),
    (key("an"), WordClass::Article),
    (key("ao"), WordClass::Article),
    (key("as"), WordClass::Conjunction),
    (key("at"), WordClass::Preposition),
    (key("au"), WordClass::Foreign),
    (key("by"), WordClass::Preposition),
    (key("da"), WordClass::Foreign),
    (key("de"), WordClass::Article),
    (key("du"), WordClass::Article),
    (key("el"), WordClass::Article),
    (key("he"), WordClass::Determiner),
    (key("if"), WordClass::Conjunction),
    (key("il"), WordClass::Article),
    (key("in"), WordClass::Preposition),
    (key("la"), WordClass::Article),
    (key("le"), WordClass::Article),
    (key("lo"), WordClass::Article),
    (key("my"), WordClass::Article),
    (key("no"), WordClass::Possessive),
    (key("of"), WordClass::Preposition),
    (key("on"), WordClass::Preposition),
    (key("or"), WordClass::Conjunction),
    (key("os"), WordClass::Article),
    (key("so"), WordClass::Conjunction),
    (key("to"), WordClass::Preposition),
    (key("um"), WordClass::Foreign),
    (key("un"), WordClass::Foreign),
    (key("we"), WordClass::Determiner),
    (key("and"), WordClass::Conjunction),
    (key("any"), WordClass::Determiner),
    (key("aos"), WordClass::Article),
    (key("aux"), WordClass::Article),
    (key("but"), WordClass::Conjunction),
    (key("ces"), WordClass::Article),
    (key("das"), WordClass::Article),
    (key("dei"), WordClass::Article),
    (key("del"), WordClass::Article),
    (key("dem"), WordClass::Article),
    (key("den"), WordClass::Foreign),
    (key("der"), WordClass::Article),
    (key("des"), WordClass::Article),
    (key("die"), WordClass::Foreign),
    (key("dos"), WordClass::Article),
    (key("een"), WordClass::Article),
    (key("ein"), WordClass::Article),
    (key("for"), WordClass::Preposition),
    (key("gli"), WordClass::Article),
    (key("her"), WordClass::Possessive),
    (key("het"), WordClass::Article),
    (key("his"), WordClass::Possessive),
    (key("its"), WordClass::Article),
    (key("las"), WordClass::Article),
    (key("les"), WordClass::Article),
    (key("los"), WordClass::Article),
    (key("nor"), WordClass::Conjunction),
    (key("our"), WordClass::Article),
    (key("she"), WordClass::Determiner),
    (key("sir"), WordClass::Title),
    (key("the"), WordClass::Article),
    (key("uma"), WordClass::Article),
    (key("una"), WordClass::Article),
    (key("une"), WordClass::Article),
    (key("uno"), WordClass::Article),
    (key("who"), WordClass::Conjunction),
    (key("alla"), WordClass::Article),
    (key("alle"), WordClass::Article),
    (key("allo"), WordClass::Article),
    (key("aunt"), WordClass::Title),
    (key("dame"), WordClass::Title),
    (key("each"), WordClass::Determiner),
    (key("eine"), WordClass::Article),
    (key("from"), WordClass::Preposition),
    (key("into"), WordClass::Preposition),
    (key("king"), WordClass::Title),
    (key("lady"), WordClass::Title),
    (key("lord"), WordClass::Title),
    (key("near"), WordClass::Preposition),
    (key("onto"), WordClass::Preposition),
    (key("over"), WordClass::Preposition),
    (key("past"), WordClass::Preposition),
    (key("pela"), WordClass::Article),
    (key("pelo"), WordClass::Article),
    (key("pope"), WordClass::Title),
    (key("some"), WordClass::Determiner),
    (key("than"), WordClass::Conjunction),
    (key("that"), WordClass::Conjunction),
    (key("then"), WordClass::Conjunction),
    (key("they"), WordClass::Determiner),
    (key("this"), WordClass::Determiner),
    (key("unas"), WordClass::Article),
    (key("unos"), WordClass::Article),
    (key("upon"), WordClass::Preposition),
    (key("what"), WordClass::Conjunction),
    (key("when"), WordClass::Conjunction),
    (key("with"), WordClass::Preposition),
    (key("your"), WordClass::Article),
    (key("about"), WordClass::Preposition),
    (key("above"), WordClass::Preposition),
    (key("after"), WordClass::Conjunction),
    (key("along"), WordClass::Preposition),
    (key("among"), WordClass::Preposition),
    (key("dalla"), WordClass::Article),
    (key("degli"), WordClass::Article),
    (key("della"), WordClass::Article),
    (key("delle"), WordClass::Article),
    (key("dello"), WordClass::Article),
    (key("einem"), WordClass::Article),
    (key("einen"), WordClass::Article),
    (key("einer"), WordClass::Article),
    (key("eines"), WordClass::Article),
    (key("every"), WordClass::Determiner),
    (key("keine"), WordClass::Article),
    (key("major"), WordClass::Title),
    (key("nella"), WordClass::Article),
    (key("nello"), WordClass::Article),
    (key("queen"), WordClass::Title),
    (key("saint"), WordClass::Title),
    (key("since"), WordClass::Conjunction),
    (key("sulla"), WordClass::Article),
    (key("their"), WordClass::Article),
    (key("these"), WordClass::Determiner),
    (key("those"), WordClass::Determiner),
    (key("uncle"), WordClass::Title),
    (key("under"), WordClass::Preposition),
    (key("until"), WordClass::Conjunction),
    (key("where"), WordClass::Conjunction),
    (key("which"), WordClass::Conjunction),
    (key("while"), WordClass::Conjunction),
    (key("whose"), WordClass::Determiner),
    (key("across"), WordClass::Preposition),
    (key("around"), WordClass::Preposition),
    (key("before"), WordClass::Conjunction),
    (key("behind"), WordClass::Preposition),
    (key("doctor"), WordClass::Title),
    (key("during"), WordClass::Preposition),
    (key("prince"), WordClass::Title),
    (key("though"), WordClass::Conjunction),
    (key("toward"), WordClass::Preposition),
    (key("within"), WordClass::Preposition),
    (key("against"), WordClass::Preposition),
    (key("another"), WordClass::Determiner),
    (key("because"), WordClass::Conjunction),
    (key("between"), WordClass::Preposition),
    (key("captain"), WordClass::Title),
    (key("colonel"), WordClass::Title),
    (key("emperor"), WordClass::Title),
    (key("through"), WordClass::Preposition),
    (key("towards"), WordClass::Preposition),
    (key("whether"), WordClass::Conjunction),
    (key("without"), WordClass::Preposition),
    (key("although"), WordClass::Conjunction),
    (key("princess"), WordClass::Title),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_words_are_found_in_any_case() {
        assert!(CLASSES.is_sorted_by_key(|(word, _)| *word));
        for (word, class) in [
            ("The", WordClass::Article),
            ("of", WordClass::Preposition),
            ("They", WordClass::Determiner),
            ("sir", WordClass::Title),
            ("BECAUSE", WordClass::Conjunction),
            ("because,", WordClass::Other),
            ("d'une", WordClass::Article),
            ("Qu’un", WordClass::Foreign),
            ("c’est", WordClass::Other),
            ("d’or", WordClass::Other),
            ("d'", WordClass::Other),
            ("’’s", WordClass::Other),
            ("a€", WordClass::Other),
            ("notwithstanding", WordClass::Other),
            ("", WordClass::Other),
        ] {
            assert!(WordClass::of(word) == class, "{word}");
        }
    }
}
