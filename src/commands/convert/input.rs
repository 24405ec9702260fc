//! The input of `mavi convert`: a file or stdin, and what is said about one that holds no
//! transcription.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::Path;
use std::string::FromUtf8Error;

use anyhow::Context as _;

use super::super::Context;
use crate::error::{Error, ErrorKind};
use crate::transcript::{ParseError, ParseErrorKind, TimeUnit, Transcript};
use crate::{streams, text};

/// A file that was read, or stdin.
pub(super) struct Input<'a> {
    /// The path; `-` is stdin.
    pub(super) file: &'a Path,
    /// The name for messages.
    pub(super) name: Cow<'a, str>,
    text: String,
}

impl<'a> Input<'a> {
    /// Reads the file.
    pub(super) fn read(context: &Context, file: &'a Path) -> anyhow::Result<Self> {
        let is_stdin = is_stdin(file);
        let name = if is_stdin {
            "stdin".into()
        } else {
            file.to_string_lossy()
        };
        if is_stdin && context.terminal.stdin_is_terminal {
            context
                .reporter
                .info("reading a transcription from the terminal; finish with Ctrl-D");
        }
        let bytes = match read(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_stdin => {
                return Err(Error::new(ErrorKind::Io, format!("there is no file {name}")).into());
            }
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                let message = format!("{name} is a directory, not a JSON file");
                return Err(Error::new(ErrorKind::Io, message).into());
            }
            read => read.with_context(|| format!("could not read {name}"))?,
        };
        let text = String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error))?;
        Ok(Self { file, name, text })
    }

    /// Parses what was read, which is at least one transcription.
    pub(super) fn transcripts(&self, unit: TimeUnit) -> anyhow::Result<Vec<Transcript<'_>>> {
        let json = text::strip_bom(&self.text);
        let transcripts = Transcript::parse_saved(json, unit)
            .map_err(|error| unusable(&self.name, json, &error))?;
        if transcripts.is_empty() {
            return Err(not_a_transcription(&self.name, "it is empty").into());
        }
        Ok(transcripts)
    }
}

/// Returns `true` for the path that stands for stdin.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if is_stdin(path) {
        streams::read_stdin()
    } else {
        fs::read(path)
    }
}

const HINT: &str =
    "convert reads the output of `mavi get -f json` or `-f jsonl`, or a reply of the API";

/// Returns the error for an input that holds no transcription.
pub(super) fn not_a_transcription(name: &str, why: &str) -> Error {
    Error::usage(format!("{name} is not a mavi JSON transcription: {why}")).with_hint(HINT)
}

/// Returns the error for a reply that says anything but success.
pub(super) fn refused(name: &str, code: &str) -> Error {
    let meaning = crate::api::code::info(code).text;
    let code = named_code(code);
    let message = format!("{name} is an error reply of the API: {meaning} ({code})");
    Error::usage(message).with_hint(HINT)
}

/// Returns the code of a reply as messages name it.
pub(super) fn named_code(code: &str) -> String {
    match text::excerpt(code, 20) {
        code if code.is_empty() => "an empty code".to_owned(),
        code => format!("code {code}"),
    }
}

/// Returns the error for a text that does not parse, with columns as editors count them.
fn unusable(name: &str, json: &str, error: &ParseError) -> Error {
    let (line, byte) = error.place();
    let text = json.split('\n').nth(line - 1).unwrap_or_default();
    let column = characters(&text.as_bytes()[..byte.min(text.len())]).max(1);
    let place = format!("line {line}, column {column}");
    let reason = error.reason();
    match error.kind() {
        ParseErrorKind::Syntax => {
            Error::usage(format!("{name} is not JSON ({place}): {reason}")).with_hint(HINT)
        }
        ParseErrorKind::Content => not_a_transcription(name, &format!("{reason} ({place})")),
        ParseErrorKind::Refusal(code) => refused(name, code),
    }
}

fn not_utf8(name: &str, error: &FromUtf8Error) -> Error {
    let bytes = error.as_bytes();
    let (good, bad) = bytes.split_at(error.utf8_error().valid_up_to());
    let line = memchr::memchr_iter(b'\n', good).count() + 1;
    let column = characters(&good[memchr::memrchr(b'\n', good).map_or(0, |at| at + 1)..]) + 1;
    let byte = bad.first().copied().unwrap_or_default();
    let why = format!("byte {byte:#04x} is not UTF-8 (line {line}, column {column})");
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
