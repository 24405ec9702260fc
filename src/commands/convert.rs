//! `mavi convert`: converts a saved transcription to another format, with no network and no token.

use std::fs;
use std::io;
use std::path::Path;
use std::string::FromUtf8Error;

use anyhow::Context as _;

use crate::cli::Convert;
use crate::engine::ResultWriter;
use crate::engine::command_line::CommandLine;
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::output::ItemNames;
use crate::transcript::{ParseError, Segment, Status, Transcript};
use crate::{streams, text};

use super::Context;

pub(super) fn run(context: &Context, args: &Convert) -> anyhow::Result<ExitStatus> {
    let settings = context.settings(args.output.layer())?;
    let name = if args.file == Path::new("-") {
        "stdin".into()
    } else {
        args.file.to_string_lossy()
    };
    if args.file == Path::new("-") && context.terminal.stdin_is_terminal {
        context
            .reporter
            .info("reading a transcription from the terminal; finish with Ctrl-D");
    }
    let bytes = read(&args.file).with_context(|| format!("could not read {name}"))?;
    let input = String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error))?;
    let json = text::strip_bom(&input);
    let transcripts = Transcript::parse_saved(json, *settings.time_unit)
        .map_err(|error| not_a_transcription(&name, &describe(json, &error)))?;
    if transcripts.is_empty() {
        return Err(not_a_transcription(&name, "it is empty").into());
    }
    let results = context.results(&args.output, &settings, transcripts.len() > 1)?;
    let stem = args.file.file_stem().and_then(|stem| stem.to_str());
    let asked = ItemNames {
        stem: stem.filter(|stem| *stem != "-"),
        ..ItemNames::default()
    };
    let mut failures = Vec::new();
    for transcript in &transcripts {
        if let Err(chain) = convert_one(context, &results, &name, transcript, &asked) {
            failures.push(context.report(chain)?);
        }
    }
    results.finish()?;
    Ok(ExitStatus::combine(failures))
}

/// Writes a transcription. Fails for one without text whose task has failed or not finished: an empty
/// file would look like a success.
fn convert_one(
    context: &Context,
    results: &ResultWriter,
    name: &str,
    transcript: &Transcript<'_>,
    asked: &ItemNames<'_>,
) -> anyhow::Result<()> {
    let empty = transcript.segments.is_empty();
    let task = text::one_line(&transcript.task_no);
    let (whose, wait) = match &*task {
        "" => (name.to_owned(), None),
        task => (
            format!("{name}: task {task}"),
            Some(format!(
                "to fetch it, run: {}",
                CommandLine::new(["mavi", "wait", "-f", "json"]).with_args([task])
            )),
        ),
    };
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
    results.write(transcript, asked).map(drop)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") {
        streams::read_stdin()
    } else {
        fs::read(path)
    }
}

fn not_a_transcription(name: &str, why: &str) -> Error {
    Error::usage(format!("{name} is not a mavi JSON transcription: {why}")).with_hint(
        "convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API",
    )
}

/// Describes what is wrong with the JSON and where, with columns as editors count them.
fn describe(json: &str, error: &ParseError) -> String {
    let (line, byte) = error.place();
    let text = json.split('\n').nth(line - 1).unwrap_or_default();
    let column = characters(&text.as_bytes()[..byte.min(text.len())]).max(1);
    format!("{} at line {line} column {column}", error.reason())
}

fn not_utf8(name: &str, error: &FromUtf8Error) -> Error {
    let bytes = error.as_bytes();
    let (good, bad) = bytes.split_at(error.utf8_error().valid_up_to());
    let line = memchr::memchr_iter(b'\n', good).count() + 1;
    let column = characters(&good[memchr::memrchr(b'\n', good).map_or(0, |at| at + 1)..]) + 1;
    let byte = bad.first().copied().unwrap_or_default();
    let why = format!("byte {byte:#04x} at line {line} column {column} is not UTF-8");
    let error = not_a_transcription(name, &why);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        error.with_hint("it looks like UTF-16: save it as UTF-8, or let mavi write it with -o")
    } else {
        error
    }
}

fn characters(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).chars().count()
}
