//! A finished run: exit status, stdout and stderr, and assertions about them.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Deref;
use std::process::Command;
use std::thread;

use serde_json::Value;
use snapbox::{Assert, Data, IntoData, Redactions};

use super::process::Process;

/// A finished run. The status of one that a signal has killed is the negative number of the signal. A
/// warning on stderr that the test has not asked for fails it.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: Stderr,
    pub(super) redactions: Redactions,
}

/// The text on stderr. When it goes out of scope, each warning in it must have been compared, by
/// [`Run::stderr_contains`] with a text that begins in its `warning: `, by waiting for such a text, or
/// by comparing all of stderr.
pub(crate) struct Stderr {
    text: String,
    expected: RefCell<Vec<String>>,
    accepts_all: Cell<bool>,
}

impl Run {
    /// Runs a command to its end.
    #[track_caller]
    pub(crate) fn of(command: Command) -> Self {
        Process::start(command).end()
    }

    /// Asserts that the run succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.expect_status(0)
    }

    /// Asserts that the run ended with this status.
    #[track_caller]
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }

    /// Asserts that the run failed with this status and printed nothing on stdout.
    #[track_caller]
    pub(crate) fn expect_failure(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        self
    }

    /// Asserts the whole output of a run that succeeded, as [`Run::expect_stderr`] does.
    #[track_caller]
    pub(crate) fn expect_output(self, stdout: impl IntoData, stderr: impl IntoData) -> Self {
        self.ok().expect_stdout(stdout).expect_stderr(stderr)
    }

    /// Asserts all of stdout, as [`Run::expect_stderr`] does.
    #[track_caller]
    pub(crate) fn expect_stdout(self, stdout: impl IntoData) -> Self {
        self.compare(&self.stdout, stdout.into_data());
        self
    }

    /// Asserts all of stderr. `[URL]` and `[HOST]` stand for the address of the service, `[HOME]` for
    /// the home folder, `[TASK]`, `[HEX]`, `[DATE]`, `[PORT]`, `[MS]` and `[TIME]` for what else differs
    /// from run to run, `[..]` for any part of a line, a line `...` for any lines.
    /// `SNAPSHOTS=overwrite` replaces a text in `str![]` by what was printed.
    #[track_caller]
    pub(crate) fn expect_stderr(self, stderr: impl IntoData) -> Self {
        self.compare(&self.stderr, stderr.into_data());
        self.stderr.accepts_all.set(true);
        self
    }

    #[track_caller]
    fn compare(&self, actual: &str, expected: Data) {
        let compared = compare(actual, expected, &self.redactions);
        compared.unwrap_or_else(|error| panic!("{error}\n{self:#?}"));
    }

    /// Asserts that stderr holds all of these.
    #[track_caller]
    pub(crate) fn stderr_contains(self, parts: &[&str]) -> Self {
        for part in parts {
            let is_there = self.stderr.contains(part);
            assert!(is_there, "stderr lacks {part:?}: {self:#?}");
            self.stderr.expected.borrow_mut().push((*part).to_owned());
        }
        self
    }

    /// Accepts any warnings.
    pub(crate) fn allow_warnings(self, _reason: &str) -> Self {
        self.stderr.accepts_all.set(true);
        self
    }

    /// Returns the lines of stdout, each of which must be whole.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<String> {
        let whole = self.stdout.is_empty() || self.stdout.ends_with('\n');
        assert!(whole, "the last line is torn: {self:#?}");
        self.stdout.lines().map(str::to_owned).collect()
    }

    /// Returns the task numbers in JSON lines on stdout.
    pub(crate) fn tasks(&self) -> Vec<String> {
        let number = |line: String| {
            let task: Value = serde_json::from_str(&line).unwrap();
            task["taskNo"].as_str().unwrap().to_owned()
        };
        self.lines().into_iter().map(number).collect()
    }

    /// Returns the errors on stderr of a run with `--error-format json`, where every line is a JSON
    /// object.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<Value> {
        self.objects("error")
    }

    /// Returns the notes of such a run, as lines.
    #[track_caller]
    pub(crate) fn notes(&self) -> String {
        let mut lines = String::new();
        for note in self.objects("note") {
            lines += note["message"].as_str().unwrap();
            lines.push('\n');
        }
        lines
    }

    #[track_caller]
    fn objects(&self, kind: &str) -> Vec<Value> {
        let lines = self.stderr.lines().map(|line| {
            let value: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{line:?} is not JSON ({error}): {self:#?}"));
            assert!(value.is_object(), "{self:#?}");
            value
        });
        lines
            .filter_map(|mut line| line.get_mut(kind).map(Value::take))
            .collect()
    }

    /// Returns the resume command that a hint offers.
    #[track_caller]
    pub(crate) fn resume_command(&self) -> &str {
        let mut hints = self
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("hint: "));
        let command = hints.find_map(|hint| hint.find("mavi wait").map(|at| &hint[at..]));
        command.unwrap_or_else(|| panic!("no command to go on in {self:#?}"))
    }
}

/// What several runs have printed, to be compared whole.
#[derive(Default)]
pub(crate) struct Transcript(String);

impl Transcript {
    /// Adds the output of a run and its status, under this title.
    pub(crate) fn add(&mut self, title: &str, run: &Run) {
        let text = format!("$ {title}\n{}{}[{}]\n", run.stdout, run.stderr, run.status);
        self.0 += &run.redactions.redact(&text);
        run.stderr.accepts_all.set(true);
    }

    /// Asserts all of it, as [`Run::expect_stderr`] does.
    #[track_caller]
    pub(crate) fn expect(&self, expected: impl IntoData) {
        compare(&self.0, expected.into_data(), &Redactions::new())
            .unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Compares a text with what is expected.
fn compare(
    actual: &str,
    expected: Data,
    redactions: &Redactions,
) -> Result<(), snapbox::assert::Error> {
    // Most texts hold no placeholder, and to look for what differs is slow.
    if actual == expected.to_string() {
        return Ok(());
    }
    let expected = match expected.source() {
        Some(_) => expected,
        // Texts that a test has made may name the addresses and paths of the run.
        None => Data::text(redactions.redact(&expected.to_string())),
    };
    Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .redact_with(redactions.clone())
        .try_eq(None, actual.into_data(), expected)
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("status", &self.status)
            .field("stdout", &self.stdout)
            .field("stderr", &self.stderr)
            .finish_non_exhaustive()
    }
}

impl Stderr {
    pub(super) fn new(text: String, expected: Vec<String>) -> Self {
        Self {
            text,
            expected: RefCell::new(expected),
            accepts_all: Cell::new(false),
        }
    }

    fn is_expected(&self, warning: &str) -> bool {
        let expected = self.expected.borrow();
        let mut lines = expected.iter().flat_map(|part| part.lines());
        lines.any(|part| {
            let names_a_warning = part.len() > "warning: ".len() && is_warning(part);
            names_a_warning && warning.starts_with(part)
        })
    }
}

fn is_warning(line: &str) -> bool {
    line.starts_with("warning: ") || line.starts_with("{\"warning\":")
}

impl Deref for Stderr {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq<str> for Stderr {
    fn eq(&self, other: &str) -> bool {
        let is_equal = self.text == other;
        self.accepts_all.set(self.accepts_all.get() || is_equal);
        is_equal
    }
}

impl PartialEq<&str> for Stderr {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Debug for Stderr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl fmt::Display for Stderr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Drop for Stderr {
    fn drop(&mut self) {
        if self.accepts_all.get() || thread::panicking() {
            return;
        }
        for line in self.text.lines().filter(|line| is_warning(line)) {
            assert!(
                self.is_expected(line),
                "the test did not expect this warning: {line}\n--- stderr\n{}",
                self.text
            );
        }
    }
}
