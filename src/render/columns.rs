//! Aligned columns for lists. Header and rows have the same number of columns by their types. The last
//! column is not padded.

use std::io::{self, Read as _, Write};

use unicode_width::UnicodeWidthStr as _;

use crate::text;

/// Writes the header and the rows, two spaces between columns.
pub fn write<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows: Vec<[String; N]> = rows
        .map(|row| row.map(|cell| text::one_line(&cell).into_owned()))
        .collect();
    let mut widths = header.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    line(header, &widths, out)?;
    rows.iter()
        .try_for_each(|row| line(row.each_ref().map(String::as_str), &widths, out))
}

fn line<const N: usize>(
    cells: [&str; N],
    widths: &[usize; N],
    out: &mut dyn Write,
) -> io::Result<()> {
    for (at, (cell, width)) in cells.into_iter().zip(widths).enumerate() {
        out.write_all(cell.as_bytes())?;
        if at + 1 < N {
            pad(width.saturating_sub(cell.width()) + 2, out)?;
        }
    }
    out.write_all(b"\n")
}

/// Writes spaces. The padding of `write!` takes at most 65,535 of them, and panics for more.
pub(super) fn pad(columns: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut spaces = io::repeat(b' ').take(columns.try_into().unwrap_or(u64::MAX));
    io::copy(&mut spaces, out).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_display_width() {
        let mut out = Vec::new();
        let rows = [
            ["视频".to_owned(), "x".to_owned()],
            ["a\u{1b}[2J".to_owned(), "long".to_owned()],
        ];
        write(["A", "B"], rows.into_iter(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "A     B\n视频  x\na     long\n"
        );
    }

    #[test]
    fn width_beyond_65535_columns_is_padded() {
        let mut out = Vec::new();
        let rows = [["x".repeat(70_000), "y".to_owned()]];
        write(["A", "B"], rows.into_iter(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.lines().next().unwrap().len(), 70_000 + 2 + 1);
    }
}
