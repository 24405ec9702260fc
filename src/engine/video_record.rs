//! A video as scripts see it: the fields of the API, under its names.

use serde::Serialize;

use crate::api::Video;

/// The fields of a video. Those that are not known are null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoRecord<'a> {
    /// The video ID.
    pub video_no: &'a str,
    /// The name.
    pub video_name: Option<&'a str>,
    /// The service's word for the status.
    pub video_status: Option<&'a str>,
    /// The time of the upload, RFC 3339.
    pub upload_time: Option<String>,
    /// The length in seconds.
    pub duration: Option<serde_json::Number>,
}

impl<'a> VideoRecord<'a> {
    /// Returns the fields of a video.
    #[must_use]
    pub fn new(video: &'a Video) -> Self {
        Self {
            video_no: video.video_no.as_str(),
            video_name: video.name.as_deref(),
            video_status: video.status_word.as_deref(),
            upload_time: video.uploaded_at.map(|time| time.to_string()),
            duration: video.seconds.and_then(number),
        }
    }
}

/// Returns seconds as a number that is whole where it can be.
fn number(seconds: f64) -> Option<serde_json::Number> {
    let fractional = serde_json::Number::from_f64(seconds)?;
    let text = fractional.to_string();
    let whole = text
        .strip_suffix(".0")
        .and_then(|whole| whole.parse::<u64>().ok());
    Some(whole.map_or(fractional, Into::into))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_where_they_can_be() {
        let texts = [0.0, 61.0, 61.5, 1e300].map(|it| number(it).unwrap().to_string());
        assert_eq!(texts, ["0", "61", "61.5", "1e+300"]);
    }
}
