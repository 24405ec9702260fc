//! What a body that came by the secret path is about. Whose result it is gets known first, without
//! memory set aside for what else it holds: a small body can hold a great many empty segments, and
//! only a result that is wanted is worth them.

use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::task::{TaskNo, TranscriptionType, VideoNo};
use crate::transcript::{TimeUnit, Transcript};

/// The longest task number that is believed, in bytes of JSON. The service's have 36; this one will
/// be kept, printed and asked about.
const LONGEST_NUMBER: usize = 1024;

/// A segment takes some fifty bytes of memory, whatever it took in the body. One that says when and
/// what has more bytes than this; a great many that have fewer on average are there to cost memory.
const SHORTEST_SEGMENT: usize = 32;
const A_GREAT_MANY: usize = 10_000;

/// What the one result in a body says that it is about.
pub(in super::super) struct Subject {
    pub(in super::super) task: TaskNo,
    /// The video and the type, where they are such.
    pub(in super::super) video: Option<(VideoNo, TranscriptionType)>,
}

/// What the one result in a body is about: the bare `data` object, or the whole envelope of a success.
/// None where it is anything else.
pub(in super::super) fn subject_of(body: &str) -> Option<Subject> {
    let letter: Letter<'_> = serde_json::from_str(without_mark(body)).ok()?;
    let data = match letter.data {
        Some(data) if letter.code.is_none_or(is_success) => data,
        Some(_) => return None,
        None => Data {
            task_no: letter.task_no,
            video_no: letter.video_no,
            kind: letter.kind,
            status: letter.status,
            transcriptions: letter.transcriptions,
        },
    };
    data.status?;
    let segments = data.transcriptions.map_or(0, |Count(segments)| segments);
    if segments > A_GREAT_MANY && body.len() / segments < SHORTEST_SEGMENT {
        return None;
    }
    let task = TaskNo::new(&name(data.task_no?)?).ok()?;
    let video = data.video_no.and_then(name);
    let kind = data.kind.and_then(name);
    let video = VideoNo::new(&video.unwrap_or_default()).ok();
    let kind = TranscriptionType::from_name(&kind.unwrap_or_default());
    Some(Subject {
        task,
        video: video.zip(kind),
    })
}

/// The text of a string or number of a length that can be believed.
fn name(json: &RawValue) -> Option<String> {
    match json.get() {
        long if long.len() > LONGEST_NUMBER => None,
        text if text.starts_with('"') => serde_json::from_str(text).ok(),
        number if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            Some(number.to_owned())
        }
        _ => None,
    }
}

/// The result in a body that is about this task, checked like a reply of the API.
pub(in super::super) fn result_in<'b>(
    body: &'b str,
    task: &TaskNo,
    unit: TimeUnit,
) -> Option<Transcript<'b>> {
    let mut results = Transcript::parse_saved(without_mark(body), unit).ok()?;
    let result = results.pop()?;
    let is_it = results.is_empty() && TaskNo::new(&result.task_no).is_ok_and(|of| of == *task);
    is_it.then_some(result)
}

/// The `data` object, or the envelope around it.
#[derive(Deserialize)]
struct Letter<'a> {
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
    #[serde(borrow, rename = "taskNo")]
    task_no: Option<&'a RawValue>,
    #[serde(borrow, rename = "videoNo")]
    video_no: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    transcriptions: Option<Count>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, rename = "taskNo")]
    task_no: Option<&'a RawValue>,
    #[serde(borrow, rename = "videoNo")]
    video_no: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    transcriptions: Option<Count>,
}

/// How long a list is; what is in it is only known to be JSON.
struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Counter;
        impl<'de> Visitor<'de> for Counter {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of segments")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Count, A::Error> {
                let mut length = 0;
                while list.next_element::<IgnoredAny>()?.is_some() {
                    length += 1;
                }
                Ok(Count(length))
            }
        }
        source.deserialize_seq(Counter)
    }
}

/// `"0000"`; as a number it has lost its zeros.
fn is_success(code: &RawValue) -> bool {
    let digits = code.get().trim_matches('"');
    !digits.is_empty() && digits.bytes().all(|digit| digit == b'0')
}

/// A byte order mark is no part of JSON, and some write one.
fn without_mark(body: &str) -> &str {
    body.trim_start_matches('\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(body: &str) -> Option<String> {
        subject_of(body).map(|subject| subject.task.as_str().to_owned())
    }

    #[test]
    fn the_bare_object_and_the_envelope_name_their_task() {
        for body in [
            r#"{"status":"FINISH","taskNo":"T","transcriptions":[]}"#,
            r#"{"code":"0000","msg":"success","data":{"taskNo":"T","status":"FAIL"}}"#,
            r#"{"data":{"status":"FINISH","taskNo":" T "},"code":0}"#,
            "\u{feff}{\"status\":\"FINISH\",\"taskNo\":\"\\u0054\",\"speaker\":{\"a\":[1]}}",
        ] {
            assert_eq!(number(body).as_deref(), Some("T"), "{body}");
        }
        assert_eq!(
            number(r#"{"taskNo":12,"status":"FINISH"}"#).as_deref(),
            Some("12")
        );
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
            assert_eq!(number(body), None, "{body}");
        }
    }

    #[test]
    fn segments_that_say_nothing_are_not_worth_their_memory() {
        let of = |segment: &str, count| {
            let segments = vec![segment; count].join(",");
            format!(r#"{{"status":"FINISH","transcriptions":[{segments}],"taskNo":"T"}}"#)
        };
        let real = r#"{"startTime":0,"endTime":1,"content":""}"#;
        assert!(number(&of(real, 200_000)).is_some());
        assert!(number(&of("{}", A_GREAT_MANY)).is_some());
        assert_eq!(number(&of("{}", A_GREAT_MANY + 1)), None);
        assert_eq!(number(&of("[]", 200_000)), None);
        let envelope = format!(r#"{{"code":"0000","data":{}}}"#, of("{}", 200_000));
        assert_eq!(number(&envelope), None);
    }

    #[test]
    fn a_result_must_be_of_the_task_that_was_looked_up() {
        let task = TaskNo::new("T").unwrap();
        let result = |body| result_in(body, &task, TimeUnit::Seconds).map(|result| result.status);
        let own = r#"{"taskNo":"T","status":"FINISH","transcriptions":null}"#;
        assert_eq!(result(own), Some(Some(crate::transcript::Status::Finished)));
        for body in [
            r#"{"taskNo":"X","status":"FINISH"}"#,
            // The envelope says T, and the key that comes last says X.
            r#"{"data":{"taskNo":"T","status":"FINISH"},"taskNo":"X"}"#,
            r#"{"taskNo":"T","status":"FINISH","transcriptions":[5]}"#,
        ] {
            assert_eq!(result(body), None, "{body}");
        }
    }
}
