//! The upload of a file: `multipart/form-data` with one part, streamed from the disk.

mod file_body;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use reqwest::Body;
use reqwest::multipart::{Form, Part};

use super::reply::Reply;
use super::transaction::Transaction;
use super::{HttpClient, internal};
use crate::api::api_error::{ApiError, FailureClass};
use crate::api::upload::{UploadObserver, UploadRequest, UploadedVideo};
use crate::api::video::Video;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use file_body::{FileBody, HandOver};

const UPLOAD_PATH: &str = "api/serve/video/upload";

/// The HTTP status of a request that is too large (RFC 9110, section 15.5.14).
const CONTENT_TOO_LARGE: u16 = 413;
const TOO_LARGE_HINT: &str = "the file is too large for the service or a gateway on the way";

impl HttpClient {
    /// Uploads a file once. `timeout` bounds the time without progress: until the connection takes more of
    /// the file, and after its end until the reply is complete. An error says whether the file was handed
    /// over whole, and holds the video that the reply named although it says that the upload failed.
    pub fn upload(
        &self,
        token: &Secret,
        request: &UploadRequest,
        observer: &Arc<dyn UploadObserver>,
        timeout: Duration,
    ) -> Result<UploadedVideo, ApiError> {
        let hand_over = Arc::new(HandOver::new(Arc::clone(observer)));
        let outcome = self.send_file(token, request, &hand_over, timeout);
        outcome.map_err(|mut error| {
            error.is_incomplete = !hand_over.is_complete();
            // A code of the service has a hint of its own.
            let is_bare = error.error.api_code.is_none();
            if is_bare && error.error.http_status == Some(CONTENT_TOO_LARGE) {
                error.error.hint = Some(TOO_LARGE_HINT.to_owned());
            }
            error
        })
    }

    fn send_file(
        &self,
        token: &Secret,
        request: &UploadRequest,
        hand_over: &Arc<HandOver>,
        timeout: Duration,
    ) -> Result<UploadedVideo, ApiError> {
        let file = request.file.open().map_err(ApiError::permanent)?;
        let (reader, body) = FileBody::new(file, request, hand_over);
        let part = Part::stream_with_length(Body::wrap(body), request.file.size)
            .file_name(request.file.name.clone())
            .mime_str(request.file.media_type())
            .map_err(|error| internal(&error))?;
        let callback = request.callback.as_deref();
        let query: Vec<_> = callback
            .map(|url| ("callBackUri", url))
            .into_iter()
            .collect();
        let post = self.paid_request(UPLOAD_PATH, &query, token)?;
        let post = post.multipart(Form::new().part("file", part));
        thread::scope(|scope| {
            let reader = thread::Builder::new()
                .name("upload".to_owned())
                .spawn_scoped(scope, || reader.run())
                .map_err(|error| internal(&error))?;
            let transaction = Transaction::upload(self, token);
            let reply = transaction.run_paid(post, timeout, hand_over.watch());
            // The body is gone, so the reader ends, and tells its observer nothing afterwards.
            let read = reader.join();
            let read = read.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            combine(reply, read, hand_over)
        })
    }
}

/// Returns the outcome of an upload, of which `read` is the SHA-256 if all of the file was read.
fn combine(
    reply: Result<Reply, ApiError>,
    read: Result<Option<String>, Error>,
    hand_over: &HandOver,
) -> Result<UploadedVideo, ApiError> {
    if let (Ok(Some(sha256)), true) = (&read, hand_over.is_complete()) {
        let (reply, sha256) = (reply?, sha256.clone());
        let missing = "`videoNo` is missing";
        let video = Video::parse(reply.data()?);
        let video = video.ok_or_else(|| reply.unexpected_shape(&missing))?;
        return Ok(UploadedVideo { video, sha256 });
    }
    let failure = reply.map_or_else(|failure| failure, |reply| answered_early(&reply));
    let is_lost = failure.class == FailureClass::ConnectionLost;
    Err(match read {
        Err(error) if failure.named_video.is_none() => ApiError::permanent(error),
        _ if is_lost && failure.named_video.is_none() && hand_over.is_cancelled() => {
            ApiError::cancelled()
        }
        _ => failure,
    })
}

/// Returns the error for a reply that says success before the file was handed over whole.
fn answered_early(reply: &Reply) -> ApiError {
    let message = "the service answered before it had the whole file";
    let video = reply.data().ok().and_then(Video::parse);
    ApiError {
        named_video: video.map(|video| video.video_no),
        ..ApiError::permanent(Error {
            http_status: Some(reply.status),
            ..Error::new(ErrorKind::Api, message)
        })
    }
}

#[cfg(test)]
mod tests;
