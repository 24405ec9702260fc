//! The lines at the widths that people have.

use proptest::prelude::*;

use super::super::line::columns;
use super::*;

const MB: u64 = 1_000_000;
const TALK: &str = "keynote of the spring meeting.mp4 (audio)";

fn item(width: usize, label: &str, stage: &Stage, rate: Option<f64>) -> String {
    let layout = LineLayout::new(width, columns(label), false);
    let line = layout.item(label, stage, Duration::from_secs(2), rate);
    line.text().to_owned()
}

fn uploading() -> Stage {
    Stage::Uploading {
        done: 27 * MB,
        size: 84 * MB,
    }
}

fn run(total: &str, count: usize) -> Progress {
    Progress {
        items: Vec::new(),
        total: total.to_owned(),
        done: 3,
        count,
    }
}

#[test]
fn fields_give_way_as_the_width_shrinks() {
    for (width, line) in [
        (
            200,
            "keynote of the spring meeting.mp4 (audio)  uploading [========>                     ]  \
             27.0/84.0 MB  1.2 MB/s  47s left",
        ),
        (
            80,
            "keynote of…p4 (audio)  uploading [=>      ]  27.0/84.0 MB  1.2 MB/s  47s left",
        ),
        (
            70,
            "keynote of…p4 (audio)  uploading [=>      ]  27.0/84.0 MB  47s left",
        ),
        (
            60,
            "keynote of t…mp4 (audio)  uploading [=>      ]  27.0/84.0 MB",
        ),
        (50, "keynote of …mp4 (audio)  uploading [=>      ]  32%"),
        (40, "keynote o…4 (audio)  uploading 32%"),
        (20, "keynot…udio)  32%"),
        (5, "  32%"),
    ] {
        let shown = item(width, TALK, &uploading(), Some(1_200_000.0));
        assert_eq!(shown, line, "{width}");
    }
}

#[test]
fn waits_show_their_seconds_at_every_width() {
    let waited = Duration::from_secs(70);
    for (width, stage, line) in [
        (80, Stage::Parsing { waited }, "talk.mp4  parsing 1m12s"),
        (
            40,
            Stage::Transcribing { waited },
            "talk.mp4  transcribing 1m12s",
        ),
        (20, Stage::Transcribing { waited }, "talk.mp4  1m12s"),
        (80, Stage::Submitting, "talk.mp4  submitting"),
        (80, Stage::Writing, "talk.mp4  writing"),
        (
            40,
            Stage::Waiting("waiting for\n the rate limit of uploads".to_owned()),
            "talk.mp4  waiting for the rate limit of…",
        ),
    ] {
        assert_eq!(item(width, "talk.mp4", &stage, None), line);
    }
}

#[test]
fn time_left_needs_a_rate_and_an_end_in_sight() {
    for (rate, end) in [
        (None, "27.0/84.0 MB"),
        (Some(0.0), "27.0/84.0 MB     0 B/s"),
        (Some(100.0), "27.0/84.0 MB   100 B/s"),
        (Some(200.0), "27.0/84.0 MB   200 B/s  79h10m left"),
    ] {
        let line = item(100, "talk.mp4", &uploading(), rate);
        assert!(line.ends_with(end), "{line}");
    }
    let (done, size) = (84 * MB, 84 * MB);
    let line = item(100, "talk.mp4", &Stage::Uploading { done, size }, Some(1e6));
    assert!(line.ends_with("84.0/84.0 MB  1.0 MB/s"), "{line}");
}

#[test]
fn bar_is_full_at_the_end_only() {
    for (done, size, bar) in [
        (0, 0, "[========] 100%"),
        (0, 5, "[        ]   0%"),
        (1, 7, "[>       ]  14%"),
        (999, 1000, "[======> ]  99%"),
        (5_000_000 * MB, 5_000_000 * MB, "[========] 100%"),
    ] {
        let line = item(45, TALK, &Stage::Hashing { done, size }, None);
        assert!(line.ends_with(bar), "{line}");
    }
}

#[test]
fn lines_of_all_items_stand_in_columns() {
    let layout = LineLayout::new(100, 20, false);
    let starts = ["会议.mp4", "a.mp4", "👩‍👩‍👧.mp4", "twenty columns or more.mp4"].map(|label| {
        let line = layout.item(label, &uploading(), Duration::ZERO, None);
        let start = line.text().split("uploading").next().map(columns);
        start.unwrap()
    });
    assert_eq!(starts, [22; 4]);
}

#[test]
fn total_counts_what_has_no_line() {
    let elapsed = Duration::from_secs(72);
    for (width, total, count, hidden, line) in [
        (
            77,
            "3 of 20 finished",
            20,
            0,
            "* 3 of 20 finished  [===>                          ]  1m12s",
        ),
        (77, "3 finished", 0, 0, "* 3 finished  1m12s"),
        (
            77,
            "3 of 500 finished, 1 failed",
            500,
            485,
            "* 3 of 500 finished, 1 failed, and 485 more in work  [               ]  1m12s",
        ),
        (
            40,
            "3 of 500 finished",
            500,
            485,
            "* 3 of 500 finished, and 485 more  1m12s",
        ),
        (
            37,
            "3 of 500 finished",
            500,
            485,
            "* 3 of 500 finished (+485)  1m12s",
        ),
        (20, "3 of 500 finished", 500, 485, "* 3 of 500 f…  1m12s"),
        (4, "3 of 500 finished", 500, 485, "  1…"),
    ] {
        let layout = LineLayout::new(width, 10, false);
        let shown = layout.total("*", &run(total, count), hidden, elapsed);
        assert_eq!(shown.text(), line, "{width}");
    }
}

fn any_label() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[a-z會議é👩\u{200d}👧\u{fe0f}❤ ]{0,300}",
        "[ -~]{0,20}\\.mp4",
    ]
}

fn any_stage() -> impl Strategy<Value = Stage> {
    let bytes = || prop_oneof![0..5_000_000 * MB, any::<u64>()];
    let time = || prop_oneof![0..500_000_u64, Just(u64::MAX)].prop_map(Duration::from_secs);
    prop_oneof![
        (bytes(), bytes()).prop_map(|(done, size)| Stage::Hashing { done, size }),
        (bytes(), bytes()).prop_map(|(done, size)| Stage::Uploading { done, size }),
        time().prop_map(|waited| Stage::Parsing { waited }),
        time().prop_map(|waited| Stage::Transcribing { waited }),
        any_label().prop_map(Stage::Waiting),
        Just(Stage::Submitting),
        Just(Stage::Writing),
    ]
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(
        width in 0..250_usize,
        widest in 0..300_usize,
        label in any_label(),
        stage in any_stage(),
        rate in proptest::option::of(prop_oneof![0.0..1e13, Just(0.0), Just(f64::MAX)]),
        (done, count, hidden) in (0..600_usize, 0..600_usize, 0..600_usize),
    ) {
        let layout = LineLayout::new(width, widest, false);
        let label = one_line(&label);
        let line = layout.item(&label, &stage, Duration::from_secs(9), rate);
        prop_assert!(columns(line.text()) <= width, "{:?}", line);
        prop_assert_eq!(columns(line.text()), line.columns());
        let run = Progress { done, ..run(&label, count) };
        let line = layout.total("⠁", &run, hidden, Duration::from_secs(done as u64 * 1000));
        prop_assert!(columns(line.text()) <= width, "{:?}", line);
    }

    #[test]
    fn colour_changes_no_text(width in 0..250_usize, stage in any_stage()) {
        let [plain, coloured] = [false, true].map(|is_coloured| {
            LineLayout::new(width, 20, is_coloured).item(TALK, &stage, Duration::ZERO, None)
        });
        let text = crate::text::clean(coloured.text()).into_owned();
        prop_assert_eq!(plain.text(), text);
        prop_assert_eq!(plain.columns(), coloured.columns());
    }
}
