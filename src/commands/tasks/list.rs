//! Prints the list of recorded tasks.

use std::io::Write;

use crate::cli::{TasksArgs, TasksFormat};
use crate::commands::Context;
use crate::journal::{Task, TaskStatus};
use crate::output::to_stdout;
use crate::render::columns;
use crate::text::count;

use super::status;

/// Prints the tasks that the filters select, newest last, and a note about submits with no answer.
pub(super) fn list(
    context: &Context,
    args: &TasksArgs,
    mut tasks: Vec<&Task>,
) -> anyhow::Result<()> {
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
        let (have, records) = match unknown {
            1 => ("has", "the record once it is"),
            _ => ("have", "the records once they are"),
        };
        context.reporter.info(&format!(
            "{} {have} no recorded answer and may have been accepted and paid for; the service has no list of \
             tasks, so mavi cannot find out; to remove {records} a day old, run: mavi tasks --status unknown \
             --prune 1d",
            count(unknown, "submit")
        ));
    }
    Ok(())
}

fn write(args: &TasksArgs, tasks: &[&Task], out: &mut dyn Write) -> std::io::Result<()> {
    match args.format {
        TasksFormat::Table if args.all_services => {
            let with_service = |task: &&Task| {
                let [id, status, of, submitted, video] = row(task);
                [id, status, of, submitted, video, task.base_url.to_string()]
            };
            columns::write(ALL_SERVICES_HEADER, tasks.iter().map(with_service), out)
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
const ALL_SERVICES_HEADER: [&str; 6] = ["TASK", "STATUS", "TYPE", "SUBMITTED", "VIDEO", "SERVICE"];

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
