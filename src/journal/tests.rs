//! The journal as its callers see it.

mod files;

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

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Records a whole submission.
fn submit(journal: &Journal, video_no: &str, task_no: &str) {
    let video_no = video(video_no);
    let submission = Submission::new(HERE, &video_no, AUDIO, None);
    journal.submitting(&submission).unwrap();
    journal.submitted(&submission, &task(task_no)).unwrap();
}

fn end(journal: &Journal, task_no: &str, outcome: Outcome) {
    end_by(journal, task_no, outcome, false);
}

fn end_by(journal: &Journal, task_no: &str, outcome: Outcome, by_callback: bool) {
    let ending = Ending {
        base_url: HERE,
        task_no: &task(task_no),
        video_no: None,
        kind: None,
        outcome,
        by_callback,
    };
    journal.ended(&ending).unwrap();
}

/// `number:status` of every task.
fn states(tasks: &Tasks) -> Vec<String> {
    let number = |task: &Task| task.task_no.as_ref().map_or("?", TaskNo::as_str).to_owned();
    tasks
        .as_slice()
        .iter()
        .map(|task| format!("{}:{}", number(task), task.status))
        .collect()
}

#[test]
fn a_task_is_followed_from_its_submission_to_its_end() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let (v1, v2) = (video("V1"), video("V2"));
    let first = Submission::new("https://mavi.example/", &v1, VIDEO, Some("https://me/x"));
    let second = Submission::new(HERE, &v2, AUDIO, None);
    journal.submitting(&first).unwrap();
    journal.submitting(&second).unwrap();
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["?:unknown", "?:unknown"]
    );
    // The answers come in another order than the requests left.
    journal.rejected(&second).unwrap();
    journal.submitted(&first, &task("T1")).unwrap();
    assert_eq!(states(&journal.tasks().unwrap()), ["T1:pending"]);
    end(&journal, "T1", Outcome::Finished);
    end(&journal, "T1", Outcome::Finished);
    let tasks = journal.tasks().unwrap();
    let [only] = tasks.as_slice() else {
        panic!("{tasks:?}")
    };
    assert_eq!(only.status, Status::Finished);
    assert_eq!(only.video_no, Some(v1));
    assert_eq!(only.kind, Some(VIDEO));
    assert_eq!(&*only.base_url, HERE);
    assert_eq!(only.callback.as_deref(), Some("https://me/x"));
    assert!(only.submitted_at.is_some() && only.ended_at.is_some());
    assert_eq!(tasks.unreadable(), 0);
}

#[test]
fn a_task_of_another_machine_is_on_record_once_its_end_is_known() {
    let folder = folder();
    let journal = Journal::new(folder.path());
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
fn an_absent_journal_has_no_tasks_and_is_not_made_by_asking() {
    let folder = folder();
    let state = folder.path().join("mavi");
    let tasks = Journal::new(&state).tasks().unwrap();
    assert!(tasks.as_slice().is_empty());
    assert!(!state.exists());
}

#[test]
fn an_end_that_is_recorded_before_the_number_is_the_same_task() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let v1 = video("V1");
    let submission = Submission::new(HERE, &v1, AUDIO, None);
    journal.submitting(&submission).unwrap();
    end(&journal, "T1", Outcome::Finished);
    journal.submitted(&submission, &task("T1")).unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), ["T1:finished"]);
    assert_eq!(tasks.as_slice()[0].video_no, Some(v1));
    assert!(tasks.as_slice()[0].ended_at.is_some());
}

#[test]
fn a_number_that_the_service_gives_again_is_one_task_that_runs_again() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    submit(&journal, "V1", "T1");
    end(&journal, "T1", Outcome::Failed);
    submit(&journal, "V2", "T2");
    submit(&journal, "V1", "T1");
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), ["T2:pending", "T1:pending"]);
}

#[test]
fn a_number_is_kept_where_the_record_before_the_request_is_missing() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let v1 = video("V1");
    let submission = Submission::new(HERE, &v1, AUDIO, None);
    journal.submitted(&submission, &task("T1")).unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(states(&tasks), ["T1:pending"]);
    assert_eq!(
        tasks.reusable(HERE).get(&v1, AUDIO),
        Reuse::Task(&task("T1"))
    );
}

#[test]
fn reuse_takes_the_newest_that_did_not_fail_and_stops_at_an_unknown_one() {
    let folder = folder();
    let journal = Journal::new(folder.path());
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
    let unanswered = Submission::new(HERE, &v1, AUDIO, None);
    journal.submitting(&unanswered).unwrap();
    reuse(&|found| matches!(found, Reuse::Unknown(_)));
    submit(&journal, "V1", "T3");
    reuse(&is("T3"));

    let tasks = journal.tasks().unwrap();
    assert_eq!(tasks.reusable(HERE).get(&v1, VIDEO), Reuse::Nothing);
    assert_eq!(tasks.reusable("http://x").get(&v1, AUDIO), Reuse::Nothing);
}

#[test]
fn newest_pending_and_ages_are_those_of_one_base_url() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let v = video("V");
    let elsewhere = Submission::new("http://127.0.0.1:1", &v, AUDIO, None);
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
        .submitting(&Submission::new(HERE, &v, AUDIO, None))
        .unwrap();
    let tasks = journal.tasks().unwrap();
    assert_eq!(tasks.newest(HERE).unwrap().status, Status::Unknown);
}

#[test]
fn what_a_receiver_took_is_known_as_such_whatever_was_first() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    for task in ["T1", "T2", "T3"] {
        submit(&journal, task, task);
    }
    end_by(&journal, "T1", Outcome::Finished, true);
    end(&journal, "T1", Outcome::Finished);
    end(&journal, "T2", Outcome::Finished);
    end_by(&journal, "early", Outcome::Finished, true);
    submit(&journal, "early", "early");
    // The number of an earlier run, given out anew: nothing has come for it.
    submit(&journal, "again", "T1");
    let tasks = journal.tasks().unwrap();
    let known = tasks.by_number(HERE);
    let taken = |number| known[&task(number)].by_callback;
    assert_eq!(
        ["T1", "T2", "T3", "early"].map(taken),
        [false, false, false, true]
    );
    let file = std::fs::read_to_string(folder.path().join("journal.jsonl")).unwrap();
    assert_eq!(file.matches(r#""byCallback":true"#).count(), 2);
    assert_eq!(file.matches("byCallback").count(), 2);
}

#[test]
fn a_number_that_is_found_out_from_elsewhere_belongs_to_its_submission() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let (video, other) = (VideoNo::new("V").unwrap(), VideoNo::new("W").unwrap());
    let submission = |video| Submission::new(HERE, video, TranscriptionType::Audio, None);
    let (line, lost) = (submission(&video), submission(&other));
    journal.submitting(&line).unwrap();
    journal.submitting(&lost).unwrap();
    let tasks = journal.tasks().unwrap();
    let unknown: Vec<&Task> = tasks.unknown(HERE).collect();
    assert_eq!(unknown.len(), 2);
    journal.found(unknown[0], &task("T1")).unwrap();
    end_by(&journal, "T1", Outcome::Finished, true);
    let after = journal.tasks().unwrap();
    assert_eq!(states(&after), ["T1:finished", "?:unknown"]);
    assert_eq!(after.as_slice()[0].video_no, Some(video.clone()));
    // Its submitter was still at it, and gets its answer now.
    journal.submitted(&line, &task("T1")).unwrap();
    let after = journal.tasks().unwrap();
    assert_eq!(states(&after), ["T1:finished", "?:unknown"]);
    assert!(after.as_slice()[0].by_callback);
}
