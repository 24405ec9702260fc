//! The command that resumes a run.

use super::command_line::CommandLine;
use super::item::{Item, State};
use super::job::JobOutcome;

/// Maximum number of tasks that a command lists by their IDs.
const MAX_LISTED: usize = 3;

/// Maximum length of a command that is named, in bytes: one with hundreds of files would fill the screen.
const MAX_COMMAND: usize = 1_000;

/// The purpose of the command that gets results for which no callback came.
pub const TO_POLL: &str = "to fetch the results by polling";

/// The commands that can resume the run.
#[derive(Clone, Debug, Default)]
pub struct ResumeCommands {
    /// `mavi wait` (or `mavi get`, for what was to be fetched once) with the options of this run, without
    /// tasks.
    pub wait: CommandLine,
    /// The command of this run with `--reuse`; `None` if its arguments came from stdin.
    pub again: Option<CommandLine>,
    /// The command of this run goes on where it stopped, whatever is left (`mavi transcribe`).
    pub repeats: bool,
    /// The flag without which the same command pays again for what is recorded.
    pub reuse_flag: Option<&'static str>,
    /// All results go into one file, so that the next run needs all tasks to write it.
    pub collects_results: bool,
    /// The journal has the tasks of this run that were known before it.
    pub has_journal: bool,
    /// The purpose of the command, if it is not to resume the run.
    pub purpose: Option<&'static str>,
}

impl ResumeCommands {
    /// Returns the hint for a run with this outcome: the command that resumes it, if anything is left
    /// to do. Where not everything is recorded, it names all that is left: `--pending` would not find
    /// it, and `--reuse` would pay for it again.
    #[must_use]
    pub fn hint(&self, items: &[Item], outcome: &JobOutcome, is_recorded: bool) -> Option<String> {
        if !is_recorded {
            return self.complete_hint(items, outcome);
        }
        let is_upload = |item: &Item| item.state.is_unanswered() && item.video.is_none();
        let is_open = !outcome.running.is_empty() || items.iter().any(is_upload);
        let has_no_task = outcome.running.iter().any(|id| items[*id].task.is_none());
        if outcome.not_started > 0 || self.repeats && is_open || has_no_task {
            let again = self.again.as_ref().filter(|again| again.is_exact());
            let again = again.map(ToString::to_string);
            let again = again.filter(|again| again.len() <= MAX_COMMAND);
            let run = |again| format!("to resume, run: {again}");
            return Some(again.map_or_else(|| self.same_command(), run));
        }
        if outcome.running.is_empty() {
            return None;
        }
        let all: Vec<usize> = (0..items.len()).collect();
        let ids = if self.collects_results {
            &all
        } else {
            &outcome.running
        };
        let tasks = || ids.iter().filter_map(|id| items[*id].task.as_ref());
        let command = match &self.again {
            _ if ids.len() <= MAX_LISTED => self.wait.clone().with_args(tasks()),
            _ if self.has_journal && !self.collects_results => self.wait.clone().with("--pending"),
            Some(again) => again.clone(),
            None => self.wait.clone().with_args(tasks()),
        };
        Some(if command.is_exact() {
            format!("{}, run: {command}", self.purpose())
        } else {
            self.same_command()
        })
    }

    /// Returns the hint for a command that cannot be shown.
    fn same_command(&self) -> String {
        match self.reuse_flag {
            Some(flag) => format!("to resume, run the same command again with {flag}"),
            None => "to resume, run the same command again".to_owned(),
        }
    }

    fn purpose(&self) -> &'static str {
        self.purpose.unwrap_or("to resume")
    }

    fn complete_hint(&self, items: &[Item], outcome: &JobOutcome) -> Option<String> {
        let has_source = |item: &&Item| item.source().is_some() && item.task.is_none();
        let is_left = |item: &&Item| has_source(item) && item.state.is_unpaid();
        let left: Vec<String> = items.iter().filter(is_left).map(Item::label).collect();
        let left = (!left.is_empty()).then(|| format!("not submitted: {}", left.join(", ")));
        // What is paid for is named, since no later run finds it.
        let is_parsing = |item: &&Item| {
            matches!(item.state, State::Parsing | State::TimedOut) && item.task.is_none()
        };
        let name = |item: &Item| Some(format!("{}: {}", item.label(), item.video.as_ref()?));
        let uploaded: Vec<String> = items.iter().filter(is_parsing).filter_map(name).collect();
        let uploaded = (!uploaded.is_empty()).then(|| format!("uploaded: {}", uploaded.join(", ")));
        let tasks: Vec<_> = if outcome.running.is_empty() {
            Vec::new()
        } else if self.collects_results {
            items.iter().filter_map(|item| item.task.as_ref()).collect()
        } else {
            let running = outcome.running.iter();
            running.filter_map(|id| items[*id].task.as_ref()).collect()
        };
        let command = (!tasks.is_empty()).then(|| {
            let command = self.wait.clone().with_args(&tasks);
            if command.is_exact() {
                format!("{}, run: {command}", self.purpose())
            } else {
                let tasks: Vec<String> = tasks.iter().map(ToString::to_string).collect();
                format!("not fetched: {}", tasks.join(", "))
            }
        });
        let parts: Vec<String> = left.into_iter().chain(uploaded).chain(command).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

#[cfg(test)]
mod tests;
