//! The lists of IDs and files that commands take: arguments, and lines of stdin for `-`. What is invalid
//! is a usage error before any request; what is given twice counts once.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::hash::Hash;
use std::io;

use anyhow::Context as _;

use super::Context;
use crate::error::Error;
use crate::streams;
use crate::text::strip_bom;

/// Reads the IDs that the arguments name, in order, each with `parse`. Prints a note if it reads them
/// from a terminal, and if stdin has none.
pub(super) fn read<T: Clone + Eq + Hash>(
    context: &Context,
    arguments: &[OsString],
    parse: impl Fn(&str) -> Result<T, Error>,
) -> anyhow::Result<Vec<T>> {
    let parse = |text: &OsStr| match text.to_str() {
        Some(text) => parse(text),
        None => Err(Error::usage(format!("{} is not UTF-8", text.display()))),
    };
    read_paths(context, "IDs", arguments, parse, T::clone)
}

/// Reads what the arguments name, in order, each with `parse`; it may be the name of a file, in any
/// encoding. Of those with the same `key`, only the first is returned. `what` names them in notes.
pub(super) fn read_paths<T, K: Eq + Hash>(
    context: &Context,
    what: &str,
    arguments: &[OsString],
    parse: impl Fn(&OsStr) -> Result<T, Error>,
    key: impl Fn(&T) -> K,
) -> anyhow::Result<Vec<T>> {
    if context.terminal.stdin_is_terminal && arguments.iter().any(|argument| argument == "-") {
        let note = format!("reading {what} from the terminal, one per line; finish with Ctrl-D");
        context.reporter.info(&note);
    }
    let items = collect(arguments, parse, key)?;
    if items.is_empty() && !arguments.is_empty() {
        let note = format!("no {what} on stdin, nothing to do");
        context.reporter.info(&note);
    }
    Ok(items)
}

fn collect<T, K: Eq + Hash>(
    arguments: &[OsString],
    parse: impl Fn(&OsStr) -> Result<T, Error>,
    key: impl Fn(&T) -> K,
) -> anyhow::Result<Vec<T>> {
    let mut items = Vec::new();
    let mut stdin_read = false;
    for argument in arguments {
        if argument != "-" {
            items.push(parse(argument)?);
        } else if !std::mem::replace(&mut stdin_read, true) {
            read_lines(io::BufReader::new(streams::stdin()), &parse, &mut items)?;
        }
    }
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(key(item)));
    Ok(items)
}

/// Reads one item per line, without blank lines, `#` comments, byte order marks and CRs.
fn read_lines<T>(
    lines: impl io::BufRead,
    parse: &impl Fn(&OsStr) -> Result<T, Error>,
    items: &mut Vec<T>,
) -> anyhow::Result<()> {
    for (number, line) in lines.split(b'\n').enumerate() {
        let line = line.context("could not read stdin")?;
        let place = || format!("line {} of stdin", number + 1);
        let item = os_str(&line).with_context(place)?;
        let is_comment = item.to_str().is_some_and(|item| item.starts_with('#'));
        if !item.is_empty() && !is_comment {
            items.push(parse(item).with_context(place)?);
        }
    }
    Ok(())
}

/// Returns the item on a line. A file name in another encoding is taken as it is, where files have such.
#[cfg_attr(unix, expect(clippy::unnecessary_wraps, reason = "fails elsewhere"))]
fn os_str(line: &[u8]) -> Result<&OsStr, Error> {
    match str::from_utf8(line) {
        Ok(text) => Ok(OsStr::new(strip_bom(text).trim())),
        #[cfg(unix)]
        Err(_) => Ok(std::os::unix::ffi::OsStrExt::from_bytes(line.trim_ascii())),
        #[cfg(not(unix))]
        Err(_) => Err(Error::usage("it is not UTF-8")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TaskNo;

    fn task(text: &OsStr) -> Result<TaskNo, Error> {
        TaskNo::new(text.to_str().ok_or_else(|| Error::usage("not UTF-8"))?)
    }

    fn lines(text: &[u8]) -> anyhow::Result<Vec<String>> {
        let mut items = Vec::new();
        read_lines(
            text,
            &|text| task(text).map(|task| task.to_string()),
            &mut items,
        )?;
        Ok(items)
    }

    #[test]
    fn blank_lines_and_comments_are_skipped() {
        assert_eq!(
            lines(b"\xef\xbb\xbfT1\r\n\n  # later\n T2 \nT3").unwrap(),
            ["T1", "T2", "T3"]
        );
        assert!(lines(b"").unwrap().is_empty());
    }

    #[test]
    fn invalid_line_is_named() {
        for bad in [&b"T1\nT\x1b2\n"[..], b"T1\n\xff\xfe\n"] {
            let error = Error::from_anyhow(&lines(bad).unwrap_err());
            assert!(error.message.starts_with("line 2 of stdin: "), "{error}");
            assert_eq!(error.kind.exit().code(), 2);
        }
    }

    #[test]
    fn id_given_twice_counts_once() {
        let arguments = ["B", "A", "B"].map(OsString::from);
        assert_eq!(collect(&arguments, task, TaskNo::clone).unwrap().len(), 2);
    }
}
