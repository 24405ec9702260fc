//! `begin_submit`: one look-up and one record, whoever else submits at the same time.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::error::ErrorKind;

fn begin(journal: &Journal, video_no: &str) -> BeginSubmit {
    let video_no = video(video_no);
    let attempt = SubmitAttempt::new(HERE, &video_no, AUDIO, None);
    journal.begin_submit(&attempt).unwrap()
}

#[track_caller]
fn assert_existing(begin: &BeginSubmit, task_no: &str) {
    let is_expected =
        matches!(begin, BeginSubmit::Existing(found) if found.task_no == Some(task(task_no)));
    assert!(is_expected, "{begin:?}");
}

#[test]
fn begin_submit_decides_as_the_journal_says_at_that_moment() {
    let dir = temp_dir();
    let (journal, other) = (Journal::new(dir.path()), Journal::new(dir.path()));
    assert_eq!(begin(&journal, "V1"), BeginSubmit::Proceed);
    assert!(matches!(begin(&journal, "V1"), BeginSubmit::Unknown(_)));
    assert!(matches!(begin(&other, "V1"), BeginSubmit::Unknown(_)));
    let v1 = video("V1");
    let elsewhere = SubmitAttempt::new("http://elsewhere", &v1, AUDIO, None);
    let seen = SubmitAttempt::new(HERE, &v1, VIDEO, None);
    for other in [&elsewhere, &seen] {
        assert_eq!(journal.begin_submit(other).unwrap(), BeginSubmit::Proceed);
    }

    submit(&other, "V2", "T2");
    assert_existing(&begin(&journal, "V2"), "T2");
    end(&other, "T2", Outcome::Finished);
    assert_existing(&begin(&journal, "V2"), "T2");
    end(&other, "T2", Outcome::Failed);
    assert_eq!(begin(&journal, "V2"), BeginSubmit::Proceed);
}

#[test]
fn begin_submit_agrees_with_a_full_read_after_prune() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    for n in 0..20 {
        submit(&journal, &format!("V{n}"), &format!("T{n}"));
        assert_existing(&begin(&journal, &format!("V{n}")), &format!("T{n}"));
        if n % 2 == 0 {
            end(&journal, &format!("T{n}"), Outcome::Finished);
        }
    }
    Journal::new(dir.path())
        .prune(&older_than(Duration::ZERO), Timestamp::now())
        .unwrap();
    assert_eq!(begin(&journal, "V4"), BeginSubmit::Proceed);
    assert_existing(&begin(&journal, "V5"), "T5");
    let tasks = journal.tasks().unwrap();
    assert_eq!(
        tasks.reusable(HERE).get(&video("V5"), AUDIO),
        Reuse::Task(&task("T5"))
    );
}

#[test]
fn begin_submit_reads_a_journal_anew_that_was_cut() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    submit(&journal, "V1", "T1");
    let path = dir.path().join("journal.jsonl");
    let first = fs::read(&path).unwrap();
    submit(&journal, "V2", "T2");
    assert_existing(&begin(&journal, "V2"), "T2");
    fs::write(&path, first).unwrap();
    assert_eq!(begin(&journal, "V2"), BeginSubmit::Proceed);
    assert_existing(&begin(&journal, "V1"), "T1");
}

#[test]
fn begin_submit_completes_a_record_that_lacks_its_line_end() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    submit(&journal, "V1", "T1");
    let path = dir.path().join("journal.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.trim_end()).unwrap();
    assert_existing(&begin(&journal, "V1"), "T1");
    fs::write(&path, format!("{whole}{{\"time\":")).unwrap();
    let journal = Journal::new(dir.path());
    assert_existing(&begin(&journal, "V1"), "T1");
    assert_eq!(begin(&journal, "V2"), BeginSubmit::Proceed);
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T1:pending", "?:unknown"]
    );
}

#[test]
fn concurrent_begin_submit_proceeds_once_per_video() {
    const VIDEOS: usize = 25;
    let dir = temp_dir();
    let proceeded: Vec<AtomicUsize> = (0..VIDEOS).map(|_| AtomicUsize::new(0)).collect();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            let (path, proceeded) = (dir.path(), &proceeded);
            scope.spawn(move || {
                // Locks belong to open files: threads with a journal of their own are as good as
                // processes.
                let journal = Journal::new(path);
                for (n, count) in proceeded.iter().enumerate() {
                    if begin(&journal, &format!("V{n}")) == BeginSubmit::Proceed {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    for (n, count) in proceeded.iter().enumerate() {
        assert_eq!(count.load(Ordering::Relaxed), 1, "V{n}");
    }
}

/// A batch reads each line once: its index stays at the end of the file.
#[cfg(unix)]
#[test]
fn begin_submit_reads_only_what_was_appended() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    assert_eq!(begin(&journal, "V1"), BeginSubmit::Proceed);
    assert!(matches!(begin(&journal, "V1"), BeginSubmit::Unknown(_)));
    let path = dir.path().join("journal.jsonl");
    // Changed in place, in lines that were read before: had it read them again, it would know.
    let changed = fs::read_to_string(&path).unwrap().replace("V1", "V2");
    fs::write(&path, changed).unwrap();
    assert!(matches!(begin(&journal, "V1"), BeginSubmit::Unknown(_)));
    assert_eq!(begin(&journal, "V2"), BeginSubmit::Proceed);
}

#[test]
fn task_is_found_where_the_journal_cannot_be_written() {
    let dir = temp_dir();
    submit(&Journal::new(dir.path()), "V1", "T1");
    let lock = dir.path().join("journal.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(lock).unwrap();
    let journal = Journal::new(dir.path());
    assert_existing(&begin(&journal, "V1"), "T1");
    let v2 = video("V2");
    let error = journal.begin_submit(&SubmitAttempt::new(HERE, &v2, AUDIO, None));
    assert_eq!(error.unwrap_err().kind, ErrorKind::Io);
    assert_eq!(states(&journal.tasks().unwrap()), ["T1:pending"]);
}
