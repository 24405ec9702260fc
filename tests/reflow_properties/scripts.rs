//! Properties of reflow in the languages of 20 scripts, with the limits of each: no word lost, no line that
//! starts with a closing mark, no grapheme cluster cut, every limit of space held, and the same result twice.

use mavi::captions::{Language, ReflowOptions};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{reflowed_in, starts};

/// A script: what is between words, words, marks that close what was before them, and brackets.
#[derive(Clone, Copy, Debug)]
struct Script {
    gap: &'static str,
    words: &'static [&'static str],
    marks: &'static [&'static str],
    brackets: &'static [[&'static str; 2]],
}

const ROUND: [&str; 2] = ["(", ")"];
const ANGLED: [&str; 2] = ["«", "»"];

macro_rules! script {
    ($gap:literal, $words:expr, $marks:expr, $brackets:expr) => {
        Script {
            gap: $gap,
            words: &$words,
            marks: &$marks,
            brackets: &$brackets,
        }
    };
}

#[rustfmt::skip]
const SCRIPTS: [Script; 20] = [
    script!(" ", ["river", "the", "of", "slowly", "Anna", "incomprehensible"], [".", ",", ";", ":", "!", "?", "…"], [ROUND, ["[", "]"], ANGLED, ["“", "”"]]),
    script!(" ", ["ποτάμι", "και", "στη", "θάλασσα", "σιγά"], [".", ",", ";", ":", "!"], [ROUND, ANGLED]),
    script!(" ", ["река", "и", "медленно", "течёт", "на"], [".", ",", ";", ":", "!", "?", "…"], [ROUND, ANGLED]),
    script!(" ", ["գետը", "և", "դանդաղ", "հոսում", "է"], ["։", ",", "."], [ROUND, ANGLED]),
    script!(" ", ["მდინარე", "და", "ნელა", "მიედინება"], [".", ",", ";", ":", "!", "?"], [ROUND, ANGLED]),
    script!(" ", ["הנהר", "של", "זורם", "לאט", "שָׁלוֹם"], [".", ",", ";", ":", "!", "?"], [ROUND]),
    script!(" ", ["النهر", "في", "يجري", "ببطء", "على"], ["،", "؛", "؟", ".", "!"], [ROUND, ANGLED]),
    script!(" ", ["नदी", "में", "धीरे", "बहती", "है"], ["।", "॥", ",", "!", "?"], [ROUND]),
    script!(" ", ["নদী", "এবং", "ধীরে", "বয়ে", "যায়"], ["।", ",", "!", "?"], [ROUND]),
    script!(" ", ["નદી", "અને", "ધીમે", "વહે", "છે"], [".", ",", "!", "?"], [ROUND]),
    script!(" ", ["ஆறு", "மற்றும்", "மெதுவாக", "ஓடுகிறது"], [".", ",", ";", "!", "?"], [ROUND]),
    script!(" ", ["నది", "మరియు", "నెమ్మదిగా", "ప్రవహిస్తుంది"], [".", ",", ";", "!", "?"], [ROUND]),
    script!("", ["แม่น้ำ", "และ", "ไหล", "ช้าๆ", "ภูเขา", "ที่"], [",", "!", "?"], [ROUND, ["“", "”"]]),
    script!("", ["ແມ່ນ້ຳ", "ແລະ", "ໄຫຼ", "ຊ້າ", "ພູເຂົາ"], [",", "!", "?"], [ROUND]),
    script!("", ["ទន្លេ", "និង", "ហូរ", "យឺត", "ភ្នំ"], ["។", "៕", "!", "?"], [ROUND, ANGLED]),
    script!("", ["မြစ်", "နှင့်", "ဖြည်းဖြည်း", "စီးဆင်း", "တောင်"], ["၊", "။", "!"], [ROUND]),
    script!(" ", ["ወንዝ", "እና", "በቀስታ", "ይፈሳል"], ["።", "፣", "፤", "!", "?"], [ROUND, ANGLED]),
    script!("", ["河流", "和", "慢慢地", "流过", "山"], ["，", "。", "、", "；", "：", "！", "？"], [["（", "）"], ["「", "」"], ["《", "》"], ["“", "”"]]),
    script!("", ["川", "がゆっくり", "流れる", "カタカナ", "と"], ["、", "。", "！", "？"], [["（", "）"], ["「", "」"], ["『", "』"], ["【", "】"]]),
    script!(" ", ["강은", "그리고", "천천히", "흐른다", "산"], [".", ",", "!", "?"], [ROUND, ["「", "」"], ["《", "》"]]),
];

/// A word in brackets or not, and a mark after it or not, with a space before them or not.
fn text() -> impl Strategy<Value = (Script, String)> {
    select(&SCRIPTS[..]).prop_flat_map(|script| {
        let space = || select(&["", "", " "][..]);
        let bracket = proptest::option::weighted(0.2, (select(script.brackets), space()));
        let mark = proptest::option::weighted(0.4, (space(), select(script.marks)));
        let word = vec(
            select(script.words),
            if script.gap.is_empty() { 2..6 } else { 1..2 },
        );
        let word = (word, bracket, mark).prop_map(|(word, bracket, mark)| {
            let mut word = word.concat();
            if let Some(([open, close], space)) = bracket {
                word = [open, space, &word, space, close].concat();
            }
            if let Some((space, mark)) = mark {
                word += space;
                word += mark;
            }
            word
        });
        vec(word, 1..40).prop_map(move |words| (script, words.join(script.gap)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_script_keeps_words_marks_and_limits((script, text) in text(), speed in 4..30_i64) {
        let language = Language::of([&text]);
        let limits = ReflowOptions::default().limits(language);
        let time = 1000 * i64::try_from(text.graphemes(true).count()).unwrap() / speed + 1;
        let segments = [(0, time, text)];
        let (shown, _) = reflowed_in(&segments, &limits, language);
        prop_assert_eq!(&reflowed_in(&segments, &limits, language).0, &shown);
        let text = &segments[0].2;
        let lines = || shown.iter().flat_map(|cue| cue.2.lines());
        let graphemes: Vec<_> = text.grapheme_indices(true).map(|(at, _)| at).collect();
        for start in starts(text, lines()) {
            prop_assert!(graphemes.binary_search(&start).is_ok(), "{:?}", &text[start..]);
        }
        let closes = |line: &str| {
            let brackets = script.brackets.iter().map(|[_, close]| close);
            script.marks.iter().chain(brackets).any(|mark| line.starts_with(*mark))
        };
        for line in lines() {
            prop_assert!(!closes(line), "{line:?} in {shown:?}");
            prop_assert!(line.width() <= limits.max_line_width, "{line:?} is too wide");
        }
        for (start, end, shown) in &shown {
            prop_assert!(shown.lines().count() <= limits.max_lines);
            prop_assert!(u128::try_from(end - start).unwrap() <= limits.max_duration.as_millis());
        }
    }
}
