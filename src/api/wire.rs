//! The JSON of the calls: the bodies of requests, and the `data` of the reply to a submit. The envelope is
//! parsed by [`crate::envelope`], the `data` of a task by [`crate::transcript`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::video::Video;
use crate::ids::{TaskNo, VideoNo};
use crate::json::{self, text_or_number};
use crate::text;

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

/// Returns the task that a reply to a submit names, whatever else it says or lacks.
pub(super) fn named_task(body: &str) -> Option<TaskNo> {
    in_data(body, |data| {
        let mut task = None;
        json::for_each_member(data, |name, value| {
            if name == "taskNo" {
                task = json::text(value).and_then(|task| TaskNo::new(&task).ok());
            }
        });
        task.filter(|task| is_whole(task.as_str()))
    })
}

/// Returns the video that a reply to an upload names, whatever else it says or lacks.
pub(super) fn named_video(body: &str) -> Option<VideoNo> {
    let video = in_data(body, |data| Some(Video::parse(data)?.video_no));
    video.filter(|video| is_whole(video.as_str()))
}

/// Returns what `find` makes of the last `data` that it finds something in. Nothing else of the reply is
/// checked: it can have no usable code, be cut short after that, or go on after its end.
fn in_data<T>(body: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut found = None;
    json::for_each_member(text::strip_bom(body), |name, value| {
        if name == "data" {
            found = find(value.get()).or(found.take());
        }
    });
    found
}

/// Returns `true` unless bytes of the ID were not UTF-8.
fn is_whole(id: &str) -> bool {
    !id.contains(char::REPLACEMENT_CHARACTER)
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
    fn number_is_found_whatever_else_the_reply_says_or_lacks() {
        for body in [
            r#"{"code":"0000","data":{"taskNo":"T1","videoNo":"T1"}}"#,
            r#"{"code":null,"data":{"taskNo":"T1","videoNo":"T1"}}"#,
            r#"{"code":true,"msg":{},"data":{"taskNo":"T1","videoNo":"T1"}}"#,
            r#"{"code":"0000","code":"0001","data":{"taskNo":"T1","videoNo":"T1"}}"#,
            r#"{"data":{"taskNo":"T0","videoNo":"T0","taskNo":"T1","videoNo":"T1"},"data":null}"#,
            r#"{"data":{"taskNo":"T1","videoNo":"T1","duration":[]}}} and more"#,
            r#"{"data":{"taskNo":"T1","videoNo":"T1"},"msg":"cut"#,
            r#"{"data":{"taskNo":"T1","videoNo":"T1"}"#,
            "\u{feff}{\"data\":{\"taskNo\":\"T1\",\"videoNo\":\"T1\"},\"msg\":\"\u{fffd}\"}",
        ] {
            assert_eq!(named_task(body), TaskNo::new("T1").ok(), "{body}");
            assert_eq!(named_video(body), VideoNo::new("T1").ok(), "{body}");
        }
    }

    #[test]
    fn other_shapes_name_nothing() {
        for body in [
            "",
            r#"["0000","ok",{"taskNo":"T1","videoNo":"T1"}]"#,
            r#"[{"data":{"taskNo":"T1","videoNo":"T1"}}]"#,
            r#"{"data":["T1"]}"#,
            r#"{"data":[{"taskNo":"T1","videoNo":"T1"}]}"#,
            r#"{"data":"T1"}"#,
            r#"{"data":{"taskNo":["T1"],"videoNo":["T1"]}}"#,
            r#"{"data":{"taskNo":"","videoNo":""}}"#,
            r#"{"data":{"taskNo":"T\u001b1","videoNo":"T\u001b1"}}"#,
            r#"{"taskNo":"T1","videoNo":"T1"}"#,
            r#"{"data":{"task_no":"T1"}}"#,
            r#"{"data":{"taskNo":"T1","videoNo":"T1""#,
            "{\"data\":{\"taskNo\":\"T\u{fffd}\",\"videoNo\":\"T\u{fffd}\"}}",
        ] {
            assert_eq!(named_task(body), None, "{body}");
            assert_eq!(named_video(body), None, "{body}");
        }
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
