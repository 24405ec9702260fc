//! What `mavi` has recorded, compared with what the sandbox knows.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::env::TestEnv;

/// What `mavi tasks` says: the task numbers with video and status, and the videos whose submits
/// have no recorded answer.
#[derive(Debug, Default)]
pub(crate) struct OnRecord {
    pub(crate) numbered: HashMap<String, (String, String)>,
    pub(crate) unknown: HashSet<String>,
}

impl TestEnv {
    /// Returns what is on record. Every line of the journal must be readable, and no video may be there
    /// twice.
    pub(crate) fn on_record(&self) -> OnRecord {
        let run = self.run("tasks --format jsonl").ok();
        assert!(!run.stderr.contains("could not be read"), "{run:#?}");
        let mut found = OnRecord::default();
        let mut videos = HashSet::new();
        for line in run.stdout.lines() {
            let task: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| task[key].as_str().map(str::to_owned);
            let video = text("videoNo").unwrap();
            assert!(videos.insert(video.clone()), "{video} is on record twice");
            match text("taskNo") {
                None => assert!(found.unknown.insert(video)),
                Some(number) => {
                    let status = text("status").unwrap();
                    found.numbered.insert(number, (video, status));
                }
            }
        }
        found
    }

    /// Asserts that every task that the sandbox has accepted is on record, with its ID or as unknown,
    /// that every ID on record is one of the sandbox's, and that it was paid once for each video.
    /// Returns what is on record.
    pub(crate) fn reconcile(&self) -> OnRecord {
        let record = self.on_record();
        let accepted = self.sandbox().tasks();
        let mut paid = HashSet::new();
        for task in &accepted {
            assert!(paid.insert(&task.video_no), "{task:?} was paid for twice");
            match record.numbered.get(&task.task_no) {
                Some((video, _)) => assert_eq!(*video, task.video_no),
                None => assert!(record.unknown.contains(&task.video_no), "{task:?} is lost"),
            }
        }
        let numbers: HashSet<_> = accepted.iter().map(|task| &task.task_no).collect();
        for number in record.numbered.keys() {
            assert!(numbers.contains(number), "{number} is nobody's");
        }
        record
    }
}
