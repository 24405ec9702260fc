//! Prune and uploads: what is of no use goes, and what may be needed stays.

use super::uploads::{attempt, begin, found, lose, upload};
use super::*;

const HOUR: Duration = Duration::from_hours(1);

fn prune(journal: &Journal, older_than_: Duration, in_: Duration) -> usize {
    let now = Timestamp::now() + in_;
    journal.prune(&older_than(older_than_), now).unwrap()
}

fn text(journal: &Journal) -> String {
    std::fs::read_to_string(journal.store.directory().join("journal.jsonl")).unwrap()
}

/// Without their records, the next run would upload and pay again.
#[test]
fn prune_keeps_uploads_that_are_or_may_be_paid_for() {
    for (record, expected) in [
        (lose as fn(&Journal, &str), "unknown"),
        (|journal, path| upload(journal, path, "V1"), "V1:Uploaded"),
        (
            |journal, path| {
                upload(journal, path, "V1");
                journal.parsed(HERE, &video("V1"), true).unwrap();
            },
            "V1:Parsed",
        ),
        (
            |journal, path| {
                upload(journal, path, "V1");
                journal.parsed(HERE, &video("V1"), false).unwrap();
            },
            "V1:ParseFailed",
        ),
    ] {
        let dir = temp_dir();
        let journal = Journal::new(dir.path());
        record(&journal, "/a.mp4");
        submit(&journal, "V1", "T1");
        end(&journal, "T1", Outcome::Finished);
        assert_eq!(prune(&journal, Duration::ZERO, 2 * DAY), 1);
        assert_eq!(found(&journal), expected);
        assert!(!text(&journal).contains("\"T1\""), "{expected}");
    }
}

#[test]
fn prune_keeps_what_may_be_under_way_for_an_hour() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    begin(&journal, "/a.mp4");
    prune(&journal, Duration::ZERO, HOUR / 2);
    assert_ne!(text(&journal), "");
    prune(&journal, Duration::ZERO, HOUR);
    assert_eq!(text(&journal), "");
}

#[test]
fn prune_keeps_uploads_of_live_processes_and_removes_those_of_dead_ones() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut live = attempt("/a.mp4");
    journal.begin_upload(&mut live, false).unwrap();
    prune(&journal, Duration::ZERO, 2 * DAY);
    assert_eq!(begin(&journal, "/a.mp4"), BeginUpload::InProgress);
    drop(live);
    std::fs::write(dir.path().join("attempts/0123456789abcdef.lock"), "").unwrap();
    prune(&journal, Duration::ZERO, 2 * DAY);
    assert_eq!(text(&journal), "");
    assert_eq!(
        std::fs::read_dir(dir.path().join("attempts"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn prune_of_one_status_or_service_keeps_other_uploads() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut rejected = attempt("/rejected.mp4");
    journal.begin_upload(&mut rejected, false).unwrap();
    journal.upload_rejected(&rejected).unwrap();
    drop(rejected);
    upload(&journal, "/a.mp4", "V1");
    let filter = |base_url, status| PruneFilter {
        older_than: Duration::ZERO,
        base_url: Some(base_url),
        status,
    };
    let now = Timestamp::now() + DAY;
    journal.prune(&filter("http://x", None), now).unwrap();
    assert!(text(&journal).contains("rejected.mp4"));
    journal
        .prune(&filter(HERE, Some(TaskStatus::Failed)), now)
        .unwrap();
    assert!(!text(&journal).contains("rejected.mp4"));
    assert_eq!(found(&journal), "V1:Uploaded");
}

/// Without its deletion, an upload would be reused.
#[test]
fn prune_keeps_a_deletion_while_an_upload_of_its_video_is_kept() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    upload(&journal, "/a.mp4", "V1");
    let path = dir.path().join("journal.jsonl");
    let deletion = r#"{"time":"2020-01-01T00:00:00Z","event":"deleted","baseUrl":"https://mavi.example","videoNo":"V1"}"#;
    std::fs::write(&path, format!("{}{deletion}\n", text(&journal))).unwrap();
    assert_eq!(found(&journal), "none");
    prune(&journal, DAY, HOUR);
    assert!(text(&journal).contains("deleted"));
    assert_eq!(found(&journal), "none");
    prune(&journal, DAY, 2 * DAY);
    assert_eq!(text(&journal), "");
}
