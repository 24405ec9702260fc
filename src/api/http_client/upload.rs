//! The upload of a file.

use std::sync::Arc;
use std::time::Duration;

use super::{HttpClient, internal};
use crate::api::api_error::ApiError;
use crate::api::upload::{UploadObserver, UploadRequest, UploadedVideo};
use crate::secret::Secret;

impl HttpClient {
    /// Uploads a file once. `timeout` bounds the time without progress.
    pub fn upload(
        &self,
        _token: &Secret,
        _request: &UploadRequest,
        _observer: Arc<dyn UploadObserver>,
        _timeout: Duration,
    ) -> Result<UploadedVideo, ApiError> {
        Err(internal(&"uploads are not supported yet"))
    }
}
