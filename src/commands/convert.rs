//! `mavi convert`: a saved transcription to another format, with no network and no token.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::string::FromUtf8Error;

use anyhow::Context as _;

use crate::cli::Convert;
use crate::error::{Error, Exit};
use crate::text;
use crate::transcript::{ParseError, Status, Transcript};

use super::Context;
use super::connect::{self, AddTo as _};
use super::deliver::Delivery;

pub(super) fn run(context: &Context, args: &Convert) -> anyhow::Result<Exit> {
    let settings = context.settings(&args.output.add_to(connect::overrides(&context.global)))?;
    let name = if args.file == Path::new("-") {
        "stdin".into()
    } else {
        args.file.to_string_lossy()
    };
    if args.file == Path::new("-") && context.terminal.stdin_is_terminal {
        context
            .progress
            .note("reading a transcription from the terminal; Ctrl-D ends it");
    }
    let bytes = read(&args.file).with_context(|| format!("could not read {name}"))?;
    let input = String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error))?;
    let json = input.trim_start_matches('\u{feff}');
    let transcripts = Transcript::parse_saved(json, *settings.time_unit)
        .map_err(|error| no_transcription(&name, &misread(json, &error)))?;
    if transcripts.is_empty() {
        return Err(no_transcription(&name, "it is empty").into());
    }
    let delivery = Delivery::plan(context, &args.output, &settings, transcripts.len() > 1)?;
    let mut failures = Vec::new();
    for transcript in &transcripts {
        let converted = ended(&name, transcript).map_err(Into::into).and_then(|()| {
            delivery
                .write(transcript)
                .with_context(|| format!("could not convert {name}"))
        });
        if let Err(chain) = converted {
            failures.push(context.report(chain)?);
        }
    }
    delivery
        .finish()
        .with_context(|| format!("could not convert {name}"))?;
    Ok(Exit::of_failures(failures))
}

/// Reads the whole input into one buffer of its size, where the system knows that.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path != Path::new("-") {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    stdin()?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// stdin as a file, whose size is known when it is redirected from one.
#[cfg(unix)]
fn stdin() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// stdin as it is.
#[cfg(not(unix))]
fn stdin() -> io::Result<impl io::Read> {
    Ok(io::stdin())
}

/// What was saved of a task that has not ended, or failed, holds nothing to convert.
fn ended(name: &str, transcript: &Transcript<'_>) -> Result<(), Error> {
    let task = text::one_line(&transcript.task_no);
    let status = match &transcript.status {
        _ if !transcript.segments.is_empty() => return Ok(()),
        None | Some(Status::Finished) => return Ok(()),
        Some(Status::Failed) => "failed".into(),
        Some(Status::Unfinished) => "has not ended".into(),
        Some(Status::Unknown(status)) => format!("has the status {}", text::excerpt(status, 40)),
    };
    let error = Error::usage(format!(
        "{name} holds no transcription: task {task} {status}"
    ));
    Err(if task.is_empty() {
        error
    } else {
        error.with_hint(format!("mavi wait {} -f json", shell_words::quote(&task)))
    })
}

fn no_transcription(name: &str, why: &str) -> Error {
    Error::usage(format!("{name} is no transcription: {why}")).with_hint(
        "convert reads what `mavi get -f json` or `-f jsonl` wrote, or a reply of the API",
    )
}

/// What is wrong with the JSON, and where: with columns as editors count them.
fn misread(json: &str, error: &ParseError) -> String {
    match error.place() {
        (0, _) => error.reason(),
        (line, byte) => {
            let text = json.split('\n').nth(line - 1).unwrap_or_default();
            let column = characters(&text.as_bytes()[..byte.min(text.len())]);
            format!("{} at line {line} column {column}", error.reason())
        }
    }
}

fn not_utf8(name: &str, error: &FromUtf8Error) -> Error {
    let bytes = error.as_bytes();
    let (good, bad) = bytes.split_at(error.utf8_error().valid_up_to());
    let line = memchr::memchr_iter(b'\n', good).count() + 1;
    let column = characters(&good[memchr::memrchr(b'\n', good).map_or(0, |at| at + 1)..]) + 1;
    let byte = bad.first().copied().unwrap_or_default();
    let why = format!("byte {byte:#04x} at line {line} column {column} is not UTF-8");
    let error = no_transcription(name, &why);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        error.with_hint("it looks like UTF-16: save it as UTF-8, or let mavi write it with -o")
    } else {
        error
    }
}

fn characters(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).chars().count()
}
