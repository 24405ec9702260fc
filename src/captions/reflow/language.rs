//! The language of a text, which decides on function words, abbreviations and limits: by its script, then
//! by its function words.

use super::lexicon::{FULL_COUNT, Lexicon, count_function_words};
use super::limits::ReflowLimits;
use super::phrases::Phrases;
use super::sentences::{Boundary, boundary_after};
use crate::names::Named;

/// A language that captions are written in.
#[derive(Clone, Copy, Debug)]
pub struct Language(pub(super) &'static Lexicon);

impl Language {
    /// Returns the language of `texts`; the one without words if none is recognized.
    #[must_use]
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut sample = Vec::new();
        let mut bytes = 0;
        for text in texts {
            bytes += text.as_ref().len();
            sample.push(text);
            if bytes > MAX_SAMPLE {
                break;
            }
        }
        let Some(script) = script(sample.iter().map(AsRef::as_ref)) else {
            return Self(Lexicon::empty());
        };
        let words = || {
            let texts = sample.iter().map(|text| prefix(text.as_ref()));
            texts.flat_map(str::split_whitespace)
        };
        let counts = count_function_words(words(), script);
        let best = match &counts[..] {
            [(only, _)] => Some(*only),
            counts => {
                let enough = words().count() * MIN_SHARE;
                // The first of those that are as good.
                let best = counts.iter().rev().max_by(|one, other| one.1.cmp(&other.1));
                best.filter(|best| best.1 > enough).map(|best| best.0)
            }
        };
        Self(best.unwrap_or_else(Lexicon::empty))
    }

    /// Returns the language of `text`, which is this one unless the text is in another script.
    pub(super) fn of_part(self, text: &str) -> Self {
        // One that is unknown has no script.
        if text.is_ascii() && matches!(self.0.script, "Latin" | "") {
            return self;
        }
        let start = text
            .char_indices()
            .nth(SHORT_SAMPLE)
            .map_or(text, |(end, _)| &text[..end]);
        match script([start]) {
            Some(script) if script != self.0.script => Self::of([start]),
            _ => self,
        }
    }

    /// Returns the language of `text` in a transcription in `whole`, if that is known.
    pub(super) fn of_text(whole: Option<Self>, text: &str) -> Self {
        whole.map_or_else(|| Self::of([text]), |whole| whole.of_part(text))
    }

    /// Returns where phrases start in texts of the language, if its script has no spaces.
    pub(super) fn phrases(self) -> Option<&'static Phrases> {
        Phrases::of(self.0.script)
    }

    /// Returns `true` if `text` ends a sentence, where `next` follows it.
    pub(in crate::captions) fn ends_sentence(self, text: &str, next: &str) -> bool {
        let mut words = text.split_whitespace().rev();
        let (last, before) = (words.next(), words.next());
        let next = next.split_whitespace().next().unwrap_or_default();
        let (last, before) = (last.unwrap_or_default(), before.unwrap_or_default());
        boundary_after(self.0, before, last, next) == Boundary::Sentence
    }

    /// Returns the code of the language (ISO 639-1); empty for the one without words.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// Returns the limits that the script of the language asks for: Latin is that of too many.
    pub(super) fn limits_of_script(self) -> ReflowLimits {
        if self.0.script == "Latin" {
            ReflowLimits::default()
        } else {
            self.limits()
        }
    }

    /// Returns the limits of the language: those of Netflix's Timed Text Style Guide for adults.
    #[must_use]
    pub fn limits(self) -> ReflowLimits {
        let default = ReflowLimits::default();
        ReflowLimits {
            max_line_width: self.0.columns.unwrap_or(default.max_line_width),
            max_cps: self.0.speed.unwrap_or(default.max_cps),
            counts_spaces: !self.0.ignores_spaces,
            ..default
        }
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Language {}

impl Named for Language {
    fn names() -> Vec<&'static str> {
        Lexicon::codes().collect()
    }

    /// Reads a language tag (BCP 47), such as `en` or `pt-BR`, of which the language alone counts.
    fn from_name(tag: &str) -> Option<Self> {
        let code = tag
            .split(['-', '_'])
            .next()
            .unwrap_or("")
            .to_ascii_lowercase();
        let code = match &*code {
            "no" | "nn" => "nb",
            "sk" => "cs",
            "ms" => "id",
            "yue" | "cmn" => "zh",
            other => other,
        };
        Lexicon::of(code).map(Self)
    }

    fn name(self) -> &'static str {
        self.code()
    }
}

/// Enough to tell the script of a text, in characters.
const SHORT_SAMPLE: usize = 200;

/// Enough to tell a language, in bytes.
const MAX_SAMPLE: usize = 20_000;

/// Minimum share of function words, in parts of [`FULL_COUNT`]: a sixth. Running text has a third and more of
/// its language's; text in another language, by chance, mostly less than this.
const MIN_SHARE: usize = FULL_COUNT / 6;

/// Returns the name of the script of most letters; `None` without letters.
fn script<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<&'static str> {
    let mut counts = [0; SCRIPTS.len()];
    for text in texts {
        let text = prefix(text);
        if text.is_ascii() {
            counts[0] += text.len();
            continue;
        }
        for c in text.chars().filter(|c| *c >= 'A') {
            let has = |(_, ranges): &(_, &[(char, char)])| {
                ranges
                    .iter()
                    .any(|(first, last)| (*first..=*last).contains(&c))
            };
            if let Some(script) = SCRIPTS.iter().position(has) {
                counts[script] += 1;
            }
        }
    }
    let counts = SCRIPTS.iter().zip(counts);
    // The first of those that are as many.
    let ((most, _), count) = counts.clone().rev().max_by_key(|(_, count)| *count)?;
    // Japanese has characters of Chinese, and its own among them.
    let mut others = counts.map(|((name, _), count)| (*name, count));
    match *most {
        _ if count == 0 => None,
        "Han" if others.any(|(name, own)| name == "Japanese" && own * 10 > count) => {
            Some("Japanese")
        }
        most => Some(most),
    }
}

/// Returns the start of a text, which is enough to tell its script.
fn prefix(text: &str) -> &str {
    let mut end = text.len().min(MAX_SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The letters of scripts, by ranges.
const SCRIPTS: [(&str, &[(char, char)]); 10] = [
    (
        "Latin",
        &[('A', 'z'), ('\u{c0}', '\u{24f}'), ('\u{1e00}', '\u{1eff}')],
    ),
    ("Greek", &[('\u{370}', '\u{3ff}'), ('\u{1f00}', '\u{1fff}')]),
    ("Cyrillic", &[('\u{400}', '\u{52f}')]),
    ("Hebrew", &[('\u{5d0}', '\u{5f4}')]),
    ("Arabic", &[('\u{620}', '\u{6ff}'), ('\u{750}', '\u{77f}')]),
    ("Devanagari", &[('\u{900}', '\u{97f}')]),
    ("Thai", &[('\u{e00}', '\u{e7f}')]),
    (
        "Hangul",
        &[('\u{1100}', '\u{11ff}'), ('\u{ac00}', '\u{d7a3}')],
    ),
    ("Japanese", &[('\u{3041}', '\u{30ff}')]),
    (
        "Han",
        &[('\u{3400}', '\u{9fff}'), ('\u{20000}', '\u{3ffff}')],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_is_recognized_by_script_and_function_words() {
        for (text, code) in [
            ("The old man looked at the sea for a long time.", "en"),
            (
                "Der alte Mann sah lange auf das Meer hinaus und schwieg.",
                "de",
            ),
            ("Le vieil homme regardait la mer depuis longtemps.", "fr"),
            (
                "El viejo miró el mar durante mucho tiempo y no dijo nada.",
                "es",
            ),
            (
                "Il vecchio guardò il mare per molto tempo e non disse niente.",
                "it",
            ),
            (
                "O velho olhou para o mar por muito tempo e não disse nada.",
                "pt",
            ),
            ("De oude man keek lang naar de zee en zei niets.", "nl"),
            (
                "Den gamle mannen såg på havet länge och sa inte något.",
                "sv",
            ),
            (
                "Stary człowiek długo patrzył na morze i nic nie mówił.",
                "pl",
            ),
            ("Starý muž se dlouho díval na moře a nic neřekl.", "cs"),
            (
                "Yaşlı adam uzun süre denize baktı ve hiç bir şey demedi.",
                "tr",
            ),
            ("Старик долго смотрел на море и ничего не говорил.", "ru"),
            (
                "Старий довго дивився на море і нічого не казав, бо він мовчав.",
                "uk",
            ),
            ("Ο γέρος κοίταζε τη θάλασσα για πολλή ώρα.", "el"),
            ("نظر الرجل إلى البحر من بعيد.", "ar"),
            ("הזקן הביט בים זמן רב.", "he"),
            ("बूढ़ा आदमी समुद्र को देखता रहा।", "hi"),
            ("노인은 오랫동안 바다를 바라보았다.", "ko"),
            ("老人长久地望着大海。", "zh"),
            ("老人は長い間海を見ていた。", "ja"),
            ("ชายชรามองทะเลเป็นเวลานาน", "th"),
            ("Mzee aliangalia bahari kwa muda mrefu.", ""),
            ("12:30", ""),
            ("", ""),
        ] {
            assert_eq!(Language::of([text]).code(), code, "{text}");
        }
    }

    #[test]
    fn language_tags_are_read() {
        for (tag, code) in [
            ("en", "en"),
            ("pt-BR", "pt"),
            ("zh_Hant_TW", "zh"),
            ("no", "nb"),
        ] {
            assert_eq!(Language::from_name(tag).unwrap().code(), code);
        }
        assert!(Language::from_name("xx").is_none() && Language::from_name("").is_none());
    }

    #[test]
    fn part_in_another_script_has_its_own_language() {
        let english = Language::from_name("en").unwrap();
        assert_eq!(english.of_part("Das ist der Hund").code(), "en");
        assert_eq!(english.of_part("你好，世界").code(), "zh");
        assert_eq!(english.of_part("…").code(), "en");
    }
}
