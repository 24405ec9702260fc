//! `mavi tasks`: lists the recorded tasks, and removes records.

mod list;

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::cli::{StatusFilter, TasksArgs};
use crate::config::Layer;
use crate::engine::JournalWriter;
use crate::error::{Error, ExitStatus};
use crate::ids::TaskNo;
use crate::journal::{PruneFilter, Task, TaskStatus, Tasks};
use crate::text::count;
use crate::when::before;

use super::{Context, input_list};

pub(super) fn run(context: &Context, args: &TasksArgs) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(Layer::default())?;
    let journal = context.journal(&settings);
    if let Some(age) = args.prune {
        return prune(context, &journal, args, age);
    }
    let tasks = journal.require_tasks()?;
    if tasks.unreadable() > 0 {
        context.reporter.warn(&format!(
            "skipped {} of the journal that could not be read",
            count(tasks.unreadable(), "line")
        ));
    }
    let of_service = of_service(&tasks, &journal, args);
    if !args.forget.is_empty() {
        let task_nos = input_list::read(context, &args.forget, TaskNo::new)?;
        return forget(context, &journal, &of_service, &task_nos);
    }
    if of_service.is_empty() {
        context
            .reporter
            .info(&none_recorded(context, &tasks, &journal));
    }
    list::list(context, args, of_service)?;
    Ok(ExitStatus::SUCCESS)
}

fn prune(
    context: &Context,
    journal: &JournalWriter,
    args: &TasksArgs,
    older_than: Duration,
) -> anyhow::Result<ExitStatus> {
    let status = status(args.status);
    let filter = PruneFilter {
        older_than,
        base_url: (!args.all_services).then_some(journal.base_url()),
        status,
    };
    let now = Timestamp::now();
    let pruned = journal.require()?.prune(&filter, now)?;
    let noun = status.map_or("task".to_owned(), |status| format!("{status} task"));
    let since = match status {
        Some(TaskStatus::Pending | TaskStatus::Unknown) => "were submitted",
        Some(TaskStatus::Finished) => "finished",
        Some(TaskStatus::Failed) => "failed",
        None => "finished or failed",
    };
    context.reporter.info(&format!(
        "removed {} that {since} more than {} ago",
        count(pruned, &noun),
        crate::duration::format(older_than)
    ));
    // A submit whose answer may still come is kept, whatever its age is to be.
    let cutoff = before(now, older_than);
    let is_kept = |task: &&&Task| {
        task.status == TaskStatus::Unknown
            && status.is_none_or(|status| status == TaskStatus::Unknown)
            && task.submitted_at.is_some_and(|time| time <= cutoff)
    };
    let in_progress = journal.tasks().map_or(0, |tasks| {
        let left = of_service(&tasks, journal, args);
        left.iter().filter(is_kept).count()
    });
    if in_progress > 0 {
        context.reporter.info(&format!(
            "kept {} that may still be in progress",
            match in_progress {
                1 => "1 record of a submit".to_owned(),
                several => format!("{several} records of submits"),
            }
        ));
    }
    Ok(ExitStatus::SUCCESS)
}

/// Returns the tasks of the present service, or of all.
fn of_service<'a>(tasks: &'a Tasks, journal: &JournalWriter, args: &TasksArgs) -> Vec<&'a Task> {
    if args.all_services {
        tasks.as_slice().iter().collect()
    } else {
        tasks.at(journal.base_url()).collect()
    }
}

/// Stops listing the tasks; all of them or, where one is not recorded, none.
fn forget(
    context: &Context,
    journal: &JournalWriter,
    tasks: &[&Task],
    task_nos: &[TaskNo],
) -> anyhow::Result<ExitStatus> {
    let wanted: HashSet<&TaskNo> = task_nos.iter().collect();
    let found: Vec<(&Task, &TaskNo)> = tasks
        .iter()
        .filter_map(|task| Some((*task, task.task_no.as_ref()?)))
        .filter(|(_, task_no)| wanted.contains(task_no))
        .collect();
    let recorded: HashSet<&TaskNo> = found.iter().map(|(_, task_no)| *task_no).collect();
    if let Some(missing) = task_nos.iter().find(|task_no| !recorded.contains(task_no)) {
        let error = Error::usage(format!("task {missing} is not recorded"));
        return Err(error
            .with_task(missing.as_str())
            .with_hint(format!(
                "to list the recorded tasks, run: {}",
                context.service_command(["tasks", "--all-services"])
            ))
            .into());
    }
    let journal = journal.require()?;
    for (task, task_no) in found {
        journal.forget(&task.base_url, task_no)?;
    }
    let removed = count(wanted.len(), "task");
    context
        .reporter
        .info(&format!("removed {removed} from the list"));
    Ok(ExitStatus::SUCCESS)
}

fn none_recorded(context: &Context, tasks: &Tasks, journal: &JournalWriter) -> String {
    match tasks.as_slice().len() {
        0 => "no tasks recorded yet: `mavi submit` records what it submits".to_owned(),
        others => format!(
            "no tasks recorded for {}; `{}` lists {} of other services",
            journal.base_url(),
            context.service_command(["tasks", "--all-services"]),
            count(others, "task")
        ),
    }
}

fn status(filter: StatusFilter) -> Option<TaskStatus> {
    match filter {
        StatusFilter::All => None,
        StatusFilter::Pending => Some(TaskStatus::Pending),
        StatusFilter::Finished => Some(TaskStatus::Finished),
        StatusFilter::Failed => Some(TaskStatus::Failed),
        StatusFilter::Unknown => Some(TaskStatus::Unknown),
    }
}
