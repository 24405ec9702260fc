//! The rate limits of the API page, kept as the service keeps them: sliding windows, one budget
//! for each kind of call. Pure: the time is an argument. A refused call costs nothing.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::task::TranscriptionType;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Which limits the stand-in holds its callers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateLimits {
    /// None.
    #[default]
    Off,
    /// Those of the API page: 50 AUDIO submits, 20 VIDEO submits and 50 gets in any minute, and
    /// 4,000, 2,000 and 10,000 in any 24 hours.
    Documented,
    /// Other numbers in any minute, and none for the day: the same rules at another scale.
    PerMinute {
        /// Submits of type AUDIO.
        audio: u32,
        /// Submits of type VIDEO.
        video: u32,
        /// Gets.
        gets: u32,
    },
}

impl FromStr for RateLimits {
    type Err = String;

    /// Reads `documented`, `off`, or three numbers a minute, such as `50,20,50`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "documented" => return Ok(Self::Documented),
            "off" => return Ok(Self::Off),
            _ => {}
        }
        let numbers: Option<Vec<u32>> = text
            .split(',')
            .map(|number| number.trim().parse().ok())
            .collect();
        match numbers.as_deref() {
            Some(&[audio, video, gets]) => Ok(Self::PerMinute { audio, video, gets }),
            _ => Err(format!(
                "{text:?} is none of documented, off, or three numbers a minute (AUDIO submits, VIDEO submits, gets) such as 50,20,50"
            )),
        }
    }
}

impl fmt::Display for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Documented => f.write_str("documented"),
            Self::PerMinute { audio, video, gets } => write!(f, "{audio},{video},{gets}"),
        }
    }
}

/// What has been asked for lately.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    audio: Budget,
    video: Budget,
    gets: Budget,
}

impl Limiter {
    pub(super) fn new(limits: RateLimits) -> Self {
        match limits {
            RateLimits::Off => Self::default(),
            RateLimits::Documented => Self {
                audio: Budget::new(&[(50, MINUTE), (4_000, DAY)]),
                video: Budget::new(&[(20, MINUTE), (2_000, DAY)]),
                gets: Budget::new(&[(50, MINUTE), (10_000, DAY)]),
            },
            RateLimits::PerMinute { audio, video, gets } => Self {
                audio: Budget::new(&[(audio, MINUTE)]),
                video: Budget::new(&[(video, MINUTE)]),
                gets: Budget::new(&[(gets, MINUTE)]),
            },
        }
    }

    /// Whether a submit of this type is within the limits; it is counted if so.
    pub(super) fn allow_submit(&mut self, kind: TranscriptionType, now: Instant) -> bool {
        match kind {
            TranscriptionType::Audio => self.audio.take(now),
            TranscriptionType::Video => self.video.take(now),
        }
    }

    /// Whether a get is within the limits; it is counted if so.
    pub(super) fn allow_get(&mut self, now: Instant) -> bool {
        self.gets.take(now)
    }
}

/// Windows that must all have room; none at all is no limit.
#[derive(Debug, Default)]
struct Budget(Vec<Window>);

#[derive(Debug)]
struct Window {
    limit: usize,
    span: Duration,
    taken: VecDeque<Instant>,
}

impl Budget {
    fn new(windows: &[(u32, Duration)]) -> Self {
        let window = |&(limit, span)| Window {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            span,
            taken: VecDeque::new(),
        };
        Self(windows.iter().map(window).collect())
    }

    fn take(&mut self, now: Instant) -> bool {
        for window in &mut self.0 {
            let span = window.span;
            let is_past = |taken: &Instant| now.duration_since(*taken) >= span;
            while window.taken.front().is_some_and(is_past) {
                window.taken.pop_front();
            }
        }
        let has_room = self
            .0
            .iter()
            .all(|window| window.taken.len() < window.limit);
        if has_room {
            for window in &mut self.0 {
                window.taken.push_back(now);
            }
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TranscriptionType::{Audio, Video};

    #[test]
    fn each_kind_of_call_has_its_documented_budget() {
        let mut limiter = Limiter::new(RateLimits::Documented);
        let now = Instant::now();
        let mut count = |call: &mut dyn FnMut(&mut Limiter) -> bool| {
            (0..100).filter(|_| call(&mut limiter)).count()
        };
        assert_eq!(count(&mut |limiter| limiter.allow_submit(Audio, now)), 50);
        assert_eq!(count(&mut |limiter| limiter.allow_submit(Video, now)), 20);
        assert_eq!(count(&mut |limiter| limiter.allow_get(now)), 50);
    }

    #[test]
    fn the_window_slides_and_refused_calls_are_free() {
        let mut budget = Budget::new(&[(2, MINUTE)]);
        let start = Instant::now();
        let mut take = |seconds| budget.take(start + Duration::from_secs(seconds));
        assert_eq!(
            [take(0), take(30), take(31), take(59)],
            [true, true, false, false]
        );
        assert_eq!([take(60), take(61), take(89)], [true, false, false]);
        assert!(take(90));
    }

    #[test]
    fn the_day_has_a_limit_too() {
        let mut limiter = Limiter::new(RateLimits::Documented);
        let start = Instant::now();
        let at = |second: u32| start + Duration::from_secs(second.into());
        // Twenty in every minute are all within the minute's budget.
        let allowed = (0..60 * 24)
            .flat_map(|minute| (0..20).map(move |second| minute * 60 + second))
            .filter(|&second| limiter.allow_submit(Video, at(second)))
            .count();
        assert_eq!(allowed, 2_000);
        assert!(limiter.allow_submit(Video, start + DAY));
    }

    #[test]
    fn off_is_off_and_other_numbers_count() {
        let now = Instant::now();
        let mut off = Limiter::new(RateLimits::Off);
        assert!((0..1000).all(|_| off.allow_get(now) && off.allow_submit(Video, now)));
        let mut scaled = Limiter::new("3,0,1".parse().unwrap());
        assert!(scaled.allow_get(now) && !scaled.allow_get(now));
        assert!(scaled.allow_submit(Audio, now) && !scaled.allow_submit(Video, now));
    }

    #[test]
    fn the_setting_is_printed_as_it_is_read() {
        for text in ["off", "documented", "5000,2000,5000"] {
            assert_eq!(text.parse::<RateLimits>().unwrap().to_string(), text);
        }
        for bad in ["", "on", "50", "50,20", "50,20,50,1", "50,-1,50"] {
            assert!(bad.parse::<RateLimits>().is_err(), "{bad}");
        }
    }
}
