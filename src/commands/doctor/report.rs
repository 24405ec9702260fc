//! The lines of `mavi doctor`: one per check on stdout, as soon as it is done, so that a slow one shows.
//! The first failure is what the command fails with.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::commands::Context;
use crate::error::{Error, ExitStatus};
use crate::output::to_stdout;
use crate::text;

/// The checks, in order: each depends on those before it.
const CHECKS: [&str; 8] = [
    "config", "token", "proxy", "name", "tcp", "tls", "clock", "api",
];

/// The result of a check that did not fail, with a remark.
pub(super) enum CheckResult {
    /// The check passed.
    Ok(String),
    /// The check passed with a warning.
    Warn(String),
    /// There was nothing to check.
    Skipped(String),
}

/// The report so far.
pub(super) struct Report<'c> {
    context: &'c Context,
    /// The checks to come.
    to_come: std::slice::Iter<'static, &'static str>,
    first_error: Option<Error>,
}

impl<'c> Report<'c> {
    pub(super) fn new(context: &'c Context) -> Self {
        Self {
            context,
            to_come: CHECKS.iter(),
            first_error: None,
        }
    }

    /// Prints the line of the next check. Returns what the check gave; `None` if it failed.
    pub(super) fn check<T>(
        &mut self,
        result: Result<(CheckResult, T), Error>,
    ) -> anyhow::Result<Option<T>> {
        let check = self.to_come.next().copied().unwrap_or_default();
        let green = AnsiColor::Green.on_default();
        let yellow = AnsiColor::Yellow.on_default().bold();
        let red = AnsiColor::Red.on_default().bold();
        let (label, style, remark, value) = match result {
            Ok((CheckResult::Ok(remark), value)) => ("ok", green, remark, Some(value)),
            Ok((CheckResult::Warn(remark), value)) => ("warn", yellow, remark, Some(value)),
            Ok((CheckResult::Skipped(remark), value)) => {
                ("skipped", Style::new().dimmed(), remark, Some(value))
            }
            Err(error) => {
                let remark = error.message.clone();
                self.first_error.get_or_insert_with(|| {
                    error.prefixed(format_args!("the {check} check failed"))
                });
                ("FAIL", red, remark, None)
            }
        };
        self.line(check, label, style, &remark)?;
        Ok(value)
    }

    /// Prints the line of the next check as skipped.
    pub(super) fn skip(&mut self, why: &str) -> anyhow::Result<Option<()>> {
        self.check(Ok((CheckResult::Skipped(why.to_owned()), ())))
    }

    /// Skips the checks to come. Fails with the first failure, if there is one.
    pub(super) fn end(mut self) -> anyhow::Result<ExitStatus> {
        while !self.to_come.as_slice().is_empty() {
            self.skip("not reached")?;
        }
        match self.first_error {
            None => Ok(ExitStatus::SUCCESS),
            Some(error) => Err(error.into()),
        }
    }

    fn line(&self, check: &str, label: &str, style: Style, remark: &str) -> anyhow::Result<()> {
        let stdout = self.context.terminal.stdout;
        let remark = wrapped(&text::one_line(remark), stdout.width);
        let style = if stdout.colour { style } else { Style::new() };
        self.context.reporter.suspend(|| {
            to_stdout(|out| writeln!(out, "{check:<8}{style}{label:<9}{style:#}{remark}"))
        })
    }
}

/// Wraps a remark at the terminal's width, beside the columns before it.
fn wrapped(remark: &str, width: Option<usize>) -> String {
    const BEFORE: usize = 8 + 9;
    let Some(width) = width else {
        return remark.to_owned();
    };
    let options = Options::new(width.saturating_sub(BEFORE))
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    let lines = textwrap::wrap(remark, options);
    lines.join(&format!("\n{:BEFORE$}", ""))
}
