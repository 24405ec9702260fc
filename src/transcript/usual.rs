//! Segments written as nearly all of them are: numbers without exponents, and text without `\u`.
//! There may be a million, and the general way takes three times as long. All others, and all that are
//! no JSON, are left to it.

use memchr::memchr2;

use super::{Millis, Segment, TimeUnit};
use crate::text::any_marked;

/// The segment that `json` starts with, and how many bytes it has; `None` where a closer look is
/// needed.
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

/// What follows `key`, in its quotation marks, and the colon.
fn after_key<'a, const N: usize>(text: &'a [u8], key: &[u8; N]) -> Option<&'a [u8]> {
    let colon = after_space(text.strip_prefix(key)?);
    Some(after_space(colon.strip_prefix(b":")?))
}

/// What follows the number that `text` starts with (RFC 8259 §6), if it has digits alone.
fn after_whole_number(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_number = digits == 1 || digits > 1 && text[0] != b'0';
    is_number.then(|| &text[digits..])
}

/// The time that `text` starts with, as a number or a string, and what follows it.
fn time(text: &[u8], unit: TimeUnit) -> Option<(Millis, &[u8])> {
    let Some(string) = text.strip_prefix(b"\"") else {
        return Millis::leading(text, unit);
    };
    let (time, after) = Millis::leading(string, unit)?;
    Some((time, after.strip_prefix(b"\"")?))
}

/// What follows the string that `text` starts with, if its escapes are of two characters each, and
/// whether it has characters, and no escapes.
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

/// Whether one of the bytes below 0x20 is there, which a string of JSON has only as escapes.
fn has_control(bytes: &[u8]) -> bool {
    any_marked(bytes, marks)
}

/// The top bit of a byte is set where it is below 0x20. (It may be set beside such a byte too.)
fn marks(word: [u8; 8]) -> u64 {
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
    use crate::transcript::segment::One;
    use crate::transcript::source::Source;

    fn said<'a>(segment: &Segment<'a>) -> impl PartialEq + Debug + use<'a> {
        let times = (segment.start(), segment.end());
        (times, segment.id(), segment.text(), segment.is_bare())
    }

    #[test]
    fn a_usual_segment_is_what_the_general_way_says() {
        for json in [
            r#"{"id":0,"startTime":0.0,"endTime":4.579,"content":" because"}"#,
            r#"{ "id": 12, "startTime": 7, "endTime": 10, "content": "你好 a & b" }"#,
            "{\n\t\"content\":\"\",\r\n\"startTime\":0}",
            r#"{"id":1,"id":2,"content":"a","content":"b"}"#,
            r#"{"startTime":"1.5","endTime":"2","content":"\"a\nb\" \\"}"#,
        ] {
            let (short, length) = segment(json, TimeUnit::Seconds).unwrap();
            assert_eq!(length, json.len(), "{json}");
            let long = Source::of(json).value(One(TimeUnit::Seconds)).unwrap();
            assert_eq!(said(&short), said(&long), "{json}");
        }
    }

    #[test]
    fn what_is_unusual_or_wrong_is_left_alone() {
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
        /// However a segment is mangled: what is taken for one, the general way takes for the same.
        #[test]
        fn nothing_else_is_taken_for_a_segment(
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
                let mut source = Source::of(&mangled);
                let long = source.value(One(unit)).expect("it is JSON");
                prop_assert_eq!(said(&short), said(&long));
                prop_assert_eq!(length, mangled.len() - source.rest().len());
            }
        }
    }

    #[test]
    fn control_characters_are_found_wherever_they_are() {
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
