//! From a callback's body to a result: first which task it is about, then its transcription.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::callback_target::CallbackTarget;
use super::event::TaskState;
use crate::envelope::Envelope;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::json;
use crate::text;
use crate::transcript::{Status, TOO_MANY_EMPTY_SEGMENTS, TimeUnit, Transcript};

/// The longest task ID that is believed, in bytes of JSON. The service's have 36; this one will be
/// kept, printed and polled.
const MAX_NUMBER_LENGTH: usize = 1024;

/// The longest callback of an upload, in bytes: three short fields.
const MAX_UPLOAD_LENGTH: usize = 16 * 1024;

/// The reason why a body is not a result.
pub const NOT_A_RESULT: &str = "ignored a request to the callback address that is not a result";
const HAS_TOO_MANY_EMPTY_SEGMENTS: &str = "ignored a request to the callback address that is not a result: \
     it has more than 10000 segments with neither a time nor a text";

/// Reads which task the one result in a body is about, and the state of that task: the bare `data`
/// object, or the envelope of a success. Fails with the reason where it is anything else.
pub fn parse_target(body: &str) -> Result<(CallbackTarget, TaskState), &'static str> {
    let envelope = Envelope::parse(body).map_err(|_| NOT_A_RESULT)?;
    let data = match envelope.data {
        Some(data) if envelope.code.is_none() || envelope.is_success() => data.get(),
        Some(_) => return Err(NOT_A_RESULT),
        None => text::strip_bom(body),
    };
    let summary: Summary<'_> = json::object(data).map_err(|_| NOT_A_RESULT)?;
    summary.target().ok_or(NOT_A_RESULT)
}

/// Reads the result in a body that is about this task, checked like a reply of the API. Fails with the
/// reason where it is anything else.
pub fn parse_result<'b>(
    body: &'b str,
    task: &TaskNo,
    unit: TimeUnit,
) -> Result<Transcript<'b>, &'static str> {
    let results = Transcript::parse_saved(text::strip_bom(body), unit);
    let mut results = results.map_err(|error| {
        if error.reason() == TOO_MANY_EMPTY_SEGMENTS {
            HAS_TOO_MANY_EMPTY_SEGMENTS
        } else {
            NOT_A_RESULT
        }
    })?;
    let result = results.pop().ok_or(NOT_A_RESULT)?;
    let is_same = results.is_empty() && TaskNo::new(&result.task_no).is_ok_and(|of| of == *task);
    is_same.then_some(result).ok_or(NOT_A_RESULT)
}

/// Reads the video and the status in the callback of an upload: the bare object, or the envelope of a
/// success. Returns `None` if the body is anything else, such as a result.
#[must_use]
pub fn parse_upload(body: &str) -> Option<(VideoNo, String)> {
    if body.len() > MAX_UPLOAD_LENGTH {
        return None;
    }
    let envelope = Envelope::parse(body).ok()?;
    let data = match envelope.data {
        Some(data) if envelope.code.is_none() || envelope.is_success() => data.get(),
        Some(_) => return None,
        None => text::strip_bom(body),
    };
    let upload: UploadBody<'_> = json::object(data).ok()?;
    let video = VideoNo::new(&short_text(upload.video_no)?).ok()?;
    let status = short_text(upload.status)?;
    let is_upload = upload.client_id.is_some() && !status.is_empty();
    let is_result = upload.task_no.is_some() || upload.transcriptions.is_some();
    (is_upload && !is_result).then(|| (video, text::one_line(&status).into_owned()))
}

/// The callback of an upload, with the fields that only a result has.
#[derive(Deserialize)]
struct UploadBody<'a> {
    #[serde(borrow, rename = "videoNo")]
    video_no: &'a RawValue,
    #[serde(borrow, rename = "clientId")]
    client_id: Option<&'a RawValue>,
    #[serde(borrow)]
    status: &'a RawValue,
    #[serde(borrow, rename = "taskNo")]
    task_no: Option<&'a RawValue>,
    #[serde(borrow)]
    transcriptions: Option<&'a RawValue>,
}

/// The `data` object, without its segments.
#[derive(Deserialize)]
struct Summary<'a> {
    #[serde(borrow, rename = "taskNo")]
    task_no: Option<&'a RawValue>,
    #[serde(borrow, rename = "videoNo")]
    video_no: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    transcription_type: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
}

impl Summary<'_> {
    fn target(&self) -> Option<(CallbackTarget, TaskState)> {
        let task = TaskNo::new(&short_text(self.task_no?)?).ok()?;
        let status = Status::from_wire(&short_text(self.status?).unwrap_or_default());
        let video = VideoNo::new(&self.video_no.and_then(short_text).unwrap_or_default()).ok();
        let transcription_type = self.transcription_type.and_then(short_text);
        let transcription_type =
            TranscriptionType::from_name(&transcription_type.unwrap_or_default());
        let video = video.zip(transcription_type);
        Some((CallbackTarget { task, video }, TaskState::from(&status)))
    }
}

/// Returns the text of a string or number of a length that can be believed.
fn short_text(json: &RawValue) -> Option<String> {
    let is_short = json.get().len() <= MAX_NUMBER_LENGTH;
    let text = is_short.then(|| json::text(json)).flatten();
    text.map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(body: &str) -> Option<String> {
        let target = parse_target(body).ok();
        target.map(|(target, _)| target.task.as_str().to_owned())
    }

    #[test]
    fn bare_object_and_envelope_name_their_task() {
        for body in [
            r#"{"status":"FINISH","taskNo":"T","transcriptions":[]}"#,
            r#"{"code":"0000","msg":"success","data":{"taskNo":"T","status":"FAIL"}}"#,
            r#"{"data":{"status":"FINISH","taskNo":" T "},"code":0}"#,
            "\u{feff}{\"status\":\"FINISH\",\"taskNo\":\"\\u0054\",\"speaker\":{\"a\":[1]}}",
        ] {
            assert_eq!(task(body).as_deref(), Some("T"), "{body}");
        }
        let body = r#"{"taskNo":12,"status":"FINISH"}"#;
        assert_eq!(task(body).as_deref(), Some("12"));
        let longest = "T".repeat(MAX_NUMBER_LENGTH - 2);
        let body = format!(r#"{{"taskNo":"{longest}","status":"FINISH"}}"#);
        assert_eq!(task(&body), Some(longest));
    }

    #[test]
    fn anything_else_names_none() {
        let long = format!(r#"{{"taskNo":"{}","status":"FINISH"}}"#, "T".repeat(2000));
        let deep = "[".repeat(100_000);
        for body in [
            "",
            "null",
            "[]",
            "{}",
            r#"["T","V","AUDIO","FINISH"]"#,
            r#"["0000","",{"taskNo":"T","status":"FINISH"}]"#,
            r#"{"code":"0000","data":["T","V","AUDIO","FINISH"]}"#,
            "<html>",
            r#"{"taskNo":"T"}"#,
            r#"{"status":"FINISH"}"#,
            r#"{"taskNo":"","status":"FINISH"}"#,
            r#"{"taskNo":["T"],"status":"FINISH"}"#,
            r#"{"taskNo":"a\u001b[31mb","status":"FINISH"}"#,
            r#"{"taskNo":"T","status":"FINISH"}{"taskNo":"T","status":"FINISH"}"#,
            r#"{"code":"0001","msg":"no","data":{"taskNo":"T","status":"FINISH"}}"#,
            r#"{"code":"","data":{"taskNo":"T","status":"FINISH"}}"#,
            r#"{"code":"0000","msg":"success","data":null}"#,
            &long,
            &deep,
        ] {
            assert_eq!(task(body), None, "{body}");
        }
    }

    #[test]
    fn callback_of_an_upload_names_its_video() {
        let upload = |body: &str| {
            let upload = parse_upload(body);
            upload.map(|(video, status)| format!("{video} {status}"))
        };
        for body in [
            r#"{"videoNo":"V1","clientId":"c","status":"PARSE"}"#,
            r#"{"code":"0000","data":{"status":"PARSE","videoNo":"V1","clientId":7}}"#,
        ] {
            assert_eq!(upload(body).as_deref(), Some("V1 PARSE"), "{body}");
            assert!(parse_target(body).is_err(), "{body}");
        }
        let of_length = |length| {
            let body = r#"{"videoNo":"V1","clientId":"c","status":"PARSE"}"#;
            format!("{body:<length$}")
        };
        assert!(upload(&of_length(MAX_UPLOAD_LENGTH)).is_some());
        assert_eq!(upload(&of_length(MAX_UPLOAD_LENGTH + 1)), None);
        for body in [
            "",
            r#"["V1","c","PARSE",null,null]"#,
            r#"{"videoNo":"V1","status":"PARSE"}"#,
            r#"{"videoNo":"","clientId":"c","status":"PARSE"}"#,
            r#"{"videoNo":"V1","clientId":"c","status":""}"#,
            r#"{"code":"0001","data":{"videoNo":"V1","clientId":"c","status":"PARSE"}}"#,
            r#"{"videoNo":"V1","clientId":"c","status":"FINISH","taskNo":"T"}"#,
            r#"{"videoNo":"V1","clientId":"c","status":"FINISH","transcriptions":[]}"#,
        ] {
            assert_eq!(upload(body), None, "{body}");
        }
    }

    #[test]
    fn too_many_empty_segments_are_refused_with_their_reason() {
        let task = TaskNo::new("T").unwrap();
        let refused = |body: &str| parse_result(body, &task, TimeUnit::Seconds).err();
        let of = |segment: &str, count| {
            let segments = vec![segment; count].join(",");
            format!(r#"{{"status":"FINISH","transcriptions":[{segments}],"taskNo":"T"}}"#)
        };
        let empty = of("{}", 10_001);
        assert_eq!(refused(&empty), Some(HAS_TOO_MANY_EMPTY_SEGMENTS));
        let envelope = format!(r#"{{"code":"0000","data":{empty}}}"#);
        assert_eq!(refused(&envelope), Some(HAS_TOO_MANY_EMPTY_SEGMENTS));
        assert_eq!(refused(&of("{}", 10_000)), None);
        assert_eq!(refused(&of("[]", 10_001)), Some(NOT_A_RESULT));
    }

    #[test]
    fn result_must_be_of_the_task_that_was_looked_up() {
        let task = TaskNo::new("T").unwrap();
        let result =
            |body| parse_result(body, &task, TimeUnit::Seconds).map(|result| result.status);
        let own = r#"{"taskNo":"T","status":"FINISH","transcriptions":null}"#;
        assert_eq!(result(own), Ok(Some(Status::Finished)));
        for body in [
            r#"{"taskNo":"X","status":"FINISH"}"#,
            // The envelope says T, and the key that comes last says X.
            r#"{"data":{"taskNo":"T","status":"FINISH"},"taskNo":"X"}"#,
            r#"{"taskNo":"T","status":"FINISH","transcriptions":[5]}"#,
        ] {
            assert_eq!(result(body), Err(NOT_A_RESULT), "{body}");
        }
    }
}
