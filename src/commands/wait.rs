//! `mavi wait`: polls until each task ends, and prints each result as its task ends.

use std::collections::HashMap;

use crate::cli::Wait;
use crate::engine::item::NewItem;
use crate::engine::job::{Job, JobOptions, Polls};
use crate::engine::resume::ResumeCommands;
use crate::engine::{self, CallbackReceiver, EventQueue, RunParts};
use crate::error::ExitStatus;
use crate::ids::TaskNo;
use crate::journal::Task;

use super::Context;
use super::callback_receiver::callbacks;
use super::results::has_output;
use super::resume_line::given;
use super::run_parts::job_options;
use super::task_selection::TaskSelection;

pub(super) fn run(context: &Context, args: &Wait) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(args.waiting.layer().or(args.output.layer()))?;
    let journal = context.journal(&settings);
    let selection = TaskSelection {
        tasks: &args.tasks,
        last: args.last,
        pending: args.pending,
    };
    let tasks = selection.tasks(context, &journal)?;
    let results = context.results(&args.output, &settings, tasks.len() > 1)?;
    if tasks.is_empty() {
        return Ok(ExitStatus::SUCCESS);
    }
    let queue = EventQueue::new();
    let receiver = context.receiver(&args.waiting, &settings, &queue)?;
    let timeout = *settings.wait.timeout;
    let parts = context.run_parts(&settings, queue, false, timeout)?;
    let recorded = journal.tasks();
    let by_number = recorded.as_ref();
    let by_number = by_number.map(|tasks| tasks.by_number(journal.base_url()));
    let by_number = by_number.unwrap_or_default();
    let tasks: Vec<TaskNo> = (tasks.into_iter())
        .filter(|task| !has_output(&results, task, by_number.get(task).copied()))
        .collect();
    let items = new_items(&tasks, &by_number, receiver.as_ref());
    let has_journal = recorded.is_some() && tasks.iter().all(|task| by_number.contains_key(task));
    drop(by_number);
    if let (Some(receiver), None) = (&receiver, &args.waiting.path_secret_file) {
        // New in this run: only the user can give it to the service.
        let url = receiver.callback_url();
        context
            .reporter
            .info(&format!("the callback address is {url}"));
    }
    let wait = context.wait_command(&args.waiting, &args.output, receiver.as_ref());
    let again = given(&args.tasks).map(|tasks| wait.clone().with_args(tasks));
    let parts = RunParts {
        resume: ResumeCommands {
            wait,
            again: again.filter(|_| !tasks.is_empty() && !args.last && !args.pending),
            collects_results: results.is_collected(),
            // `--pending` of a later run finds all these tasks.
            has_journal,
            ..ResumeCommands::default()
        },
        commands: context.hint_commands_for(&args.output, results.is_collected()),
        results: Some(results),
        receiver,
        journal,
        timeout,
        ..parts
    };
    let options = JobOptions {
        callbacks: callbacks(parts.receiver.as_ref(), &args.waiting),
        ..job_options(&settings, &parts, Polls::UntilEnd)
    };
    engine::run(Job::new(options, items), parts)
}

/// Returns the items for tasks of earlier runs, with what is on record about them.
fn new_items(
    tasks: &[TaskNo],
    recorded: &HashMap<&TaskNo, &Task>,
    receiver: Option<&CallbackReceiver>,
) -> Vec<NewItem> {
    let item = |task: &TaskNo| {
        let known: Option<&Task> = recorded.get(task).copied();
        let callback = known.and_then(|known| known.callback.as_deref());
        let calls_here = receiver
            .zip(callback)
            .is_some_and(|(receiver, callback)| receiver.matches_callback_url(callback));
        let age = known.and_then(|known| known.submitted_at).map(engine::age);
        NewItem::Task {
            task: task.clone(),
            video: known.and_then(|known| known.video_no.clone().zip(known.transcription_type)),
            // It may have called while nobody was here: it is polled at once, and rarely after that.
            age: age.filter(|_| !calls_here),
            calls_here,
        }
    };
    tasks.iter().map(item).collect()
}
