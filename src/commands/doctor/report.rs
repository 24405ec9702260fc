//! The lines of `mavi doctor`: one a check on stdout, as soon as it is done, so that a reader sees
//! where a slow one hangs. It remembers the first failure, which is what the command fails with.

use anstyle::{AnsiColor, Style};

use crate::commands::Context;
use crate::error::{Error, Exit};
use crate::output::to_stdout;
use crate::text;

/// The checks, in their order: each stands on those before it.
const CHECKS: [&str; 8] = [
    "config", "token", "proxy", "name", "tcp", "tls", "clock", "api",
];

/// What a check came to where it did not fail, with a remark.
pub(super) enum Finding {
    /// As it should be.
    Fine(String),
    /// Worth a warning.
    Odd(String),
    /// Nothing to check.
    Skipped(String),
}

/// The report so far.
pub(super) struct Report<'c> {
    context: &'c Context,
    /// The checks that are still to come.
    left: std::slice::Iter<'static, &'static str>,
    first: Option<Error>,
}

impl<'c> Report<'c> {
    pub(super) fn new(context: &'c Context) -> Self {
        Self {
            context,
            left: CHECKS.iter(),
            first: None,
        }
    }

    /// The line of the next check; what the check gave, or none where it failed.
    pub(super) fn check<T>(
        &mut self,
        result: Result<(Finding, T), Error>,
    ) -> anyhow::Result<Option<T>> {
        let check = self.left.next().copied().unwrap_or_default();
        let green = AnsiColor::Green.on_default();
        let yellow = AnsiColor::Yellow.on_default().bold();
        let red = AnsiColor::Red.on_default().bold();
        let (label, style, remark, value) = match result {
            Ok((Finding::Fine(remark), value)) => ("ok", green, remark, Some(value)),
            Ok((Finding::Odd(remark), value)) => ("warn", yellow, remark, Some(value)),
            Ok((Finding::Skipped(remark), value)) => {
                ("skipped", Style::new().dimmed(), remark, Some(value))
            }
            Err(error) => {
                let remark = error.message.clone();
                self.first.get_or_insert_with(|| {
                    error.prefixed(format_args!("the {check} check failed"))
                });
                ("FAIL", red, remark, None)
            }
        };
        self.line(check, label, style, &remark)?;
        Ok(value)
    }

    /// The line of the next check where it is not made.
    pub(super) fn skip(&mut self, why: &str) -> anyhow::Result<Option<()>> {
        self.check(Ok((Finding::Skipped(why.to_owned()), ())))
    }

    /// Skips what is left, and fails if a check has.
    pub(super) fn end(mut self) -> anyhow::Result<Exit> {
        while !self.left.as_slice().is_empty() {
            self.skip("not reached")?;
        }
        match self.first {
            None => Ok(Exit::SUCCESS),
            Some(error) => Err(error.into()),
        }
    }

    fn line(&self, check: &str, label: &str, style: Style, remark: &str) -> anyhow::Result<()> {
        let remark = text::one_line(remark);
        let style = if self.context.terminal.stdout.colour {
            style
        } else {
            Style::new()
        };
        self.context.progress.suspend(|| {
            to_stdout(|out| writeln!(out, "{check:<8}{style}{label:<9}{style:#}{remark}"))
        })
    }
}
