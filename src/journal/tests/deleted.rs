//! Deleted videos: their tasks stay on record, and are not reused.

use super::*;

fn begin(journal: &Journal, video_no: &VideoNo) -> BeginSubmit {
    let attempt = SubmitAttempt::new(HERE, video_no, AUDIO, None);
    journal.begin_submit(&attempt).unwrap()
}

fn is_reusable(journal: &Journal, video_no: &VideoNo) -> bool {
    let tasks = journal.tasks().unwrap();
    tasks.reusable(HERE).get(video_no, AUDIO) != Reuse::Nothing
}

#[test]
fn task_of_deleted_video_is_listed_but_not_reused() {
    let dir = temp_dir();
    let (journal, other) = (Journal::new(dir.path()), Journal::new(dir.path()));
    let (v1, v2, v3) = (video("V1"), video("V2"), video("V3"));
    submit(&journal, "V1", "T1");
    submit(&journal, "V2", "T2");
    submit(&journal, "V3", "T3");
    assert!(matches!(begin(&other, &v1), BeginSubmit::Existing(_)));
    let deleted = [v1.clone(), v3, video("unknown")];
    journal.deleted("https://mavi.example/", &deleted).unwrap();
    journal
        .deleted("http://elsewhere", std::slice::from_ref(&v2))
        .unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), ["T1:pending", "T2:pending", "T3:pending"]);
    let deleted: Vec<bool> = tasks
        .as_slice()
        .iter()
        .map(|task| task.is_video_deleted)
        .collect();
    assert_eq!(deleted, [true, false, true]);
    assert!(!is_reusable(&journal, &v1) && is_reusable(&journal, &v2));
    // Also for a process that has read the journal before.
    assert_eq!(begin(&other, &v1), BeginSubmit::Proceed);
    assert!(matches!(begin(&other, &v2), BeginSubmit::Existing(_)));
    // What is submitted afterwards is another video of that ID.
    submit(&journal, "V1", "T4");
    assert!(is_reusable(&journal, &v1));
    assert!(matches!(begin(&other, &v1), BeginSubmit::Existing(_)));
}

#[test]
fn deletion_is_pruned_after_the_tasks_of_its_video() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let read = || std::fs::read_to_string(dir.path().join("journal.jsonl")).unwrap();
    submit(&journal, "V1", "T1");
    submit(&journal, "V2", "T2");
    journal.deleted(HERE, &[video("V1"), video("V2")]).unwrap();
    end(&journal, "T2", Outcome::Finished);
    let now = Timestamp::now() + DAY;
    assert_eq!(journal.prune(&older_than(Duration::ZERO), now).unwrap(), 1);
    assert!(!read().contains("V2"), "{}", read());
    // T1 has not ended, so it is kept, and must not be reused.
    assert!(!is_reusable(&journal, &video("V1")));
    end(&journal, "T1", Outcome::Failed);
    assert_eq!(journal.prune(&older_than(Duration::ZERO), now).unwrap(), 1);
    assert_eq!(read(), "");
}

#[test]
fn line_format_of_a_deletion_is_stable() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    journal.deleted(HERE, &[video("V1")]).unwrap();
    let line = std::fs::read_to_string(dir.path().join("journal.jsonl")).unwrap();
    let (time, rest) = line.split_at(line.find(r#","event""#).unwrap());
    assert!(time.starts_with(r#"{"time":"2"#), "{line}");
    let expected = r#","event":"deleted","baseUrl":"https://mavi.example","videoNo":"V1"}"#;
    assert_eq!(rest, format!("{expected}\n"));
}
