//! The time that a text takes to say, and the amount of it there is to read.

use super::break_quality::BreakQuality;
use super::columns::is_wide;
use super::graphemes::grapheme_count;
use super::marks::is_unspaced;
use super::words::Word;

/// The text of a cue as its times depend on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct CueText {
    /// The number of characters to read; at least 1.
    pub characters: i64,
    /// The time it takes to say, in units of half a letter, or as [`super::speech_rate`] sets it; at least 1.
    pub speech: i64,
    /// Its part in the time by which its segment is slower than usual; at least 1.
    pub slack: i64,
}

impl CueText {
    /// Measures the text of a segment that is one cue: how long it takes to say does not matter.
    pub(super) fn whole(characters: usize) -> Self {
        Self {
            characters: bounded(characters),
            speech: 1,
            slack: 1,
        }
    }

    /// Measures `words` of `text`; the pause after the last word of a segment is not a part of it.
    pub(super) fn of(text: &str, words: &[Word], characters: usize, is_last: bool) -> Self {
        let (mut speech, mut slack) = (0, 0);
        for (place, word) in (1..).zip(words) {
            let next = words.get(place);
            let is_whole = next.is_none_or(|next| next.start > word.end);
            let pauses =
                word.break_after != BreakQuality::Forbidden && !(is_last && next.is_none());
            let text = word.of(text);
            let letters = if text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                // Nearly always.
                text.len() * LETTER
            } else {
                if pauses {
                    let pause = pause(text);
                    speech += pause.usual;
                    slack += pause.slack;
                }
                letters(text)
            };
            speech += letters
                + if !is_whole && text.ends_with(is_unspaced) {
                    0
                } else if word.class.starts_phrase() {
                    FUNCTION_WORD
                } else if letters == LETTER && text.contains(|c: char| c.is_ascii_alphabetic()) {
                    SINGLE_LETTER
                } else {
                    WORD
                };
        }
        slack += speech;
        Self {
            characters: bounded(characters),
            speech: bounded(speech),
            slack: bounded(slack),
        }
    }
}

/// Returns the number of characters of `text` that count for the reading speed.
pub(super) fn counted(text: &str, counts_spaces: bool) -> usize {
    let all = grapheme_count(text);
    if counts_spaces {
        all
    } else {
        all - text.matches(char::is_whitespace).count().min(all)
    }
}

// The unit is half the time that a letter takes. All were found on the twelve talks of the evaluation, in
// segments of 5 to 12 s, by the error of the starts of cues, as far as it did not grow against people's cues in
// other languages. Each may differ by a third for a change of less than 1 %, and so do syllables, the length of
// sentences and the class of the word after a pause, which is why they do not count.
const LETTER: usize = 2;
/// A character of Chinese, Japanese or Korean is a syllable.
const WIDE_LETTER: usize = 8;
const DIGIT: usize = 14;
/// A variable or an initial, which is said by its name.
const SINGLE_LETTER: usize = 14;
const FUNCTION_WORD: usize = 2;
const WORD: usize = 5;
const CLAUSE_PAUSE: SpeechPause = SpeechPause {
    usual: 4,
    slack: 100,
};
const SENTENCE_PAUSE: SpeechPause = SpeechPause {
    usual: 10,
    slack: 500,
};

/// The pause at a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SpeechPause {
    usual: usize,
    /// Its part in the time by which a segment is slower than usual, compared with that of one unit: in such a
    /// segment, pauses are longer, the words hardly.
    slack: usize,
}

/// Returns the time that the letters and digits of `word` take.
fn letters(word: &str) -> usize {
    let letters = word.chars().map(|c| match c {
        'a'..='z' | 'A'..='Z' => LETTER,
        '0'..='9' => DIGIT,
        c if is_wide(c) && c.is_alphanumeric() => WIDE_LETTER,
        // Rarely a mark.
        c if !c.is_ascii() => LETTER,
        _ => 0,
    });
    letters.sum()
}

/// Returns the pauses at the marks of `word`; none at a point or a comma in a number.
fn pause(word: &str) -> SpeechPause {
    let mut all = SpeechPause::default();
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let is_inner = c.is_ascii() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        let pause = match c {
            _ if is_inner => continue,
            ',' | ';' | ':' | '，' | '、' | '；' | '：' | '،' | '؛' | '—' | '–' => {
                CLAUSE_PAUSE
            }
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।' | '۔' => SENTENCE_PAUSE,
            _ => continue,
        };
        all.usual += pause.usual;
        all.slack += pause.slack;
    }
    all
}

/// Returns the count as at least 1, and bounded to keep products from overflowing.
pub(super) fn bounded(count: usize) -> i64 {
    i64::try_from(count).map_or(1 << 45, |count| count.clamp(1, 1 << 45))
}

#[cfg(test)]
mod tests {
    use super::super::breaks::classify_breaks;
    use super::super::lexicon::Lexicon;
    use super::super::words::read_words;
    use super::*;

    #[test]
    fn words_take_time_by_what_they_are() {
        let speech = |text: &str, language: &str| {
            let mut words = Vec::new();
            read_words(text, text.len(), None, &mut words);
            classify_breaks(Lexicon::of(language).unwrap(), text, &mut words);
            CueText::of(text, &words, 1, false).speech
        };
        for (text, time) in [
            ("rain", 13),
            ("the rain", 8 + 13),
            ("1984", 61),
            ("x, I", 16 + 4 + 4),
        ] {
            assert_eq!(speech(text, "en"), time, "{text}");
        }
        assert_eq!(speech("雨天", "zh"), 16 + 5);
    }

    #[test]
    fn marks_are_pauses_except_in_numbers() {
        assert_eq!(pause("rain,"), CLAUSE_PAUSE);
        assert_eq!(pause("雨。"), SENTENCE_PAUSE);
        assert_eq!(pause("rain...").usual, 3 * SENTENCE_PAUSE.usual);
        for word in ["3.14", "1,000", "half-past", "rain"] {
            assert_eq!(pause(word), SpeechPause::default(), "{word}");
        }
    }

    #[test]
    fn spaces_count_where_they_should() {
        assert_eq!((counted("a b\nc", true), counted("a b\nc", false)), (5, 3));
    }
}
