//! stdout as the place for results.

use std::io::{self, Write};

use anyhow::Context as _;

use crate::error::{Error, ErrorKind};
use crate::{streams, ui};

/// Writes to stdout through one buffer and checks that everything arrived. Gives up with
/// [`io::ErrorKind::Interrupted`] if the reader is slow and the program has been asked to end.
pub fn to_stdout<T>(write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> anyhow::Result<T> {
    check_stdout()?;
    streams::write_to(io::stdout().lock(), write).context("could not write to stdout")
}

/// Checks that stdout is open: better found out before anything is paid for.
pub fn check_stdout() -> Result<(), Error> {
    if ui::stdout_is_closed() {
        let error = Error::new(
            ErrorKind::Io,
            "stdout is closed, so there is no place for the result",
        );
        return Err(error.with_hint("run the command with stdout open, or redirected to a file"));
    }
    Ok(())
}
