//! The JSON of the calls: the bodies of requests, and the `data` of the reply to a submit. The envelope is parsed by
//! [`crate::envelope`], the `data` of a task by [`crate::transcript`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::video::Video;
use crate::envelope::Envelope;
use crate::ids::{TaskNo, VideoNo};
use crate::json::{self, text_or_number};

/// The body of `POST /api/serve/video/subTranscription`.
#[derive(Debug, Serialize)]
pub(super) struct SubmitBody<'a> {
    #[serde(rename = "videoNo")]
    pub(super) video_no: &'a str,
    #[serde(rename = "type")]
    pub(super) transcription_type: &'static str,
    /// Omitted, not null, where there is none.
    #[serde(rename = "callBackURI", skip_serializing_if = "Option::is_none")]
    pub(super) callback: Option<&'a str>,
}

/// The `data` of the reply to a submit.
#[derive(Debug, Deserialize)]
pub(super) struct Submitted<'a> {
    #[serde(rename = "taskNo", borrow, deserialize_with = "text_or_number")]
    pub(super) task_no: Cow<'a, str>,
}

/// The body of `POST /auth/api/token/getAccessToken`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoginBody<'a> {
    pub(super) client_id: &'a str,
    pub(super) code: &'a str,
}

/// The body of `POST /auth/api/token/refreshAccessToken`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefreshBody<'a> {
    pub(super) refresh_token: &'a str,
}

/// Returns the task that a reply to a submit names, whatever else it says.
pub(super) fn named_task(body: &str) -> Option<TaskNo> {
    let data = Envelope::parse(body).ok()?.data?;
    let submitted: Submitted<'_> = json::object(data.get()).ok()?;
    TaskNo::new(&submitted.task_no).ok()
}

/// Returns the video that a reply to an upload names, whatever else it says.
pub(super) fn named_video(body: &str) -> Option<VideoNo> {
    let data = Envelope::parse(body).ok()?.data?;
    Some(Video::parse(data.get())?.video_no)
}

/// Maximum nesting of a reply: far more than the API's own 4, far less than a stack bears.
const MAX_DEPTH: usize = 128;

/// Returns `true` if the brackets in `json` nest deeper than [`MAX_DEPTH`].
pub(super) fn is_too_deep(json: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submit_body_omits_missing_callback() {
        let body = |callback| {
            serde_json::to_string(&SubmitBody {
                video_no: "V",
                transcription_type: "AUDIO",
                callback,
            })
            .unwrap()
        };
        assert_eq!(body(None), r#"{"videoNo":"V","type":"AUDIO"}"#);
        assert_eq!(
            body(Some("http://x/")),
            r#"{"videoNo":"V","type":"AUDIO","callBackURI":"http://x/"}"#
        );
    }

    #[test]
    fn depth_ignores_brackets_in_strings() {
        assert!(!is_too_deep(&format!("\"{}\"", "[".repeat(200))));
        assert!(!is_too_deep(&format!(
            "{}{}",
            "[".repeat(128),
            "]".repeat(128)
        )));
        assert!(is_too_deep(&"{\"a\":[".repeat(100)));
    }
}
