//! Reads what `mavi` writes with programs that are not ours: the captions and tables of awkward
//! transcriptions with parsers (`tests/conformance/run.py`), web pages with a browser (`page.py`). Skipped with
//! a message where `tests/conformance/install.sh` has not installed them; with `CONFORMANCE=required` that is a
//! failure.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

const PYTHON: &str = "target/conformance/bin/python";
/// Any of these will do; `tests/conformance/browser.py` has the same list.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

fn missing() -> Option<&'static str> {
    let runs = |program: &Path, argument| {
        let output = Command::new(program).arg(argument).output();
        output.is_ok_and(|output| output.status.success())
    };
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !runs(&directory.join(PYTHON), "--version") {
        Some("the parsers")
    } else if !runs(Path::new("ffprobe"), "-version") {
        Some("ffprobe")
    } else if !runs(Path::new("jq"), "--version") {
        Some("jq")
    } else if !BROWSERS
        .iter()
        .any(|name| runs(Path::new(name), "--version"))
    {
        Some("a browser")
    } else {
        None
    }
}

/// Runs a script with the program to check.
#[track_caller]
fn run(script: &str) {
    if let Some(missing) = missing() {
        let message = format!("{missing} not installed: run tests/conformance/install.sh");
        let is_required = std::env::var_os("CONFORMANCE").is_some_and(|value| value == "required");
        assert!(!is_required, "{message}");
        // Past the harness, which shows no output of tests that pass.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "conformance skipped: {message}").unwrap();
        return;
    }
    let output = Command::new(PYTHON)
        .args([script, env!("CARGO_BIN_EXE_mavi")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn third_party_parsers_read_the_same_cues() {
    run("tests/conformance/run.py");
}

#[test]
fn pages_work_in_a_browser() {
    run("tests/conformance/page.py");
}
