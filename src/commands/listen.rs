//! `mavi listen`: receives callbacks and delivers each result as it arrives.

use crate::cli::{Listen, Waiting};
use crate::engine::job::{Callbacks, Job, JobOptions, Polls};
use crate::engine::resume::{ResumeCommands, TO_POLL};
use crate::engine::{self, CallbackReceiver, EventQueue, ListenOptions, RunParts};
use crate::error::{Error, ExitStatus};

use super::Context;
use super::run_parts::job_options;

pub(super) fn run(context: &Context, args: &Listen) -> anyhow::Result<ExitStatus> {
    if args.count == Some(0) {
        let error = Error::usage("--count must be at least 1");
        return Err(error
            .with_hint("leave it out to receive without a limit")
            .into());
    }
    let settings = context.settings(args.output.layer())?;
    let results = context.results(&args.output, &settings, args.count != Some(1))?;
    if results.is_collected() {
        let error = Error::usage(
            "a sender is answered once its result is written, so each result needs a file of its own",
        );
        return Err(error
            .with_hint("put {taskNo} into the file name of -o")
            .into());
    }
    let queue = EventQueue::new();
    let journal = context.journal(&settings);
    if !args.any && !args.verify {
        journal.require()?;
    }
    let options = ListenOptions {
        addr: args.addr,
        public_url: args.public_url.clone(),
        path_secret_file: args.path_secret_file.clone(),
        body_limit: *settings.max_reply_size,
    };
    let parts = if args.verify {
        context.run_parts(&settings, queue, false, None)?
    } else {
        context.local_parts(&settings, queue)
    };
    let base_url = &settings.base_url.value;
    let receiver = CallbackReceiver::bind(&options, base_url, &context.reporter, &parts.queue)?;
    context.reporter.always(&format!(
        "listening; the callback address is {}",
        receiver.callback_url()
    ));
    let timeout = args.timeout.filter(|timeout| !timeout.is_zero());
    let parts = RunParts {
        resume: ResumeCommands {
            wait: context.wait_command(&Waiting::default(), &args.output, None),
            purpose: Some(TO_POLL),
            ..ResumeCommands::default()
        },
        results: Some(results),
        receiver: Some(receiver),
        count: args.count,
        timeout,
        ..parts
    };
    let polls = if args.verify {
        Polls::Verify
    } else {
        Polls::Never
    };
    let options = JobOptions {
        callbacks: Some(Callbacks {
            takes_all: true,
            accepts_unknown_tasks: args.any || args.verify,
            is_reachable: true,
            advice: "",
            count: args.count,
        }),
        ..job_options(&settings, &parts, polls)
    };
    engine::run(Job::new(options, []), parts)
}
