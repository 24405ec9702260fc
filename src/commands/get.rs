//! `mavi get`: asks once for each task.

use crate::api::Session;
use crate::cli::Get;
use crate::error::{Error, Exit, Kind};
use crate::journal::Outcome;
use crate::task::TaskNo;
use crate::transcript::Status;

use super::connect::{self, AddTo as _};
use super::deliver::Delivery;
use super::record::{End, Record};
use super::{Context, items};

pub(super) fn run(context: &Context, args: &Get) -> anyhow::Result<Exit> {
    let settings = context.settings(&args.output.add_to(connect::overrides(&context.global)))?;
    let tasks = items::read(context, &args.tasks, TaskNo::new)?;
    let delivery = Delivery::plan(context, &args.output, &settings, tasks.len() > 1)?;
    if tasks.is_empty() {
        return Ok(Exit::SUCCESS);
    }
    let record = Record::open(context, &settings);
    let session = context.connect(&settings)?;
    let mut failures = Vec::new();
    for task in &tasks {
        if delivery.is_settled(task) {
            continue;
        }
        context.progress.state(&format!("getting task {task}"));
        if let Err(chain) = one(context, &session, &delivery, &record, task) {
            failures.push(context.report(chain)?);
        }
    }
    delivery.finish()?;
    Ok(Exit::of_failures(failures))
}

fn one(
    context: &Context,
    session: &Session,
    delivery: &Delivery<'_>,
    record: &Record,
    task: &TaskNo,
) -> anyhow::Result<()> {
    let failed = |error: Error| could_not_get(task, error);
    let reply = session.get(task).map_err(|failure| failed(failure.error))?;
    let transcript = reply
        .transcript()
        .map_err(|failure| failed(failure.error))?;
    match &transcript.status {
        Some(Status::Finished) => {
            delivery.emit(task, &transcript)?;
            record.ended(&End::of(task, &transcript), Outcome::Finished);
            Ok(())
        }
        Some(Status::Failed) => {
            record.ended(&End::of(task, &transcript), Outcome::Failed);
            Err(task_failed(task).into())
        }
        status => {
            if let Some(Status::Unknown(name)) = status {
                context
                    .progress
                    .warn(&unknown_status(task, &reply.shown(name)));
            }
            delivery.emit_unfinished(&transcript)?;
            let error = Error::new(Kind::Unfinished, format!("task {task} has not ended yet"));
            let hint = format!("mavi wait {}", shell_words::quote(task.as_str()));
            Err(error.with_task(task.as_str()).with_hint(hint).into())
        }
    }
}

/// A question about a task that failed.
pub(super) fn could_not_get(task: &TaskNo, error: Error) -> Error {
    error
        .with_task(task.as_str())
        .of(format_args!("could not get task {task}"))
}

/// A status that nobody has described: it counts as not ended.
pub(super) fn unknown_status(task: &TaskNo, name: &str) -> String {
    format!("task {task} has the unknown status {name:?}, which is taken for not ended")
}

/// The service says that the transcription failed.
pub(super) fn task_failed(task: &TaskNo) -> Error {
    let message = format!("task {task}: the service says that the transcription failed");
    Error::new(Kind::TaskFailed, message)
        .with_task(task.as_str())
        .with_hint("submit the video again; if it fails again, ask the service's support")
}
