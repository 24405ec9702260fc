//! Prints the list of recorded tasks.

use std::io::Write;

use anstyle::AnsiColor;
use jiff::Timestamp;

use crate::cli::{TasksArgs, TasksFormat};
use crate::commands::Context;
use crate::journal::{Task, TaskStatus};
use crate::output::to_stdout;
use crate::render::{Style, columns};
use crate::text::count;
use crate::when;

use super::status;

/// Prints the tasks that the filters select, and a note about submits with no answer.
pub(super) fn list(
    context: &Context,
    args: &TasksArgs,
    mut tasks: Vec<&Task>,
) -> anyhow::Result<()> {
    let status = status(args.status);
    let recorded = tasks.len();
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
    if recorded > 0 && tasks.is_empty() && args.format == TasksFormat::Table {
        context.reporter.info("no tasks match");
    }
    let style = context.stdout_style();
    to_stdout(|out| write(args, shown, &style, out))?;
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
             tasks, so mavi cannot find out; to remove {records} a day old, run: {}",
            count(unknown, "submit"),
            (context.hint_commands().unknown_submits()).with("--prune").with("1d")
        ));
    }
    Ok(())
}

fn write(
    args: &TasksArgs,
    tasks: &[&Task],
    style: &Style,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    match args.format {
        TasksFormat::Table => write_table(args, tasks, style, out),
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

/// Writes the table. On a terminal, people see the newest tasks first, and their ages; scripts read the
/// order of the other formats and points in time.
fn write_table(
    args: &TasksArgs,
    tasks: &[&Task],
    style: &Style,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let now = Timestamp::now();
    let (time_header, time): (_, &dyn Fn(Timestamp) -> String) = if style.is_terminal {
        ("AGE", &|time| when::age(time, now))
    } else {
        ("SUBMITTED", &|time: Timestamp| {
            format!("{time:.0}").replacen('T', " ", 1)
        })
    };
    let mut rows: Vec<_> = tasks.iter().map(|task| row(task, time)).collect();
    if style.is_terminal {
        rows.reverse();
    }
    let header = ["TASK", "STATUS", "TYPE", time_header, "VIDEO", "SERVICE"];
    if args.all_services {
        columns::write(header, rows.into_iter(), STATUS, style, out)
    } else {
        let [header @ .., _] = header;
        let rows = rows.into_iter().map(|[row @ .., _]| row);
        columns::write(header, rows, STATUS, style, out)
    }
}

/// The position of the column of statuses, and their colours.
const STATUS: (usize, fn(&str) -> anstyle::Style) = (1, |status| {
    let colour = match TaskStatus::from_name(status) {
        Some(TaskStatus::Finished) => AnsiColor::Green,
        Some(TaskStatus::Failed) => AnsiColor::Red,
        Some(TaskStatus::Unknown) => AnsiColor::Magenta,
        Some(TaskStatus::Pending) | None => AnsiColor::Yellow,
    };
    colour.on_default()
});

fn row(task: &Task, time: &dyn Fn(Timestamp) -> String) -> [String; 6] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        or_dash(task.task_no.as_ref().map(ToString::to_string)),
        task.status.to_string(),
        or_dash(task.transcription_type.map(|it| it.to_string())),
        or_dash(task.submitted_at.map(time)),
        or_dash(task.video_no.as_ref().map(ToString::to_string)),
        task.base_url.to_string(),
    ]
}
