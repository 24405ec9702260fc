//! Word lists of several languages: abbreviations, titles, months and measures. Looked up whatever
//! the language of the text.

/// Returns `true` if `name` is in the list, in any case.
pub(super) fn listed(list: &[&str], name: &str) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// Returns `true` for the initial of a name: `J.`.
pub(super) fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.as_str() == "."
}

/// Returns `true` for a title such as `Mr.`, which must not be separated from the name after it.
pub(super) fn is_title(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|name| listed(&TITLES, name.trim_start_matches(OPENERS)))
}

/// Returns `true` for a month, also abbreviated with a full stop.
pub(super) fn is_month(word: &str) -> bool {
    listed(&MONTHS, word.strip_suffix('.').unwrap_or(word))
}

/// Returns `true` for an abbreviation that a number follows: `No.`.
pub(super) fn is_numbered(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|name| listed(&NUMBERED, name))
}

/// Returns `true` for a measure after a number: `$2.7 million`, `5 p.m.`.
pub(super) fn is_magnitude(word: &str) -> bool {
    listed(
        &MAGNITUDES,
        word.trim_end_matches([',', '.', '?', '!', ';', ':']),
    )
}

/// Returns `true` for the plural in Spanish abbreviations: `EE.` and `UU.`.
pub(super) fn is_doubled(word: &str) -> bool {
    matches!(word.as_bytes(), [one, other, b'.', ..] if one.is_ascii_uppercase() && one == other)
}

/// Marks that may stand before the first letter of a sentence.
pub(super) const OPENERS: [char; 20] = [
    '"', '\'', '“', '‘', '„', '‚', '«', '‹', '»', '›', '(', '[', '{', '¿', '¡', '「', '『', '（',
    '【', '《',
];

pub(super) const TITLES: [&str; 22] = [
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "rev", "hon", "gen", "col", "capt", "lt", "sgt",
    "gov", "sen", "rep", "pres", "sr", "sra", "hr", "mme",
];

pub(super) const ABBREVIATIONS: [&str; 48] = [
    "jr", "vs", "etc", "vol", "fig", "figs", "inc", "ltd", "co", "corp", "dept", "est", "approx",
    "ave", "blvd", "rd", "mt", "ft", "pp", "ed", "eds", "cf", "al", "ca", "viz", "resp", "tel",
    "jan", "feb", "mar", "apr", "aug", "sep", "sept", "oct", "nov", "dec", "usw", "bzw", "evtl",
    "ggf", "inkl", "nr", "str", "vgl", "zzgl", "ph.d", "art",
];

/// German and Danish words with which an ordinal is written as a number with a full stop.
pub(super) const BEFORE_ORDINALS: [&str; 40] = [
    "am", "im", "vom", "zum", "zur", "beim", "ab", "bis", "seit", "der", "die", "das", "dem",
    "den", "des", "ein", "eine", "einem", "einen", "einer", "mein", "meine", "meinem", "meinen",
    "dein", "sein", "seine", "seinem", "seinen", "ihr", "ihre", "ihrem", "ihren", "unser",
    "unsere", "diese", "dieser", "jede", "jeder", "jeden",
];

/// Abbreviations that a number follows, without their full stop.
pub(super) const NUMBERED: [&str; 16] = [
    "no", "nos", "nr", "num", "vol", "p", "pp", "fig", "figs", "ch", "sec", "art", "ed", "op",
    "pt", "eq",
];

pub(super) const MAGNITUDES: [&str; 20] = [
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

pub(super) const MONTHS: [&str; 32] = [
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
