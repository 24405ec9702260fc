//! Enforces rate limits as the service does: sliding windows, one quota for each kind of call. Pure:
//! the time is an argument. A refused call is not counted.

use std::collections::VecDeque;
use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::ids::TranscriptionType;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// The rate limits to enforce.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateLimits {
    /// None.
    #[default]
    Off,
    /// Those of the API pages: 50 AUDIO submits, 20 VIDEO submits, 50 gets, 200 listings and 10 uploads in any
    /// minute, and 4,000, 2,000, 10,000, 1,000 and 1,000 in any 24 hours; 50 logins and 500 refreshes in any
    /// 24 hours.
    Documented,
    /// Other numbers in any minute, and no limit for the day.
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

    /// Parses `documented`, `off`, or three numbers a minute, such as `50,20,50`.
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

/// Counts calls and decides which are allowed.
#[derive(Debug, Default)]
pub(super) struct RateLimitEnforcer {
    audio: CallQuota,
    video: CallQuota,
    gets: CallQuota,
    lists: CallQuota,
    uploads: CallQuota,
    logins: CallQuota,
    refreshes: CallQuota,
}

impl RateLimitEnforcer {
    pub(super) fn new(limits: RateLimits) -> Self {
        match limits {
            RateLimits::Off => Self::default(),
            RateLimits::Documented => Self {
                audio: CallQuota::new(&[(50, MINUTE), (4_000, DAY)]),
                video: CallQuota::new(&[(20, MINUTE), (2_000, DAY)]),
                gets: CallQuota::new(&[(50, MINUTE), (10_000, DAY)]),
                lists: CallQuota::new(&[(200, MINUTE), (1_000, DAY)]),
                uploads: CallQuota::new(&[(10, MINUTE), (1_000, DAY)]),
                logins: CallQuota::new(&[(50, DAY)]),
                refreshes: CallQuota::new(&[(500, DAY)]),
            },
            RateLimits::PerMinute { audio, video, gets } => Self {
                audio: CallQuota::new(&[(audio, MINUTE)]),
                video: CallQuota::new(&[(video, MINUTE)]),
                gets: CallQuota::new(&[(gets, MINUTE)]),
                ..Self::default()
            },
        }
    }

    /// Returns `true`, and counts it, if a submit of this type is within the limits.
    pub(super) fn allow_submit(&mut self, kind: TranscriptionType, now: Instant) -> bool {
        match kind {
            TranscriptionType::Audio => self.audio.take(now),
            TranscriptionType::Video => self.video.take(now),
        }
    }

    /// Returns `true`, and counts it, if a get is within the limits.
    pub(super) fn allow_get(&mut self, now: Instant) -> bool {
        self.gets.take(now)
    }

    /// Returns `true`, and counts it, if a page of the listing of videos is within the limits.
    pub(super) fn allow_list(&mut self, now: Instant) -> bool {
        self.lists.take(now)
    }

    /// Returns `true`, and counts it, if an upload is within the limits.
    pub(super) fn allow_upload(&mut self, now: Instant) -> bool {
        self.uploads.take(now)
    }

    /// Returns `true`, and counts it, if a login is within the limits.
    pub(super) fn allow_login(&mut self, now: Instant) -> bool {
        self.logins.take(now)
    }

    /// Returns `true`, and counts it, if a refresh is within the limits.
    pub(super) fn allow_refresh(&mut self, now: Instant) -> bool {
        self.refreshes.take(now)
    }
}

/// Windows that must all have room. Without any there is no limit.
#[derive(Debug, Default)]
struct CallQuota(Vec<QuotaWindow>);

#[derive(Debug)]
struct QuotaWindow {
    limit: usize,
    span: Duration,
    taken: VecDeque<Instant>,
}

impl CallQuota {
    fn new(windows: &[(u32, Duration)]) -> Self {
        let window = |&(limit, span)| QuotaWindow {
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
    fn each_kind_of_call_has_its_documented_quota() {
        let mut enforcer = RateLimitEnforcer::new(RateLimits::Documented);
        let now = Instant::now();
        let mut count = |call: &mut dyn FnMut(&mut RateLimitEnforcer) -> bool| {
            (0..100).filter(|_| call(&mut enforcer)).count()
        };
        assert_eq!(count(&mut |enforcer| enforcer.allow_submit(Audio, now)), 50);
        assert_eq!(count(&mut |enforcer| enforcer.allow_submit(Video, now)), 20);
        assert_eq!(count(&mut |enforcer| enforcer.allow_get(now)), 50);
        let lists = (0..300).filter(|_| enforcer.allow_list(now)).count();
        let uploads = (0..300).filter(|_| enforcer.allow_upload(now)).count();
        assert_eq!((lists, uploads), (200, 10));
    }

    #[test]
    fn window_slides_and_refused_calls_do_not_count() {
        let mut quota = CallQuota::new(&[(2, MINUTE)]);
        let start = Instant::now();
        let mut take = |seconds| quota.take(start + Duration::from_secs(seconds));
        assert_eq!(
            [take(0), take(30), take(31), take(59)],
            [true, true, false, false]
        );
        assert_eq!([take(60), take(61), take(89)], [true, false, false]);
        assert!(take(90));
    }

    #[test]
    fn day_has_a_limit_too() {
        let mut enforcer = RateLimitEnforcer::new(RateLimits::Documented);
        let start = Instant::now();
        let at = |second: u32| start + Duration::from_secs(second.into());
        // Twenty in every minute are all within the minute's quota.
        let allowed = (0..60 * 24)
            .flat_map(|minute| (0..20).map(move |second| minute * 60 + second))
            .filter(|&second| enforcer.allow_submit(Video, at(second)))
            .count();
        assert_eq!(allowed, 2_000);
        assert!(enforcer.allow_submit(Video, start + DAY));
        let spread = |allow: &mut dyn FnMut(Instant) -> bool| {
            let times = (0..2_000).map(|call| start + Duration::from_secs(10) * call);
            let allowed = times.filter(|at| allow(*at)).count();
            (allowed, allow(start + DAY))
        };
        assert_eq!(spread(&mut |at| enforcer.allow_upload(at)), (1_000, true));
        assert_eq!(spread(&mut |at| enforcer.allow_list(at)), (1_000, true));
        assert_eq!(spread(&mut |at| enforcer.allow_login(at)), (50, true));
        assert_eq!(spread(&mut |at| enforcer.allow_refresh(at)), (500, true));
    }

    #[test]
    fn off_allows_all_and_other_numbers_count() {
        let now = Instant::now();
        let mut off = RateLimitEnforcer::new(RateLimits::Off);
        assert!((0..1000).all(|_| off.allow_get(now) && off.allow_submit(Video, now)));
        let mut scaled = RateLimitEnforcer::new("3,0,1".parse().unwrap());
        assert!(scaled.allow_get(now) && !scaled.allow_get(now));
        assert!(scaled.allow_submit(Audio, now) && !scaled.allow_submit(Video, now));
    }

    #[test]
    fn setting_is_parsed() {
        let scaled = RateLimits::PerMinute {
            audio: 5000,
            video: 2000,
            gets: 50,
        };
        for (text, limits) in [
            ("off", RateLimits::Off),
            ("documented", RateLimits::Documented),
            ("5000, 2000,50", scaled),
        ] {
            assert_eq!(text.parse(), Ok(limits));
        }
        for bad in ["", "on", "50", "50,20", "50,20,50,1", "50,-1,50"] {
            assert!(bad.parse::<RateLimits>().is_err(), "{bad}");
        }
    }
}
