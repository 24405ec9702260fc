//! One line of the journal. A record borrows its strings: from the caller when it is written, from
//! the line when it is read. Fields and events added by a newer version are tolerated.

use std::borrow::Cow;
use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An event in the life of a submit attempt, a task or an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum RecordEvent {
    /// A request is about to be sent.
    Submitting,
    /// The service accepted the request and returned a task ID.
    Submitted,
    /// The request certainly was not accepted.
    Rejected,
    /// The task ended with a transcription.
    Finished,
    /// The task ended without one.
    Failed,
    /// The user asked not to list the task any more.
    Forgotten,
    /// The video was deleted from the service, with all that belongs to it.
    Deleted,
    /// An upload is about to begin.
    Uploading,
    /// The last bytes of an upload are about to be handed over.
    UploadSent,
    /// The service accepted an upload and returned a video ID.
    Uploaded,
    /// The upload certainly was not accepted.
    UploadRejected,
    /// The service has parsed the video.
    Parsed,
    /// The service cannot parse the video.
    ParseFailed,
    /// An event of a newer version.
    #[serde(other)]
    Other,
}

/// A string that is borrowed where possible. (serde borrows a bare `Cow`, but not one in an `Option`.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct CowStr<'a>(#[serde(borrow)] Cow<'a, str>);

impl CowStr<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for CowStr<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl<'a> From<&'a str> for CowStr<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

/// One line. Fields whose value is not known are omitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<'a> {
    #[serde(with = "utc")]
    pub(super) time: Timestamp,
    pub(super) event: RecordEvent,
    /// The ID of the submit or upload attempt.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<CowStr<'a>>,
    #[serde(borrow)]
    pub(super) base_url: CowStr<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) video_no: Option<CowStr<'a>>,
    #[serde(
        borrow,
        default,
        rename = "type",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) transcription_type: Option<CowStr<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) callback: Option<CowStr<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) task_no: Option<CowStr<'a>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) by_callback: bool,
    /// The absolute path of an uploaded file; what is not UTF-8 is replaced by U+FFFD.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<CowStr<'a>>,
    /// The name under which the file is uploaded.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<CowStr<'a>>,
    /// The length of the file in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<u64>,
    /// The time of the file's last change, as exact as the file system has it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) modified: Option<CowStr<'a>>,
    /// The SHA-256 of the content, in lower-case hexadecimal digits.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) sha256: Option<CowStr<'a>>,
}

impl<'a> Record<'a> {
    /// Returns the record of an event, now, with no other field.
    pub(super) fn now(event: RecordEvent, base_url: &'a str) -> Self {
        Self {
            time: Timestamp::now(),
            event,
            id: None,
            base_url: normalized(base_url).into(),
            video_no: None,
            transcription_type: None,
            callback: None,
            task_no: None,
            by_callback: false,
            path: None,
            name: None,
            size: None,
            modified: None,
            sha256: None,
        }
    }

    /// Serializes the record as one line with its line end. JSON escapes line breaks, so the result
    /// is always a single line.
    pub(super) fn to_line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

/// Returns the form in which base URLs are stored and compared: without trailing slashes.
pub(super) fn normalized(base_url: &str) -> &str {
    base_url.trim_end_matches('/')
}

/// Times as RFC 3339 in UTC with milliseconds, such as `2026-11-22T16:38:00.123Z`.
pub(super) mod utc {
    use std::borrow::Cow;

    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(in crate::journal) fn serialize<S: Serializer>(
        time: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{time:.3}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        Cow::<str>::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}
