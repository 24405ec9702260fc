//! `mavi convert`: a saved transcription to another format, with no network and no token.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::Context as _;

use crate::cli::Convert;
use crate::error::{Error, Exit};
use crate::transcript::Transcript;

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
        if let Err(chain) = delivery.emit(transcript) {
            failures.push(context.report(chain)?);
        }
    }
    delivery.finish()?;
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

fn no_transcription(name: &str, why: &dyn std::fmt::Display) -> Error {
    Error::usage(format!("{name} is no transcription: {why}")).with_hint(
        "convert reads what `mavi get -f json` or `-f jsonl` wrote, or a reply of the API",
    )
}
