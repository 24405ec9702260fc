//! The journal's public interface.

mod attempt_locks;
mod deleted;
mod files;
mod namesakes;
mod reuse;
mod upload_prune;
mod uploads;

use std::time::Duration;

use super::*;

const HERE: &str = "https://mavi.example";
const AUDIO: TranscriptionType = TranscriptionType::Audio;
const VIDEO: TranscriptionType = TranscriptionType::Video;
const DAY: Duration = Duration::from_hours(24);

fn video(text: &str) -> VideoNo {
    VideoNo::new(text).unwrap()
}

fn task(text: &str) -> TaskNo {
    TaskNo::new(text).unwrap()
}

fn temp_dir() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Records a submit and its answer.
fn submit(journal: &Journal, video_no: &str, task_no: &str) {
    let video_no = video(video_no);
    let submission = SubmitAttempt::new(HERE, &video_no, AUDIO, None);
    journal.submitting(&submission).unwrap();
    journal.submitted(&submission, &task(task_no)).unwrap();
}

fn end(journal: &Journal, task_no: &str, outcome: Outcome) {
    end_by(journal, task_no, outcome, false);
}

fn end_by(journal: &Journal, task_no: &str, outcome: Outcome, by_callback: bool) {
    let end = TaskEnd {
        base_url: HERE,
        task_no: &task(task_no),
        video_no: None,
        transcription_type: None,
        outcome,
        by_callback,
    };
    journal.ended(&end).unwrap();
}

fn older_than(older_than: Duration) -> PruneFilter<'static> {
    PruneFilter {
        older_than,
        ..PruneFilter::default()
    }
}

/// Returns `ID:status` of every task.
fn states(tasks: &Tasks) -> Vec<String> {
    let number = |task: &Task| task.task_no.as_ref().map_or("?", TaskNo::as_str).to_owned();
    tasks
        .as_slice()
        .iter()
        .map(|task| format!("{}:{}", number(task), task.status))
        .collect()
}

#[test]
fn task_is_tracked_from_submit_to_end() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let (v1, v2) = (video("V1"), video("V2"));
    let first = SubmitAttempt::new("https://mavi.example/", &v1, VIDEO, Some("https://me/x"));
    let second = SubmitAttempt::new(HERE, &v2, AUDIO, None);
    journal.submitting(&first).unwrap();
    journal.submitting(&second).unwrap();
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["?:unknown", "?:unknown"]
    );
    // The answers arrive in another order than the requests were sent.
    journal.rejected(&second).unwrap();
    journal.submitted(&first, &task("T1")).unwrap();
    assert_eq!(states(&journal.tasks().unwrap()), ["T1:pending"]);
    end(&journal, "T1", Outcome::Finished);
    end(&journal, "T1", Outcome::Finished);
    let tasks = journal.tasks().unwrap();
    let [only] = tasks.as_slice() else {
        panic!("{tasks:?}")
    };
    assert_eq!(only.status, TaskStatus::Finished);
    assert_eq!(only.video_no, Some(v1));
    assert_eq!(only.transcription_type, Some(VIDEO));
    assert_eq!(&*only.base_url, HERE);
    assert_eq!(only.callback.as_deref(), Some("https://me/x"));
    assert!(only.submitted_at.is_some() && only.ended_at.is_some());
    assert_eq!(tasks.unreadable(), 0);
}

#[test]
fn end_of_unrecorded_task_is_recorded() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    end(&journal, "T9", Outcome::Failed);
    let tasks = journal.tasks().unwrap();
    assert_eq!(
        serde_json::to_string(&tasks.as_slice()[0]).unwrap(),
        format!(
            r#"{{"taskNo":"T9","videoNo":null,"type":null,"status":"failed","submittedAt":null,"endedAt":"{:.3}","baseUrl":"{HERE}","callback":null}}"#,
            tasks.as_slice()[0].ended_at.unwrap()
        )
    );
    assert_eq!(tasks.newest(HERE), None, "it was not submitted here");
}

#[test]
fn reading_absent_journal_creates_nothing() {
    let dir = temp_dir();
    let state = dir.path().join("mavi");
    let tasks = Journal::new(&state).tasks().unwrap();
    assert!(tasks.as_slice().is_empty());
    assert!(!state.exists());
}

#[test]
fn end_before_task_id_is_merged() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let v1 = video("V1");
    let submission = SubmitAttempt::new(HERE, &v1, AUDIO, None);
    journal.submitting(&submission).unwrap();
    end(&journal, "T1", Outcome::Finished);
    journal.submitted(&submission, &task("T1")).unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), ["T1:finished"]);
    assert_eq!(tasks.as_slice()[0].video_no, Some(v1));
    assert!(tasks.as_slice()[0].ended_at.is_some());
}

#[test]
fn reissued_task_id_is_pending_again() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    submit(&journal, "V1", "T1");
    end(&journal, "T1", Outcome::Failed);
    submit(&journal, "V2", "T2");
    submit(&journal, "V1", "T1");
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), ["T2:pending", "T1:pending"]);
}

#[test]
fn submitted_without_submitting_is_complete() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let v1 = video("V1");
    let submission = SubmitAttempt::new(HERE, &v1, AUDIO, None);
    journal.submitted(&submission, &task("T1")).unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), ["T1:pending"]);
    assert_eq!(
        tasks.reusable(HERE).get(&v1, AUDIO),
        Reuse::Task(&task("T1"))
    );
}

#[test]
fn reuse_prefers_newest_not_failed_and_stops_at_unknown() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let v1 = video("V1");
    let reuse = |expected: &dyn Fn(Reuse<'_>) -> bool| {
        let tasks = journal.tasks().unwrap();
        let found = tasks.reusable("https://mavi.example//").get(&v1, AUDIO);
        assert!(expected(found), "{found:?}");
    };
    let is = |number: &'static str| move |found: Reuse<'_>| found == Reuse::Task(&task(number));
    reuse(&|found| found == Reuse::Nothing);
    submit(&journal, "V1", "T1");
    reuse(&is("T1"));
    submit(&journal, "V1", "T2");
    end(&journal, "T1", Outcome::Finished);
    reuse(&is("T2"));
    end(&journal, "T2", Outcome::Failed);
    reuse(&is("T1"));
    let unanswered = SubmitAttempt::new(HERE, &v1, AUDIO, None);
    journal.submitting(&unanswered).unwrap();
    reuse(&|found| matches!(found, Reuse::Unknown(_)));
    submit(&journal, "V1", "T3");
    reuse(&is("T3"));

    let tasks = journal.tasks().unwrap();
    assert_eq!(tasks.reusable(HERE).get(&v1, VIDEO), Reuse::Nothing);
    assert_eq!(tasks.reusable("http://x").get(&v1, AUDIO), Reuse::Nothing);
}

#[test]
fn queries_are_limited_to_one_base_url() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let v = video("V");
    let elsewhere = SubmitAttempt::new("http://127.0.0.1:1", &v, AUDIO, None);
    submit(&journal, "V1", "T1");
    submit(&journal, "V2", "T2");
    submit(&journal, "V3", "T3");
    journal.submitted(&elsewhere, &task("T1")).unwrap();
    end(&journal, "T2", Outcome::Finished);
    let tasks = journal.tasks().unwrap();
    let pending = |base_url| {
        tasks
            .pending(base_url)
            .map(|task| task.task_no.as_ref().unwrap().as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(pending("https://mavi.example/"), ["T1", "T3"]);
    assert_eq!(pending("http://127.0.0.1:1"), ["T1"]);
    assert_eq!(tasks.newest(HERE).unwrap().task_no, Some(task("T3")));
    let ages = tasks.by_number(HERE);
    assert_eq!(
        ages[&task("T2")].submitted_at,
        tasks.as_slice()[1].submitted_at
    );
    assert_eq!(ages.len(), 3);

    journal
        .submitting(&SubmitAttempt::new(HERE, &v, AUDIO, None))
        .unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(tasks.newest(HERE).unwrap().status, TaskStatus::Unknown);
}

#[test]
fn by_callback_is_kept_in_any_order_of_records() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    for task in ["T1", "T2", "T3"] {
        submit(&journal, task, task);
    }
    end_by(&journal, "T1", Outcome::Finished, true);
    end(&journal, "T1", Outcome::Finished);
    end(&journal, "T2", Outcome::Finished);
    end_by(&journal, "early", Outcome::Finished, true);
    submit(&journal, "early", "early");
    // The ID of an earlier run, issued again: no callback has arrived for it.
    submit(&journal, "again", "T1");
    let tasks = journal.tasks().unwrap();
    let known = tasks.by_number(HERE);
    let taken = |number| known[&task(number)].by_callback;
    assert_eq!(
        ["T1", "T2", "T3", "early"].map(taken),
        [false, false, false, true]
    );
    let file = std::fs::read_to_string(dir.path().join("journal.jsonl")).unwrap();
    assert_eq!(file.matches(r#""byCallback":true"#).count(), 2);
    assert_eq!(file.matches("byCallback").count(), 2);
}

#[test]
fn resolved_unknown_keeps_its_attempt() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let (video, other) = (VideoNo::new("V").unwrap(), VideoNo::new("W").unwrap());
    let submission = |video| SubmitAttempt::new(HERE, video, TranscriptionType::Audio, None);
    let (line, lost) = (submission(&video), submission(&other));
    journal.submitting(&line).unwrap();
    journal.submitting(&lost).unwrap();
    let tasks = journal.tasks().unwrap();
    let unknown: Vec<&Task> = tasks.unknown(HERE).collect();
    assert_eq!(unknown.len(), 2);
    journal.resolve_unknown(unknown[0], &task("T1")).unwrap();
    end_by(&journal, "T1", Outcome::Finished, true);
    let after = journal.tasks().unwrap();
    assert_eq!(states(&after), ["T1:finished", "?:unknown"]);
    assert_eq!(after.as_slice()[0].video_no, Some(video.clone()));
    // The process that submitted it receives its answer now.
    journal.submitted(&line, &task("T1")).unwrap();
    let after = journal.tasks().unwrap();
    assert_eq!(states(&after), ["T1:finished", "?:unknown"]);
    assert!(after.as_slice()[0].by_callback);
}

#[test]
fn forgotten_task_is_unlisted_until_it_is_seen_again() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    for task_no in ["T1", "T2", "T3"] {
        submit(&journal, task_no, task_no);
        journal
            .forget("https://mavi.example/", &task(task_no))
            .unwrap();
    }
    journal.forget("http://elsewhere", &task("T1")).unwrap();
    journal.forget(HERE, &task("T9")).unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), [""; 0]);
    assert_eq!(tasks.unreadable(), 0);
    assert_eq!(
        tasks.reusable(HERE).get(&video("T1"), AUDIO),
        Reuse::Nothing
    );
    let v1 = video("T1");
    let attempt = SubmitAttempt::new(HERE, &v1, AUDIO, None);
    assert_eq!(
        journal.begin_submit(&attempt).unwrap(),
        BeginSubmit::Proceed
    );

    end(&journal, "T2", Outcome::Finished);
    submit(&journal, "T3", "T3");
    submit(&journal, "T9", "T9");
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T2:finished", "?:unknown", "T3:pending", "T9:pending"]
    );
}
