//! One stored answer: what a task gives once it has ended. It is read from a file in the shape of
//! the API (an envelope, its `data`, or the bare list of segments) and given back as it stands:
//! every field, number and key order, with only the task's own names put in their places.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::task::TranscriptionType;

/// What a task of the sandbox answers.
#[derive(Debug)]
pub(super) struct Recording {
    /// The envelope that the file had; none for the usual one.
    envelope: Option<Fields>,
    data: Fields,
}

/// The members of a JSON object in their order, values untouched.
#[derive(Debug)]
struct Fields(Vec<(String, Box<RawValue>)>);

/// Why a text is no recording, and where (counted from 1).
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) why: String,
}

/// The names of a task, which replace those in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub(super) task_no: &'a str,
    pub(super) video_no: &'a str,
    pub(super) kind: TranscriptionType,
}

/// How far a task has come; it decides which status and segments `data` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The delay has not passed yet.
    Running,
    /// The delay has passed: the recording as it stands, its own status included.
    Ended,
    /// It ended, and it was made to fail.
    Failed,
}

impl Recording {
    /// Reads an envelope, a bare `data` object or a bare list of segments.
    pub(super) fn parse(json: &str) -> Result<Self, Malformed> {
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        let whole: &RawValue = serde_json::from_str(json)?;
        if whole.get().starts_with('[') {
            return Ok(Self {
                envelope: None,
                data: Fields(vec![("transcriptions".to_owned(), whole.to_owned())]),
            });
        }
        if !whole.get().starts_with('{') {
            return Err(Malformed::at_start(
                "this is neither an object nor a list of segments",
            ));
        }
        let fields: Fields = serde_json::from_str(json)?;
        match fields.get("data") {
            Some(data) if data.starts_with('{') => Ok(Self {
                data: serde_json::from_str(data)?,
                envelope: Some(fields),
            }),
            None if fields.get("code").is_none() => Ok(Self {
                envelope: None,
                data: fields,
            }),
            _ => Err(Malformed::at_start("the envelope holds no `data` object")),
        }
    }

    /// Whether the task ever ends: a recorded status other than the final ones never does.
    pub(super) fn ends(&self) -> bool {
        self.data.get("status").is_none_or(|status| {
            matches!(
                status,
                r#""FINISH""# | r#""FAIL""# | r#""FAILED""# | r#""ERROR""#
            )
        })
    }

    /// The `data` object at this stage.
    pub(super) fn data(&self, names: Names<'_>, stage: Stage) -> String {
        let kind = quoted(names.kind.wire_name());
        let (task_no, video_no) = (quoted(names.task_no), quoted(names.video_no));
        let (status, segments) = match stage {
            Stage::Running => (Some(r#""UNFINISHED""#), Some("null")),
            Stage::Failed => (Some(r#""FAIL""#), Some("null")),
            Stage::Ended => (None, None),
        };
        let defaults = [
            ("status", status, r#""FINISH""#),
            ("type", Some(&*kind), ""),
            ("videoNo", Some(&*video_no), ""),
            ("taskNo", Some(&*task_no), ""),
            ("transcriptions", segments, "null"),
        ];
        let missing = defaults
            .iter()
            .filter(|(key, ..)| self.data.get(key).is_none())
            .map(|&(key, forced, default)| (key, forced.unwrap_or(default)));
        let recorded = self.data.iter().map(|(key, value)| {
            let forced = defaults.iter().find(|(name, ..)| *name == key);
            (key, forced.and_then(|entry| entry.1).unwrap_or(value))
        });
        // A recorded object keeps its order; what it lacks stands where the API page has it: in
        // front of the segments.
        object(missing.chain(recorded))
    }

    /// The whole reply around this `data`.
    pub(super) fn envelope(&self, data: &str) -> String {
        match &self.envelope {
            None => success(data),
            Some(fields) => object(
                fields
                    .iter()
                    .map(|(key, value)| (key, if key == "data" { data } else { value })),
            ),
        }
    }
}

/// The envelope of a success.
pub(super) fn success(data: &str) -> String {
    format!(r#"{{"code":"0000","msg":"success","data":{data}}}"#)
}

/// `text` as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn object<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let members: Vec<String> = members
        .map(|(key, value)| format!("{}:{value}", quoted(key)))
        .collect();
    format!("{{{}}}", members.join(","))
}

impl Fields {
    /// The JSON text of a member; the last one counts where a key stands twice.
    fn get(&self, key: &str) -> Option<&str> {
        self.iter()
            .filter(|(name, _)| *name == key)
            .map(|(_, value)| value)
            .last()
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.get()))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        source.deserialize_map(InOrder)
    }
}

impl Malformed {
    fn at_start(why: &str) -> Self {
        Self {
            line: 1,
            column: 1,
            why: why.to_owned(),
        }
    }
}

impl From<serde_json::Error> for Malformed {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        // The message repeats the place at its end.
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default().to_owned();
        Self { line, column, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names<'_> = Names {
        task_no: "T",
        video_no: "V\"1",
        kind: TranscriptionType::Video,
    };

    fn data(json: &str, stage: Stage) -> String {
        Recording::parse(json).unwrap().data(NAMES, stage)
    }

    #[test]
    fn a_bare_list_becomes_the_documented_object() {
        assert_eq!(
            data(r#" [{"id":0 , "startTime":"7.250"}] "#, Stage::Ended),
            r#"{"status":"FINISH","type":"VIDEO","videoNo":"V\"1","taskNo":"T","transcriptions":[{"id":0 , "startTime":"7.250"}]}"#
        );
    }

    #[test]
    fn order_number_text_and_unknown_fields_stay_and_names_are_replaced() {
        let json = r#"{"speaker":1e2,"taskNo":"old","transcriptions":[{"startTime":1.0000000000000000001}],"type":"AUDIO","videoNo":7,"status":"FAIL"}"#;
        assert_eq!(
            data(json, Stage::Ended),
            r#"{"speaker":1e2,"taskNo":"T","transcriptions":[{"startTime":1.0000000000000000001}],"type":"VIDEO","videoNo":"V\"1","status":"FAIL"}"#
        );
    }

    #[test]
    fn a_running_or_failed_task_shows_no_segments() {
        let json = r#"{"status":"FINISH","transcriptions":[{}]}"#;
        let running = data(json, Stage::Running);
        assert!(running.contains(r#""status":"UNFINISHED","transcriptions":null"#));
        let failed = data(json, Stage::Failed);
        assert!(failed.contains(r#""status":"FAIL","transcriptions":null"#));
    }

    #[test]
    fn an_envelope_is_kept_around_the_data() {
        let recording =
            Recording::parse(r#"{"msg":"ok","code":0,"data":{},"failed":false}"#).unwrap();
        assert_eq!(
            recording.envelope("{1}"),
            r#"{"msg":"ok","code":0,"data":{1},"failed":false}"#
        );
        assert_eq!(
            Recording::parse("[]").unwrap().envelope("{}"),
            r#"{"code":"0000","msg":"success","data":{}}"#
        );
    }

    #[test]
    fn only_a_final_status_ends() {
        for (json, ends) in [
            ("[]", true),
            (r#"{"status":"FAILED"}"#, true),
            (r#"{"status":"UNFINISHED"}"#, false),
            (r#"{"status":"QUEUED"}"#, false),
        ] {
            assert_eq!(Recording::parse(json).unwrap().ends(), ends, "{json}");
        }
    }

    #[test]
    fn a_malformed_text_is_refused_with_its_place() {
        for (json, line, column, why) in [
            ("{\n  \"a\": 1,\n  oops}", 3, 3, "key must be a string"),
            ("[1,2", 1, 4, "EOF while parsing a list"),
            ("7", 1, 1, "neither an object nor a list"),
            (r#"{"code":"0001","data":null}"#, 1, 1, "no `data` object"),
        ] {
            let error = Recording::parse(json).unwrap_err();
            assert_eq!((error.line, error.column), (line, column), "{json}");
            assert!(
                error.why.contains(why) && !error.why.contains("at line"),
                "{error:?}"
            );
        }
    }
}
