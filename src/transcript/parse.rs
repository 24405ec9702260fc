//! Reading a [`Transcript`] from JSON text without copying it: texts stay slices of the source and
//! are decoded when they are asked for. Where a key stands twice the last one counts, as in `jq`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::scalar::scalar_text;
use super::segment::{One, what_is};
use super::source::{ParseError, Source};
use super::{Segment, Status, TimeUnit, Transcript, usual};

impl<'a> Transcript<'a> {
    /// Reads the `data` object of a reply, or a bare list of segments.
    pub fn parse(json: &'a str, unit: TimeUnit) -> Result<Self, ParseError> {
        let mut source = Source::of(json);
        let mut transcript = document(&mut source, unit, Place::Reply)?;
        source.end()?;
        transcript.raw = json.trim_ascii();
        Ok(transcript)
    }

    /// Reads any number of transcriptions that were saved one after the other: what
    /// [`Transcript::parse`] reads, or whole replies with the `data` in their envelope.
    pub fn parse_saved(json: &'a str, unit: TimeUnit) -> Result<Vec<Self>, ParseError> {
        let (mut source, mut transcripts) = (Source::of(json), Vec::new());
        while source.peek().is_some() {
            let start = source.rest();
            let mut transcript = document(&mut source, unit, Place::Saved)?;
            transcript.raw = source.read_since(start);
            transcripts.push(transcript);
        }
        Ok(transcripts)
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

/// Where a document stands, which says what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The `data` of a reply that has been checked: any object, with a status or without.
    Reply,
    /// In a file: it may also be a whole reply, and must be something that we know.
    Saved,
    /// The `data` of a whole reply in a file: null in that of a refusal.
    SavedData,
}

/// A whole document: an object with `transcriptions`, or the list itself.
fn document<'a>(
    source: &mut Source<'a>,
    unit: TimeUnit,
    place: Place,
) -> Result<Transcript<'a>, ParseError> {
    match source.peek() {
        Some(b'{') => object(source, unit, place),
        Some(b'[') => Ok(Transcript {
            segments: segments(source, unit)?,
            in_envelope: place == Place::SavedData,
            ..empty()
        }),
        Some(b'n') if place == Place::SavedData => {
            source.value(PhantomData::<()>)?;
            Ok(empty())
        }
        _ => Err(source.not("an object with transcriptions, or a list of segments")),
    }
}

fn object<'a>(
    source: &mut Source<'a>,
    unit: TimeUnit,
    place: Place,
) -> Result<Transcript<'a>, ParseError> {
    source.skip(1);
    let mut transcript = empty();
    let mut is_known = place == Place::Reply;
    let (mut code, mut why) = (None, "");
    let mut is_first = true;
    while source.has_another(b'}', is_first)? {
        is_first = false;
        match &*source.key()? {
            "status" => {
                is_known = true;
                transcript.status = name(source, "status")?.map(|name| Status::from_wire(&name));
            }
            "taskNo" => transcript.task_no = name(source, "taskNo")?.unwrap_or_default(),
            "videoNo" => transcript.video_no = name(source, "videoNo")?.unwrap_or_default(),
            "type" => transcript.kind = name(source, "type")?.unwrap_or_default(),
            "transcriptions" => {
                is_known = true;
                transcript.segments = segments(source, unit)?;
            }
            "data" if place == Place::Saved => {
                transcript = document(source, unit, Place::SavedData)?;
                // It is not where `data` is null.
                is_known = transcript.in_envelope;
            }
            "code" if place == Place::Saved => code = Some(raw(source)?),
            "msg" if place == Place::Saved => why = raw(source)?,
            _ => {
                source.value(PhantomData::<IgnoredAny>)?;
            }
        }
    }
    transcript.in_envelope |= place == Place::SavedData;
    match code {
        _ if is_known => Ok(transcript),
        // 0000 is success.
        Some(code) if code.trim_matches(['"', '0']).is_empty() => {
            Err(source.wrong("a reply without `data`"))
        }
        Some(code) => Err(source.wrong(format_args!(
            "the API refused with code {code}: {}",
            crate::text::excerpt(why, 200)
        ))),
        None => Err(source.wrong("an object with neither `transcriptions` nor a `status`")),
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

/// The text of the next value.
fn raw<'a>(source: &mut Source<'a>) -> Result<&'a str, ParseError> {
    source.value(PhantomData::<&RawValue>).map(RawValue::get)
}

/// A name: a string, a number, or null for none.
fn name<'a>(source: &mut Source<'a>, key: &str) -> Result<Option<Cow<'a, str>>, ParseError> {
    let json = raw(source)?;
    match json.as_bytes() {
        b"null" => Ok(None),
        [b'"' | b'-' | b'0'..=b'9', ..] => Ok(Some(scalar_text(json))),
        _ => Err(source.wrong(format_args!("`{key}` is {}, not a text", what_is(json)))),
    }
}

/// The list of segments, or null for none.
fn segments<'a>(source: &mut Source<'a>, unit: TimeUnit) -> Result<Vec<Segment<'a>>, ParseError> {
    match source.peek() {
        Some(b'[') => source.skip(1),
        Some(b'n') => return source.value(PhantomData::<()>).map(|()| Vec::new()),
        _ => return Err(source.not("a list of segments")),
    }
    let mut segments = Vec::new();
    loop {
        let position = segments.len() + 1;
        match next_segment(source, unit, position == 1) {
            Ok(Some(segment)) => segments.push(segment),
            Ok(None) => return Ok(segments),
            Err(error) => return Err(error.in_segment(position)),
        }
    }
}

fn next_segment<'a>(
    source: &mut Source<'a>,
    unit: TimeUnit,
    is_first: bool,
) -> Result<Option<Segment<'a>>, ParseError> {
    if !source.has_another(b']', is_first)? {
        return Ok(None);
    }
    if let Some((segment, bytes)) = usual::segment(source.rest(), unit) {
        source.skip(bytes);
        return Ok(Some(segment));
    }
    source.value(One(unit)).map(Some)
}

#[cfg(test)]
mod tests;
