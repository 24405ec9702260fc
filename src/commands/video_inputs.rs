//! Parses the files and video IDs that `mavi transcribe` and `mavi upload` take. Files are looked at
//! before anything is sent.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::command_line::CommandLine;
use crate::engine::plan::VideoSource;
use crate::error::Error;
use crate::files;
use crate::ids::VideoNo;
use crate::video_file::{VideoFile, has_other_extension, has_video_extension};

use super::video_ids::{self, is_url, url_advice};
use super::{Context, input_list};

/// A file by its path, or a video: given twice, it counts once. A link is not the file that it leads to,
/// since its results have names of their own.
#[derive(PartialEq, Eq, Hash)]
enum InputKey {
    File(PathBuf),
    Video(VideoNo),
}

/// Reads files and video IDs.
pub(super) fn read(context: &Context, arguments: &[OsString]) -> anyhow::Result<Vec<VideoSource>> {
    let key = |input: &VideoSource| match input {
        VideoSource::File(file) => InputKey::File(full_path(file)),
        VideoSource::Video(video) => InputKey::Video(video.clone()),
    };
    let command = context.service_command(["transcribe"]);
    let parse = |text: &OsStr| parse(text, &command);
    input_list::read_paths(context, "files or IDs", arguments, parse, key)
}

/// Reads files; `name` is the name of the only one at the service, and `reuse` says that the record is used.
pub(super) fn read_files(
    context: &Context,
    arguments: &[OsString],
    name: Option<&str>,
    reuse: bool,
) -> anyhow::Result<Vec<Arc<VideoFile>>> {
    let command = context.service_command(["upload"]);
    let parse = |text: &OsStr| file(text, name, &command).map(Arc::new);
    // Without the record, a link to a file would be uploaded and paid for again.
    let key = if reuse { full_path } else { real_path };
    let key = |file: &Arc<VideoFile>| key(file);
    let files = input_list::read_paths(context, "files", arguments, parse, key)?;
    if name.is_some() && files.len() > 1 {
        let error = Error::usage("--name is the name of one video, and several files were given");
        return Err(error
            .with_hint("upload each file with a command of its own")
            .into());
    }
    Ok(files)
}

fn parse(text: &OsStr, command: &CommandLine) -> Result<VideoSource, Error> {
    let as_file = || {
        let file = file(text, None, command);
        file.map(Arc::new).map(VideoSource::File)
    };
    if is_file(text) {
        return as_file();
    }
    let Some(id) = text.to_str() else {
        let error = Error::usage(format!("there is no file {}", text.display()));
        return Err(error);
    };
    if Path::new(id).is_dir() && !video_ids::has_usual_form(id) {
        return as_file();
    }
    video_ids::parse(id).map(VideoSource::Video)
}

/// Returns `true` for a name that exists as a file, contains a path separator, or ends in the extension
/// of a video or another common kind of file. The name of an existing directory may be a video ID.
fn is_file(text: &OsStr) -> bool {
    let path = Path::new(text);
    let has_separator = text.to_string_lossy().contains(std::path::is_separator);
    let has_extension = has_video_extension(path) || has_other_extension(path);
    // A broken link exists, too.
    has_separator || has_extension || (path.symlink_metadata().is_ok() && !path.is_dir())
}

/// Looks at a file; `command` is the one that takes it, for the hint.
fn file(text: &OsStr, name: Option<&str>, command: &CommandLine) -> Result<VideoFile, Error> {
    let shown = text.to_string_lossy();
    if is_url(&shown) {
        return Err(Error::usage(format!("{shown:?} is a URL, not a file")).with_hint(url_advice()));
    }
    let path = Path::new(text);
    VideoFile::look(path, name).map_err(|error| {
        if path.is_dir() {
            let directory =
                (command.clone()).with_args([shown.trim_end_matches(std::path::is_separator)]);
            error.with_hint(format!("name the files in it: {directory}/*.mp4"))
        } else {
            error
        }
    })
}

fn real_path(file: &VideoFile) -> PathBuf {
    file.path
        .canonicalize()
        .unwrap_or_else(|_| file.path.clone())
}

/// Returns the path with its real directory, by the name that was given.
fn full_path(file: &VideoFile) -> PathBuf {
    let directory = files::parent_dir(&file.path).canonicalize();
    match (directory, file.path.file_name()) {
        (Ok(directory), Some(name)) => directory.join(name),
        _ => file.path.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_told_from_video_id() {
        for (text, expected) in [
            ("talk.mp4", true),
            ("Talk.MKV", true),
            ("clips/talk", true),
            ("./VI1", true),
            ("Cargo.toml", true),
            ("/dev/null", true),
            ("src", false),
            ("VI605961375402668032", false),
            ("mavi_video_1", false),
            ("lecture-1", false),
            ("talk.srt", true),
            ("talk.MP3", true),
            ("talk.v2", false),
        ] {
            assert_eq!(is_file(OsStr::new(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_is_neither_file_nor_id_is_rejected() {
        for (text, message) in [
            (
                "https://x.example/talk.mp4",
                "\"https://x.example/talk.mp4\" is a URL, not a file",
            ),
            ("no/such.mp4", "there is no file no/such.mp4"),
            ("talk.mp3", "there is no file talk.mp3"),
            ("README.md", "README.md is not a video"),
            ("src", "src is a directory"),
            #[cfg(unix)]
            ("/dev/null", "/dev/null is not a regular file"),
            (
                "V1,V2",
                "\"V1,V2\" is not a video ID: it contains commas or spaces",
            ),
        ] {
            let error = parse(OsStr::new(text), &CommandLine::default()).unwrap_err();
            assert_eq!(error.message, message);
            assert_eq!(error.kind.exit().code(), 2, "{text}");
        }
    }
}
