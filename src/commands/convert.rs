//! `mavi convert`: converts a saved transcription to another format, with no network and no token.

mod input;

use std::borrow::Cow;
use std::path::Path;

use crate::cli::Convert;
use crate::engine::ResultWriter;
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::output::ItemNames;
use crate::text;
use crate::transcript::{Segment, Status, Transcript};

use super::Context;
use input::{Input, is_stdin, named_code, not_a_transcription, refused};

pub(super) fn run(context: &Context, args: &Convert) -> anyhow::Result<ExitStatus> {
    if args.files.iter().filter(|file| is_stdin(file)).count() > 1 {
        return Err(Error::usage("`-` is given twice, and stdin can be read once").into());
    }
    let settings = context.settings(args.output.layer())?;
    let unit = *settings.time_unit;
    if let [file] = &args.files[..] {
        let input = Input::read(context, file)?;
        let transcripts = input.transcripts(unit)?;
        let results = context.results(&args.output, &settings, transcripts.len() > 1)?;
        protect(&results, args)?;
        let failures = convert_all(context, &results, &input, &transcripts, false)?;
        results.finish()?;
        return Ok(ExitStatus::combine(failures));
    }
    let results = context.results(&args.output, &settings, true)?;
    protect(&results, args)?;
    let mut failures = Vec::new();
    for file in &args.files {
        let converted = Input::read(context, file).and_then(|input| {
            let transcripts = input.transcripts(unit)?;
            convert_all(context, &results, &input, &transcripts, true)
        });
        match converted {
            Ok(failed) => failures.extend(failed),
            Err(chain) => failures.push(context.report(chain)?),
        }
    }
    results.finish()?;
    Ok(ExitStatus::combine(failures))
}

/// Returns the name of a file without its extension; `None` for stdin.
fn stem(file: &Path) -> Option<Cow<'_, str>> {
    let stem = file.file_stem().filter(|_| !is_stdin(file))?;
    Some(stem.to_string_lossy())
}

/// Checks that no output whose name is known would replace an input, before anything is written.
fn protect(results: &ResultWriter, args: &Convert) -> Result<(), Error> {
    if args.output.no_clobber {
        return Ok(());
    }
    let files = || {
        args.files
            .iter()
            .map(|file| &**file)
            .filter(|file| !is_stdin(file))
    };
    results.protect(files())?;
    for file in files() {
        let stem = stem(file);
        let names = ItemNames {
            stem: stem.as_deref(),
            ..ItemNames::default()
        };
        results.check_paths([(file.to_string_lossy().into_owned(), names)])?;
    }
    Ok(())
}

/// Writes the transcriptions of one input. Reports those that fail, and returns their statuses.
fn convert_all(
    context: &Context,
    results: &ResultWriter,
    input: &Input<'_>,
    transcripts: &[Transcript<'_>],
    is_one_of_several: bool,
) -> anyhow::Result<Vec<ExitStatus>> {
    let stem = stem(input.file);
    let asked = ItemNames {
        stem: stem.as_deref(),
        ..ItemNames::default()
    };
    let file = is_one_of_several.then_some(&*input.name);
    let mut failures = Vec::new();
    for transcript in transcripts {
        if let Err(chain) = convert_one(context, results, &input.name, transcript, &asked, file) {
            failures.push(context.report(chain)?);
        }
    }
    Ok(failures)
}

/// Writes a transcription. Fails for one without text that was refused, or whose task has failed or not
/// finished: an empty file would look like a success.
fn convert_one(
    context: &Context,
    results: &ResultWriter,
    name: &str,
    transcript: &Transcript<'_>,
    asked: &ItemNames<'_>,
    file: Option<&str>,
) -> anyhow::Result<()> {
    let empty = transcript.segments.is_empty();
    let task = text::one_line(&transcript.task_no);
    let (whose, wait) = match &*task {
        "" => (name.to_owned(), None),
        task => (
            format!("{name}: task {task}"),
            Some(format!(
                "to fetch it, run: {}",
                context
                    .service_command(["wait", "-f", "json"])
                    .with_args([task])
            )),
        ),
    };
    match &transcript.refusal {
        Some(code) if empty => return Err(refused(&whose, code).with_task(&*task).into()),
        Some(code) => context.reporter.warn(&format!(
            "{whose}: saved from a reply that does not say success ({}); its text may be incomplete",
            named_code(code)
        )),
        None => {}
    }
    match &transcript.status {
        Some(Status::Failed) if empty => {
            let message = format!("{whose}: the service reports that the transcription failed");
            return Err(Error::new(ErrorKind::TaskFailed, message)
                .with_task(&*task)
                .with_hint("submit the video again, then convert its result")
                .into());
        }
        Some(Status::Unfinished | Status::Unknown(_)) if empty => {
            let message = format!("{whose}: saved before the task finished, so it has no text");
            let error = Error::new(ErrorKind::Unfinished, message).with_task(&*task);
            return Err(match wait {
                Some(command) => error.with_hint(command).into(),
                None => error.into(),
            });
        }
        Some(Status::Unfinished | Status::Unknown(_)) => context.reporter.warn(&format!(
            "{whose}: saved before the task finished; its text may be incomplete"
        )),
        _ => {}
    }
    if !empty && transcript.segments.iter().all(Segment::is_empty) {
        let why = "no segment has a `content`, a `startTime` or an `endTime`";
        return Err(not_a_transcription(&whose, why).into());
    }
    results.write(transcript, asked, file).map(drop)
}
