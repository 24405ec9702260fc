//! `--dry-run`: prints the plan of a run, made from the record alone; no token is needed.

use std::collections::HashMap;
use std::path::Path;

use crate::config::{Settings, paths};
use crate::engine::plan::{
    Plan, PlanItem, PlanRecord, PlanRules, TaskOnRecord, UploadOnRecord, VideoSource,
};
use crate::engine::rate_limit::{RateLimiter, SharedRateLimiter};
use crate::error::{Error, ExitStatus};
use crate::ids::{TranscriptionType, VideoNo};
use crate::journal::{Reusable, Reuse, UploadStatus, Uploads};
use crate::output::to_stdout;
use crate::video_file::VideoFile;

use super::Context;
use super::run_parts::account_limits;
use super::token_source::RunToken;

/// The reuse of the planned run.
#[derive(Clone, Copy)]
pub(super) struct PlannedReuse {
    pub(super) uploads: bool,
    pub(super) tasks: bool,
}

impl Context {
    /// Prints what a run with these items would do.
    pub(super) fn dry_run(
        &self,
        settings: &Settings,
        items: &[PlanItem],
        reuse: PlannedReuse,
        fetches_results: bool,
    ) -> anyhow::Result<ExitStatus> {
        let rules = PlanRules {
            reuses_uploads: reuse.uploads,
            reuses_tasks: reuse.tasks,
            fetches_results,
            limits: self.counted_limits(settings),
        };
        let journal = self.journal(settings);
        let (tasks, uploads) = (journal.tasks(), journal.uploads());
        let mut record = JournalRecord {
            base_url: journal.base_url(),
            tasks: tasks
                .as_ref()
                .map(|tasks| tasks.reusable(journal.base_url())),
            uploads: uploads.as_ref(),
            sizes: sizes(items),
        };
        let plan = Plan::new(items, &rules, &mut record)?;
        to_stdout(|out| {
            for line in &plan.lines {
                writeln!(out, "{line}")?;
            }
            writeln!(out, "{}", plan.total())
        })?;
        self.reporter.info("nothing was sent");
        Ok(ExitStatus::SUCCESS)
    }
}

impl Context {
    /// Returns the rate limits of the account with what is counted; without a token, nothing is.
    fn counted_limits(&self, settings: &Settings) -> RateLimiter {
        let limits = account_limits(settings);
        let source = self.token_source(settings).ok();
        let source = source.filter(RunToken::knows_account);
        let Some(Ok(account)) = source.map(|source| source.account()) else {
            return RateLimiter::new(limits);
        };
        let state_dir = paths::state_dir(&self.env);
        let base_url = settings.base_url.as_str();
        SharedRateLimiter::peek(state_dir.as_deref(), base_url, &account, limits)
    }
}

/// The journal, as a plan needs it.
struct JournalRecord<'a> {
    base_url: &'a str,
    tasks: Option<Reusable<'a>>,
    uploads: Option<&'a Uploads>,
    /// The number of files of each size: only equal sizes can be equal contents.
    sizes: HashMap<u64, usize>,
}

impl PlanRecord for JournalRecord<'_> {
    fn sha256(&mut self, file: &VideoFile) -> Result<Option<String>, Error> {
        let has_size = |uploads: &Uploads| uploads.has_size(self.base_url, file.size);
        let is_of_use = self.sizes.get(&file.size).is_some_and(|files| *files > 1)
            || self.uploads.is_some_and(has_size);
        is_of_use.then(|| file.sha256(|_| ())).transpose()
    }

    fn upload(&self, file: &VideoFile, sha256: &str) -> Option<UploadOnRecord> {
        let upload = self.uploads?.find(self.base_url, file, sha256)?;
        let on_record = |video: VideoNo| match upload.status {
            UploadStatus::ParseFailed => UploadOnRecord::ParseFailed(video),
            _ => UploadOnRecord::Video(video),
        };
        let video = upload.video_no.clone();
        Some(video.map_or(UploadOnRecord::Unanswered, on_record))
    }

    fn task(&self, video: &VideoNo, transcription_type: TranscriptionType) -> Option<TaskOnRecord> {
        match self.tasks.as_ref()?.get(video, transcription_type) {
            Reuse::Task(task) => Some(TaskOnRecord::Task(task.clone())),
            Reuse::Unknown(_) => Some(TaskOnRecord::Unanswered),
            Reuse::Nothing => None,
        }
    }
}

fn sizes(items: &[PlanItem]) -> HashMap<u64, usize> {
    let paths: HashMap<&Path, u64> = items
        .iter()
        .filter_map(|item| match &item.source {
            VideoSource::File(file) => Some((&*file.path, file.size)),
            VideoSource::Video(_) => None,
        })
        .collect();
    let mut sizes = HashMap::new();
    for size in paths.into_values() {
        *sizes.entry(size).or_default() += 1;
    }
    sizes
}
