//! The tasks that are waited for: when they were submitted, and how long they take.

use std::time::Duration;

use fastrand::Rng;

/// A task as the service knows it. Times count from a point well before the run starts, so that tasks
/// can be older than the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SimTask {
    pub(crate) submitted: Duration,
    pub(crate) ends: Duration,
}

/// When the run starts.
pub(crate) const START: Duration = Duration::from_secs(100_000);

/// When the tasks of a batch were submitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Batch {
    /// All at once, just now.
    AtOnce,
    /// At any time in the last two hours, and given in no order.
    Resumed,
    /// At any time in the last two hours, and given in the order in which they were submitted.
    InOrder,
}

/// How long transcriptions take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lengths {
    /// From 30 s to 2 h, as many between 1 and 2 minutes as between 1 and 2 hours.
    Wide,
    /// Clips, talks and films: a third each.
    Mixture,
    /// Any length from 30 s to 2 h alike.
    Even,
}

impl Lengths {
    pub(crate) const ALL: [Self; 3] = [Self::Wide, Self::Mixture, Self::Even];

    pub(crate) fn draw(self, rng: &mut Rng) -> Duration {
        let within = |low: f64, high: f64, share: f64| low + (high - low) * share;
        let seconds = match self {
            Self::Wide => 30.0 * 240f64.powf(rng.f64()),
            Self::Mixture => {
                let (low, high) = [(30.0, 120.0), (300.0, 900.0), (3600.0, 7200.0)][rng.usize(..3)];
                within(low, high, rng.f64())
            }
            Self::Even => within(30.0, 7200.0, rng.f64()),
        };
        Duration::from_secs_f64(seconds)
    }
}

/// Returns the tasks of a batch, in the order given.
pub(crate) fn tasks(count: usize, batch: Batch, lengths: Lengths, seed: u64) -> Vec<SimTask> {
    let mut rng = Rng::with_seed(seed);
    let mut task = || {
        let submitted = match batch {
            Batch::AtOnce => START,
            Batch::Resumed | Batch::InOrder => {
                START.saturating_sub(Duration::from_secs(rng.u64(..7200)))
            }
        };
        let ends = submitted + lengths.draw(&mut rng);
        SimTask { submitted, ends }
    };
    let mut tasks: Vec<_> = (0..count).map(|_| task()).collect();
    if batch == Batch::InOrder {
        tasks.sort_by_key(|task| task.submitted);
    }
    tasks
}
