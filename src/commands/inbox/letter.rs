//! What a body that came by the secret path is about. Whose result it is gets known first, without
//! memory set aside for what else it holds: a small body can hold a great many empty segments, and
//! only a result that is wanted is worth them.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::task::{TaskNo, TranscriptionType, VideoNo};
use crate::transcript::{TimeUnit, Transcript};

/// The longest task number that is believed, in bytes of JSON. The service's have 36; this one will
/// be kept, printed and asked about.
const LONGEST_NUMBER: usize = 1024;

/// A segment takes some fifty bytes of memory. In the body, one that says when or what takes a third
/// of that at least; more than so many that say neither are there to cost memory.
const MOST_HOLLOW: usize = 10_000;

/// Why something is no result.
pub(in super::super) const NO_RESULT: &str = "what came to the callback address was no result";
const HOLLOW: &str = "what came to the callback address was no result: it has more than 10000 \
                      segments that say neither when nor what";

/// What the one result in a body says that it is about.
pub(in super::super) struct Subject {
    pub(in super::super) task: TaskNo,
    /// The video and the type, where they are such.
    pub(in super::super) video: Option<(VideoNo, TranscriptionType)>,
}

/// What the one result in a body is about: the bare `data` object, or the whole envelope of a
/// success. Where it is anything else, why.
pub(in super::super) fn subject_of(body: &str) -> Result<Subject, &'static str> {
    let (data, hollow) = data_in(body).ok_or(NO_RESULT)?;
    if hollow > MOST_HOLLOW {
        return Err(HOLLOW);
    }
    subject(&data).ok_or(NO_RESULT)
}

fn data_in(body: &str) -> Option<(Data<'_>, usize)> {
    let letter: Letter<'_> = serde_json::from_str(without_mark(body)).ok()?;
    let outside = letter.transcriptions.map_or(0, |Hollow(count)| count);
    let data = match letter.data {
        Some(data) if letter.code.is_none_or(is_success) => data,
        Some(_) => return None,
        None => Data {
            task_no: letter.task_no,
            video_no: letter.video_no,
            kind: letter.kind,
            status: letter.status,
            transcriptions: None,
        },
    };
    let inside = data
        .transcriptions
        .as_ref()
        .map_or(0, |Hollow(count)| *count);
    data.status?;
    Some((data, outside + inside))
}

fn subject(data: &Data<'_>) -> Option<Subject> {
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
    transcriptions: Option<Hollow>,
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
    transcriptions: Option<Hollow>,
}

/// How many segments of a list say nothing.
struct Hollow(usize);

impl<'de> Deserialize<'de> for Hollow {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Counter;
        impl<'de> Visitor<'de> for Counter {
            type Value = Hollow;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of segments")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Hollow, A::Error> {
                let mut count = 0;
                while let Some(Speaks(speaks)) = list.next_element()? {
                    count += usize::from(!speaks);
                }
                Ok(Hollow(count))
            }
        }
        source.deserialize_seq(Counter)
    }
}

/// Whether a segment says when or what.
struct Speaks(bool);

/// A key of a segment.
#[derive(Deserialize)]
#[serde(field_identifier)]
enum Key {
    #[serde(rename = "content", alias = "startTime", alias = "endTime")]
    Speaks,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Speaks {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Segment;
        impl<'de> Visitor<'de> for Segment {
            type Value = Speaks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a segment")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut segment: A) -> Result<Speaks, A::Error> {
                let mut speaks = false;
                while let Some((key, IgnoredAny)) = segment.next_entry()? {
                    speaks |= matches!(key, Key::Speaks);
                }
                Ok(Speaks(speaks))
            }
        }
        source.deserialize_map(Segment)
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
        let subject = subject_of(body).ok();
        subject.map(|subject| subject.task.as_str().to_owned())
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
        for real in [
            r#"{"startTime":0,"endTime":1,"content":""}"#,
            r#"{"content":"Hi."}"#,
            r#"{"startTime":7,"content":"a"}"#,
            r#"{"endTime":7}"#,
        ] {
            assert!(number(&of(real, 200_000)).is_some(), "{real}");
        }
        assert!(number(&of("{}", MOST_HOLLOW)).is_some());
        let hollow = |body: &str| subject_of(body).err();
        for empty in [
            "{}",
            r#"{"id":1}"#,
            r#"{"what":"ever","it":"is","long":"enough"}"#,
        ] {
            let all = of(empty, MOST_HOLLOW + 1);
            assert_eq!(hollow(&all), Some(HOLLOW), "{empty}");
            let envelope = format!(r#"{{"code":"0000","data":{all}}}"#);
            assert_eq!(hollow(&envelope), Some(HOLLOW));
        }
        assert_eq!(hollow(&of("[]", 200_000)), Some(NO_RESULT));
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
