//! `mavi transcribe`: from video files to their transcriptions, in one command. What is recorded already
//! is used, so that the same command resumes a run that was stopped.

use crate::cli::Transcribe;
use crate::engine::command_line::CommandLine;
use crate::engine::job::{Job, JobOptions, Polls, UploadRules};
use crate::engine::resume::ResumeCommands;
use crate::engine::{self, CallbackReceiver, EventQueue, RunParts};
use crate::error::ExitStatus;

use super::callback_receiver::callbacks;
use super::dry_run::PlannedReuse;
use super::resume_line::{add_output, add_waiting, given};
use super::run_parts::job_options;
use super::{Context, video_inputs, wanted};

pub(super) fn run(context: &Context, args: &Transcribe) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(args.layer())?;
    let sources = video_inputs::read(context, &args.inputs)?;
    let types = &settings.submit.types;
    let several = sources.len() * types.len() > 1;
    let results = context.results(&args.output, &settings, several)?;
    let wanted = wanted::all(&sources, types, Some(&results))?;
    let reuse = !args.again;
    if args.dry_run {
        let items = wanted::plan_items(&wanted, Some(&results));
        let reuse = PlannedReuse {
            uploads: reuse,
            tasks: reuse,
        };
        return context.dry_run(&settings, &items, reuse, true);
    }
    let items = wanted::new_items(&wanted::missing(wanted, &results), reuse);
    if items.is_empty() {
        return Ok(ExitStatus::SUCCESS);
    }
    let timeout = *settings.wait.timeout;
    let queue = EventQueue::new();
    let receiver = context.receiver(&args.waiting, &settings, &queue)?;
    let parts = context.run_parts(&settings, queue, true, timeout)?;
    if reuse {
        parts.journal.require_tasks()?;
    }
    let upload_callback = receiver.as_ref().map(CallbackReceiver::callback_url);
    let upload_callback = upload_callback.map(str::to_owned);
    let callback = (upload_callback.clone()).or_else(|| settings.submit.callback.value.clone());
    let parts = RunParts {
        resume: ResumeCommands {
            wait: context.wait_command(&args.waiting, &args.output, receiver.as_ref()),
            again: again(context, args),
            repeats: true,
            reuse_flag: None,
            collects_results: results.is_collected(),
            has_journal: parts.journal.require().is_ok(),
            purpose: None,
        },
        reuse,
        commands: context.hint_commands_for(&args.output, results.is_collected()),
        results: Some(results),
        receiver,
        callback,
        upload_callback,
        timeout,
        ..parts
    };
    let options = JobOptions {
        callbacks: callbacks(parts.receiver.as_ref(), &args.waiting),
        uploads: UploadRules {
            waits_for_parse: true,
            reuse,
        },
        ..job_options(&settings, &parts, Polls::UntilEnd)
    };
    engine::run(Job::new(options, items), parts)
}

/// Returns this command, which pays for nothing twice: without `--again`.
fn again(context: &Context, args: &Transcribe) -> Option<CommandLine> {
    let inputs = given(&args.inputs)?;
    let mut line = context.command_line("transcribe", args.layer());
    add_waiting(&mut line, &args.waiting);
    add_output(&mut line, &args.output);
    Some(line.with_args(inputs))
}
