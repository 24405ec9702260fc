//! The JSON of the API: the body of a submit, the envelope around every answer. The `data` of a
//! finished task is read by [`crate::transcript`].

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// The body of `POST /api/serve/video/subTranscription`.
#[derive(Debug, Serialize)]
pub(super) struct SubmitBody<'a> {
    #[serde(rename = "videoNo")]
    pub(super) video_no: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// Left out, not null, when there is none.
    #[serde(rename = "callBackURI", skip_serializing_if = "Option::is_none")]
    pub(super) callback: Option<&'a str>,
}

/// What surrounds every answer: `{"code": …, "msg": …, "data": …}`.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow, deserialize_with = "code")]
    pub(super) code: Cow<'a, str>,
    #[serde(borrow, default)]
    msg: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) data: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// The envelope in `body`, if that is what it is.
    pub(super) fn parse(body: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body.trim_start_matches('\u{feff}'))
    }

    /// The service's words; empty where there are none.
    pub(super) fn message(&self) -> Cow<'a, str> {
        self.msg.map_or(Cow::Borrowed(""), |msg| {
            match serde_json::from_str::<Option<String>>(msg.get()) {
                Ok(text) => Cow::Owned(text.unwrap_or_default()),
                Err(_) => Cow::Borrowed(msg.get()),
            }
        })
    }
}

/// The `data` of a submit's answer.
#[derive(Debug, Deserialize)]
pub(super) struct Submitted<'a> {
    #[serde(rename = "taskNo", borrow, deserialize_with = "text_or_number")]
    pub(super) task_no: Cow<'a, str>,
}

/// A text; a number is taken by its digits.
fn text_or_number<'de, D: Deserializer<'de>>(source: D) -> Result<Cow<'de, str>, D::Error> {
    let json = <&RawValue>::deserialize(source)?.get();
    match json.as_bytes() {
        [b'"', ..] => serde_json::from_str(json)
            .map(Cow::Owned)
            .map_err(D::Error::custom),
        [b'-' | b'0'..=b'9', ..] => Ok(Cow::Borrowed(json)),
        _ => Err(D::Error::custom("neither a text nor a number")),
    }
}

/// A code; one that came as a number has lost the zeros in front of its four digits.
fn code<'de, D: Deserializer<'de>>(source: D) -> Result<Cow<'de, str>, D::Error> {
    let code = text_or_number(source)?;
    let is_short = code.len() < 4 && code.bytes().all(|byte| byte.is_ascii_digit());
    Ok(if is_short {
        Cow::Owned(format!("{code:0>4}"))
    } else {
        code
    })
}

/// How deep a reply may be nested: far more than the API's own 4, far less than a stack.
const MOST_NESTED: usize = 128;

/// Whether brackets in `json` nest deeper than any reply of the API has reason to.
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
        if depth > MOST_NESTED {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callback_is_left_out_when_there_is_none() {
        let body = |callback| {
            serde_json::to_string(&SubmitBody {
                video_no: "V",
                kind: "AUDIO",
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
    fn codes_come_as_texts_or_numbers() {
        for (body, code, message) in [
            (
                r#"{"code":"0000","msg":"success","data":{}}"#,
                "0000",
                "success",
            ),
            (
                r#"{"code":0,"msg":null,"data":null,"success":true}"#,
                "0000",
                "",
            ),
            (r#"{"code":429}"#, "0429", ""),
            (r#"{"code":-1}"#, "-1", ""),
            (r#"{"code":"0429","msg":["odd"]}"#, "0429", r#"["odd"]"#),
            (
                "\u{feff}{\"code\":\"0001\",\"msg\":\"\\ud83d\\ude00\"}",
                "0001",
                "😀",
            ),
        ] {
            let envelope = Envelope::parse(body).unwrap();
            assert_eq!(
                (&*envelope.code, &*envelope.message()),
                (code, message),
                "{body}"
            );
        }
        for body in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"code":null}"#,
            r#"{"code":[]}"#,
            "<html>",
        ] {
            assert!(Envelope::parse(body).is_err(), "{body}");
        }
    }

    #[test]
    fn depth_is_counted_outside_strings() {
        assert!(!is_too_deep(&format!("\"{}\"", "[".repeat(200))));
        assert!(!is_too_deep(&format!(
            "{}{}",
            "[".repeat(128),
            "]".repeat(128)
        )));
        assert!(is_too_deep(&"{\"a\":[".repeat(100)));
    }
}
