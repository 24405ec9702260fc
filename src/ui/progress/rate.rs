//! The rate of a transfer, smoothed over the last seconds.

use std::time::{Duration, Instant};

/// Time constant of the smoothing: two thirds of the rate stem from this last stretch of time.
const SMOOTHING: Duration = Duration::from_secs(5);

/// Minimum time of measuring before a rate is told.
const MIN_MEASURED: Duration = Duration::from_secs(2);

/// Minimum time between two samples.
const MIN_INTERVAL: Duration = Duration::from_millis(50);

/// Measures a transfer. While nothing is transferred, the rate falls towards zero.
#[derive(Debug)]
pub(super) struct RateMeter {
    started: Instant,
    sampled: Instant,
    bytes: u64,
    /// The sum of the rates, each with its weight, and the sum of the weights.
    sum: f64,
    weights: f64,
}

impl RateMeter {
    /// Creates a meter of a transfer of which so many bytes are done.
    pub(super) fn new(bytes: u64, now: Instant) -> Self {
        Self {
            started: now,
            sampled: now,
            bytes,
            sum: 0.0,
            weights: 0.0,
        }
    }

    /// Takes in the bytes done by now. Fewer than before are a new beginning.
    pub(super) fn sample(&mut self, bytes: u64, now: Instant) {
        let Some(added) = bytes.checked_sub(self.bytes) else {
            *self = Self::new(bytes, now);
            return;
        };
        let elapsed = now.saturating_duration_since(self.sampled);
        if elapsed < MIN_INTERVAL {
            return;
        }
        let elapsed = elapsed.as_secs_f64();
        let kept = (-elapsed / SMOOTHING.as_secs_f64()).exp();
        self.sum = self.sum * kept + to_f64(added) / elapsed * (1.0 - kept);
        self.weights = self.weights * kept + (1.0 - kept);
        self.bytes = bytes;
        self.sampled = now;
    }

    /// Returns the bytes per second, once they have been measured for long enough.
    pub(super) fn rate(&self) -> Option<f64> {
        let measured = self.sampled.saturating_duration_since(self.started);
        (measured >= MIN_MEASURED).then(|| self.sum / self.weights)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the rate is shown in three digits"
)]
fn to_f64(bytes: u64) -> f64 {
    bytes as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    /// Samples every 100 ms, from `done` on, and returns the bytes done at the end.
    fn run(meter: &mut RateMeter, from: &mut Instant, mut done: u64, rate: u64, secs: u64) -> u64 {
        for _ in 0..secs * 10 {
            *from += Duration::from_millis(100);
            done += rate / 10;
            meter.sample(done, *from);
        }
        done
    }

    fn assert_rate(meter: &RateMeter, expected: f64, tolerance: f64) {
        let rate = meter.rate().unwrap();
        assert!((rate - expected).abs() <= tolerance, "{rate} {expected}");
    }

    #[test]
    fn steady_rate_is_exact_from_the_start() {
        let mut now = Instant::now();
        let mut meter = RateMeter::new(500 * MB, now);
        let done = run(&mut meter, &mut now, 500 * MB, 8 * MB, 1);
        assert_eq!(meter.rate(), None);
        run(&mut meter, &mut now, done, 8 * MB, 1);
        assert_rate(&meter, 8e6, 1.0);
    }

    #[test]
    fn pause_lowers_the_rate_until_it_resumes() {
        let mut now = Instant::now();
        let mut meter = RateMeter::new(0, now);
        let done = run(&mut meter, &mut now, 0, 10 * MB, 30);
        run(&mut meter, &mut now, done, 0, 10);
        assert_rate(&meter, 1.35e6, 0.05e6);
        run(&mut meter, &mut now, done, 0, 90);
        assert_rate(&meter, 0.0, 1.0);
        run(&mut meter, &mut now, done, 10 * MB, 20);
        assert_rate(&meter, 10e6, 0.3e6);
    }

    #[test]
    fn bytes_after_a_gap_are_spread_over_it() {
        let mut now = Instant::now();
        let mut meter = RateMeter::new(0, now);
        let done = run(&mut meter, &mut now, 0, 10 * MB, 10);
        // A laptop that slept: 5 MB in ten minutes.
        meter.sample(done + 5 * MB, now + Duration::from_mins(10));
        assert_rate(&meter, 8333.0, 1.0);
    }

    #[test]
    fn repeated_transfer_is_measured_anew() {
        let mut now = Instant::now();
        let mut meter = RateMeter::new(0, now);
        run(&mut meter, &mut now, 0, 10 * MB, 10);
        run(&mut meter, &mut now, 0, MB, 1);
        assert_eq!(meter.rate(), None);
    }
}
