//! The lists of IDs that commands take: arguments, and lines of stdin for `-`. An invalid ID is a usage
//! error before any request; an ID given twice counts once.

use std::collections::HashSet;
use std::ffi::OsString;
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
    if context.terminal.stdin_is_terminal && arguments.iter().any(|argument| argument == "-") {
        let note = "reading IDs from the terminal, one per line; finish with Ctrl-D";
        context.reporter.info(note);
    }
    let items = collect(arguments, parse)?;
    if items.is_empty() && !arguments.is_empty() {
        context.reporter.info("no IDs on stdin, nothing to do");
    }
    Ok(items)
}

fn collect<T: Clone + Eq + Hash>(
    arguments: &[OsString],
    parse: impl Fn(&str) -> Result<T, Error>,
) -> anyhow::Result<Vec<T>> {
    let mut items = Vec::new();
    let mut stdin_read = false;
    for argument in arguments {
        if argument != "-" {
            let text = argument
                .to_str()
                .ok_or_else(|| Error::usage(format!("{} is not UTF-8", argument.display())))?;
            items.push(parse(text)?);
        } else if !std::mem::replace(&mut stdin_read, true) {
            read_lines(io::BufReader::new(streams::stdin()), &parse, &mut items)?;
        }
    }
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(item.clone()));
    Ok(items)
}

/// Reads one ID per line, without blank lines, `#` comments, byte order marks and CRs.
fn read_lines<T>(
    lines: impl io::BufRead,
    parse: &impl Fn(&str) -> Result<T, Error>,
    items: &mut Vec<T>,
) -> anyhow::Result<()> {
    for (number, line) in lines.split(b'\n').enumerate() {
        let line = line.context("could not read stdin")?;
        let place = || format!("line {} of stdin", number + 1);
        let text = str::from_utf8(&line)
            .map_err(|_| Error::usage("it is not UTF-8"))
            .with_context(place)?;
        let text = strip_bom(text).trim();
        if !text.is_empty() && !text.starts_with('#') {
            items.push(parse(text).with_context(place)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TaskNo;

    fn lines(text: &[u8]) -> anyhow::Result<Vec<String>> {
        let mut items = Vec::new();
        read_lines(
            text,
            &|text| TaskNo::new(text).map(|task| task.to_string()),
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
        assert_eq!(collect(&arguments, TaskNo::new).unwrap().len(), 2);
    }
}
