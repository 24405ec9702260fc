//! `mavi convert`: a saved transcription to another format, with no network and no token.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::cli::Convert;
use crate::error::{Error, Exit, Kind};
use crate::text;
use crate::transcript::{Status, Transcript};

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
    let text =
        String::from_utf8(bytes).map_err(|error| no_transcription(&name, &error.utf8_error()))?;
    let json = text.trim_start_matches('\u{feff}');
    let transcripts = Transcript::parse_saved(json, *settings.time_unit)
        .map_err(|error| no_transcription(&name, &error))?;
    if transcripts.is_empty() {
        return Err(no_transcription(&name, &"it is empty").into());
    }
    let delivery = Delivery::plan(context, &args.output, &settings, transcripts.len() > 1)?;
    let mut failures = Vec::new();
    for transcript in &transcripts {
        if let Err(chain) = one(context, &delivery, &name, transcript) {
            failures.push(context.report(chain)?);
        }
    }
    delivery.finish()?;
    Ok(Exit::of_failures(failures))
}

/// Prints a transcription, unless it is known to be none: an empty file that looks like a success
/// would hide that.
fn one(
    context: &Context,
    delivery: &Delivery<'_>,
    name: &str,
    transcript: &Transcript<'_>,
) -> anyhow::Result<()> {
    let empty = transcript.segments.is_empty();
    let task = text::one_line(&transcript.task_no);
    match &transcript.status {
        Some(Status::Failed) if empty => {
            let message = format!("{name}: the service says that the transcription failed");
            return Err(Error::new(Kind::TaskFailed, message)
                .with_task(&*task)
                .with_hint("submit the video again, then convert its result")
                .into());
        }
        Some(Status::Unfinished | Status::Unknown(_)) if empty => {
            let message = format!("{name} was saved before the task ended: it has no text yet");
            let hint = format!("mavi wait {} -f json", shell_words::quote(&task));
            return Err(Error::new(Kind::Unfinished, message)
                .with_task(&*task)
                .with_hint(hint)
                .into());
        }
        Some(Status::Unfinished | Status::Unknown(_)) => context.progress.warn(&format!(
            "{name} was saved before the task ended: its text may not be complete"
        )),
        None if empty => refuse_stranger(name, transcript.json())?,
        _ => {}
    }
    delivery.print(transcript)
}

/// An object with neither a status nor segments: a refusal of the API, or not from it at all.
fn refuse_stranger(name: &str, json: &str) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Stranger {
        code: Option<Value>,
        msg: Option<String>,
        transcriptions: Option<Vec<IgnoredAny>>,
    }
    match serde_json::from_str(json) {
        Ok(Stranger {
            code: Some(code),
            msg,
            ..
        }) => {
            let said = text::excerpt(&format!("{code}: {}", msg.unwrap_or_default()), 200);
            Err(no_transcription(
                name,
                &format_args!("the API refused with code {said}"),
            ))
        }
        Ok(Stranger {
            transcriptions: None,
            ..
        }) => Err(no_transcription(name, &"it has no `transcriptions`")),
        // A list without segments is silence.
        _ => Ok(()),
    }
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

fn no_transcription(name: &str, why: &dyn std::fmt::Display) -> Error {
    Error::usage(format!("{name} is no transcription: {why}")).with_hint(
        "convert reads what `mavi get -f json` or `-f jsonl` wrote, or a reply of the API",
    )
}
