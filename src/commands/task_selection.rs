//! The tasks that a command is about: those named, or those on record for the present service.

use std::ffi::OsString;

use crate::engine::JournalWriter;
use crate::error::{Error, ErrorKind};
use crate::ids::TaskNo;

use super::{Context, input_list};

/// The arguments that select tasks. At most one of them is given.
pub(super) struct TaskSelection<'a> {
    /// The task IDs, or `-`.
    pub(super) tasks: &'a [OsString],
    /// The newest recorded task (`--last`).
    pub(super) last: bool,
    /// All recorded tasks that are unfinished (`--pending`).
    pub(super) pending: bool,
}

impl TaskSelection<'_> {
    /// Returns the selected tasks. Prints a note if there are none.
    pub(super) fn tasks(
        &self,
        context: &Context,
        journal: &JournalWriter,
    ) -> anyhow::Result<Vec<TaskNo>> {
        let base_url = journal.base_url();
        if self.last {
            let recorded = journal.require_tasks()?;
            let newest = recorded.newest(base_url).ok_or_else(|| {
                let all = context.service_command(["tasks", "--all-services"]);
                Error::usage(format!("no tasks recorded for {base_url}"))
                    .with_hint(format!("submit a video first; `{all}` lists all tasks"))
            })?;
            let task = newest.task_no.clone().ok_or_else(|| {
                let message =
                    "the newest submit has no recorded answer, so its task ID is not known";
                Error::new(ErrorKind::Network, message).with_hint(format!(
                    "to list such submits, run: {}",
                    context.hint_commands().unknown_submits()
                ))
            })?;
            return Ok(vec![task]);
        }
        if self.pending {
            let recorded = journal.require_tasks()?;
            let pending = recorded.pending(base_url);
            let pending: Vec<TaskNo> = pending.filter_map(|task| task.task_no.clone()).collect();
            if pending.is_empty() {
                context
                    .reporter
                    .info(&format!("no pending tasks recorded for {base_url}"));
            }
            return Ok(pending);
        }
        input_list::read(context, self.tasks, TaskNo::new)
    }
}
