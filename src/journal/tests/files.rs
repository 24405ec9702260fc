//! The journal's files: contents, permissions, and concurrent writers.

use std::fs;
use std::path::Path;

use super::*;

fn read(dir: &Path) -> String {
    fs::read_to_string(dir.join("journal.jsonl")).unwrap()
}

#[test]
fn torn_record_loses_only_itself() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    submit(&journal, "V1", "T1");
    let before = read(dir.path());
    submit(&journal, "V2", "T2");
    let whole = read(dir.path());
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    assert!(last > before.len());
    let path = dir.path().join("journal.jsonl");
    for cut in last..=whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        submit(&journal, "V3", "T3");
        let tasks = journal.tasks().unwrap();
        // A record that lacks only its line end is whole.
        let complete = cut + 1 >= whole.len();
        let second = if complete { "T2:pending" } else { "?:unknown" };
        assert_eq!(
            states(&tasks),
            ["T1:pending", second, "T3:pending"],
            "{cut}"
        );
        let torn = usize::from(cut > last && !complete);
        assert_eq!(tasks.unreadable(), torn, "{cut}");
    }
}

#[test]
fn revision_differs_after_each_record() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    assert_eq!(journal.revision(), None);
    submit(&journal, "V1", "T1");
    let first = journal.revision();
    assert!(first.is_some());
    assert_eq!(journal.revision(), first);
    end(&journal, "T1", Outcome::Finished);
    assert!(journal.revision().is_some() && journal.revision() != first);
}

#[test]
fn unreadable_lines_are_skipped_and_newer_fields_tolerated() {
    let dir = temp_dir();
    let head = r#""time":"2026-11-22T16:38:00.123Z","baseUrl":"https://mavi.example""#;
    let lines = [
        "<<<<<<< a merge conflict".to_owned(),
        format!(r#"{{{head},"event":"submitted","id":"a","taskNo":"T1","shoe":{{"size":9}}}}"#),
        format!(r#"{{{head},"event":"archived","taskNo":"T1"}}"#),
        format!(r#"{{{head},"event":"submitted","id":"b","taskNo":"T\n2"}}"#),
        format!(r#"{{{head},"event":"submitted","id":"b"}}"#),
        r#"{"event":"submitted","taskNo":"T3"}"#.to_owned(),
        String::new(),
        "[1,2".to_owned(),
        format!(r#"{{{head},"event":"failed","taskNo":"T4","type":"SMELL","videoNo":null}}"#),
    ];
    let mut bytes = lines.join("\n").into_bytes();
    bytes.extend_from_slice(b"\n\xff\xfe\n");
    fs::write(dir.path().join("journal.jsonl"), bytes).unwrap();
    let tasks = Journal::new(dir.path()).tasks().unwrap();
    assert_eq!(states(&tasks), ["T1:pending", "T4:failed"]);
    assert_eq!(tasks.unreadable(), 6);
}

#[test]
fn concurrent_writers_lose_no_record() {
    let dir = temp_dir();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let path = dir.path();
            scope.spawn(move || {
                // Locks belong to open files, and each record opens its own: to the system, these
                // threads are as good as processes.
                let journal = Journal::new(path);
                for n in 0..100 {
                    submit(&journal, &format!("V{n}"), &format!("{writer}-{n}"));
                }
            });
        }
    });
    let tasks = Journal::new(dir.path()).tasks().unwrap();
    assert_eq!(tasks.unreadable(), 0);
    assert_eq!(read(dir.path()).lines().count(), 1600);
    let by_number = tasks.by_number(HERE);
    assert_eq!(by_number.len(), 800);
    assert!(
        by_number
            .values()
            .all(|task| task.status == TaskStatus::Pending)
    );
}

#[test]
fn prune_removes_old_ended_tasks() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let v = video("V");
    submit(&journal, "V1", "T1");
    submit(&journal, "V2", "T2");
    submit(&journal, "V3", "T3");
    let (unanswered, refused) = (
        SubmitAttempt::new(HERE, &v, AUDIO, None),
        SubmitAttempt::new(HERE, &v, AUDIO, None),
    );
    journal.submitting(&unanswered).unwrap();
    journal.submitting(&refused).unwrap();
    journal.rejected(&refused).unwrap();
    end(&journal, "T1", Outcome::Finished);
    end(&journal, "T2", Outcome::Failed);
    let now = Timestamp::now();
    let whole = read(dir.path());
    assert_eq!(journal.prune(&older_than(DAY), now).unwrap(), 0);
    assert_eq!(read(dir.path()), whole, "nothing is that old");

    // An unknown submission may be under way, whatever age is asked for.
    assert_eq!(journal.prune(&older_than(Duration::ZERO), now).unwrap(), 2);
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T3:pending", "?:unknown"]
    );
    assert_eq!(read(dir.path()).lines().count(), 3);
    journal.submitted(&unanswered, &task("T4")).unwrap();
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T3:pending", "T4:pending"]
    );

    journal
        .submitting(&SubmitAttempt::new(HERE, &v, AUDIO, None))
        .unwrap();
    assert_eq!(journal.prune(&older_than(DAY), now + 2 * DAY).unwrap(), 1);
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T3:pending", "T4:pending"]
    );
    assert_eq!(journal.prune(&older_than(Duration::MAX), now).unwrap(), 0);
}

#[test]
fn prune_drops_torn_lines_and_keeps_unrecognized_ones() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let newer = r#"{"event":"archived","time":"2020-01-01T00:00:00Z","baseUrl":"https://x"}"#;
    let odd = r#"{"event":["submitted"],"taskNo":"T7"}"#;
    let path = dir.path().join("journal.jsonl");
    fs::write(&path, format!("{newer}\n{{\"event\":\"subm\n{odd}")).unwrap();
    assert_eq!(
        journal.prune(&older_than(DAY), Timestamp::now()).unwrap(),
        0
    );
    assert_eq!(read(dir.path()), format!("{newer}\n{odd}\n"));
}

#[test]
fn prune_during_writes_loses_no_record() {
    let dir = temp_dir();
    let prune = || {
        let journal = Journal::new(dir.path());
        let pruned = journal.prune(&older_than(Duration::ZERO), Timestamp::now());
        pruned.unwrap()
    };
    let mut pruned = 0;
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let path = dir.path();
            scope.spawn(move || {
                let journal = Journal::new(path);
                for n in 0..50 {
                    submit(&journal, "V", &format!("{writer}-{n}"));
                    if n % 2 == 0 {
                        end(&journal, &format!("{writer}-{n}"), Outcome::Finished);
                    }
                }
            });
        }
        // As often as is still amid the writes: without a pause, the others hardly get the lock.
        pruned += (0..50).map(|_| prune()).sum::<usize>();
    });
    pruned += prune();
    let tasks = Journal::new(dir.path()).tasks().unwrap();
    assert_eq!(tasks.unreadable(), 0);
    assert_eq!((pruned, tasks.pending(HERE).count()), (100, 100));
    assert_eq!(tasks.as_slice().len(), 100);
}

#[cfg(unix)]
#[test]
fn files_are_private_to_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = temp_dir();
    let state = dir.path().join("state/mavi");
    let journal = Journal::new(&state);
    submit(&journal, "V1", "T1");
    end(&journal, "T1", Outcome::Finished);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&state.join("journal.jsonl")), 0o600);
    assert_eq!(mode(&state.join("journal.lock")), 0o600);
    journal
        .prune(&older_than(Duration::ZERO), Timestamp::now())
        .unwrap();
    assert_eq!(mode(&state.join("journal.jsonl")), 0o600);
    assert_eq!(
        fs::read_dir(&state).unwrap().count(),
        3,
        "no temporary file beside the journal, its lock, and the locks of attempts"
    );
}

#[cfg(unix)]
#[test]
fn non_regular_file_is_an_error() {
    let dir = temp_dir();
    let target = dir.path().join("target");
    fs::write(&target, "mine").unwrap();
    std::os::unix::fs::symlink(&target, dir.path().join("journal.jsonl")).unwrap();
    let journal = Journal::new(dir.path());
    let v1 = video("V1");
    let error = journal
        .submitting(&SubmitAttempt::new(HERE, &v1, AUDIO, None))
        .unwrap_err();
    assert!(error.message.ends_with("not a regular file"), "{error}");
    assert!(journal.tasks().is_err());
    assert_eq!(fs::read_to_string(target).unwrap(), "mine");
}

#[test]
fn unwritable_directory_is_an_error_naming_the_file() {
    let dir = temp_dir();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let journal = Journal::new(file.join("mavi"));
    let v1 = video("V1");
    let error = journal
        .submitting(&SubmitAttempt::new(HERE, &v1, AUDIO, None))
        .unwrap_err();
    assert_eq!(error.kind, crate::error::ErrorKind::Io);
    assert!(error.message.contains("journal.jsonl"), "{error}");
    assert!(error.hint.is_some());
}

#[test]
fn line_format_is_stable() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let v1 = video("V\u{2028}\"1");
    let submission = SubmitAttempt::new("https://mavi.example/", &v1, AUDIO, Some("https://me/"));
    journal.submitted(&submission, &task("T1")).unwrap();
    let line = read(dir.path());
    let (time, rest) = line.split_at(r#"{"time":"2026-11-22T16:38:00.123Z""#.len());
    assert!(time.ends_with("Z\""), "{time}");
    assert_eq!(
        rest,
        format!(
            "{}\n",
            format_args!(
                r#","event":"submitted","id":"{}","baseUrl":"https://mavi.example","videoNo":"V{}\"1","type":"audio","callback":"https://me/","taskNo":"T1"}}"#,
                submission.id, '\u{2028}'
            )
        )
    );
    assert_eq!(submission.id.len(), 16);
    let other = SubmitAttempt::new(HERE, &v1, AUDIO, None);
    assert_ne!(submission.id, other.id);
}

#[test]
fn prune_removes_copies_of_a_killed_prune() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    submit(&journal, "V1", "T1");
    for name in [".journal-aB3dEf.part", ".tmpaB3dEf"] {
        fs::write(dir.path().join(name), "half a journal").unwrap();
    }
    fs::write(dir.path().join("notes.part"), "mine").unwrap();
    journal.prune(&older_than(DAY), Timestamp::now()).unwrap();
    let mut names: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = ["attempts", "journal.jsonl", "journal.lock", "notes.part"];
    assert_eq!(names, expected);
    assert_eq!(states(&journal.tasks().unwrap()), ["T1:pending"]);
}

#[test]
fn error_names_the_lock_file_where_that_is_the_culprit() {
    let dir = temp_dir();
    fs::create_dir(dir.path().join("journal.lock")).unwrap();
    let journal = Journal::new(dir.path());
    let v1 = video("V1");
    let error = journal
        .submitting(&SubmitAttempt::new(HERE, &v1, AUDIO, None))
        .unwrap_err();
    let culprit = dir.path().join("journal.lock").display().to_string();
    assert!(error.message.contains(&culprit), "{error}");
    assert_eq!(error.message.matches("journal.lock").count(), 1, "{error}");
}

/// NFS and Lustre say ENOLCK, gVisor ENOSYS, 9p EOPNOTSUPP.
#[cfg(unix)]
#[test]
fn file_system_without_locks_is_recorded_with_one_warning() {
    use rustix::io::Errno;
    use std::fs::TryLockError::Error;
    for try_lock in [
        |_: &_| Err(Error(Errno::NOLCK.into())),
        |_: &_| Err(Error(Errno::NOSYS.into())),
        |_: &_| Err(Error(Errno::OPNOTSUPP.into())),
    ] {
        let dir = temp_dir();
        let mut journal = Journal::new(dir.path());
        journal.store.set_try_lock(try_lock);
        assert_eq!(journal.take_warning(), None);
        submit(&journal, "V1", "T1");
        assert!(journal.take_warning().is_some());
        let v1 = video("V1");
        let attempt = SubmitAttempt::new(HERE, &v1, AUDIO, None);
        let begin = journal.begin_submit(&attempt).unwrap();
        assert!(matches!(begin, BeginSubmit::Existing(_)), "{begin:?}");
        assert_eq!(journal.take_warning(), None, "said before");

        // Without a lock, another process could append to the file that is being replaced.
        end(&journal, "T1", Outcome::Finished);
        assert!(
            journal
                .prune(&older_than(Duration::ZERO), Timestamp::now())
                .is_err()
        );
        assert_eq!(states(&journal.tasks().unwrap()), ["T1:finished"]);
    }
}

#[cfg(unix)]
#[test]
fn failing_lock_is_an_error() {
    let dir = temp_dir();
    let mut journal = Journal::new(dir.path());
    let eio = |_: &_| Err(fs::TryLockError::Error(rustix::io::Errno::IO.into()));
    journal.store.set_try_lock(eio);
    let v1 = video("V1");
    let attempt = SubmitAttempt::new(HERE, &v1, AUDIO, None);
    assert!(journal.submitting(&attempt).is_err());
    assert!(!dir.path().join("journal.jsonl").exists());
}

#[test]
fn prune_is_limited_to_a_status_and_a_service() {
    let dir = temp_dir();
    let journal = Journal::new(dir.path());
    let v1 = video("V1");
    let elsewhere = SubmitAttempt::new("http://elsewhere", &v1, AUDIO, None);
    journal.submitted(&elsewhere, &task("E1")).unwrap();
    for n in ["T1", "T2", "T3"] {
        submit(&journal, n, n);
    }
    end(&journal, "T2", Outcome::Failed);
    let now = Timestamp::now() + DAY / 2;
    let filter = |status, older_than| PruneFilter {
        older_than,
        base_url: Some("https://mavi.example/"),
        status,
    };
    let prune = |status, older_than| journal.prune(&filter(status, older_than), now).unwrap();
    assert_eq!(prune(Some(TaskStatus::Finished), Duration::ZERO), 0);
    assert_eq!(prune(Some(TaskStatus::Pending), DAY), 0);
    journal.forget(HERE, &task("T3")).unwrap();
    assert_eq!(prune(Some(TaskStatus::Pending), Duration::ZERO), 1);
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["E1:pending", "T2:failed"]
    );
    assert!(!read(dir.path()).contains("T3"), "{}", read(dir.path()));
    assert_eq!(prune(None, Duration::ZERO), 1);
    assert_eq!(states(&journal.tasks().unwrap()), ["E1:pending"]);
}
