//! `mavi upload`: uploads video files and prints their video IDs.

use std::sync::Arc;

use clap::ValueEnum as _;

use crate::cli::{UploadArgs, UploadFormat};
use crate::engine::command_line::CommandLine;
use crate::engine::item::NewItem;
use crate::engine::job::{Job, JobOptions, Polls, UploadRules};
use crate::engine::plan::{PlanItem, VideoSource};
use crate::engine::resume::ResumeCommands;
use crate::engine::{self, EventQueue, RunParts, UploadOutput};
use crate::error::{Error, ExitStatus};
use crate::output::check_stdout;
use crate::urls;
use crate::video_file::VideoFile;

use super::dry_run::PlannedReuse;
use super::resume_line::given;
use super::run_parts::job_options;
use super::{Context, video_inputs};

pub(super) fn run(context: &Context, args: &UploadArgs) -> anyhow::Result<ExitStatus> {
    check(args)?;
    let settings = context.settings(args.timeout.layer())?;
    let output = upload_output(args.format)?;
    let files = video_inputs::read_files(context, &args.files, args.name.as_deref(), args.reuse)?;
    if args.dry_run {
        let item = |file: &Arc<VideoFile>| PlanItem {
            source: VideoSource::File(Arc::clone(file)),
            transcription_type: None,
            existing: None,
        };
        let items: Vec<PlanItem> = files.iter().map(item).collect();
        let reuse = PlannedReuse {
            uploads: args.reuse,
            tasks: false,
        };
        return context.dry_run(&settings, &items, reuse, false);
    }
    if files.is_empty() {
        return Ok(ExitStatus::SUCCESS);
    }
    let timeout = settings.wait.timeout.filter(|_| args.wait);
    let parts = context.run_parts(&settings, EventQueue::new(), true, timeout)?;
    let uploads = if args.reuse {
        Some(parts.journal.require_uploads()?)
    } else {
        parts.journal.uploads()
    };
    let base_url = settings.base_url.as_str();
    let item = |file: Arc<VideoFile>| NewItem::Upload {
        is_hashed: args.reuse
            || (uploads.as_ref()).is_some_and(|uploads| uploads.has_size(base_url, file.size)),
        file,
        types: Vec::new(),
    };
    let items: Vec<NewItem> = files.into_iter().map(item).collect();
    let parts = RunParts {
        resume: ResumeCommands {
            again: again(context, args),
            repeats: true,
            reuse_flag: (!args.reuse).then_some("--reuse"),
            has_journal: parts.journal.require().is_ok(),
            ..ResumeCommands::default()
        },
        upload_output: Some(output),
        upload_callback: args.callback.clone(),
        reuse: args.reuse,
        timeout,
        ..parts
    };
    let options = JobOptions {
        uploads: UploadRules {
            waits_for_parse: args.wait,
            reuse: args.reuse,
        },
        ..job_options(&settings, &parts, Polls::Never)
    };
    engine::run(Job::new(options, items), parts)
}

/// Checks the flags that the command line cannot check alone.
fn check(args: &UploadArgs) -> Result<(), Error> {
    if args.timeout.timeout.is_some() && !args.wait {
        return Err(Error::usage("--timeout requires --wait"));
    }
    if let Some(name) = &args.name {
        check_name(name)?;
    }
    let is_url = |url: &String| urls::parse_http(url).is_some();
    if args.callback.as_ref().is_some_and(|url| !is_url(url)) {
        // It may hold a secret, so it is not shown.
        let message = "--callback must be an absolute http or https URL";
        return Err(Error::usage(message).with_hint("such as https://example.com/hook"));
    }
    Ok(())
}

/// Checks the name of a video, which may become that of a file.
fn check_name(name: &str) -> Result<(), Error> {
    let why = if name.trim().is_empty() {
        "--name is empty"
    } else if name.contains(char::is_control) {
        "--name contains control characters"
    } else if name.contains(['/', '\\']) {
        "--name contains a path separator"
    } else {
        return Ok(());
    };
    Err(Error::usage(why).with_hint("give a name such as 'Board meeting.mp4'"))
}

fn upload_output(format: Option<UploadFormat>) -> Result<UploadOutput, Error> {
    let output = match format {
        None => UploadOutput::VideoNos,
        Some(UploadFormat::Json) => UploadOutput::Json,
        Some(UploadFormat::Jsonl) => UploadOutput::Jsonl,
        Some(UploadFormat::Table) => UploadOutput::Table,
    };
    check_stdout()?;
    Ok(output)
}

/// Returns this command with `--reuse`, which pays for nothing twice.
fn again(context: &Context, args: &UploadArgs) -> Option<CommandLine> {
    let files = given(&args.files)?;
    let mut line = context.command_line("upload", args.timeout.layer());
    line.option("--name", args.name.clone());
    line.option("--callback", args.callback.clone());
    line.switch("--reuse", true);
    line.switch("--wait", args.wait);
    let format = args.format.and_then(|format| format.to_possible_value());
    line.option(
        "--format",
        format.map(|format| format.get_name().to_owned()),
    );
    Some(line.with_args(files))
}
