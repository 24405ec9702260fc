//! The names that the API gives to things: videos, tasks, and the two types of transcription.
//! Their shape is the service's business; they are only kept free of what no name can hold.

use std::fmt;

use crate::error::Error;
use crate::names::named;

/// A video's number, such as `mavi_video_554046065381212160`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VideoNo(String);

/// The number of a transcription task.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskNo(String);

impl VideoNo {
    /// The number in `text`: anything but the empty text and control characters.
    pub fn new(text: &str) -> Result<Self, Error> {
        checked(text, "video").map(Self)
    }

    /// The number as the service knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TaskNo {
    /// The number in `text`: anything but the empty text and control characters.
    pub fn new(text: &str) -> Result<Self, Error> {
        checked(text, "task").map(Self)
    }

    /// The number as the service knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn checked(text: &str, what: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::usage(format!("a {what} number is empty"))
            .with_hint("is the variable that holds it set?"));
    }
    if text.chars().any(char::is_control) {
        let message = format!("the {what} number {text:?} holds control characters");
        return Err(Error::usage(message).with_hint("give the numbers alone, one a line"));
    }
    Ok(text.to_owned())
}

impl fmt::Display for VideoNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for TaskNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is transcribed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TranscriptionType {
    /// What is said.
    #[default]
    Audio,
    /// What is seen.
    Video,
}

named!(TranscriptionType {
    Audio => "audio",
    Video => "video",
});

impl TranscriptionType {
    /// The name on the wire: upper case.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::Audio => "AUDIO",
            Self::Video => "VIDEO",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_shape_but_nothing_and_control_characters() {
        assert_eq!(
            VideoNo::new(" VI605961375402668032\r").unwrap().as_str(),
            "VI605961375402668032"
        );
        assert_eq!(TaskNo::new("任务 1/2").unwrap().as_str(), "任务 1/2");
        for bad in ["", "  ", "a\u{1b}b", "a\tb", "a\u{85}b"] {
            assert!(TaskNo::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_read_in_either_case() {
        assert_eq!(
            TranscriptionType::from_name("AUDIO"),
            Some(TranscriptionType::Audio)
        );
        assert_eq!(
            TranscriptionType::from_name("video"),
            Some(TranscriptionType::Video)
        );
        assert_eq!(TranscriptionType::from_name("text"), None);
    }
}
