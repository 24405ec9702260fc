//! Video files on disk: the arguments that name one, and the state in which a file was found, by which
//! a change on the way is noticed.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ring::digest::{Context, SHA256};

use crate::error::{Error, ErrorKind};
use crate::text;

/// File name extensions of videos, with the media type that is sent with each. Source: the registry of
/// media types (IANA), and the names that browsers use for those that are not registered.
const TYPES: [(&str, &str); 14] = [
    ("3gp", "video/3gpp"),
    ("avi", "video/x-msvideo"),
    ("flv", "video/x-flv"),
    ("m2ts", "video/mp2t"),
    ("m4v", "video/mp4"),
    ("mkv", "video/x-matroska"),
    ("mov", "video/quicktime"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("ogv", "video/ogg"),
    ("ts", "video/mp2t"),
    ("webm", "video/webm"),
    ("wmv", "video/x-ms-wmv"),
];

/// File name extensions of what certainly is no video, and often lies beside one.
const OTHER_EXTENSIONS: [&str; 47] = [
    "aac", "aif", "aiff", "ass", "bmp", "bz2", "css", "csv", "doc", "docx", "flac", "gif", "gz",
    "heic", "htm", "html", "jpeg", "jpg", "js", "json", "jsonl", "log", "m4a", "md", "mp3", "oga",
    "ogg", "opus", "pdf", "png", "rtf", "sbv", "sh", "srt", "ssa", "svg", "tar", "tif", "tiff",
    "tsv", "ttml", "txt", "vtt", "wav", "webp", "wma", "zip",
];

/// Bytes that are read and hashed at a time.
pub const READ_SIZE: usize = 256 * 1024;

/// A video file, as it was when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoFile {
    /// The path, as it was given.
    pub path: PathBuf,
    /// The name under which the service is to know the video: with its extension, on one line.
    pub name: String,
    /// The length in bytes, at least 1.
    pub size: u64,
    /// The time of its last change, where the file system tells it.
    pub modified: Option<Timestamp>,
}

impl VideoFile {
    /// Looks at a file; `name` replaces its own. Fails with kind `usage` if there is none, or if it is
    /// no regular file, empty, or no video by its extension, and with kind `io` if it cannot be looked
    /// at.
    pub fn look(path: &Path, name: Option<&str>) -> Result<Self, Error> {
        let shown = path.display();
        let found = std::fs::metadata(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Error::usage(format!("there is no file {shown}"))
            }
            _ if is_link_loop(&error) => {
                Error::usage(format!("{shown} is a symbolic link that leads to no file"))
            }
            _ => not_readable(path, &error),
        })?;
        if found.is_dir() {
            return Err(Error::usage(format!("{shown} is a directory")));
        }
        if !found.is_file() {
            let hint = "save the video to a file first: its size has to be known beforehand";
            return Err(Error::usage(format!("{shown} is not a regular file")).with_hint(hint));
        }
        if found.len() == 0 {
            return Err(Error::usage(format!("{shown} is empty")));
        }
        if has_other_extension(path) {
            let hint = "the API takes videos: name those alone, such as *.mp4";
            return Err(Error::usage(format!("{shown} is not a video")).with_hint(hint));
        }
        let own = path.file_name().unwrap_or(path.as_os_str());
        Ok(Self {
            path: path.to_owned(),
            name: one_line(name.unwrap_or(&own.to_string_lossy())),
            size: found.len(),
            modified: modified(&found),
        })
    }

    /// Opens the file. Fails with kind `io` if it has changed since it was looked at.
    pub fn open(&self) -> Result<File, Error> {
        let file = File::open(&self.path).map_err(|error| not_readable(&self.path, &error))?;
        self.check(&file)?;
        Ok(file)
    }

    /// Fails with kind `io` if the file has changed since it was looked at, or is another one now.
    pub fn check(&self, file: &File) -> Result<(), Error> {
        // A file that was removed or replaced is unchanged for whoever has it open.
        for found in [file.metadata(), std::fs::metadata(&self.path)] {
            let found = found.map_err(|error| not_readable(&self.path, &error))?;
            if found.len() != self.size || modified(&found) != self.modified {
                return Err(self.changed());
            }
        }
        Ok(())
    }

    /// Returns the error for a file that has changed since it was looked at.
    #[must_use]
    pub fn changed(&self) -> Error {
        let message = format!("{} changed while it was read", self.path.display());
        Error::new(ErrorKind::Io, message)
            .with_hint("run the command again once nothing writes to the file")
    }

    /// Returns the error for a file that could not be read.
    #[must_use]
    pub fn not_readable(&self, error: &io::Error) -> Error {
        not_readable(&self.path, error)
    }

    /// Returns the SHA-256 of the content, in lower-case hexadecimal digits. `on_read` is told the
    /// number of bytes read so far. Fails with kind `io` if the file cannot be read or changes.
    pub fn sha256(&self, mut on_read: impl FnMut(u64)) -> Result<String, Error> {
        let mut file = self.open()?;
        let (mut hash, mut buffer, mut done) = (Context::new(&SHA256), vec![0; READ_SIZE], 0);
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(not_readable(&self.path, &error)),
            };
            hash.update(&buffer[..read]);
            done += read as u64;
            on_read(done);
        }
        self.check(&file)?;
        Ok(hex(hash))
    }

    /// Returns the media type to send: that of the extension, or of MP4 where it is not known.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        let name = Path::new(&self.name);
        extension_type(name)
            .or_else(|| extension_type(&self.path))
            .unwrap_or("video/mp4")
    }

    /// Returns the name of the file without its extension, for `{stem}`.
    #[must_use]
    pub fn stem(&self) -> String {
        let stem = self.path.file_stem().unwrap_or(self.path.as_os_str());
        stem.to_string_lossy().into_owned()
    }
}

/// Returns a finished hash in hexadecimal digits.
#[must_use]
pub fn hex(hash: Context) -> String {
    text::hex(hash.finish().as_ref())
}

/// Returns `true` if the name has the extension of a video.
#[must_use]
pub fn has_video_extension(name: &Path) -> bool {
    extension_type(name).is_some()
}

/// Returns `true` if the name has the extension of something that certainly is no video.
#[must_use]
pub fn has_other_extension(name: &Path) -> bool {
    let extension = name.extension().and_then(OsStr::to_str);
    extension.is_some_and(|extension| {
        let mut known = OTHER_EXTENSIONS.iter();
        known.any(|known| known.eq_ignore_ascii_case(extension))
    })
}

fn extension_type(name: &Path) -> Option<&'static str> {
    let extension = name.extension()?.to_str()?;
    let mut known = TYPES.iter();
    let (_, media_type) = known.find(|(known, _)| known.eq_ignore_ascii_case(extension))?;
    Some(media_type)
}

fn modified(found: &Metadata) -> Option<Timestamp> {
    Timestamp::try_from(found.modified().ok()?).ok()
}

/// Returns the text with `_` in place of control characters: it becomes a field of a header.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, "_")
}

#[cfg(unix)]
fn is_link_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_link_loop(_: &io::Error) -> bool {
    false
}

fn not_readable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Io,
        format!("could not read {}: {error}", path.display()),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn look_rejects_what_cannot_be_uploaded() {
        let directory = tempfile::tempdir().unwrap();
        let empty = directory.path().join("empty.mp4");
        fs::write(&empty, "").unwrap();
        for path in [
            &*empty,
            directory.path(),
            #[cfg(unix)]
            Path::new("/dev/null"),
            Path::new("no/such.mp4"),
        ] {
            let error = VideoFile::look(path, None).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Usage, "{error}");
        }
    }

    #[test]
    fn sha256_is_that_of_the_content() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.mp4");
        fs::write(&path, "abc").unwrap();
        let file = VideoFile::look(&path, None).unwrap();
        let mut read = 0;
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(file.sha256(|bytes| read = bytes).unwrap(), expected);
        assert_eq!(read, 3);
        fs::write(&path, "abcd").unwrap();
        assert_eq!(file.sha256(|_| ()), Err(file.changed()));
    }

    #[test]
    fn names_are_on_one_line_and_types_follow_the_extension() {
        let directory = tempfile::tempdir().unwrap();
        for (name, sent, media_type) in [
            ("t\u{e4}lk.MOV", "t\u{e4}lk.MOV", "video/quicktime"),
            #[cfg(unix)]
            ("a\r\n\"b\".webm", "a__\"b\".webm", "video/webm"),
            ("no extension", "no extension", "video/mp4"),
        ] {
            let path = directory.path().join(name);
            fs::write(&path, "x").unwrap();
            let file = VideoFile::look(&path, None).unwrap();
            assert_eq!((&*file.name, file.media_type()), (sent, media_type));
        }
        let path = directory.path().join("no extension");
        let named = VideoFile::look(&path, Some("x\ny.mkv")).unwrap();
        assert_eq!(
            (&*named.name, named.media_type()),
            ("x_y.mkv", "video/x-matroska")
        );
        assert_eq!(named.stem(), "no extension");
    }
}
