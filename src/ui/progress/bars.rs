//! Draws the progress below all other output, and takes it away again. The lines are not left to
//! `indicatif`: it parts them by filling each up to the terminal's last column, which leaves no room for
//! `^C`, and counts them wrong once the terminal has become narrower.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::io;
use std::time::{Duration, Instant};

use indicatif::TermLike;

use super::layout::LineLayout;
use super::line::{FittedLine, columns};
use super::rate::RateMeter;
use super::{ItemProgress, Progress, Stage};
use crate::text::one_line;

/// Minimum time between two drawings of what has changed.
const INTERVAL: Duration = Duration::from_millis(100);

/// Time for a terminal whose width has changed to arrange what it shows.
const RESIZE_DELAY: Duration = Duration::from_millis(200);

/// Maximum number of items with a line.
const MAX_ITEMS: usize = 12;

/// Rows of the terminal that are not used for items.
const OTHER_ROWS: usize = 3;

const SPINNER: [&str; 8] = ["⠁", "⠂", "⠄", "⡀", "⢀", "⠠", "⠐", "⠈"];

/// The drawn progress of a run.
#[derive(Debug)]
pub(in crate::ui) struct ProgressBars {
    progress: Progress,
    started: Instant,
    /// The time of the last update.
    updated: Instant,
    next_draw: Instant,
    /// The width of the terminal at the last drawing.
    width: Option<u16>,
    meters: HashMap<(usize, &'static str), RateMeter>,
    /// The items that have a line.
    shown: HashSet<usize>,
    /// The columns of the widest label so far: the columns of the lines stay in place.
    label_columns: usize,
    /// The columns of the lines that are on the terminal.
    drawn: Vec<usize>,
    /// The number of writers that have the terminal for themselves.
    suspended: usize,
    is_coloured: bool,
    margin: usize,
}

impl ProgressBars {
    /// Creates the bars of a run that starts now. The last `margin` columns of the terminal stay free.
    pub(in crate::ui) fn new(is_coloured: bool, margin: u16, now: Instant) -> Self {
        Self {
            progress: Progress::default(),
            started: now,
            updated: now,
            next_draw: now,
            width: None,
            meters: HashMap::new(),
            shown: HashSet::new(),
            label_columns: 0,
            drawn: Vec::new(),
            suspended: 0,
            is_coloured,
            margin: margin.into(),
        }
    }

    /// Takes in the progress, and draws it if the last drawing is old enough.
    pub(in crate::ui) fn update(&mut self, term: &dyn TermLike, progress: &Progress, now: Instant) {
        self.progress.clone_from(progress);
        self.updated = now;
        self.tick(term, now);
    }

    /// Draws the progress if the last drawing is old enough. Returns the time until the next one.
    pub(in crate::ui) fn tick(&mut self, term: &dyn TermLike, now: Instant) -> Duration {
        if now >= self.next_draw {
            let width = term.width();
            if self.width.replace(width).is_some_and(|old| old != width) {
                self.next_draw = now + RESIZE_DELAY;
            } else {
                self.draw(term, now);
            }
        }
        self.next_draw.saturating_duration_since(now)
    }

    /// Takes the lines off the terminal until [`resume`](Self::resume) is called as often.
    pub(in crate::ui) fn suspend(&mut self, term: &dyn TermLike) {
        self.suspended += 1;
        self.clear(term);
    }

    /// Draws the lines again after [`suspend`](Self::suspend).
    pub(in crate::ui) fn resume(&mut self, term: &dyn TermLike, now: Instant) {
        self.suspended = self.suspended.saturating_sub(1);
        self.draw(term, now);
    }

    /// Takes the lines off the terminal. Errors of the terminal are ignored.
    pub(in crate::ui) fn clear(&mut self, term: &dyn TermLike) {
        let _ = self.erase(term).and_then(|()| term.flush());
    }

    fn draw(&mut self, term: &dyn TermLike, now: Instant) {
        self.next_draw = now + INTERVAL;
        if self.suspended == 0 {
            let _ = self.try_draw(term, now);
        }
    }

    fn try_draw(&mut self, term: &dyn TermLike, now: Instant) -> io::Result<()> {
        let width = usize::from(term.width()).saturating_sub(self.margin).max(1);
        let lines = self.lines(width, term.height().into(), now);
        self.erase(term)?;
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                term.write_line("")?;
            }
            term.write_str(line.text())?;
        }
        self.drawn = lines.iter().map(FittedLine::columns).collect();
        term.flush()
    }

    /// Erases the lines, and leaves the cursor where the first one started. Where the terminal has become
    /// narrower since, each may stand in several rows.
    fn erase(&mut self, term: &dyn TermLike) -> io::Result<()> {
        let width = usize::from(term.width()).max(1);
        let rows = self.drawn.iter().map(|line| line.div_ceil(width).max(1));
        let rows = rows.sum::<usize>().min(term.height().into());
        self.drawn.clear();
        let Some(above) = rows.checked_sub(1) else {
            return Ok(());
        };
        term.move_cursor_up(above)?;
        for _ in 0..above {
            term.clear_line()?;
            term.move_cursor_down(1)?;
        }
        term.clear_line()?;
        term.move_cursor_up(above)
    }

    /// Returns the lines for a terminal of this size.
    fn lines(&mut self, width: usize, height: usize, now: Instant) -> Vec<FittedLine> {
        self.measure(now);
        let max_items = height.saturating_sub(OTHER_ROWS).min(MAX_ITEMS);
        let items = chosen(&self.progress.items, &self.shown, max_items);
        self.shown = items.iter().map(|item| item.id).collect();
        let labels: Vec<_> = items.iter().map(|item| one_line(&item.label)).collect();
        let widest = labels.iter().map(|label| columns(label)).max();
        self.label_columns = self.label_columns.max(widest.unwrap_or(0));

        let layout = LineLayout::new(width, self.label_columns, self.is_coloured);
        let since = now.saturating_duration_since(self.updated);
        let mut lines: Vec<FittedLine> = items
            .iter()
            .zip(&labels)
            .map(|(item, label)| {
                let meter = item.stage.transferred().map(|(name, _)| (item.id, name));
                let meter = meter.and_then(|key| self.meters.get(&key));
                layout.item(label, &item.stage, since, meter.and_then(RateMeter::rate))
            })
            .collect();
        let elapsed = now.saturating_duration_since(self.started);
        let turn = elapsed.as_millis() / INTERVAL.as_millis() % SPINNER.len() as u128;
        let hidden = self.progress.items.len() - items.len();
        lines.push(layout.total(
            SPINNER[usize::try_from(turn).unwrap_or(0)],
            &self.progress,
            hidden,
            elapsed,
        ));
        lines
    }

    /// Measures the rates of the transfers under way, and forgets the others.
    fn measure(&mut self, now: Instant) {
        let mut before = std::mem::take(&mut self.meters);
        for item in &self.progress.items {
            if let Some((name, done)) = item.stage.transferred() {
                let key = (item.id, name);
                let meter = before.remove(&key);
                let mut meter = meter.unwrap_or_else(|| RateMeter::new(done, now));
                meter.sample(done, now);
                self.meters.insert(key, meter);
            }
        }
    }
}

/// Returns the items that get a line, in input order: first those that transfer bytes, last those that
/// wait for their turn; among equals those that have a line already, then those that wait longest.
fn chosen<'a>(
    items: &'a [ItemProgress],
    shown: &HashSet<usize>,
    max_items: usize,
) -> Vec<&'a ItemProgress> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_cached_key(|&at| {
        let item = &items[at];
        let (class, waited) = match item.stage {
            Stage::Hashing { .. } | Stage::Uploading { .. } => (0, Duration::ZERO),
            Stage::Parsing { waited } | Stage::Transcribing { waited } => (1, waited),
            Stage::Submitting | Stage::Writing => (1, Duration::ZERO),
            Stage::Waiting(_) => (2, Duration::ZERO),
        };
        (class, !shown.contains(&item.id), Reverse(waited), at)
    });
    order.truncate(max_items);
    order.sort_unstable();
    order.into_iter().map(|at| &items[at]).collect()
}

#[cfg(test)]
mod tests;
