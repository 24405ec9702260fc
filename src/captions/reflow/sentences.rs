//! Where sentences and clauses end: by the marks of many scripts, and knowing that abbreviations,
//! initials and ordinals end in a full stop too.

use super::pairs::is_doubled;

/// What the marks at the end of a word say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Sentence,
    Clause,
    None,
}

/// What ends with `word`, which `next` follows.
pub(super) fn ending(word: &str, next: &str) -> Ending {
    if word.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return Ending::None;
    }
    let marked = word.trim_end_matches(CLOSERS);
    match marked.chars().next_back() {
        Some('.') if is_abbreviation(marked) => Ending::None,
        // "Why?" she asked.
        Some(mark) if SENTENCE_ENDS.contains(&mark) => {
            let first = next.trim_start_matches(OPENERS).chars().next();
            if first.is_some_and(char::is_lowercase) {
                Ending::Clause
            } else {
                Ending::Sentence
            }
        }
        Some(mark) if CLAUSE_ENDS.contains(&mark) => Ending::Clause,
        // A word of nothing but closing marks, or one in quotes.
        _ => Ending::None,
    }
}

/// Whether the full stop at the end of `word` belongs to it: `Mr.`, `J.`, `U.S.`, `e.g.`, `3.`.
fn is_abbreviation(word: &str) -> bool {
    let name = word.trim_start_matches(OPENERS);
    let name = name.strip_suffix('.').unwrap_or(name);
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(initial), None) => initial.is_alphanumeric(),
        (Some(tens), Some(ones)) if name.len() == 2 && tens.is_ascii_digit() => {
            ones.is_ascii_digit()
        }
        _ => {
            let inner = name.contains('.') && !name.ends_with('.');
            (inner
                && name
                    .split('.')
                    .all(|part| part.chars().count() <= 2 && is_letters(part)))
                || is_doubled(word.trim_start_matches(OPENERS))
                || is_title(word)
                || listed(&ABBREVIATIONS, name)
        }
    }
}

/// Whether `word` is a title such as `Mr.`, which must not be parted from the name after it.
pub(super) fn is_title(word: &str) -> bool {
    word.trim_start_matches(OPENERS)
        .strip_suffix('.')
        .is_some_and(|name| listed(&TITLES, name))
}

fn is_letters(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphabetic)
}

fn listed(list: &[&str], name: &str) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// Quotation marks and brackets that may follow the mark that ends a sentence.
const CLOSERS: [char; 18] = [
    '"', '\'', '”', '’', '»', '›', '“', '‘', ')', ']', '}', '」', '』', '）', '】', '》', '〉', '”',
];

/// What may stand before the first letter of a sentence.
const OPENERS: [char; 18] = [
    '"', '\'', '“', '‘', '„', '‚', '«', '‹', '(', '[', '{', '¿', '¡', '「', '『', '（', '【', '《',
];

/// Unicode's `Sentence_Terminal`, as far as living scripts have one, and the ellipsis.
const SENTENCE_ENDS: [char; 33] = [
    '.', '!', '?', '…', '‼', '‽', '⁇', '⁈', '⁉', '。', '｡', '．', '！', '？', // Latin, CJK
    '؟', '۔', '؝', '܀', '܁', '܂', // Arabic, Syriac
    '।', '॥', '꣎', '꣏', // Indic
    '։', // Armenian
    '።', '፧', '፨', // Ethiopic
    '။', // Myanmar
    '។', '៕', // Khmer
    '᠃', '᠉', // Mongolian
];

const CLAUSE_ENDS: [char; 24] = [
    ',', ';', ':', '—', '–', '、', '，', '；', '：', '､', '﹐', '﹑', '﹔',
    '﹕', // Latin, CJK
    '،', '؛', '·', // Arabic, Greek
    '፣', '፤', '፥', // Ethiopic
    '၊', // Myanmar
    '།', '༎', // Tibetan
    '᠂', // Mongolian
];

const TITLES: [&str; 22] = [
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "rev", "hon", "gen", "col", "capt", "lt", "sgt",
    "gov", "sen", "rep", "pres", "sr", "sra", "hr", "mme",
];

const ABBREVIATIONS: [&str; 48] = [
    "jr", "vs", "etc", "vol", "fig", "figs", "inc", "ltd", "co", "corp", "dept", "est", "approx",
    "ave", "blvd", "rd", "mt", "ft", "pp", "ed", "eds", "cf", "al", "ca", "viz", "resp", "tel",
    "jan", "feb", "mar", "apr", "aug", "sep", "sept", "oct", "nov", "dec", "usw", "bzw", "evtl",
    "ggf", "inkl", "nr", "str", "vgl", "zzgl", "ph.d", "art",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_in_every_script() {
        for (word, next) in [
            ("end.", "Then"),
            ("end!\"", "Then"),
            ("(end.)", "“Then"),
            ("2019.", "Then"),
            ("end…", "Then"),
            ("好。", "我"),
            ("好！」", "我"),
            ("كيف؟", "أنا"),
            ("है।", "यह"),
            ("ሰላም።", "እንዴት"),
            ("ہے۔", "یہ"),
            ("သည်။", "က"),
        ] {
            assert_eq!(ending(word, next), Ending::Sentence, "{word}");
        }
    }

    #[test]
    fn abbreviations_initials_and_ordinals_end_none() {
        for word in [
            "U.S.", "Mr.", "(Dr.", "e.g.", "J.", "p.m.", "z.B.", "3.", "24.", "etc.", "Ph.D.",
            "St.", "EE.", "UU.",
        ] {
            assert_eq!(ending(word, "Smith"), Ending::None, "{word}");
        }
        for word in ["3.14", "word", "well-known", "\"quoted\"", "你好"] {
            assert_eq!(ending(word, "Next"), Ending::None, "{word}");
        }
    }

    #[test]
    fn a_sentence_that_goes_on_in_lower_case_is_a_clause() {
        assert_eq!(ending("Why?\"", "she"), Ending::Clause);
        for word in ["then,", "so;", "wait—", "好，", "這、", "نعم،"] {
            assert_eq!(ending(word, "Next"), Ending::Clause, "{word}");
        }
    }
}
