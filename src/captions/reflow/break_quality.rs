//! The quality of a line break after a word.

/// The quality of a break after a word, from the end of a sentence, which is best, to the middle of what
/// belongs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BreakQuality {
    /// A turn of dialogue ends: the next starts a new line.
    Turn,
    /// A sentence ends.
    Sentence,
    /// A main clause ends, with a semicolon, a colon or a dash.
    MainClause,
    /// A clause ends.
    Clause,
    /// A conjunction follows.
    Conjunction,
    /// A preposition, a determiner, an auxiliary or an adverb follows: a phrase starts.
    Phrase,
    /// An article or the like follows, which starts an object: it stays with its verb.
    Complement,
    /// A genitive such as `of` follows: it stays with its noun.
    Genitive,
    /// Only a word ends.
    Word,
    /// An attribute would be separated from its noun, or the like, in a script without spaces. (Its cost:
    /// between a word and a word that is cut; people end lines there six times less often than after other
    /// phrases.)
    Attribute,
    /// A function word would be separated from what it belongs to.
    Discouraged,
    /// An article, a title or the first of two names would be separated from what follows.
    Forbidden,
    /// A word longer than a line is broken.
    Forced,
}

impl BreakQuality {
    /// Returns the quality of a break after the endings of the list with this name in a lexicon.
    pub(super) fn after_list(name: &str) -> Option<Self> {
        Some(match name {
            "clause-endings" => Self::Phrase,
            "phrase-endings" => Self::Complement,
            "word-endings" => Self::Word,
            "attribute-endings" => Self::Attribute,
            _ => return None,
        })
    }

    /// Returns `true` if a sentence ends there.
    pub(super) fn ends_sentence(self) -> bool {
        matches!(self, Self::Turn | Self::Sentence)
    }

    /// Returns `true` if a sentence or a clause ends there.
    pub(super) fn is_marked(self) -> bool {
        self.ends_sentence() || matches!(self, Self::MainClause | Self::Clause)
    }

    /// Returns the cost of a break there, to be compared with the penalties of layouts.
    ///
    /// People's captions were the measure (English, six other languages in Latin letters, Russian): a model of
    /// all ways to split a segment, of which theirs has to be the most likely one, was fitted to one half of
    /// the files and checked on the other, then adjusted on all. Costs are 32 times the logarithms of odds;
    /// those that differed by less than the two halves do were made one. What breaks a rule of subtitling costs
    /// more than people's odds.
    pub(super) fn cost(self) -> u64 {
        match self {
            Self::Turn | Self::Sentence | Self::MainClause => 0,
            Self::Clause => 8,
            Self::Conjunction => 26,
            Self::Phrase => 44,
            Self::Complement | Self::Genitive => 66,
            Self::Word => 72,
            Self::Attribute => 90,
            Self::Discouraged => 200,
            Self::Forbidden => 600,
            Self::Forced => 120,
        }
    }

    /// Returns the cost of a break there between two lines of a cue: an object starts the second as well as
    /// any other phrase, a genitive rather than the noun before it.
    pub(super) fn line_cost(self) -> u64 {
        match self {
            Self::Complement => Self::Phrase.cost(),
            Self::Genitive => 60,
            _ => self.cost(),
        }
    }
}
