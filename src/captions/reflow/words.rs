//! Divides a text into the words that stay whole on a line. Words end at white space; in scripts without
//! spaces, and in words longer than a line, where UAX #14 allows a break; never inside a grapheme
//! cluster (UAX #29).

use std::sync::LazyLock;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use memchr::memchr2_iter;

use super::super::text::{is_number, may_hold_two_timestamps, timestamps};
use super::boundaries::{QUOTES, after_dash, beside_quotes, script_changes, trailing_sign};
use super::break_quality::BreakQuality;
use super::columns::{gap_width, width};
use super::graphemes::{grapheme_boundaries, joins_previous};
use super::marks::{
    CLOSERS, CLOSING, OPENING, changes_script, closing_prefix, is_break_mark, is_only,
    is_plain_letter, is_unspaced, starts_unspaced,
};
use super::phrases::{Phrases, Seam};
use super::word_class::WordClass;

/// A part of a text that stays on one line: its range in bytes, and in columns as if all of the text were
/// on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub start: usize,
    pub end: usize,
    left: usize,
    right: usize,
    /// `true` for a time such as `00:00:01,500`, of which parsers tolerate one on a line.
    pub is_timestamp: bool,
    /// `true` for a word such as `7.`, which some parsers take for the number of a cue if it is a line.
    pub is_number: bool,
    /// Its class, set with its break.
    pub class: WordClass,
    /// `true` if the next word may be a part of it, in a script without spaces.
    pub is_weak: bool,
    /// The quality of a break after it.
    pub break_after: BreakQuality,
}

impl Word {
    /// Returns its width in columns.
    pub(super) fn columns(&self) -> usize {
        self.right - self.left
    }

    /// Returns the width of the text from here to the end of `last`, in columns.
    pub(super) fn columns_to(&self, last: &Self) -> usize {
        last.right - self.left
    }

    /// Returns the word in `text`.
    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// Returns the width of `words` on one line, in columns.
pub(super) fn columns(words: &[Word]) -> usize {
    match words {
        [first, .., last] => first.columns_to(last),
        [word] => word.columns(),
        [] => 0,
    }
}

/// Appends the words of `text`, where words longer than `width` columns are broken if they can be;
/// `phrases` tells where words start in its script.
pub(super) fn read_words(
    text: &str,
    width: usize,
    phrases: Option<&Phrases>,
    words: &mut Vec<Word>,
) {
    let mut reader = WordReader {
        text,
        width,
        words,
        phrases,
        is_open: false,
        has_timestamps: may_hold_two_timestamps(text),
    };
    let mut at = 0;
    if text.is_ascii() {
        // Clean text holds no other white space.
        let spaces = memchr2_iter(b' ', b'\n', text.as_bytes());
        for end in spaces.chain([text.len()]) {
            if at < end {
                reader.ascii_word(at, end);
            }
            at = end + 1;
        }
        return;
    }
    for part in text.split_inclusive(is_space) {
        let word = part.trim();
        if !word.is_empty() {
            reader.word(at + (part.len() - part.trim_start().len()), word);
        }
        at += part.len();
    }
}

/// Returns `true` for white space between words; no-break spaces join them.
fn is_space(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// The segmenter of UAX #14, with dictionaries for Thai, Lao, Khmer and Burmese: the neural models are
/// smaller, but take a hundred times as long.
static LINE_SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> =
    LazyLock::new(|| LineSegmenter::new_dictionary(LineBreakOptions::default()));

struct WordReader<'t, 'w> {
    text: &'t str,
    width: usize,
    words: &'w mut Vec<Word>,
    phrases: Option<&'w Phrases>,
    /// `true` if the last word consists of opening marks only.
    is_open: bool,
    /// `true` if the text may hold timestamps.
    has_timestamps: bool,
}

impl WordReader<'_, '_> {
    /// Adds a word of ASCII; most of them need no closer look.
    fn ascii_word(&mut self, start: usize, end: usize) {
        let (word, columns) = (&self.text[start..end], end - start);
        if word.as_bytes()[0].is_ascii_alphanumeric() && columns <= self.width && !self.is_open {
            self.push(start, word, columns);
        } else {
            self.word(start, word);
        }
    }

    /// Adds a word, or the parts in which it may be broken. Marks that close and start it belong to the
    /// word before it.
    fn word(&mut self, at: usize, word: &str) {
        let closing = if self.words.is_empty() {
            0
        } else {
            closing_prefix(word)
        };
        let sign = trailing_sign(word);
        if sign > 0 {
            let start = word.len() - sign;
            self.word(at, &word[..start]);
            self.unmarked_word(at + start, &word[start..]);
        } else if closing > 0 && starts_unspaced(&word[closing..]) {
            self.unmarked_word(at, &word[..closing]);
            self.unmarked_word(at + closing, &word[closing..]);
        } else {
            self.unmarked_word(at, word);
        }
    }

    fn unmarked_word(&mut self, at: usize, word: &str) {
        let columns = width(word);
        let is_plain = word.is_ascii() && word.as_bytes()[0].is_ascii_alphanumeric();
        let is_mark = !is_plain && (is_only(word, &CLOSING) || closing_prefix(word) > 0);
        // Before ` !` and the like no line breaks, nor after `« ` (UAX #14, LB13 to LB15), unless it
        // has to.
        if is_mark && !self.is_open && !self.fits_after_last(at, columns) {
            if self.pull_down(at, word) {
                return;
            }
            let closing = closing_prefix(word);
            let rest = word[closing..].trim_start();
            if !rest.is_empty() && self.pull_down(at, &word[..closing]) {
                self.unmarked_word(at + word.len() - rest.len(), rest);
                return;
            }
        }
        let joins = !is_plain && (columns == 0 || joins_previous(word));
        if (self.is_open || is_mark || joins) && self.fits_after_last(at, columns) || columns == 0 {
            self.push(at, word, columns);
            if let [.., before, last] = &mut self.words[..] {
                (before.end, before.right) = (last.end, last.right);
                before.is_timestamp |= last.is_timestamp;
                before.is_number = false;
                self.words.pop();
            }
        } else if joins && let Some(before) = self.words.pop() {
            // The character before it is a part of its first one, but there may be breaks after that.
            self.pieces(before.start, &self.text[before.start..at + word.len()]);
        } else if columns > self.width || (!word.is_ascii() && word.contains(is_unspaced)) {
            self.pieces(at, word);
        } else if !word.is_ascii() && word.contains('—') {
            let mut from = 0;
            while let Some(after) = after_dash(&word[from..]) {
                let piece = &word[from..from + after];
                self.push(at + from, piece, width(piece));
                from += after;
            }
            let rest = &word[from..];
            self.push(at + from, rest, width(rest));
        } else {
            self.push(at, word, columns);
        }
        self.is_open = !is_plain && is_only(word, &OPENING);
    }

    /// Adds a closing mark with the last character before it, where the word before it fills a line of a
    /// script without spaces. Returns `false` if there is no such character, or no room on a line.
    fn pull_down(&mut self, at: usize, mark: &str) -> bool {
        let Some(last) = self.words.last_mut() else {
            return false;
        };
        let (start, word) = (last.start, &self.text[last.start..last.end]);
        let mut is_boundary = grapheme_boundaries(word);
        let letters = word.match_indices(|c: char| is_unspaced(c) && c.is_alphabetic());
        let Some(cut) = letters
            .map(|(here, _)| here)
            .filter(|here| is_boundary(here) && *here > 0)
            .last()
        else {
            return false;
        };
        if width(&self.text[start + cut..at + mark.len()]) > self.width {
            return false;
        }
        let kept = word[..cut].trim_end();
        (last.end, last.right) = (start + kept.len(), last.left + width(kept));
        last.is_weak = true;
        let pulled = &self.text[start + cut..at + mark.len()];
        self.push(start + cut, pulled, width(pulled));
        true
    }

    fn fits_after_last(&self, at: usize, columns: usize) -> bool {
        self.words.last().is_some_and(|last| {
            last.columns() + gap_width(&self.text[last.end..at]) + columns <= self.width
        })
    }

    fn push(&mut self, start: usize, word: &str, columns: usize) {
        let left = self.words.last().map_or(0, |last| {
            last.right
                + match start - last.end {
                    few @ (0 | 1) => few,
                    _ => gap_width(&self.text[last.end..start]),
                }
        });
        self.words.push(Word {
            start,
            end: start + word.len(),
            left,
            right: left + columns,
            is_timestamp: self.has_timestamps && timestamps(word) > 0,
            is_number: !word.starts_with(is_plain_letter)
                && is_number(word)
                && word.contains(char::is_numeric),
            class: WordClass::Other,
            is_weak: false,
            break_after: BreakQuality::Word,
        });
    }

    /// Adds the pieces of `word`, broken between characters of scripts without spaces, and wherever that
    /// leaves a piece wider than a line.
    fn pieces(&mut self, at: usize, word: &str) {
        let mut allowed: Vec<usize> = LINE_SEGMENTER.segment_str(word).collect();
        if word.contains(QUOTES) {
            allowed.extend(beside_quotes(word));
            allowed.sort_unstable();
        }
        let changes = script_changes(word);
        if !changes.is_empty() {
            allowed.extend(&changes);
            allowed.sort_unstable();
            allowed.dedup();
        }
        let mut is_boundary = grapheme_boundaries(word);
        allowed.retain(|here| is_boundary(here));
        let inner = allowed.clone();
        let mut weak = Vec::new();
        if let Some(phrases) = self.phrases {
            let mut seams = Vec::new();
            phrases.find(word, &mut seams);
            let starts = word.char_indices().map(|(at, _)| at);
            let mut seams = starts.zip(seams).peekable();
            // Marks and scripts end a phrase; the models tell where one ends without.
            allowed.retain(|here| {
                while seams.next_if(|(at, _)| at < here).is_some() {}
                let seam = seams
                    .peek()
                    .filter(|(at, _)| at == here)
                    .map(|(_, seam)| *seam);
                if word[..*here]
                    .trim_end_matches(CLOSERS)
                    .ends_with(is_break_mark)
                    || word[*here..].starts_with(QUOTATION_STARTS)
                    || changes.binary_search(here).is_ok()
                {
                    return true;
                }
                if seam == Some(Seam::Weak) {
                    weak.push(*here);
                }
                seam != Some(Seam::None)
            });
        }
        let mut from = 0;
        for here in allowed {
            if here == 0 || (here < word.len() && !between_unspaced(word, here)) {
                continue;
            }
            let columns = width(word[from..here].trim());
            let has_mark = word[from..here]
                .trim_end_matches(CLOSERS)
                .ends_with(is_break_mark);
            let room = if has_mark { 0 } else { MARK_COLUMNS };
            if columns <= self.width.saturating_sub(room) {
                self.piece(at + from, &word[from..here], columns);
            } else {
                let (start, end) = (from, here);
                let first = inner.partition_point(|inner| *inner <= start);
                for inner in inner[first..]
                    .iter()
                    .copied()
                    .take_while(|inner| *inner <= end)
                {
                    let (piece, rest) = (&word[from..inner], &word[inner..]);
                    self.piece(at + from, piece, width(piece.trim()));
                    let is_inside = self.phrases.is_some() && inner < here;
                    self.set_weak(is_inside && !changes_script(piece, rest));
                    from = inner;
                }
            }
            self.set_weak(weak.binary_search(&here).is_ok());
            from = here;
        }
    }

    fn set_weak(&mut self, is_weak: bool) {
        if let Some(last) = self.words.last_mut() {
            last.is_weak = is_weak;
        }
    }

    /// Adds a piece, trimmed, that has so many columns: there may be a break before a no-break space, but
    /// no line starts with one.
    fn piece(&mut self, at: usize, piece: &str, columns: usize) {
        let start = at + (piece.len() - piece.trim_start().len());
        let piece = piece.trim();
        if !piece.is_empty() {
            self.push(start, piece, columns);
        }
    }
}

/// Marks that start a quotation or a title, and with it a phrase.
const QUOTATION_STARTS: [char; 5] = ['「', '『', '《', '〈', '【'];

/// The columns of a closing mark, for which the longest pieces leave room.
const MARK_COLUMNS: usize = 2;

/// Returns the separator between `before` and `after` when a line break between them is removed: a space,
/// or nothing in scripts without spaces.
pub(in crate::captions) fn gap_between(before: &str, after: &str) -> &'static str {
    let is_mark = |c: char| QUOTES.contains(&c) || matches!(c, '…' | '—');
    let before = before.trim_end_matches(is_mark);
    let after = after.trim_start_matches(is_mark);
    let are_unspaced = before.ends_with(is_unspaced) && after.starts_with(is_unspaced);
    if are_unspaced { "" } else { " " }
}

fn between_unspaced(word: &str, at: usize) -> bool {
    let (before, after) = word.split_at(at);
    before.chars().next_back().is_some_and(is_unspaced)
        || after.chars().next().is_some_and(is_unspaced)
}
