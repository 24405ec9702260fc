//! Parses the video IDs that commands take, and recognizes files, URLs and table rows in their
//! place.

use std::path::Path;

use crate::engine::command_line::CommandLine;
use crate::error::Error;
use crate::ids::VideoNo;
use crate::video_file::has_video_extension;

/// Parses a video ID. Fails with kind `usage` for what is something else: a file, a URL, or text with
/// spaces or commas.
pub(super) fn parse(text: &str) -> Result<VideoNo, Error> {
    parse_with(text, CommandLine::new(["mavi", "transcribe"]))
}

/// Parses a video ID as [`parse`] does; the hint for a file is this command with it.
pub(super) fn parse_with(text: &str, transcribe: CommandLine) -> Result<VideoNo, Error> {
    let video = VideoNo::new(text)?;
    let text = video.as_str();
    let error = |what: &str| Error::usage(format!("{text:?} is {what}"));
    if is_url(text) {
        Err(error("a URL, not a video ID").with_hint(url_advice()))
    } else if is_file(text) {
        Err(error("a file, not a video ID").with_hint(file_advice(text, transcribe)))
    } else if text.contains([',', ';', ' ']) {
        Err(error("not a video ID: it contains commas or spaces")
            .with_hint("give the IDs alone: one per argument, or one per line of stdin with -"))
    } else {
        Ok(video)
    }
}

/// Returns advice on a word in the place of a subcommand, if it is a file, a URL, or an ID.
pub(super) fn advice(word: &str) -> Option<String> {
    let is_uuid = word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
    if is_url(word) {
        Some(url_advice())
    } else if has_usual_form(word) {
        Some(format!(
            "to transcribe the video, run: mavi transcribe {word}"
        ))
    } else if is_uuid {
        Some(format!("to wait for the task, run: mavi wait {word}"))
    } else if is_file(word) {
        Some(file_advice(word, CommandLine::new(["mavi", "transcribe"])))
    } else {
        None
    }
}

/// Returns `true` for an ID of the form that the service gives to videos. Others are valid as well.
pub(super) fn has_usual_form(id: &str) -> bool {
    let digits = id.strip_prefix("mavi_video_");
    let digits = digits.or_else(|| id.strip_prefix("VI")).unwrap_or("");
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_url(text: &str) -> bool {
    text.contains("://")
}

/// Returns `true` for an existing file, and for a name with the extension of a video. The name of an
/// existing directory may be a video ID.
fn is_file(text: &str) -> bool {
    let path = Path::new(text);
    path.is_file() || has_video_extension(path)
}

fn file_advice(file: &str, transcribe: CommandLine) -> String {
    let command = transcribe.with_args([file]);
    format!("to upload and transcribe it, run: {command}")
}

/// Returns advice on a URL in the place of a video.
pub(super) fn url_advice() -> String {
    "the API takes no URLs: download the video, then run: mavi transcribe FILE".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_any_form_are_accepted() {
        for id in [
            "VI605961375402668032",
            "mavi_video_554046065381212160",
            "任务",
            "a.b/c?d",
            "1",
        ] {
            assert_eq!(parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn anything_else_is_rejected_with_a_hint() {
        for (text, what) in [
            ("talk.mp4", "a file, not a video ID"),
            ("clips/Talk.MOV", "a file, not a video ID"),
            ("Cargo.toml", "a file, not a video ID"),
            ("https://example.com/talk.mp4", "a URL, not a video ID"),
            ("V1,V2", "not a video ID: it contains commas or spaces"),
            ("bad name", "not a video ID: it contains commas or spaces"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.kind.exit().code(), 2, "{text}");
            assert_eq!(error.message, format!("{text:?} is {what}"));
            assert!(error.hint.is_some(), "{text}");
        }
    }

    #[test]
    fn advice_names_the_command_for_an_id() {
        let uuid = "5e1f1b5e-0d6b-4b7e-9d53-1f4f4fb2b1a4";
        for (word, command) in [
            (
                "VI605961375402668032",
                Some("mavi transcribe VI605961375402668032"),
            ),
            ("mavi_video_1", Some("mavi transcribe mavi_video_1")),
            (uuid, Some("mavi wait 5e1f1b5e-")),
            ("my talk.mp4", Some("mavi transcribe 'my talk.mp4'")),
            ("VIdeo", None),
            ("sumbit", None),
        ] {
            let advice = advice(word);
            match command {
                Some(command) => assert!(advice.unwrap().contains(command)),
                None => assert_eq!(advice, None, "{word}"),
            }
        }
    }
}
