//! Tests of cleaning and timing repair.

use std::borrow::Cow;

use super::*;
use crate::transcript::TimeUnit;

fn cues(segments: &str) -> (Vec<(i64, i64, String)>, usize) {
    let json = format!("[{segments}]");
    let transcript = Transcript::parse(&json, TimeUnit::Milliseconds).unwrap();
    let mut captions = Cues::new(&transcript);
    let cues = captions
        .by_ref()
        .map(|cue| (cue.start.get(), cue.end.get(), cue.text.into_owned()))
        .collect();
    (cues, captions.estimated_times())
}

/// Segments from start, end (`null` for missing) and text, and the cues that come of them.
#[track_caller]
fn assert_cues(segments: &[(&str, &str, &str)], expected: &[(i64, i64, &str)], made_up: usize) {
    let segments: Vec<_> = segments
        .iter()
        .map(|(start, end, text)| {
            format!(r#"{{"startTime":{start},"endTime":{end},"content":"{text}"}}"#)
        })
        .collect();
    let (found, times) = cues(&segments.join(","));
    let found: Vec<_> = found
        .iter()
        .map(|(start, end, text)| (*start, *end, &**text))
        .collect();
    assert_eq!((&*found, times), (expected, made_up));
}

#[test]
fn valid_cues_are_unchanged_and_borrowed() {
    let json =
        r#"[{"startTime":0,"endTime":5,"content":" a"},{"startTime":3,"endTime":4,"content":"b"}]"#;
    let transcript = Transcript::parse(json, TimeUnit::Milliseconds).unwrap();
    let captions = Cues::new(&transcript);
    assert!(captions.order.is_none());
    for (cue, text) in captions.zip(["a", "b"]) {
        assert!(matches!(cue.text, Cow::Borrowed(same) if same == text));
    }
}

#[test]
fn segments_without_text_are_ignored() {
    assert_cues(
        &[
            ("0", "0", "a"),
            ("100", "200", " \\u00a0\\n"),
            ("1500", "1600", "b"),
        ],
        &[(0, 1500, "a"), (1500, 1600, "b")],
        1,
    );
    assert_cues(&[("null", "null", "")], &[], 0);
    assert_cues(&[], &[], 0);
}

#[test]
fn cues_are_stably_ordered_by_start() {
    assert_cues(
        &[
            ("9", "10", "c"),
            ("-4", "3", "a"),
            ("0", "2", "b"),
            ("9", "9", "d"),
        ],
        &[(0, 3, "a"), (0, 2, "b"), (9, 10, "c"), (9, 2009, "d")],
        1,
    );
    assert_cues(
        &[("-4", "-3", "a"), ("-9", "1", "b")],
        &[(0, 2000, "a"), (0, 1, "b")],
        1,
    );
}

#[test]
fn unusable_end_becomes_next_start_or_two_seconds() {
    assert_cues(
        &[("0", "0", "a"), ("1", "0", "b"), ("5000", "4000", "c")],
        &[(0, 1, "a"), (1, 2001, "b"), (5000, 7000, "c")],
        3,
    );
    assert_cues(
        &[("7", "7", "a"), ("7", "7", "b"), ("500", "600", "c")],
        &[(7, 500, "a"), (7, 500, "b"), (500, 600, "c")],
        2,
    );
}

#[test]
fn missing_start_becomes_previous_end() {
    assert_cues(
        &[("10", "20", "a"), ("null", "30", "b"), ("40", "50", "c")],
        &[(10, 20, "a"), (20, 30, "b"), (40, 50, "c")],
        1,
    );
    // Where that is no end, its start; where nothing was before, 0.
    assert_cues(
        &[("null", "5", "a"), ("10", "3", "b"), ("null", "30", "c")],
        &[(0, 5, "a"), (10, 2010, "b"), (10, 30, "c")],
        3,
    );
}

#[test]
fn missing_end_becomes_next_start() {
    assert_cues(
        &[
            ("0", "null", "a"),
            ("60000", "null", "b"),
            ("null", "null", "c"),
        ],
        &[(0, 60000, "a"), (60000, 62000, "b"), (60000, 62000, "c")],
        4,
    );
    // As received, not in order: the one after it may start before it.
    assert_cues(
        &[("900", "null", "b"), ("0", "5", "a")],
        &[(0, 5, "a"), (900, 2900, "b")],
        1,
    );
}

#[test]
fn many_cues_without_ends_take_linear_time() {
    // Each of them searching through the others would take hours.
    let segments = vec![r#"{"startTime":1,"endTime":1,"content":"x"}"#; 300_000].join(",");
    let (found, _) = cues(&segments);
    assert_eq!(found.len(), 300_000);
    assert!(
        found
            .iter()
            .all(|(start, end, _)| (*start, *end) == (1, 2001))
    );
}
