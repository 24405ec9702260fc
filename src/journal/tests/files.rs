//! What is in the journal's files, whoever writes them, and whenever.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn read(folder: &Path) -> String {
    fs::read_to_string(folder.join("journal.jsonl")).unwrap()
}

#[test]
fn a_record_torn_at_any_byte_harms_no_other() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    submit(&journal, "V1", "T1");
    let before = read(folder.path());
    submit(&journal, "V2", "T2");
    let whole = read(folder.path());
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    assert!(last > before.len());
    let path = folder.path().join("journal.jsonl");
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
fn foreign_lines_anywhere_are_skipped_and_newer_fields_and_events_tolerated() {
    let folder = folder();
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
    fs::write(folder.path().join("journal.jsonl"), bytes).unwrap();
    let tasks = Journal::new(folder.path()).tasks().unwrap();
    assert_eq!(states(&tasks), ["T1:pending", "T4:failed"]);
    assert_eq!(tasks.unreadable(), 6);
}

#[test]
fn many_writers_at_once_lose_no_record_and_tear_none() {
    let folder = folder();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let path = folder.path();
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
    let tasks = Journal::new(folder.path()).tasks().unwrap();
    assert_eq!(tasks.unreadable(), 0);
    assert_eq!(read(folder.path()).lines().count(), 1600);
    let by_number = tasks.by_number(HERE);
    assert_eq!(by_number.len(), 800);
    assert!(
        by_number
            .values()
            .all(|task| task.status == Status::Pending)
    );
}

#[test]
fn pruning_drops_what_is_over_and_old_enough() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let v = video("V");
    submit(&journal, "V1", "T1");
    submit(&journal, "V2", "T2");
    submit(&journal, "V3", "T3");
    let (unanswered, refused) = (
        Submission::new(HERE, &v, AUDIO, None),
        Submission::new(HERE, &v, AUDIO, None),
    );
    journal.submitting(&unanswered).unwrap();
    journal.submitting(&refused).unwrap();
    journal.rejected(&refused).unwrap();
    end(&journal, "T1", Outcome::Finished);
    end(&journal, "T2", Outcome::Failed);
    let now = Timestamp::now();
    let whole = read(folder.path());
    assert_eq!(journal.prune(DAY, now).unwrap(), 0);
    assert_eq!(read(folder.path()), whole, "nothing is that old");

    // An unknown submission may be under way, whatever age is asked for.
    assert_eq!(journal.prune(Duration::ZERO, now).unwrap(), 2);
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T3:pending", "?:unknown"]
    );
    assert_eq!(read(folder.path()).lines().count(), 3);
    journal.submitted(&unanswered, &task("T4")).unwrap();
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T3:pending", "T4:pending"]
    );

    journal
        .submitting(&Submission::new(HERE, &v, AUDIO, None))
        .unwrap();
    assert_eq!(journal.prune(DAY, now + 2 * DAY).unwrap(), 1);
    assert_eq!(
        states(&journal.tasks().unwrap()),
        ["T3:pending", "T4:pending"]
    );
    assert_eq!(journal.prune(Duration::MAX, now).unwrap(), 0);
}

#[test]
fn pruning_drops_torn_lines_and_keeps_what_a_newer_program_wrote() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let newer = r#"{"event":"archived","time":"2020-01-01T00:00:00Z","baseUrl":"https://x"}"#;
    let odd = r#"{"event":["submitted"],"taskNo":"T7"}"#;
    let path = folder.path().join("journal.jsonl");
    fs::write(&path, format!("{newer}\n{{\"event\":\"subm\n{odd}")).unwrap();
    assert_eq!(journal.prune(DAY, Timestamp::now()).unwrap(), 0);
    assert_eq!(read(folder.path()), format!("{newer}\n{odd}\n"));
}

#[test]
fn pruning_while_others_write_loses_nothing() {
    let folder = folder();
    let writing = AtomicUsize::new(4);
    let pruned = std::thread::scope(|scope| {
        for writer in 0..4 {
            let (path, writing) = (folder.path(), &writing);
            scope.spawn(move || {
                let journal = Journal::new(path);
                for n in 0..50 {
                    submit(&journal, "V", &format!("{writer}-{n}"));
                    if n % 2 == 0 {
                        end(&journal, &format!("{writer}-{n}"), Outcome::Finished);
                    }
                }
                writing.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let journal = Journal::new(folder.path());
        let mut pruned = 0;
        loop {
            let last = writing.load(Ordering::SeqCst) == 0;
            pruned += journal.prune(Duration::ZERO, Timestamp::now()).unwrap();
            if last {
                return pruned;
            }
        }
    });
    let tasks = Journal::new(folder.path()).tasks().unwrap();
    assert_eq!(tasks.unreadable(), 0);
    assert_eq!((pruned, tasks.pending(HERE).count()), (100, 100));
    assert_eq!(tasks.as_slice().len(), 100);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_look() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let state = folder.path().join("state/mavi");
    let journal = Journal::new(&state);
    submit(&journal, "V1", "T1");
    end(&journal, "T1", Outcome::Finished);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&state.join("journal.jsonl")), 0o600);
    assert_eq!(mode(&state.join("journal.lock")), 0o600);
    journal.prune(Duration::ZERO, Timestamp::now()).unwrap();
    assert_eq!(mode(&state.join("journal.jsonl")), 0o600);
    assert_eq!(
        fs::read_dir(&state).unwrap().count(),
        2,
        "no temporary file"
    );
}

#[cfg(unix)]
#[test]
fn anything_but_a_regular_file_is_refused() {
    let folder = folder();
    let target = folder.path().join("target");
    fs::write(&target, "mine").unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("journal.jsonl")).unwrap();
    let journal = Journal::new(folder.path());
    let v1 = video("V1");
    let error = journal
        .submitting(&Submission::new(HERE, &v1, AUDIO, None))
        .unwrap_err();
    assert!(error.message.ends_with("is not a regular file"), "{error}");
    assert!(journal.tasks().is_err());
    assert_eq!(fs::read_to_string(target).unwrap(), "mine");
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_that_names_the_file() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let journal = Journal::new(file.join("mavi"));
    let v1 = video("V1");
    let error = journal
        .submitting(&Submission::new(HERE, &v1, AUDIO, None))
        .unwrap_err();
    assert_eq!(error.kind, crate::error::Kind::Io);
    assert!(error.message.contains("journal.jsonl"), "{error}");
    assert!(error.hint.is_some());
}

#[test]
fn a_line_is_as_documented() {
    let folder = folder();
    let journal = Journal::new(folder.path());
    let v1 = video("V\u{2028}\"1");
    let submission = Submission::new("https://mavi.example/", &v1, AUDIO, Some("https://me/"));
    journal.submitted(&submission, &task("T1")).unwrap();
    let line = read(folder.path());
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
    let other = Submission::new(HERE, &v1, AUDIO, None);
    assert_ne!(submission.id, other.id);
}
