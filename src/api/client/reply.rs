//! What a reply says, and how much of it is shown where it says something else: an excerpt on one
//! line, without escape sequences, and without the token if the service echoes that.

use std::fmt;
use std::ops::Range;

use crate::api::api_error::ApiError;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::text;
use crate::transcript::{TimeUnit, Transcript};

/// How much of a strange reply is shown.
pub(super) const EXCERPT: usize = 200;

/// A reply that says success. What it says is read by [`Reply::transcript`].
pub struct Reply {
    pub(super) body: String,
    /// Where `data` stands in the body.
    pub(super) data: Range<usize>,
    pub(super) status: u16,
    pub(super) time_unit: TimeUnit,
    pub(super) token: Secret,
}

impl Reply {
    /// The transcription in the reply, whatever its state.
    pub fn transcript(&self) -> Result<Transcript<'_>, ApiError> {
        let transcript = Transcript::parse(self.data()?, self.time_unit)
            .map_err(|error| self.undescribed(&error))?;
        if transcript.status.is_none() {
            return Err(self.undescribed(&"`status` is missing"));
        }
        Ok(transcript)
    }

    /// A name in the reply as it may be shown.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        shown(&self.token, name, 40)
    }

    pub(super) fn data(&self) -> Result<&str, ApiError> {
        match &self.body[self.data.clone()] {
            "" | "null" => Err(self.undescribed(&"`data` is missing")),
            data => Ok(data),
        }
    }

    pub(super) fn undescribed(&self, why: &dyn fmt::Display) -> ApiError {
        undescribed(&self.token, why, &self.body, self.status)
    }
}

/// Where `part`, a slice of `whole`, stands in it.
pub(super) fn place_in(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}

pub(super) fn undescribed(
    token: &Secret,
    why: &dyn fmt::Display,
    body: &str,
    status: u16,
) -> ApiError {
    let why = shown(token, &why.to_string(), EXCERPT);
    let message = format!(
        "the reply is not what the API describes ({why}): {}",
        body_shown(token, body)
    );
    let error = Error {
        http_status: Some(status),
        ..Error::new(ErrorKind::Api, message)
    };
    ApiError::permanent(error.with_hint("check base_url; --verbose shows each request"))
}

pub(super) fn body_shown(token: &Secret, body: &str) -> String {
    let start = &body[..body.floor_char_boundary(64 * EXCERPT)];
    if let Some(title) = text::html_title(start) {
        return format!("a web page titled \"{}\"", shown(token, title, EXCERPT));
    }
    match shown(token, start, EXCERPT) {
        shown if shown.is_empty() => "the body is empty".to_owned(),
        shown => shown,
    }
}

/// Foreign text as it may be shown: the start of it on one line, no escape sequences, and not the
/// token: redacted before the cut, which could leave half of it, and after the cleaning, which
/// could put one together.
pub(super) fn shown(token: &Secret, foreign: &str, limit: usize) -> String {
    token.redact(&text::excerpt(&token.redact(foreign), limit))
}
