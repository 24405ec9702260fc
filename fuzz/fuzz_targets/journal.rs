//! Any journal: it is replayed, a line that cannot be read harms no other, pruning removes the tasks that
//! it counts and changes none of the rest, and reading on from anywhere finds what reading anew does.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use mavi::ids::{TranscriptionType, VideoNo};
use mavi::journal::{BeginSubmit, Journal, PruneFilter, Reuse, SubmitAttempt, Task};
use serde::de::IgnoredAny;
use tempfile::TempDir;

const RECORDED: &str = r#"{"time":"2026-11-22T16:38:00.123Z","event":"submitted","id":"a1","baseUrl":"https://a","videoNo":"V0","type":"audio","taskNo":"T0"}
{"time":"2026-11-22T16:38:01.123Z","event":"submitting","id":"a2","baseUrl":"https://a","videoNo":"V0","type":"video"}
{"time":"2026-11-22T16:38:02.123Z","event":"finished","baseUrl":"https://a","taskNo":"T0","byCallback":true}
"#;
const BASE_URL: &str = "https://a";

fuzz_target!(|bytes: &[u8]| {
    let folder = Folder::new();
    let journal = Journal::new(folder.0.path());

    let torn = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap()
        .trim_ascii();
    if serde_json::from_slice::<IgnoredAny>(torn).is_err() {
        folder.write(&[RECORDED.as_bytes()]);
        let recorded = tasks(&journal);
        folder.write(&[RECORDED.as_bytes(), torn, b"\n", RECORDED.as_bytes()]);
        assert_eq!(tasks(&journal).len(), 3);
        folder.write(&[RECORDED.as_bytes(), torn]);
        assert_eq!(tasks(&journal), recorded);
        assert_eq!(
            journal.tasks().unwrap().unreadable(),
            usize::from(!torn.is_empty())
        );
    }

    let middle = bytes[bytes.len() / 2..]
        .iter()
        .position(|byte| *byte == b'\n');
    let (start, rest) = bytes.split_at(middle.map_or(0, |at| bytes.len() / 2 + at + 1));
    folder.write(&[start]);
    let video = |id| VideoNo::new(id).unwrap();
    journal.begin_submit(&attempt(&video("V1"))).unwrap();
    folder.append(rest);
    let all = journal.tasks().unwrap();
    let found = match journal.begin_submit(&attempt(&video("V0"))).unwrap() {
        BeginSubmit::Existing(task) | BeginSubmit::Unknown(task) => Some(task),
        BeginSubmit::Proceed => None,
        BeginSubmit::InProgress => panic!("nothing else is in progress"),
    };
    let found = found.as_ref();
    match all
        .reusable(BASE_URL)
        .get(&video("V0"), TranscriptionType::Audio)
    {
        Reuse::Task(task) => assert_eq!(found.unwrap().task_no.as_ref(), Some(task)),
        Reuse::Unknown(task) => assert_eq!(found, Some(task)),
        Reuse::Nothing => assert_eq!(found, None),
    }

    folder.write(&[bytes]);
    journal.uploads().unwrap();
    let mut left = tasks(&journal);
    for older_than in [Duration::MAX, Duration::ZERO] {
        let before = left;
        let filter = PruneFilter {
            older_than,
            ..PruneFilter::default()
        };
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let removed = journal.prune(&filter, now).unwrap();
        left = tasks(&journal);
        assert_eq!(left.len() + removed, before.len());
        let mut before = before.iter();
        for task in &left {
            assert!(before.any(|other| other == task), "{task:?} is another");
        }
        assert_eq!(journal.prune(&filter, now).unwrap(), 0);
    }
});

/// The directory of a journal, which is removed on drop.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("journal.jsonl")
    }

    fn write(&self, parts: &[&[u8]]) {
        fs::write(self.file(), parts.concat()).unwrap();
    }

    fn append(&self, bytes: &[u8]) {
        let journal = fs::read(self.file()).unwrap();
        self.write(&[&journal, bytes]);
    }
}

fn tasks(journal: &Journal) -> Vec<Task> {
    journal.tasks().unwrap().as_slice().to_vec()
}

fn attempt(video: &VideoNo) -> SubmitAttempt {
    SubmitAttempt::new(BASE_URL, video, TranscriptionType::Audio, None)
}
