//! The calls about the videos of the account: one page of the listing, and the deletion of some.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use super::transaction::Transaction;
use super::{HttpClient, internal};
use crate::api::api_error::ApiError;
use crate::api::video::{VideoFilter, VideoPage, VideoStatus};
use crate::ids::VideoNo;
use crate::secret::Secret;

const LIST_PATH: &str = "api/serve/video/searchDB";
const DELETE_PATH: &str = "api/serve/video/delete";

impl HttpClient {
    /// Fetches one page of the listing of videos, counted from 1.
    pub fn list_videos(
        &self,
        token: &Secret,
        filter: &VideoFilter,
        page: u32,
        timeout: Duration,
    ) -> Result<VideoPage, ApiError> {
        let query = filter.query(page);
        let query: Vec<(&str, &str)> = query.iter().map(|(name, it)| (*name, &**it)).collect();
        let request = self.request(Method::GET, LIST_PATH, &query, token)?;
        let reply = Transaction::new(self, token).run(request, timeout)?;
        let mut page =
            VideoPage::parse(reply.data()?).map_err(|error| reply.unexpected_shape(&error))?;
        let mut words = page
            .videos
            .iter()
            .filter_map(|video| video.status_word.as_deref());
        let unknown = words.find(|word| VideoStatus::from_word(word).is_none());
        page.unknown_status = unknown.map(|word| reply.redacted_excerpt(word));
        Ok(page)
    }

    /// Deletes videos for good, at most [`MAX_DELETED_VIDEOS`](crate::api::MAX_DELETED_VIDEOS).
    pub fn delete_videos(
        &self,
        token: &Secret,
        videos: &[VideoNo],
        timeout: Duration,
    ) -> Result<(), ApiError> {
        let videos: Vec<&str> = videos.iter().map(VideoNo::as_str).collect();
        let body = serde_json::to_vec(&videos).map_err(|error| internal(&error))?;
        let request = self
            .request(Method::DELETE, DELETE_PATH, &[], token)?
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        Transaction::new(self, token).run(request, timeout)?;
        Ok(())
    }
}
