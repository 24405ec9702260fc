//! What a run came to, in the figures that are promised.

use std::time::Duration;

use crate::batch::{START, SimTask};

/// What came of waiting for a batch.
pub(crate) struct Outcome {
    pub(crate) requests: usize,
    /// Mean time from a task's end to its notice, in seconds.
    pub(crate) mean: f64,
    pub(crate) p95: f64,
}

impl Outcome {
    /// `noticed`: when each task's end was known.
    pub(crate) fn new(tasks: &[SimTask], noticed: &[Duration], requests: usize) -> Self {
        let mut delays: Vec<f64> = (tasks.iter().zip(noticed))
            // What ended before the run began can be noticed from then on.
            .map(|(task, noticed)| noticed.saturating_sub(task.ends.max(START)).as_secs_f64())
            .collect();
        delays.sort_by(f64::total_cmp);
        Self {
            requests,
            mean: delays.iter().sum::<f64>() / f64::from(u32::try_from(delays.len()).expect("few")),
            p95: delays[delays.len() * 95 / 100],
        }
    }
}
