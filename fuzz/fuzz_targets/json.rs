//! Any text, read as a transcription and by `serde_json` alone: both accept the same texts, and find the
//! same names, times, IDs and contents.

#![no_main]

use std::borrow::Cow;
use std::fmt;

use libfuzzer_sys::fuzz_target;
use mavi::transcript::{Millis, TimeUnit, Transcript};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

fuzz_target!(|json: &str| {
    for (unit, decimals) in [(TimeUnit::Seconds, 3), (TimeUnit::Milliseconds, 0)] {
        let expected = document(json, decimals);
        let read = Transcript::parse(json, unit);
        assert_eq!(read.is_ok(), expected.is_some(), "{:?}", read.err());
        if let (Ok(read), Some(expected)) = (&read, expected) {
            compare(read, &expected);
        }
        for saved in Transcript::parse_saved(json, unit).into_iter().flatten() {
            let data = document(saved.json(), decimals).expect("the data of what was read");
            compare(&saved, &data);
        }
    }
});

fn compare(read: &Transcript<'_>, expected: &Document) {
    let names = [&read.task_no, &read.video_no, &read.transcription_type];
    for (name, expected) in names.into_iter().zip(&expected.names) {
        assert!(is_same(name, expected), "{name:?} {expected:?}");
    }
    assert_eq!(read.segments.len(), expected.segments.len());
    for (segment, (start, end, id, content)) in read.segments.iter().zip(&expected.segments) {
        let times = [segment.start(), segment.end()];
        assert_eq!(times.map(|time| time.map(Millis::get)), [*start, *end]);
        assert!(is_same(&segment.id(), id), "{segment:?}");
        assert!(is_same(&segment.text(), content), "{segment:?}");
    }
}

/// Compares a text with the expected JSON. A surrogate without its other half is replaced in the text, and
/// an error for `serde_json`.
fn is_same(text: &str, expected: &str) -> bool {
    match serde_json::from_str::<String>(expected) {
        Ok(string) => text == string,
        Err(_) if expected.starts_with('"') => text.contains('\u{fffd}'),
        Err(_) => text == expected,
    }
}

/// The names of task, video and type, and the segments: start, end, and ID and content in JSON.
#[derive(Default)]
struct Document {
    names: [String; 3],
    segments: Vec<(Option<i64>, Option<i64>, String, String)>,
}

fn document(json: &str, decimals: i64) -> Option<Document> {
    let raw = serde_json::from_str::<&RawValue>(json).ok()?.get();
    let mut document = Document::default();
    if raw.starts_with('[') {
        document.segments = segments(raw, decimals)?;
        return Some(document);
    }
    for (key, value) in members(raw)? {
        match &*key {
            "taskNo" => document.names[0] = scalar(value)?,
            "videoNo" => document.names[1] = scalar(value)?,
            "type" => document.names[2] = scalar(value)?,
            "status" => drop(scalar(value)?),
            "transcriptions" => document.segments = segments(value, decimals)?,
            _ => {}
        }
    }
    Some(document)
}

fn segments(json: &str, decimals: i64) -> Option<Vec<(Option<i64>, Option<i64>, String, String)>> {
    let list: Option<Vec<&RawValue>> = serde_json::from_str(json).ok()?;
    let segments = list.unwrap_or_default().into_iter().map(|segment| {
        let mut found = (None, None, String::new(), String::new());
        for (key, value) in members(segment.get())? {
            match &*key {
                "startTime" => found.0 = time(value, decimals)?,
                "endTime" => found.1 = time(value, decimals)?,
                "content" if value == "null" => found.3.clear(),
                "content" => found.3 = value.starts_with('"').then(|| value.to_owned())?,
                // The other name of the ID counts until there is one.
                "id" | "index" if key == "id" || found.2.is_empty() => {
                    let id = scalar(value)?;
                    if !id.is_empty() {
                        found.2 = id;
                    }
                }
                "transcriptions" => return None,
                _ => {}
            }
        }
        Some(found)
    });
    segments.collect()
}

/// Returns a string or a number as it stands in the JSON; nothing for null.
fn scalar(json: &str) -> Option<String> {
    match json.as_bytes()[0] {
        b'n' => Some(String::new()),
        b'"' | b'-' | b'0'..=b'9' => Some(json.to_owned()),
        _ => None,
    }
}

fn time(json: &str, decimals: i64) -> Option<Option<i64>> {
    match scalar(json)? {
        string if string.starts_with('"') => {
            let text = serde_json::from_str::<String>(json).ok()?;
            match text.trim_ascii() {
                "" => Some(None),
                text => millis(text, decimals),
            }
        }
        number if number.is_empty() => Some(None),
        number => millis(&number, decimals),
    }
}

/// Returns the number × 10^`decimals`, halves away from zero; nothing if it is too large for a time, and
/// `None` if it is no number.
fn millis(text: &str, decimals: i64) -> Option<Option<i64>> {
    let (is_negative, number) = match text.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let are_digits = [whole, fraction, exponent_digits]
        .concat()
        .bytes()
        .all(|byte| byte.is_ascii_digit());
    if !are_digits || whole.is_empty() || exponent_digits.is_empty() {
        return None;
    }
    let bound = if exponent.starts_with('-') {
        -100_000
    } else {
        100_000
    };
    let exponent = exponent
        .parse::<i64>()
        .unwrap_or(bound)
        .clamp(-100_000, 100_000);
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    let point =
        i64::try_from(whole.len()).unwrap() - i64::try_from(zeros).unwrap() + exponent + decimals;
    if significant.is_empty() || point < 0 {
        return Some(Some(0));
    }
    if point > 13 {
        return Some(None);
    }
    let mut digits = significant
        .bytes()
        .map(|digit| i64::from(digit - b'0'))
        .chain(std::iter::repeat(0));
    let whole = digits
        .by_ref()
        .take(point as usize)
        .fold(0, |whole, digit| whole * 10 + digit);
    let rounded = whole + i64::from(digits.next() >= Some(5));
    let signed = if is_negative { -rounded } else { rounded };
    Some((rounded <= 1_000_000_000_000).then_some(signed))
}

/// Returns the members of an object in their order, repeated ones too.
fn members(json: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
    struct Members;

    impl<'a> Visitor<'a> for Members {
        type Value = Vec<(Cow<'a, str>, &'a str)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some((key, value)) = map.next_entry::<Cow<'a, str>, &RawValue>()? {
                members.push((key, value.get()));
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(json)
        .deserialize_map(Members)
        .ok()
}
