//! Uploads under way: the lock files by which others see them.

use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::uploads::{attempt, begin, found, lose};
use super::*;

fn lock_files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir.join("attempts")).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn lock_file_lives_as_long_as_its_attempt() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut first = attempt("/a.mp4");
    assert_eq!(lock_files(dir.path()), [""; 0]);
    journal.begin_upload(&mut first, true).unwrap();
    assert_eq!(lock_files(dir.path()), [format!("{}.lock", first.id)]);
    // The same content under another name, in this process and in another.
    assert_eq!(begin(&journal, "/b.mp4"), BeginUpload::InProgress);
    assert_eq!(
        begin(&Journal::new(dir.path()), "/b.mp4"),
        BeginUpload::InProgress
    );
    assert_eq!(lock_files(dir.path()).len(), 1);
    journal.uploaded(&first, &video("V1"), None).unwrap();
    assert!(matches!(
        begin(&journal, "/b.mp4"),
        BeginUpload::Existing(_)
    ));
    drop(first);
    assert_eq!(lock_files(dir.path()), [""; 0]);
    assert!(matches!(
        begin(&journal, "/b.mp4"),
        BeginUpload::Existing(_)
    ));
}

#[test]
fn attempt_without_reuse_is_seen_by_others() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let (mut first, mut second) = (attempt("/a.mp4"), attempt("/a.mp4"));
    for attempt in [&mut first, &mut second] {
        assert_eq!(
            journal.begin_upload(attempt, false),
            Ok(BeginUpload::Proceed)
        );
    }
    assert_eq!(found(&journal), "under way");
    drop(second);
    assert_eq!(found(&journal), "under way");
    drop(first);
    assert_eq!(found(&journal), "none");
}

#[test]
fn lock_file_of_a_killed_process_is_removed_by_a_later_run() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    lose(&journal, "/a.mp4");
    let uploads = dir.path().join("attempts");
    let text = fs::read_to_string(dir.path().join("journal.jsonl")).unwrap();
    let id = text
        .split_once(r#""id":""#)
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap();
    for name in [&*format!("{id}.lock"), "0123456789abcdef.lock", "notes.txt"] {
        fs::write(uploads.join(name), "").unwrap();
    }
    let mut live = UploadAttempt::new(HERE, &super::uploads::file("/b.mp4"), None);
    Journal::new(dir.path())
        .begin_upload(&mut live, false)
        .unwrap();
    // Nothing is removed by those who only look.
    fs::write(uploads.join(format!("{id}.lock")), "").unwrap();
    assert_eq!(found(&Journal::new(dir.path())), "unknown");
    let mut next = UploadAttempt::new(HERE, &super::uploads::file("/c.mp4"), None);
    Journal::new(dir.path())
        .begin_upload(&mut next, true)
        .unwrap();
    let mut expected = [
        format!("{}.lock", live.id),
        format!("{}.lock", next.id),
        "notes.txt".to_owned(),
    ];
    let mut names = lock_files(dir.path());
    names.sort();
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn same_content_begun_at_once_proceeds_once() {
    const ROUNDS: usize = 20;
    const THREADS: usize = 4;
    let dir = temp_dir();
    let barrier = Barrier::new(THREADS);
    let proceeded: Vec<AtomicUsize> = (0..ROUNDS).map(|_| AtomicUsize::new(0)).collect();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (path, barrier, proceeded) = (dir.path(), &barrier, &proceeded);
            scope.spawn(move || {
                let journal = Journal::new(path);
                for (round, count) in proceeded.iter().enumerate() {
                    let file = super::uploads::file(&format!("/{thread}.mp4"));
                    let hash = format!("{round:064x}");
                    let mut attempt = UploadAttempt::new(HERE, &file, Some(&hash));
                    barrier.wait();
                    match journal.begin_upload(&mut attempt, true).unwrap() {
                        BeginUpload::Proceed => count.fetch_add(1, Ordering::Relaxed),
                        BeginUpload::InProgress => 0,
                        other => panic!("{other:?}"),
                    };
                    barrier.wait();
                }
            });
        }
    });
    let counts: Vec<_> = proceeded
        .iter()
        .map(|count| count.load(Ordering::Relaxed))
        .collect();
    assert_eq!(counts, [1; ROUNDS]);
    assert_eq!(lock_files(dir.path()), [""; 0]);
}

/// A journal is text that anyone may have written: an ID is no path.
#[test]
fn id_of_an_odd_record_names_no_lock_file() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let mut other = attempt("/a.mp4");
    journal.begin_upload(&mut other, false).unwrap();
    let path = dir.path().join("journal.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let odd = format!("../attempts/{}", other.id);
    fs::write(&path, text.replace(&other.id, &odd)).unwrap();
    assert_eq!(
        begin(&Journal::new(dir.path()), "/b.mp4"),
        BeginUpload::Proceed
    );
}

#[test]
fn directory_in_place_of_a_lock_file_is_an_error_that_names_it() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let video_no = video("V1");
    let begin = || journal.begin_submit(&SubmitAttempt::new(HERE, &video_no, AUDIO, None));
    assert_eq!(begin(), Ok(BeginSubmit::Proceed));
    let id = journal.tasks().unwrap().as_slice()[0].attempt.clone();
    let name = format!("{}.lock", id.unwrap());
    fs::create_dir(dir.path().join("attempts").join(&name)).unwrap();
    let error = begin().unwrap_err();
    assert!(error.message.contains(&name), "{error:?}");
}

#[cfg(unix)]
#[test]
fn lock_files_are_private_to_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = temp_dir();
    let journal = Journal::new(dir.path().join("state"));
    let mut attempt = attempt("/a.mp4");
    journal.begin_upload(&mut attempt, false).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let attempts = dir.path().join("state/attempts");
    assert_eq!(mode(&attempts), 0o700);
    assert_eq!(mode(&attempts.join(format!("{}.lock", attempt.id))), 0o600);
}

#[cfg(unix)]
#[test]
fn file_system_without_locks_takes_other_uploads_for_dead() {
    use rustix::io::Errno;
    let dir = temp_dir();
    let mut journal = Journal::new(dir.path());
    journal
        .store
        .set_try_lock(|_| Err(fs::TryLockError::Error(Errno::NOLCK.into())));
    let mut first = attempt("/a.mp4");
    assert_eq!(
        journal.begin_upload(&mut first, true),
        Ok(BeginUpload::Proceed)
    );
    assert!(journal.take_warning().unwrap().contains("upload"));
    assert_eq!(lock_files(dir.path()), [""; 0]);
    assert_eq!(begin(&journal, "/b.mp4"), BeginUpload::Proceed);
    journal.upload_sent(&first).unwrap();
    assert!(matches!(begin(&journal, "/b.mp4"), BeginUpload::Unknown(_)));
}

/// What must be recorded is, and what must not be made twice is not made.
#[test]
fn upload_without_its_lock_file_is_recorded_and_an_error() {
    let dir = temp_dir();
    fs::write(dir.path().join("attempts"), "a file").unwrap();
    let journal = Journal::new(dir.path());
    for reuse in [false, true] {
        let error = journal
            .begin_upload(&mut attempt("/a.mp4"), reuse)
            .unwrap_err();
        assert!(error.message.contains("attempts is a file"), "{error}");
    }
    let text = fs::read_to_string(dir.path().join("journal.jsonl")).unwrap();
    assert_eq!(text.matches(r#""event":"uploading""#).count(), 2);
    assert_eq!(found_without_lock(&journal), None);
}

fn found_without_lock(journal: &Journal) -> Option<UploadStatus> {
    let uploads = journal.uploads().unwrap();
    let file = super::uploads::file("/a.mp4");
    uploads
        .find(HERE, &file, super::uploads::HASH)
        .map(|found| found.status)
}

#[test]
fn submit_under_way_is_told_from_one_whose_process_has_died() {
    let dir = temp_dir();
    let (first, other) = (Journal::new(dir.path()), Journal::new(dir.path()));
    let attempt = || SubmitAttempt::new(HERE, &video("V1"), AUDIO, None);
    for reuse in [false, true] {
        let submit = attempt();
        if reuse {
            assert_eq!(first.begin_submit(&submit).unwrap(), BeginSubmit::Proceed);
        } else {
            first.submitting(&submit).unwrap();
        }
        let begin = || other.begin_submit(&attempt()).unwrap();
        assert_eq!(begin(), BeginSubmit::InProgress);
        first.rejected(&submit).unwrap();
        drop(submit);
    }
    let submit = attempt();
    first.submitting(&submit).unwrap();
    drop(submit);
    let begin = other.begin_submit(&attempt()).unwrap();
    assert!(matches!(begin, BeginSubmit::Unknown(_)), "{begin:?}");
    assert_eq!(lock_files(dir.path()), [""; 0]);
}
