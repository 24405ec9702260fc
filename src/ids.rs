//! The IDs that the API assigns to videos and tasks, and the two types of transcription. Nothing is
//! assumed about the form of an ID, except that it is not empty and has no control characters.

use std::fmt;

use crate::error::Error;
use crate::names::named;

/// Declares an ID of the service: any text but the empty one, without control characters.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Parses an ID; spaces around it are removed. Fails with kind `usage` if it is empty or
            /// contains control characters.
            pub fn new(text: &str) -> Result<Self, Error> {
                checked(text, $what).map(Self)
            }

            /// Returns the ID as the service knows it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// The ID of a video (`videoNo`), such as `mavi_video_554046065381212160`.
    VideoNo,
    "video"
);
id!(
    /// The ID of a transcription task (`taskNo`).
    TaskNo,
    "task"
);

fn checked(text: &str, what: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::usage(format!("a {what} ID is empty"))
            .with_hint("is the variable that holds it set?"));
    }
    if text.chars().any(char::is_control) {
        let message = format!("the {what} ID {text:?} contains control characters");
        return Err(Error::usage(message).with_hint("give the IDs alone, one per line"));
    }
    Ok(text.to_owned())
}

/// The part of a video that is transcribed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TranscriptionType {
    /// The speech.
    #[default]
    Audio,
    /// The picture, described in words.
    Video,
}

named!(TranscriptionType {
    Audio => "audio",
    Video => "video",
});

impl TranscriptionType {
    /// Returns the name in requests and replies, in upper case.
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
    fn ids_of_any_form_but_empty_or_control_characters() {
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
    fn type_names_are_read_in_either_case() {
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
