//! The calls of the service as the engine makes them: with the account's token and within a time
//! limit, each sent once.

use std::sync::Arc;
use std::time::Duration;

use super::api_error::ApiError;
use super::credentials::Credentials;
use super::http_client::{HttpClient, Reply, Submission};
use super::upload::{UploadObserver, UploadRequest, UploadedVideo};
use super::video::{VideoFilter, VideoPage};
use crate::error::Error;
use crate::ids::{TaskNo, VideoNo};
use crate::secret::Secret;

/// A client of the service for one account, shared by the workers of a run.
pub struct ApiClient {
    client: HttpClient,
    credentials: Credentials,
    request_timeout: Duration,
}

impl ApiClient {
    /// Creates a client; nothing is sent. `request_timeout` bounds each call; of an upload, the time without
    /// progress.
    #[must_use]
    pub const fn new(
        client: HttpClient,
        credentials: Credentials,
        request_timeout: Duration,
    ) -> Self {
        Self {
            client,
            credentials,
            request_timeout,
        }
    }

    /// Fetches the token, so that a missing one is found before anything is sent.
    pub fn prepare(&self) -> Result<(), Error> {
        self.credentials.prepare()
    }

    /// Submits a video once.
    pub fn submit(&self, submission: &Submission) -> Result<TaskNo, ApiError> {
        self.with_token(|token| self.client.submit(token, submission, self.request_timeout))
    }

    /// Uploads a file once.
    pub fn upload(
        &self,
        request: &UploadRequest,
        observer: &Arc<dyn UploadObserver>,
    ) -> Result<UploadedVideo, ApiError> {
        let timeout = self.request_timeout;
        self.with_token(|token| self.client.upload(token, request, observer, timeout))
    }

    /// Fetches the state of a task once, within `limit` where that is shorter than the request timeout.
    pub fn get(&self, task_no: &TaskNo, limit: Duration) -> Result<Reply, ApiError> {
        let timeout = self.request_timeout.min(limit);
        self.with_token(|token| self.client.get(token, task_no, timeout))
    }

    /// Fetches one page of the listing of videos once.
    pub fn list_videos(&self, filter: &VideoFilter, page: u32) -> Result<VideoPage, ApiError> {
        let timeout = self.request_timeout;
        self.with_token(|token| self.client.list_videos(token, filter, page, timeout))
    }

    /// Deletes videos once.
    pub fn delete_videos(&self, videos: &[VideoNo]) -> Result<(), ApiError> {
        let timeout = self.request_timeout;
        self.with_token(|token| self.client.delete_videos(token, videos, timeout))
    }

    /// Makes the call with the present token. Where the service refuses that token, the next call
    /// fetches a fresh one, if there can be one, and the error says whether that may help.
    fn with_token<T>(
        &self,
        call: impl FnOnce(&Secret) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let token = self.credentials.token()?;
        let result = call(&token);
        match result {
            Err(error) if error.is_token_refused() => Err(ApiError {
                renews_token: self.credentials.discard(&token),
                error: error.error.with_hint(self.credentials.refusal_hint()),
                ..error
            }),
            Err(error) if error.error.api_code.is_none() => Err(error),
            answered => {
                self.credentials.accepted(&token);
                answered
            }
        }
    }
}
