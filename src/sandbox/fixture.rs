//! One stored result. It is read from a file in the shape of the API (an envelope, its `data`, or the
//! bare list of segments) and given back as it stands: every field, number and key order, with only
//! the task's identity put in its place.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::stats::TaskRecord;

/// The result of a task.
#[derive(Debug)]
pub(super) struct Fixture {
    /// The envelope that the file had; `None` for the usual one.
    envelope: Option<JsonMembers>,
    data: JsonMembers,
}

/// The members of a JSON object in their order, values untouched.
#[derive(Debug)]
struct JsonMembers(Vec<(String, Box<RawValue>)>);

/// Why a text is no fixture, and where (counted from 1).
#[derive(Debug)]
pub(super) struct FixtureError {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) why: String,
}

/// The phase of a task, which decides the status and segments in `data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskPhase {
    /// The delay has not passed yet.
    Running,
    /// The delay has passed: the fixture as it stands, its own status included.
    Ended,
    /// It has ended, and was made to fail.
    Failed,
}

impl Fixture {
    /// Parses an envelope, a bare `data` object or a bare list of segments.
    pub(super) fn parse(json: &str) -> Result<Self, FixtureError> {
        let json = json.strip_prefix('\u{feff}').unwrap_or(json);
        let whole: &RawValue = serde_json::from_str(json)?;
        if whole.get().starts_with('[') {
            return Ok(Self {
                envelope: None,
                data: JsonMembers(vec![("transcriptions".to_owned(), whole.to_owned())]),
            });
        }
        if !whole.get().starts_with('{') {
            return Err(FixtureError::at_start(
                "this is neither an object nor a list of segments",
            ));
        }
        let members: JsonMembers = serde_json::from_str(json)?;
        match members.get("data") {
            Some(data) if data.starts_with('{') => Ok(Self {
                data: serde_json::from_str(data)?,
                envelope: Some(members),
            }),
            None if members.get("code").is_none() => Ok(Self {
                envelope: None,
                data: members,
            }),
            _ => Err(FixtureError::at_start(
                "the envelope holds no `data` object",
            )),
        }
    }

    /// Returns `true` if the task ever ends: with a stored status other than the final ones, it never
    /// does.
    pub(super) fn has_end(&self) -> bool {
        self.data.get("status").is_none_or(|status| {
            matches!(
                status,
                r#""FINISH""# | r#""FAIL""# | r#""FAILED""# | r#""ERROR""#
            )
        })
    }

    /// Returns the `data` object in this phase, with the task's identity in place of the stored one.
    pub(super) fn data(&self, task: &TaskRecord, phase: TaskPhase) -> String {
        let transcription_type = quoted(task.transcription_type.wire_name());
        let (task_no, video_no) = (quoted(&task.task_no), quoted(&task.video_no));
        let (status, segments) = match phase {
            TaskPhase::Running => (Some(r#""UNFINISHED""#), Some("null")),
            TaskPhase::Failed => (Some(r#""FAIL""#), Some("null")),
            TaskPhase::Ended => (None, None),
        };
        let defaults = [
            ("status", status, r#""FINISH""#),
            ("type", Some(&*transcription_type), ""),
            ("videoNo", Some(&*video_no), ""),
            ("taskNo", Some(&*task_no), ""),
            ("transcriptions", segments, "null"),
        ];
        let missing = defaults
            .iter()
            .filter(|(key, ..)| self.data.get(key).is_none())
            .map(|&(key, forced, default)| (key, forced.unwrap_or(default)));
        let stored = self.data.iter().map(|(key, value)| {
            let forced = defaults.iter().find(|(name, ..)| *name == key);
            (key, forced.and_then(|entry| entry.1).unwrap_or(value))
        });
        // A stored object keeps its order; what it lacks stands where the API page has it: in
        // front of the segments.
        object(missing.chain(stored))
    }

    /// Returns the whole reply with this `data`.
    pub(super) fn envelope(&self, data: &str) -> String {
        match &self.envelope {
            None => success(data),
            Some(members) => object(
                members
                    .iter()
                    .map(|(key, value)| (key, if key == "data" { data } else { value })),
            ),
        }
    }
}

/// Returns the envelope of a success.
pub(super) fn success(data: &str) -> String {
    format!(r#"{{"code":"0000","msg":"success","data":{data}}}"#)
}

/// Returns `text` as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn object<'a>(members: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let members: Vec<String> = members
        .map(|(key, value)| format!("{}:{value}", quoted(key)))
        .collect();
    format!("{{{}}}", members.join(","))
}

impl JsonMembers {
    /// Returns the JSON text of a member: of the last one where a key occurs twice.
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

impl<'de> Deserialize<'de> for JsonMembers {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = JsonMembers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonMembers, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(JsonMembers(members))
            }
        }

        source.deserialize_map(InOrder)
    }
}

impl FixtureError {
    fn at_start(why: &str) -> Self {
        Self {
            line: 1,
            column: 1,
            why: why.to_owned(),
        }
    }
}

impl From<serde_json::Error> for FixtureError {
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
    use crate::ids::TranscriptionType;

    fn data(json: &str, phase: TaskPhase) -> String {
        let task = TaskRecord {
            task_no: "T".to_owned(),
            video_no: "V\"1".to_owned(),
            transcription_type: TranscriptionType::Video,
            fails: false,
        };
        Fixture::parse(json).unwrap().data(&task, phase)
    }

    #[test]
    fn bare_list_becomes_documented_object() {
        assert_eq!(
            data(r#" [{"id":0 , "startTime":"7.250"}] "#, TaskPhase::Ended),
            r#"{"status":"FINISH","type":"VIDEO","videoNo":"V\"1","taskNo":"T","transcriptions":[{"id":0 , "startTime":"7.250"}]}"#
        );
    }

    #[test]
    fn fields_stay_as_stored_but_for_the_identity() {
        let json = r#"{"speaker":1e2,"taskNo":"old","transcriptions":[{"startTime":1.0000000000000000001}],"type":"AUDIO","videoNo":7,"status":"FAIL"}"#;
        assert_eq!(
            data(json, TaskPhase::Ended),
            r#"{"speaker":1e2,"taskNo":"T","transcriptions":[{"startTime":1.0000000000000000001}],"type":"VIDEO","videoNo":"V\"1","status":"FAIL"}"#
        );
    }

    #[test]
    fn running_or_failed_task_has_no_segments() {
        let json = r#"{"status":"FINISH","transcriptions":[{}]}"#;
        let running = data(json, TaskPhase::Running);
        assert!(running.contains(r#""status":"UNFINISHED","transcriptions":null"#));
        let failed = data(json, TaskPhase::Failed);
        assert!(failed.contains(r#""status":"FAIL","transcriptions":null"#));
    }

    #[test]
    fn envelope_is_kept() {
        let fixture = Fixture::parse(r#"{"msg":"ok","code":0,"data":{},"failed":false}"#).unwrap();
        assert_eq!(
            fixture.envelope("{1}"),
            r#"{"msg":"ok","code":0,"data":{1},"failed":false}"#
        );
        assert_eq!(
            Fixture::parse("[]").unwrap().envelope("{}"),
            r#"{"code":"0000","msg":"success","data":{}}"#
        );
    }

    #[test]
    fn only_final_status_has_end() {
        for (json, ends) in [
            ("[]", true),
            (r#"{"status":"FAILED"}"#, true),
            (r#"{"status":"UNFINISHED"}"#, false),
            (r#"{"status":"QUEUED"}"#, false),
        ] {
            assert_eq!(Fixture::parse(json).unwrap().has_end(), ends, "{json}");
        }
    }

    #[test]
    fn malformed_text_is_rejected_with_its_position() {
        for (json, line, column, why) in [
            ("{\n  \"a\": 1,\n  oops}", 3, 3, "key must be a string"),
            ("[1,2", 1, 4, "EOF while parsing a list"),
            ("7", 1, 1, "neither an object nor a list"),
            (r#"{"code":"0001","data":null}"#, 1, 1, "no `data` object"),
        ] {
            let error = Fixture::parse(json).unwrap_err();
            assert_eq!((error.line, error.column), (line, column), "{json}");
            assert!(
                error.why.contains(why) && !error.why.contains("at line"),
                "{error:?}"
            );
        }
    }
}
