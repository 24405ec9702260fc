//! The terminal as the spinner sees it: a few columns narrower than it is, so that the `^C` of an
//! interrupt stays on the spinner's line and goes with it.

use std::io;

use console::Term;
use indicatif::TermLike;

/// Columns that spinner and bars leave free: `^C`, and one for the cursor.
pub(super) const MARGIN: u16 = 3;

/// stderr without its last columns.
#[derive(Debug)]
pub(super) struct SpinnerTerminal(Term);

impl SpinnerTerminal {
    pub(super) fn stderr() -> Self {
        Self(Term::stderr())
    }
}

impl TermLike for SpinnerTerminal {
    fn width(&self) -> u16 {
        TermLike::width(&self.0).saturating_sub(MARGIN).max(1)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
