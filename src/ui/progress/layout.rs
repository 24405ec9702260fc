//! The lines of the progress as text: which fields there is room for, and where they stand. Pure.

use std::time::Duration;

use anstyle::{AnsiColor, Style};

use super::line::{FittedLine, cut_middle};
use super::units::{clock, percent, rate_of, transferred};
use super::{Progress, Stage};
use crate::text::one_line;

/// Columns of the label that are kept as long as another field can give way.
const MIN_LABEL: usize = 16;
/// Columns of a bar with its brackets.
const MIN_BAR: usize = 10;
const MAX_BAR: usize = 32;
/// Columns of the fields, each with the gap before it.
const STAGE: usize = 2 + "uploading".len();
const BAR: usize = 1 + MIN_BAR;
const PERCENT: usize = 1 + "100%".len();
const TRANSFERRED: usize = 2 + "99.9/99.9 MB".len();
const RATE: usize = 1 + "99.9 MB/s".len();
const TIME_LEFT: usize = 2 + "99h59m left".len();
const STAGE_WITH_TIME: usize = 2 + "transcribing 59m59s".len();
const TIME: usize = 2 + "59m59s".len();

/// Maximum time left that is told.
const MAX_TIME_LEFT: Duration = Duration::from_hours(100);

/// The fields beside the label, by the room that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// The percentage or the time alone.
    Short,
    /// The stage with it.
    Stage,
    /// A bar, too.
    Bar,
    /// The bytes in place of the percentage.
    Bytes,
    /// The time left, too.
    TimeLeft,
    /// The rate, too.
    Rate,
}

impl Detail {
    const RICHEST_FIRST: [Self; 6] = [
        Self::Rate,
        Self::TimeLeft,
        Self::Bytes,
        Self::Bar,
        Self::Stage,
        Self::Short,
    ];

    /// Returns the columns beside the label.
    const fn columns(self) -> usize {
        match self {
            Self::Short => TIME,
            Self::Stage => STAGE_WITH_TIME,
            Self::Bar => STAGE + BAR + PERCENT,
            Self::Bytes => STAGE + BAR + TRANSFERRED,
            Self::TimeLeft => STAGE + BAR + TRANSFERRED + TIME_LEFT,
            Self::Rate => STAGE + BAR + TRANSFERRED + RATE + TIME_LEFT,
        }
    }
}

/// The columns of the lines of the items: they stand below each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineLayout {
    width: usize,
    label: usize,
    bar: usize,
    detail: Detail,
    bar_style: Style,
}

impl LineLayout {
    /// Divides a line of `width` columns, for labels of at most `label` columns.
    pub(super) fn new(width: usize, label: usize, is_coloured: bool) -> Self {
        let fits = |detail: &Detail| label.min(MIN_LABEL) + detail.columns() <= width;
        let detail = Detail::RICHEST_FIRST.into_iter().find(fits);
        let detail = detail.unwrap_or(Detail::Short);
        let label = label.min(width.saturating_sub(detail.columns()));
        let spare = width.saturating_sub(label + detail.columns());
        let bar_style = if is_coloured {
            AnsiColor::Cyan.on_default()
        } else {
            Style::new()
        };
        Self {
            width,
            label,
            bar: (MIN_BAR + spare).min(MAX_BAR),
            detail,
            bar_style,
        }
    }

    /// Returns the line of an item, whose label is clean. `since` is the time since the stage was told;
    /// `rate` is in bytes per second.
    pub(super) fn item(
        &self,
        label: &str,
        stage: &Stage,
        since: Duration,
        rate: Option<f64>,
    ) -> FittedLine {
        let mut line = FittedLine::new(self.width);
        line.push(&cut_middle(label, self.label));
        line.pad_to(self.label + 2);
        let text = match stage {
            Stage::Hashing { done, size } => {
                self.transfer(&mut line, "hashing", *done, *size, rate);
                return line;
            }
            Stage::Uploading { done, size } => {
                self.transfer(&mut line, "uploading", *done, *size, rate);
                return line;
            }
            Stage::Parsing { waited } => self.waited("parsing", waited.saturating_add(since)),
            Stage::Transcribing { waited } => {
                self.waited("transcribing", waited.saturating_add(since))
            }
            Stage::Submitting => "submitting".to_owned(),
            Stage::Waiting(text) => one_line(text).into_owned(),
            Stage::Writing => "writing".to_owned(),
        };
        line.push(&text);
        line
    }

    fn waited(&self, stage: &str, waited: Duration) -> String {
        match self.detail {
            Detail::Short => clock(waited),
            _ => format!("{stage} {}", clock(waited)),
        }
    }

    fn transfer(
        &self,
        line: &mut FittedLine,
        stage: &str,
        done: u64,
        size: u64,
        rate: Option<f64>,
    ) {
        let done = done.min(size);
        let percent = percent(done, size);
        if self.detail == Detail::Short {
            return line.push(&format!("{percent}%"));
        }
        line.push(stage);
        if self.detail == Detail::Stage {
            return line.push(&format!(" {percent}%"));
        }
        line.pad_to(self.label + STAGE + 1);
        self.bar(line, self.bar, percent);
        if self.detail == Detail::Bar {
            return line.push(&format!(" {percent:>3}%"));
        }
        line.push(&format!("  {:>12}", transferred(done, size)));
        let Some(rate) = rate else {
            return;
        };
        if self.detail == Detail::Rate {
            line.push(&format!(" {:>9}", rate_of(rate)));
        }
        if self.detail >= Detail::TimeLeft
            && let Some(left) = time_left(size - done, rate)
        {
            line.push(&format!("  {} left", clock(left)));
        }
    }

    fn bar(&self, line: &mut FittedLine, columns: usize, percent: usize) {
        let inner = columns.saturating_sub("[]".len());
        let filled = inner * percent / 100;
        let mut bar = "=".repeat(filled);
        if filled < inner && bar.pop().is_some() {
            bar.push('>');
        }
        line.push("[");
        line.push_styled(self.bar_style, &bar);
        line.pad_to(line.columns() + inner - filled);
        line.push("]");
    }

    /// Returns the line of the whole run, of whose items in work so many have no line.
    pub(super) fn total(
        &self,
        spinner: &str,
        progress: &Progress,
        hidden: usize,
        elapsed: Duration,
    ) -> FittedLine {
        let elapsed = format!("  {}", clock(elapsed));
        let mut line = FittedLine::new(self.width.saturating_sub(elapsed.len()));
        line.push(&format!("{spinner} {}", one_line(&progress.total)));
        let more = [
            format!(", and {hidden} more in work"),
            format!(", and {hidden} more"),
            format!(" (+{hidden})"),
        ];
        let more = more.iter().find(|more| more.len() <= line.room());
        if let (1.., Some(more)) = (hidden, more) {
            line.push(more);
        }
        let room = line.room();
        if progress.count > 0 && room >= "  ".len() + MIN_BAR {
            line.push("  ");
            let done = progress.done.min(progress.count);
            let bar = (room - "  ".len()).min(MAX_BAR);
            self.bar(&mut line, bar, done * 100 / progress.count);
        }
        line.widen(self.width);
        line.push(&elapsed);
        line
    }
}

/// Returns the time that so many bytes take; `None` where no end is in sight, or nothing is left but the
/// reply.
fn time_left(bytes: u64, rate: f64) -> Option<Duration> {
    if bytes == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let left = Duration::try_from_secs_f64(bytes as f64 / rate).ok()?;
    (left < MAX_TIME_LEFT).then_some(left)
}

#[cfg(test)]
mod tests;
