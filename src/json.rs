//! Parses JSON objects. A struct that derives `Deserialize` also takes a list, whose items become its
//! fields by position; no reply, callback or file means that, so every struct is parsed by this room.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::de::{Read, SliceRead, StrRead};
use serde_json::value::RawValue;

/// Parses an object; anything else is an error that says so.
pub fn object<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, serde_json::Error> {
    parse(StrRead::new(json))
}

/// Parses an object in bytes; anything else is an error that says so.
pub fn object_in_bytes<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, serde_json::Error> {
    parse(SliceRead::new(json))
}

fn parse<'a, T: Deserialize<'a>>(source: impl Read<'a>) -> Result<T, serde_json::Error> {
    let mut source = serde_json::Deserializer::new(source);
    let value = T::deserialize(ObjectDeserializer(&mut source))?;
    source.end()?;
    Ok(value)
}

/// Calls `visit` for each member of the object that `json` starts with, as far as it is JSON: neither its
/// end is needed, nor is anything wrong with what follows. Keys may occur repeatedly.
pub fn for_each_member<'a>(json: &'a str, visit: impl FnMut(&str, &'a RawValue)) {
    let mut source = serde_json::Deserializer::from_str(json);
    // An error is where the object ends.
    let _ = source.deserialize_map(MemberVisitor(visit));
}

/// Returns a string, or a number as its digits; `None` for anything else.
#[must_use]
pub fn text(json: &RawValue) -> Option<Cow<'_, str>> {
    match json.get().as_bytes() {
        [b'"', ..] => serde_json::from_str(json.get()).map(Cow::Owned).ok(),
        [b'-' | b'0'..=b'9', ..] => Some(Cow::Borrowed(json.get())),
        _ => None,
    }
}

/// Deserializes a string, or a number as its digits.
pub fn text_or_number<'de, D: Deserializer<'de>>(source: D) -> Result<Cow<'de, str>, D::Error> {
    let json = <&RawValue>::deserialize(source)?;
    text(json).ok_or_else(|| D::Error::custom("neither a text nor a number"))
}

/// Deserializes nothing but an object.
struct ObjectDeserializer<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectDeserializer<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(ObjectVisitor(visitor, PhantomData))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Visits an object, which it calls by that name in errors.
struct ObjectVisitor<'de, V>(V, PhantomData<&'de ()>);

impl<'de, V: Visitor<'de>> Visitor<'de> for ObjectVisitor<'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(map)
    }
}

/// Visits the members of an object.
struct MemberVisitor<F>(F);

impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for MemberVisitor<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'_, str>, &RawValue>()? {
            (self.0)(&name, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Pair {
        one: u8,
        two: Option<u8>,
    }

    #[test]
    fn object_is_parsed_and_anything_else_refused_by_its_name() {
        let json = r#" {"two":2,"one":1,"more":[{}]} "#;
        let expected = Pair {
            one: 1,
            two: Some(2),
        };
        assert_eq!(object::<Pair>(json).unwrap(), expected);
        assert_eq!(object_in_bytes::<Pair>(json.as_bytes()).unwrap(), expected);
        for (json, message) in [
            ("[1,2]", "invalid type: sequence, expected an object"),
            ("[]", "invalid type: sequence, expected an object"),
            (
                r#""1""#,
                r#"invalid type: string "1", expected an object at line 1 column 3"#,
            ),
            ("null", "invalid type: null, expected an object"),
            ("{}", "missing field `one`"),
            (r#"{"one":1}x"#, "trailing characters"),
            ("", "EOF while parsing a value"),
        ] {
            let error = object::<Pair>(json).unwrap_err().to_string();
            assert!(error.starts_with(message), "{json}: {error}");
            let error = object_in_bytes::<Pair>(json.as_bytes()).unwrap_err();
            assert!(error.to_string().starts_with(message), "{json}: {error}");
        }
        let error = object::<HashMap<String, u8>>("[]").unwrap_err().to_string();
        assert!(error.contains("expected an object"), "{error}");
    }

    #[test]
    fn members_are_visited_as_far_as_there_are_any() {
        let members = |json| {
            let mut members = Vec::new();
            for_each_member(json, |name, value| members.push(format!("{name}={value}")));
            members.join(" ")
        };
        for (json, expected) in [
            (
                r#"{"a":{"b":1},"a":[2],"c":null}"#,
                r#"a={"b":1} a=[2] c=null"#,
            ),
            (r#" {"a":1}} trailing"#, "a=1"),
            (r#"{"a":1,"#, "a=1"),
            (r#"{"a":{"b":1},"c":{"d"#, r#"a={"b":1}"#),
            (r#"{"a":1 "b":2}"#, "a=1"),
            (r#"{"a":{"b":1"#, ""),
            (r#"[{"a":1}]"#, ""),
            (r#""a""#, ""),
            ("", ""),
        ] {
            assert_eq!(members(json), expected, "{json}");
        }
    }
}
