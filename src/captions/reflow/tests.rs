//! Tests of reflow, in many scripts.

mod extremes;
mod languages;
mod misread;
mod prose;
mod unspaced;

use std::time::Duration;

use super::*;

type Shown<'a> = (i64, i64, &'a str);

/// Returns the cues of `segments` and the number of cues over the limits.
#[track_caller]
fn assert_within(limits: &ReflowLimits, segments: &[Shown<'_>], shown: &[Shown<'_>], over: usize) {
    let cues = segments.iter().map(|(start, end, text)| Cue {
        start: Millis::new(*start),
        end: Millis::new(*end),
        text: Cow::Borrowed(text),
    });
    let mut reflow = Reflow::new(cues, limits);
    let found: Vec<_> = reflow
        .by_ref()
        .map(|cue| (cue.start.get(), cue.end.get(), cue.text))
        .collect();
    let found: Vec<_> = found
        .iter()
        .map(|(start, end, text)| (*start, *end, &**text))
        .collect();
    assert_eq!(found, shown);
    assert_eq!(reflow.over_limits().cues, over);
}

#[track_caller]
fn assert_reflowed(segments: &[Shown<'_>], shown: &[Shown<'_>], over: usize) {
    assert_within(&ReflowLimits::default(), segments, shown, over);
}

/// The texts of the cues that `text` becomes in so many seconds.
#[track_caller]
fn assert_cut(seconds: i64, text: &str, shown: &[&str]) {
    let cue = Cue {
        start: Millis::ZERO,
        end: Millis::new(seconds * 1000),
        text: Cow::Borrowed(text),
    };
    let texts: Vec<_> = Reflow::new(std::iter::once(cue), &ReflowLimits::default())
        .map(|cue| cue.text)
        .collect();
    assert_eq!(texts, shown);
}

#[test]
fn cue_within_limits_is_unchanged_and_borrowed() {
    let cue = |start, text| Cue {
        start: Millis::new(start),
        end: Millis::new(start + 3000),
        text: Cow::Borrowed(text),
    };
    let cues = [
        cue(0, "One line."),
        cue(5000, "- Two lines?\n- As they came."),
    ];
    let mut reflow = Reflow::new(cues.clone().into_iter(), &ReflowLimits::default());
    for cue in cues {
        let shown = reflow.next().unwrap();
        assert!(matches!(shown.text, Cow::Borrowed(_)));
        assert_eq!(shown, cue);
    }
    assert_eq!(reflow.next(), None);
}

#[test]
fn split_prefers_sentences_then_clauses_then_words() {
    assert_cut(
        16,
        "The camera pans across a busy harbour at dawn. Fishing boats rock gently against the \
         quay, while gulls circle above the masts; a man in a yellow coat, who has been mending \
         nets since five, waves to Mr. Smith. In the U.S. the market grew by 3.14 percent",
        &[
            "The camera pans\nacross a busy harbour at dawn.",
            "Fishing boats rock gently\nagainst the quay,",
            "while gulls circle above the masts;\na man in a yellow coat,",
            "who has been mending nets since five,\nwaves to Mr. Smith.",
            "In the U.S. the market grew\nby 3.14 percent",
        ],
    );
}

#[test]
fn original_line_break_stays_only_if_good() {
    for (text, shown) in [
        (
            "So\nthis is what we will talk about today now",
            "So this is what we will talk\nabout today now",
        ),
        ("this is the\nman that I saw", "this is the man that I saw"),
        ("Where is it?\nOver there.", "Where is it?\nOver there."),
        (
            "I never said\nthat she should go to the market",
            "I never said\nthat she should go to the market",
        ),
        ("你好\n世界", "你好世界"),
    ] {
        assert_cut(4, text, &[shown]);
    }
}

#[test]
fn continuous_speech_leaves_no_long_hole() {
    assert_cut(
        20,
        "1. Open the box. 2. Take out the device and put it on the table. 3. Press the red button. 10. Done.",
        &[
            "1. Open the box.",
            "2. Take out the device\nand put it on the table.",
            "3. Press the red button.",
            "10. Done.",
        ],
    );
}

#[test]
fn scripts_with_spaces_break_at_them() {
    assert_cut(
        9,
        "السلام عليكم ورحمة الله وبركاته، كيف حالك اليوم؟ أنا بخير والحمد لله، وأتمنى أن تكون أنت \
         أيضا بخير.",
        &[
            "السلام عليكم ورحمة الله وبركاته،\nكيف حالك اليوم؟",
            "أنا بخير والحمد لله،\nوأتمنى أن تكون أنت أيضا بخير.",
        ],
    );
    assert_cut(
        6,
        "안녕하세요 여러분 오늘은 한국 요리를 배워 보겠습니다 함께 해요",
        &["안녕하세요 여러분 오늘은 한국\n요리를 배워 보겠습니다 함께 해요"],
    );
}

#[test]
fn lines_are_balanced_and_break_at_phrases() {
    assert_cut(
        5,
        "I never said that she should go to the market",
        &["I never said\nthat she should go to the market"],
    );
    assert_cut(
        5,
        "Incomprehensibilities are what we talk of here",
        &["Incomprehensibilities are what we talk\nof here"],
    );
    // French closing marks stay with their word.
    assert_cut(
        5,
        "Mais qu'est-ce que vous voulez dire par là ? « Rien » !",
        &[
            "Mais qu'est-ce que vous voulez\ndire par là ?",
            "« Rien » !",
        ],
    );
}

#[test]
fn word_longer_than_a_line_is_kept_and_counted() {
    let word = "Donaudampfschifffahrtsgesellschaftskapitänsmütze";
    assert_reflowed(&[(0, 4000, word)], &[(0, 4000, word)], 1);
}

#[test]
fn time_is_shared_by_what_takes_time_to_say() {
    let ten = "abcd efgh.";
    let limits = ReflowLimits {
        max_line_width: 10,
        max_lines: 1,
        min_gap: Duration::from_millis(100),
        ..ReflowLimits::default()
    };
    assert_within(
        &limits,
        &[(0, 6203, &format!("{ten} {ten} abcd."))],
        &[(0, 2381, ten), (2481, 5008, ten), (5108, 6203, "abcd.")],
        0,
    );
}

#[test]
fn last_cue_that_outlasts_its_words_is_counted() {
    let text = "Twenty columns of it";
    // Twenty columns take a second.
    for (end, next, overrun) in [
        (400, None, 600),
        (600, None, 0),
        (1000, None, 0),
        (400, Some(2000), 0),
    ] {
        let segments = std::iter::once((0, end)).chain(next.map(|next| (next, next + 1000)));
        let cues = segments.map(|(start, end)| Cue {
            start: Millis::new(start),
            end: Millis::new(end),
            text: Cow::Borrowed(text),
        });
        let mut reflow = Reflow::new(cues, &ReflowLimits::default());
        assert!(reflow.by_ref().count() > 0);
        let expected = OverLimits {
            overrun,
            ..OverLimits::default()
        };
        assert_eq!(reflow.over_limits(), expected, "{end} {next:?}");
    }
}

#[test]
fn fast_text_takes_free_time_after_it() {
    // 20 columns: a second. The next starts in time, a little late, and too late.
    let text = "Twenty columns of it";
    assert_eq!(text.len(), 20);
    for (next, end, over) in [(9000, 1000, 0), (1083, 1000, 0), (950, 867, 1)] {
        assert_reflowed(
            &[(0, 700, text), (next, next + 1000, "x")],
            &[(0, end, text), (next, next + 1000, "x")],
            over,
        );
    }
    // Of several, the last alone: the others keep in time with what is said.
    let long = "A sentence that fills one line of text. And another one that follows right after it. \
                Then the third and the last of all of them.";
    assert_reflowed(
        &[(0, 6000, long), (20_000, 21_000, "x")],
        &[
            (0, 1826, "A sentence that fills one line of text."),
            (1909, 3910, "And another one that follows\nright after it."),
            (3993, 6143, "Then the third\nand the last of all of them."),
            (20_000, 21_000, "x"),
        ],
        2,
    );
}

#[test]
fn short_pauses_shrink_to_the_gap() {
    assert_reflowed(
        &[
            (0, 2000, "No pause."),
            (2000, 4000, "A short pause."),
            (4499, 6000, "A pause."),
            (6500, 8000, "The end."),
        ],
        &[
            (0, 1917, "No pause."),
            (2000, 4416, "A short pause."),
            (4499, 6000, "A pause."),
            (6500, 8000, "The end."),
        ],
        0,
    );
}

#[test]
fn cue_never_exceeds_max_duration() {
    assert_reflowed(&[(0, 60_000, "Yeah, okay")], &[(0, 7000, "Yeah, okay")], 0);
}

#[test]
fn text_of_one_cue_is_not_split_to_fill_time() {
    let text = "Credits roll over a still image of the empty harbour";
    let whole = "Credits roll over a still image\nof the empty harbour";
    for seconds in (4..=11).chain(15..60) {
        assert_cut(seconds, text, &[whole]);
    }
    // Two cues leave no hole.
    let halves = ["Credits are rolling", "over the empty harbour"];
    assert_cut(13, "Credits are rolling over the empty harbour", &halves);
    // A sentence or a clause is not torn.
    assert_cut(
        14,
        "The harbour is empty. Credits roll.",
        &["The harbour is empty.", "Credits roll."],
    );
}

#[test]
fn too_short_segments_are_joined_within_limits() {
    assert_reflowed(
        &[
            (0, 400, "Yes."),
            (450, 800, "No."),
            (850, 4000, "Maybe we should."),
        ],
        &[(0, 4000, "Yes. No. Maybe we should.")],
        0,
    );
    // Not over a pause, and not where that would be too long for a cue.
    assert_reflowed(
        &[(0, 400, "Yes."), (900, 1300, "No."), (1300, 9000, "Maybe.")],
        &[(0, 817, "Yes."), (900, 1217, "No."), (1300, 8300, "Maybe.")],
        2,
    );
    // Nor what two people say.
    assert_reflowed(
        &[(0, 500, "Yes?"), (500, 3000, "- No.")],
        &[(0, 417, "Yes?"), (500, 3000, "- No.")],
        1,
    );
}

#[test]
fn overlapping_segments_keep_their_times() {
    let long =
        "Someone speaks for a rather long time here. And goes on speaking, of this and of that.";
    assert_reflowed(
        &[
            (0, 10_000, long),
            (2000, 2500, "Hm."),
            (2500, 3000, "Hm?"),
            (10_000, 12_000, "So."),
        ],
        &[
            (0, 5208, "Someone speaks\nfor a rather long time here."),
            (2000, 2500, "Hm."),
            (2500, 3000, "Hm?"),
            (5291, 10_000, "And goes on speaking, of this and of that."),
            (10_000, 12_000, "So."),
        ],
        2,
    );
}

#[test]
fn mark_after_a_space_stays_with_its_word() {
    let limits = ReflowLimits {
        max_line_width: 1,
        ..ReflowLimits::default()
    };
    assert_within(
        &limits,
        &[(0, 2000, "a \u{301}b")],
        &[(0, 2000, "a \u{301}b")],
        1,
    );
}
