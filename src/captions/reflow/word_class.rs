//! The classes of words that matter for breaks: a line ends before a function word, not after it (Netflix,
//! General Requirements: not between article and noun, preposition and what follows, conjunction and
//! clause, pronoun and verb, auxiliary and verb).

/// The relation of a word to the word after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum WordClass {
    /// An article or a possessive, which starts a noun phrase.
    Article,
    /// A possessive that may also stand by itself: `her`.
    Possessive,
    /// A demonstrative or a quantifier: a noun mostly follows.
    Determiner,
    Preposition,
    /// A preposition that joins a noun to the noun before it, as in `part of`; a line ends before others
    /// rather than before it.
    Genitive,
    /// A word that belongs to the one before it, such as the particles of Hindi.
    Postposition,
    Conjunction,
    /// A pronoun that is a subject: a verb follows.
    Pronoun,
    Auxiliary,
    /// A negation, or an adverb of degree.
    Adverb,
    #[default]
    Other,
}

impl WordClass {
    /// Returns the class that a list with this name in a lexicon holds.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "articles" => Self::Article,
            "possessives" => Self::Possessive,
            "determiners" => Self::Determiner,
            "prepositions" => Self::Preposition,
            "genitives" => Self::Genitive,
            "postpositions" => Self::Postposition,
            "conjunctions" => Self::Conjunction,
            "pronouns" => Self::Pronoun,
            "auxiliaries" => Self::Auxiliary,
            "adverbs" => Self::Adverb,
            _ => return None,
        })
    }

    /// Returns `true` if a phrase starts with such a word.
    pub(super) fn starts_phrase(self) -> bool {
        !matches!(self, Self::Other | Self::Postposition)
    }
}

/// Other properties of a word: whether it is written with a full stop, or stays with a number or a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    /// A title or a rank, which stays with the name after it: `Mr.`, `King`.
    pub(super) const TITLE: Self = Self(1);
    /// An abbreviation, whose full stop ends no sentence.
    pub(super) const ABBREVIATION: Self = Self(2);
    /// A word that a number follows: `No.`.
    pub(super) const NUMBERED: Self = Self(4);
    pub(super) const MONTH: Self = Self(8);
    /// A measure after a number: `million`, `p.m.`.
    pub(super) const UNIT: Self = Self(16);
    /// A word before an ordinal, where that is a number with a full stop: German `am 3. Oktober`.
    pub(super) const BEFORE_ORDINAL: Self = Self(32);

    /// The first word of a pair that stays together.
    pub(super) const STARTS_PAIR: Self = Self(64);
    /// A verb that ends its clause, in languages where verbs come last.
    pub(super) const FINAL_VERB: Self = Self(128);

    /// Returns the kind that a list with this name in a lexicon holds.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "titles" => Self(Self::TITLE.0 | Self::ABBREVIATION.0),
            "ranks" => Self::TITLE,
            "abbreviations" => Self::ABBREVIATION,
            "numbered" => Self::NUMBERED,
            "months" => Self::MONTH,
            "units" => Self::UNIT,
            "ordinals" => Self::BEFORE_ORDINAL,
            "verbs" => Self::FINAL_VERB,
            _ => return None,
        })
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
}
