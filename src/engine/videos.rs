//! The videos of the account: lists them page by page, and deletes them. These are short runs of one
//! call after the other, so they sleep where they have to wait; a signal ends the program meanwhile.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::command_line::HintCommands;
use super::journal_writer::JournalWriter;
use super::listing::{Listing, MAX_PAGES, unknown_status};
use super::rate_limit::{Endpoint, Pacing, Permit, Reservation, SharedRateLimiter};
use super::retry::{Call, Decision, RetryLimit, RetryPolicy, is_possibly_accepted};
use super::run_parts::RunParts;
use crate::api::{ApiClient, ApiError, FailureClass, MAX_DELETED_VIDEOS, Video, VideoFilter};
use crate::duration;
use crate::error::{Error, ErrorKind, ExitStatus};
use crate::ids::VideoNo;
use crate::text::{agree, count};
use crate::ui::Reporter;

/// The calls about videos of one run.
pub struct VideoCalls {
    api: Arc<ApiClient>,
    limits: SharedRateLimiter,
    journal: JournalWriter,
    reporter: Reporter,
    commands: HintCommands,
    policy: RetryPolicy,
    retries: RetryLimit,
}

/// The videos that a listing selects.
pub struct ListedVideos {
    /// The videos, in the service's order.
    pub videos: Vec<Video>,
    /// `false` if the service announced more videos than it listed.
    pub is_complete: bool,
}

/// The number of videos with each outcome of a deletion.
#[derive(Default)]
struct DeleteCounts {
    deleted: usize,
    already_deleted: usize,
    failed: usize,
    statuses: Vec<ExitStatus>,
}

impl VideoCalls {
    /// Creates the calls of a run that repeats each one at most `retries` times.
    pub fn new(parts: RunParts, retries: u32) -> Result<Self, Error> {
        let (Some(api), Some(limits)) = (parts.api, parts.limits) else {
            return Err(Error::new(ErrorKind::Internal, "there is no client"));
        };
        Ok(Self {
            api,
            limits,
            journal: parts.journal,
            reporter: parts.reporter,
            commands: parts.commands,
            policy: RetryPolicy::new(fastrand::u64(..)),
            retries: RetryLimit::Attempts(retries),
        })
    }

    /// Lists the videos that the filter selects, each once, in the service's order; `is_enough` is given
    /// the videos so far after each page, and ends the listing early.
    pub fn list(
        &mut self,
        filter: &VideoFilter,
        is_enough: impl Fn(&[Video]) -> bool,
    ) -> Result<ListedVideos, Error> {
        let reporter = self.reporter.clone();
        reporter.status("listing videos");
        let mut listing = Listing::default();
        for number in 1..=MAX_PAGES {
            let page = self
                .call(Call::List, |api| api.list_videos(filter, number))
                .map_err(|error| error.error.prefixed("could not list the videos"))?;
            if listing.unknown_status.is_none()
                && let Some(word) = &page.unknown_status
            {
                reporter.warn(&unknown_status(word));
            }
            let pages = page.pages;
            let is_last = listing.add(page, number);
            if is_last || is_enough(&listing.videos) {
                let gaps = if is_last { listing.gaps() } else { Vec::new() };
                for gap in &gaps {
                    reporter.warn(gap);
                }
                listing.videos.retain(|video| filter.accepts(video));
                return Ok(ListedVideos {
                    videos: listing.videos,
                    is_complete: gaps.is_empty(),
                });
            }
            if let Some(pages) = pages {
                reporter.status_quiet(&format!("listing videos (page {number} of {pages})"));
            }
        }
        let message = format!("the listing of videos has more than {MAX_PAGES} pages");
        Err(Error::new(ErrorKind::Api, message).with_hint("narrow it with --since and --until"))
    }

    /// Deletes the videos for good, in groups, and records what was deleted. Reports each failure as it
    /// happens, and the counts at the end.
    pub fn delete(&mut self, videos: &[VideoNo]) -> ExitStatus {
        let reporter = self.reporter.clone();
        reporter.status(&format!("deleting {}", count(videos.len(), "video")));
        let mut counts = DeleteCounts::default();
        for group in videos.chunks(MAX_DELETED_VIDEOS) {
            if self.delete_group(group, &mut counts).is_break() {
                break;
            }
        }
        let DeleteCounts { deleted, .. } = counts;
        let done = deleted + counts.already_deleted + counts.failed;
        let mut parts = vec![format!("deleted {}", count(deleted, "video"))];
        if counts.already_deleted > 0 {
            let were = agree(counts.already_deleted, "was", "were");
            parts.push(format!("{were} already deleted"));
        }
        if counts.failed > 0 {
            parts.push(format!("{} failed", counts.failed));
        }
        if done < videos.len() {
            parts.push(format!("{} not attempted", videos.len() - done));
        }
        reporter.info(&parts.join(", "));
        ExitStatus::combine(counts.statuses)
    }

    /// Deletes a group in one call or, where the service refuses the group because of some of its
    /// members, one by one. Breaks if all further calls would fail too.
    fn delete_group(&mut self, group: &[VideoNo], counts: &mut DeleteCounts) -> ControlFlow<()> {
        let error = match self.call(Call::Delete, |api| api.delete_videos(group)) {
            Ok(()) => {
                self.journal.deleted(group);
                counts.deleted += group.len();
                return ControlFlow::Continue(());
            }
            Err(error) => error,
        };
        let code = error.error.api_code.as_deref();
        let is_refusal = error.class == FailureClass::Permanent;
        match group {
            [_, _, ..] if is_refusal && matches!(code, Some("0409" | "0001" | "0003")) => group
                .iter()
                .try_for_each(|video| self.delete_group(std::slice::from_ref(video), counts)),
            [video] if is_refusal && code == Some("0409") => {
                self.journal.deleted(group);
                counts.already_deleted += 1;
                self.reporter
                    .info(&format!("video {video}: already deleted"));
                ControlFlow::Continue(())
            }
            _ => {
                let ends_all = error.error.is_refused_token();
                let error = delete_error(error, group, &self.commands);
                counts.failed += group.len();
                counts.statuses.push(error.kind.exit());
                self.reporter.error(&error);
                if ends_all {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            }
        }
    }

    /// Makes a call, and repeats it where that is allowed and may help.
    fn call<T>(
        &mut self,
        call: Call,
        send: impl Fn(&ApiClient) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let (limits, reporter) = (&mut self.limits, &self.reporter);
        let attempt = || {
            let permit = match call {
                Call::List => Some(list_permit(limits, reporter).map_err(ApiError::permanent)?),
                _ => None,
            };
            let result = send(&self.api);
            if let Some(permit) = permit {
                return_permit(limits, permit, result.as_ref().err());
            }
            result
        };
        let decide = |error: &ApiError, failures| {
            let decision = self.policy.decide(call, error, self.retries, failures);
            if failures == 1 && decision != Decision::GiveUp {
                reporter.info(&format!("retrying: {}", error.error));
            }
            decision
        };
        repeat(attempt, decide, thread::sleep)
    }
}

/// Makes attempts, and sleeps between them, until one succeeds or the decision about a failed one is to give
/// up. `decide` is given the number of failures so far.
fn repeat<T>(
    mut attempt: impl FnMut() -> Result<T, ApiError>,
    mut decide: impl FnMut(&ApiError, u32) -> Decision,
    mut sleep: impl FnMut(Duration),
) -> Result<T, ApiError> {
    let mut failures = 0;
    loop {
        let error = match attempt() {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if error.renews_token {
            continue;
        }
        failures += 1;
        match decide(&error, failures) {
            Decision::Retry(after) => sleep(after),
            Decision::GiveUp => return Err(error),
        }
    }
}

/// Waits for the rate limit of listings, and counts a call. Fails if the day's budget is spent.
fn list_permit(limits: &mut SharedRateLimiter, reporter: &Reporter) -> Result<Permit, Error> {
    let reservation = limits.reserve(Endpoint::List, Pacing::Immediate);
    if let Some(warning) = limits.take_warning() {
        reporter.warn(&warning);
    }
    wait_for_slot(reservation, |permit| limits.start(permit), thread::sleep)
}

/// Returns the permit once its time has come. Fails if the day's budget is spent.
fn wait_for_slot(
    mut reservation: Reservation,
    mut start: impl FnMut(Permit) -> Reservation,
    mut sleep: impl FnMut(Duration),
) -> Result<Permit, Error> {
    loop {
        reservation = match reservation {
            Reservation::Slot { permit, wait } if wait.is_zero() => return Ok(permit),
            Reservation::Slot { permit, wait } => {
                sleep(wait);
                start(permit)
            }
            Reservation::DaySpent { wait } => {
                let wait = Duration::from_secs(wait.as_secs().max(1));
                let message = "the daily limit of listings is reached";
                let hint = format!("run the command again in {}", duration::format(wait));
                return Err(Error::new(ErrorKind::RateLimit, message).with_hint(hint));
            }
        };
    }
}

/// Hands back the permit of a call that was answered, or failed.
fn return_permit(limits: &mut SharedRateLimiter, permit: Permit, error: Option<&ApiError>) {
    match error.map(|error| error.class) {
        Some(FailureClass::RateLimited { retry_after }) => limits.rate_limited(permit, retry_after),
        Some(FailureClass::NotConnected | FailureClass::NoToken) => limits.cancel(permit),
        _ => limits.complete(permit),
    }
}

/// Returns the error to report for a group that could not be deleted.
fn delete_error(error: ApiError, group: &[VideoNo], commands: &HintCommands) -> Error {
    // Any code but that of success is the service's own answer.
    let is_unknown = is_possibly_accepted(&error)
        && (error.error.api_code.is_none() || error.class != FailureClass::Permanent);
    let (what, they_were) = match group {
        [video] => (format!("video {video}"), "it was"),
        _ => (count(group.len(), "video"), "they were"),
    };
    let says_success = error.says_success;
    let mut error = error.error.prefixed(format!("could not delete {what}"));
    if let [video] = group {
        error = error.with_video(video.as_str());
    }
    if is_unknown {
        if says_success {
            error.kind = ErrorKind::Network;
        }
        let what = format!("; it is not known whether {they_were} deleted");
        error.message.push_str(&what);
        error.hint = Some(format!(
            "`{}` lists what is left; deleting a video again does no harm",
            commands.named("videos")
        ));
    }
    error
}

#[cfg(test)]
mod tests;
