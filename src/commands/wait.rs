//! `mavi wait`: polls until each task ends, and prints each as it ends.

use crate::cli::Wait;
use crate::error::{Error, Exit, Kind};
use crate::task::TaskNo;

use super::connect::{self, AddTo as _};
use super::deliver::Delivery;
use super::record::Record;
use super::watch::Watch;
use super::{Context, items};

pub(super) fn run(context: &Context, args: &Wait) -> anyhow::Result<Exit> {
    let overrides = args
        .output
        .add_to(args.waiting.add_to(connect::overrides(&context.global)));
    let settings = context.settings(&overrides)?;
    let record = Record::open(context, &settings);
    let tasks = tasks(context, args, &record)?;
    let delivery = Delivery::plan(context, &args.output, &settings, tasks.len() > 1)?;
    if tasks.is_empty() {
        return Ok(Exit::SUCCESS);
    }
    let session = context.connect(&settings)?;
    let flags = (&args.waiting, &args.output);
    let watch = Watch::new(context, &session, &delivery, &record, &settings, flags)?;
    let known = record.tasks();
    let known = known
        .as_ref()
        .map(|tasks| tasks.by_number(&record.base_url))
        .unwrap_or_default();
    for task in tasks {
        let known = known.get(&task).copied();
        watch.add_known(task, known);
    }
    if let (Some(url), None) = (watch.callback_url(), &args.waiting.path_secret_file) {
        // New in this run: nobody else can tell the service.
        context
            .progress
            .note(&format!("the callback address is {url}"));
    }
    watch.no_more();
    watch.run(*settings.jobs)
}

/// The tasks to wait for: those named, or those on record for the present service.
fn tasks(context: &Context, args: &Wait, record: &Record) -> anyhow::Result<Vec<TaskNo>> {
    let of_service = &record.base_url;
    if args.last {
        let known = record.require_tasks()?;
        let newest = known.newest(of_service).ok_or_else(|| {
            Error::usage(format!("no task of {of_service} is on record")).with_hint(
                "submit a video first; `mavi tasks` lists what is on record, for every address",
            )
        })?;
        let number = newest.task_no.clone().ok_or_else(|| {
            Error::new(
                Kind::Network,
                "the newest submit has no recorded answer: its task is not known",
            )
            .with_hint("mavi tasks --status unknown")
        })?;
        return Ok(vec![number]);
    }
    if args.pending {
        let known = record.require_tasks()?;
        let pending: Vec<TaskNo> = known
            .pending(of_service)
            .filter_map(|task| task.task_no.clone())
            .collect();
        if pending.is_empty() {
            context
                .progress
                .note(&format!("no task of {of_service} is pending"));
        }
        return Ok(pending);
    }
    items::read(context, &args.tasks, TaskNo::new)
}
