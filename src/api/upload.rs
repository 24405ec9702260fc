//! An upload as the engine asks for it: the file, the observer of its progress, and its outcome.

use super::video::Video;
use crate::error::Error;
use crate::video_file::VideoFile;

/// A file to upload.
#[derive(Clone, Debug)]
pub struct UploadRequest {
    /// The file, as it was when it was looked at.
    pub file: VideoFile,
    /// The SHA-256 that the content must have, in lower-case hexadecimal digits, where it is known. Content
    /// with another one is not sent whole.
    pub sha256: Option<String>,
    /// The address to which the service POSTs the result of parsing.
    pub callback: Option<String>,
}

/// Observes an upload under way. It is called by the thread that makes the call, and by one that reads
/// the file.
pub trait UploadObserver: Send + Sync {
    /// Called with the number of bytes of the file that have been handed over so far.
    fn on_sent(&self, bytes: u64);

    /// Called once, when all but the last bytes of the file have been handed over. An error aborts the
    /// upload, so that the service accepts nothing.
    fn before_last_bytes(&self) -> Result<(), Error>;

    /// Returns `true` once the upload is to be aborted. It is asked several times a second.
    fn is_cancelled(&self) -> bool;
}

/// The reply to an upload.
#[derive(Clone, Debug, PartialEq)]
pub struct UploadedVideo {
    /// The new video. All but its ID may be missing.
    pub video: Video,
    /// The SHA-256 of what was sent, in lower-case hexadecimal digits.
    pub sha256: String,
}
