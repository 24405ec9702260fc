//! The service of the simulation: it counts calls when they arrive, over any 60 s and any 24 h, and
//! refuses those beyond its limits. It knows when tasks end, and what was paid for.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use fastrand::Rng;
use jiff::Timestamp;
use mavi::api::{MAX_PAGE_SIZE, Video, VideoFilter, VideoPage};
use mavi::engine::rate_limit::{AccountLimits, Endpoint, EndpointLimit};
use mavi::ids::VideoNo;

use crate::batch::Lengths;

const MINUTE: Duration = Duration::from_mins(1);
/// Returns a time of the simulation as the service tells it.
pub(crate) fn timestamp(now: Duration) -> Timestamp {
    let since = i64::try_from(now.as_millis()).expect("a time");
    Timestamp::from_millisecond(1_700_000_000_000 + since).expect("a time")
}

const DAY: Duration = Duration::from_hours(24);

/// Calls of one endpoint.
pub(crate) struct Counter {
    limit: EndpointLimit,
    minute: VecDeque<Duration>,
    day: VecDeque<Duration>,
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    /// The most calls in any 60 s, the refused ones included.
    pub(crate) busiest_minute: usize,
    /// The most calls in any 24 h, the refused ones included.
    pub(crate) busiest_day: usize,
}

impl Counter {
    fn new(limit: EndpointLimit) -> Self {
        Self {
            limit,
            minute: VecDeque::new(),
            day: VecDeque::new(),
            accepted: 0,
            refused: 0,
            busiest_minute: 0,
            busiest_day: 0,
        }
    }

    /// Counts a call that arrives at `now`. Returns `true` if it is within the limits.
    fn count(&mut self, now: Duration) -> bool {
        for (calls, span) in [(&mut self.minute, MINUTE), (&mut self.day, DAY)] {
            while calls.front().is_some_and(|call| *call + span <= now) {
                calls.pop_front();
            }
            calls.push_back(now);
        }
        self.busiest_minute = self.busiest_minute.max(self.minute.len());
        self.busiest_day = self.busiest_day.max(self.day.len());
        let is_within = self.minute.len() <= self.limit.per_minute.get() as usize
            && self.day.len() <= self.limit.per_day.get() as usize;
        if is_within {
            self.accepted += 1;
        } else {
            // It counts for nothing, so that the limit is of accepted calls.
            self.minute.pop_back();
            self.day.pop_back();
            self.refused += 1;
        }
        is_within
    }
}

/// The service.
pub(crate) struct SimService {
    pub(crate) submits: Counter,
    pub(crate) gets: Counter,
    pub(crate) uploads: Counter,
    pub(crate) listings: Counter,
    /// The videos that were uploaded, and when each is parsed.
    pub(crate) videos: Vec<(Video, Duration)>,
    lengths: Lengths,
    rng: Rng,
    /// The end of each task, by its number.
    pub(crate) ends: HashMap<String, Duration>,
    /// The accepted tasks, in order.
    pub(crate) accepted: Vec<String>,
    /// How often each video was paid for.
    pub(crate) paid: HashMap<String, usize>,
    /// Polls of tasks that had not ended.
    pub(crate) vain_polls: HashMap<String, usize>,
}

impl SimService {
    pub(crate) fn new(limits: AccountLimits, lengths: Lengths, seed: u64) -> Self {
        Self {
            submits: Counter::new(limits.submit_audio),
            gets: Counter::new(limits.get),
            uploads: Counter::new(limits.upload),
            listings: Counter::new(limits.list),
            videos: Vec::new(),
            lengths,
            rng: Rng::with_seed(seed),
            ends: HashMap::new(),
            accepted: Vec::new(),
            paid: HashMap::new(),
            vain_polls: HashMap::new(),
        }
    }

    /// Counts a call. Returns `false` if it is refused for the rate limit.
    pub(crate) fn allows(&mut self, endpoint: Endpoint, now: Duration) -> bool {
        match endpoint {
            Endpoint::Get => self.gets.count(now),
            Endpoint::Upload => self.uploads.count(now),
            Endpoint::List => self.listings.count(now),
            _ => self.submits.count(now),
        }
    }

    /// Accepts an upload. Returns the video.
    pub(crate) fn upload(&mut self, name: &str, now: Duration) -> Video {
        let video = Video {
            video_no: VideoNo::new(&format!("V{}", self.videos.len())).expect("a name"),
            name: Some(name.to_owned()),
            status_word: Some("UNPARSE".to_owned()),
            uploaded_at: Some(timestamp(now)),
            seconds: None,
        };
        let parse = Duration::from_secs(self.rng.u64(20..300));
        self.videos.push((video.clone(), now + parse));
        video
    }

    /// Returns a page of the listing, the newest first.
    pub(crate) fn list(&self, filter: &VideoFilter, page: u32, now: Duration) -> VideoPage {
        let videos = self.videos.iter().rev().map(|(video, parsed_at)| Video {
            status_word: (*parsed_at <= now).then(|| "PARSE".to_owned()),
            ..video.clone()
        });
        let all: Vec<Video> = videos.filter(|video| filter.accepts(video)).collect();
        let mut pages = all.chunks(MAX_PAGE_SIZE as usize);
        let videos = pages.nth(page as usize - 1).unwrap_or_default().to_vec();
        VideoPage {
            records: videos.len(),
            videos,
            pages: Some(all.len().div_ceil(MAX_PAGE_SIZE as usize) as u64),
            total: Some(all.len() as u64),
            unknown_status: None,
        }
    }

    /// Accepts a submit. Returns the task.
    pub(crate) fn submit(&mut self, video: &str, now: Duration) -> String {
        *self.paid.entry(video.to_owned()).or_default() += 1;
        let task = format!("task-of-{video}");
        let ends = now + self.lengths.draw(&mut self.rng);
        self.ends.insert(task.clone(), ends);
        self.accepted.push(task.clone());
        task
    }

    /// Returns `true` if the task has ended.
    pub(crate) fn has_ended(&mut self, task: &str, now: Duration) -> bool {
        let has_ended = self.ends.get(task).is_some_and(|end| *end <= now);
        if !has_ended {
            *self.vain_polls.entry(task.to_owned()).or_default() += 1;
        }
        has_ended
    }
}
