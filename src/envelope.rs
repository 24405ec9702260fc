//! The envelope around every reply of the service, `{"code": …, "msg": …, "data": …}`: the one place
//! that reads a code and decides whether it means success.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::json::{self, text_or_number};
use crate::text;

/// The code of success.
pub const SUCCESS: &str = "0000";

/// The envelope of a reply. Missing members are `None`.
#[derive(Debug, Deserialize)]
pub struct Envelope<'a> {
    /// The code, with four digits also where it came as a number without its leading zeros.
    #[serde(borrow, default, deserialize_with = "code")]
    pub code: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    msg: Option<&'a RawValue>,
    /// The JSON text of `data`; `None` for null too.
    #[serde(borrow, default)]
    pub data: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// Parses the envelope in `body`: any JSON object is one.
    pub fn parse(body: &'a str) -> Result<Self, serde_json::Error> {
        json::object(text::strip_bom(body))
    }

    /// Returns `true` if the code says success. A missing or empty one does not.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code.as_deref() == Some(SUCCESS)
    }

    /// Returns the service's message; empty where there is none.
    #[must_use]
    pub fn message(&self) -> Cow<'a, str> {
        self.msg.map_or(Cow::Borrowed(""), |msg| {
            json::text(msg).unwrap_or(Cow::Borrowed(msg.get()))
        })
    }
}

fn code<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    text_or_number(source).map(|code| Some(with_zeros(code)))
}

/// Returns the JSON text of a code as [`Envelope::code`] has it; `None` for null. What is no code is itself.
#[must_use]
pub fn saved_code(json: &RawValue) -> Option<Cow<'_, str>> {
    let is_null = json.get() == "null";
    (!is_null).then(|| json::text(json).map_or(Cow::Borrowed(json.get()), with_zeros))
}

/// Adds the leading zeros that a number lacks.
fn with_zeros(code: Cow<'_, str>) -> Cow<'_, str> {
    let is_short = (1..4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    if is_short {
        Cow::Owned(format!("{code:0>4}"))
    } else {
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (r#"{"code":""}"#, "", ""),
            (r#"{"code":"0429","msg":["odd"]}"#, "0429", r#"["odd"]"#),
            (
                "\u{feff}{\"code\":\"0001\",\"msg\":\"\\ud83d\\ude00\"}",
                "0001",
                "😀",
            ),
        ] {
            let envelope = Envelope::parse(body).unwrap();
            let got = (envelope.code.as_deref(), &*envelope.message());
            assert_eq!(got, (Some(code), message), "{body}");
        }
        for body in [
            "",
            "null",
            "[]",
            r#"["0000","ok",{"taskNo":"T"}]"#,
            r#"{"code":null}"#,
            r#"{"code":[]}"#,
            "<html>",
        ] {
            assert!(Envelope::parse(body).is_err(), "{body}");
        }
        assert_eq!(Envelope::parse("{}").unwrap().code, None);
    }

    #[test]
    fn saved_codes_are_read_alike() {
        for (json, expected) in [
            ("\"0000\"", Some("0000")),
            ("0", Some("0000")),
            ("429", Some("0429")),
            ("\"\"", Some("")),
            ("null", None),
            ("true", Some("true")),
        ] {
            let json = serde_json::from_str(json).unwrap();
            assert_eq!(saved_code(json).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn only_the_documented_code_is_success() {
        for (body, expected) in [
            (r#"{"code":"0000"}"#, true),
            (r#"{"code":0}"#, true),
            (r#"{"code":"0"}"#, true),
            (r#"{"code":""}"#, false),
            (r#"{"code":"00000"}"#, false),
            (r#"{"data":{}}"#, false),
        ] {
            assert_eq!(
                Envelope::parse(body).unwrap().is_success(),
                expected,
                "{body}"
            );
        }
    }
}
