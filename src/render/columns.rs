//! Aligned columns for lists. Header and rows have the same number of columns by their types. Elsewhere
//! than on a terminal each row is one line, whatever its length; on a terminal rows fit its width: the last
//! column is shortened, or columns go below the first ones.

use std::borrow::Cow;
use std::io::{self, Read as _, Write};

use anstyle::Style as Colours;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Style;
use crate::text;

/// Spaces between columns, and before the columns that go below others.
const GAP: usize = 2;

/// Minimum width to which the last column is shortened. If less is left, columns go below others.
const MIN_LAST: usize = 12;

/// Writes the header and the rows, two spaces between columns; nothing on a terminal if there is no row.
/// The cells of the column `coloured` get the colours that `colours` returns for them.
pub fn write<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    (coloured, colours): (usize, fn(&str) -> Colours),
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows: Vec<[String; N]> = rows
        .map(|row| row.map(|cell| text::one_line(&cell).into_owned()))
        .collect();
    if rows.is_empty() && style.is_terminal {
        return Ok(());
    }
    let mut widths = header.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let breaks = arrange(&mut widths, style.width);
    let mut write_row = |cells: [&str; N], colours: &dyn Fn(usize) -> Colours| {
        for (at, cell) in cells.into_iter().enumerate() {
            if breaks.contains(&at) {
                out.write_all(b"\n")?;
                pad(GAP, out)?;
            }
            let cell = shortened(cell, widths[at]);
            if style.colour {
                let colours = colours(at);
                write!(out, "{colours}{cell}{colours:#}")?;
            } else {
                out.write_all(cell.as_bytes())?;
            }
            if at + 1 < N && !breaks.contains(&(at + 1)) {
                pad(widths[at].saturating_sub(cell.width()) + GAP, out)?;
            }
        }
        out.write_all(b"\n")
    };
    write_row(header, &|_| Colours::new().dimmed())?;
    rows.iter().try_for_each(|row| {
        let cells = row.each_ref().map(String::as_str);
        write_row(cells, &|at| {
            if at == coloured {
                colours(cells[at])
            } else {
                Colours::new()
            }
        })
    })
}

/// Returns the columns that start a line below the one before. Narrows the last column instead if that
/// makes a row fit on one line.
fn arrange<const N: usize>(widths: &mut [usize; N], width: Option<usize>) -> Vec<usize> {
    let mut breaks = Vec::new();
    let Some(width) = width else {
        return breaks;
    };
    let before_last: usize = widths[..N - 1].iter().map(|width| width + GAP).sum();
    let left = width.saturating_sub(before_last);
    if left >= widths[N - 1].min(MIN_LAST) {
        widths[N - 1] = widths[N - 1].min(left);
        return breaks;
    }
    let mut used = 0;
    for (at, column) in widths.iter().enumerate() {
        if at > 0 && used + column > width {
            breaks.push(at);
            used = GAP;
        }
        used += column + GAP;
    }
    breaks
}

/// Returns text of at most `width` columns: an ellipsis stands for the middle of a longer one, so that its
/// start and its end stay, by which IDs and file names are told apart.
fn shortened(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return text.into();
    }
    let tail_width = width.saturating_sub(1) / 2;
    let (head, tail) = (
        fitting(text.chars(), width.saturating_sub(1 + tail_width)),
        fitting(text.chars().rev(), tail_width),
    );
    let tail: String = tail.chars().rev().collect();
    format!("{head}…{tail}").into()
}

/// Returns the first characters that fit.
fn fitting(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut left = width;
    characters
        .map_while(|c| {
            left = left.checked_sub(c.width().unwrap_or(0))?;
            Some(c)
        })
        .collect()
}

/// Writes spaces. The padding of `write!` takes at most 65,535 of them, and panics for more.
pub(super) fn pad(columns: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut spaces = io::repeat(b' ').take(columns.try_into().unwrap_or(u64::MAX));
    io::copy(&mut spaces, out).map(drop)
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    fn written<const N: usize>(header: [&str; N], rows: &[[&str; N]], style: &Style) -> String {
        let mut out = Vec::new();
        let rows = rows.iter().map(|row| row.map(str::to_owned));
        let green = |_: &str| AnsiColor::Green.on_default();
        write(header, rows, (1, green), style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn of_width(width: usize) -> Style<'static> {
        Style {
            width: Some(width),
            ..Style::default()
        }
    }

    #[test]
    fn columns_line_up_by_display_width() {
        let rows = [["视频", "x"], ["a\u{1b}[2J", "long"]];
        assert_eq!(
            written(["A", "B"], &rows, &Style::default()),
            "A     B\n视频  x\na     long\n"
        );
    }

    #[test]
    fn width_beyond_65535_columns_is_padded() {
        let long = "x".repeat(70_000);
        let out = written(["A", "B"], &[[&long, "y"]], &Style::default());
        assert_eq!(out.lines().next().unwrap().len(), 70_000 + 2 + 1);
    }

    #[test]
    fn last_column_is_shortened_in_the_middle() {
        let rows = [
            ["T1", "done", "a_rather_long_name.mp4"],
            ["T2", "open", "视频视频视频视频视频"],
        ];
        assert_eq!(
            written(["A", "B", "NAME"], &rows, &of_width(23)),
            "A   B     NAME\nT1  done  a_rath…me.mp4\nT2  open  视频视…频视频\n"
        );
    }

    #[test]
    fn columns_go_below_the_first_on_narrow_terminals() {
        let rows = [
            ["task-1234", "done", "3m", "video-1"],
            ["task-5678", "open", "10m", "video-2"],
        ];
        assert_eq!(
            written(["TASK", "STATE", "AGE", "VIDEO"], &rows, &of_width(18)),
            "TASK       STATE\n  AGE  VIDEO\ntask-1234  done\n  3m   video-1\ntask-5678  open\n  10m  video-2\n"
        );
        let long = "TASK\n  STATE\n  AGE\n  VIDEO\ntask-1234\n  done\n  3m\n  video-1\n";
        assert_eq!(
            written(["TASK", "STATE", "AGE", "VIDEO"], &rows[..1], &of_width(4)),
            long
        );
    }

    #[test]
    fn header_is_dimmed_and_one_column_coloured() {
        let style = Style {
            colour: true,
            ..Style::default()
        };
        assert_eq!(
            written(["A", "B"], &[["x", "y"]], &style),
            "\u{1b}[2mA\u{1b}[0m  \u{1b}[2mB\u{1b}[0m\nx  \u{1b}[32my\u{1b}[0m\n"
        );
    }
}
