//! `mavi tasks`: lists the recorded tasks, and removes records.

use std::collections::HashSet;
use std::io::Write;
use std::time::Duration;

use jiff::Timestamp;

use crate::cli::{StatusFilter, TasksArgs, TasksFormat};
use crate::config::Layer;
use crate::engine::JournalWriter;
use crate::error::{Error, ExitStatus};
use crate::ids::TaskNo;
use crate::journal::{PruneFilter, Task, TaskStatus, Tasks};
use crate::output::to_stdout;
use crate::render::columns;
use crate::text::count;

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
    let of_service: Vec<&Task> = if args.all_services {
        tasks.as_slice().iter().collect()
    } else {
        tasks.at(journal.base_url()).collect()
    };
    if !args.forget.is_empty() {
        let task_nos = input_list::read(context, &args.forget, TaskNo::new)?;
        return forget(context, &journal, &of_service, &task_nos);
    }
    if of_service.is_empty() {
        context.reporter.info(&none_recorded(&tasks, &journal));
    }
    list(context, args, of_service)?;
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
    let pruned = journal.require()?.prune(&filter, Timestamp::now())?;
    let noun = status.map_or("task".to_owned(), |status| format!("{status} task"));
    let since = match status {
        Some(TaskStatus::Pending | TaskStatus::Unknown) => "were submitted",
        _ => "ended",
    };
    context.reporter.info(&format!(
        "removed {} that {since} more than {} ago",
        count(pruned, &noun),
        crate::duration::format(older_than)
    ));
    Ok(ExitStatus::SUCCESS)
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
            .with_hint("to list the recorded tasks, run: mavi tasks --all-services")
            .into());
    }
    let journal = journal.require()?;
    for (task, task_no) in found {
        journal.forget(&task.base_url, task_no)?;
    }
    let forgotten = count(wanted.len(), "task");
    context.reporter.info(&format!("forgot {forgotten}"));
    Ok(ExitStatus::SUCCESS)
}

fn none_recorded(tasks: &Tasks, journal: &JournalWriter) -> String {
    match tasks.as_slice().len() {
        0 => "no tasks recorded yet: `mavi submit` records what it submits".to_owned(),
        others => format!(
            "no tasks recorded for {}; `mavi tasks --all-services` lists {} of other services",
            journal.base_url(),
            count(others, "task")
        ),
    }
}

fn list(context: &Context, args: &TasksArgs, mut tasks: Vec<&Task>) -> anyhow::Result<()> {
    let status = status(args.status);
    tasks.retain(|task| {
        status.is_none_or(|status| task.status == status)
            && args.since.is_none_or(|since| {
                let time = task.submitted_at.or(task.ended_at);
                time.is_some_and(|time| time >= since)
            })
    });
    let newest = args
        .limit
        .map_or(0, |limit| tasks.len().saturating_sub(limit));
    let shown = &tasks[newest..];
    to_stdout(|out| write(args, shown, out))?;
    let unknown = shown
        .iter()
        .filter(|task| task.status == TaskStatus::Unknown)
        .count();
    if unknown > 0 {
        let (have, videos, records) = match unknown {
            1 => ("has", "that video", "record"),
            _ => ("have", "those videos", "records"),
        };
        context.reporter.info(&format!(
            "{} {have} no recorded answer and may have been accepted: check with the service before submitting {videos} \
             again; to remove the {records}, run: mavi tasks --status unknown --prune 1d",
            count(unknown, "submit")
        ));
    }
    Ok(())
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

fn write(args: &TasksArgs, tasks: &[&Task], out: &mut dyn Write) -> std::io::Result<()> {
    match args.format {
        TasksFormat::Table if args.all_services => {
            let with_service = |task: &&Task| {
                let [task_no, status, transcription_type, submitted, video] = row(task);
                let service = task.base_url.to_string();
                [
                    task_no,
                    status,
                    transcription_type,
                    submitted,
                    video,
                    service,
                ]
            };
            let [task_no, status, transcription_type, submitted, video] = HEADER;
            let header = [
                task_no,
                status,
                transcription_type,
                submitted,
                video,
                "SERVICE",
            ];
            columns::write(header, tasks.iter().map(with_service), out)
        }
        TasksFormat::Table => columns::write(HEADER, tasks.iter().map(|task| row(task)), out),
        TasksFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, tasks)?;
            out.write_all(b"\n")
        }
        TasksFormat::Jsonl => tasks.iter().try_for_each(|task| {
            serde_json::to_writer(&mut *out, task)?;
            out.write_all(b"\n")
        }),
        TasksFormat::Ids => tasks
            .iter()
            .filter_map(|task| task.task_no.as_ref())
            .try_for_each(|task_no| writeln!(out, "{task_no}")),
    }
}

const HEADER: [&str; 5] = ["TASK", "STATUS", "TYPE", "SUBMITTED", "VIDEO"];

fn row(task: &Task) -> [String; 5] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        or_dash(task.task_no.as_ref().map(ToString::to_string)),
        task.status.to_string(),
        or_dash(task.transcription_type.map(|it| it.to_string())),
        or_dash(
            task.submitted_at
                .map(|time| time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()),
        ),
        or_dash(task.video_no.as_ref().map(ToString::to_string)),
    ]
}
