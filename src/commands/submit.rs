//! `mavi submit`: submits videos and prints their task IDs, or waits for the tasks.

use crate::cli::Submit;
use crate::engine::command_line::CommandLine;
use crate::engine::job::{Job, JobOptions, Polls};
use crate::engine::plan::VideoSource;
use crate::engine::resume::ResumeCommands;
use crate::engine::{self, CallbackReceiver, EventQueue, ResultWriter, RunParts, SubmitOutput};
use crate::error::{Error, ExitStatus};

use super::callback_receiver::callbacks;
use super::dry_run::PlannedReuse;
use super::resume_line::{add_output, add_waiting, given};
use super::run_parts::job_options;
use super::{Context, input_list, video_ids, wanted};

pub(super) fn run(context: &Context, args: &Submit) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(args.layer())?;
    let submit_output = (!args.wait).then(|| submit_output(args)).transpose()?;
    let parse = |text: &str| video_ids::parse_with(text, context.service_command(["transcribe"]));
    let videos = input_list::read(context, &args.videos, parse)?;
    let sources: Vec<VideoSource> = videos.into_iter().map(VideoSource::Video).collect();
    let types = &settings.submit.types;
    let several = sources.len() * types.len() > 1;
    let results = (args.wait)
        .then(|| context.results(&args.output, &settings, several))
        .transpose()?;
    let mut wanted = wanted::all(&sources, types, results.as_ref())?;
    if args.dry_run {
        let items = wanted::plan_items(&wanted, results.as_ref());
        let reuse = PlannedReuse {
            uploads: false,
            tasks: args.reuse,
        };
        return context.dry_run(&settings, &items, reuse, args.wait);
    }
    if let Some(results) = &results {
        wanted = wanted::missing(wanted, results);
    }
    let items = wanted::new_items(&wanted, args.reuse);
    if items.is_empty() {
        return Ok(ExitStatus::SUCCESS);
    }
    let timeout = settings.wait.timeout.filter(|_| args.wait);
    let queue = EventQueue::new();
    let receiver = context.receiver(&args.waiting, &settings, &queue)?;
    let parts = context.run_parts(&settings, queue, true, timeout)?;
    if args.reuse {
        parts.journal.require_tasks()?;
    }
    let callback = receiver.as_ref().map(CallbackReceiver::callback_url);
    let callback = callback
        .or(settings.submit.callback.as_deref())
        .map(str::to_owned);
    let parts = RunParts {
        resume: ResumeCommands {
            wait: if args.wait {
                context.wait_command(&args.waiting, &args.output, receiver.as_ref())
            } else {
                CommandLine::default()
            },
            again: again(context, args),
            reuse_flag: (!args.reuse).then_some("--reuse"),
            collects_results: results.as_ref().is_some_and(ResultWriter::is_collected),
            has_journal: parts.journal.require().is_ok(),
            ..ResumeCommands::default()
        },
        commands: match &results {
            Some(results) => context.hint_commands_for(&args.output, results.is_collected()),
            None => context.hint_commands(),
        },
        reuse: args.reuse,
        results,
        submit_output,
        receiver,
        callback,
        timeout,
        ..parts
    };
    let polls = if args.wait {
        Polls::UntilEnd
    } else {
        Polls::Never
    };
    let options = JobOptions {
        callbacks: callbacks(parts.receiver.as_ref(), &args.waiting),
        ..job_options(&settings, &parts, polls)
    };
    engine::run(Job::new(options, items), parts)
}

/// Returns the form of the list of tasks. A flag that is about transcriptions is a usage error.
fn submit_output(args: &Submit) -> Result<SubmitOutput, Error> {
    let needs_wait = [
        ("--timeout", args.waiting.timeout.timeout.is_some()),
        ("--interval", args.waiting.keys.interval.is_some()),
        ("--listen", args.waiting.listen.is_some()),
        ("--output", args.output.output.is_some()),
        ("--no-clobber", args.output.no_clobber),
        ("--time-unit", args.output.keys.time_unit.is_some()),
        ("--media", args.output.media.is_some()),
        ("--reflow", args.output.reflow),
    ];
    if let Some((flag, _)) = needs_wait.iter().find(|(_, is_given)| *is_given) {
        return Err(Error::usage(format!("{flag} requires --wait")));
    }
    SubmitOutput::new(&args.output.formats)
}

/// Returns this command with `--reuse`, which pays for nothing twice.
fn again(context: &Context, args: &Submit) -> Option<CommandLine> {
    let videos = given(&args.videos)?;
    let mut line = context.command_line("submit", args.layer());
    line.switch("--reuse", true);
    line.switch("--wait", args.wait);
    add_waiting(&mut line, &args.waiting);
    add_output(&mut line, &args.output);
    Some(line.with_args(videos))
}
