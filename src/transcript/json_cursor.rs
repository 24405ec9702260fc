//! A cursor over JSON text. Every value is deserialized by `serde_json`; the punctuation between the items
//! of a list or an object is read here, so that an item can also be read in another way.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, Visitor};
use serde_json::error::Category;

/// The error of a text that is no transcription.
#[derive(Debug, thiserror::Error)]
#[error("{reason} at line {line} column {column}")]
pub struct ParseError {
    kind: ParseErrorKind,
    reason: String,
    line: usize,
    column: usize,
}

/// The class of a [`ParseError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// The text is not JSON.
    Syntax,
    /// The JSON is no transcription.
    Content,
    /// The JSON is an error reply of the API, with this code.
    Refusal(String),
}

impl ParseError {
    /// Returns the class.
    #[must_use]
    pub const fn kind(&self) -> &ParseErrorKind {
        &self.kind
    }

    /// Returns the error as one of this class.
    pub(super) fn of_kind(self, kind: ParseErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// Returns the line, counted from 1, and the number of its bytes read when the error was found.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    /// Returns the message without the position.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Adds that the error is in the segment at this position, counted from 1.
    pub(super) fn in_segment(self, position: usize) -> Self {
        Self {
            reason: format!("segment {position}: {}", self.reason),
            ..self
        }
    }
}

/// A text and the offset up to which it has been read.
#[derive(Debug)]
pub(super) struct JsonCursor<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> JsonCursor<'a> {
    pub(super) fn of(json: &'a str) -> Self {
        Self { json, at: 0 }
    }

    /// Returns the text not read yet.
    pub(super) fn rest(&self) -> &'a str {
        &self.json[self.at..]
    }

    /// Skips so many bytes of the rest.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Returns the text read since [`Self::rest`] returned `rest`.
    pub(super) fn read_since(&self, rest: &'a str) -> &'a str {
        &self.json[self.json.len() - rest.len()..self.at]
    }

    /// Returns the next byte that is no white space, without consuming it.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.json.as_bytes();
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Deserializes the next value with `seed`.
    pub(super) fn value<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, ParseError> {
        let mut deserializer = serde_json::Deserializer::from_str(self.rest());
        match seed.deserialize(&mut deserializer) {
            Ok(value) => {
                self.at += deserializer.into_iter::<IgnoredAny>().byte_offset();
                Ok(value)
            }
            Err(error) => Err(self.misread(&error)),
        }
    }

    /// Reads the next key of an object and the colon after it.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>, ParseError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("key must be a string"));
        }
        let key = self.value(std::marker::PhantomData)?;
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.unexpected("expected `:`")),
            None => return Err(self.unexpected("EOF while parsing an object")),
        }
        Ok(key)
    }

    /// Returns `true` if another item follows in the list or the object that `end` closes. If not, `end`
    /// is consumed.
    pub(super) fn has_another(&mut self, end: u8, is_first: bool) -> Result<bool, ParseError> {
        let (cut_short, end_or_comma) = match end {
            b']' => ("EOF while parsing a list", "expected `,` or `]`"),
            _ => ("EOF while parsing an object", "expected `,` or `}`"),
        };
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.at += 1;
                match self.peek() {
                    Some(byte) if byte == end => Err(self.unexpected("trailing comma")),
                    Some(_) => Ok(true),
                    None => Err(self.unexpected(cut_short)),
                }
            }
            Some(_) => Err(self.unexpected(end_or_comma)),
            None => Err(self.unexpected(cut_short)),
        }
    }

    /// Checks that nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<(), ParseError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("trailing characters")),
        }
    }

    /// Returns the error that the next value is not what was `expected`.
    pub(super) fn not(&mut self, expected: &'static str) -> ParseError {
        match self.value(NoValue(expected)) {
            Err(error) => error,
            Ok(never) => match never {},
        }
    }

    /// Returns the error that the value read last is wrong.
    pub(super) fn wrong(&self, reason: impl fmt::Display) -> ParseError {
        self.error(reason.to_string(), self.at)
            .of_kind(ParseErrorKind::Content)
    }

    /// Returns the error that the next byte is wrong.
    fn unexpected(&self, reason: &str) -> ParseError {
        self.error(reason.to_owned(), self.json.len().min(self.at + 1))
    }

    fn error(&self, reason: String, at: usize) -> ParseError {
        let before = &self.json.as_bytes()[..at];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        ParseError {
            kind: ParseErrorKind::Syntax,
            reason,
            line: memchr::memchr_iter(b'\n', before).count() + 1,
            column: at - line_start,
        }
    }

    /// Converts an error of `serde_json`, whose position is relative to the rest.
    fn misread(&self, error: &serde_json::Error) -> ParseError {
        let text = error.to_string();
        let reason = text
            .rsplit_once(" at line ")
            .map_or(&*text, |(reason, _)| reason);
        let kind = match error.classify() {
            Category::Data => ParseErrorKind::Content,
            Category::Io | Category::Syntax | Category::Eof => ParseErrorKind::Syntax,
        };
        let here = self.error(reason.to_owned(), self.at).of_kind(kind);
        match error.line() {
            0 => here,
            1 => ParseError {
                column: here.column + error.column(),
                ..here
            },
            line => ParseError {
                line: here.line + line - 1,
                column: error.column(),
                ..here
            },
        }
    }
}

/// Deserializes no value, for its error.
struct NoValue(&'static str);

/// The type without values.
enum Never {}

impl<'a> DeserializeSeed<'a> for NoValue {
    type Value = Never;

    fn deserialize<D: serde::Deserializer<'a>>(self, source: D) -> Result<Never, D::Error> {
        source.deserialize_any(self)
    }
}

impl Visitor<'_> for NoValue {
    type Value = Never;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
