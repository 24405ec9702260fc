//! The videos of the sandbox's account: uploaded, listed a page at a time, and deleted for good. Knows
//! neither HTTP nor clocks.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::multipart::ReceivedFile;
use super::service_error::ServiceError;
use super::stats::UploadRecord;

/// The page size where none is asked for.
const DEFAULT_PAGE_SIZE: usize = 20;
const MAX_PAGE_SIZE: usize = 200;
/// Maximum number of videos that one call deletes.
const MAX_DELETED: usize = 500;

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

/// The videos that the account has from the start: ID, name, status, age of the upload in seconds, and
/// length in seconds. In no order, as the service's listing.
const SAMPLES: [(&str, &str, &str, u64, u64); 6] = [
    ("lecture-2", "Lecture 2.mp4", "PARSE", 2 * DAY, 3_125),
    (
        "VI480512907733422080",
        "intro (first cut).mov",
        "PARSE",
        90 * DAY,
        42,
    ),
    (
        "mavi_video_demo",
        "a street at night.mp4",
        "PARSE",
        3 * 60 * MINUTE,
        52,
    ),
    (
        "VI480512907733422081",
        "screen recording.webm",
        "FAIL",
        45 * DAY,
        0,
    ),
    ("lecture-1", "Lecture 1.mp4", "PARSE", 9 * DAY, 2_704),
    ("VI605961375402668032", "talk.mp4", "UNPARSE", MINUTE, 1_260),
];

/// A video of the account.
#[derive(Debug)]
struct SandboxVideo {
    video_no: String,
    name: String,
    status: &'static str,
    /// Milliseconds since 1970.
    uploaded_at: u64,
    seconds: u64,
    /// Milliseconds since 1970 at which an upload is parsed.
    parsed_at: u64,
}

/// The outcome of the parse of a new video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parse {
    pub(super) delay: Duration,
    pub(super) fails: bool,
}

/// The videos of the account, and those that were deleted.
#[derive(Debug, Default)]
pub(super) struct VideoStore {
    videos: Vec<SandboxVideo>,
    deleted: HashSet<String>,
    uploads: Vec<UploadRecord>,
}

impl VideoStore {
    /// Creates the account that comes with the program.
    pub(super) fn built_in(now: SystemTime) -> Self {
        let video = |(video_no, name, status, age, seconds): (&str, &str, _, _, _)| SandboxVideo {
            video_no: video_no.to_owned(),
            name: name.to_owned(),
            status,
            uploaded_at: millis(now, age),
            seconds,
            parsed_at: 0,
        };
        Self {
            videos: SAMPLES.map(video).into(),
            ..Self::default()
        }
    }

    /// Creates an account with these videos, uploaded a minute apart.
    pub(super) fn of<'a>(video_nos: impl Iterator<Item = &'a str>, now: SystemTime) -> Self {
        let video = |(video_no, age): (&str, u64)| SandboxVideo {
            video_no: video_no.to_owned(),
            name: format!("{video_no}.mp4"),
            status: "PARSE",
            uploaded_at: millis(now, age * MINUTE),
            seconds: MINUTE,
            parsed_at: 0,
        };
        Self {
            videos: video_nos.zip(1..).map(video).collect(),
            ..Self::default()
        }
    }

    pub(super) fn is_deleted(&self, video_no: &str) -> bool {
        self.deleted.contains(video_no)
    }

    /// Returns the upload of a video, if it was uploaded.
    pub(super) fn upload_of(&self, video_no: &str) -> Option<&UploadRecord> {
        self.uploads.iter().find(|it| it.video_no == video_no)
    }

    /// Returns `true` if the video cannot be parsed, now or later.
    pub(super) fn parse_fails(&self, video_no: &str) -> bool {
        let video = self.videos.iter().find(|video| video.video_no == video_no);
        video.is_some_and(|video| !matches!(video.status, "PARSE" | "UNPARSE"))
    }

    /// Returns the uploads that were accepted.
    pub(super) fn uploads(&self) -> &[UploadRecord] {
        &self.uploads
    }

    /// `upload`: accepts a file as a new video. Returns the `data` of the reply, and the status that the
    /// video has once its parse has ended.
    pub(super) fn upload(
        &mut self,
        video_no: String,
        file: ReceivedFile,
        parse: Parse,
        now: SystemTime,
    ) -> (Value, &'static str) {
        let uploaded_at = millis(now, 0);
        let delay = u64::try_from(parse.delay.as_millis()).unwrap_or(u64::MAX);
        let failures = self.uploads.iter().filter(|it| it.parse_fails).count();
        // The pages of the API disagree about the word for a failure.
        let status = match parse.fails {
            false => "PARSE",
            true if failures.is_multiple_of(2) => "FAIL",
            true => "PARSE_ERROR",
        };
        // Nothing is parsed, so its length is made up: a minute per megabyte.
        let seconds = (file.size * MINUTE).div_ceil(1_000_000);
        let video = SandboxVideo {
            video_no: video_no.clone(),
            name: file.name.clone(),
            status,
            uploaded_at,
            seconds,
            parsed_at: uploaded_at.saturating_add(delay),
        };
        let data = json!({
            "videoNo": video_no,
            "videoName": file.name,
            "videoStatus": video.status(uploaded_at),
            "uploadTime": uploaded_at.to_string(),
            "duration": seconds.to_string(),
        });
        self.videos.push(video);
        self.uploads.push(UploadRecord {
            video_no,
            name: file.name,
            size: file.size,
            sha256: file.sha256,
            parse_fails: parse.fails,
        });
        (data, status)
    }

    /// `searchDB`: returns the `data` of one page of the videos that the query selects.
    pub(super) fn list(&self, query: &str, now: SystemTime) -> Result<Value, ServiceError> {
        let value = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            let value = pairs.find(|(key, _)| key == name).map(|(_, value)| value);
            value.filter(|value| !value.is_empty())
        };
        let number = |name: &str| -> Result<Option<u64>, ServiceError> {
            let parsed = value(name).map(|text| text.parse());
            parsed
                .transpose()
                .map_err(|_| ServiceError::Parameter("A parameter is not a number."))
        };
        let (start, end) = (number("startTime")?, number("endTime")?);
        let (status, name) = (
            value("videoStatus"),
            value("videoName").map(|name| name.to_lowercase()),
        );
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let page_size = number("pageSize")?.map_or(DEFAULT_PAGE_SIZE, size);
        let page_size = page_size.clamp(1, MAX_PAGE_SIZE);
        let current = number("page")?.map_or(1, size).max(1);
        let now = millis(now, 0);
        let found: Vec<&SandboxVideo> = self
            .videos
            .iter()
            .filter(|video| start.is_none_or(|start| video.uploaded_at >= start))
            .filter(|video| end.is_none_or(|end| video.uploaded_at <= end))
            .filter(|video| status.as_ref().is_none_or(|it| it == video.status(now)))
            .filter(|video| {
                name.as_ref()
                    .is_none_or(|it| video.name.to_lowercase().contains(&**it))
            })
            .collect();
        let page = found.iter().skip((current - 1).saturating_mul(page_size));
        Ok(json!({
            // The number of pages, whatever its name says.
            "page": found.len().div_ceil(page_size),
            "current": current,
            "total": found.len(),
            "pageSize": page_size,
            "videoData": page.take(page_size).map(|video| video.json(now)).collect::<Vec<Value>>(),
        }))
    }

    /// `delete`: deletes all videos that the body names, or none of them. Returns their number.
    pub(super) fn delete(&mut self, body: &[u8]) -> Result<u64, ServiceError> {
        let video_nos: Vec<String> = serde_json::from_slice(body)
            .map_err(|_| ServiceError::Parameter("The body is not an array of video numbers."))?;
        if video_nos.is_empty() || video_nos.len() > MAX_DELETED {
            return Err(ServiceError::Parameter("1 to 500 videos can be deleted."));
        }
        if video_nos.iter().any(|video_no| self.is_deleted(video_no)) {
            return Err(ServiceError::Duplicate);
        }
        let is_known = |video_no: &String| self.videos.iter().any(|it| it.video_no == *video_no);
        if !video_nos.iter().all(is_known) {
            return Err(ServiceError::Parameter("The video does not exist."));
        }
        self.deleted.extend(video_nos);
        let (deleted, before) = (&self.deleted, self.videos.len());
        self.videos
            .retain(|video| !deleted.contains(&video.video_no));
        Ok((before - self.videos.len()) as u64)
    }
}

impl SandboxVideo {
    fn status(&self, now: u64) -> &'static str {
        if now < self.parsed_at {
            "UNPARSE"
        } else {
            self.status
        }
    }

    /// Returns the record of a listing. A video that is not parsed has no length yet.
    fn json(&self, now: u64) -> Value {
        let mut record = json!({
            "videoNo": self.video_no,
            "videoName": self.name,
            "videoStatus": self.status(now),
            "uploadTime": self.uploaded_at,
        });
        if self.status(now) == "PARSE" {
            record["duration"] = self.seconds.into();
        }
        record
    }
}

/// Returns the time `age` seconds before `now`, in milliseconds since 1970.
fn millis(now: SystemTime, age: u64) -> u64 {
    let since = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let time = since.saturating_sub(Duration::from_secs(age));
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(store: &VideoStore, query: &str) -> Value {
        store.list(query, SystemTime::now()).unwrap()
    }

    fn names(data: &Value) -> Vec<&str> {
        let records = data["videoData"].as_array().unwrap().iter();
        records
            .map(|record| record["videoNo"].as_str().unwrap())
            .collect()
    }

    #[test]
    fn listing_is_paged_and_counts_pages_in_page() {
        let numbers: Vec<String> = (0..450).map(|n| format!("V{n}")).collect();
        let store = VideoStore::of(numbers.iter().map(String::as_str), SystemTime::now());
        let last = listed(&store, "page=3&pageSize=999");
        assert_eq!(names(&last).len(), 50);
        let counts =
            ["page", "current", "total", "pageSize"].map(|name| last[name].as_u64().unwrap());
        assert_eq!(counts, [3, 3, 450, 200]);
        assert_eq!(names(&listed(&store, "")).len(), 20);
        assert!(names(&listed(&store, "page=99")).is_empty());
        assert!(store.list("page=two", SystemTime::now()).is_err());
    }

    #[test]
    fn listing_is_filtered() {
        let now = SystemTime::now();
        let store = VideoStore::built_in(now);
        assert_eq!(
            names(&listed(&store, "videoStatus=FAIL")),
            ["VI480512907733422081"]
        );
        assert_eq!(
            names(&listed(&store, "videoName=talk")),
            ["VI605961375402668032"]
        );
        let old = format!("endTime={}", millis(now, 30 * DAY));
        assert_eq!(names(&listed(&store, &old)).len(), 2);
        let new = format!("startTime={}", millis(now, 30 * DAY));
        assert_eq!(names(&listed(&store, &new)).len(), 4);
    }

    #[test]
    fn group_is_deleted_whole_or_not_at_all() {
        let mut store = VideoStore::built_in(SystemTime::now());
        let mut code = |body: &str| store.delete(body.as_bytes()).err();
        assert_eq!(code(r#"["lecture-1"]"#), None);
        assert_eq!(
            code(r#"["lecture-1","lecture-2"]"#),
            Some(ServiceError::Duplicate)
        );
        for bad in ["[]", "{}", r#"["lecture-2","nope"]"#, "[7]"] {
            assert!(
                matches!(code(bad), Some(ServiceError::Parameter(_))),
                "{bad}"
            );
        }
        assert!(store.is_deleted("lecture-1") && !store.is_deleted("lecture-2"));
        assert_eq!(names(&listed(&store, "")).len(), SAMPLES.len() - 1);
    }

    fn upload(store: &mut VideoStore, video_no: &str, fails: bool, now: SystemTime) -> Value {
        let file = ReceivedFile {
            name: "a.mp4".to_owned(),
            size: 1_500_000,
            sha256: "00".to_owned(),
        };
        let delay = Duration::from_secs(5);
        let parse = Parse { delay, fails };
        store.upload(video_no.to_owned(), file, parse, now).0
    }

    fn statuses(store: &VideoStore, at: SystemTime) -> Vec<Value> {
        let data = store.list("", at).unwrap();
        let records = data["videoData"].as_array().unwrap().iter();
        records.map(|it| it["videoStatus"].clone()).collect()
    }

    #[test]
    fn upload_is_parsed_after_its_delay() {
        let mut store = VideoStore::default();
        let now = SystemTime::now();
        let data = upload(&mut store, "V1", false, now);
        assert_eq!(data["videoStatus"], "UNPARSE");
        assert_eq!(data["duration"], "90");
        let after = |seconds| statuses(&store, now + Duration::from_secs(seconds));
        assert_eq!(
            (after(4), after(5)),
            (vec!["UNPARSE".into()], vec!["PARSE".into()])
        );
        let record = store.upload_of("V1").unwrap();
        assert_eq!((record.size, &*record.name), (1_500_000, "a.mp4"));
        assert!(store.upload_of("V2").is_none());
    }

    #[test]
    fn failed_parses_have_both_words_in_turn() {
        let mut store = VideoStore::default();
        let now = SystemTime::now();
        for (video_no, fails) in [("V1", true), ("V2", false), ("V3", true), ("V4", true)] {
            upload(&mut store, video_no, fails, now);
        }
        assert_eq!(statuses(&store, now), ["UNPARSE"; 4]);
        let end = now + Duration::from_secs(5);
        assert_eq!(
            statuses(&store, end),
            ["FAIL", "PARSE", "PARSE_ERROR", "FAIL"]
        );
        let failing = ["V1", "V2", "V3", "unknown"].map(|video_no| store.parse_fails(video_no));
        assert_eq!(failing, [true, false, true, false]);
        let store = VideoStore::built_in(now);
        let failing = SAMPLES.map(|(video_no, ..)| store.parse_fails(video_no));
        assert_eq!(failing, SAMPLES.map(|(_, _, status, ..)| status == "FAIL"));
    }
}
