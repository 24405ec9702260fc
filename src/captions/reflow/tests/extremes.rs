//! Much text, little time, and limits that no one needs.

use super::*;

#[test]
fn excess_text_is_kept_and_counted() {
    let text = "word ".repeat(60);
    let cue = Cue {
        start: Millis::ZERO,
        end: Millis::new(30),
        text: Cow::Borrowed(text.trim()),
    };
    let next = Cue {
        start: Millis::new(30),
        end: Millis::new(3000),
        text: Cow::Borrowed("Next."),
    };
    let mut reflow = Reflow::new([cue, next].into_iter(), &ReflowLimits::default());
    let shown: Vec<_> = reflow.by_ref().collect();
    let words: Vec<_> = shown
        .iter()
        .flat_map(|cue| cue.text.split_whitespace())
        .collect();
    assert_eq!(words.len(), 61);
    assert!(
        shown
            .iter()
            .all(|cue| cue.start < cue.end && cue.text.lines().count() <= 2)
    );
    assert!(
        shown
            .iter()
            .rev()
            .skip(1)
            .all(|cue| cue.end <= Millis::new(30))
    );
    assert_eq!(reflow.over_limits().cues, shown.len() - 1);
}

#[test]
fn extreme_limits_do_not_overflow() {
    let limits = ReflowLimits {
        max_line_width: usize::MAX,
        counts_spaces: true,
        max_lines: usize::MAX,
        max_cps: u32::MAX,
        min_duration: Duration::ZERO,
        max_duration: Duration::MAX,
        min_gap: Duration::ZERO,
    };
    let text = "word ".repeat(5_000);
    let shown = [(0, 1_000_000_000_000, text.trim())];
    assert_within(&limits, &shown, &shown, 0);
    let strict = ReflowLimits {
        min_duration: Duration::MAX,
        min_gap: Duration::MAX,
        ..limits
    };
    // A thousand years are the longest that anything is asked to stay.
    assert_within(
        &strict,
        &[(0, 5, "a"), (5, 9, "b")],
        &[(0, 1 << 45, "a b")],
        0,
    );
}

#[test]
fn long_text_takes_linear_time() {
    // Looking from every word at every other would take hours.
    for (text, max_line_width) in [
        ("word ".repeat(40_000), usize::MAX),
        // One word, most of whose phrases are longer than a line.
        ("我们昨天在河边捡到很多石头".repeat(20_000), 2),
    ] {
        let cue = Cue {
            start: Millis::ZERO,
            end: Millis::new(1_000_000_000),
            text: Cow::Borrowed(text.trim()),
        };
        let limits = ReflowLimits {
            max_line_width,
            counts_spaces: true,
            ..ReflowLimits::default()
        };
        assert!(Reflow::new(std::iter::once(cue), &limits).count() > 1);
    }
}

#[test]
fn estimated_end_does_not_change_the_times_of_others() {
    let text =
        "The boats came in before the rain. Nobody had waited for them on the quay this time.";
    let others = [(5000, 16_000), (60_000, 76_000)];
    let starts = |estimated: Option<(i64, i64)>| -> Vec<Millis> {
        let segments = others[..1]
            .iter()
            .copied()
            .chain(estimated)
            .chain(others[1..].iter().copied());
        let cues = segments.map(|(start, end)| Cue {
            start: Millis::new(start),
            end: Millis::new(end),
            text: Cow::Borrowed(text),
        });
        let starts = Reflow::new(cues, &ReflowLimits::default()).map(|cue| cue.start);
        let in_estimated = Millis::new(30_000)..Millis::new(60_000);
        starts
            .filter(|start| !in_estimated.contains(start))
            .collect()
    };
    assert_eq!(starts(Some((30_000, 32_000))), starts(None));
}

#[test]
fn segment_below_a_millisecond_a_cue_is_one_cue() {
    let text = "The first sentence of them all is this one. The second sentence comes right after it. \
                The third is the last.";
    let lines = "The first sentence of them all\nis this one. The second sentence comes\n\
                 right after it. The third is the last.";
    assert_reflowed(
        &[(5000, 5001, text), (5001, 8000, "Next.")],
        &[(5000, 5001, lines), (5001, 8000, "Next.")],
        1,
    );
    // Overlapping, too.
    assert_reflowed(
        &[(0, 9000, "Meanwhile."), (5000, 5001, text)],
        &[(0, 7000, "Meanwhile."), (5000, 5001, lines)],
        1,
    );
}

#[test]
fn many_segments_without_time_take_linear_time() {
    // ColumnRange what is joined again for each of them would take minutes.
    let limits = ReflowLimits {
        max_line_width: 1_000_000,
        counts_spaces: true,
        max_cps: u32::MAX,
        max_duration: Duration::from_hours(1000),
        ..ReflowLimits::default()
    };
    let cues = (0..10_000).map(|start| Cue {
        start: Millis::new(start),
        end: Millis::new(start + 1),
        text: Cow::Borrowed("word"),
    });
    let words = Reflow::new(cues, &limits).map(|cue| cue.text.split(' ').count());
    assert_eq!(words.sum::<usize>(), 10_000);
}

#[test]
fn early_end_is_extended_if_nothing_follows() {
    let text = "Here is a sentence of fifty columns, that is long. ".repeat(10);
    let text = text.trim();
    // A made-up end, half a second, and hardly any time.
    for (end, next) in [(2000, 60_000), (500, 60_000), (30, 60_000)] {
        let cue = |start, end, text| Cue {
            start: Millis::new(start),
            end: Millis::new(end),
            text: Cow::Borrowed(text),
        };
        let cues = [cue(0, end, text), cue(next, next + 1000, "x")];
        let mut reflow = Reflow::new(cues.into_iter(), &ReflowLimits::default());
        assert!(reflow.by_ref().count() > 5);
        assert_eq!(reflow.over_limits().cues, 0, "{end}");
    }
}

#[test]
fn joiner_after_a_space_takes_one_character_along() {
    let text = format!("水 \u{200c}{}", "世界很大".repeat(40));
    let cue = Cue {
        start: Millis::ZERO,
        end: Millis::new(60_000),
        text: Cow::Borrowed(&*text),
    };
    let mut reflow = Reflow::new([cue].into_iter(), &ReflowLimits::default());
    assert!(reflow.by_ref().count() > 1);
    assert_eq!(reflow.over_limits().cues, 0);
}
