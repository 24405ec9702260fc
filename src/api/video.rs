//! The videos of an account, and the JSON of the calls about them. Source: the API pages "Metadata" and
//! "Delete videos", v1.0; the aliases and the mixed types are those of replies that clients have seen.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::value::RawValue;

use crate::ids::VideoNo;
use crate::json::{self, text};
use crate::names::named;

/// Maximum number of videos per page of a listing.
pub const MAX_PAGE_SIZE: u32 = 200;

/// Maximum number of videos that one call deletes.
pub const MAX_DELETED_VIDEOS: usize = 500;

/// A video of the account. All text but the ID is as the service sent it: untrusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Video {
    /// The video's ID.
    pub video_no: VideoNo,
    /// The name that the uploader or the service gave it.
    pub name: Option<String>,
    /// The service's word for the state of the video.
    pub status_word: Option<String>,
    /// The time of the upload.
    pub uploaded_at: Option<Timestamp>,
    /// The length, in seconds.
    pub seconds: Option<f64>,
}

/// The state of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoStatus {
    /// The video can be transcribed.
    Parsed,
    /// The service has not parsed it yet.
    Pending,
    /// The service could not parse it.
    Failed,
}

named!(VideoStatus {
    Parsed => "parsed",
    Pending => "pending",
    Failed => "failed",
});

impl VideoStatus {
    /// Returns the status that the service's word stands for; `None` for an unknown word. Several pages
    /// and versions of the API have different words for a failure.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_uppercase().as_str() {
            "PARSE" => Some(Self::Parsed),
            "UNPARSE" => Some(Self::Pending),
            "FAIL" | "FAILED" | "PARSE_ERROR" | "ERROR" => Some(Self::Failed),
            _ => None,
        }
    }
}

impl Video {
    /// Parses the `data` of the reply to an upload; `None` if it has no usable video ID.
    pub(super) fn parse(data: &str) -> Option<Self> {
        video(serde_json::from_str(data).ok()?)
    }

    /// Returns the status. A video with no status or an unknown one counts as pending.
    #[must_use]
    pub fn status(&self) -> VideoStatus {
        let word = self.status_word.as_deref();
        word.and_then(VideoStatus::from_word)
            .unwrap_or(VideoStatus::Pending)
    }
}

/// The videos to list. The service applies it, as far as it can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VideoFilter {
    /// Only videos of this status.
    pub status: Option<VideoStatus>,
    /// Only videos uploaded at this time or later.
    pub since: Option<Timestamp>,
    /// Only videos uploaded at this time or earlier.
    pub until: Option<Timestamp>,
    /// Only videos whose name contains this text.
    pub name: Option<String>,
}

impl VideoFilter {
    /// Returns the query parameters that ask for one page, counted from 1.
    pub(super) fn query(&self, page: u32) -> Vec<(&'static str, String)> {
        let millis = |time: Timestamp| time.as_millisecond().to_string();
        // There are several words for the other states, and the service takes one.
        let is_parsed = self.status == Some(VideoStatus::Parsed);
        let optional = [
            ("startTime", self.since.map(millis)),
            ("endTime", self.until.map(millis)),
            ("videoStatus", is_parsed.then(|| "PARSE".to_owned())),
            ("videoName", self.name.clone()),
        ];
        let given = optional
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        given
            .chain([
                ("page", page.to_string()),
                ("pageSize", MAX_PAGE_SIZE.to_string()),
            ])
            .collect()
    }

    /// Returns `true` if the video is one to list, as far as its fields are known. The service is not
    /// relied on: it ignores parameters that it does not know.
    #[must_use]
    pub fn accepts(&self, video: &Video) -> bool {
        let uploaded = video.uploaded_at;
        self.status.is_none_or(|status| video.status() == status)
            && (self.since).is_none_or(|since| uploaded.is_none_or(|time| time >= since))
            && (self.until).is_none_or(|until| uploaded.is_none_or(|time| time <= until))
            && self.name.as_ref().is_none_or(|text| {
                let name = video.name.as_deref().unwrap_or_default();
                name.to_lowercase().contains(&text.to_lowercase())
            })
    }
}

/// One page of a listing.
#[derive(Debug, Default)]
pub struct VideoPage {
    /// The videos, in the service's order.
    pub videos: Vec<Video>,
    /// The number of records on the page, those without a usable video ID included.
    pub records: usize,
    /// The number of pages, if the reply tells it.
    pub pages: Option<u64>,
    /// The number of videos on all pages, if the reply tells it.
    pub total: Option<u64>,
    /// The first status that is not known, redacted for display.
    pub unknown_status: Option<String>,
}

type JsonObject<'a> = HashMap<String, &'a RawValue>;

impl VideoPage {
    /// Parses the `data` of a listing. A list that is missing or null is empty.
    pub(super) fn parse(data: &str) -> Result<Self, serde_json::Error> {
        let data: JsonObject<'_> = json::object(data)?;
        let number = |name| data.get(name).and_then(|json| text(json)?.parse().ok());
        let total: Option<u64> = number("total");
        let page_size = number("pageSize").filter(|size| *size > 0);
        let counted = total.map(|total| total.div_ceil(page_size.unwrap_or(MAX_PAGE_SIZE.into())));
        // `page` is the number of pages; a service that means the present page has more in `total`.
        let pages = number("page").max(counted);
        let records: Vec<&RawValue> = match data.get("videoData") {
            Some(json) => serde_json::from_str::<Option<_>>(json.get())?.unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Self {
            videos: records.iter().filter_map(|json| video(json)).collect(),
            records: records.len(),
            pages,
            total,
            unknown_status: None,
        })
    }
}

/// Parses a record; `None` if it has no usable video ID.
fn video(json: &RawValue) -> Option<Video> {
    let record: JsonObject<'_> = json::object(json.get()).ok()?;
    let field = |names: [&str; 2]| {
        let mut values = names.into_iter().filter_map(|name| record.get(name));
        values.find_map(|json| text(json).filter(|text| !text.is_empty()))
    };
    let seconds = field(["duration", "videoDuration"]).and_then(|text| text.trim().parse().ok());
    Some(Video {
        video_no: VideoNo::new(&field(["videoNo", "video_no"])?).ok()?,
        name: field(["videoName", "video_name"]).map(Cow::into_owned),
        status_word: field(["videoStatus", "status"]).map(Cow::into_owned),
        uploaded_at: field(["uploadTime", "create_time"]).and_then(|text| time(text.trim())),
        seconds: seconds.filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0),
    })
}

/// Parses a time: milliseconds since 1970, seconds by their size, or a date and time (UTC where no zone
/// is given).
fn time(text: &str) -> Option<Timestamp> {
    /// In milliseconds this is in 1973, in seconds in 5138.
    const MAX_SECONDS: i64 = 100_000_000_000;

    if let Ok(number) = text.parse::<i64>() {
        return if number.abs() < MAX_SECONDS {
            Timestamp::from_second(number).ok()
        } else {
            Timestamp::from_millisecond(number).ok()
        };
    }
    let utc = |time: DateTime| Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp());
    text.parse()
        .ok()
        .or_else(|| text.parse().ok().and_then(utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(json: &str) -> Video {
        let page = VideoPage::parse(&format!(r#"{{"videoData":[{json}]}}"#)).unwrap();
        page.videos.into_iter().next().unwrap()
    }

    #[test]
    fn both_spellings_and_mixed_types_are_read() {
        let expected = Video {
            video_no: VideoNo::new("605961375402668032").unwrap(),
            name: Some("7".to_owned()),
            status_word: Some("PARSE".to_owned()),
            uploaded_at: Some("2024-06-01T12:00:00Z".parse().unwrap()),
            seconds: Some(61.5),
        };
        for json in [
            r#"{"videoNo":605961375402668032,"videoName":7,"videoStatus":"PARSE","uploadTime":1717243200000,"duration":"61.5"}"#,
            r#"{"video_no":"605961375402668032","video_name":"7","status":"PARSE","create_time":"1717243200000","duration":61.5}"#,
            r#"{"videoNo":null,"video_no":"605961375402668032","videoName":"7","status":"PARSE","create_time":1717243200,"duration":6.15e1,"more":[{}]}"#,
            r#"{"videoNo":"605961375402668032","videoName":"7","videoStatus":"PARSE","uploadTime":"2024-06-01T14:00:00+02:00","duration":61.5}"#,
            r#"{"videoNo":"605961375402668032","videoName":"7","videoStatus":"PARSE","uploadTime":"2024-06-01 12:00:00","duration":61.5}"#,
        ] {
            assert_eq!(only(json), expected, "{json}");
        }
    }

    #[test]
    fn missing_or_odd_fields_are_unknown() {
        let expected = Video {
            video_no: VideoNo::new("V").unwrap(),
            name: None,
            status_word: None,
            uploaded_at: None,
            seconds: None,
        };
        for json in [
            r#"{"videoNo":"V"}"#,
            r#"{"videoNo":"V","videoName":null,"videoStatus":[],"uploadTime":"soon","duration":"long"}"#,
            r#"{"videoNo":"V","videoName":"","uploadTime":1e99,"duration":-1}"#,
            r#"{"videoNo":"V","uploadTime":9223372036854775807,"duration":"NaN"}"#,
        ] {
            assert_eq!(only(json), expected, "{json}");
        }
        assert_eq!(expected.status(), VideoStatus::Pending);
    }

    #[test]
    fn page_count_is_the_larger_of_both_that_are_told() {
        let pages = |json| VideoPage::parse(json).unwrap().pages;
        for (json, expected) in [
            (r#"{"page":10,"total":2000,"pageSize":200}"#, Some(10)),
            (r#"{"page":"3","total":"401"}"#, Some(3)),
            (r#"{"page":1,"current":1,"total":"401"}"#, Some(3)),
            (
                r#"{"page":0,"total":0,"pageSize":0,"videoData":null}"#,
                Some(0),
            ),
            (r#"{"total":50,"pageSize":"20"}"#, Some(3)),
            ("{}", None),
            (r#"{"page":null,"total":{}}"#, None),
        ] {
            assert_eq!(pages(json), expected, "{json}");
        }
    }

    #[test]
    fn records_without_usable_id_are_counted() {
        let json =
            r#"{"videoData":[{"videoName":"x"},null,7,{"videoNo":"a\u001bb"},{"videoNo":"V"}]}"#;
        let page = VideoPage::parse(json).unwrap();
        assert_eq!((page.videos.len(), page.records), (1, 5));
        for bad in ["7", "[]", r#"{"videoData":7}"#] {
            assert!(VideoPage::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn filter_is_sent_and_applied() {
        let filter = VideoFilter {
            status: Some(VideoStatus::Parsed),
            since: Timestamp::from_second(1).ok(),
            until: Timestamp::from_second(2).ok(),
            name: Some("É&".to_owned()),
        };
        let query = filter.query(3);
        let query: Vec<(&str, &str)> = query.iter().map(|(name, it)| (*name, &**it)).collect();
        let expected = [
            ("startTime", "1000"),
            ("endTime", "2000"),
            ("videoStatus", "PARSE"),
            ("videoName", "É&"),
            ("page", "3"),
            ("pageSize", "200"),
        ];
        assert_eq!(query, expected);
        let video = Video {
            video_no: VideoNo::new("V").unwrap(),
            name: Some("caf\u{e9}&bar".to_owned()),
            status_word: Some("parse".to_owned()),
            uploaded_at: Timestamp::from_second(2).ok(),
            seconds: None,
        };
        assert!(filter.accepts(&video));
        let unknown_time = Video {
            uploaded_at: None,
            ..video.clone()
        };
        assert!(filter.accepts(&unknown_time));
        for other in [
            Video {
                name: None,
                ..video.clone()
            },
            Video {
                status_word: Some("UNPARSE".to_owned()),
                ..video.clone()
            },
            Video {
                uploaded_at: Timestamp::from_second(3).ok(),
                ..video
            },
        ] {
            assert!(!filter.accepts(&other), "{other:?}");
        }
    }
}
