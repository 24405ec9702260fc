//! Other uploads of the same name whose answers are not recorded, by which a video could be mistaken.

use std::fs;

use super::*;

/// Returns a record of an upload under the name `talk.mp4` at a minute of an hour.
fn record(event: &str, id: &str, minute: u32, sha256: Option<&str>) -> String {
    let sha256 = sha256.map_or(String::new(), |hash| format!(r#","sha256":"{hash}""#));
    format!(
        r#"{{"time":"2026-11-22T16:{minute:02}:00Z","event":"{event}","id":"{id}","baseUrl":"{HERE}","path":"/{id}/talk.mp4","name":"talk.mp4","size":3{sha256}}}"#
    )
}

/// Returns `true` if the upload `own`, sent at minute 30, has a namesake beside these records.
fn has_namesake(sha256: Option<&str>, others: &[String]) -> bool {
    let dir = temp_dir();
    let own = record("uploadSent", "own", 30, sha256);
    let lines = [others, &[own]].concat().join("\n");
    fs::write(dir.path().join("journal.jsonl"), lines).unwrap();
    let uploads = Journal::new(dir.path()).uploads().unwrap();
    let mut attempt = super::uploads::attempt("/own/talk.mp4");
    attempt.id = "own".to_owned();
    uploads.has_namesake(uploads.of_attempt(&attempt).unwrap())
}

#[test]
fn upload_without_an_answer_has_those_of_its_name_as_namesakes() {
    let other = record("uploadSent", "other", 25, None);
    assert!(!has_namesake(None, &[]));
    assert!(has_namesake(None, std::slice::from_ref(&other)));
    for changed in [
        other.replace("\"talk.mp4\"", "\"other.mp4\""),
        other.replace(HERE, "https://elsewhere.example"),
        record("uploading", "other", 25, None),
        record("uploadRejected", "other", 25, None),
    ] {
        assert!(
            !has_namesake(None, std::slice::from_ref(&changed)),
            "{changed}"
        );
    }
    let answered =
        record("uploaded", "other", 26, None).replace("\"name\"", "\"videoNo\":\"V\",\"name\"");
    assert!(!has_namesake(None, &[other, answered]));
}

#[test]
fn upload_sent_long_before_is_no_namesake() {
    for (minute, expected) in [(19, false), (20, true)] {
        let other = record("uploadSent", "other", minute, None);
        assert_eq!(has_namesake(None, &[other]), expected, "{minute}");
    }
}

#[test]
fn upload_of_the_same_content_is_no_namesake() {
    for (own, other, expected) in [
        (Some("aa"), Some("aa"), false),
        (Some("aa"), Some("bb"), true),
        (Some("aa"), None, true),
        (None, Some("aa"), true),
    ] {
        let record = record("uploadSent", "other", 29, other);
        assert_eq!(has_namesake(own, &[record]), expected, "{own:?} {other:?}");
    }
}

#[test]
fn attempt_has_its_own_record_only() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    super::uploads::lose(&journal, "/a.mp4");
    let before = Timestamp::now();
    let mut attempt = super::uploads::attempt("/b.mp4");
    assert!(attempt.started_at() >= before && attempt.started_at() <= Timestamp::now());
    assert_eq!(journal.uploads().unwrap().of_attempt(&attempt), None);
    journal.begin_upload(&mut attempt, false).unwrap();
    let uploads = journal.uploads().unwrap();
    let own = uploads.of_attempt(&attempt).unwrap();
    assert_eq!(own.attempt, attempt.id);
}
