//! The videos of the sandbox's account: listed a page at a time, and deleted for good. Knows neither HTTP
//! nor clocks.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::fixture::success;
use super::service_error::ServiceError;

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
}

/// The videos of the account, and those that were deleted.
#[derive(Debug, Default)]
pub(super) struct VideoStore {
    videos: Vec<SandboxVideo>,
    deleted: HashSet<String>,
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
        };
        Self {
            videos: SAMPLES.map(video).into(),
            deleted: HashSet::new(),
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
        };
        Self {
            videos: video_nos.zip(1..).map(video).collect(),
            deleted: HashSet::new(),
        }
    }

    pub(super) fn is_deleted(&self, video_no: &str) -> bool {
        self.deleted.contains(video_no)
    }

    /// `searchDB`: returns the reply with one page of the videos that the query selects.
    pub(super) fn list(&self, query: &str) -> Result<String, ServiceError> {
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
        let found: Vec<&SandboxVideo> = self
            .videos
            .iter()
            .filter(|video| start.is_none_or(|start| video.uploaded_at >= start))
            .filter(|video| end.is_none_or(|end| video.uploaded_at <= end))
            .filter(|video| status.as_ref().is_none_or(|it| it == video.status))
            .filter(|video| {
                name.as_ref()
                    .is_none_or(|it| video.name.to_lowercase().contains(&**it))
            })
            .collect();
        let page = found.iter().skip((current - 1).saturating_mul(page_size));
        let data = json!({
            // The number of pages, whatever its name says.
            "page": found.len().div_ceil(page_size),
            "current": current,
            "total": found.len(),
            "pageSize": page_size,
            "videoData": page.take(page_size).map(|video| video.json()).collect::<Vec<Value>>(),
        });
        Ok(success(&data.to_string()))
    }

    /// `delete`: deletes all videos that the body names, or none of them.
    pub(super) fn delete(&mut self, body: &[u8]) -> Result<String, ServiceError> {
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
        let deleted = &self.deleted;
        self.videos
            .retain(|video| !deleted.contains(&video.video_no));
        Ok(r#"{"code":"0000","msg":"success"}"#.to_owned())
    }
}

impl SandboxVideo {
    /// Returns the record of a listing. A video that is not parsed has no length yet.
    fn json(&self) -> Value {
        let mut record = json!({
            "videoNo": self.video_no,
            "videoName": self.name,
            "videoStatus": self.status,
            "uploadTime": self.uploaded_at,
        });
        if self.status == "PARSE" {
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
        let reply: Value = serde_json::from_str(&store.list(query).unwrap()).unwrap();
        reply["data"].clone()
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
        assert!(store.list("page=two").is_err());
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
}
