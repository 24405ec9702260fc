//! A line that never becomes wider than the terminal, and texts that are cut to a width.

use std::fmt::Write as _;

use anstyle::Style;
use icu_segmenter::GraphemeClusterSegmenter;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// A line under construction. What does not fit is cut off.
#[derive(Debug, Default)]
pub(super) struct FittedLine {
    text: String,
    columns: usize,
    max_columns: usize,
}

impl FittedLine {
    /// Creates an empty line of at most so many columns.
    pub(super) fn new(max_columns: usize) -> Self {
        Self {
            max_columns,
            ..Self::default()
        }
    }

    /// Adds text, with `…` for what does not fit.
    pub(super) fn push(&mut self, text: &str) {
        let text = cut_end(text, self.room());
        self.columns += columns(&text);
        self.text.push_str(&text);
    }

    /// Adds text of this style.
    pub(super) fn push_styled(&mut self, style: Style, text: &str) {
        let _ = write!(self.text, "{style}");
        self.push(text);
        let _ = write!(self.text, "{style:#}");
    }

    /// Adds spaces up to this column.
    pub(super) fn pad_to(&mut self, column: usize) {
        let count = column.min(self.max_columns).saturating_sub(self.columns);
        self.text.extend(std::iter::repeat_n(' ', count));
        self.columns += count;
    }

    /// Makes room for more, up to so many columns.
    pub(super) fn widen(&mut self, max_columns: usize) {
        self.max_columns = self.max_columns.max(max_columns);
    }

    /// Returns the columns that are left.
    pub(super) fn room(&self) -> usize {
        self.max_columns - self.columns
    }

    /// Returns the columns that are taken.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Returns the text, with its styles as escape sequences.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Returns the most columns that any terminal takes for the text: some draw a sequence of emoji as one
/// character, others each of them.
pub(super) fn columns(text: &str) -> usize {
    clusters(text).map(cluster_columns).sum()
}

fn cluster_columns(cluster: &str) -> usize {
    let apart = cluster.chars().filter_map(char::width).sum();
    cluster.width().max(apart)
}

fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = GraphemeClusterSegmenter::new().segment_str(text);
    // The first boundary is the start of the text.
    ends.skip(1).map(move |end| {
        let cluster = &text[start..end];
        start = end;
        cluster
    })
}

/// Returns the text, or its start and `…` if it is wider than this.
fn cut_end(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    match width.checked_sub(1) {
        Some(width) => format!("{}…", start_of(clusters(text), width).0.trim_end()),
        None => String::new(),
    }
}

/// Returns the text, or its start and its end with `…` between them if it is wider than this: files
/// of a series differ at the end of their names.
pub(super) fn cut_middle(text: &str, width: usize) -> String {
    let Some(room) = width.checked_sub(1) else {
        return String::new();
    };
    if columns(text) <= width {
        return text.to_owned();
    }
    let clusters: Vec<&str> = clusters(text).collect();
    let (start, taken) = start_of(clusters.iter().copied(), room.div_ceil(2));
    let (end, _) = start_of(clusters.iter().rev().copied(), room - taken);
    let end = &text[text.len() - end.len()..];
    format!("{start}…{end}")
}

/// Returns the first clusters that fit into this width, and their columns.
fn start_of<'a>(clusters: impl Iterator<Item = &'a str>, width: usize) -> (String, usize) {
    let (mut start, mut taken) = (String::new(), 0);
    for cluster in clusters {
        let columns = cluster_columns(cluster);
        if taken + columns > width {
            break;
        }
        start.push_str(cluster);
        taken += columns;
    }
    (start, taken)
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    #[test]
    fn middle_is_cut_between_characters() {
        for (text, width, cut) in [
            ("talk.mp4", 8, "talk.mp4"),
            ("talk.mp4", 7, "tal…mp4"),
            ("talk.mp4", 2, "t…"),
            ("talk.mp4", 1, "…"),
            ("talk.mp4", 0, ""),
            ("会议录像第三部分.mp4", 12, "会议录….mp4"),
            ("会议录像第三部分.mp4", 13, "会议录…分.mp4"),
            ("会议录像", 4, "会…"),
            ("👩‍👩‍👧👩‍👩‍👧", 7, "…👩‍👩‍👧"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ] {
            assert_eq!(cut_middle(text, width), cut, "{text} {width}");
        }
    }

    #[test]
    fn line_is_cut_at_its_end() {
        let mut line = FittedLine::new(8);
        line.push("ab");
        line.pad_to(4);
        line.push_styled(AnsiColor::Cyan.on_default(), "你好世界");
        assert_eq!(line.columns(), 7);
        assert_eq!(line.text(), "ab  \u{1b}[36m你…\u{1b}[0m");
        line.pad_to(20);
        line.push("x");
        assert_eq!((line.columns(), line.room()), (8, 0));
    }
}
