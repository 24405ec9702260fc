//! A recorded upload of a video file.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::ids::VideoNo;

/// A recorded upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The video ID; `None` until the upload is accepted.
    pub video_no: Option<VideoNo>,
    /// The last known status.
    pub status: UploadStatus,
    /// The absolute path of the file; what is not UTF-8 is replaced by U+FFFD.
    pub path: PathBuf,
    /// The name under which the file was uploaded.
    pub name: String,
    /// The length of the file in bytes.
    pub size: u64,
    /// The time of the file's last change before the upload, where it is known.
    pub modified: Option<Timestamp>,
    /// The SHA-256 of the content in lower-case hexadecimal digits, where it is known.
    pub sha256: Option<String>,
    /// The time when the upload began, as far as it is recorded.
    pub started_at: Timestamp,
    /// The time when the service accepted the upload.
    pub uploaded_at: Option<Timestamp>,
    /// The service's base URL, without a trailing slash.
    pub base_url: Arc<str>,
    /// The ID of the upload attempt.
    pub(super) attempt: String,
}

/// The last known status of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UploadStatus {
    /// Not sent whole: the service cannot have accepted it.
    Uploading,
    /// Sent whole, and no answer is recorded. It may have been accepted, and paid for.
    Unknown,
    /// Accepted. Whether the service could parse the video is not recorded.
    Uploaded,
    /// Accepted, and parsed.
    Parsed,
    /// Accepted, but the service cannot parse it.
    ParseFailed,
}
