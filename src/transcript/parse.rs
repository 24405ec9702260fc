//! Parses a [`Transcript`] from JSON text without copying it: strings stay slices of the source and are
//! decoded on access. Of repeated keys the last one counts, as in `jq`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::fast_path;
use super::json_cursor::{JsonCursor, ParseError, ParseErrorKind};
use super::model::{Segment, Status, Transcript};
use super::scalar::scalar_text;
use super::segment::{SegmentSeed, what_is};
use super::time::TimeUnit;
use crate::envelope;

/// Maximum number of segments with neither a time nor a text. A segment takes some fifty bytes of memory;
/// one with a time or a text takes a third of that at least in the source, these hardly any.
const MAX_EMPTY_SEGMENTS: usize = 10_000;

/// The reason of a [`ParseError`] for more empty segments than memory is spent on.
pub const TOO_MANY_EMPTY_SEGMENTS: &str = "more than 10000 segments with neither a time nor a text";

impl<'a> Transcript<'a> {
    /// Parses the `data` object of a reply, or a bare list of segments.
    pub fn parse(json: &'a str, unit: TimeUnit) -> Result<Self, ParseError> {
        let mut cursor = JsonCursor::of(json);
        let mut transcript = document(&mut cursor, unit, DocumentKind::Reply)?;
        cursor.end()?;
        transcript.raw = json.trim_ascii();
        Ok(transcript)
    }

    /// Parses any number of concatenated transcriptions: documents that [`Transcript::parse`] takes, or
    /// whole replies with the `data` in their envelope.
    pub fn parse_saved(json: &'a str, unit: TimeUnit) -> Result<Vec<Self>, ParseError> {
        let (mut cursor, mut transcripts) = (JsonCursor::of(json), Vec::new());
        while cursor.peek().is_some() {
            let start = cursor.rest();
            let mut transcript = document(&mut cursor, unit, DocumentKind::Saved)?;
            transcript.raw = cursor.read_since(start);
            transcripts.push(transcript);
        }
        Ok(transcripts)
    }

    /// Returns the JSON text of the `data` object, or of the list, exactly as received.
    #[must_use]
    pub fn json(&self) -> &'a str {
        if self.in_envelope {
            data_of(self.raw)
        } else {
            self.raw
        }
    }
}

/// Returns the text of `data` in a reply that has been parsed before.
fn data_of(json: &str) -> &str {
    // A map keeps the last of two members with one name.
    serde_json::from_str::<HashMap<Cow<'_, str>, &RawValue>>(json)
        .ok()
        .and_then(|envelope| envelope.get("data").copied())
        .map_or(json, RawValue::get)
}

/// The context of a document, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DocumentKind {
    /// The `data` of a checked reply: any object, with a status or without.
    Reply,
    /// A file: it may also be a whole reply, and must be of a known kind.
    Saved,
    /// The `data` of a whole reply in a file: null in a refusal.
    SavedData,
}

/// Parses a whole document: an object with `transcriptions`, or the list itself.
fn document<'a>(
    cursor: &mut JsonCursor<'a>,
    unit: TimeUnit,
    kind: DocumentKind,
) -> Result<Transcript<'a>, ParseError> {
    match cursor.peek() {
        Some(b'{') => object(cursor, unit, kind),
        Some(b'[') => Ok(Transcript {
            segments: segments(cursor, unit)?,
            in_envelope: kind == DocumentKind::SavedData,
            ..empty()
        }),
        Some(b'n') if kind == DocumentKind::SavedData => {
            cursor.value(PhantomData::<()>)?;
            Ok(empty())
        }
        _ => Err(cursor.not("an object with transcriptions, or a list of segments")),
    }
}

fn object<'a>(
    cursor: &mut JsonCursor<'a>,
    unit: TimeUnit,
    kind: DocumentKind,
) -> Result<Transcript<'a>, ParseError> {
    cursor.skip(1);
    let mut transcript = empty();
    let mut is_known = kind == DocumentKind::Reply;
    let (mut code, mut why) = (None, "");
    let mut is_first = true;
    while cursor.has_another(b'}', is_first)? {
        is_first = false;
        match &*cursor.key()? {
            "status" => {
                is_known = true;
                transcript.status = name(cursor, "status")?.map(|name| Status::from_wire(&name));
            }
            "taskNo" => transcript.task_no = name(cursor, "taskNo")?.unwrap_or_default(),
            "videoNo" => transcript.video_no = name(cursor, "videoNo")?.unwrap_or_default(),
            "type" => transcript.transcription_type = name(cursor, "type")?.unwrap_or_default(),
            "transcriptions" => {
                is_known = true;
                transcript.segments = segments(cursor, unit)?;
            }
            "data" if kind == DocumentKind::Saved => {
                transcript = document(cursor, unit, DocumentKind::SavedData)?;
                // It is not where `data` is null.
                is_known = transcript.in_envelope;
            }
            "code" if kind == DocumentKind::Saved => {
                code = envelope::saved_code(cursor.value(PhantomData::<&RawValue>)?);
            }
            "msg" if kind == DocumentKind::Saved => why = raw(cursor)?,
            _ => {
                cursor.value(PhantomData::<IgnoredAny>)?;
            }
        }
    }
    transcript.in_envelope |= kind == DocumentKind::SavedData;
    let is_success = code.as_deref() == Some(envelope::SUCCESS);
    match code {
        // A code in a bare `data` object is that of something else.
        _ if is_known => Ok(Transcript {
            refusal: code.filter(|_| transcript.in_envelope && !is_success),
            ..transcript
        }),
        Some(_) if is_success => Err(cursor.wrong("a reply without `data`")),
        Some(code) => {
            let why = crate::text::excerpt(why, 200);
            let refusal = ParseErrorKind::Refusal(code.clone().into_owned());
            let reason = format_args!("the API refused with code {code}: {why}");
            Err(cursor.wrong(reason).of_kind(refusal))
        }
        None => Err(cursor.wrong("an object with neither `transcriptions` nor a `status`")),
    }
}

fn empty<'a>() -> Transcript<'a> {
    Transcript {
        task_no: Cow::Borrowed(""),
        video_no: Cow::Borrowed(""),
        transcription_type: Cow::Borrowed(""),
        status: None,
        segments: Vec::new(),
        refusal: None,
        in_envelope: false,
        raw: "",
    }
}

/// Returns the text of the next value.
fn raw<'a>(cursor: &mut JsonCursor<'a>) -> Result<&'a str, ParseError> {
    cursor.value(PhantomData::<&RawValue>).map(RawValue::get)
}

/// Parses a name: a string, a number, or null for none.
fn name<'a>(cursor: &mut JsonCursor<'a>, key: &str) -> Result<Option<Cow<'a, str>>, ParseError> {
    let json = raw(cursor)?;
    match json.as_bytes() {
        b"null" => Ok(None),
        [b'"' | b'-' | b'0'..=b'9', ..] => Ok(Some(scalar_text(json))),
        _ => Err(cursor.wrong(format_args!("`{key}` is {}, not a text", what_is(json)))),
    }
}

/// Parses the list of segments, or null for none.
fn segments<'a>(
    cursor: &mut JsonCursor<'a>,
    unit: TimeUnit,
) -> Result<Vec<Segment<'a>>, ParseError> {
    match cursor.peek() {
        Some(b'[') => cursor.skip(1),
        Some(b'n') => return cursor.value(PhantomData::<()>).map(|()| Vec::new()),
        _ => return Err(cursor.not("a list of segments")),
    }
    let (mut segments, mut empty) = (Vec::new(), 0);
    loop {
        let position = segments.len() + 1;
        match next_segment(cursor, unit, position == 1) {
            Ok(Some(segment)) => {
                empty += usize::from(segment.is_empty());
                if empty > MAX_EMPTY_SEGMENTS {
                    return Err(cursor.wrong(TOO_MANY_EMPTY_SEGMENTS));
                }
                segments.push(segment);
            }
            Ok(None) => return Ok(segments),
            Err(error) => return Err(error.in_segment(position)),
        }
    }
}

fn next_segment<'a>(
    cursor: &mut JsonCursor<'a>,
    unit: TimeUnit,
    is_first: bool,
) -> Result<Option<Segment<'a>>, ParseError> {
    if !cursor.has_another(b']', is_first)? {
        return Ok(None);
    }
    if let Some((segment, bytes)) = fast_path::segment(cursor.rest(), unit) {
        cursor.skip(bytes);
        return Ok(Some(segment));
    }
    cursor.value(SegmentSeed(unit)).map(Some)
}

#[cfg(test)]
mod tests;
