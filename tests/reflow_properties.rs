//! Properties of reflow for every transcription and all limits: no word lost, added or moved, no line too
//! long or too many, no grapheme cut, no segment shown in another's time, and a count of cues over the
//! limits that an independent computation confirms.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "reflow_properties/scripts.rs"]
mod scripts;

use std::borrow::Cow;
use std::time::Duration;

use mavi::captions::{Cue, Language, Reflow, ReflowLimits, cue_text};
use mavi::transcript::Millis;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const WORDS: [&str; 37] = [
    "hello",
    "the",
    "of",
    "and",
    "world.",
    "Why?",
    "said,",
    "Mr.",
    "U.S.",
    "3.14",
    "well-known",
    "—",
    "!",
    "«",
    "(so",
    "far)",
    "incomprehensibilities",
    "https://example.com/a/path/without/an/end",
    "你好，世界",
    "转录一个视频需要多长时间？这取决于视频的长度。",
    "カタカナとひらがなを混ぜて書く。",
    "안녕하세요",
    "ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอน",
    "ភាសាខ្មែរជាភាសាផ្លូវការ",
    "नमस्ते।",
    "क्षत्रिय",
    "السلام",
    "عليكم؟",
    "שָׁלוֹם",
    "e\u{301}te\u{301}",
    "👩‍👩‍👧👩‍👩‍👧",
    "🇩🇪🇫🇷",
    "x\u{300}",
    "42",
    "7.",
    "-",
    "- No.",
];
const GAPS: [&str; 8] = [" ", " ", " ", " ", "\n", "  ", "\u{a0}", "\u{3000}"];

fn text(most: usize) -> impl Strategy<Value = String> {
    vec((select(&WORDS[..]), select(&GAPS[..])), 1..most)
        .prop_map(|words| {
            words
                .into_iter()
                .flat_map(|(word, gap)| [word, gap])
                .collect::<String>()
        })
        .prop_map(|text| cue_text(Cow::Owned(text)).into_owned())
}

/// Segments that do not overlap; some have hardly any time.
fn apart() -> impl Strategy<Value = Vec<(i64, i64, String)>> {
    let said = prop_oneof![
        (60..3_000_i64, text(4)),
        (1..60_i64, text(30)),
        (2_000..15_000_i64, text(30)),
        (2_000..90_000_i64, text(60)),
    ];
    let pause = prop_oneof![Just(0), 0..1_000_i64, 0..20_000_i64];
    vec((pause, said), 1..8).prop_map(|segments| {
        let mut at = 0;
        let placed = segments.into_iter().map(|(pause, (span, text))| {
            let start = at + pause;
            at = start + span;
            (start, at, text)
        });
        placed.collect()
    })
}

/// Segments anywhere, most of them over others, each with the words of its own letter.
fn lettered() -> impl Strategy<Value = Vec<(i64, i64, String)>> {
    let words = vec(1..12_usize, 1..30);
    vec((0..20_000_i64, 1..20_000_i64, words), 1..8).prop_map(|mut segments| {
        segments.sort_by_key(|segment| segment.0);
        let lettered = ('a'..).zip(segments).map(|(letter, (start, span, words))| {
            let words: Vec<_> = words
                .into_iter()
                .map(|length| letter.to_string().repeat(length))
                .collect();
            (start, start + span, words.join(" "))
        });
        lettered.collect()
    })
}

fn limits() -> impl Strategy<Value = ReflowLimits> {
    let any = (
        1..60_usize,
        1..5_usize,
        1..60_u32,
        0..3_000_u64,
        0..9_000_u64,
        0..700_u64,
    );
    let any = any.prop_map(|(width, lines, cps, least, more, gap)| ReflowLimits {
        max_line_width: width,
        max_lines: lines,
        max_cps: cps,
        counts_spaces: true,
        min_duration: Duration::from_millis(least),
        max_duration: Duration::from_millis(least + more + 1),
        min_gap: Duration::from_millis(gap),
    });
    prop_oneof![Just(ReflowLimits::default()), any]
}

type Shown = Vec<(i64, i64, String)>;

fn reflowed(segments: &[(i64, i64, String)], limits: &ReflowLimits) -> (Shown, usize) {
    collected(Reflow::new(cues(segments), limits))
}

fn reflowed_in(
    segments: &[(i64, i64, String)],
    limits: &ReflowLimits,
    language: Language,
) -> (Shown, usize) {
    collected(Reflow::new(cues(segments), limits).in_language(language))
}

fn cues(segments: &[(i64, i64, String)]) -> impl Iterator<Item = Cue<'_>> {
    segments.iter().map(|(start, end, text)| Cue {
        start: Millis::new(*start),
        end: Millis::new(*end),
        text: Cow::Borrowed(text),
    })
}

fn collected<'a>(mut reflow: Reflow<'a, impl Iterator<Item = Cue<'a>>>) -> (Shown, usize) {
    let shown = reflow
        .by_ref()
        .map(|cue| (cue.start.get(), cue.end.get(), cue.text.into_owned()));
    (shown.collect(), reflow.over_limits().cues)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Returns `true` for a line that some parsers take for the number of a cue.
fn is_number(line: &str) -> bool {
    line.chars()
        .all(|c| c.is_numeric() || matches!(c, '-' | '.'))
}

/// Returns `true` if `text` is all of a segment with less than a millisecond for each cue, and so for each
/// of its characters: it is then one cue.
fn is_below_a_millisecond_a_cue(text: &str, segments: &[(i64, i64, String)]) -> bool {
    let text = bare(text);
    segments.iter().any(|(start, end, said)| {
        bare(said) == text && end - start < i64::try_from(text.chars().count()).unwrap()
    })
}

/// Returns the columns of `line`, where lam and alef, which join to one glyph, are two letters.
fn width(line: &str) -> usize {
    let parts = line.split_inclusive('ل');
    parts.map(UnicodeWidthStr::width).sum()
}

/// Returns `true` if a line might break inside `line`: at a space, also that of Chinese and Japanese, or
/// between two of their characters that are not marks.
fn may_break(line: &str) -> bool {
    let is_han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    let is_between = |(one, other): (char, char)| is_han(one) && is_han(other);
    line.graphemes(true)
        .any(|one| matches!(one, " " | "\u{3000}"))
        || line.chars().zip(line.chars().skip(1)).any(is_between)
}

/// Checks the invariants of all cues, whatever the limits and the segments.
fn check_cues(shown: &Shown, segments: &[(i64, i64, String)], limits: &ReflowLimits) {
    assert!(shown.is_sorted_by_key(|cue| cue.0));
    for (start, end, text) in shown {
        assert!(start < end);
        assert!(u128::try_from(end - start).unwrap() <= limits.max_duration.as_millis());
        assert!(
            text.lines().count() <= limits.max_lines
                || is_below_a_millisecond_a_cue(text, segments),
            "{text:?}"
        );
        for line in text.split('\n') {
            assert!(!line.is_empty() && line.trim() == line, "{text:?}");
            assert!(
                width(line) <= limits.max_line_width || !may_break(line),
                "{line:?} is wider than {}",
                limits.max_line_width
            );
        }
    }
}

/// Returns the offsets of `pieces` in `text`, white space aside; fails if one does not follow the other.
fn starts<'t>(text: &str, pieces: impl Iterator<Item = &'t str>) -> Vec<usize> {
    let mut at = 0;
    let starts = pieces.map(|piece| {
        at += text[at..].find(|c: char| !c.is_whitespace()).unwrap();
        let start = at;
        for c in piece.chars().filter(|c| !c.is_whitespace()) {
            at += text[at..].find(|c: char| !c.is_whitespace()).unwrap();
            assert!(text[at..].starts_with(c));
            at += c.len_utf8();
        }
        start
    });
    let starts = starts.collect();
    assert!(text[at..].trim().is_empty());
    starts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn words_and_graphemes_are_kept_in_order(segments in apart(), limits in limits()) {
        let (shown, _) = reflowed(&segments, &limits);
        check_cues(&shown, &segments, &limits);
        let said: Vec<_> = segments.iter().map(|segment| &*segment.2).collect();
        let said = said.join("\n");
        let lines = || shown.iter().flat_map(|cue| cue.2.lines());
        let graphemes: Vec<_> = said.grapheme_indices(true).map(|(at, _)| at).collect();
        for start in starts(&said, lines()) {
            prop_assert!(graphemes.binary_search(&start).is_ok(), "{:?}", &said[start..]);
        }
    }

    #[test]
    fn words_of_scripts_with_spaces_stay_whole(
        words in vec(select(&["so", "well-known", "world.", "Mr.", "a/b", "no,", "über", "день", "שלום", "안녕하세요", "—"][..]), 1..80),
        span in 100..60_000_i64,
    ) {
        let (shown, _) = reflowed(&[(0, span, words.join(" "))], &ReflowLimits::default());
        let found: Vec<_> = shown.iter().flat_map(|cue| cue.2.split_whitespace()).collect();
        prop_assert_eq!(found, words);
    }

    #[test]
    fn segments_keep_to_their_time_and_free_time(segments in apart(), limits in limits()) {
        let (shown, _) = reflowed(&segments, &limits);
        for pair in shown.windows(2) {
            prop_assert!(pair[0].1 <= pair[1].0, "{:?} overlap", pair);
        }
        let mut cues = shown.iter();
        let mut rest = segments.iter().peekable();
        while let Some(first) = rest.next() {
            let (mut text, mut last) = (bare(&first.2), first);
            let (mut told, mut count) = (String::new(), 0);
            let (mut lengths, mut late, mut apart) = (Vec::new(), false, i64::MAX);
            let gap = i64::try_from(limits.min_gap.as_millis()).unwrap();
            while told.len() < text.len() {
                let cue = cues.next().unwrap();
                told += &bare(&cue.2);
                count += 1;
                prop_assert!(first.0 <= cue.0);
                while told.len() > text.len() {
                    // Joined: over a small pause only, into one cue.
                    let next = rest.next().unwrap();
                    prop_assert!(count == 1 && next.0 - last.1 < 500);
                    text += &bare(&next.2);
                    last = next;
                }
                lengths.push(i64::try_from(cue.2.graphemes(true).count()).unwrap());
                late |= cue.0 >= last.1;
                if told.len() < text.len() {
                    apart = apart.min(cues.as_slice()[0].0 - cue.1);
                }
                if let Some(next) = rest.peek() {
                    prop_assert!(cue.1 <= next.0);
                    prop_assert!(next.0 - cue.1 >= gap || next.0 - first.0 < 2 * gap, "segments keep apart");
                    prop_assert!(cue.1 <= last.1 || cue.1 <= next.0 - gap, "only free time is taken");
                }
            }
            prop_assert_eq!(told, text);
            prop_assert!(
                apart >= gap || last.1 - first.0 - gap < 2 * gap * count,
                "cues of a segment keep apart"
            );
            let shown = last.1 - first.0 - gap * count;
            let shortest = lengths.iter().min().unwrap() * shown;
            let least = i64::try_from(limits.min_duration.as_millis()).unwrap();
            prop_assert!(
                !late || last.1 - first.0 == 2000 || shortest < least * lengths.iter().sum::<i64>(),
                "no cue starts after a segment with time for all of them"
            );
        }
        prop_assert!(cues.next().is_none());
    }

    #[test]
    fn cues_over_the_limits_are_counted(segments in apart(), limits in limits()) {
        let (shown, over_limits) = reflowed(&segments, &limits);
        let over = |(place, (start, end, text)): (usize, &(i64, i64, String))| {
            let duration = u128::try_from(end - start).unwrap();
            let characters = text.graphemes(true).count();
            let gap = shown.get(place + 1).map_or(i64::MAX, |next| next.0 - end);
            duration < limits.min_duration.as_millis()
                || characters as u128 * 1000 > u128::from(limits.max_cps) * duration
                || u128::try_from(gap).unwrap() < limits.min_gap.as_millis()
                || text.lines().any(|line| width(line) > limits.max_line_width)
                || text.lines().count() > limits.max_lines
                || text.lines().skip(1).any(is_number)
        };
        let count = shown.iter().enumerate().filter(|cue| over(*cue)).count();
        prop_assert_eq!(count, over_limits);
    }

    #[test]
    fn no_cue_exceeds_limits_with_ample_time(
        texts in vec(vec(select(&["so", "well-known", "world.", "Mr.", "no,", "über", "שלום", "안녕하세요", "你好，世界"][..]), 1..60), 1..5),
        span in prop_oneof![(1..100_i64).prop_map(Err), Just(Err(2000)), (0..10_000_i64).prop_map(Ok)],
    ) {
        // The segment's own time is enough to read it, or it is none to speak of and much is free.
        let segments = (0..).zip(texts).map(|(place, words)| {
            let (start, text) = (place * 100_000, words.join(" "));
            let read = 50 * i64::try_from(text.chars().count()).unwrap();
            let span = span.map_or_else(|span| span, |more| read + more);
            (start, start + span, text)
        });
        let segments: Vec<_> = segments.collect();
        let (_, over) = reflowed(&segments, &ReflowLimits::default());
        prop_assert_eq!(over, 0);
    }

    #[test]
    fn overlapping_segments_keep_their_words_and_times(
        segments in lettered(), limits in limits(),
    ) {
        let (shown, _) = reflowed(&segments, &limits);
        check_cues(&shown, &segments, &limits);
        let longest = i64::try_from(limits.max_duration.as_millis()).unwrap();
        for (place, (start, end, text)) in segments.iter().enumerate() {
            let letter = text.chars().next().unwrap();
            let cues: Vec<_> = shown.iter().filter(|cue| cue.2.contains(letter)).collect();
            let told: Vec<_> = cues
                .iter()
                .flat_map(|cue| cue.2.split_whitespace())
                .filter(|word| word.starts_with(letter))
                .collect();
            prop_assert_eq!(told.join(" "), &**text);

            let overlaps = segments.iter().enumerate().any(|(other, segment)| {
                other != place && segment.0 < *end && *start < segment.1
            });
            if overlaps {
                let (first, last) = (cues[0], cues[cues.len() - 1]);
                prop_assert_eq!(first.0, *start);
                prop_assert_eq!(last.1, (*end).min(last.0 + longest));
                for cue in &cues {
                    prop_assert!(cue.2.chars().all(|c| c == letter || c.is_whitespace()));
                }
                for pair in cues.windows(2) {
                    prop_assert!(pair[0].1 <= pair[1].0);
                }
            }
        }
    }

    #[test]
    fn arbitrary_text_is_kept_in_valid_cues(text in any::<String>(), limits in limits()) {
        let text = cue_text(Cow::Owned(text)).into_owned();
        prop_assume!(!text.is_empty());
        let segments = [(0, 60_000, text)];
        let (shown, _) = reflowed(&segments, &limits);
        check_cues(&shown, &segments, &limits);
        starts(&segments[0].2, shown.iter().map(|cue| &*cue.2));
    }
}
