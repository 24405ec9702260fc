//! What reaches stderr: in a log, in JSON, and on a terminal.

use std::sync::mpsc::Receiver;

use indicatif::InMemoryTerm;

use super::super::{ItemProgress, Stage};
use super::*;

/// Sends on every line.
struct Lines(Sender<String>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn plain(heartbeat: Duration, quiet: bool, errors: ErrorFormat) -> (Reporter, Receiver<String>) {
    let (sender, lines) = mpsc::channel();
    let out = Box::new(Lines(sender));
    let terminal = Box::new(InMemoryTerm::new(24, 80));
    (
        Reporter::to(out, terminal, heartbeat, Stream::default(), quiet, errors),
        lines,
    )
}

/// Writes to a terminal in memory.
struct Screen(InMemoryTerm);

impl io::Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes).replace('\n', "\r\n");
        self.0.write_str(&text).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn on_terminal(quiet: bool, errors: ErrorFormat) -> (Reporter, InMemoryTerm) {
    let term = InMemoryTerm::new(24, 80);
    let stderr = Stream {
        is_terminal: true,
        is_drawable: true,
        colour: false,
        width: Some(80),
    };
    let (out, terminal) = (Box::new(Screen(term.clone())), Box::new(term.clone()));
    (
        Reporter::to(out, terminal, NEVER, stderr, quiet, errors),
        term,
    )
}

fn printed(lines: &Receiver<String>) -> String {
    lines.try_iter().collect()
}

const NEVER: Duration = Duration::MAX;

#[test]
fn log_has_each_status_once() {
    let (reporter, lines) = plain(NEVER, false, ErrorFormat::Human);
    for status in ["waiting", "waiting", "nearly"] {
        reporter.status(status);
    }
    reporter.status_quiet("too fine for a log");
    reporter.warn("odd");
    reporter.error(&Error::usage("bad").with_hint("good"));
    reporter.finish();
    assert_eq!(
        printed(&lines),
        "waiting\nnearly\nwarning: odd\nmavi: bad\nhint: good\n"
    );
}

#[test]
fn heartbeat_repeats_status_until_finish() {
    let (reporter, lines) = plain(Duration::from_millis(1), false, ErrorFormat::Human);
    reporter.status("waiting");
    let printed: Vec<String> = lines
        .iter()
        .filter(|line| line.len() > 1)
        .take(3)
        .map(|line| line.trim().to_owned())
        .collect();
    assert!(
        printed
            .concat()
            .starts_with("waitingstill working: waiting"),
        "{printed:?}"
    );
    reporter.finish();
}

#[test]
fn quiet_keeps_errors_and_always() {
    let (reporter, lines) = plain(NEVER, true, ErrorFormat::Human);
    reporter.status("waiting");
    reporter.info("by the way");
    reporter.warn("odd");
    reporter.always("task T1");
    reporter.error(&Error::usage("bad"));
    assert_eq!(printed(&lines), "task T1\nmavi: bad\n");
}

#[test]
fn json_format_applies_to_every_line() {
    let (reporter, lines) = plain(NEVER, false, ErrorFormat::Json);
    reporter.status("waiting");
    reporter.warn("a \"b\"");
    reporter.error(&Error::usage("bad"));
    let kinds: Vec<String> = printed(&lines)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| line.as_object().unwrap().keys().next().unwrap().clone())
        .collect();
    assert_eq!(kinds, ["note", "warning", "error"]);
}

fn progress(total: &str) -> Progress {
    let stage = Stage::Uploading { done: 1, size: 9 };
    let label = "talk.mp4".to_owned();
    Progress {
        items: vec![ItemProgress {
            id: 0,
            label,
            stage,
        }],
        total: total.to_owned(),
        done: 0,
        count: 1,
    }
}

#[test]
fn progress_in_a_log_is_its_heartbeat() {
    let (reporter, lines) = plain(Duration::ZERO, false, ErrorFormat::Human);
    reporter.drive();
    assert!(!reporter.shows_progress());
    assert_eq!(reporter.tick(), None);
    reporter.progress(&progress("0 of 1 finished"));
    assert_eq!(printed(&lines), "");
    reporter.change("talk.mp4: uploading");
    assert_eq!(reporter.tick(), Some(Duration::ZERO));
    reporter.progress(&progress("1 of 1 finished"));
    assert_eq!(reporter.tick(), Some(Duration::ZERO));
    assert_eq!(
        printed(&lines),
        "talk.mp4: uploading\nstill working: 0 of 1 finished\nstill working: 1 of 1 finished\n"
    );
    reporter.finish();
    assert_eq!(reporter.tick(), None);
}

#[test]
fn heartbeat_is_due_after_its_interval() {
    let (reporter, lines) = plain(HEARTBEAT, false, ErrorFormat::Human);
    reporter.drive();
    for _ in 0..3 {
        reporter.progress(&progress("0 of 1 finished"));
        let wait = reporter.tick().unwrap();
        assert!(wait <= HEARTBEAT && wait > HEARTBEAT / 2, "{wait:?}");
    }
    assert_eq!(printed(&lines), "");
}

#[test]
fn quiet_silences_progress() {
    let (reporter, lines) = plain(Duration::ZERO, true, ErrorFormat::Human);
    reporter.drive();
    reporter.progress(&progress("0 of 1 finished"));
    reporter.change("talk.mp4: uploading");
    assert_eq!(reporter.tick(), None);
    assert_eq!(printed(&lines), "");
}

#[test]
fn change_is_a_note_in_json() {
    let (reporter, term) = on_terminal(false, ErrorFormat::Json);
    assert!(!reporter.shows_progress());
    reporter.change("talk.mp4: uploading");
    assert_eq!(
        term.contents(),
        r#"{"note":{"message":"talk.mp4: uploading"}}"#
    );
}

#[test]
fn terminal_shows_bars_below_what_is_printed() {
    let (reporter, term) = on_terminal(false, ErrorFormat::Human);
    reporter.drive();
    assert!(reporter.shows_progress());
    reporter.progress(&progress("0 of 1 finished"));
    let bars = term.contents();
    let bars: Vec<&str> = bars.lines().collect();
    assert!(
        bars.len() == 2
            && bars[0].starts_with("talk.mp4  uploading [")
            && bars[1].contains("0 of 1 finished"),
        "{bars:?}"
    );
    assert!(reporter.tick().unwrap() <= TICK);
    reporter.change("talk.mp4: uploading");
    reporter.warn("odd");
    reporter.error(&Error::usage("bad").with_hint("good"));
    let shown = term.contents();
    let shown: Vec<&str> = shown.lines().collect();
    assert_eq!(shown[..3], ["warning: odd", "mavi: bad", "hint: good"]);
    assert_eq!(shown.len(), 5, "{shown:?}");
    reporter.suspend(|| {
        reporter.warn("odder");
        let hidden = term.contents();
        assert_eq!(hidden.lines().last(), Some("warning: odder"));
    });
    assert_eq!(term.contents().lines().count(), 6);
    reporter.finish();
    assert_eq!(term.contents().lines().count(), 4);
    assert_eq!(reporter.tick(), None);
}

#[test]
fn quiet_terminal_shows_no_bars() {
    let (reporter, term) = on_terminal(true, ErrorFormat::Human);
    reporter.progress(&progress("0 of 1 finished"));
    assert!(!reporter.shows_progress());
    reporter.change("talk.mp4: uploading");
    assert_eq!(term.contents(), "");
}
