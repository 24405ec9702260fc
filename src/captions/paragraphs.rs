//! Joins cues into paragraphs, for text that is read and not watched.

use std::iter::Peekable;

use unicode_width::UnicodeWidthStr as _;

use super::cue::Cue;
use super::reflow::{Language, gap_between, opens_turn};
use crate::transcript::Millis;

/// A pause as long as this ends a paragraph, in milliseconds.
const MIN_PAUSE_MS: i64 = 2_000;
/// A paragraph of this many columns ends with its sentence: three lines of print.
const FULL_COLUMNS: usize = 240;
/// Maximum columns of a paragraph of several cues.
const MAX_COLUMNS: usize = 600;

/// The text of one cue or several, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// The start of the first cue.
    pub start: Millis,
    /// The text: clean, trimmed, without line breaks.
    pub text: String,
}

/// An iterator over the paragraphs of cues, which come by start. A paragraph ends at a pause, before what
/// another person says, and once it is long enough: after a sentence if possible. A cue is never split.
#[derive(Debug)]
pub struct Paragraphs<'a, I: Iterator<Item = Cue<'a>>> {
    cues: Peekable<I>,
    language: Language,
}

impl<'a, I: Iterator<Item = Cue<'a>>> Paragraphs<'a, I> {
    /// Creates an iterator over the paragraphs of `cues`, which are in `language`.
    pub fn new(cues: I, language: Language) -> Self {
        Self {
            cues: cues.peekable(),
            language,
        }
    }
}

impl<'a, I: Iterator<Item = Cue<'a>>> Iterator for Paragraphs<'a, I> {
    type Item = Paragraph;

    fn next(&mut self) -> Option<Paragraph> {
        let first = self.cues.next()?;
        let (mut text, mut end) = (String::new(), first.end);
        push_lines(&mut text, &first.text);
        let mut columns = text.width();
        while let Some(cue) = self.cues.next_if(|next| {
            let with_next = columns + next.text.width();
            next.start.get() - end.get() < MIN_PAUSE_MS
                && with_next <= MAX_COLUMNS
                && !opens_turn(&next.text)
                && (columns < FULL_COLUMNS || !self.language.ends_sentence(&text, &next.text))
        }) {
            let length = text.len();
            push_lines(&mut text, &cue.text);
            columns += text[length..].width();
            end = end.max(cue.end);
        }
        let start = first.start;
        Some(Paragraph { start, text })
    }
}

/// Appends the lines of a cue; scripts without spaces need none between them.
fn push_lines(text: &mut String, lines: &str) {
    for line in lines.lines() {
        if !text.is_empty() {
            text.push_str(gap_between(text, line));
        }
        text.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(cues: &[(i64, i64, &str)]) -> Vec<(i64, String)> {
        let cues = cues.iter().map(|&(start, end, text)| Cue {
            start: Millis::new(start),
            end: Millis::new(end),
            text: text.into(),
        });
        let language = Language::of(cues.clone().map(|cue| cue.text));
        Paragraphs::new(cues, language)
            .map(|paragraph| (paragraph.start.get(), paragraph.text))
            .collect()
    }

    fn texts(cues: &[(i64, i64, &str)]) -> Vec<String> {
        paragraphs(cues).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn cues_are_joined_up_to_a_pause() {
        let cues = [
            (0, 1000, "The tide is out,"),
            (1000, 4000, "and the boats\nlie on the sand."),
            (5999, 7000, "Nobody minds."),
            (9000, 9500, "Later it comes back."),
        ];
        let first = "The tide is out, and the boats lie on the sand. Nobody minds.";
        let second = "Later it comes back.";
        assert_eq!(
            paragraphs(&cues),
            [(0, first.to_owned()), (9000, second.to_owned())]
        );
        assert!(texts(&[]).is_empty());
    }

    #[test]
    fn speaker_starts_a_paragraph() {
        for turn in ["- No.", ">> No.", "ANNA: No."] {
            let cues = [(0, 900, "Is it open?"), (900, 2000, turn)];
            assert_eq!(texts(&cues), ["Is it open?", turn]);
        }
    }

    #[test]
    fn scripts_without_spaces_get_none() {
        let cues = [
            (0, 900, "首先，让我们看看\n它的价格。"),
            (900, 2000, "很高。"),
        ];
        assert_eq!(texts(&cues), ["首先，让我们看看它的价格。很高。"]);
    }

    #[test]
    fn full_paragraph_ends_with_its_sentence() {
        let long = format!("{}and so on", "We have it in stock, ".repeat(12));
        let cues = [
            (0, 9, &*long),
            (9, 20, "for ever."),
            (20, 30, "Mr."),
            (30, 40, "Hill knows."),
        ];
        assert_eq!(
            texts(&cues),
            [format!("{long} for ever."), "Mr. Hill knows.".to_owned()]
        );
    }

    #[test]
    fn endless_sentence_ends_somewhere() {
        let words = "no end of it ".repeat(10);
        let cues: Vec<_> = (0..20).map(|n| (n, n + 1, words.trim())).collect();
        let texts = texts(&cues);
        assert_eq!(texts.len(), 5);
        assert!(texts.iter().all(|text| text.len() <= MAX_COLUMNS + 8));
    }

    #[test]
    fn long_description_stays_a_paragraph() {
        let scene = "A street at night in the rain. ".repeat(30);
        let cues = [(0, 9000, scene.trim()), (9000, 20_000, scene.trim())];
        assert_eq!(texts(&cues), [scene.trim(), scene.trim()]);
    }
}
