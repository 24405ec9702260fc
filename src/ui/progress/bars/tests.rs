//! What stands on a terminal while the progress is drawn.

use indicatif::InMemoryTerm;

use super::*;

const MB: u64 = 1_000_000;
const SECOND: Duration = Duration::from_secs(1);

/// A terminal, and a run that is drawn on it.
struct Screen {
    term: InMemoryTerm,
    bars: ProgressBars,
    now: Instant,
}

impl Screen {
    fn new(rows: u16, width: u16) -> Self {
        let now = Instant::now();
        Self {
            term: InMemoryTerm::new(rows, width),
            bars: ProgressBars::new(false, 3, now),
            now,
        }
    }

    fn show(&mut self, items: Vec<ItemProgress>) -> String {
        let count = items.len();
        let progress = Progress {
            items,
            total: format!("0 of {count} finished"),
            done: 0,
            count,
        };
        self.now += SECOND;
        self.bars.update(&self.term, &progress, self.now);
        self.term.contents()
    }

    fn print(&mut self, line: &str) -> String {
        self.bars.suspend(&self.term);
        self.term.write_line(line).unwrap();
        self.bars.resume(&self.term, self.now);
        self.term.contents()
    }

    fn clear(&mut self) -> String {
        self.bars.clear(&self.term);
        self.term.contents()
    }
}

fn item(id: usize, stage: Stage) -> ItemProgress {
    let label = format!("talk-{id}.mp4");
    ItemProgress { id, label, stage }
}

fn uploading(id: usize, done: u64) -> ItemProgress {
    let size = 10 * MB;
    item(id, Stage::Uploading { done, size })
}

fn parsing(id: usize, seconds: u64) -> ItemProgress {
    let waited = Duration::from_secs(seconds);
    item(id, Stage::Parsing { waited })
}

fn ids(items: &[ItemProgress], shown: &[usize], max_items: usize) -> Vec<usize> {
    let shown = shown.iter().copied().collect();
    let chosen = chosen(items, &shown, max_items);
    chosen.iter().map(|item| item.id).collect()
}

#[test]
fn each_item_has_a_line_and_the_run_one() {
    let mut screen = Screen::new(24, 83);
    let drawn = screen.show(vec![
        uploading(1, 0),
        parsing(2, 12),
        item(3, Stage::Waiting("waiting for the rate limit".to_owned())),
    ]);
    assert_eq!(
        drawn,
        "talk-1.mp4  uploading [                   ]   0.0/10.0 MB\n\
         talk-2.mp4  parsing 12s\n\
         talk-3.mp4  waiting for the rate limit\n\
         ⠄ 0 of 3 finished  [                              ]  1s"
    );
    let mut drawn = String::new();
    for second in 1..=3 {
        drawn = screen.show(vec![uploading(1, second * MB), parsing(2, 12 + second)]);
    }
    assert_eq!(
        drawn,
        "talk-1.mp4  uploading [====>              ]   3.0/10.0 MB  1.0 MB/s  7s left\n\
         talk-2.mp4  parsing 15s\n\
         ⠁ 0 of 2 finished  [                              ]  4s"
    );
}

#[test]
fn lines_are_printed_above_and_nothing_is_left() {
    let mut screen = Screen::new(24, 80);
    screen.show(vec![uploading(1, 0), uploading(2, 0)]);
    let printed = screen.print("talk-0.mp4: finished");
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 4, "{printed}");
    assert_eq!(lines[0], "talk-0.mp4: finished");
    assert!(lines[1].starts_with("talk-1.mp4  uploading"));
    screen.show(vec![uploading(2, MB)]);
    assert_eq!(screen.clear(), "talk-0.mp4: finished");
    assert_eq!(screen.clear(), "talk-0.mp4: finished");
    screen.term.write_line("the end").unwrap();
    assert_eq!(screen.term.contents(), "talk-0.mp4: finished\nthe end");
}

#[test]
fn interrupt_key_leaves_nothing_behind() {
    let mut screen = Screen::new(24, 40);
    let mut long = uploading(1, 0);
    long.label = "talk".repeat(20);
    screen.show(vec![long]);
    // The terminal echoes the key where the cursor stands.
    screen.term.write_str("^C").unwrap();
    assert_eq!(screen.term.contents().lines().count(), 2);
    assert_eq!(screen.clear(), "");
}

#[test]
fn many_items_do_not_scroll() {
    let items = || (0..500).map(|id| parsing(id, 500 - id as u64)).collect();
    for (rows, shown) in [(24, 12), (10, 7), (5, 2), (3, 0), (1, 0)] {
        let mut screen = Screen::new(rows, 80);
        screen.term.write_line("before").unwrap();
        screen.show(items());
        let drawn = screen.show(items());
        let above = usize::from(rows > 1);
        assert_eq!(drawn.lines().count(), above + shown + 1, "{drawn}");
        assert_eq!(drawn.starts_with("before"), rows > 1);
        let total = format!("0 of 500 finished, and {} more in work", 500 - shown);
        assert!(drawn.contains(&total), "{drawn}");
        assert_eq!(screen.clear(), ["", "before"][above]);
    }
}

#[test]
fn one_line_fits_each_width() {
    for width in [1, 2, 4, 10, 20, 40, 80, 200] {
        let mut screen = Screen::new(24, width);
        let mut long = uploading(1, MB);
        long.label = "会议录像\u{1b}[31m第三部分\n👩‍👩‍👧".repeat(20);
        let drawn = screen.show(vec![long, parsing(2, 7)]);
        assert!(drawn.lines().count() <= 3, "{width}: {drawn}");
        assert!(!drawn.contains("[31m"));
        assert_eq!(screen.clear(), "", "{width}");
    }
}

#[test]
fn lines_that_a_narrower_terminal_wraps_are_erased() {
    let mut screen = Screen::new(24, 83);
    screen.show(vec![uploading(1, 0)]);
    // As a terminal of half the width shows them.
    let wrapped = InMemoryTerm::new(24, 40);
    wrapped.write_line("before").unwrap();
    let lines = screen.bars.lines(80, 24, screen.now);
    let texts: Vec<&str> = lines.iter().map(FittedLine::text).collect();
    wrapped.write_str(&texts.join("\r\n")).unwrap();
    assert_eq!(wrapped.contents().lines().count(), 5);
    screen.term = wrapped;
    assert_eq!(screen.clear(), "before");
}

#[test]
fn drawing_waits_until_the_terminal_has_settled() {
    let mut screen = Screen::new(24, 80);
    screen.show(vec![uploading(1, 0)]);
    screen.term = InMemoryTerm::new(24, 60);
    assert_eq!(screen.show(vec![uploading(1, MB)]), "");
    assert!(screen.show(vec![uploading(1, MB)]).contains("talk-1"));
}

#[test]
fn updates_in_quick_succession_are_drawn_once() {
    let mut screen = Screen::new(24, 80);
    screen.show(vec![parsing(1, 5)]);
    let first = screen.term.contents();
    let millisecond = Duration::from_millis(1);
    for _ in 0..50 {
        screen.now += millisecond;
        let run = Progress {
            items: vec![parsing(2, 50)],
            ..Progress::default()
        };
        screen.bars.update(&screen.term, &run, screen.now);
        assert_eq!(screen.term.contents(), first);
    }
    let wait = screen.bars.tick(&screen.term, screen.now);
    assert_eq!(wait, Duration::from_millis(50));
    assert_eq!(screen.bars.tick(&screen.term, screen.now + wait), INTERVAL);
    assert!(
        screen
            .term
            .contents()
            .starts_with("talk-2.mp4  parsing 50s")
    );
}

#[test]
fn waits_go_on_between_updates() {
    let mut screen = Screen::new(24, 80);
    screen.show(vec![parsing(1, 5)]);
    screen.bars.tick(&screen.term, screen.now + 3 * SECOND);
    assert!(screen.term.contents().contains("parsing 8s"));
}

#[test]
fn nothing_is_drawn_while_suspended() {
    let mut screen = Screen::new(24, 80);
    screen.show(vec![parsing(1, 5)]);
    screen.bars.suspend(&screen.term);
    assert_eq!(screen.show(vec![parsing(1, 6)]), "");
    screen.print("a warning meanwhile");
    assert_eq!(screen.term.contents(), "a warning meanwhile");
    screen.bars.resume(&screen.term, screen.now);
    assert!(screen.term.contents().contains("parsing 6s"));
}

#[test]
fn transfers_come_first_then_the_longest_waits() {
    let waiting = |id| item(id, Stage::Waiting("waiting".to_owned()));
    let items = [
        waiting(0),
        parsing(1, 5),
        parsing(2, 50),
        item(3, Stage::Submitting),
        uploading(4, 0),
        parsing(5, 20),
        item(6, Stage::Hashing { done: 0, size: 1 }),
    ];
    assert_eq!(ids(&items, &[], 0), [0; 0]);
    assert_eq!(ids(&items, &[], 2), [4, 6]);
    assert_eq!(ids(&items, &[], 4), [2, 4, 5, 6]);
    assert_eq!(ids(&items, &[], 6), [1, 2, 3, 4, 5, 6]);
    assert_eq!(ids(&items, &[], 9), [0, 1, 2, 3, 4, 5, 6]);
    // What has a line keeps it, unless bytes are transferred elsewhere.
    assert_eq!(ids(&items, &[0, 1, 3], 4), [1, 3, 4, 6]);
}
