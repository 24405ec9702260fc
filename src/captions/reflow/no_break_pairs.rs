//! Pairs of words that stay together over a full stop, a comma or a space: a number and its unit, the
//! parts of a date, initials and the name after them.

use super::break_quality::BreakQuality;
use super::lexicon::{Lexicon, is_doubled, is_initial};
use super::word_class::Kinds;

/// Returns the quality of a break between `word` and `next` if it would split a pair; `before` is the
/// word before them.
pub(super) fn splits_pair(
    lexicon: &Lexicon,
    before: &str,
    word: &str,
    next: &str,
) -> Option<BreakQuality> {
    let digit_follows = next.starts_with(|c: char| c.is_ascii_digit());
    let starts_with_digit = word.starts_with(|c: char| c.is_ascii_digit());
    if word.ends_with(|c: char| c.is_ascii_digit())
        && lexicon.is(
            Kinds::UNIT,
            next.trim_end_matches(['.', ',', '?', '!', ';', ':']),
        )
    {
        return Some(BreakQuality::Forbidden);
    }
    // "Maria J. Smith"
    if is_initial(next) && next != "I." && is_name(word) {
        return Some(BreakQuality::Discouraged);
    }
    if !digit_follows && !starts_with_digit && !word.ends_with('.') {
        return None;
    }
    if digit_follows && (lexicon.is(Kinds::MONTH, word) || lexicon.is(Kinds::NUMBERED, word))
        || starts_with_digit && is_date(lexicon, before, word, next)
        || is_doubled(word) && is_doubled(next)
    {
        return Some(BreakQuality::Forbidden);
    }
    if starts_with_digit && next == "of" && ordinal(word).is_some() {
        return Some(BreakQuality::Discouraged);
    }
    if !is_initial(word) || !next.starts_with(char::is_uppercase) {
        return None;
    }
    if is_initial(before) || is_initial(next) {
        Some(BreakQuality::Forbidden)
    } else if word == "I." {
        // "So do I. Then"
        None
    } else {
        Some(BreakQuality::Discouraged)
    }
}

/// Returns `true` if `word` may be a first name: letters, of which the first is a capital.
fn is_name(word: &str) -> bool {
    word.len() > 1 && word.starts_with(char::is_uppercase) && word.ends_with(char::is_lowercase)
}

/// Returns `true` if `word` is a day that is followed by its month or year.
fn is_date(lexicon: &Lexicon, before: &str, word: &str, next: &str) -> bool {
    let year_may_follow = word.ends_with(',');
    let day = word.trim_end_matches(['.', ',']);
    let day = ordinal(day).unwrap_or(day);
    let is_day = day.len() <= 2 && day.bytes().all(|byte| byte.is_ascii_digit());
    is_day
        && if year_may_follow {
            lexicon.is(Kinds::MONTH, before) && is_year(next)
        } else {
            next.starts_with(char::is_uppercase)
                && lexicon.is(Kinds::MONTH, next.trim_end_matches([',', '.', '?', '!']))
        }
}

/// Returns the number of an ordinal such as `4th`.
fn ordinal(word: &str) -> Option<&str> {
    ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
}

fn is_year(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && !word[4..].starts_with(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_dates_are_pairs() {
        for (before, word, next) in [
            ("Force", "No.", "1"),
            ("see", "p.", "12"),
            ("see", "Fig.", "3."),
            ("on", "Jan.", "5,"),
            ("of", "$2.7", "million."),
            ("at", "5:30", "p.m."),
            ("on", "December", "24th"),
            ("Jan.", "5,", "2024"),
            ("May", "5th,", "2024."),
            ("the", "4th", "July"),
            ("los", "EE.", "UU."),
            ("by", "J.", "R."),
            ("R.", "R.", "Tolkien"),
        ] {
            assert_eq!(
                splits_pair(Lexicon::of("en").unwrap(), before, word, next),
                Some(BreakQuality::Forbidden),
                "{word} {next}"
            );
        }
        let german = Lexicon::of("de").unwrap();
        let date = splits_pair(german, "am", "3.", "Oktober");
        assert_eq!(date, Some(BreakQuality::Forbidden));
        for (word, next) in [("4th", "of"), ("J.", "Smith"), ("Maria", "J.")] {
            assert_eq!(
                splits_pair(Lexicon::of("en").unwrap(), "", word, next),
                Some(BreakQuality::Discouraged),
                "{word} {next}"
            );
        }
    }

    #[test]
    fn similar_words_are_no_pairs() {
        for (before, word, next) in [
            ("said", "No.", "Then"),
            ("are", "5,", "2024"),
            ("May", "5,", "20"),
            ("May", "5,", "2024ers"),
            ("do", "I.", "Then"),
            ("in", "2019", "May"),
            ("these", "5", "may"),
            ("a", "4th", "floor"),
            ("a", "word", "10"),
            ("a", "$5", "bill"),
            ("met", "Mary.", "J."),
            ("are", "not", "J."),
        ] {
            assert_eq!(
                splits_pair(Lexicon::of("en").unwrap(), before, word, next),
                None,
                "{word} {next}"
            );
        }
    }
}
