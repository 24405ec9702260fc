//! Lines that readers would take for the start of a cue.

use super::*;

#[test]
fn number_is_never_alone_on_a_line() {
    assert_cut(
        5,
        "What everyone here always thought of was 1984",
        &["What everyone here\nalways thought of was 1984"],
    );
}

#[test]
fn timestamps_never_share_a_line() {
    // A reader would take such a line for the start of a cue, and it would be broken once more.
    assert_cut(
        9,
        "from 00:00:01,000 to 00:00:02,000\nand 00:00:03,000",
        &["from 00:00:01,000\nto 00:00:02,000", "and 00:00:03,000"],
    );
}

#[test]
fn number_that_fits_no_line_starts_a_cue() {
    // As a line after the first, it would be put behind the one before it, which is full.
    let word = "https://example.com/a/path/without/an/end";
    assert_reflowed(
        &[(0, 7000, &format!("{word} 7."))],
        &[(0, 5319, word), (5402, 7000, "7.")],
        0,
    );
    let limits = ReflowLimits {
        max_line_width: 10,
        ..ReflowLimits::default()
    };
    assert_within(
        &limits,
        &[(0, 9000, "aaaaaaaaaa 1984 bbbbbbbbbb 42 7 cc")],
        &[
            (0, 1120, "aaaaaaaaaa"),
            (1203, 5620, "1984\nbbbbbbbbbb"),
            (5703, 9000, "42 7 cc"),
        ],
        0,
    );
}

#[test]
fn unavoidable_number_line_is_counted() {
    let limits = ReflowLimits {
        max_line_width: 5,
        max_cps: u32::MAX,
        min_duration: Duration::ZERO,
        max_lines: 9,
        ..ReflowLimits::default()
    };
    assert_within(
        &limits,
        &[(0, 1, "words 12345 ended")],
        &[(0, 1, "words\n12345\nended")],
        1,
    );
}
