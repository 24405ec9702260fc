//! The quality of a line break after a word.

/// The quality of a break after a word, from the end of a sentence, which is best, to the middle of what
/// belongs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BreakQuality {
    /// A turn of dialogue ends: the next starts a new line.
    Turn,
    /// A sentence ends.
    Sentence,
    /// A clause ends.
    Clause,
    /// A conjunction or a preposition follows.
    Phrase,
    /// Only a word ends.
    Word,
    /// A preposition, a conjunction or a subject would be separated from what it belongs to.
    Discouraged,
    /// An article, a possessive or a title would be separated from its noun.
    Forbidden,
    /// A word longer than a line is broken.
    Forced,
}

impl BreakQuality {
    /// Returns `true` if a sentence ends there.
    pub(super) fn ends_sentence(self) -> bool {
        matches!(self, Self::Turn | Self::Sentence)
    }

    /// Returns `true` if a sentence or a clause ends there.
    pub(super) fn is_marked(self) -> bool {
        matches!(self, Self::Turn | Self::Sentence | Self::Clause)
    }

    /// Returns the cost of a break there, to be compared with the penalties of layouts.
    pub(super) fn cost(self) -> u64 {
        match self {
            Self::Turn => 0,
            Self::Sentence => 2,
            Self::Clause => 6,
            Self::Phrase => 11,
            Self::Word => 16,
            Self::Discouraged => 26,
            Self::Forbidden => FORBIDDEN_COST,
            Self::Forced => 30,
        }
    }
}

/// More than the cost of another cue and of the most uneven lines together.
const FORBIDDEN_COST: u64 = 110;
