//! Deserializes one segment, with all the variations of real replies.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::model::Segment;
use super::scalar::scalar_text;
use super::time::{Millis, TimeUnit};

/// The known keys of a segment, deserialized without allocating a string.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum SegmentKey {
    StartTime,
    EndTime,
    Content,
    Id,
    Index,
    Transcriptions,
    #[serde(other)]
    Other,
}

/// Deserializes a [`Segment`] with times in this unit.
pub(super) struct SegmentSeed(pub TimeUnit);

impl<'a> DeserializeSeed<'a> for SegmentSeed {
    type Value = Segment<'a>;

    fn deserialize<D: de::Deserializer<'a>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for SegmentSeed {
    type Value = Segment<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with startTime, endTime and content")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut segment = Segment::EMPTY;
        while let Some(key) = map.next_key()? {
            match key {
                SegmentKey::StartTime => segment.start = self.time(&mut map, "startTime")?,
                SegmentKey::EndTime => segment.end = self.time(&mut map, "endTime")?,
                SegmentKey::Content => segment.content = Self::content(&mut map)?,
                SegmentKey::Id => {
                    let id = Self::id(&mut map)?;
                    if !id.is_empty() {
                        segment.id = id;
                    }
                }
                SegmentKey::Index if segment.id.is_empty() => segment.id = Self::id(&mut map)?,
                SegmentKey::Transcriptions => {
                    let why = "this is a whole transcription; to unpack a list of them: jq '.[]'";
                    return Err(de::Error::custom(why));
                }
                SegmentKey::Index | SegmentKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(segment)
    }
}

impl SegmentSeed {
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

/// Describes a value of the wrong type in an error message.
pub(super) fn what_is(json: &str) -> Cow<'static, str> {
    match json.as_bytes().first() {
        Some(b'{') => "an object".into(),
        Some(b'[') => "a list".into(),
        _ => crate::text::excerpt(json, 40).into(),
    }
}
