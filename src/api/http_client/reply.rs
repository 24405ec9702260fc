//! A successful reply, and excerpts of unexpected ones: on one line, without escape sequences, and with
//! the token redacted.

use std::fmt;
use std::ops::Range;

use crate::api::api_error::ApiError;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::text;
use crate::transcript::{TimeUnit, Transcript};

/// Maximum length of an excerpt, in characters.
pub(super) const MAX_EXCERPT: usize = 200;

/// A reply that says success.
pub struct Reply {
    pub(super) body: String,
    /// The range of `data` in the body; empty if there is none.
    pub(super) data: Range<usize>,
    pub(super) status: u16,
    pub(super) time_unit: TimeUnit,
    pub(super) token: Secret,
}

impl Reply {
    /// Parses the transcription in the reply, whatever its status.
    pub fn transcript(&self) -> Result<Transcript<'_>, ApiError> {
        let transcript = Transcript::parse(self.data()?, self.time_unit)
            .map_err(|error| self.unexpected_shape(&error))?;
        if transcript.status.is_none() {
            return Err(self.unexpected_shape(&"`status` is missing"));
        }
        Ok(transcript)
    }

    /// Returns a name from the reply as it may be shown.
    #[must_use]
    pub fn redacted_excerpt(&self, name: &str) -> String {
        redacted_excerpt(&self.token, name, 40)
    }

    pub(super) fn data(&self) -> Result<&str, ApiError> {
        match &self.body[self.data.clone()] {
            "" | "null" => Err(self.unexpected_shape(&"`data` is missing")),
            data => Ok(data),
        }
    }

    pub(super) fn unexpected_shape(&self, why: &dyn fmt::Display) -> ApiError {
        unexpected_shape(&self.token, why, &self.body, self.status)
    }
}

/// Returns the range of `part`, a slice of `whole`.
pub(super) fn range_of(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}

/// Returns the error for a reply that the API page does not describe.
pub(super) fn unexpected_shape(
    token: &Secret,
    why: &dyn fmt::Display,
    body: &str,
    status: u16,
) -> ApiError {
    let why = redacted_excerpt(token, &why.to_string(), MAX_EXCERPT);
    let message = format!(
        "the reply is not what the API describes ({why}): {}",
        body_excerpt(token, body)
    );
    let error = Error {
        http_status: Some(status),
        ..Error::new(ErrorKind::Api, message)
    };
    ApiError::permanent(error.with_hint("check base_url; --verbose shows each request"))
}

/// Returns the start of a body, or the title of a web page, as it may be shown.
pub(super) fn body_excerpt(token: &Secret, body: &str) -> String {
    let start = &body[..body.floor_char_boundary(64 * MAX_EXCERPT)];
    if let Some(title) = text::html_title(start) {
        return format!(
            "a web page titled \"{}\"",
            redacted_excerpt(token, title, MAX_EXCERPT)
        );
    }
    match redacted_excerpt(token, start, MAX_EXCERPT) {
        shown if shown.is_empty() => "the body is empty".to_owned(),
        shown => shown,
    }
}

/// Returns the start of untrusted text on one line, without escape sequences and with the token
/// redacted: before the cut, which could leave half of it, and after the cleaning, which could put one
/// together.
pub(super) fn redacted_excerpt(token: &Secret, foreign: &str, limit: usize) -> String {
    token.redact(&text::excerpt(&token.redact(foreign), limit))
}
