//! The plan of a run, for `--dry-run`: what would be done about each item, what would be paid for, and
//! the least time that the rate limits make it last. Pure: made from the items and the record.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::rate_limit::{Endpoint, RateLimiter};
use crate::duration;
use crate::error::Error;
use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::text::{self, count};
use crate::video_file::VideoFile;

/// The video of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VideoSource {
    /// A file to upload.
    File(Arc<VideoFile>),
    /// A video of the account.
    Video(VideoNo),
}

impl VideoSource {
    /// Returns the name of the item for messages: `talk.mp4 (audio)`, or `VI1` without a type.
    #[must_use]
    pub fn label(&self, transcription_type: Option<TranscriptionType>) -> String {
        let name = match self {
            Self::File(file) => file.path.to_string_lossy(),
            Self::Video(video) => video.as_str().into(),
        };
        let name = text::one_line(&name);
        match transcription_type {
            Some(transcription_type) => format!("{name} ({transcription_type})"),
            None => name.into_owned(),
        }
    }
}

/// An item to plan.
#[derive(Clone, Debug)]
pub struct PlanItem {
    /// The video.
    pub source: VideoSource,
    /// The type of transcription; `None` if the upload is all that is asked for.
    pub transcription_type: Option<TranscriptionType>,
    /// The files of the result, if they exist and are left alone.
    pub existing: Option<Vec<PathBuf>>,
}

/// The upload of a content, as the record has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadOnRecord {
    /// The service accepted it.
    Video(VideoNo),
    /// The service accepted it and could not parse it.
    ParseFailed(VideoNo),
    /// It was sent, and no answer is recorded.
    Unanswered,
}

/// The task of a video and a type, as the record has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskOnRecord {
    /// The service accepted it.
    Task(TaskNo),
    /// It was submitted, and no answer is recorded.
    Unanswered,
}

/// The record that a plan is made from.
pub trait PlanRecord {
    /// Returns the SHA-256 of a file's content, where the content may be known already.
    fn sha256(&mut self, file: &VideoFile) -> Result<Option<String>, Error>;
    /// Returns the newest upload of this content that counts.
    fn upload(&self, file: &VideoFile, sha256: &str) -> Option<UploadOnRecord>;
    /// Returns the newest task that counts.
    fn task(&self, video: &VideoNo, transcription_type: TranscriptionType) -> Option<TaskOnRecord>;
}

/// The rules of the planned run.
#[derive(Clone, Debug)]
pub struct PlanRules {
    /// Recorded uploads are used.
    pub reuses_uploads: bool,
    /// Recorded tasks are used.
    pub reuses_tasks: bool,
    /// Each result is fetched.
    pub fetches_results: bool,
    /// The rate limits, with what is counted already.
    pub limits: RateLimiter,
}

/// The plan of a run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// A line per item.
    pub lines: Vec<String>,
    /// The number of uploads that would be paid for.
    pub uploads: usize,
    /// Their size in bytes.
    pub upload_bytes: u64,
    /// The number of submits of type audio that would be paid for.
    pub audio_submits: usize,
    /// The number of submits of type video that would be paid for.
    pub video_submits: usize,
    /// The least time that the rate limits make the run last.
    pub least_time: Duration,
}

impl Plan {
    /// Plans the items. Fails with kind `io` if a file cannot be read.
    pub fn new(
        items: &[PlanItem],
        rules: &PlanRules,
        record: &mut impl PlanRecord,
    ) -> Result<Self, Error> {
        let mut planner = Planner {
            plan: Self::default(),
            rules,
            record,
            by_path: HashMap::new(),
            by_content: HashMap::new(),
            tasks: HashSet::new(),
            results: 0,
        };
        for item in items {
            let label = item.source.label(item.transcription_type);
            let step = planner.step(item)?;
            planner.plan.lines.push(format!("{label}: {step}"));
        }
        let gets = if rules.fetches_results {
            planner.results
        } else {
            0
        };
        let mut plan = planner.plan;
        plan.least_time = [
            (Endpoint::Upload, plan.uploads),
            (Endpoint::SubmitAudio, plan.audio_submits),
            (Endpoint::SubmitVideo, plan.video_submits),
            (Endpoint::Get, gets),
        ]
        .into_iter()
        .map(|(endpoint, calls)| rules.limits.least_wait(endpoint, calls))
        .max()
        .unwrap_or_default();
        Ok(plan)
    }

    /// Returns the sentence on what would be paid for, and how long it takes at least.
    #[must_use]
    pub fn total(&self) -> String {
        let submits = self.audio_submits + self.video_submits;
        let mut paid = Vec::new();
        if self.uploads > 0 {
            let size = text::size(self.upload_bytes);
            paid.push(format!("{} ({size})", count(self.uploads, "upload")));
        }
        if submits > 0 {
            paid.push(count(submits, "submit"));
        }
        if paid.is_empty() && self.least_time.is_zero() {
            return "nothing would be paid for".to_owned();
        }
        let mut total = match &*paid.join(" and ") {
            "" => "nothing would be paid for".to_owned(),
            paid => format!("{paid} would be paid for"),
        };
        let _ = match self.least_time {
            Duration::ZERO => write!(total, "; the rate limits allow all of it at once"),
            least => {
                let least = duration::format(least);
                write!(total, "; the rate limits make it last at least {least}")
            }
        };
        total
    }
}

struct Planner<'a, R> {
    plan: Plan,
    rules: &'a PlanRules,
    record: &'a mut R,
    /// The video of each file that has been planned.
    by_path: HashMap<PathBuf, PlannedVideo>,
    /// The first file of each content that has been planned.
    by_content: HashMap<String, PathBuf>,
    /// The tasks that would be submitted.
    tasks: HashSet<(PlannedVideo, TranscriptionType)>,
    /// The number of tasks that would have results.
    results: usize,
}

/// The way in which the video of a file comes to be.
#[derive(Clone, PartialEq, Eq, Hash)]
enum PlannedVideo {
    /// Uploaded from this path, the first of its content.
    New(PathBuf),
    Known(VideoNo),
    Failed(VideoNo),
    Unanswered(PathBuf),
}

impl PlannedVideo {
    fn of_record(recorded: UploadOnRecord, file: &VideoFile) -> Self {
        match recorded {
            UploadOnRecord::Video(video) => Self::Known(video),
            UploadOnRecord::ParseFailed(video) => Self::Failed(video),
            UploadOnRecord::Unanswered => Self::Unanswered(file.path.clone()),
        }
    }

    /// Returns the step of an item that uploads nothing itself.
    fn step(&self) -> String {
        match self {
            Self::New(_) => "same upload".to_owned(),
            Self::Known(video) => format!("reuse video {video}"),
            Self::Failed(video) => format!("fail: the service could not parse video {video}"),
            Self::Unanswered(_) => "look up an upload that got no answer".to_owned(),
        }
    }
}

impl<R: PlanRecord> Planner<'_, R> {
    fn step(&mut self, item: &PlanItem) -> Result<String, Error> {
        if let Some(existing) = &item.existing {
            let names: Vec<_> = existing.iter().map(|path| path.to_string_lossy()).collect();
            let names = names.join(", ");
            let verb = if existing.len() == 1 {
                "exists"
            } else {
                "exist"
            };
            return Ok(format!("skip: {} {verb}", text::one_line(&names)));
        }
        let (video, upload) = match &item.source {
            VideoSource::Video(video) => (PlannedVideo::Known(video.clone()), None),
            VideoSource::File(file) => {
                let (video, step) = self.video(file, item.transcription_type.is_none())?;
                (video, Some(step))
            }
        };
        let submit = match (item.transcription_type, &video) {
            (None, _) | (_, PlannedVideo::Failed(_)) => None,
            (Some(kind), _) => Some(self.task(&video, kind)),
        };
        let steps: Vec<String> = upload.into_iter().chain(submit).collect();
        Ok(steps.join(", "))
    }

    /// Plans the upload of a file. If it `is_all`, a video that the service could not parse is of no use.
    fn video(&mut self, file: &VideoFile, is_all: bool) -> Result<(PlannedVideo, String), Error> {
        if let Some(planned) = self.by_path.get(&file.path) {
            return Ok((planned.clone(), planned.step()));
        }
        let sha256 = self.record.sha256(file)?;
        let recorded = sha256
            .as_ref()
            .and_then(|sha256| self.record.upload(file, sha256));
        let recorded = recorded
            .filter(|recorded| !(is_all && matches!(recorded, UploadOnRecord::ParseFailed(_))));
        let same = sha256
            .as_ref()
            .and_then(|sha256| self.by_content.get(sha256));
        let (planned, step) = match (recorded, same) {
            (Some(recorded), _) if self.rules.reuses_uploads => {
                let planned = PlannedVideo::of_record(recorded, file);
                let step = planned.step();
                (planned, step)
            }
            (None, Some(same)) if self.rules.reuses_uploads => {
                let step = format!(
                    "same content as {}",
                    text::one_line(&same.to_string_lossy())
                );
                (PlannedVideo::New(same.clone()), step)
            }
            (recorded, _) => {
                self.plan.uploads += 1;
                self.plan.upload_bytes += file.size;
                let mut step = format!("upload {}", text::size(file.size));
                if let Some(UploadOnRecord::Video(video)) = recorded {
                    let _ = write!(step, " again (recorded as video {video})");
                }
                (PlannedVideo::New(file.path.clone()), step)
            }
        };
        self.by_path.insert(file.path.clone(), planned.clone());
        if let Some(sha256) = sha256 {
            self.by_content
                .entry(sha256)
                .or_insert_with(|| file.path.clone());
        }
        Ok((planned, step))
    }

    /// Plans the submit of a video.
    fn task(&mut self, video: &PlannedVideo, kind: TranscriptionType) -> String {
        let recorded = match video {
            PlannedVideo::Known(video) if self.rules.reuses_tasks => self.record.task(video, kind),
            _ => None,
        };
        match recorded {
            Some(TaskOnRecord::Unanswered) => {
                return "stop: a submit that got no answer is recorded".to_owned();
            }
            Some(TaskOnRecord::Task(task)) => {
                self.results += 1;
                return format!("reuse task {task}");
            }
            None => {}
        }
        let is_new = self.tasks.insert((video.clone(), kind));
        if !is_new && self.rules.reuses_tasks {
            return "same task".to_owned();
        }
        self.results += 1;
        match kind {
            TranscriptionType::Audio => self.plan.audio_submits += 1,
            TranscriptionType::Video => self.plan.video_submits += 1,
        }
        match video {
            PlannedVideo::Unanswered(_) => "submit if it is found".to_owned(),
            _ => "submit".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
