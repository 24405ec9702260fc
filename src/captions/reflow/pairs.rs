//! What stays together over a full stop, a comma or a space: a number and its name, the parts of a
//! date, initials and the name after them.

use super::breaks::Break;
use super::sentences::is_initial;

/// What a break between `word` and `next` tears apart, if it does; `before` is the word before them.
pub(super) fn torn(before: &str, word: &str, next: &str) -> Option<Break> {
    let digit_follows = next.starts_with(|c: char| c.is_ascii_digit());
    let starts_with_digit = word.starts_with(|c: char| c.is_ascii_digit());
    if word.ends_with(|c: char| c.is_ascii_digit()) && is_magnitude(next) {
        return Some(Break::Bound);
    }
    // "Maria J. Smith"
    if is_initial(next) && next != "I." && is_name(word) {
        return Some(Break::Tight);
    }
    if !digit_follows && !starts_with_digit && !word.ends_with('.') {
        return None;
    }
    if digit_follows && (is_month(word) || is_numbered(word))
        || starts_with_digit && is_date(before, word, next)
        || is_doubled(word) && is_doubled(next)
    {
        return Some(Break::Bound);
    }
    if starts_with_digit && next == "of" && ordinal(word).is_some() {
        return Some(Break::Tight);
    }
    if !is_initial(word) || !next.starts_with(char::is_uppercase) {
        return None;
    }
    if is_initial(before) || is_initial(next) {
        Some(Break::Bound)
    } else if word == "I." {
        // "So do I. Then"
        None
    } else {
        Some(Break::Tight)
    }
}

/// Whether `word` says how many, or of what, after a number: `$2.7 million`, `5 p.m.`.
fn is_magnitude(word: &str) -> bool {
    listed(
        &MAGNITUDES,
        word.trim_end_matches([',', '.', '?', '!', ';', ':']),
    )
}

/// Whether `word` may be a first name: letters, of which the first is a capital.
fn is_name(word: &str) -> bool {
    word.len() > 1 && word.starts_with(char::is_uppercase) && word.ends_with(char::is_lowercase)
}

/// Whether `word` is what a number is said to be: `No.`.
fn is_numbered(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|name| listed(&NUMBERED, name))
}

pub(super) fn is_month(word: &str) -> bool {
    listed(&MONTHS, word.strip_suffix('.').unwrap_or(word))
}

/// Whether `word` is a day, after which comes its month, or its year.
fn is_date(before: &str, word: &str, next: &str) -> bool {
    let year_may_follow = word.ends_with(',');
    let day = word.trim_end_matches(['.', ',']);
    let day = ordinal(day).unwrap_or(day);
    let is_day = day.len() <= 2 && day.bytes().all(|byte| byte.is_ascii_digit());
    is_day
        && if year_may_follow {
            is_month(before) && is_year(next)
        } else {
            next.starts_with(char::is_uppercase)
                && is_month(next.trim_end_matches([',', '.', '?', '!']))
        }
}

/// The number of an ordinal such as `4th`.
fn ordinal(word: &str) -> Option<&str> {
    ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
}

fn is_year(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && !word[4..].starts_with(char::is_alphabetic)
}

/// Whether `word` is a plural in Spanish abbreviations: `EE.` and `UU.`.
pub(super) fn is_doubled(word: &str) -> bool {
    matches!(word.as_bytes(), [one, other, b'.', ..] if one.is_ascii_uppercase() && one == other)
}

fn listed(list: &[&str], name: &str) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// What a number is said to be, before its full stop: `No.`.
pub(super) const NUMBERED: [&str; 16] = [
    "no", "nos", "nr", "num", "vol", "p", "pp", "fig", "figs", "ch", "sec", "art", "ed", "op",
    "pt", "eq",
];

const MAGNITUDES: [&str; 20] = [
    "a.m",
    "p.m",
    "percent",
    "prozent",
    "hundred",
    "thousand",
    "million",
    "billion",
    "trillion",
    "mio",
    "mrd",
    "millionen",
    "milliarden",
    "millions",
    "milliard",
    "milliards",
    "millones",
    "milioni",
    "miliardi",
    "milhões",
];

const MONTHS: [&str; 32] = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_stay_together() {
        for (before, word, next) in [
            ("Force", "No.", "1"),
            ("see", "p.", "12"),
            ("see", "Fig.", "3."),
            ("on", "Jan.", "5,"),
            ("of", "$2.7", "million."),
            ("at", "5:30", "p.m."),
            ("on", "December", "24th"),
            ("am", "3.", "Oktober"),
            ("Jan.", "5,", "2024"),
            ("May", "5th,", "2024."),
            ("the", "4th", "July"),
            ("los", "EE.", "UU."),
            ("by", "J.", "R."),
            ("R.", "R.", "Tolkien"),
        ] {
            assert_eq!(
                torn(before, word, next),
                Some(Break::Bound),
                "{word} {next}"
            );
        }
        for (word, next) in [("4th", "of"), ("J.", "Smith"), ("Maria", "J.")] {
            assert_eq!(torn("", word, next), Some(Break::Tight), "{word} {next}");
        }
    }

    #[test]
    fn what_looks_like_them_does_not() {
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
            assert_eq!(torn(before, word, next), None, "{word} {next}");
        }
    }
}
