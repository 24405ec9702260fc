//! What a run came to, in the figures that are promised.

use std::time::Duration;

use crate::batch::Task;

/// The time within which the service counts requests.
const MINUTE: Duration = Duration::from_mins(1);

/// What came of waiting for a batch.
pub(crate) struct Outcome {
    pub(crate) requests: usize,
    pub(crate) mean: f64,
    pub(crate) p95: f64,
    /// The most requests that reached the service within 60 s.
    pub(crate) busiest: usize,
}

impl Outcome {
    /// `noticed`: when each task's end was known. `counted`: when the service counted each request.
    pub(crate) fn new(tasks: &[Task], noticed: &[Duration], mut counted: Vec<Duration>) -> Self {
        let mut delays: Vec<f64> = (tasks.iter().zip(noticed))
            .map(|(task, noticed)| {
                // What ended before the run began can be noticed from then on.
                noticed
                    .saturating_sub(task.ends.max(task.known))
                    .as_secs_f64()
            })
            .collect();
        delays.sort_by(f64::total_cmp);
        counted.sort_unstable();
        let in_minute_from = |(index, start): (usize, &Duration)| {
            counted.partition_point(|time| *time <= *start + MINUTE) - index
        };
        Self {
            requests: counted.len(),
            mean: delays.iter().sum::<f64>() / f64::from(u32::try_from(delays.len()).expect("few")),
            p95: delays[delays.len() * 95 / 100],
            busiest: counted
                .iter()
                .enumerate()
                .map(in_minute_from)
                .max()
                .unwrap_or(0),
        }
    }
}
