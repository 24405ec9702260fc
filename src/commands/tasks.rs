//! `mavi tasks`: what is on record of the tasks that were paid for.

use std::io::Write;

use jiff::Timestamp;

use crate::cli::{StatusFilter, Tasks as Args, TasksFormat};
use crate::error::Exit;
use crate::journal::{Task, TaskStatus};
use crate::output::to_stdout;
use crate::render::columns;

use super::record::Record;
use super::{Context, connect};

pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Exit> {
    let settings = context.settings(&connect::overrides(&context.global))?;
    let record = Record::open(context, &settings);
    if let Some(age) = args.prune {
        let pruned = record.require()?.prune(age, Timestamp::now())?;
        context.progress.note(&format!(
            "{pruned} tasks that ended more than {} ago are forgotten",
            crate::duration::format(age)
        ));
        return Ok(Exit::SUCCESS);
    }
    let tasks = record.require_tasks()?;
    if tasks.unreadable() > 0 {
        context.progress.warn(&format!(
            "{} lines of the journal could not be read",
            tasks.unreadable()
        ));
    }
    let shown: Vec<&Task> = tasks
        .as_slice()
        .iter()
        .filter(|task| matches(args.status, task.status))
        .collect();
    to_stdout(|out| write(args.format, &shown, out))?;
    if tasks.as_slice().is_empty() {
        context
            .progress
            .note("nothing is on record yet: `mavi submit` writes down what it submits");
    }
    let unknown = shown
        .iter()
        .filter(|task| task.status == TaskStatus::Unknown)
        .count();
    if unknown > 0 {
        context.progress.note(&format!(
            "{unknown} submits have no recorded answer and may have been accepted: look for their tasks at the service \
             before you submit those videos again; `mavi tasks --prune 1d` forgets them"
        ));
    }
    Ok(Exit::SUCCESS)
}

fn matches(filter: StatusFilter, status: TaskStatus) -> bool {
    match filter {
        StatusFilter::All => true,
        StatusFilter::Pending => status == TaskStatus::Pending,
        StatusFilter::Finished => status == TaskStatus::Finished,
        StatusFilter::Failed => status == TaskStatus::Failed,
        StatusFilter::Unknown => status == TaskStatus::Unknown,
    }
}

fn write(format: TasksFormat, tasks: &[&Task], out: &mut dyn Write) -> std::io::Result<()> {
    match format {
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
            .try_for_each(|number| writeln!(out, "{number}")),
    }
}

const HEADER: [&str; 5] = ["TASK", "STATUS", "TYPE", "SUBMITTED", "VIDEO"];

fn row(task: &Task) -> [String; 5] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        or_dash(task.task_no.as_ref().map(ToString::to_string)),
        task.status.to_string(),
        or_dash(task.transcription_type.map(|kind| kind.to_string())),
        or_dash(
            task.submitted_at
                .map(|time| time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()),
        ),
        or_dash(task.video_no.as_ref().map(ToString::to_string)),
    ]
}
