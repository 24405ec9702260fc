//! Reading a [`Transcript`] from JSON text without copying it: texts stay slices of the source and
//! are decoded when they are asked for. Where a key stands twice the last one counts, as in `jq`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer as _};
use serde_json::value::RawValue;

use super::scalar::scalar_text;
use super::{Millis, Segment, Status, TimeUnit, Transcript};

/// Why a text is no transcription.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ParseError(#[from] serde_json::Error);

impl ParseError {
    /// Line and byte in it, counted from 1; 0 where the place is not known.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        (self.0.line(), self.0.column())
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn reason(&self) -> String {
        let text = self.0.to_string();
        let reason = text.rsplit_once(" at line ").map(|(reason, _)| reason);
        reason.map_or_else(|| text.clone(), str::to_owned)
    }
}

impl<'a> Transcript<'a> {
    /// Reads the `data` object of a reply, or a bare list of segments.
    pub fn parse(json: &'a str, unit: TimeUnit) -> Result<Self, ParseError> {
        let mut source = serde_json::Deserializer::from_str(json);
        let mut transcript = source.deserialize_any(Document {
            unit,
            place: Place::Reply,
        })?;
        source.end()?;
        transcript.raw = json.trim_ascii();
        Ok(transcript)
    }

    /// Reads any number of transcriptions that were saved one after the other: what
    /// [`Transcript::parse`] reads, or whole replies with the `data` in their envelope.
    pub fn parse_saved(json: &'a str, unit: TimeUnit) -> Result<Vec<Self>, ParseError> {
        match unit {
            TimeUnit::Seconds => saved::<false>(json),
            TimeUnit::Milliseconds => saved::<true>(json),
        }
    }
}

fn saved<const MILLISECONDS: bool>(json: &str) -> Result<Vec<Transcript<'_>>, ParseError> {
    let mut stream =
        serde_json::Deserializer::from_str(json).into_iter::<Saved<'_, MILLISECONDS>>();
    let (mut transcripts, mut start) = (Vec::new(), 0);
    while let Some(Saved(mut transcript)) = stream.next().transpose()? {
        let end = stream.byte_offset();
        transcript.raw = json[start..end].trim_ascii();
        start = end;
        transcripts.push(transcript);
    }
    Ok(transcripts)
}

/// A document of a stream. The stream knows only types, so the unit is a part of the type.
struct Saved<'a, const MILLISECONDS: bool>(Transcript<'a>);

impl<'a, const MILLISECONDS: bool> Deserialize<'a> for Saved<'a, MILLISECONDS> {
    fn deserialize<D: de::Deserializer<'a>>(source: D) -> Result<Self, D::Error> {
        let unit = if MILLISECONDS {
            TimeUnit::Milliseconds
        } else {
            TimeUnit::Seconds
        };
        source
            .deserialize_any(Document {
                unit,
                place: Place::Saved,
            })
            .map(Self)
    }
}

/// The text of `data` in the text of a reply that has been read before.
pub(super) fn data_of(json: &str) -> &str {
    // In a map the last of two members with one name stays.
    serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(json)
        .ok()
        .and_then(|envelope| envelope.get("data").copied())
        .map_or(json, RawValue::get)
}

/// A whole document: an object with `transcriptions`, or the list itself.
#[derive(Clone, Copy)]
struct Document {
    unit: TimeUnit,
    place: Place,
}

/// Where a document stands, which says what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The `data` of a reply that has been checked: any object, with a status or without.
    Reply,
    /// In a file: it may also be a whole reply, and must be something that we know.
    Saved,
    /// The `data` of a whole reply in a file.
    SavedData,
}

impl<'a> DeserializeSeed<'a> for Document {
    type Value = Transcript<'a>;

    fn deserialize<D: de::Deserializer<'a>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Document {
    type Value = Transcript<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with transcriptions, or a list of segments")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut transcript = empty();
        let mut is_known = self.place == Place::Reply;
        let (mut code, mut why) = (None, "");
        while let Some(key) = map.next_key::<Cow<'a, str>>()? {
            match &*key {
                "status" => {
                    is_known = true;
                    transcript.status =
                        name(&mut map, "status")?.map(|name| Status::from_wire(&name));
                }
                "taskNo" => transcript.task_no = name(&mut map, "taskNo")?.unwrap_or_default(),
                "videoNo" => transcript.video_no = name(&mut map, "videoNo")?.unwrap_or_default(),
                "type" => transcript.kind = name(&mut map, "type")?.unwrap_or_default(),
                "transcriptions" => {
                    is_known = true;
                    transcript.segments = map.next_value_seed(Segments(self.unit))?;
                }
                "data" if self.place == Place::Saved => {
                    let inside = Self {
                        place: Place::SavedData,
                        ..self
                    };
                    transcript = map.next_value_seed(inside)?;
                    // It is not where `data` is null.
                    is_known = transcript.in_envelope;
                }
                "code" if self.place == Place::Saved => {
                    code = Some(map.next_value::<&RawValue>()?.get());
                }
                "msg" if self.place == Place::Saved => why = map.next_value::<&RawValue>()?.get(),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        transcript.in_envelope |= self.place == Place::SavedData;
        match code {
            _ if is_known => Ok(transcript),
            // 0000 is success.
            Some(code) if code.trim_matches(['"', '0']).is_empty() => {
                Err(de::Error::custom("a reply without `data`"))
            }
            Some(code) => Err(de::Error::custom(format_args!(
                "the API refused with code {code}: {}",
                crate::text::excerpt(why, 200)
            ))),
            None => Err(de::Error::custom(
                "an object with neither `transcriptions` nor a `status`",
            )),
        }
    }

    fn visit_seq<A: SeqAccess<'a>>(self, list: A) -> Result<Self::Value, A::Error> {
        Ok(Transcript {
            segments: Segments(self.unit).visit_seq(list)?,
            in_envelope: self.place == Place::SavedData,
            ..empty()
        })
    }

    /// The `data` of a refusal.
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        if self.place == Place::SavedData {
            Ok(empty())
        } else {
            Err(E::invalid_type(de::Unexpected::Unit, &self))
        }
    }
}

fn empty<'a>() -> Transcript<'a> {
    Transcript {
        task_no: Cow::Borrowed(""),
        video_no: Cow::Borrowed(""),
        kind: Cow::Borrowed(""),
        status: None,
        segments: Vec::new(),
        in_envelope: false,
        raw: "",
    }
}

/// A name: a string, a number, or null for none.
fn name<'a, A: MapAccess<'a>>(map: &mut A, key: &str) -> Result<Option<Cow<'a, str>>, A::Error> {
    let json = map.next_value::<&'a RawValue>()?.get();
    match json.as_bytes() {
        b"null" => Ok(None),
        [b'"' | b'-' | b'0'..=b'9', ..] => Ok(Some(scalar_text(json))),
        _ => Err(de::Error::custom(format_args!(
            "`{key}` is {}, not a text",
            what_is(json)
        ))),
    }
}

/// The list of segments, or null for none.
struct Segments(TimeUnit);

impl<'a> DeserializeSeed<'a> for Segments {
    type Value = Vec<Segment<'a>>;

    fn deserialize<D: de::Deserializer<'a>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Segments {
    type Value = Vec<Segment<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of segments")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut segments = Vec::new();
        loop {
            match list.next_element_seed(One(self.0)) {
                Ok(Some(segment)) => segments.push(segment),
                Ok(None) => return Ok(segments),
                Err(error) => {
                    let position = segments.len() + 1;
                    return Err(de::Error::custom(format_args!(
                        "segment {position}: {error}"
                    )));
                }
            }
        }
    }
}

/// The keys of a segment that mean something here. Read without the allocation that a text costs.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Key {
    StartTime,
    EndTime,
    Content,
    Id,
    Index,
    Transcriptions,
    #[serde(other)]
    Other,
}

/// One segment.
struct One(TimeUnit);

impl<'a> DeserializeSeed<'a> for One {
    type Value = Segment<'a>;

    fn deserialize<D: de::Deserializer<'a>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for One {
    type Value = Segment<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with startTime, endTime and content")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut segment = Segment {
            start: Millis::MISSING,
            end: Millis::MISSING,
            id: "",
            content: "",
        };
        while let Some(key) = map.next_key()? {
            match key {
                Key::StartTime => segment.start = self.time(&mut map, "startTime")?,
                Key::EndTime => segment.end = self.time(&mut map, "endTime")?,
                Key::Content => segment.content = Self::content(&mut map)?,
                Key::Id => {
                    let id = Self::id(&mut map)?;
                    if !id.is_empty() {
                        segment.id = id;
                    }
                }
                Key::Index if segment.id.is_empty() => segment.id = Self::id(&mut map)?,
                Key::Transcriptions => {
                    let why = "this is a whole transcription; to unpack a list of them: jq '.[]'";
                    return Err(de::Error::custom(why));
                }
                Key::Index | Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(segment)
    }
}

impl One {
    fn time<'a, A: MapAccess<'a>>(&self, map: &mut A, key: &str) -> Result<Millis, A::Error> {
        let json = map.next_value::<&'a RawValue>()?.get();
        let time = match json.as_bytes() {
            b"null" => Some(Millis::MISSING),
            [b'"', ..] => match scalar_text(json).trim_ascii() {
                "" => Some(Millis::MISSING),
                text => Millis::from_decimal(text, self.0),
            },
            _ => Millis::from_decimal(json, self.0),
        };
        time.ok_or_else(|| wrong(key, json, "a number"))
    }

    fn content<'a, A: MapAccess<'a>>(map: &mut A) -> Result<&'a str, A::Error> {
        let json = map.next_value::<&'a RawValue>()?.get();
        match json.as_bytes() {
            b"null" => Ok(""),
            [b'"', ..] => Ok(json),
            _ => Err(wrong("content", json, "a text")),
        }
    }

    fn id<'a, A: MapAccess<'a>>(map: &mut A) -> Result<&'a str, A::Error> {
        let json = map.next_value::<&'a RawValue>()?.get();
        match json.as_bytes() {
            b"null" => Ok(""),
            [b'"' | b'-' | b'0'..=b'9', ..] => Ok(json),
            _ => Err(wrong("id", json, "a number")),
        }
    }
}

fn wrong<E: de::Error>(key: &str, json: &str, wanted: &str) -> E {
    E::custom(format_args!("`{key}` is {}, not {wanted}", what_is(json)))
}

fn what_is(json: &str) -> Cow<'static, str> {
    match json.as_bytes().first() {
        Some(b'{') => "an object".into(),
        Some(b'[') => "a list".into(),
        _ => crate::text::excerpt(json, 40).into(),
    }
}

#[cfg(test)]
mod tests;
