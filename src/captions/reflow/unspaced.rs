//! Breaks between two words of which no space and no mark tells anything, in scripts without spaces: how one
//! ends and the next starts does. Words are those of the dictionary in Thai, phrases in Chinese and Japanese.

use super::break_quality::BreakQuality;
use super::lexicon::{Lexicon, WordEntry};
use super::marks::{is_seam, is_unspaced};
use super::word_class::{Kinds, WordClass};
use super::words::Word;

/// Returns the quality of a break between `word` and `next`, of which the lexicon has these entries.
pub(super) fn between(
    lexicon: &Lexicon,
    (word, entry): (&str, WordEntry),
    (next, next_entry): (&str, WordEntry),
) -> BreakQuality {
    match entry.class {
        WordClass::Other | WordClass::Postposition => {}
        WordClass::Article => return BreakQuality::Forbidden,
        _ => return BreakQuality::Discouraged,
    }
    if entry.kinds.has(Kinds::STARTS_PAIR) && lexicon.is_pair(word, next) {
        return BreakQuality::Forbidden;
    }
    let ending = lexicon.ending(word);
    let next_class = match next_entry.class {
        WordClass::Other if lexicon.script != "Thai" => lexicon.opening(next),
        class => class,
    };
    match next_class {
        WordClass::Postposition => BreakQuality::Discouraged,
        _ if ending == Some(BreakQuality::Attribute) => BreakQuality::Attribute,
        // A pronoun is the subject of a clause, of which no mark tells.
        WordClass::Conjunction | WordClass::Pronoun => BreakQuality::Conjunction,
        WordClass::Genitive => BreakQuality::Genitive,
        WordClass::Other => ending.unwrap_or_else(|| {
            if is_seam(word, next) {
                BreakQuality::Complement
            } else {
                BreakQuality::Word
            }
        }),
        _ => BreakQuality::Phrase,
    }
}

/// Discourages breaks between words of another script, which are a name or a term (`Mark Levi`), and between
/// variables (`a, b`).
pub(super) fn keep_terms_whole(lexicon: &Lexicon, text: &str, words: &mut [Word]) {
    if !lexicon.is_unspaced() {
        return;
    }
    let is_foreign = |c: char| !is_unspaced(c) && c.is_alphanumeric();
    for place in 1..words.len() {
        let (word, next) = (words[place - 1], words[place]);
        let (mut before, after) = (word.of(text), next.of(text));
        if word.end == next.start || !after.starts_with(is_foreign) {
            continue;
        }
        if after.chars().take_while(|c| is_foreign(*c)).count() == 1 {
            before = before.trim_end_matches(',');
        }
        if before.trim_end_matches(is_combining).ends_with(is_foreign)
            && word.break_after.cost() < BreakQuality::Discouraged.cost()
        {
            words[place - 1].break_after = BreakQuality::Discouraged;
        }
    }
}

/// Returns `true` for diacritics, which are no letters.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::BreakQuality::{
        Attribute, Complement, Conjunction, Discouraged, Forbidden, Genitive, Phrase, Word as Plain,
    };
    use super::*;

    fn assert_between(code: &str, breaks: &[(&str, &str, BreakQuality)]) {
        let lexicon = Lexicon::of(code).unwrap();
        for (word, next, quality) in breaks {
            let [one, other] = [word, next].map(|word| (*word, lexicon.entry(word)));
            assert_eq!(between(lexicon, one, other), *quality, "{word}|{next}");
        }
    }

    #[test]
    fn japanese_endings_tell_what_ends() {
        assert_between(
            "ja",
            &[
                ("雨が降ったので", "家に", Phrase),
                ("起きて", "窓を", Phrase),
                ("雨は", "朝から", Complement),
                ("古い", "橋", Complement),
                ("とても", "きれいな", Attribute),
                ("東京", "駅前", Plain),
                ("駅の", "前で", Attribute),
                ("静かな", "町に", Attribute),
                ("その", "町に", Discouraged),
                ("出かける", "ことが", Discouraged),
                ("音楽に", "ついて", Discouraged),
                ("着いたか", "そして", Conjunction),
                ("駅は", "ところが", Conjunction),
            ],
        );
    }

    #[test]
    fn chinese_endings_tell_what_follows() {
        assert_between(
            "zh",
            &[
                ("老城的", "街道", Attribute),
                ("他住在", "河边", Attribute),
                ("他现在", "住河边", Plain),
                ("我想去", "但是下雨", Conjunction),
                ("我们昨天", "在河边", Phrase),
                ("很多东西", "昨天", Plain),
            ],
        );
    }

    #[test]
    fn thai_words_are_classified_as_spaced_ones() {
        assert_between(
            "th",
            &[
                ("การ", "เดินทาง", Forbidden),
                ("เดิน", "ทาง", Forbidden),
                ("ของ", "แม่", Discouraged),
                ("บ้าน", "นี้", Discouraged),
                ("บอก", "ว่า", Discouraged),
                ("บ้าน", "และ", Conjunction),
                ("วันนี้", "เรา", Conjunction),
                ("นั่ง", "ใน", Phrase),
                ("บ้าน", "ของ", Genitive),
                ("น้ำ", "ปลา", Plain),
            ],
        );
    }
}
