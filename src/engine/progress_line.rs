//! The status line of a run, for the spinner or the log.

use std::fmt::Write as _;
use std::time::Duration;

use super::job::{Job, Polls};
use crate::duration;
use crate::text::count;

/// A status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StatusLine {
    /// A status that is also a line in a log.
    Status(String),
    /// A status for the spinner alone.
    Quiet(String),
}

/// Returns the status of the run; `None` if no item is open.
pub(super) fn status_line<R>(job: &Job<R>, submits_per_minute: u32) -> Option<StatusLine> {
    let (counts, items) = (job.counts(), job.items());
    if job.takes_all() {
        return None;
    }
    if counts.submitting > 0 {
        let submitted = items.len() - counts.submitting;
        return Some(match items {
            [item] => StatusLine::Status(format!("submitting {}", item.label())),
            _ if submitted == 0 => {
                StatusLine::Status(format!("submitting {}", count(items.len(), "task")))
            }
            _ => {
                let left = time_left(counts.submitting, submits_per_minute);
                StatusLine::Quiet(format!("submitted {submitted} of {}{left}", items.len()))
            }
        });
    }
    let (done, failed) = (counts.done, counts.failed);
    let mut rest = match failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    if job.polls() == Polls::Once && counts.left > 0 {
        let _ = write!(rest, ", {} unfinished", counts.left);
    }
    match (counts.waiting, items) {
        (0, _) => None,
        (1, [item]) if job.polls() == Polls::Once => {
            Some(StatusLine::Status(format!("getting {}", item.label())))
        }
        (1, [item]) => Some(StatusLine::Status(format!("waiting for {}", item.label()))),
        (_, items) => Some(StatusLine::Status(format!(
            "{done} of {} finished{rest}",
            items.len()
        ))),
    }
}

/// Returns the time that the remaining submits take within the rate limits, in whole minutes; nothing
/// below one.
fn time_left(submits: usize, per_minute: u32) -> String {
    let minutes = u64::try_from(submits).unwrap_or(u64::MAX) / u64::from(per_minute.max(1));
    if minutes == 0 {
        return String::new();
    }
    format!(
        ", about {} left",
        duration::format(Duration::from_mins(minutes))
    )
}
