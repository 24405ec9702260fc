//! Uploads: their statuses, and the look-up of a file's content.

use std::path::Path;

use super::*;
use crate::video_file::VideoFile;

pub(super) const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

pub(super) fn file(path: &str) -> VideoFile {
    VideoFile {
        path: path.into(),
        name: Path::new(path)
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into(),
        size: 3,
        modified: Some("2026-11-22T16:38:00.123456789Z".parse().unwrap()),
    }
}

pub(super) fn attempt(path: &str) -> UploadAttempt {
    UploadAttempt::new(HERE, &file(path), Some(HASH))
}

/// Begins to upload the content under this name, with `--reuse`, in a process that dies right after.
pub(super) fn begin(journal: &Journal, path: &str) -> BeginUpload {
    journal.begin_upload(&mut attempt(path), true).unwrap()
}

/// Records an upload and its answer.
pub(super) fn upload(journal: &Journal, path: &str, video_no: &str) {
    let mut attempt = attempt(path);
    journal.begin_upload(&mut attempt, false).unwrap();
    journal.upload_sent(&attempt).unwrap();
    journal.uploaded(&attempt, &video(video_no), None).unwrap();
}

/// Records an upload that was sent whole by a process that died before the answer.
pub(super) fn lose(journal: &Journal, path: &str) {
    let mut attempt = attempt(path);
    journal.begin_upload(&mut attempt, false).unwrap();
    journal.upload_sent(&attempt).unwrap();
}

/// Returns `video:status` of the upload that would be reused, both for those who only look and for those
/// who begin.
pub(super) fn found(journal: &Journal) -> String {
    let uploads = journal.uploads().unwrap();
    let found = uploads.find("https://mavi.example/", &file("/other/name.mp4"), HASH);
    let begin = begin(&Journal::new(journal.store.directory()), "/other/name.mp4");
    match (&begin, found) {
        (BeginUpload::Existing(existing), Some(found)) => {
            assert_eq!(existing, found);
            assert!(uploads.has_size(HERE, 3));
            format!("{}:{:?}", found.video_no.as_ref().unwrap(), found.status)
        }
        (BeginUpload::Unknown(existing), Some(found)) => {
            assert_eq!(existing, found);
            assert!(uploads.has_size(HERE, 3));
            assert_eq!(
                (&found.video_no, found.status),
                (&None, UploadStatus::Unknown)
            );
            "unknown".to_owned()
        }
        (BeginUpload::InProgress, None) => "under way".to_owned(),
        (BeginUpload::Proceed, None) => "none".to_owned(),
        other => panic!("{other:?}"),
    }
}

#[cfg(unix)]
#[test]
fn upload_is_tracked_from_its_beginning_to_the_parse() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    assert_eq!(found(&journal), "none");
    let mut attempt =
        UploadAttempt::new("https://mavi.example/", &file("/talks/a.mp4"), Some(HASH));
    assert_eq!(
        journal.begin_upload(&mut attempt, true),
        Ok(BeginUpload::Proceed)
    );
    assert_eq!(found(&journal), "under way");
    journal.upload_sent(&attempt).unwrap();
    assert_eq!(found(&journal), "under way");
    journal
        .uploaded(&attempt, &video("V1"), Some(HASH))
        .unwrap();
    assert_eq!(found(&journal), "V1:Uploaded");
    drop(attempt);
    journal
        .parsed("https://mavi.example/", &video("V1"), true)
        .unwrap();
    assert_eq!(found(&journal), "V1:Parsed");

    let uploads = journal.uploads().unwrap();
    let upload = uploads
        .video("https://mavi.example/", &video("V1"))
        .unwrap();
    assert_eq!(upload.path, Path::new("/talks/a.mp4"));
    assert_eq!((&*upload.name, upload.size), ("a.mp4", 3));
    assert_eq!(upload.modified, file("/talks/a.mp4").modified);
    assert_eq!(upload.sha256.as_deref(), Some(HASH));
    assert!(upload.uploaded_at.unwrap() >= upload.started_at);
    assert_eq!(&*upload.base_url, HERE);

    let tasks = journal.tasks().unwrap();
    assert_eq!((tasks.as_slice().len(), tasks.unreadable()), (0, 0));
    assert_eq!(tasks.newest(HERE), None);
}

#[test]
fn upload_of_other_content_or_service_is_not_reused() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    upload(&journal, "/talks/a.mp4", "V1");
    let other = HASH.replace('a', "b");
    let uploads = journal.uploads().unwrap();
    // Same path, size and time: the hash decides.
    assert!(uploads.find(HERE, &file("/talks/a.mp4"), &other).is_none());
    assert!(
        uploads
            .find("http://x", &file("/talks/a.mp4"), HASH)
            .is_none()
    );
    assert!(!uploads.has_size("http://x", 3) && !uploads.has_size(HERE, 4));
    assert!(uploads.video("http://x", &video("V1")).is_none());
    for mut attempt in [
        UploadAttempt::new("http://x", &file("/talks/a.mp4"), Some(HASH)),
        UploadAttempt::new(HERE, &file("/talks/a.mp4"), Some(&other)),
    ] {
        let begin = journal.begin_upload(&mut attempt, true).unwrap();
        assert_eq!(begin, BeginUpload::Proceed);
    }
}

#[test]
fn killed_upload_counts_only_if_it_was_sent_whole() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    for _ in 0..2 {
        assert_eq!(begin(&journal, "/a.mp4"), BeginUpload::Proceed);
    }
    assert_eq!(found(&journal), "none");
    assert!(!journal.uploads().unwrap().has_size(HERE, 3));
    lose(&journal, "/a.mp4");
    assert_eq!(found(&journal), "unknown");
    assert!(matches!(begin(&journal, "/a.mp4"), BeginUpload::Unknown(_)));
}

#[test]
fn rejected_upload_does_not_count_and_may_begin_again() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut retried = attempt("/a.mp4");
    for _ in 0..2 {
        assert_eq!(
            journal.begin_upload(&mut retried, true),
            Ok(BeginUpload::Proceed)
        );
        journal.upload_sent(&retried).unwrap();
        assert_eq!(found(&journal), "under way");
        journal.upload_rejected(&retried).unwrap();
        assert_eq!(begin(&journal, "/b.mp4"), BeginUpload::Proceed);
    }
    // Where it was not rejected either: an attempt does not stand in its own way.
    journal.begin_upload(&mut retried, true).unwrap();
    assert_eq!(
        journal.begin_upload(&mut retried, true),
        Ok(BeginUpload::Proceed)
    );
}

#[test]
fn found_video_resolves_unknown_upload() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut lost = attempt("/a.mp4");
    journal.begin_upload(&mut lost, true).unwrap();
    journal.upload_sent(&lost).unwrap();
    lost.lock = None;
    let BeginUpload::Unknown(unknown) = begin(&journal, "/a.mp4") else {
        panic!("the upload is not unknown")
    };
    journal.resolve_upload(&unknown, &video("V1")).unwrap();
    assert_eq!(found(&journal), "V1:Uploaded");
    journal.parsed(HERE, &video("V1"), true).unwrap();
    // Its process is alive after all, and receives its answer, or gives up.
    journal.uploaded(&lost, &video("V1"), Some(HASH)).unwrap();
    journal.upload_rejected(&lost).unwrap();
    assert_eq!(found(&journal), "V1:Parsed");
    // Or the answer says that another video is the right one.
    journal.uploaded(&lost, &video("V2"), Some(HASH)).unwrap();
    assert_eq!(found(&journal), "V2:Uploaded");
    let uploads = journal.uploads().unwrap();
    assert!(uploads.video(HERE, &video("V1")).is_none());
}

#[test]
fn good_video_is_preferred_to_newer_failures() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let parsed = |video_no, is_parsed| journal.parsed(HERE, &video(video_no), is_parsed).unwrap();
    upload(&journal, "/a.mp4", "V1");
    parsed("V1", false);
    assert_eq!(found(&journal), "V1:ParseFailed");
    lose(&journal, "/a.mp4");
    assert_eq!(found(&journal), "unknown");
    upload(&journal, "/a.mp4", "V2");
    upload(&journal, "/a.mp4", "V3");
    parsed("V2", true);
    assert_eq!(found(&journal), "V3:Uploaded");
    parsed("V3", false);
    lose(&journal, "/a.mp4");
    let mut under_way = attempt("/a.mp4");
    journal.begin_upload(&mut under_way, false).unwrap();
    assert_eq!(found(&journal), "V2:Parsed");
    journal.deleted(HERE, &[video("V2")]).unwrap();
    assert_eq!(found(&journal), "under way");
    drop(under_way);
    assert_eq!(found(&journal), "unknown");
}

#[test]
fn newest_upload_is_that_which_began_last_with_or_without_hash() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut lost = UploadAttempt::new(HERE, &file("/other/name.mp4"), None);
    journal.begin_upload(&mut lost, false).unwrap();
    journal.upload_sent(&lost).unwrap();
    drop(lost);
    assert_eq!(found(&journal), "unknown");
    upload(&journal, "/a.mp4", "V1");
    journal.parsed(HERE, &video("V1"), false).unwrap();
    assert_eq!(found(&journal), "V1:ParseFailed");
}

#[test]
fn deleted_video_is_not_reused() {
    let dir = temp_dir();
    let (journal, other) = (Journal::new(dir.path()), Journal::new(dir.path()));
    upload(&journal, "/a.mp4", "V1");
    assert!(matches!(begin(&other, "/a.mp4"), BeginUpload::Existing(_)));
    journal.deleted("http://elsewhere", &[video("V1")]).unwrap();
    assert_eq!(found(&journal), "V1:Uploaded");
    journal
        .deleted("https://mavi.example/", &[video("V1")])
        .unwrap();
    assert_eq!(found(&journal), "none");
    // Also for a process that has read the journal before.
    assert_eq!(begin(&other, "/a.mp4"), BeginUpload::Proceed);
    let uploads = journal.uploads().unwrap();
    assert!(uploads.video(HERE, &video("V1")).is_none() && uploads.knows_video(HERE, &video("V1")));
    assert!(!uploads.has_size(HERE, 3));
    journal.parsed(HERE, &video("V1"), true).unwrap();
    assert_eq!(found(&journal), "none");
    // What is uploaded afterwards is another video of that ID.
    upload(&journal, "/a.mp4", "V1");
    assert_eq!(found(&journal), "V1:Uploaded");
}

#[test]
fn video_id_issued_again_is_that_of_the_last_upload() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    upload(&journal, "/a.mp4", "V1");
    let other = HASH.replace('a', "b");
    let mut again = UploadAttempt::new(HERE, &file("/b.mp4"), None);
    journal.begin_upload(&mut again, false).unwrap();
    journal
        .uploaded(&again, &video("V1"), Some(&other))
        .unwrap();
    assert_eq!(found(&journal), "none");
    let uploads = journal.uploads().unwrap();
    let upload = uploads.find(HERE, &file("/a.mp4"), &other).unwrap();
    assert_eq!(Some(upload), uploads.video(HERE, &video("V1")));
}

#[cfg(unix)]
#[test]
fn upload_without_hash_is_found_by_path_size_and_time() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut lost = UploadAttempt::new(HERE, &file("/a.mp4"), None);
    journal.begin_upload(&mut lost, false).unwrap();
    journal.upload_sent(&lost).unwrap();
    assert_eq!(begin(&journal, "/a.mp4"), BeginUpload::InProgress);
    assert_eq!(begin(&journal, "/b.mp4"), BeginUpload::Proceed);
    drop(lost);
    assert!(matches!(begin(&journal, "/a.mp4"), BeginUpload::Unknown(_)));
    let uploads = journal.uploads().unwrap();
    let is_found = |file: &VideoFile| uploads.find(HERE, file, HASH).is_some();
    assert!(is_found(&file("/a.mp4")) && !is_found(&file("/b/../a.mp4")));
    let changed = |change: fn(&mut VideoFile)| {
        let mut file = file("/a.mp4");
        change(&mut file);
        file
    };
    assert!(is_found(&changed(|file| file.name = "z.mp4".to_owned())));
    assert!(!is_found(&changed(|file| file.size = 4)));
    assert!(!is_found(&changed(|file| file.modified = None)));
    let later = |file: &mut VideoFile| {
        let modified = file.modified.unwrap();
        file.modified = Some(modified + Duration::from_nanos(1));
    };
    assert!(!is_found(&changed(later)));
}

/// A relative path means another file in another directory.
#[test]
fn relative_path_is_recorded_as_an_absolute_one() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    upload(&journal, "a.mp4", "V1");
    let uploads = journal.uploads().unwrap();
    let path = &uploads.video(HERE, &video("V1")).unwrap().path;
    assert_eq!(*path, std::path::absolute("a.mp4").unwrap());
}

#[cfg(unix)]
#[test]
fn paths_that_are_not_utf8_are_recorded_and_not_confused() {
    use std::os::unix::ffi::OsStrExt as _;
    let named = |path: &[u8]| VideoFile {
        path: std::ffi::OsStr::from_bytes(path).into(),
        ..file("/a.mp4")
    };
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let (first, second) = (named(b"/\xfe.mp4"), named(b"/\xff.mp4"));
    let mut lost = UploadAttempt::new(HERE, &first, None);
    journal.begin_upload(&mut lost, false).unwrap();
    journal.upload_sent(&lost).unwrap();
    drop(lost);
    let uploads = journal.uploads().unwrap();
    assert!(uploads.has_size(HERE, 3));
    for other in [&first, &second, &named("/\u{fffd}.mp4".as_bytes())] {
        assert!(uploads.find(HERE, other, HASH).is_none());
    }
    upload(&journal, "/a.mp4", "V1");
    let uploads = journal.uploads().unwrap();
    assert!(uploads.find(HERE, &second, HASH).is_some());
}

#[test]
fn knows_video_of_any_record() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    submit(&journal, "V1", "T1");
    journal.parsed(HERE, &video("V2"), true).unwrap();
    journal.deleted(HERE, &[video("V3")]).unwrap();
    upload(&journal, "/a.mp4", "V4");
    let uploads = journal.uploads().unwrap();
    let knows = |number| uploads.knows_video("https://mavi.example/", &video(number));
    assert_eq!(
        ["V1", "V2", "V3", "V4", "V5"].map(knows),
        [true, true, true, true, false]
    );
    assert!(!uploads.knows_video("http://x", &video("V1")));
    // A video whose upload is not recorded has no file.
    assert!(uploads.video(HERE, &video("V2")).is_none() && !uploads.has_size(HERE, 0));
    assert_eq!(states(&journal.tasks().unwrap()), ["T1:pending"]);
}

/// Every record is complete, so any one of them can be missing.
#[test]
fn torn_record_of_an_upload_loses_only_itself() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    upload(&journal, "/a.mp4", "V1");
    let path = dir.path().join("journal.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let expected = ["V1:Uploaded", "V1:Uploaded", "unknown"];
    for (torn, expected) in expected.into_iter().enumerate() {
        let mut lines = lines.clone();
        lines[torn] = &lines[torn][..lines[torn].len() / 2];
        std::fs::write(&path, lines.join("\n")).unwrap();
        assert_eq!(journal.tasks().unwrap().unreadable(), 1);
        assert_eq!(found(&Journal::new(dir.path())), expected, "{torn}");
    }
    let incomplete = [
        r#"{"time":"2026-11-22T16:38:00Z","event":"uploaded","baseUrl":"https://mavi.example","id":"a"}"#,
        r#"{"time":"2026-11-22T16:38:00Z","event":"uploading","baseUrl":"https://mavi.example"}"#,
        r#"{"time":"2026-11-22T16:38:00Z","event":"parsed","baseUrl":"https://mavi.example"}"#,
    ];
    std::fs::write(&path, incomplete.join("\n")).unwrap();
    assert_eq!(journal.tasks().unwrap().unreadable(), 3);
    assert_eq!(found(&journal), "none");
}

#[cfg(unix)]
#[test]
fn look_up_reads_a_record_once_it_is_whole() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    upload(&journal, "/a.mp4", "V1");
    let path = dir.path().join("journal.jsonl");
    let whole = std::fs::read(&path).unwrap();
    let look = || journal.find_upload(&attempt("/b.mp4")).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    assert!(matches!(look(), BeginUpload::Unknown(_)));
    std::fs::write(&path, &whole).unwrap();
    assert!(matches!(look(), BeginUpload::Existing(_)));
}

#[test]
fn line_format_of_an_upload_is_stable() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut attempt = UploadAttempt::new("https://mavi.example/", &file("/a.mp4"), None);
    journal.begin_upload(&mut attempt, false).unwrap();
    journal.upload_sent(&attempt).unwrap();
    journal
        .uploaded(&attempt, &video("V1"), Some(HASH))
        .unwrap();
    journal.upload_rejected(&attempt).unwrap();
    journal.parsed(HERE, &video("V1"), true).unwrap();
    journal.parsed(HERE, &video("V1"), false).unwrap();
    let lines = std::fs::read_to_string(dir.path().join("journal.jsonl")).unwrap();
    let lines = lines
        .lines()
        .map(|line| line.split_once(r#"Z","event":"#).unwrap().1);
    let id = format!(r#""id":"{}","baseUrl":"https://mavi.example""#, attempt.id);
    // Windows adds its drive.
    let path = serde_json::to_string(&std::path::absolute("/a.mp4").unwrap()).unwrap();
    let file = r#""name":"a.mp4","size":3,"modified":"2026-11-22T16:38:00.123456789Z""#;
    let file = format!(r#""path":{path},{file}"#);
    let video = r#""baseUrl":"https://mavi.example","videoNo":"V1""#;
    let expected = [
        format!(r#""uploading",{id},{file}}}"#),
        format!(r#""uploadSent",{id},{file}}}"#),
        format!(r#""uploaded",{id},"videoNo":"V1",{file},"sha256":"{HASH}"}}"#),
        format!(r#""uploadRejected",{id},{file}}}"#),
        format!(r#""parsed",{video}}}"#),
        format!(r#""parseFailed",{video}}}"#),
    ];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[test]
fn failed_parse_does_not_hide_an_upload_under_way_from_those_who_want_a_usable_video() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    upload(&journal, "/talks/a.mp4", "V1");
    journal.parsed(HERE, &video("V1"), false).unwrap();
    let usable = || attempt("/talks/a.mp4").ignoring_failed_parses(true);
    let mut first = usable();
    assert_eq!(
        journal.begin_upload(&mut first, true),
        Ok(BeginUpload::Proceed)
    );
    let other = Journal::new(dir.path());
    assert_eq!(
        other.begin_upload(&mut usable(), true),
        Ok(BeginUpload::InProgress)
    );
}
