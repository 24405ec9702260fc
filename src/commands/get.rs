//! `mavi get`: fetches each task's result once, without waiting.

use crate::cli::Get;
use crate::engine::item::NewItem;
use crate::engine::job::{Job, JobOptions, Polls};
use crate::engine::resume::ResumeCommands;
use crate::engine::{self, EventQueue, RunParts};
use crate::error::ExitStatus;
use crate::ids::TaskNo;

use super::Context;
use super::results::has_output;
use super::resume_line::{add_output, given};
use super::run_parts::job_options;
use super::task_selection::TaskSelection;

pub(super) fn run(context: &Context, args: &Get) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(args.output.layer())?;
    let selection = TaskSelection {
        tasks: &args.tasks,
        last: args.last,
        pending: args.pending,
    };
    let journal = context.journal(&settings);
    let tasks = selection.tasks(context, &journal)?;
    let results = context.results(&args.output, &settings, tasks.len() > 1)?;
    if tasks.is_empty() {
        return Ok(ExitStatus::SUCCESS);
    }
    let mut get = context.command_line("get", args.output.layer());
    add_output(&mut get, &args.output);
    let parts = RunParts {
        resume: ResumeCommands {
            again: given(&args.tasks)
                .filter(|tasks| !tasks.is_empty())
                .map(|tasks| get.clone().with_args(tasks)),
            wait: get,
            collects_results: results.is_collected(),
            has_journal: args.pending,
            ..ResumeCommands::default()
        },
        commands: context.hint_commands_for(&args.output, results.is_collected()),
        results: Some(results),
        ..context.run_parts(&settings, EventQueue::new(), false, None)?
    };
    // The record only names the videos: without one, the tasks are fetched all the same.
    let recorded = journal.require_tasks().ok();
    let recorded = recorded.as_ref();
    let recorded = recorded.map(|tasks| tasks.by_number(journal.base_url()));
    let recorded = recorded.unwrap_or_default();
    let item = |task: TaskNo| {
        let known = recorded.get(&task).copied();
        let results = parts.results.as_ref();
        if results.is_some_and(|results| has_output(results, &task, known)) {
            return None;
        }
        Some(NewItem::Task {
            video: known.and_then(|known| known.video_no.clone().zip(known.transcription_type)),
            task,
            age: None,
            calls_here: false,
        })
    };
    let items: Vec<NewItem> = tasks.into_iter().filter_map(item).collect();
    let options = JobOptions {
        // One after the other, so that results come in the order given.
        workers: 1,
        ..job_options(&settings, &parts, Polls::Once)
    };
    engine::run(Job::new(options, items), parts)
}
