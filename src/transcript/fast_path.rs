//! The fast path for segments as nearly all of them are written: numbers without exponents, and text
//! without `\u`. There may be a million, and `serde_json` takes three times as long. All others, and
//! whatever is no JSON, are left to it.

use memchr::memchr2;

use super::model::Segment;
use super::time::{Millis, TimeUnit};
use crate::text::any_flagged;

/// Parses the segment at the start of `json` and returns it with its length in bytes; `None` if the
/// general path is needed.
pub(super) fn segment(json: &str, unit: TimeUnit) -> Option<(Segment<'_>, usize)> {
    let between =
        |start: &[u8], end: &[u8]| &json[json.len() - start.len()..json.len() - end.len()];
    let mut segment = Segment::EMPTY;
    let mut rest = json.as_bytes().strip_prefix(b"{")?;
    loop {
        rest = after_space(rest);
        match rest.get(1)? {
            b'i' => {
                let number = after_key(rest, b"\"id\"")?;
                rest = after_whole_number(number)?;
                segment.id = between(number, rest);
            }
            b's' => (segment.start, rest) = time(after_key(rest, b"\"startTime\"")?, unit)?,
            b'e' => (segment.end, rest) = time(after_key(rest, b"\"endTime\"")?, unit)?,
            b'c' => {
                let string = after_key(rest, b"\"content\"")?;
                let is_plain;
                (rest, is_plain) = after_string(string)?;
                segment.content = between(string, rest);
                if is_plain {
                    segment.content = &segment.content[1..segment.content.len() - 1];
                }
            }
            _ => return None,
        }
        match after_space(rest) {
            [b',', after @ ..] => rest = after,
            [b'}', after @ ..] => return Some((segment, json.len() - after.len())),
            _ => return None,
        }
    }
}

/// Returns the text after `key`, in its quotation marks, and the colon.
fn after_key<'a, const N: usize>(text: &'a [u8], key: &[u8; N]) -> Option<&'a [u8]> {
    let colon = after_space(text.strip_prefix(key)?);
    Some(after_space(colon.strip_prefix(b":")?))
}

/// Returns the text after the number at the start of `text` (RFC 8259 §6), if it consists of digits.
fn after_whole_number(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_number = digits == 1 || digits > 1 && text[0] != b'0';
    is_number.then(|| &text[digits..])
}

/// Parses the time at the start of `text`, a number or a string; returns it and the text after it.
fn time(text: &[u8], unit: TimeUnit) -> Option<(Millis, &[u8])> {
    let Some(string) = text.strip_prefix(b"\"") else {
        return Millis::leading(text, unit);
    };
    let (time, after) = Millis::leading(string, unit)?;
    Some((time, after.strip_prefix(b"\"")?))
}

/// Returns the text after the string at the start of `text`, if its escapes are of two characters each,
/// and `true` if the string is not empty and has no escapes.
fn after_string(text: &[u8]) -> Option<(&[u8], bool)> {
    let inner = text.strip_prefix(b"\"")?;
    let (mut end, mut has_escapes) = (0, false);
    loop {
        end += memchr2(b'"', b'\\', &inner[end..])?;
        match inner[end..] {
            [b'"', ..] => break,
            [b'\\', escaped, ..] if b"\"\\/bfnrt".contains(&escaped) => {
                has_escapes = true;
                end += 2;
            }
            _ => return None,
        }
    }
    let is_plain = !has_escapes && end > 0;
    (!has_control(&inner[..end])).then(|| (&inner[end + 1..], is_plain))
}

/// Returns `true` if there is a byte below 0x20, which a JSON string holds only as an escape.
fn has_control(bytes: &[u8]) -> bool {
    any_flagged(bytes, flag_bytes)
}

/// Sets the top bit of bytes below 0x20. (It may be set beside such a byte too.)
fn flag_bytes(word: [u8; 8]) -> u64 {
    let word = u64::from_ne_bytes(word);
    word.wrapping_sub(u64::from_ne_bytes([0x20; 8])) & !word
}

fn after_space(text: &[u8]) -> &[u8] {
    match text {
        [b' ' | b'\n' | b'\r' | b'\t', ..] => text.trim_ascii_start(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{self, Index};

    use super::*;
    use crate::transcript::Transcript;
    use crate::transcript::json_cursor::JsonCursor;
    use crate::transcript::segment::SegmentSeed;

    fn fields<'a>(segment: &Segment<'a>) -> impl PartialEq + Debug + use<'a> {
        let times = (segment.start(), segment.end());
        (times, segment.id(), segment.text(), segment.is_empty())
    }

    #[test]
    fn fast_path_agrees_with_general_path() {
        for json in [
            r#"{"id":0,"startTime":0.0,"endTime":4.579,"content":" because"}"#,
            r#"{ "id": 12, "startTime": 7, "endTime": 10, "content": "你好 a & b" }"#,
            "{\n\t\"content\":\"\",\r\n\"startTime\":0}",
            r#"{"id":1,"id":2,"content":"a","content":"b"}"#,
            r#"{"startTime":"1.5","endTime":"2","content":"\"a\nb\" \\"}"#,
        ] {
            let (short, length) = segment(json, TimeUnit::Seconds).unwrap();
            assert_eq!(length, json.len(), "{json}");
            let long = JsonCursor::of(json)
                .value(SegmentSeed(TimeUnit::Seconds))
                .unwrap();
            assert_eq!(fields(&short), fields(&long), "{json}");
        }
    }

    #[test]
    fn unusual_or_invalid_json_is_declined() {
        for json in [
            "",
            "{",
            "{}",
            "5",
            r#"{"id":1"#,
            r#"{"id":1,}"#,
            r#"{"id":1]"#,
            r#"{"id":01}"#,
            r#"{"id":1.}"#,
            r#"{"id":.}"#,
            r#"{"id":}"#,
            r#"{"startTime":.5}"#,
            r#"{"startTime":1.2.3}"#,
            r#"{"startTime":1e3}"#,
            r#"{"startTime":-1}"#,
            r#"{"startTime":0.0001}"#,
            "{\"content\":\"a\nb\"}",
            "{\"content\":\"a\u{1f} and so on and on\"}",
            r#"{"content":"a}"#,
            r#"{"content":5}"#,
            r#"{"content":"\u0061"}"#,
            r#"{"content":"\x"}"#,
            r#"{"content":"\"#,
            r#"{"startTime":"1}"#,
            r#"{"startTime":"x"}"#,
            r#"{"startTime":" 1"}"#,
            r#"{"content" "a"}"#,
            r#"{"c\u006fntent":"a"}"#,
            r#"{"speaker":"A","content":"a"}"#,
            r#"{"content":null}"#,
        ] {
            assert!(segment(json, TimeUnit::Seconds).is_none(), "{json}");
        }
    }

    proptest! {
        /// A mangled segment that the fast path takes is the same on the general path.
        #[test]
        fn fast_path_agrees_on_mangled_json(
            which in 0..3_usize,
            edits in vec((any::<Index>(), 0..3_usize, "[{}\\[\\]\":,.0127eE+\\- \n\u{1}\u{7f}\\\\idstamcé]"), 1..4),
            unit in sample::select(&TimeUnit::ALL[..]),
        ) {
            let usual = [
                r#"{"id":10,"startTime":7.25,"endTime":10.5,"content":" one two three"}"#,
                r#"{"content":"é, \"ça\" va", "endTime": "12", "startTime": 0.004}, {"id":1}"#,
                r#"{ "id" : 0 , "id" : 7 }]"#,
            ];
            let mut mangled: Vec<char> = usual[which].chars().collect();
            for (place, what, text) in edits {
                let at = place.index(mangled.len());
                match what {
                    0 => drop(mangled.splice(at..at, text.chars())),
                    1 => drop(mangled.splice(at..=at, text.chars())),
                    _ => drop(mangled.remove(at)),
                }
            }
            let mangled: String = mangled.into_iter().collect();
            if let Some((short, length)) = segment(&mangled, unit) {
                let mut cursor = JsonCursor::of(&mangled);
                let long = cursor.value(SegmentSeed(unit)).expect("it is JSON");
                prop_assert_eq!(fields(&short), fields(&long));
                prop_assert_eq!(length, mangled.len() - cursor.rest().len());
            }
        }
    }

    #[test]
    fn control_characters_are_found_at_every_offset() {
        for length in 0..40 {
            for at in 0..length {
                for (byte, is_control) in [
                    (0, true),
                    (0x1f, true),
                    (0x20, false),
                    (0x80, false),
                    (0xff, false),
                ] {
                    let mut bytes = vec![b'a'; length];
                    bytes[at] = byte;
                    assert_eq!(
                        has_control(&bytes),
                        is_control,
                        "{byte:#x} at {at} of {length}"
                    );
                }
            }
        }
        assert!(Transcript::parse("[{\"content\":\"\u{1}\"}]", TimeUnit::Seconds).is_err());
    }
}
