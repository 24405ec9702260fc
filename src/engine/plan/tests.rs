//! Tests of the plan.

use super::super::rate_limit::{AccountLimits, EndpointLimit};
use super::*;
use crate::ids::TranscriptionType::{Audio, Video};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// A record of uploads by content, which is the name of the file, and of tasks by video and type.
#[derive(Default)]
struct Record {
    uploads: HashMap<&'static str, UploadOnRecord>,
    tasks: HashMap<(&'static str, TranscriptionType), TaskOnRecord>,
}

impl PlanRecord for Record {
    fn sha256(&mut self, file: &VideoFile) -> Result<Option<String>, Error> {
        Ok(Some(file.name.clone()))
    }

    fn upload(&self, _: &VideoFile, sha256: &str) -> Option<UploadOnRecord> {
        self.uploads.get(sha256).cloned()
    }

    fn task(&self, video: &VideoNo, kind: TranscriptionType) -> Option<TaskOnRecord> {
        self.tasks.get(&(video.as_str(), kind)).cloned()
    }
}

fn rules(reuses: bool) -> PlanRules {
    PlanRules {
        reuses_uploads: reuses,
        reuses_tasks: reuses,
        fetches_results: true,
        limits: RateLimiter::new(AccountLimits::default()),
    }
}

fn video(video: &str) -> VideoNo {
    VideoNo::new(video).unwrap()
}

/// A file whose content is its name.
fn file(path: &str, size: u64) -> VideoSource {
    let path = PathBuf::from(path);
    VideoSource::File(Arc::new(VideoFile {
        name: path.file_name().unwrap().to_str().unwrap().to_owned(),
        path,
        size,
        modified: None,
    }))
}

fn item(source: VideoSource, kind: impl Into<Option<TranscriptionType>>) -> PlanItem {
    PlanItem {
        source,
        transcription_type: kind.into(),
        existing: None,
    }
}

fn record() -> Record {
    let uploads = [
        ("b.mp4", UploadOnRecord::Video(video("V2"))),
        ("c.mp4", UploadOnRecord::ParseFailed(video("V3"))),
        ("d.mp4", UploadOnRecord::Unanswered),
    ];
    let tasks = [
        (
            ("V2", Audio),
            TaskOnRecord::Task(TaskNo::new("T2").unwrap()),
        ),
        (("V9", Audio), TaskOnRecord::Unanswered),
    ];
    Record {
        uploads: uploads.into(),
        tasks: tasks.into(),
    }
}

#[test]
fn recorded_uploads_and_tasks_are_used() {
    let existing = PlanItem {
        existing: Some(vec!["x.srt".into(), "x.json".into()]),
        ..item(file("x.mp4", 7), Audio)
    };
    let items = [
        item(file("a.mp4", 312_000_000), Audio),
        item(file("a.mp4", 312_000_000), Video),
        item(file("copies/a.mp4", 312_000_000), Audio),
        item(file("b.mp4", 1), Audio),
        item(file("b.mp4", 1), Video),
        item(file("c.mp4", 1), Audio),
        item(file("d.mp4", 1), Audio),
        item(VideoSource::Video(video("V9")), Audio),
        item(VideoSource::Video(video("V8")), Audio),
        existing,
    ];
    let plan = Plan::new(&items, &rules(true), &mut record()).unwrap();
    let expected = "\
a.mp4 (audio): upload 312 MB, submit
a.mp4 (video): same upload, submit
copies/a.mp4 (audio): same content as a.mp4, same task
b.mp4 (audio): reuse video V2, reuse task T2
b.mp4 (video): reuse video V2, submit
c.mp4 (audio): fail: the service could not parse video V3
d.mp4 (audio): look up an upload that got no answer, submit if it is found
V9 (audio): stop: a submit that got no answer is recorded
V8 (audio): submit
x.mp4 (audio): skip: x.srt, x.json exist";
    assert_eq!(plan.lines.join("\n"), expected);
    let submits = (plan.audio_submits, plan.video_submits);
    assert_eq!((plan.uploads, submits), (1, (3, 2)));
    let total = "1 upload (312 MB) and 5 submits would be paid for; the rate limits allow all \
                     of it at once";
    assert_eq!(plan.total(), total);
}

#[test]
fn without_reuse_everything_is_paid_for() {
    let items = [
        item(file("b.mp4", 4_200), Audio),
        item(file("c.mp4", 12), Audio),
        item(VideoSource::Video(video("V2")), Audio),
    ];
    let plan = Plan::new(&items, &rules(false), &mut record()).unwrap();
    let expected = "\
b.mp4 (audio): upload 4.2 kB again (recorded as video V2), submit
c.mp4 (audio): upload 12 bytes, submit
V2 (audio): submit";
    assert_eq!(plan.lines.join("\n"), expected);
    assert_eq!((plan.uploads, plan.audio_submits), (2, 3));
}

#[test]
fn same_content_is_submitted_once() {
    let items = [
        item(file("a.mp4", 1), Audio),
        item(file("copies/a.mp4", 1), Audio),
    ];
    let plan = Plan::new(&items, &rules(true), &mut Record::default()).unwrap();
    let expected = "\
a.mp4 (audio): upload 1 byte, submit
copies/a.mp4 (audio): same content as a.mp4, same task";
    assert_eq!(plan.lines.join("\n"), expected);
    assert_eq!((plan.uploads, plan.audio_submits), (1, 1));
}

#[test]
fn least_time_follows_the_limits_of_minute_and_day() {
    let least = |uploads: usize, submits: usize| {
        let uploads = (0..uploads).map(|n| item(file(&format!("{n}.mp4"), 1), None));
        let submits = (0..submits).map(|n| item(VideoSource::Video(video(&n.to_string())), Video));
        let items: Vec<_> = uploads.chain(submits).collect();
        let plan = Plan::new(&items, &rules(true), &mut Record::default()).unwrap();
        plan.least_time
    };
    assert_eq!(least(10, 20), Duration::ZERO);
    assert_eq!(least(11, 20), MINUTE);
    assert_eq!(least(10, 61), MINUTE * 3);
    assert_eq!(least(1_000, 1), MINUTE * 99);
    assert_eq!(least(1_011, 1), DAY + MINUTE);
    let plan = Plan {
        least_time: least(11, 0),
        ..Plan::default()
    };
    let total = "nothing would be paid for; the rate limits make it last at least 1m";
    assert_eq!(plan.total(), total);
}

#[test]
fn without_reuse_the_same_content_is_uploaded_twice() {
    let items = ["a.mp4", "copies/a.mp4"].map(|path| item(file(path, 1), Audio));
    let plan = Plan::new(&items, &rules(false), &mut record()).unwrap();
    let expected = "\
a.mp4 (audio): upload 1 byte, submit
copies/a.mp4 (audio): upload 1 byte, submit";
    assert_eq!(plan.lines.join("\n"), expected);
    assert_eq!((plan.uploads, plan.upload_bytes), (2, 2));
}

#[test]
fn each_result_takes_a_poll() {
    let rules = |fetches_results| PlanRules {
        fetches_results,
        limits: RateLimiter::new(AccountLimits {
            get: EndpointLimit::new(1, 1_000),
            ..AccountLimits::default()
        }),
        ..rules(true)
    };
    let submits = ["V8", "V9"].map(|name| item(VideoSource::Video(video(name)), Video));
    let recorded = ["V2", "V2"].map(|name| item(VideoSource::Video(video(name)), Audio));
    for items in [submits, recorded] {
        let least = |fetches| {
            let plan = Plan::new(&items, &rules(fetches), &mut record());
            plan.unwrap().least_time
        };
        assert_eq!((least(true), least(false)), (MINUTE, Duration::ZERO));
    }
}
