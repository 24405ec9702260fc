//! Maps videos to fixtures: any video number to the built-in samples, or the videos named in a
//! directory to its files. Everything is read at the start, so a broken file is found before the
//! first request, and no request ever names a file.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::fixture::{Fixture, FixtureError};
use crate::error::{Error, ErrorKind};
use crate::ids::TranscriptionType::{self, Audio, Video};

/// The video of the README: a short one that reads well.
const DEMO: &str = "mavi_video_demo";
const HARBOUR: &str = "harbour";
const WORKSHOP: &str = "workshop";

/// The samples that come with the program.
const SAMPLES: [(&str, TranscriptionType, &str); 6] = [
    (DEMO, Audio, include_str!("samples/demo.audio.json")),
    (DEMO, Video, include_str!("samples/demo.video.json")),
    (HARBOUR, Audio, include_str!("samples/harbour.audio.json")),
    (HARBOUR, Video, include_str!("samples/harbour.video.json")),
    (WORKSHOP, Audio, include_str!("samples/workshop.audio.json")),
    (WORKSHOP, Video, include_str!("samples/workshop.video.json")),
];

/// The results that the sandbox answers with.
#[derive(Debug)]
pub(super) struct Fixtures {
    by_video: HashMap<(String, TranscriptionType), Arc<Fixture>>,
    /// Gives every unknown video one of the samples.
    has_samples: bool,
}

impl Fixtures {
    /// Parses the samples.
    pub(super) fn built_in() -> Result<Self, Error> {
        let mut by_video = HashMap::new();
        for (name, kind, json) in SAMPLES {
            let fixture = Fixture::parse(json).map_err(|error| {
                let message = format!("a built-in sample is broken: {}", error.why);
                Error::new(ErrorKind::Internal, message)
            })?;
            by_video.insert((name.to_owned(), kind), Arc::new(fixture));
        }
        Ok(Self {
            by_video,
            has_samples: true,
        })
    }

    /// Reads the `<videoNo>.json`, `<videoNo>.audio.json` and `<videoNo>.video.json` files of a
    /// directory. The more specific name wins. Fails on a directory without any, and on the first
    /// file that is not in the API's shape, with its line and column.
    pub(super) fn directory(directory: &Path) -> Result<Self, Error> {
        let unreadable = |path: &Path, error| {
            Error::new(
                ErrorKind::Io,
                format!("could not read {}: {error}", path.display()),
            )
        };
        let mut specific = HashMap::new();
        let mut general = HashMap::new();
        for entry in fs::read_dir(directory).map_err(|error| unreadable(directory, error))? {
            let path = entry.map_err(|error| unreadable(directory, error))?.path();
            let Some(stem) = path
                .file_name()
                .and_then(|name| name.to_str())
                .filter(|name| !name.starts_with('.'))
                .and_then(|name| name.strip_suffix(".json"))
                .filter(|_| path.is_file())
            else {
                continue;
            };
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
            let fixture = Arc::new(parse_file(&path, &bytes)?);
            let typed = TranscriptionType::ALL.into_iter().find_map(|kind| {
                let video_no = stem.strip_suffix(kind.name())?.strip_suffix('.')?;
                Some((video_no.to_owned(), kind))
            });
            if let Some(key) = typed {
                specific.insert(key, fixture);
            } else {
                for kind in TranscriptionType::ALL {
                    general.insert((stem.to_owned(), kind), Arc::clone(&fixture));
                }
            }
        }
        general.extend(specific);
        if general.is_empty() {
            return Err(
                Error::usage(format!("{} holds no .json file", directory.display())).with_hint(
                    "name the files <VIDEO_NO>.json, <VIDEO_NO>.audio.json or <VIDEO_NO>.video.json",
                ),
            );
        }
        Ok(Self {
            by_video: general,
            has_samples: false,
        })
    }

    /// Returns the videos of the directory, sorted; `None` if any video has a result.
    pub(super) fn own_videos(&self) -> Option<BTreeSet<&str>> {
        let videos = self.by_video.keys().map(|(video_no, _)| video_no.as_str());
        (!self.has_samples).then(|| videos.collect())
    }

    /// Returns the result of this video; `None` if the video is unknown.
    pub(super) fn find(&self, video_no: &str, kind: TranscriptionType) -> Option<Arc<Fixture>> {
        let name = match stable_hash(video_no) % 3 {
            _ if !self.has_samples || video_no == DEMO => video_no,
            0 => DEMO,
            1 => HARBOUR,
            _ => WORKSHOP,
        };
        self.by_video.get(&(name.to_owned(), kind)).cloned()
    }
}

fn parse_file(path: &Path, bytes: &[u8]) -> Result<Fixture, Error> {
    std::str::from_utf8(bytes)
        .map_err(|error| not_utf8(bytes, error.valid_up_to()))
        .and_then(Fixture::parse)
        .map_err(|FixtureError { line, column, why }| {
            Error::usage(format!("{}:{line}:{column}: {why}", path.display())).with_hint(
                "a file holds a reply of the API, its `data` object, or a list of segments",
            )
        })
}

fn not_utf8(bytes: &[u8], at: usize) -> FixtureError {
    let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    FixtureError {
        line: before.matches('\n').count() + 1,
        column: last_line.len() + 1,
        why: "this is not UTF-8 text".to_owned(),
    }
}

/// Returns the FNV-1a hash: the same in every run and on every machine, which the standard library's
/// hasher does not promise.
fn stable_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::TaskPhase;
    use super::super::stats::TaskRecord;
    use super::*;

    fn segments(fixtures: &Fixtures, video_no: &str, kind: TranscriptionType) -> Vec<String> {
        let task = TaskRecord {
            task_no: "T".to_owned(),
            video_no: video_no.to_owned(),
            transcription_type: kind,
            fails: false,
        };
        let fixture = fixtures.find(video_no, kind).unwrap();
        let data = fixture.data(&task, TaskPhase::Ended);
        let data: serde_json::Value = serde_json::from_str(&data).unwrap();
        data["transcriptions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|segment| segment["content"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn samples_look_like_speech_and_descriptions() {
        let fixtures = Fixtures::built_in().unwrap();
        let mut seen = std::collections::HashSet::new();
        for video_no in ["mavi_video_demo", "V1", "V2", "V3", "V4", "V5", "V6", "V7"] {
            let (audio, video) = (
                segments(&fixtures, video_no, Audio),
                segments(&fixtures, video_no, Video),
            );
            assert!((10..=14).contains(&audio.len()), "{video_no}");
            assert!(!audio.concat().is_ascii());
            assert!((4..=6).contains(&video.len()), "{video_no}");
            assert!(
                video
                    .iter()
                    .all(|text| (200..=900).contains(&text.chars().count()))
            );
            seen.insert(audio.concat());
        }
        assert_eq!(seen.len(), 3, "the other videos share the samples out");
    }

    #[test]
    fn hash_is_the_same_on_every_machine() {
        assert_eq!(stable_hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(stable_hash("a"), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn directory_has_its_own_videos_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, content: &str| {
            let json = format!(r#"[{{"content":"{content}"}}]"#);
            fs::write(folder.path().join(name), json).unwrap();
        };
        put("V1.json", "both");
        put("V1.video.json", "seen");
        put("V2.audio.json", "said");
        fs::write(folder.path().join("notes.txt"), "not json").unwrap();
        fs::write(folder.path().join(".V3.json"), "not json").unwrap();
        let fixtures = Fixtures::directory(folder.path()).unwrap();
        assert_eq!(segments(&fixtures, "V1", Audio), ["both"]);
        assert_eq!(segments(&fixtures, "V1", Video), ["seen"]);
        assert_eq!(segments(&fixtures, "V2", Audio), ["said"]);
        let outside = format!(
            "../{}/V1",
            folder.path().file_name().unwrap().to_str().unwrap()
        );
        for (video_no, kind) in [
            ("V2", Video),
            ("V3", Audio),
            ("./V1", Audio),
            (&outside, Audio),
        ] {
            assert!(fixtures.find(video_no, kind).is_none(), "{video_no}");
        }
    }

    #[test]
    fn malformed_file_is_named_with_line_and_column() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("V.json");
        for (content, place) in [
            (&b"[\n  {\"id\" 0}\n]"[..], ":2:9: expected `:`"),
            (b"[\n\"\xc3\xa9\xff\"]", ":2:4: this is not UTF-8 text"),
            (b"", ":1:0: EOF"),
        ] {
            fs::write(&path, content).unwrap();
            let error = Fixtures::directory(folder.path()).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Usage);
            let expected = format!("{}{place}", path.display());
            assert!(error.message.starts_with(&expected), "{}", error.message);
        }
    }

    #[test]
    fn empty_or_missing_directory_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = Fixtures::directory(folder.path()).unwrap_err();
        assert!(error.message.ends_with("holds no .json file"));
        let error = Fixtures::directory(&folder.path().join("none")).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Io);
    }
}
